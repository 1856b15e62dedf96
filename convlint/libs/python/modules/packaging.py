"""The package `packaging`: versions that stand in the source are compared by their release numbers."""

from __future__ import annotations

import re

from convlint.libs import registry
from convlint.libs.python.comparison import HOST
from convlint.libs.python.content import content, held
from convlint.libs.python.declare import function, method, native
from convlint.values import Caller, Instance, NotModelled, Property, Unknown, Value

VERSION = registry.klass("packaging.version.Version", "builtins.object")
registry.klass("packaging.version.InvalidVersion", "builtins.ValueError")
_RELEASE = re.compile(r"\s*v?(\d+(?:\.\d+)*)(\+[a-z0-9.]+)?\s*", re.IGNORECASE)


@method(VERSION, "__init__")
def _init(caller: Caller, receiver: Value, version: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    text = content(version)
    if isinstance(text, Unknown):
        caller.taint(receiver, text)
    elif not isinstance(text, str) or len(text) > 100 or not text[:1].isalnum():
        raise caller.error("ValueError", f"Invalid version: {text!r}")
    else:
        receiver.attrs["_text"] = text
    return None


def _release(value: Value) -> tuple[int, ...]:
    """The release numbers, trailing zeros left out. Raises NotModelled for pre- and post-releases."""
    text = value.attrs.get("_text") if isinstance(value, Instance) else None
    found = _RELEASE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise NotModelled("this version is not modelled")
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _comparison(name: str, symbol: str) -> None:
    @method(VERSION, name, absorbs=True)
    def compare(caller: Caller, receiver: Value, other: Value, /) -> Value:
        if not (isinstance(other, Instance) and VERSION in other.cls.mro):
            return NotImplemented
        return bool(HOST[symbol](_release(receiver), _release(other)))


for _name, _symbol in (("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    _comparison(f"__{_name}__", _symbol)


@method(VERSION, "__str__")
def _str(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return held(receiver, "_text")


def _part(name: str, place: int) -> None:
    def get(caller: Caller, receiver: Value, /) -> Value:
        return (*_release(receiver), 0, 0, 0)[place]

    VERSION.namespace[name] = Property(native(f"packaging.version.Version.{name}", get, absorbs=False))


for _place, _name in enumerate(("major", "minor", "micro")):
    _part(_name, _place)


@function("packaging.version.parse")
def parse(caller: Caller, version: Value, /) -> Value:
    return caller.call(VERSION, (version,))
