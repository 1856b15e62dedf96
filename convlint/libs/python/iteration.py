"""Builtin functions about iterables: lazy ones give a Stream, whose items come as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.conversion import index
from convlint.libs.python.declare import function
from convlint.libs.python.methods.streams import advance
from convlint.libs.python.sorting import extreme, in_order
from convlint.values import Caller, Instance, NotModelled, Stream, Tensor, Unknown, Value


@function("builtins.len", absorbs=False)
def len_(caller: Caller, obj: Value, /) -> Value:
    return caller.length(obj)


@function("builtins.iter", absorbs=False)
def iter_(caller: Caller, obj: Value, sentinel: Value = MISSING, /) -> Value:
    if sentinel is not MISSING:
        return Stream(_until(caller, obj, sentinel))
    if isinstance(obj, Stream):
        return obj
    if isinstance(obj, Instance) and obj.cls.has("__iter__"):
        return caller.call(caller.getattr(obj, "__iter__"))
    return Stream(caller.iterate(obj))


def _until(caller: Caller, function: Value, sentinel: Value) -> Iterator[Value]:
    while True:
        value = caller.call(function)
        if caller.truth(caller.binary("==", value, sentinel)):
            return
        yield value


@function("builtins.next", absorbs=False)
def next_(caller: Caller, iterator: Value, default: Value = MISSING, /) -> Value:
    if isinstance(iterator, Unknown):
        return caller.unknown(iterator.reason)
    if isinstance(iterator, Stream) and default is not MISSING:
        return next(iterator.items, default)
    if isinstance(iterator, Stream):
        return advance(caller, iterator)
    if isinstance(iterator, Instance) and iterator.cls.has("__next__"):
        if default is not MISSING:
            return next(iter(caller.iterate(iterator)), default)
        return caller.call(caller.getattr(iterator, "__next__"))
    if isinstance(iterator, Instance):
        raise NotModelled("next() of an object that is not known")
    raise caller.error("TypeError", f"'{type(iterator).__name__}' object is not an iterator")


@function("builtins.map", absorbs=False)
def map_(caller: Caller, function: Value, *iterables: Value) -> Value:
    sources = [caller.iterate(iterable) for iterable in iterables]
    return Stream(caller.call(function, args) for args in zip(*sources, strict=False))


@function("builtins.filter", absorbs=False)
def filter_(caller: Caller, function: Value, iterable: Value, /) -> Value:
    items = caller.iterate(iterable)
    if function is None:
        return Stream(item for item in items if caller.truth(item))
    return Stream(item for item in items if caller.truth(caller.call(function, (item,))))


@function("builtins.zip", absorbs=False)
def zip_(caller: Caller, *iterables: Value, strict: Value = False) -> Value:
    sources = [caller.iterate(iterable) for iterable in iterables]
    return Stream(_zipped(caller, sources, caller.truth(strict)))


def _zipped(caller: Caller, sources: list[Iterator[Value]], strict: bool) -> Iterator[Value]:
    while sources:
        row: list[Value] = []
        for i, source in enumerate(sources):
            item = next(source, MISSING)
            if item is MISSING:
                if strict:
                    _check_ends(caller, sources, i)
                return
            row.append(item)
        yield tuple(row)


def _check_ends(caller: Caller, sources: list[Iterator[Value]], ended: int) -> None:
    """The source at `ended` is at its end: with strict=True so must be all others."""
    if ended:
        before = "argument 1" if ended == 1 else f"arguments 1-{ended}"
        raise caller.error("ValueError", f"zip() argument {ended + 1} is shorter than {before}")
    for i, source in enumerate(sources[1:], 1):
        if next(source, MISSING) is not MISSING:
            before = "argument 1" if i == 1 else f"arguments 1-{i}"
            raise caller.error("ValueError", f"zip() argument {i + 1} is longer than {before}")


@function("builtins.enumerate", absorbs=False)
def enumerate_(caller: Caller, iterable: Value, start: Value = 0) -> Value:
    items = caller.iterate(iterable)
    first = index(caller, start)
    return Stream((first + i, item) for i, item in enumerate(items))


@function("builtins.reversed", absorbs=False)
def reversed_(caller: Caller, sequence: Value, /) -> Value:
    if isinstance(sequence, Instance) and sequence.cls.has("__reversed__"):
        return caller.call(caller.getattr(sequence, "__reversed__"))
    box = content(sequence)
    if isinstance(box, range):
        return Stream(reversed(box))
    if isinstance(box, Stream | set | frozenset):
        raise caller.error("TypeError", f"'{type(box).__name__.lower()}' object is not reversible")
    return Stream(reversed(collect(caller, sequence)))


@function("builtins.sorted", absorbs=False)
def sorted_(caller: Caller, iterable: Value, /, *, key: Value = None, reverse: Value = False) -> Value:
    return in_order(caller, collect(caller, iterable), key, reverse)


@function("builtins.sum", absorbs=False)
def sum_(caller: Caller, iterable: Value, /, start: Value = 0) -> Value:
    if isinstance(start, str):
        raise caller.error("TypeError", "sum() can't sum strings [use ''.join(seq) instead]")
    total = start
    for item in caller.iterate(iterable):
        if type(item) is int and type(total) is int:
            total += item
        else:
            total = caller.binary("+", total, item)
    return total


@function("builtins.all", absorbs=False)
def all_(caller: Caller, iterable: Value, /) -> Value:
    return all(caller.truth(item) for item in caller.iterate(iterable))


@function("builtins.any", absorbs=False)
def any_(caller: Caller, iterable: Value, /) -> Value:
    return any(caller.truth(item) for item in caller.iterate(iterable))


def _extreme(
    caller: Caller, name: str, args: tuple[Value, ...], key: Value, default: Value, *, greatest: bool
) -> Value:
    if not args:
        raise caller.error("TypeError", f"{name} expected at least 1 argument, got 0")
    if len(args) == 1 and isinstance(args[0], Tensor):
        return caller.call(caller.getattr(args[0], name))
    items = collect(caller, args[0]) if len(args) == 1 else list(args)
    if not items and default is not MISSING:
        return default
    if not items:
        raise caller.error("ValueError", f"{name}() iterable argument is empty")
    return extreme(caller, items, key, greatest=greatest)


@function("builtins.max", absorbs=False)
def max_(caller: Caller, /, *args: Value, key: Value = None, default: Value = MISSING) -> Value:
    return _extreme(caller, "max", args, key, default, greatest=True)


@function("builtins.min", absorbs=False)
def min_(caller: Caller, /, *args: Value, key: Value = None, default: Value = MISSING) -> Value:
    return _extreme(caller, "min", args, key, default, greatest=False)
