"""`functools.singledispatch`: a function for each class of the first argument.

Law (docs.python.org/3/library/functools.html#functools.singledispatch): the class nearest in the argument's
method resolution order wins; the function itself serves `object`. A class that an argument belongs to without
inheriting from it is taken where no other fits.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import held
from convlint.libs.python.declare import function, method, native
from convlint.values import Caller, Class, Function, Instance, Native, NotModelled, Unknown, Value

_METHOD = registry.klass("functools.singledispatchmethod", "builtins.object")


class _Table:
    """The implementations, by what they were registered for."""

    def __init__(self, default: Value) -> None:
        self.default = default
        self.entries: list[tuple[Value, Value]] = []
        self.open: NotModelled | None = None
        """Why a registration could not be followed: then no choice is certain."""

    def chosen(self, caller: Caller, argument: Value) -> Value:
        """The implementation for an argument. Raises `NotModelled` where that cannot be told."""
        if self.open is not None:
            raise NotModelled(self.open.reason)
        if isinstance(argument, Unknown):
            raise NotModelled(argument.reason)
        cls = caller.class_of(argument)
        fitting: list[tuple[Value, Value]] = []
        for kind, implementation in reversed(self.entries):
            fits = caller.is_instance(argument, kind)
            if isinstance(fits, Unknown):
                raise NotModelled(fits.reason)
            if fits and not any(kind is other for other, _ in fitting):
                fitting.append((kind, implementation))
        lineage = cls.mro if isinstance(cls, Class) else ()
        for base in lineage:
            if base.qualname == "builtins.object":
                break
            for kind, implementation in fitting:
                if kind is base:
                    return implementation
        if len(fitting) > 1:
            raise NotModelled("which function of a singledispatch is meant")
        return fitting[0][1] if fitting else self.default

    def register(self, caller: Caller, kind: Value, implementation: Value = MISSING, /) -> Value:
        """`register(cls, function)`, `@register(cls)`, or `@register` with an annotation."""
        if implementation is not MISSING:
            self.entries.append((kind, implementation))
            return implementation
        if isinstance(kind, Function):
            try:
                self.entries.append((_annotated(caller, kind), kind))
            except NotModelled as why:
                self.open = why
            return kind

        def decorate(caller: Caller, implementation: Value, /) -> Value:
            return self.register(caller, kind, implementation)

        return native("functools.singledispatch.register", decorate, absorbs=False)


def _annotated(caller: Caller, implementation: Function) -> Value:
    """The annotation of the first parameter that has one."""
    found = caller.getattr(implementation, "__annotations__")
    if isinstance(found, dict):
        for name, value in found.items():
            if name != "return" and not isinstance(value, str | Unknown):
                return value
            break
    raise NotModelled("the annotations of a function of a singledispatch are not known")


@function("functools.singledispatch", absorbs=False)
def singledispatch(caller: Caller, func: Value, /) -> Value:
    """`@singledispatch`"""
    table = _Table(func)

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        if not args:
            raise caller.error("TypeError", "function requires at least 1 positional argument")
        return caller.call(table.chosen(caller, args[0]), args, kwargs)

    made = Native("functools.singledispatch", run)
    if isinstance(func, Function):
        made.attrs.update(func.attrs, __wrapped__=func, __name__=func.name)

    def dispatch(caller: Caller, cls: Value, /) -> Value:
        raise NotModelled("dispatch() of a singledispatch is not modelled")

    made.attrs["dispatch"] = native("functools.singledispatch.dispatch", dispatch, absorbs=False)
    made.attrs["register"] = native("functools.singledispatch.register", table.register, absorbs=False)
    return made


@method(_METHOD, "__init__")
def _init(caller: Caller, receiver: Value, func: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    table = _Table(func)
    receiver.attrs["_table"] = table
    receiver.attrs["register"] = native(
        "functools.singledispatchmethod.register", table.register, absorbs=False
    )
    return None


@method(_METHOD, "__get__")
def _get(caller: Caller, receiver: Value, obj: Value, owner: Value = None, /) -> Value:
    """The method bound to its object; the argument after it decides."""
    table = held(receiver, "_table")
    if not isinstance(table, _Table) or obj is None:
        raise NotModelled("a singledispatchmethod without an object")

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        if not args:
            raise caller.error("TypeError", "method requires at least 1 positional argument")
        return caller.call(table.chosen(caller, args[0]), (obj, *args), kwargs)

    return Native("functools.singledispatchmethod", run)
