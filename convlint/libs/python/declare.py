"""Declaring functions and methods: a body is an ordinary Python function whose first parameter is the caller.

Law: the body's own signature is the function's signature, so arguments bind as Python binds them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from convlint.libs import registry
from convlint.libs.python.content import unknown_among
from convlint.values import Caller, Class, Native, NotModelled, Unknown, Value

Body = Callable[..., Value]


def native(name: str, body: Body, *, absorbs: bool = True, owner: Class | None = None) -> Native:
    """A native function. Where it absorbs, an unknown argument makes the result unknown at once."""

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        if absorbs:
            unknown = unknown_among(args) or unknown_among(kwargs.values())
            if unknown is not None:
                return _derived(unknown, name, args)
        try:
            return invoke(caller, name, body, args, kwargs)
        except NotModelled as why:
            return caller.unknown(why.reason)
        except AssertionError:  # a receiver of another kind
            return caller.unknown(f"this form of {name}() is not modelled")

    return Native(name, run, owner)


def invoke(caller: Caller, name: str, body: Body, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Run a body. Arguments that do not fit its signature raise the program's TypeError."""
    try:
        return body(caller, *args, **kwargs)
    except TypeError:
        _check_arguments(caller, name, body, args, kwargs)
        raise


def _derived(unknown: Unknown, name: str, args: tuple[Value, ...]) -> Unknown:
    """What a function gives of an unknown argument: the same unknown each time it is asked."""
    key: list[object] = [name]
    for arg in args:
        key.append(arg if isinstance(arg, int | float | str) or arg is None else id(arg))
    return unknown.derive(tuple(key))


def _check_arguments(
    caller: Caller, name: str, body: Body, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> None:
    """Raises the program's TypeError where the arguments do not fit the signature."""
    try:
        inspect.signature(body).bind(caller, *args, **kwargs)
    except TypeError as error:
        raise caller.error("TypeError", f"{name.rpartition('.')[2]}() {error}") from None


def function(*names: str, absorbs: bool = True) -> Callable[[Body], Body]:
    """Declare a function under one or more qualified names."""

    def declare(body: Body) -> Body:
        made = native(names[0], body, absorbs=absorbs)
        for name in names:
            registry.constant(name, made)
        return body

    return declare


def method(cls: Class, *names: str, absorbs: bool = False) -> Callable[[Body], Body]:
    """Declare a method in a class's namespace: the body takes the caller, then the receiver."""

    def declare(body: Body) -> Body:
        for name in names:
            cls.namespace[name] = native(f"{cls.qualname}.{name}", body, absorbs=absorbs, owner=cls)
        return body

    return declare


def constants(prefix: str, values: dict[str, Any]) -> None:
    """Declare constants below a module."""
    for name, value in values.items():
        registry.constant(f"{prefix}.{name}", value)


def outside(prefix: str, names: str, reason: str) -> None:
    """Declare functions whose result lies outside the program; they change nothing that is given to them."""
    for name in names.split():
        function(f"{prefix}.{name}", absorbs=False)(lambda caller, /, *args, **kwargs: caller.unknown(reason))


def no_operations(prefix: str, names: str) -> None:
    """Declare functions that do nothing the program could see: they give None."""
    for name in names.split():
        function(f"{prefix}.{name}", absorbs=False)(lambda caller, /, *args, **kwargs: None)
