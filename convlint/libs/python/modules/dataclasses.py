"""The module `dataclasses`: constructors, comparisons and texts made of a class's annotations.

Annotations are source text here. ClassVar makes no field, InitVar one that only `__post_init__` sees.
"""

from __future__ import annotations

from collections.abc import Iterator

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python import fields as laws
from convlint.libs.python.containers import collect
from convlint.libs.python.declare import constants, function, native
from convlint.libs.python.fields import FIELD, fields_of, options_of, process
from convlint.libs.python.modules.copy import deepcopy
from convlint.values import Caller, Class, Instance, NotModelled, Value

NOTHING = Instance(registry.klass("dataclasses._MISSING_TYPE", "builtins.object"))
KW_ONLY = Instance(registry.klass("dataclasses._KW_ONLY_TYPE", "builtins.object"))
constants("dataclasses", {"MISSING": NOTHING, "KW_ONLY": KW_ONLY, "Field": FIELD})
registry.klass("dataclasses.InitVar", "builtins.object")


@function("dataclasses.dataclass", absorbs=False)
def dataclass(caller: Caller, cls: Value = None, /, **options: Value) -> Value:
    given = options_of(caller, options)
    if cls is not None:
        return process(caller, cls, given)
    return native("dataclasses.dataclass", lambda caller, cls, /: process(caller, cls, given), absorbs=False)


@function("dataclasses.field", absorbs=False)
def field(
    caller: Caller,
    *,
    default: Value = MISSING,
    default_factory: Value = MISSING,
    init: Value = True,
    repr: Value = True,
    hash: Value = None,
    compare: Value = True,
    metadata: Value = None,
    kw_only: Value = None,
) -> Value:
    default = MISSING if default is NOTHING else default
    default_factory = MISSING if default_factory is NOTHING else default_factory
    if default is not MISSING and default_factory is not MISSING:
        raise caller.error("ValueError", "cannot specify both default and default_factory")
    return laws.make_field(
        default=default,
        factory=default_factory,
        init=caller.truth(init),
        repr=caller.truth(repr),
        compare=caller.truth(compare),
        keyword_only=None if kw_only is None else caller.truth(kw_only),
        metadata={} if metadata is None else metadata,
    )


def _class_of(obj: Value) -> Class | None:
    return obj if isinstance(obj, Class) else obj.cls if isinstance(obj, Instance) else None


def _required(caller: Caller, obj: Value, name: str) -> Instance:
    cls = _class_of(obj)
    if isinstance(obj, Instance) and cls is not None and cls.unknown_base is not None:
        raise NotModelled(cls.unknown_base.reason)
    if not isinstance(obj, Instance) or cls is None or not cls.has(laws.KEY):
        raise caller.error("TypeError", f"{name}() should be called on dataclass instances")
    return obj


@function("dataclasses.is_dataclass")
def is_dataclass(caller: Caller, obj: Value, /) -> Value:
    cls = _class_of(obj)
    if cls is None:
        return False
    return cls.has(laws.KEY) or (cls.unknown_base or False)


@function("dataclasses.fields")
def fields(caller: Caller, class_or_instance: Value, /) -> Value:
    cls = _class_of(class_or_instance)
    if cls is None or not cls.has(laws.KEY):
        raise caller.error("TypeError", "must be called with a dataclass type or instance")
    return tuple(spec for spec in fields_of(cls).values() if not laws.spec_of(spec).init_only)


def _names(obj: Instance) -> Iterator[str]:
    return (name for name, spec in fields_of(obj.cls).items() if not laws.spec_of(spec).init_only)


@function("dataclasses.replace")
def replace(caller: Caller, obj: Value, /, **changes: Value) -> Value:
    instance = _required(caller, obj, "replace")
    for name, made in fields_of(instance.cls).items():
        spec = laws.spec_of(made)
        if not spec.init:
            if name in changes:
                words = f"field {name} is declared with init=False, it cannot be specified with replace()"
                raise caller.error("ValueError", words)
        elif name not in changes and not spec.init_only:
            changes[name] = caller.getattr(instance, name)
    return caller.call(instance.cls, (), changes)


@function("dataclasses.asdict")
def asdict(caller: Caller, obj: Value, /, *, dict_factory: Value = None) -> Value:
    instance = _required(caller, obj, "asdict")
    pairs = [
        (name, _opened(caller, caller.getattr(instance, name), dict_factory)) for name in _names(instance)
    ]
    return dict(pairs) if dict_factory is None else caller.call(dict_factory, (pairs,))


def _opened(caller: Caller, value: Value, factory: Value) -> Value:
    if isinstance(value, Instance) and value.cls.has(laws.KEY):
        return asdict(caller, value, dict_factory=factory)
    if type(value) in (list, tuple):
        items = [_opened(caller, item, factory) for item in collect(caller, value)]
        return items if isinstance(value, list) else tuple(items)
    if type(value) is dict:
        return {key: _opened(caller, item, factory) for key, item in value.items()}
    return deepcopy(caller, value)


@function("dataclasses.astuple")
def astuple(caller: Caller, obj: Value, /, *, tuple_factory: Value = None) -> Value:
    instance = _required(caller, obj, "astuple")
    items = [_flattened(caller, caller.getattr(instance, name)) for name in _names(instance)]
    return tuple(items) if tuple_factory is None else caller.call(tuple_factory, (items,))


def _flattened(caller: Caller, value: Value) -> Value:
    if isinstance(value, Instance) and value.cls.has(laws.KEY):
        return astuple(caller, value)
    if type(value) in (list, tuple):
        items = [_flattened(caller, item) for item in collect(caller, value)]
        return items if isinstance(value, list) else tuple(items)
    return deepcopy(caller, value)


@function("dataclasses.make_dataclass", absorbs=False)
def make_dataclass(caller: Caller, cls_name: Value, fields: Value, /, **options: Value) -> Value:
    """Names, (name, type) pairs or (name, type, default) triples."""
    bases = options.pop("bases", ())
    namespace = options.pop("namespace", None)
    parents = [base for base in collect(caller, bases) if isinstance(base, Class)]
    body: dict[str, Value] = dict(namespace) if isinstance(namespace, dict) else {}
    notes: dict[Value, Value] = {}
    for item in collect(caller, fields):
        parts = [item] if isinstance(item, str) else collect(caller, item)
        notes[parts[0]] = "typing.Any"
        if len(parts) == 3:
            body[str(parts[0])] = parts[2]
    body["__annotations__"] = notes
    root = registry.lookup("builtins.object")
    assert isinstance(root, Class)
    return process(caller, Class(str(cls_name), tuple(parents) or (root,), body), options_of(caller, options))
