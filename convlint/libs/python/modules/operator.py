"""The module `operator`: operators as functions, and the getters made of names and indices."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python import operators
from convlint.libs.python.declare import function, native
from convlint.values import Caller, NotModelled, Value

_BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "matmul": "@",
    "lshift": "<<",
    "rshift": ">>",
    "and_": "&",
    "or_": "|",
    "xor": "^",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "concat": "+",
    "is_": "is",
    "is_not": "is not",
}


def _operator(name: str, symbol: str) -> None:
    def body(caller: Caller, a: Value, b: Value, /) -> Value:
        return caller.binary(symbol, a, b)

    names = (name, f"__{name.strip('_')}__", f"i{name.strip('_')}", f"__i{name.strip('_')}__")
    function(*(f"operator.{each}" for each in names), absorbs=False)(body)


for _name, _symbol in _BINARY.items():
    _operator(_name, _symbol)


@function("operator.contains", absorbs=False)
def contains(caller: Caller, container: Value, item: Value, /) -> Value:
    return caller.binary("in", item, container)


@function("operator.neg", "operator.__neg__")
def neg(caller: Caller, value: Value, /) -> Value:
    return caller.binary("-", 0, value) if not _is_number(value) else operators.unary(caller, "-", value)


@function("operator.pos")
def pos(caller: Caller, value: Value, /) -> Value:
    return operators.unary(caller, "+", value)


@function("operator.inv", "operator.invert")
def invert(caller: Caller, value: Value, /) -> Value:
    return operators.unary(caller, "~", value)


def _is_number(value: Value) -> bool:
    from convlint.libs.python.arithmetic import is_number

    return is_number(value)


@function("operator.not_")
def not_(caller: Caller, value: Value, /) -> Value:
    return not caller.truth(value)


@function("operator.truth")
def truth(caller: Caller, value: Value, /) -> Value:
    return caller.truth(value)


@function("operator.index")
def index(caller: Caller, value: Value, /) -> Value:
    from convlint.libs.python.conversion import index as as_index

    return as_index(caller, value)


@function("operator.getitem", absorbs=False)
def getitem(caller: Caller, obj: Value, key: Value, /) -> Value:
    return caller.item(obj, key)


@function("operator.setitem", absorbs=False)
def setitem(caller: Caller, obj: Value, key: Value, value: Value, /) -> Value:
    caller.call(caller.getattr(obj, "__setitem__"), (key, value))
    return None


@function("operator.length_hint", absorbs=False)
def length_hint(caller: Caller, obj: Value, default: Value = 0, /) -> Value:
    return caller.length(obj)


registry.alias("operator.abs", "builtins.abs")


@function("operator.itemgetter", absorbs=False)
def itemgetter(caller: Caller, *items: Value) -> Value:
    def get(caller: Caller, obj: Value, /) -> Value:
        found = tuple(caller.item(obj, item) for item in items)
        return found[0] if len(found) == 1 else found

    return native("operator.itemgetter", get, absorbs=False)


@function("operator.attrgetter", absorbs=False)
def attrgetter(caller: Caller, *names: Value) -> Value:
    if not all(isinstance(name, str) for name in names):
        raise NotModelled("an attribute's name is not known")

    def follow(caller: Caller, obj: Value, path: str) -> Value:
        for name in path.split("."):
            obj = caller.getattr(obj, name)
        return obj

    def get(caller: Caller, obj: Value, /) -> Value:
        found = tuple(follow(caller, obj, str(name)) for name in names)
        return found[0] if len(found) == 1 else found

    return native("operator.attrgetter", get, absorbs=False)


@function("operator.methodcaller", absorbs=False)
def methodcaller(caller: Caller, name: Value, /, *args: Value, **kwargs: Value) -> Value:
    if not isinstance(name, str):
        raise NotModelled("a method's name is not known")
    method = name

    def run(caller: Caller, obj: Value, /) -> Value:
        return caller.call(caller.getattr(obj, method), args, kwargs)

    return native("operator.methodcaller", run, absorbs=False)
