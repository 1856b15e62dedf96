"""The module `functools`: partial application, wrappers, reductions; caches change nothing one can see."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python import dispatching
from convlint.libs.python.content import held
from convlint.libs.python.declare import constants, function, method, native
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    Function,
    Instance,
    Native,
    NotModelled,
    Property,
    Value,
)

PARTIAL = registry.klass("functools.partial", "builtins.object")
PARTIAL_METHOD = registry.klass("functools.partialmethod", "builtins.object")
_KEY = registry.klass("functools.KeyWrapper", "builtins.object")
WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")
constants("functools", {"WRAPPER_ASSIGNMENTS": WRAPPER_ASSIGNMENTS, "WRAPPER_UPDATES": ("__dict__",)})


def _parts(receiver: Value) -> tuple[Value, tuple[Value, ...], dict[str, Value]]:
    """func, args and keywords of a partial; a subclass's instance may lack them."""
    assert isinstance(receiver, Instance)
    args, keywords = receiver.attrs.get("args"), receiver.attrs.get("keywords")
    if not isinstance(args, tuple) or not isinstance(keywords, dict):
        raise NotModelled("a partial whose arguments are not known")
    return held(receiver, "func"), args, keywords


@method(PARTIAL, "__init__")
@method(PARTIAL_METHOD, "__init__")
def _init(caller: Caller, receiver: Value, func: Value, /, *args: Value, **keywords: Value) -> Value:
    """A partial of a partial is one partial."""
    assert isinstance(receiver, Instance)
    if isinstance(func, Instance) and func.cls is PARTIAL:
        inner, before, named = _parts(func)
        func, args, keywords = inner, (*before, *args), {**named, **keywords}
    receiver.attrs.update(func=func, args=args, keywords=keywords)
    return None


@method(PARTIAL, "__call__")
def _call(caller: Caller, receiver: Value, /, *args: Value, **keywords: Value) -> Value:
    func, before, named = _parts(receiver)
    return caller.call(func, (*before, *args), {**named, **keywords})


def partial(caller: Caller, func: Value, *args: Value, **keywords: Value) -> Instance:
    """`functools.partial(func, *args, **keywords)`."""
    made = Instance(PARTIAL, caller.site)
    _init(caller, made, func, *args, **keywords)
    return made


@method(PARTIAL_METHOD, "__get__")
def _get(caller: Caller, receiver: Value, obj: Value, owner: Value = None, /) -> Value:
    func, before, named = _parts(receiver)
    return partial(caller, func, obj, *before, **named)


@function("functools.update_wrapper", absorbs=False)
def update_wrapper(caller: Caller, wrapper: Value, wrapped: Value, *args: Value, **kwargs: Value) -> Value:
    """Copies name and attributes where the wrapper can hold them."""
    if not isinstance(wrapper, Function | Native | Instance):
        return wrapper
    for name in WRAPPER_ASSIGNMENTS:
        value = caller.lookup(wrapped, name, MISSING)
        if value is not MISSING:
            wrapper.attrs[name] = value
    if isinstance(wrapped, Function | Native):
        wrapper.attrs.update({k: v for k, v in wrapped.attrs.items() if k not in wrapper.attrs})
    wrapper.attrs["__wrapped__"] = wrapped
    return wrapper


@function("functools.wraps", absorbs=False)
def wraps(caller: Caller, wrapped: Value, *args: Value, **kwargs: Value) -> Value:
    def decorate(caller: Caller, wrapper: Value, /) -> Value:
        return update_wrapper(caller, wrapper, wrapped)

    return native("functools.wraps", decorate, absorbs=False)


@function("functools.reduce", absorbs=False)
def reduce(caller: Caller, function: Value, iterable: Value, initial: Value = MISSING, /) -> Value:
    items = caller.iterate(iterable)
    total = next(items, MISSING) if initial is MISSING else initial
    if total is MISSING:
        raise caller.error("TypeError", "reduce() of empty iterable with no initial value")
    for item in items:
        total = caller.call(function, (total, item))
    return total


def _cached(caller: Caller, function: Value, /) -> Value:
    """A function that remembers its results for plain arguments; else a cache shows in nothing but time."""
    remembered: dict[object, Value] = {}

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        key = (args, tuple(sorted(kwargs.items())))
        if not all(isinstance(value, _PLAIN) or value is None for value in (*args, *kwargs.values())):
            return caller.call(function, args, kwargs)
        if key not in remembered:
            remembered[key] = caller.call(function, args, kwargs)
        return remembered[key]

    made = Native("functools.lru_cache", run)
    if isinstance(function, Function | Native):
        made.attrs.update(function.attrs, __wrapped__=function, __name__=function.name)
    for name in ("cache_clear", "cache_info", "cache_parameters"):
        made.attrs[name] = native(name, lambda caller, /: None)
    return made


_PLAIN = (int, float, str, bytes, bool)


@function("functools.lru_cache", absorbs=False)
def lru_cache(caller: Caller, maxsize: Value = 128, typed: Value = False) -> Value:
    if isinstance(maxsize, Function | Native | Class | BoundMethod):
        return _cached(caller, maxsize)
    return native("functools.lru_cache", _cached, absorbs=False)


function("functools.cache", absorbs=False)(_cached)


@function("functools.cached_property", absorbs=False)
def cached_property(caller: Caller, func: Value, /) -> Value:
    return Property(func, cached=True)


_NEGATED = {"__lt__": "__ge__", "__gt__": "__le__", "__le__": "__gt__", "__ge__": "__lt__"}
_SYMBOL = {"__lt__": "<", "__gt__": ">", "__le__": "<=", "__ge__": ">="}


@function("functools.total_ordering", absorbs=False)
def total_ordering(caller: Caller, cls: Value, /) -> Value:
    """The missing comparisons, from the one that is there and equality."""
    if not isinstance(cls, Class):
        return cls
    root = next((name for name in ("__lt__", "__le__", "__gt__", "__ge__") if cls.has(name)), None)
    if root is None:
        raise caller.error("ValueError", "must define at least one ordering operation: < > <= >=")
    for name in _NEGATED:
        if not cls.has(name):
            cls.namespace[name] = _derived(root, name, cls)
    return cls


def _derived(root: str, name: str, owner: Class) -> Native:
    """`name` out of `root`: the opposite one by negation; the others look at equality too."""
    same_side = root[2] == name[2]
    has_equal, wants_equal = root[3] == "e", name[3] == "e"

    def body(caller: Caller, left: Value, right: Value, /) -> Value:
        first = caller.truth(caller.binary(_SYMBOL[root], left, right))
        if name == _NEGATED[root]:
            return not first
        equal = caller.truth(caller.binary("==", left, right))
        if same_side:
            return first or equal if wants_equal else first and not equal
        beyond = not first if has_equal else not first and not equal
        return beyond or equal if wants_equal else beyond

    return native(f"{owner.qualname}.{name}", body, owner=owner)


@function("functools.cmp_to_key", absorbs=False)
def cmp_to_key(caller: Caller, mycmp: Value) -> Value:
    def wrap(caller: Caller, obj: Value, /) -> Value:
        made = Instance(_KEY, caller.site)
        made.attrs.update(obj=obj, compare=mycmp)
        return made

    return native("functools.cmp_to_key", wrap, absorbs=False)


def _comparison(name: str, symbol: str) -> None:
    @method(_KEY, name)
    def compare(caller: Caller, left: Value, right: Value, /) -> Value:
        assert isinstance(left, Instance) and isinstance(right, Instance)
        order = caller.call(held(left, "compare"), (held(left, "obj"), held(right, "obj")))
        return caller.binary(symbol, order, 0)


for _name, _symbol in (*_SYMBOL.items(), ("__eq__", "==")):
    _comparison(_name, _symbol)

__all__ = ["dispatching", "lru_cache", "partial"]
