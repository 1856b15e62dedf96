"""`distutils.version`, by which older programs compare versions (setuptools has it where Python has not).

Law: a `LooseVersion` is the list of its runs of digits, as numbers, and of what lies between them but dots.
"""

from __future__ import annotations

import re

from convlint.libs import registry
from convlint.libs.python.comparison import HOST
from convlint.libs.python.content import content, held
from convlint.libs.python.declare import method
from convlint.values import Caller, Instance, NotModelled, Unknown, Value

_BASE = registry.klass("distutils.version.Version", "builtins.object")
LOOSE = registry.klass("distutils.version.LooseVersion", "distutils.version.Version")
STRICT = registry.klass("distutils.version.StrictVersion", "distutils.version.Version")
_STRICT = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?", re.ASCII)
_LONGEST = 100


def loose_parts(text: str) -> list[int | str]:
    """`[1, 8, 0, '+', 'cpu']` of "1.8.0+cpu", as `LooseVersion.parse` splits it."""
    parts = [part for part in re.split(r"(\d+|[a-z]+|\.)", text) if part and part != "."]
    return [int(part) if part.isdecimal() else part for part in parts]


def strict_parts(text: str) -> list[Value] | None:
    """Three numbers, and what makes a version without a pre-release the later one; None for another form."""
    found = _STRICT.fullmatch(text)
    if found is None:
        return None
    numbers = [int(part or 0) for part in found.groups()[:3]]
    pre = ("c", 0) if found[4] is None else (found[4], int(found[5]))
    return [tuple(numbers), pre]


@method(LOOSE, "__init__")
@method(STRICT, "__init__")
def _init(caller: Caller, receiver: Value, vstring: Value = None, /) -> Value:
    assert isinstance(receiver, Instance)
    text = content(vstring)
    if isinstance(text, Unknown):
        caller.taint(receiver, text)
    elif text is not None:
        _parse(caller, receiver, text)
    return None


@method(LOOSE, "parse")
@method(STRICT, "parse")
def _parse(caller: Caller, receiver: Value, vstring: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    text = content(vstring)
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise NotModelled("this version is not modelled")
    strict = STRICT in receiver.cls.mro
    parts: list[Value] | None = strict_parts(text) if strict else [*loose_parts(text)]
    if parts is None:
        raise caller.error("ValueError", f"invalid version number '{text}'")
    receiver.attrs["vstring"] = text
    receiver.attrs["_parts" if strict else "version"] = parts
    return None


def _parts(value: Value) -> list[Value]:
    found = None
    if isinstance(value, Instance):
        found = value.attrs.get("_parts" if STRICT in value.cls.mro else "version")
    if not isinstance(found, list):
        raise NotModelled("this version is not modelled")
    return found


def _comparison(name: str, symbol: str) -> None:
    @method(_BASE, name, absorbs=True)
    def compare(caller: Caller, receiver: Value, other: Value, /) -> Value:
        assert isinstance(receiver, Instance)
        if isinstance(other, str):
            other = caller.call(receiver.cls, (other,))
        if not (isinstance(other, Instance) and _BASE in other.cls.mro):
            return NotImplemented
        left, right = _parts(receiver), _parts(other)
        try:
            return bool(HOST[symbol](left, right))
        except TypeError as error:
            raise caller.error("TypeError", str(error)) from None


for _name, _symbol in (("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    _comparison(f"__{_name}__", _symbol)


@method(_BASE, "__str__")
def _str(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return held(receiver, "vstring")
