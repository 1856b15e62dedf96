"""Arithmetic on symbolic extents: whatever is answered agrees with Python for every size that is put in."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convlint.dims import Expr, holds, symbol
from convlint.dims.substitution import evaluate
from convlint.libs.python.quotient import Quotient
from convlint.values import Condition, Raised, Unknown
from tests.libs.python.running import run, value

SIZES = [(h, w) for h in (1, 2, 3, 4, 5, 7, 8, 16, 31, 224) for w in (1, 2, 3, 6, 33)]
H, W = symbol("H"), symbol("W")

ATOMS = st.sampled_from(
    ["H", "W", "1", "2", "3", "4", "7", "16", "-1", "-3", "0.5", "2.0", "1.5", "0.25", "0.1"]
)
ARITHMETIC = st.sampled_from(["+", "-", "*", "//", "%", "/"])
ROUNDING = st.sampled_from(["int", "round", "math.floor", "math.ceil", "abs", "float", "math.trunc"])
PAIRS = st.sampled_from(["max", "min"])
COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, ARITHMETIC, inner),
        st.builds(lambda f, a: f"{f}({a})", ROUNDING, inner),
        st.builds(lambda f, a, b: f"{f}({a}, {b})", PAIRS, inner, inner),
    )


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=6)
QUESTIONS = st.builds(lambda a, op, b: f"{a} {op} {b}", EXPRESSIONS, COMPARISONS, EXPRESSIONS)


def agrees(source: str) -> None:
    try:
        found = run(f"import math\nresult = {source}", H=H, W=W)["result"]
    except Raised as raised:
        for h, w in SIZES:
            with pytest.raises(ArithmeticError) as caught:
                eval(source, {"math": math, "H": h, "W": w})
            assert type(caught.value).__name__ == raised.value.cls.name
        return
    for h, w in SIZES:
        try:
            expected = eval(source, {"math": math, "H": h, "W": w})
        except ZeroDivisionError:
            continue  # a symbolic divisor that is zero here: nothing is claimed
        check(found, expected, {"H": h, "W": w}, source)


def check(found: object, expected: object, sizes: dict[str, int], source: str) -> None:
    match found:
        case Unknown():
            return
        case Expr():
            assert type(expected) is int and evaluate(found, sizes) == expected, (source, sizes)
        case Quotient():
            exact = evaluate(found.numerator, sizes) / evaluate(found.denominator, sizes)
            assert type(expected) is float and exact == expected, (source, sizes)
        case Condition():
            assert holds(found.question, sizes) is expected, (source, sizes)  # type: ignore[arg-type]
        case _:
            assert type(found) is type(expected) and found == expected, (source, sizes)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(EXPRESSIONS)
@example("int(H / 2)")
@example("round(H * 0.5)")
@example("int((H - 5) / 2)")
@example("math.ceil(H / 3)")
@example("int(H * 0.1)")
@example("(H / 2) // 1.5")
@example("H / -2 % 3")
def test_arithmetic(source: str) -> None:
    agrees(source)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(QUESTIONS)
@example("H / 2 == H // 2")
@example("0.5 < H")
@example("H * 0.1 > 1")
def test_comparisons(source: str) -> None:
    agrees(source)


ANSWERED = {
    "int(H / 2)": "H//2",
    "H // 2 * 2": "2*(H//2)",
    "math.ceil(H / 2)": "(H+1)//2",
    "round(H / 3)": "(H+1)//3",
    "max(H, 1)": "H",
    "int(H * 0.25)": "H//4",
    "int(math.sqrt(H * H))": "H",
    "int((H * H) ** 0.5)": "H",
    "math.prod([2, H, W])": "2*H*W",
    "sum([H, W, 1])": "H+W+1",
    "len(range(0, H, 2))": "(H+1)//2",
    "divmod(H, 2)[0]": "H//2",
    "H << 1": "2*H",
    "H >> 1": "H//2",
    "int(float(H))": "H",
    "[H, W][1]": "W",
    "{'a': H}['a']": "H",
    "abs(-H)": "H",
}


@pytest.mark.parametrize("source", ANSWERED)
def test_common_idioms_are_answered(source: str) -> None:
    found = run(f"import math\nresult = {source}", H=H, W=W)["result"]
    assert str(found) == ANSWERED[source]


@pytest.mark.parametrize(
    "source", ["2 ** H", "H ** H", "f'{H}'", "str(H)", "[0] * H", "list(range(H))", "H * 0.7", "'%d' % H"]
)
def test_what_depends_on_a_symbol_is_unknown(source: str) -> None:
    assert isinstance(value(source, H=H), Unknown)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("H is None", False),
        ("H == 'a'", False),
        ("H > 0", True),
        ("H in []", False),
        ("isinstance(H, int)", True),
        ("isinstance(H / 2, float)", True),
        ("isinstance(H > 3, bool)", True),
        ("isinstance(H, float)", False),
        ("type(H) is int", True),
        ("H == H", True),
        ("(H, 1) == (H, 1)", True),
        ("(H, 1) == (H, 2)", False),
        ("[H] == (H,)", False),
        ("{H: 1}[H]", 1),
        ("{H: 1}.get('a')", None),
        ("'a' in {H: 1}", False),
        ("bool(H)", True),
        ("H != H + 1", True),
        ("(H / 2).is_integer()", Condition),
        ("H == 3", Condition),
        ("H in [3]", Condition),
        ("[H, 2] == [3, 2]", Condition),
    ],
)
def test_symbols_among_data(source: str, answer: object) -> None:
    found = value(source, H=H)
    assert isinstance(found, answer) if isinstance(answer, type) else found == answer
