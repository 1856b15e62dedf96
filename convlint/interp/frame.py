"""Frames: what a running function, class body or module keeps, and the code it runs."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from convlint.interp.scope import Bindings, FunctionNode, function_bindings
from convlint.values import Class, Namespace, Site, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

Expression = Callable[["Frame"], Value]
"""A compiled expression: run on a frame it gives its value."""


class Signal:
    """How a statement ended other than by reaching its end."""

    __slots__ = ("value",)

    def __init__(self, value: Value = None) -> None:
        self.value = value


BREAK = Signal()
CONTINUE = Signal()
Statement = Callable[["Frame"], Signal | None]
"""A compiled statement: None, `BREAK`, `CONTINUE`, or a `Signal` with the returned value."""


class Fit(Struct, frozen=True):
    """How arguments bind that fit: the variables at entry in their order, those passed by position, and those
    that take a default: by position, counted from behind, or by name alone.
    """

    variables: dict[str, Value]
    positional: tuple[str, ...]
    defaults: tuple[tuple[str, int], ...]
    kw_defaults: tuple[str, ...]


class Code(Struct, eq=False, dict=True):
    """A function's code. What takes a walk over its body is worked out when it is first asked for."""

    node: FunctionNode
    filename: str
    parameters: tuple[str, ...]
    """Those that may be passed by position."""
    nameless: frozenset[str]
    """Of these, those that may not be passed by name."""
    keyword_only: tuple[str, ...]
    star: str | None
    stars: str | None
    compile: Callable[[Code], Statement]
    fits: dict[tuple[object, ...], Fit] = field(default_factory=dict)
    """By how many arguments a call passes by position, and the names of the others."""

    @cached_property
    def body(self) -> Statement:
        """The compiled body."""
        return self.compile(self)

    @cached_property
    def own(self) -> Bindings:
        """What the body binds."""
        return function_bindings(self.node)

    @property
    def generator(self) -> bool:
        """Whether the function yields."""
        return self.own.yields

    @cached_property
    def read(self) -> frozenset[str]:
        """The names that the body reads, those of functions inside it too."""
        names = (each for each in ast.walk(self.node) if isinstance(each, ast.Name))
        return frozenset(each.id for each in names if isinstance(each.ctx, ast.Load))

    @cached_property
    def handed_on(self) -> tuple[str, ...]:
        """The positional parameters, blank where the body binds them anew: passing one on passes the
        caller's value.
        """
        return tuple("" if name in self.own.bound else name for name in self.parameters)


class Frame:
    """One activation: variables, the enclosing frame, the module, and the call that runs it."""

    __slots__ = (
        "code",
        "defines",
        "function_class",
        "machine",
        "module",
        "parent",
        "receiver",
        "site",
        "variables",
    )

    def __init__(
        self,
        machine: Machine,
        module: Namespace,
        variables: dict[str, Value],
        parent: Frame | None = None,
        site: Site | None = None,
        code: Code | None = None,
    ) -> None:
        self.machine = machine
        self.module = module
        self.variables = variables
        self.parent = parent
        self.site = site
        self.code = code
        self.function_class: Class | None = None
        self.defines: Class | None = None
        """The class that this frame's body made: what `super()` means in the functions of that body."""
        self.receiver: Value = None
