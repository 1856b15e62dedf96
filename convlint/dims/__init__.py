"""Symbolic integers for shapes: arithmetic in normal form, questions about it, and answers with witnesses.

Law: a symbol stands for every integer of at least 1; "always" and "never" are proofs.
"""

from convlint.dims.bounds import bounds, monotone
from convlint.dims.boxes import Box, Range
from convlint.dims.certain import certain
from convlint.dims.condition import Comparison, Condition, Membership
from convlint.dims.constraint import constraint
from convlint.dims.decide import Decision, Verdict, decide
from convlint.dims.expr import Dim, Expr, TooComplex, symbol, symbols_of
from convlint.dims.extremum import maximum, minimum, product
from convlint.dims.floor import ceildiv, floordiv, mod
from convlint.dims.parsing import parse
from convlint.dims.question import AtLeast, Divides, Equal, Question, Unequal, holds, negate
from convlint.dims.solve import solve_equal
from convlint.dims.substitution import evaluate, substitute

__all__ = [
    "AtLeast",
    "Box",
    "Comparison",
    "Condition",
    "Decision",
    "Dim",
    "Divides",
    "Equal",
    "Expr",
    "Membership",
    "Question",
    "Range",
    "TooComplex",
    "Unequal",
    "Verdict",
    "bounds",
    "ceildiv",
    "certain",
    "constraint",
    "decide",
    "evaluate",
    "floordiv",
    "holds",
    "maximum",
    "minimum",
    "mod",
    "monotone",
    "negate",
    "parse",
    "product",
    "solve_equal",
    "substitute",
    "symbol",
    "symbols_of",
]
