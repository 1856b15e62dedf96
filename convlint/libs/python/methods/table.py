"""The whitelist of methods: a table a host type, filled by one declaration a method.

Law: a method runs on the host only where receiver and arguments are plain data; all others are written out.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from convlint.libs.python.content import all_plain, class_name, content, is_symbolic
from convlint.libs.python.declare import Body, native
from convlint.libs.python.host import attempt
from convlint.values import Caller, Condition, NotModelled, StaticMethod, Value

T = TypeVar("T")
Guard = Callable[..., None]

METHODS: dict[type, dict[str, Value]] = {}
"""Unbound natives (receiver first), static methods, by host type and name."""

DATA: dict[type, dict[str, Callable[[Any], Value]]] = {}
"""Attributes that are no methods, read from the receiver."""


def plain_methods(host: type, names: str, guard: Guard | None = None) -> None:
    """Declare methods that the host runs on plain data; `guard` sees receiver and arguments before."""
    for name in names.split():
        METHODS.setdefault(host, {})[name] = native(f"{host.__name__}.{name}", _on_host(host, name, guard))


def _on_host(host: type, name: str, guard: Guard | None) -> Body:
    run: Callable[..., Value] = getattr(host, name)

    def body(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
        subject: Value = of(caller, receiver, host, name)
        given = [decided(caller, arg) for arg in args]
        named = {key: decided(caller, value) for key, value in kwargs.items()}
        if not all_plain(given) or not all_plain(named.values()):
            raise NotModelled(f"{host.__name__}.{name}() of values that are not known")
        if guard is not None:
            attempt(caller, guard, subject, *given, **named)
        return attempt(caller, run, subject, *given, **named)

    return body


def decided(caller: Caller, value: Value) -> Value:
    """An argument as the host may take it: payloads unwrapped, conditions decided by the path."""
    return caller.truth(value) if isinstance(value, Condition) else content(value)


def plain_statics(host: type, names: str) -> None:
    """Declare class and static methods that the host runs on plain data."""
    for name in names.split():
        METHODS.setdefault(host, {})[name] = StaticMethod(
            native(f"{host.__name__}.{name}", _static(getattr(host, name), f"{host.__name__}.{name}"))
        )


def _static(run: Callable[..., Value], name: str) -> Body:
    def body(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
        given = [decided(caller, arg) for arg in args]
        if not all_plain(given) or not all_plain(kwargs.values()):
            raise NotModelled(f"{name}() of values that are not known")
        return attempt(caller, run, *given, **kwargs)

    return body


def special(
    *hosts: type, names: str = "", absorbs: bool = False, mutates: bool = False
) -> Callable[[Body], Body]:
    """Declare a method that is written out, for one or more types; its name is the body's unless given.

    Where it mutates, a form that is not modelled leaves the receiver's content uncertain.
    """

    def declare(body: Body) -> Body:
        for name in (names or body.__name__.rstrip("_")).split():
            for host in hosts:
                run = _tainting(body) if mutates else body
                METHODS.setdefault(host, {})[name] = native(f"{host.__name__}.{name}", run, absorbs=absorbs)
        return body

    return declare


def _tainting(body: Body) -> Body:
    from functools import wraps

    @wraps(body)
    def run(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
        try:
            return body(caller, receiver, *args, **kwargs)
        except NotModelled as why:
            unknown = caller.unknown(why.reason)
            caller.taint(receiver, unknown)
            return unknown

    return run


def static(host: type, name: str) -> Callable[[Body], Body]:
    """Declare a class or static method that is written out."""

    def declare(body: Body) -> Body:
        made = native(f"{host.__name__}.{name}", body)
        METHODS.setdefault(host, {})[name] = StaticMethod(made)
        return body

    return declare


def data(host: type, names: str) -> None:
    """Declare plain attributes."""
    for name in names.split():
        DATA.setdefault(host, {})[name] = attrgetter(name)


def of(caller: Caller, receiver: Value, host: type[T], name: str) -> T:
    """The receiver's host data. Raises the program's TypeError where it is of another type."""
    value = content(receiver)
    if isinstance(value, host):
        return value
    if is_symbolic(value):
        raise NotModelled(f"{host.__name__}.{name}() of {value} is not modelled")
    given = class_name(caller, value)
    words = f"descriptor '{name}' for '{host.__name__}' objects doesn't apply to a '{given}' object"
    raise caller.error("TypeError", words)


def found(host: type, name: str) -> Value | None:
    """The method of a type or of the host type it derives from; None where none is declared."""
    for base in host.__mro__:
        table = METHODS.get(base)
        if table is not None and name in table:
            return table[name]
    return None
