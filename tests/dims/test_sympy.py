"""sympy as a second oracle: the same value, and the same exact ranges of solutions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Equal, Verdict, decide, parse, symbol

sympy = pytest.importorskip("sympy")
NAMES = {name: sympy.Symbol(name, integer=True, positive=True) for name in "HW"}


def translated(text):
    """The text in sympy's terms: `//` and `%` become floor and Mod."""

    class Number:
        def __init__(self, e):
            self.e = sympy.sympify(e)

        def __add__(self, other):
            return Number(self.e + other.e)

        def __sub__(self, other):
            return Number(self.e - other.e)

        def __mul__(self, other):
            return Number(self.e * other.e)

        def __floordiv__(self, other):
            return Number(sympy.floor(self.e / other.e))

        def __mod__(self, other):
            return Number(sympy.Mod(self.e, other.e))

        def __neg__(self):
            return Number(-self.e)

    import re

    source = re.sub(r"\b(\d+)\b", r"Number(\1)", text)
    return eval(source, {"Number": Number, **{name: Number(s) for name, s in NAMES.items()}}).e


def arithmetic():
    leaves = st.one_of(st.sampled_from(["H", "W"]), st.integers(0, 9).map(str))

    def inner(texts):
        return st.one_of(
            st.builds("({}{}{})".format, texts, st.sampled_from("+-*"), texts),
            st.builds("({}//{})".format, texts, st.sampled_from([2, 3, 4, 8])),
            st.builds("({}%{})".format, texts, st.sampled_from([2, 3, 5])),
        )

    return st.recursive(leaves, inner, max_leaves=6)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(text=arithmetic())
def test_the_normal_form_has_sympys_value(text):
    theirs, ours = translated(text), translated(str(parse(text)))
    for h, w in ((1, 1), (7, 4), (32, 5), (33, 18)):
        at = {NAMES["H"]: h, NAMES["W"]: w}
        assert sympy.simplify(theirs).subs(at) == ours.subs(at)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    coefficients=st.lists(st.integers(-9, 9), min_size=2, max_size=4).filter(lambda c: c[-1] and any(c[:-1])),
)
def test_integer_roots_are_sympys(coefficients):
    h = NAMES["H"]
    theirs = sympy.Poly(coefficients[::-1], h)
    roots = {int(root) for root in sympy.roots(theirs, filter="Z") if root >= 1}
    ours = decide(Equal(sum((c * symbol("H") ** i for i, c in enumerate(coefficients)), start=0), 0))
    assert (ours.verdict is Verdict.NEVER) == (not roots)
    if roots:
        assert ours.holds == {"H": min(roots)}
        assert all(ours.condition.holds({"H": x}) == (x in roots) for x in range(1, 100))
