"""Signatures as text: `"input, dim=None, *, keepdim=False"` parsed once, arguments bound as Python binds
them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from convlint.libs.arity import shortage, surplus
from convlint.values import Value

REQUIRED = object()
"""Stands for the default of a parameter that has none."""


class BindError(Exception):
    """The arguments do not fit the signature; the text is Python's own, without the function's name."""


class Parameter(Struct, frozen=True):
    """One parameter; `keyword_only` after a star."""

    name: str
    default: Value
    keyword_only: bool


class Layout(Struct, frozen=True):
    """A signature as binding needs it: names that may be passed by position, all names, all defaults."""

    positional: tuple[str, ...]
    names: frozenset[str]
    defaults: tuple[tuple[str, Value], ...]
    star: str | None
    stars: str | None


class Fit(Struct, frozen=True):
    """How arguments bind that fit: the names of those passed by position, all names that the call gives, and
    the bound arguments in their order, with the defaults of those that it does not give.
    """

    positional: tuple[str, ...]
    given: frozenset[str]
    bound: dict[str, Value]


class Signature:
    """A signature declared as text; parsed at first use."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._fits: dict[tuple[object, ...], Fit] = {}
        """By how many arguments a call passes by position, and the names of the others."""

    @cached_property
    def _parsed(self) -> tuple[tuple[Parameter, ...], str | None, str | None]:
        args = ast.parse(f"def f({self.text}): pass").body[0].args  # type: ignore[attr-defined]
        positional = [*args.posonlyargs, *args.args]
        missing: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
        parameters = [
            Parameter(arg.arg, _default(node), False)
            for arg, node in zip(positional, missing + args.defaults, strict=True)
        ]
        parameters += [
            Parameter(arg.arg, _default(node), True)
            for arg, node in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        ]
        return (
            tuple(parameters),
            args.vararg.arg if args.vararg else None,
            args.kwarg.arg if args.kwarg else None,
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The named parameters, in order."""
        return self._parsed[0]

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """The names of the parameters that may be passed by position."""
        return tuple(p.name for p in self._parsed[0] if not p.keyword_only)

    @cached_property
    def _layout(self) -> Layout:
        parameters, star, stars = self._parsed
        return Layout(
            self.positional,
            frozenset(p.name for p in parameters),
            tuple((p.name, p.default) for p in parameters),
            star,
            stars,
        )

    def bind(
        self, args: tuple[Value, ...], kwargs: dict[str, Value], receiver: int = 0
    ) -> tuple[dict[str, Value], frozenset[str]]:
        """Every parameter's value by name, and which of them the call gave. Raises `BindError`.

        A method whose signature leaves `self` out has one `receiver` that Python's words count too.
        """
        shape = (len(args), *kwargs)
        fit = self._fits.get(shape)
        if fit is not None:
            bound = fit.bound.copy()
            for i, name in enumerate(fit.positional):
                bound[name] = args[i]
            if kwargs:
                bound.update(kwargs)
            return bound, fit.given
        bound, given = self._bind(args, kwargs, receiver)
        layout = self._layout
        if layout.star is None and layout.stars is None:
            order = dict.fromkeys(bound) | dict(layout.defaults)
            self._fits[shape] = Fit(layout.positional[: len(args)], given, order)
        return bound, given

    def _bind(
        self, args: tuple[Value, ...], kwargs: dict[str, Value], receiver: int
    ) -> tuple[dict[str, Value], frozenset[str]]:
        """`bind`, argument by argument."""
        layout = self._layout
        positional = layout.positional
        bound: dict[str, Value] = dict(zip(positional, args, strict=False))
        if layout.star is not None:
            bound[layout.star] = args[len(positional) :]
        elif len(args) > len(positional):
            required = (name for name, default in layout.defaults if default is REQUIRED)
            least = receiver + sum(name in positional for name in required)
            raise BindError(surplus(least, receiver + len(positional), receiver + len(args)))
        extra = _keywords(bound, kwargs, layout) if kwargs else {}
        given = frozenset(bound)
        for name, default in layout.defaults:
            if name not in bound:
                if default is REQUIRED:
                    raise BindError(_shortage(self.parameters, bound))
                bound[name] = default
        if layout.stars is not None:
            bound[layout.stars] = extra
        return bound, given


def _keywords(bound: dict[str, Value], kwargs: dict[str, Value], layout: Layout) -> dict[str, Value]:
    """Bind arguments by name; those that no parameter takes are given back. Raises `BindError`."""
    extra: dict[str, Value] = {}
    for name, value in kwargs.items():
        if name in layout.names:
            if name in bound:
                raise BindError(f"got multiple values for argument '{name}'")
            bound[name] = value
        elif layout.stars is None:
            raise BindError(f"got an unexpected keyword argument '{name}'")
        else:
            extra[name] = value
    return extra


def _shortage(parameters: Iterable[Parameter], bound: Mapping[str, Value]) -> str:
    missing = [p for p in parameters if p.default is REQUIRED and p.name not in bound]
    positional = [p.name for p in missing if not p.keyword_only]
    if positional:
        return shortage(positional)
    return shortage([p.name for p in missing], "keyword-only")


def _default(node: ast.expr | None) -> Value:
    return REQUIRED if node is None else ast.literal_eval(node)
