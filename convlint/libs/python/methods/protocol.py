"""Special methods read by name: `d.__getitem__(k)`, `super().__setitem__(k, v)`, `str.__len__`.

Each goes the way of its operator, so it never differs from it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque

from convlint.libs.python import operators
from convlint.libs.python.arithmetic import NUMBERS
from convlint.libs.python.content import VIEWS, Defaulting, class_name, content
from convlint.libs.python.declare import Body, native
from convlint.libs.python.host import attempt
from convlint.libs.python.methods.table import METHODS
from convlint.values import Caller, Stream, Value

_BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "lshift": "<<",
    "rshift": ">>",
    "and": "&",
    "or": "|",
    "xor": "^",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_UNARY = {"neg": "-", "pos": "+", "invert": "~"}
HOSTS = (
    int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range, deque, OrderedDict,
    Counter, Defaulting,
)  # fmt: skip


def _declare_operators(host: type) -> None:
    table = METHODS.setdefault(host, {})
    for name, symbol in _BINARY.items():
        if hasattr(host, f"__{name}__"):
            table.setdefault(f"__{name}__", _operator(f"__{name}__", symbol, reflected=False))
        if hasattr(host, f"__r{name}__"):
            table.setdefault(f"__r{name}__", _operator(f"__r{name}__", symbol, reflected=True))
    for name, symbol in _UNARY.items():
        if hasattr(host, f"__{name}__"):
            table.setdefault(f"__{name}__", _unary(f"__{name}__", symbol))
    for name, body in _OTHERS.items():
        if hasattr(host, name):
            table.setdefault(name, native(name, body, absorbs=False))


def _operator(name: str, symbol: str, *, reflected: bool) -> Value:
    def body(caller: Caller, receiver: Value, other: Value, /) -> Value:
        own = content(receiver)
        return caller.binary(symbol, other, own) if reflected else caller.binary(symbol, own, other)

    return native(name, body)


def _unary(name: str, symbol: str) -> Value:
    def body(caller: Caller, receiver: Value, /) -> Value:
        return operators.unary(caller, symbol, receiver)

    return native(name, body)


def _get(caller: Caller, receiver: Value, index: Value, /) -> Value:
    return caller.item(content(receiver), index)


def _set(caller: Caller, receiver: Value, index: Value, value: Value, /) -> Value:
    operators.set_item(caller, content(receiver), index, value)
    return None


def _delete(caller: Caller, receiver: Value, index: Value, /) -> Value:
    operators.del_item(caller, content(receiver), index)
    return None


def _length(caller: Caller, receiver: Value, /) -> Value:
    return caller.length(content(receiver))


def _iter(caller: Caller, receiver: Value, /) -> Value:
    return Stream(caller.iterate(content(receiver)))


def _reversed(caller: Caller, receiver: Value, /) -> Value:
    return Stream(reversed(list(caller.iterate(content(receiver)))))


def _contains(caller: Caller, receiver: Value, item: Value, /) -> Value:
    return caller.binary("in", item, content(receiver))


def _bool(caller: Caller, receiver: Value, /) -> Value:
    return caller.truth(content(receiver))


def _str(caller: Caller, receiver: Value, /) -> Value:
    return operators.text(caller, receiver)


def _repr(caller: Caller, receiver: Value, /) -> Value:
    return operators.representation(caller, content(receiver))


def _format(caller: Caller, receiver: Value, spec: Value, /) -> Value:
    return operators.formatted(caller, content(receiver), "", spec)


def _hash(caller: Caller, receiver: Value, /) -> Value:
    """Numbers hash the same everywhere; texts do not."""
    value = content(receiver)
    numbers = isinstance(value, tuple) and all(isinstance(v, NUMBERS) for v in value)
    if isinstance(value, NUMBERS) or numbers:
        return attempt(caller, hash, value)
    return caller.unknown(f"the hash of a {class_name(caller, receiver)} is not known")


def _init(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return None


_OTHERS: dict[str, Body] = {
    "__getitem__": _get,
    "__setitem__": _set,
    "__delitem__": _delete,
    "__len__": _length,
    "__iter__": _iter,
    "__reversed__": _reversed,
    "__contains__": _contains,
    "__bool__": _bool,
    "__str__": _str,
    "__repr__": _repr,
    "__format__": _format,
    "__hash__": _hash,
    "__init__": _init,
}

for _host in (*HOSTS, *sorted(VIEWS, key=lambda view: view.__name__)):
    _declare_operators(_host)
