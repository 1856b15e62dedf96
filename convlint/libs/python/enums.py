"""Enumerations: what happens when the body of an enum class ends, and how the class itself behaves.

The members are instances made once; those of a mixin (int, str) hold the mixed-in value as their payload.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect
from convlint.libs.python.content import held
from convlint.libs.python.declare import method
from convlint.libs.python.keys import key_error
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    ClassMethod,
    Function,
    Instance,
    Native,
    NotModelled,
    Property,
    StaticMethod,
    Stream,
    Super,
    Unknown,
    Value,
)

META = registry.klass("enum.EnumType", "builtins.type")
ENUM = registry.klass("enum.Enum", "builtins.object")
ENUM.metaclass = META
FLAG = registry.klass("enum.Flag", "enum.Enum")
AUTO = registry.klass("enum.auto", "builtins.object")
MEMBERS = "_member_map_"
_NO_MEMBER = (Function, Native, Property, StaticMethod, ClassMethod, BoundMethod, Class, Super)


def finish_class(caller: Caller, cls: Class) -> Value:
    """Turn the values in the body of an enum class into its members."""
    cls.metaclass = cls.metaclass or META
    members: dict[str, Value] = {}
    if cls.unknown_base is not None:
        return None
    body = {name: value for name, value in cls.namespace.items() if _is_member(cls, name, value)}
    cls.namespace[MEMBERS] = members
    for name in ("__repr__", "__str__", "__format__"):
        owner = next((c for c in cls.mro if name in c.namespace), None)
        if owner is not None and owner.host is not None:  # a mixin's texts give way to those of Enum
            cls.namespace[name] = ENUM.namespace[name]
    values: list[Value] = []
    for name, given in body.items():
        value = _resolved(caller, cls, name, given, values)
        if isinstance(value, tuple):
            value = tuple(_resolved(caller, cls, name, each, values) for each in value)
        member = _make(caller, cls, name, value, values)
        members[name] = cls.namespace[name] = member
    return None


def _resolved(caller: Caller, cls: Class, name: str, value: Value, values: list[Value]) -> Value:
    """The value of an `auto()`, the same wherever it stands, or of an operation on some; others as is."""
    if not (isinstance(value, Instance) and value.cls is AUTO):
        return value
    if "value" not in value.attrs:
        parts = value.attrs.get("parts")
        if isinstance(parts, tuple):
            left, right = (_resolved(caller, cls, name, part, values) for part in parts[1:])
            value.attrs["value"] = caller.binary(str(parts[0]), left, right)
        else:
            value.attrs["value"] = _automatic(caller, cls, name, values)
    return value.attrs["value"]


def _delayed(name: str, symbol: str) -> None:
    """`R | W` in the body of a flag, where both are still `auto()`."""

    @method(AUTO, name)
    def combine(caller: Caller, receiver: Value, other: Value, /) -> Value:
        made = Instance(AUTO)
        made.attrs["parts"] = (symbol, receiver, other)
        return made


for _name, _symbol in (("__or__", "|"), ("__and__", "&"), ("__xor__", "^"), ("__ror__", "|")):
    _delayed(_name, _symbol)


def _is_member(cls: Class, name: str, value: Value) -> bool:
    if name.startswith("_") and name.endswith("_"):
        return False
    if name.startswith(f"_{cls.name.lstrip('_')}__"):
        return False
    ignored = cls.namespace.get("_ignore_", ())
    words = ignored.replace(",", " ").split() if isinstance(ignored, str) else ignored
    if isinstance(words, list | tuple) and name in words:
        return False
    descriptor = isinstance(value, Instance) and any(value.cls.has(n) for n in ("__get__", "__set__"))
    return not isinstance(value, _NO_MEMBER) and not descriptor


def _automatic(caller: Caller, cls: Class, name: str, values: list[Value]) -> Value:
    """The value of `auto()`: `_generate_next_value_`, else one more than the greatest, a bit for a flag."""
    rule = cls.find("_generate_next_value_")
    if rule is not None:
        inner = rule.function if isinstance(rule, StaticMethod) else rule
        return caller.call(inner, (name, 1, len(values), list(values)))
    if cls.derives("enum.StrEnum"):
        return name.lower()
    numbers = [value for value in values if isinstance(value, int)]
    if cls.derives("enum.Flag"):
        return 1 << max((value.bit_length() for value in numbers), default=0)
    return max(numbers, default=0) + 1


def mixin_of(cls: Class) -> Class | None:
    """The class of host data that members also are (int, str …); None without one."""
    return next((c for c in cls.mro if c.host is not None and c.qualname != "builtins.object"), None)


def _make(caller: Caller, cls: Class, name: str, value: Value, values: list[Value]) -> Instance:
    """The member for a value; a value seen before gives the first member under a second name."""
    args = value if isinstance(value, tuple) else (value,)
    member, stored = _new(caller, cls, value, args)
    for other in members_of(cls).values():
        if isinstance(other, Instance) and caller.binary("==", held(other, "_value_"), stored) is True:
            return other
    member.attrs.update(_name_=name, _value_=stored)
    values.append(stored)
    init = cls.find("__init__")
    if isinstance(init, Function):
        caller.call(init, (member, *args))
    return member


def _new(caller: Caller, cls: Class, value: Value, args: tuple[Value, ...]) -> tuple[Instance, Value]:
    own = cls.find("__new__")
    own = own.function if isinstance(own, StaticMethod) else own
    if isinstance(own, Function):
        made = caller.call(own, (cls, *args))
        if not isinstance(made, Instance):
            raise NotModelled("a member made by __new__ is not known")
        return made, made.attrs.get("_value_", value if made.payload is None else made.payload)
    mixin = mixin_of(cls)
    if mixin is None:
        return Instance(cls, caller.site), value
    payload = caller.call(mixin, args)
    return Instance(cls, caller.site, payload), payload


def members_of(cls: Value) -> dict[str, Value]:
    """Members by name, aliases included."""
    found = cls.find(MEMBERS) if isinstance(cls, Class) else None
    if not isinstance(found, dict):
        raise NotModelled("the members of an enumeration are not known")
    return found


def canonical(cls: Value) -> list[Value]:
    """Members in the order of definition, without aliases; of a flag, single bits only."""
    found: list[Value] = []
    flags = isinstance(cls, Class) and cls.derives("enum.Flag")
    for member in members_of(cls).values():
        value = held(member, "_value_") if isinstance(member, Instance) else 0
        if flags and isinstance(value, int) and (value <= 0 or value & (value - 1)):
            continue
        if all(member is not other for other in found):
            found.append(member)
    return found


def by_value(caller: Caller, cls: Value, value: Value) -> Value:
    """The member with that value; `MISSING` where there is none. Raises NotModelled in doubt."""
    if isinstance(value, Instance) and value.cls is cls:
        return value
    for member in canonical(cls) + list(members_of(cls).values()):
        assert isinstance(member, Instance)
        same = caller.binary("==", held(member, "_value_"), value)
        if isinstance(same, Unknown):
            raise NotModelled(same.reason)
        if caller.truth(same):
            return member
    return MISSING


@method(META, "__call__")
def _call(caller: Caller, cls: Value, value: Value, names: Value = MISSING, /, **options: Value) -> Value:
    """`Color(1)` finds a member; `Enum("Color", "RED GREEN")` makes a class."""
    assert isinstance(cls, Class)
    if names is not MISSING or "names" in options:
        return _functional(caller, cls, value, options.get("names", names))
    if cls.unknown_base is not None:
        return cls.unknown_base.derive((cls.qualname, id(value)))
    if isinstance(value, Unknown):
        return value.derive((cls.qualname, "member"))
    found = by_value(caller, cls, value)
    if found is not MISSING:
        return found
    fallback = cls.find("_missing_")
    if isinstance(fallback, ClassMethod):
        made = caller.call(fallback.function, (cls, value))
        if made is not None:
            return made
    if cls.derives("enum.Flag") and isinstance(value, int):
        return composed(cls, value)
    shown = caller.text(value)
    raise caller.error("ValueError", f"{shown if isinstance(shown, str) else '…'} is not a valid {cls.name}")


def composed(cls: Class, value: int) -> Instance:
    """The member of a flag with these bits, made where no name has them."""
    for member in members_of(cls).values():
        if isinstance(member, Instance) and held(member, "_value_") == value:
            return member
    pseudo = cls.namespace.setdefault("_pseudo_members_", {})
    assert isinstance(pseudo, dict)
    if value not in pseudo:
        made = pseudo[value] = Instance(cls, payload=value if mixin_of(cls) is not None else None)
        made.attrs.update(_name_=None, _value_=value)
    found = pseudo[value]
    assert isinstance(found, Instance)
    return found


def _functional(caller: Caller, base: Class, name: Value, names: Value) -> Value:
    if isinstance(names, str):
        given: list[Value] = list(names.replace(",", " ").split())
    elif isinstance(names, dict):
        given = list(names.items())
    else:
        given = collect(caller, names)
    body: dict[str, Value] = {}
    for item in given:
        pair = [item, Instance(AUTO)] if isinstance(item, str) else collect(caller, item)
        if len(pair) != 2:
            raise caller.error("ValueError", f"a member is a name and a value, not {len(pair)} things")
        key, value = pair
        body[str(key)] = value
    cls = Class(str(name), (base,), body, metaclass=META)
    finish_class(caller, cls)
    return cls


@method(META, "__getitem__")
def _getitem(caller: Caller, cls: Value, name: Value, /) -> Value:
    if isinstance(name, Unknown):
        return name.derive(("member of", id(cls)))
    members = members_of(cls)
    if isinstance(name, str) and name in members:
        return members[name]
    raise key_error(caller, name)


@method(META, "__iter__")
def _iter(caller: Caller, cls: Value, /) -> Value:
    return Stream(canonical(cls))


@method(META, "__reversed__")
def _reversed(caller: Caller, cls: Value, /) -> Value:
    return Stream(reversed(canonical(cls)))


@method(META, "__len__")
def _len(caller: Caller, cls: Value, /) -> Value:
    return len(canonical(cls))


@method(META, "__bool__")
def _bool(caller: Caller, cls: Value, /) -> Value:
    return True


@method(META, "__contains__")
def _contains(caller: Caller, cls: Value, item: Value, /) -> Value:
    return by_value(caller, cls, item) is not MISSING


def _members(caller: Caller, cls: Value, /) -> Value:
    return dict(members_of(cls))


META.namespace["__members__"] = Property(
    Native("__members__", lambda caller, args, _: _members(caller, *args))
)
registry.class_hooks["enum.Enum"] = finish_class
