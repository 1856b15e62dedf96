"""Methods of iterators and generators."""

from __future__ import annotations

from collections.abc import Generator
from types import NoneType

from convlint.libs.python.methods.table import METHODS, special
from convlint.values import Caller, NotModelled, Stream, Value

METHODS.setdefault(NoneType, {})


def advance(caller: Caller, stream: Stream) -> Value:
    """The next item. Raises the program's StopIteration."""
    try:
        return next(stream.items)
    except StopIteration:
        raised = caller.error("StopIteration", "")
        raised.value.attrs["args"] = ()
        raise raised from None
    except ValueError as error:  # "generator already executing"
        raise caller.error("ValueError", str(error)) from None


@special(Stream, names="__next__")
def next_(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Stream)
    return advance(caller, receiver)


@special(Stream, names="__iter__")
def iter_(caller: Caller, receiver: Value, /) -> Value:
    return receiver


@special(Stream)
def send(caller: Caller, receiver: Value, value: Value, /) -> Value:
    if value is None and isinstance(receiver, Stream):
        return advance(caller, receiver)
    raise NotModelled("a value sent into a generator is not modelled")


@special(Stream)
def close(caller: Caller, receiver: Value, /) -> Value:
    if isinstance(receiver, Stream) and isinstance(receiver.items, Generator):
        receiver.items.close()
    return None
