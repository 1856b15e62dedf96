"""The module `enum`: Enum, IntEnum, StrEnum, Flag, IntFlag, auto, unique, and what members can do."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python import operators
from convlint.libs.python.content import held
from convlint.libs.python.declare import constants, function, method, native
from convlint.libs.python.enums import ENUM, FLAG, META, canonical, composed, members_of, mixin_of
from convlint.values import Caller, Class, Instance, NotModelled, Property, Stream, Value

INT_ENUM = registry.klass("enum.IntEnum", "builtins.int", "enum.Enum")
STR_ENUM = registry.klass("enum.StrEnum", "builtins.str", "enum.Enum")
INT_FLAG = registry.klass("enum.IntFlag", "builtins.int", "enum.Flag")
REPR_ENUM = registry.klass("enum.ReprEnum", "enum.Enum")
for _cls in (FLAG, INT_ENUM, STR_ENUM, INT_FLAG, REPR_ENUM):
    _cls.metaclass = META
registry.alias("enum.EnumMeta", "enum.EnumType")
constants(
    "enum", dict.fromkeys(("STRICT", "CONFORM", "EJECT", "KEEP", "UNIQUE", "CONTINUOUS", "NAMED_FLAGS"), 0)
)


def _attribute(name: str) -> Property:
    def get(caller: Caller, receiver: Value, /) -> Value:
        assert isinstance(receiver, Instance)
        return receiver.attrs[f"_{name}_"]

    return Property(native(f"enum.{name}", get, absorbs=False))


ENUM.namespace["name"] = _attribute("name")
ENUM.namespace["value"] = _attribute("value")


def _shown(receiver: Value) -> str:
    assert isinstance(receiver, Instance)
    name, value = held(receiver, "_name_"), held(receiver, "_value_")
    if name is None and isinstance(value, int):
        bits = [m for m in canonical(receiver.cls) if isinstance(m, Instance) and _has(value, m)]
        name = "|".join(str(held(m, "_name_")) for m in bits) or value
    return f"{receiver.cls.name}.{name}" if isinstance(name, str) else f"{receiver.cls.name}({name})"


def _has(value: int, member: Instance) -> bool:
    bits = held(member, "_value_")
    return isinstance(bits, int) and value & bits == bits


@method(ENUM, "__str__")
def _str(caller: Caller, receiver: Value, /) -> Value:
    return _shown(receiver)


@method(ENUM, "__format__")
def _format(caller: Caller, receiver: Value, spec: Value = "", /) -> Value:
    return operators.formatted(caller, caller.text(receiver), "", spec)


@method(ENUM, "__repr__")
def _repr(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    shown = operators.representation(caller, held(receiver, "_value_"))
    return f"<{_shown(receiver)}: {shown}>" if isinstance(shown, str) else shown


def _plain(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return caller.text(receiver.payload)


for _cls in (INT_ENUM, STR_ENUM, INT_FLAG, REPR_ENUM):
    for _name in ("__repr__", "__format__"):
        _cls.namespace[_name] = ENUM.namespace[_name]
    method(_cls, "__str__")(_plain)


def _value(receiver: Value, other: Value) -> tuple[Class, int, int]:
    """Both sides of an operator on flags. Raises NotModelled for bits that are not known."""
    assert isinstance(receiver, Instance)
    mine = held(receiver, "_value_")
    theirs = other.attrs.get("_value_") if isinstance(other, Instance) else other
    if isinstance(mine, int) and isinstance(theirs, int):
        return receiver.cls, mine, theirs
    raise NotModelled("the bits of a flag are not known")


def _mixes(receiver: Value, other: Value) -> bool:
    assert isinstance(receiver, Instance)
    same = isinstance(other, Instance) and other.cls is receiver.cls
    return same or (isinstance(other, int) and mixin_of(receiver.cls) is not None)


def _operator(name: str) -> None:
    def combine(caller: Caller, receiver: Value, other: Value, /) -> Value:
        if not _mixes(receiver, other):
            return NotImplemented
        cls, a, b = _value(receiver, other)
        return composed(cls, {"or": a | b, "and": a & b, "xor": a ^ b}[name])

    method(FLAG, f"__{name}__", f"__r{name}__")(combine)


for _name in ("or", "and", "xor"):
    _operator(_name)


@method(FLAG, "__invert__")
def _invert(caller: Caller, receiver: Value, /) -> Value:
    cls, mine, _ = _value(receiver, 0)
    every = 0
    for member in canonical(cls):
        bits = held(member, "_value_")
        every |= bits if isinstance(bits, int) else 0
    return composed(cls, every & ~mine)


@method(FLAG, "__contains__")
def _contains(caller: Caller, receiver: Value, other: Value, /) -> Value:
    _, mine, theirs = _value(receiver, other)
    return mine & theirs == theirs


@method(FLAG, "__bool__")
def _bool(caller: Caller, receiver: Value, /) -> Value:
    return bool(_value(receiver, 0)[1])


@method(FLAG, "__iter__")
def _iter(caller: Caller, receiver: Value, /) -> Value:
    cls, mine, _ = _value(receiver, 0)
    return Stream(member for member in canonical(cls) if isinstance(member, Instance) and _has(mine, member))


@function("enum.unique", absorbs=False)
def unique(caller: Caller, cls: Value, /) -> Value:
    aliases = [
        f"{name} -> {member.attrs['_name_']}"
        for name, member in members_of(cls).items()
        if isinstance(member, Instance) and held(member, "_name_") != name
    ]
    if aliases and isinstance(cls, Class):
        raise caller.error(
            "ValueError", f"duplicate values found in <enum {cls.name!r}>: {', '.join(aliases)}"
        )
    return cls


def _identity(caller: Caller, value: Value, /) -> Value:
    return value


for _name in ("global_enum", "member", "nonmember"):
    function(f"enum.{_name}", absorbs=False)(_identity)


@function("enum.property", absorbs=False)
def property_(caller: Caller, fget: Value, /) -> Value:
    return Property(fget)


@function("enum.verify", absorbs=False)
def verify(caller: Caller, *constraints: Value) -> Value:
    return native("enum.verify", _identity, absorbs=False)
