"""The language as the interpreter asks for it: operators, methods and texts of host data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from convlint.dims import Question, TooComplex
from convlint.libs.protocol import Language
from convlint.libs.python import objects, operators
from convlint.libs.python.methods import bound_method, unbound_method
from convlint.libs.python.methods.sets import members
from convlint.values import Caller, Condition, NotModelled, Unknown, Value

P = ParamSpec("P")
T = TypeVar("T")


def bounded(operation: Callable[P, T]) -> Callable[P, T]:
    """The operation, whose extents may grow beyond the limits of the algebra: then it is not modelled."""

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return operation(*args, **kwargs)
        except TooComplex as error:
            raise NotModelled(f"an extent grows beyond the limits: {error}") from None

    return run


class Python:
    """Python's own rules; implements `Language`."""

    @bounded
    def binary(self, caller: Caller, operator: str, left: Value, right: Value) -> Value:
        return operators.binary(caller, operator, left, right)

    @bounded
    def inplace(self, caller: Caller, operator: str, left: Value, right: Value) -> Value:
        return operators.inplace(caller, operator, left, right)

    @bounded
    def unary(self, caller: Caller, operator: str, value: Value) -> Value:
        return operators.unary(caller, operator, value)

    @bounded
    def item(self, caller: Caller, obj: Value, index: Value) -> Value:
        return operators.item(caller, obj, index)

    @bounded
    def set_item(self, caller: Caller, obj: Value, index: Value, value: Value) -> None:
        operators.set_item(caller, obj, index, value)

    def del_item(self, caller: Caller, obj: Value, index: Value) -> None:
        operators.del_item(caller, obj, index)

    def set_of(self, caller: Caller, items: Iterable[Value]) -> set[Value]:
        return members(caller, list(items))

    @bounded
    def length(self, caller: Caller, obj: Value) -> Value:
        return operators.length(caller, obj)

    def iterate(self, caller: Caller, obj: Value) -> Iterable[Value]:
        return operators.iterate(caller, obj)

    @bounded
    def truth(self, caller: Caller, obj: Value) -> bool | Unknown | Question:
        decided = operators.truth(caller, obj)
        return decided.question if isinstance(decided, Condition) else decided  # type: ignore[return-value]

    @bounded
    def text(self, caller: Caller, obj: Value) -> str | Unknown:
        return operators.text(caller, obj)

    @bounded
    def format(self, caller: Caller, obj: Value, conversion: str, spec: str) -> str | Unknown:
        return operators.formatted(caller, obj, conversion, spec)

    def bound_method(self, caller: Caller, obj: Value, name: str) -> Value:
        return bound_method(caller, obj, name)

    def unbound_method(self, caller: Caller, host: type, name: str) -> Value:
        return unbound_method(caller, host, name)

    def object_method(self, caller: Caller, receiver: Value, name: str) -> Value:
        return objects.object_method(caller, receiver, name)


LANGUAGE: Language = Python()
