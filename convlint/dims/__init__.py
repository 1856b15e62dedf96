"""Symbolic integers for shapes: arithmetic in normal form, questions about it, and answers with witnesses.

Law: a symbol stands for every integer of at least 1; "always" and "never" are proofs.
"""

from convlint.dims.expr import Dim, Expr, TooComplex, symbol, symbols_of
from convlint.dims.extremum import maximum, minimum, product
from convlint.dims.floor import ceildiv, floordiv, mod
from convlint.dims.parsing import parse
from convlint.dims.substitution import substitute

__all__ = [
    "Dim",
    "Expr",
    "TooComplex",
    "ceildiv",
    "floordiv",
    "maximum",
    "minimum",
    "mod",
    "parse",
    "product",
    "substitute",
    "symbol",
    "symbols_of",
]
