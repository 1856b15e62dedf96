"""The modules `typing` and `typing_extensions`: annotations mean nothing here; classes and helpers behave.

A subscripted class is the class itself, so generics serve as bases and constructors alike.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.abstract import ABC_NAMES
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import constants, function, method, native
from convlint.libs.python.named import give_fields, named_tuple
from convlint.values import Caller, Class, Instance, NotModelled, StaticMethod, Value

constants("typing", {"TYPE_CHECKING": False})
registry.alias("typing_extensions", "typing")

FORMS = (
    "Annotated Any AnyStr Awaitable BinaryIO ClassVar Concatenate Final Generic IO LiteralString "
    "Match Never NoReturn NotRequired ParamSpecArgs ParamSpecKwargs Pattern ReadOnly Required Self "
    "SupportsAbs "
    "SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TextIO TypeAlias "
    "TypeAliasType TypeGuard TypeIs Unpack ContextManager AsyncContextManager"
)
for _name in FORMS.split():
    registry.klass(f"typing.{_name}", "builtins.object")

_STANDARD = {
    "List": "builtins.list",
    "Dict": "builtins.dict",
    "Set": "builtins.set",
    "FrozenSet": "builtins.frozenset",
    "Tuple": "builtins.tuple",
    "Type": "builtins.type",
    "Text": "builtins.str",
    "OrderedDict": "collections.OrderedDict",
    "DefaultDict": "collections.defaultdict",
    "Counter": "collections.Counter",
    "Deque": "collections.deque",
    "AbstractSet": "collections.abc.Set",
}
for _name, _target in _STANDARD.items():
    registry.alias(f"typing.{_name}", _target)
for _name in ABC_NAMES:
    if _name not in ("Set", "Awaitable"):
        registry.alias(f"typing.{_name}", f"collections.abc.{_name}")

_FORM = registry.klass("typing._SpecialForm", "builtins.object")
_LITERAL = registry.klass("typing._LiteralGenericAlias", "builtins.object")
_VARIABLE = registry.klass("typing.TypeVar", "builtins.object")
for _name in ("ParamSpec", "TypeVarTuple"):
    registry.klass(f"typing.{_name}", "typing.TypeVar")


@method(_FORM, "__getitem__")
def _members(caller: Caller, receiver: Value, index: Value, /) -> Value:
    """`Union[A, B]` and `Optional[A]` are tuples of classes, as `isinstance` takes them; `Literal["a", "b"]`
    remembers its values.
    """
    members = index if isinstance(index, tuple) else (index,)
    name = receiver.attrs.get("name") if isinstance(receiver, Instance) else None
    if name == "Literal":
        made = Instance(_LITERAL)
        made.attrs["__origin__"] = receiver
        made.attrs["__args__"] = _distinct(caller, members)
        return made
    return (*members, None) if name == "Optional" else members


def _distinct(caller: Caller, members: tuple[Value, ...]) -> Value:
    """The values of a `Literal`: those of a `Literal` among them in its place, each once."""
    found: list[Value] = []
    for member in members:
        inner = member.attrs["__args__"] if isinstance(member, Instance) and member.cls is _LITERAL else None
        for value in inner if isinstance(inner, tuple) else (member,):
            if not isinstance(value, (str, bytes, int, type(None))):
                return caller.unknown("the values of a Literal are not known")
            if not any(type(value) is type(other) and value == other for other in found):
                found.append(value)
    return tuple(found)


for _name in ("Union", "Optional", "Literal"):
    _made = Instance(_FORM)
    _made.attrs["name"] = _name
    registry.constant(f"typing.{_name}", _made)


@method(_VARIABLE, "__init__")
def _variable(caller: Caller, receiver: Value, name: Value, /, *args: Value, **kwargs: Value) -> Value:
    assert isinstance(receiver, Instance)
    receiver.attrs.update(__name__=name, args=receiver, kwargs=receiver)
    return None


PROTOCOL = registry.klass("typing.Protocol", "typing.Generic")


@method(PROTOCOL, "__instancecheck__")
def _conforms(caller: Caller, cls: Value, obj: Value, /) -> Value:
    """A class that only implements a protocol goes by inheritance; a protocol itself looks at structure."""
    assert isinstance(cls, Class)
    own = caller.class_of(obj)
    if isinstance(own, Class) and cls in own.mro:
        return True
    if PROTOCOL in cls.bases:
        return caller.unknown("isinstance with a protocol is not modelled")
    return own.unknown_base or False if isinstance(own, Class) else caller.unknown("a class not known")


@function("typing.cast", "typing.assert_type", absorbs=False)
def cast(caller: Caller, typ: Value, val: Value, /) -> Value:
    return val


def _identity(caller: Caller, value: Value, /, *args: Value) -> Value:
    return value


for _name in [
    "final",
    "overload",
    "override",
    "no_type_check",
    "runtime_checkable",
    "runtime",
    "reveal_type",
    "assert_never",
    "no_type_check_decorator",
]:
    function(f"typing.{_name}", absorbs=False)(_identity)


@function("typing.NewType", absorbs=False)
def new_type(caller: Caller, name: Value, tp: Value, /) -> Value:
    return native(f"typing.NewType.{name}", _identity, absorbs=False)


@function("typing.dataclass_transform", "typing.deprecated", absorbs=False)
def decorator(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
    return native("typing.decorator", _identity, absorbs=False)


@function("typing.get_args", absorbs=True)
def get_args(caller: Caller, tp: Value, /) -> Value:
    """The values of a `Literal`."""
    return _of_literal(tp, "__args__")


@function("typing.get_origin", absorbs=True)
def get_origin(caller: Caller, tp: Value, /) -> Value:
    """`Literal` of a `Literal`."""
    return _of_literal(tp, "__origin__")


def _of_literal(tp: Value, name: str) -> Value:
    if isinstance(tp, Instance) and tp.cls is _LITERAL:
        return tp.attrs[name]
    raise NotModelled("annotations are not evaluated")


@function("typing.get_type_hints", "typing.get_overloads", absorbs=False)
def introspection(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
    raise NotModelled("annotations are not evaluated")


NAMED_TUPLE = registry.klass("typing.NamedTuple", "builtins.tuple")
TYPED_DICT = registry.klass("typing.TypedDict", "builtins.dict")


def _new_named(caller: Caller, cls: Value, typename: Value, fields: Value = (), /, **kwargs: Value) -> Value:
    """`NamedTuple("Point", [("x", int), …])`."""
    pairs = [collect(caller, pair) for pair in collect(caller, fields)]
    names = [pair[0] for pair in pairs] + list(kwargs)
    if not isinstance(typename, str) or not all(isinstance(name, str) for name in names):
        raise NotModelled("a named tuple whose names are not known")
    return named_tuple(typename, [str(name) for name in names], {})


NAMED_TUPLE.namespace["__new__"] = StaticMethod(native("typing.NamedTuple", _new_named, absorbs=False))


def finish_named_tuple(caller: Caller, cls: Class) -> Value:
    """The fields of a class that derives from NamedTuple are its annotations."""
    notes = cls.namespace.get("__annotations__")
    if NAMED_TUPLE in cls.bases and isinstance(notes, dict):
        names = [str(name) for name in notes]
        defaults = {name: cls.namespace[name] for name in names if name in cls.namespace}
        give_fields(cls, names, defaults)
    return None


registry.class_hooks["typing.NamedTuple"] = finish_named_tuple


def _new_typed(caller: Caller, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
    """A call of a typed dict gives a dict; of TypedDict itself, a typed dict."""
    if cls is TYPED_DICT:
        name = args[0] if args and isinstance(args[0], str) else "TypedDict"
        return Class(name, (TYPED_DICT,))
    source = content(args[0]) if args else {}
    return {**source, **kwargs} if isinstance(source, dict) else caller.unknown("a typed dict not known")


TYPED_DICT.namespace["__new__"] = StaticMethod(native("typing.TypedDict", _new_typed, absorbs=False))
