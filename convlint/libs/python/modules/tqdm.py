"""The package `tqdm`: a progress bar iterates over what it is given."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.content import held
from convlint.libs.python.declare import function, method
from convlint.values import Caller, Instance, Stream, Value

BAR = registry.klass("tqdm.tqdm", "builtins.object")
for _name in (
    "tqdm.auto.tqdm",
    "tqdm.notebook.tqdm",
    "tqdm.std.tqdm",
    "tqdm.asyncio.tqdm",
    "tqdm.tqdm_notebook",
):
    registry.alias(_name, "tqdm.tqdm")
for _name in ("tqdm.auto.trange", "tqdm.notebook.trange"):
    registry.alias(_name, "tqdm.trange")


@method(BAR, "__init__")
def _init(
    caller: Caller, receiver: Value, iterable: Value = None, /, *args: Value, **options: Value
) -> Value:
    assert isinstance(receiver, Instance)
    receiver.attrs["iterable"] = options.get("iterable", iterable)
    return None


@method(BAR, "__iter__")
def _iter(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return Stream(caller.iterate(held(receiver, "iterable")))


@method(BAR, "__len__")
def _len(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return caller.length(held(receiver, "iterable"))


@method(BAR, "__enter__")
def _enter(caller: Caller, receiver: Value, /) -> Value:
    return receiver


@method(BAR, "__getattr__")
def _other(caller: Caller, receiver: Value, name: Value, /) -> Value:
    return caller.unknown("what a progress bar shows is not known")


def _nothing(caller: Caller, receiver: Value, /, *args: Value, **options: Value) -> Value:
    return None


for _name in [
    "__exit__",
    "update",
    "close",
    "refresh",
    "set_description",
    "set_description_str",
    "set_postfix",
    "set_postfix_str",
    "reset",
    "clear",
    "unpause",
]:
    method(BAR, _name)(_nothing)


@function("tqdm.trange", absorbs=False)
def trange(caller: Caller, /, *bounds: Value, **options: Value) -> Value:
    return caller.call(BAR, (caller.call(registry.lookup("builtins.range"), bounds),))
