"""Expressions as a person writes them: `(H+1)//2`, `64*H*W`, `2*(H//2)+3`.

Law: `parse` reads back exactly what is printed here.
"""

from __future__ import annotations

import re

from convlint.dims.expr import Atom, Dim, Expr, Extremum, Floor, Monomial, Symbol

NAME = re.compile(r"\?*[^\W\d]\w*(?:\.\w+|\[-?\w+\])*")
"""Names that need no backticks: identifiers, with attributes and subscripts, opaque ones after a question mark."""


def atom_text(atom: Atom) -> str:
    """How an atom prints on its own."""
    match atom:
        case Symbol(name=name):
            return name if NAME.fullmatch(name) else "`" + name.replace("`", "``") + "`"
        case Floor(numerator=numerator, divisor=divisor):
            return f"{_operand(numerator)}//{_operand(divisor, right=True)}"
        case Extremum(kind=kind, operands=operands):
            return f"{kind}({', '.join(map(str, operands))})"
    raise TypeError(type(atom).__name__)


def expr_text(e: Expr) -> str:
    """The terms in order, what is added before what is subtracted first, no spaces."""
    signed = [(coefficient < 0, _term(monomial, abs(coefficient))) for monomial, coefficient in e.terms]
    if e.constant:
        signed.append((e.constant < 0, str(abs(e.constant))))
    lead = next((i for i, (negative, _) in enumerate(signed) if not negative), 0)
    signed.insert(0, signed.pop(lead))
    text = "".join(("-" if negative else "+") + body for negative, body in signed)
    return text.removeprefix("+")


def _term(monomial: Monomial, coefficient: int) -> str:
    if coefficient == 1 and len(monomial) == 1:
        return monomial[0].text
    factors = [f"({atom.text})" if isinstance(atom, Floor) else atom.text for atom in monomial]
    return "*".join([str(coefficient)] * (coefficient != 1) + factors)


def _operand(d: Dim, *, right: bool = False) -> str:
    """An operand of `//`: in parentheses unless it binds at least as tightly."""
    text = str(d)
    if isinstance(d, int):
        return f"({text})" if d < 0 else text
    single = len(d.terms) == 1 and not d.constant and d.terms[0][1] > 0
    if single and (d.terms[0][1] == 1 or not right) and (len(d.terms[0][0]) == 1 or not right):
        atom = d.terms[0][0][0]
        if not (isinstance(atom, Floor) and right):
            return text
    return f"({text})"
