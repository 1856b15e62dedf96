"""Questions about dimensions are data; each has one normal form, an expression compared with zero."""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import Literal

from msgspec import Struct

from convlint.dims.expr import Dim, Expr, of_atom, symbols_of
from convlint.dims.floor import mod
from convlint.dims.interval import interval
from convlint.dims.substitution import evaluate

Relation = Literal["=", "!=", ">="]


class Equal(Struct, frozen=True):
    """Is a = b?"""

    a: Dim
    b: Dim

    def __str__(self) -> str:
        return f"{self.a} = {self.b}"


class Unequal(Struct, frozen=True):
    """Is a ≠ b?"""

    a: Dim
    b: Dim

    def __str__(self) -> str:
        return f"{self.a} ≠ {self.b}"


class AtLeast(Struct, frozen=True):
    """Is a ≥ b?"""

    a: Dim
    b: Dim

    def __str__(self) -> str:
        return f"{self.a} ≥ {self.b}"


class Divides(Struct, frozen=True):
    """Is the dividend a multiple of the divisor?"""

    divisor: Dim
    dividend: Dim

    def __str__(self) -> str:
        return f"{self.dividend} is a multiple of {self.divisor}"


Question = Equal | Unequal | AtLeast | Divides


class Form(Struct, frozen=True):
    """The normal form of a question: how an expression compares with 0."""

    value: Dim
    relation: Relation

    def holds(self, values: Mapping[str, int]) -> bool:
        """The answer under a full assignment."""
        return _compared(evaluate(self.value, values), self.relation)


def _compared(value: int, relation: Relation) -> bool:
    match relation:
        case "=":
            return value == 0
        case "!=":
            return value != 0
    return value >= 0


def symbols_of_question(question: Question) -> frozenset[str]:
    """The names of all symbols on either side."""
    match question:
        case Divides(divisor, dividend):
            return symbols_of(divisor) | symbols_of(dividend)
    return symbols_of(question.a) | symbols_of(question.b)


def negate(question: Question) -> Question:
    """The question that is answered yes exactly where this one is answered no."""
    match question:
        case Equal(a, b):
            return Unequal(a, b)
        case Unequal(a, b):
            return Equal(a, b)
        case AtLeast(a, b):
            return AtLeast(b, a + 1)
        case Divides(divisor, dividend):
            return Unequal(mod(dividend, divisor), 0)


def holds(question: Question, values: Mapping[str, int]) -> bool:
    """The answer under a full assignment. Raises KeyError for a symbol without a value, ZeroDivisionError."""
    match question:
        case Divides(divisor, dividend):
            return evaluate(dividend, values) % evaluate(divisor, values) == 0
        case Equal(a, b):
            return evaluate(a, values) == evaluate(b, values)
        case Unequal(a, b):
            return evaluate(a, values) != evaluate(b, values)
        case AtLeast(a, b):
            return evaluate(a, values) >= evaluate(b, values)


def form_of(question: Question) -> Form:
    """The normal form of a question; a form whose value is an `int` is answered by `settled`."""
    match question:
        case Equal(a, b):
            return reduced(a - b, "=")
        case Unequal(a, b):
            return reduced(a - b, "!=")
        case AtLeast(a, b):
            return reduced(a - b, ">=")
        case Divides(divisor, dividend):
            return reduced(mod(dividend, divisor), "=")


def reduced(value: Dim, relation: Relation) -> Form:
    """Divided by what the terms share: g·x + c ≥ 0 is x + c // g ≥ 0, g·x + c = 0 needs g | c, for g > 0."""
    if isinstance(value, int):
        return Form(value, relation)
    if not value.constant and value.degree > 1:
        value = _without_shared_atoms(value)
    if relation != ">=" and value.terms[0][1] < 0:
        value = -value
    g = gcd(*(coefficient for _, coefficient in value.terms))
    if g == 1:
        return Form(value, relation)
    if relation != ">=" and value.constant % g:
        return Form(1, relation)
    return Form(value // g, relation)


def _without_shared_atoms(e: Expr) -> Expr:
    """Without the positive atoms that all terms share, such as the batch in N·x = N·y."""
    for atom in dict.fromkeys(e.terms[-1][0]):
        low = interval(of_atom(atom))[0]
        if low is not None and low >= 1 and all(atom in monomial for monomial, _ in e.terms):
            rest = e // of_atom(atom)
            if isinstance(rest, int):
                return e
            return _without_shared_atoms(rest) if not rest.constant else rest
    return e


def opposite(form: Form) -> Form:
    """The form that holds exactly where this one does not."""
    match form.relation:
        case "=":
            return Form(form.value, "!=")
        case "!=":
            return Form(form.value, "=")
    return reduced(-1 - form.value, ">=")


def settled(form: Form) -> bool | None:
    """The answer of a form without symbols; None where there are any."""
    return _compared(form.value, form.relation) if isinstance(form.value, int) else None
