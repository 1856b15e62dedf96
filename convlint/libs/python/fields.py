"""Fields of dataclasses: collected from annotations, bound by constructors, compared and shown in order."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from convlint.libs import registry
from convlint.libs.arity import shortage, surplus
from convlint.libs.protocol import MISSING
from convlint.libs.python import operators
from convlint.libs.python.declare import Body, native
from convlint.libs.python.objects import OBJECT
from convlint.values import Caller, Class, Instance, Native, Unknown, Value

KEY = "__dataclass_fields__"
FIELD = registry.klass("dataclasses._Field", "builtins.object")
_FROZEN = registry.klass("dataclasses.FrozenInstanceError", "builtins.AttributeError")
_CLASS_VAR = re.compile(r"\b(?:typing\.|t\.)?ClassVar\b")
_INIT_VAR = re.compile(r"^(?:\w+\.)?InitVar\b")
_KEYWORDS = re.compile(r"^(?:\w+\.)?KW_ONLY$")


class Options(Struct, frozen=True):
    """What a dataclass decorator was given."""

    init: bool = True
    repr: bool = True
    eq: bool = True
    order: bool = False
    unsafe_hash: bool = False
    frozen: bool = False
    match_args: bool = True
    kw_only: bool = False


class Spec(Struct, frozen=True):
    """One field; `init_only` for InitVar, whose value goes to `__post_init__` alone."""

    name: str
    default: Value
    factory: Value
    init: bool
    repr: bool
    compare: bool
    keyword_only: bool
    init_only: bool

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is MISSING and self.factory is MISSING


def options_of(caller: Caller, given: dict[str, Value]) -> Options:
    """The decorator's options; slots and weakref_slot change nothing here."""
    names = set(Options.__struct_fields__)
    extra = [name for name in given if name not in names and name not in ("slots", "weakref_slot")]
    if extra:
        raise caller.error("TypeError", f"dataclass() got an unexpected keyword argument '{extra[0]}'")
    return Options(**{name: caller.truth(value) for name, value in given.items() if name in names})


def make_field(
    *,
    default: Value,
    factory: Value,
    init: bool = True,
    repr: bool = True,
    compare: bool = True,
    keyword_only: bool | None = None,
    metadata: Value = None,
) -> Instance:
    """What `field(...)` gives."""
    made = Instance(FIELD)
    made.attrs.update(
        default=_shown(default),
        default_factory=_shown(factory),
        init=init,
        repr=repr,
        compare=compare,
        kw_only=bool(keyword_only),
        metadata=metadata,
        name=None,
    )
    made.attrs["_spec"] = Spec("", default, factory, init, repr, compare, bool(keyword_only), False)
    made.attrs["_own_kw_only"] = keyword_only
    return made


def _shown(value: Value) -> Value:
    return registry.lookup("dataclasses.MISSING") if value is MISSING else value


def spec_of(made: Value) -> Spec:
    """The field behind a `Field` object."""
    spec = made.attrs["_spec"] if isinstance(made, Instance) else None
    assert isinstance(spec, Spec)
    return spec


def fields_of(cls: Class) -> dict[str, Value]:
    """The fields of a dataclass by name, inherited ones included; empty for another class."""
    found = cls.find(KEY)
    return found if isinstance(found, dict) else {}


def process(caller: Caller, cls: Value, options: Options) -> Value:
    """Make the class a dataclass."""
    if not isinstance(cls, Class):
        return cls
    fields: dict[str, Value] = {}
    for base in reversed(cls.mro[1:]):
        own = base.namespace.get(KEY)
        if isinstance(own, dict):
            fields.update(own)
    for name, note, keyword_only in _annotated(cls, options.kw_only):
        fields[name] = _collect(caller, cls, name, note, keyword_only)
    cls.namespace[KEY] = fields
    specs = [spec_of(made) for made in fields.values()]
    if options.init:
        _check_order(caller, specs)
    for method, body in _methods(cls, specs, options):
        if method not in cls.namespace:
            made = native(f"{cls.qualname}.{method}", body, absorbs=False, owner=cls)
            made.attrs["frozen"] = options.frozen
            cls.namespace[method] = made
    if options.match_args:
        positional = tuple(s.name for s in specs if s.init and not s.keyword_only)
        cls.namespace.setdefault("__match_args__", positional)
    return cls


def _annotated(cls: Class, keyword_only: bool) -> list[tuple[str, str, bool]]:
    """The class's own annotations: name, text, and whether keyword-only from there on."""
    notes = cls.namespace.get("__annotations__")
    found: list[tuple[str, str, bool]] = []
    for name, note in notes.items() if isinstance(notes, dict) else ():
        text = note.strip("\"'") if isinstance(note, str) else getattr(note, "qualname", "")
        if _KEYWORDS.match(text):
            keyword_only = True
        elif not _CLASS_VAR.search(text):
            found.append((str(name), text, keyword_only))
    return found


def _collect(caller: Caller, cls: Class, name: str, note: str, keyword_only: bool) -> Instance:
    given = cls.find(name) if cls.has(name) else MISSING
    if isinstance(given, list | dict | set):
        words = f"mutable default <class '{type(given).__name__}'> for field {name} is not allowed"
        raise caller.error("ValueError", f"{words}: use default_factory")
    explicit = isinstance(given, Instance) and given.cls is FIELD
    made = given if explicit and isinstance(given, Instance) else make_field(default=given, factory=MISSING)
    spec = spec_of(made)
    if explicit and spec.default is MISSING:
        cls.namespace.pop(name, None)
    elif explicit:
        cls.namespace[name] = spec.default
    own = made.attrs["_own_kw_only"]
    only = keyword_only if own is None else bool(own)
    made.attrs["_spec"] = Spec(
        name,
        spec.default,
        spec.factory,
        spec.init,
        spec.repr,
        spec.compare,
        only,
        bool(_INIT_VAR.match(note)),
    )
    made.attrs.update(name=name, type=note, kw_only=only)
    return made


def _check_order(caller: Caller, specs: list[Spec]) -> None:
    defaulted = False
    for spec in specs:
        if spec.init and not spec.keyword_only:
            if spec.required and defaulted:
                words = f"non-default argument '{spec.name}' follows default argument"
                raise caller.error("TypeError", words)
            defaulted = defaulted or not spec.required


def _methods(cls: Class, specs: list[Spec], options: Options) -> list[tuple[str, Body]]:
    kept = [s for s in specs if not s.init_only]
    compared = [s.name for s in kept if s.compare]
    methods: list[tuple[str, Body]] = []
    if options.init:
        methods.append(("__init__", _constructor(cls, specs)))
    if options.repr:
        methods.append(("__repr__", _repr([s.name for s in kept if s.repr])))
    if options.eq:
        methods.append(("__eq__", _comparison(cls, compared, "==")))
    if options.order:
        order = (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">="))
        methods += [(name, _comparison(cls, compared, symbol)) for name, symbol in order]
    if options.frozen:
        methods += [("__setattr__", _refuse("assign to")), ("__delattr__", _refuse("delete"))]
    if (options.eq and options.frozen) or options.unsafe_hash:
        methods.append(("__hash__", _hash(compared)))
    return methods


def _constructor(cls: Class, specs: list[Spec]) -> Body:
    positional = [s.name for s in specs if s.init and not s.keyword_only]
    by_name = {s.name: s for s in specs if s.init}

    def init(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
        if cls.unknown_base is not None:
            caller.taint(receiver, cls.unknown_base)
            return None
        values = _bound(caller, cls.name, positional, by_name, args, kwargs)
        put = _setter(caller, receiver)
        extras: list[Value] = []
        for spec in specs:
            value = values.get(spec.name, MISSING)
            if value is MISSING and spec.factory is not MISSING:
                value = caller.call(spec.factory)
            elif value is MISSING:
                value = spec.default
            if spec.init_only:
                extras.append(value)
            elif value is not MISSING and (spec.init or spec.factory is not MISSING):
                put(spec.name, value)
        after = receiver.cls.find("__post_init__") if isinstance(receiver, Instance) else None
        if after is not None:
            caller.call(after, (receiver, *extras))
        return None

    return init


def _setter(caller: Caller, receiver: Value) -> Callable[[str, Value], object]:
    """Plain assignment; a frozen class's own refusal is passed over, by object.__setattr__ as in Python."""
    custom = receiver.cls.find("__setattr__") if isinstance(receiver, Instance) else None
    if isinstance(custom, Native) and custom.attrs.get("frozen") is True:
        return lambda name, value: caller.call(OBJECT["__setattr__"], (receiver, name, value))
    return lambda name, value: caller.setattr(receiver, name, value)


def _bound(
    caller: Caller,
    name: str,
    positional: list[str],
    by_name: dict[str, Spec],
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
) -> dict[str, Value]:
    if len(args) > len(positional):
        least = 1 + sum(by_name[field].required for field in positional)
        words = surplus(least, len(positional) + 1, len(args) + 1)
        raise caller.error("TypeError", f"{name}.__init__() {words}")
    values = dict(zip(positional, args, strict=False))
    for key, value in kwargs.items():
        if key in values:
            raise caller.error("TypeError", f"{name}.__init__() got multiple values for argument '{key}'")
        if key not in by_name:
            raise caller.error("TypeError", f"{name}.__init__() got an unexpected keyword argument '{key}'")
        values[key] = value
    missing = [s.name for s in by_name.values() if s.required and s.name not in values]
    if missing:
        only = [field for field in missing if by_name[field].keyword_only]
        words = (
            shortage(only, "keyword-only")
            if only == missing
            else shortage([f for f in missing if f not in only])
        )
        raise caller.error("TypeError", f"{name}.__init__() {words}")
    return values


def _repr(names: list[str]) -> Body:
    def show(caller: Caller, receiver: Value, /) -> Value:
        assert isinstance(receiver, Instance)
        parts = []
        for name in names:
            shown = operators.representation(caller, caller.getattr(receiver, name))
            if isinstance(shown, Unknown):
                return shown
            parts.append(f"{name}={shown}")
        return f"{receiver.cls.name}({', '.join(parts)})"

    return show


def _comparison(cls: Class, names: list[str], symbol: str) -> Body:
    def compare(caller: Caller, receiver: Value, other: Value, /) -> Value:
        if not (isinstance(other, Instance) and isinstance(receiver, Instance) and other.cls is receiver.cls):
            return NotImplemented
        mine = tuple(caller.getattr(receiver, name) for name in names)
        return caller.binary(symbol, mine, tuple(caller.getattr(other, name) for name in names))

    return compare


def _refuse(what: str) -> Body:
    def refuse(caller: Caller, receiver: Value, name: Value, *value: Value) -> Value:
        raised = caller.error("AttributeError", f"cannot {what} field {name!r}")
        raised.value.cls = _FROZEN
        raise raised

    return refuse


def _hash(names: list[str]) -> Body:
    def hash_(caller: Caller, receiver: Value, /) -> Value:
        values = tuple(caller.getattr(receiver, name) for name in names)
        return caller.call(registry.lookup("builtins.hash"), (values,))

    return hash_
