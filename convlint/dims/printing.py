"""Expressions as a person writes them: `(H+1)//2`, `64*H*W`, `16*(H//4-3)*(W//4-3)`, `H%2`.

Law: `parse` reads back exactly what is printed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from convlint.dims.atoms import Atom, Extremum, Floor, Symbol
from convlint.dims.expr import Dim, Expr, Monomial, of_atom
from convlint.dims.factor import factors

NAME = re.compile(r"\?*[^\W\d]\w*(?:\.\w+|\[-?\w+\])*")
"""Names that need no backticks: identifiers with attributes and subscripts, opaque ones after a `?`."""


_LARGEST_SCALE = 4
"""`3*H//4` reads better than `H-(H+3)//4`, `H-(H+31)//32` better than `31*H//32`."""


class _Piece(Struct, frozen=True):
    """One summand. `quotient` says that it is a bare `//` or `%`, which a sign or a factor must not touch."""

    negative: bool
    body: str
    quotient: bool = False

    def leading(self) -> str:
        if not self.negative:
            return self.body
        return f"-({self.body})" if self.quotient else f"-{self.body}"

    def following(self) -> str:
        return ("-" if self.negative else "+") + self.body


def atom_text(atom: Atom) -> str:
    """How an atom prints on its own."""
    match atom:
        case Symbol(name=name):
            return name if NAME.fullmatch(name) else "`" + name.replace("`", "``") + "`"
        case Floor(numerator=numerator, divisor=divisor):
            return _quotient(numerator, "//", divisor)
        case Extremum(kind=kind, operands=operands):
            return f"{kind}({', '.join(map(str, operands))})"
    raise TypeError(type(atom).__name__)


def expr_text(e: Expr) -> str:
    """A product where it factors, else its terms in order; what is subtracted never comes first by itself."""
    product = _product_text(e) if len(e.terms) + bool(e.constant) > 1 else None
    if product is not None:
        return product
    pieces, rest, constant = _remainders(e)
    pieces += [_term(monomial, coefficient) for monomial, coefficient in rest]
    if constant:
        pieces.append(_Piece(constant < 0, str(abs(constant))))
    lead = next((i for i, piece in enumerate(pieces) if not piece.negative), 0)
    first = pieces.pop(lead)
    return first.leading() + "".join(piece.following() for piece in pieces)


def _product_text(e: Expr) -> str | None:
    split = factors(e)
    if sum(power for _, power in split.powers) < 2:
        return None
    texts = sorted((_factor(base), power) for base, power in split.powers)
    texts.sort(key=lambda item: item[0].startswith("("))
    body = "*".join(text for text, power in texts for _ in range(power))
    return _scaled(split.scale, body)


def _scaled(scale: int, body: str) -> str:
    return body if scale == 1 else f"-{body}" if scale == -1 else f"{scale}*{body}"


def _factor(e: Expr) -> str:
    text = str(e)
    atom = _only_atom(e)
    return text if atom is not None and not isinstance(atom, Floor) else f"({text})"


def _only_atom(d: Dim) -> Atom | None:
    if isinstance(d, Expr) and not d.constant and len(d.terms) == 1:
        monomial, coefficient = d.terms[0]
        if coefficient == 1 and len(monomial) == 1:
            return monomial[0]
    return None


def _remainders(e: Expr) -> tuple[list[_Piece], list[tuple[Monomial, int]], int]:
    """Pulls out what reads better whole; also returns what is left of the terms and the constant."""
    left = dict(e.terms)
    constant = e.constant
    pieces: list[_Piece] = []
    for monomial, coefficient in e.terms:
        atom = monomial[0]
        if len(monomial) > 1 or not isinstance(atom, Floor) or left.get(monomial) != coefficient:
            continue
        for k, x, operator, value in _readings(atom, coefficient):
            if isinstance(value, Expr) and all(left.get(m) == c for m, c in value.terms):
                for m, _ in value.terms:
                    del left[m]
                constant -= value.constant
                body = _quotient(x, operator, atom.divisor)
                bare = abs(k) == 1
                pieces.append(_Piece(k < 0, body if bare else f"{abs(k)}*({body})", bare))
                break
    return pieces, list(left.items()), constant


def _readings(floor: Floor, coefficient: int) -> Iterator[tuple[int, Dim, str, Dim]]:
    """(k, x, operator, k·(x operator d) written out) for what a floor may be a part of.

    x % d = x - d·(x // d), (-x) % d = d·((x + d - 1) // d) - x, ((d - 1)·x) // d = x - (x + d - 1) // d.
    """
    x, d = floor.numerator, floor.divisor
    if not isinstance(d, int) or isinstance(x, int):
        return
    whole = of_atom(floor)
    turns = d > 2 and x.terms[0][1] == 1  # only then is the negative normalised to this same floor
    if coefficient % d == 0:
        k = coefficient // d
        positive = (-k, x, "%", k * (d * whole - x))
        negative = (k, d - 1 - x, "%", k * (d * whole + d - 1 - x))
        if turns:
            yield from (negative, positive) if x.constant == d - 1 else (positive, negative)
        else:
            yield positive
    elif turns and d <= _LARGEST_SCALE:
        rest = d - 1 - x.constant
        yield -coefficient, (d - 1) * (x - x.constant) + rest, "//", coefficient * (whole - x + x.constant)


def _term(monomial: Monomial, coefficient: int) -> _Piece:
    negative, size = coefficient < 0, abs(coefficient)
    if size == 1 and len(monomial) == 1:
        return _Piece(negative, monomial[0].text, isinstance(monomial[0], Floor))
    texts = [f"({atom.text})" if isinstance(atom, Floor) else atom.text for atom in monomial]
    texts.sort(key=lambda text: text.startswith("("))
    return _Piece(negative, _scaled(size, "*".join(texts)))


def _quotient(numerator: Dim, operator: str, divisor: Dim) -> str:
    return f"{_left(numerator)}{operator}{_right(divisor)}"


def _left(d: Dim) -> str:
    """An operand before `//`: bare if it is a product, since `2*H//3` is `(2*H)//3`."""
    text = str(d)
    if isinstance(d, int):
        return text if d >= 0 else f"({text})"
    bare = len(d.terms) == 1 and not d.constant and d.terms[0][1] > 0
    return text if bare else f"({text})"


def _right(d: Dim) -> str:
    """An operand after `//`: bare only if nothing in it could be taken for part of the quotient."""
    text = str(d)
    if isinstance(d, int):
        return text if d >= 0 else f"({text})"
    atom = _only_atom(d)
    return text if atom is not None and not isinstance(atom, Floor) else f"({text})"
