"""How dimensions read, and that they are read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import maximum, minimum, parse, symbol

H, W, N = symbol("H"), symbol("W"), symbol("N")


@pytest.mark.parametrize(
    ("d", "text"),
    [
        (H, "H"),
        ((H + 1) // 2, "(H+1)//2"),
        ((H + 31) // 32, "(H+31)//32"),
        (H // 2 + 2, "H//2+2"),
        (2 * H + 3, "2*H+3"),
        (64 * W * H, "64*H*W"),
        (5 - H, "5-H"),
        (-H, "-H"),
        (-(H // 2), "-(H//2)"),
        (3 * (H // 2), "3*(H//2)"),
        ((2 * H) // 3, "2*H//3"),
        (H - W, "H-W"),
        (W - H, "W-H"),
        (H * W + 2 * H + 1, "H*W+2*H+1"),
        (H * W + 2 * H, "H*(W+2)"),
        (16 * ((H - 12) // 4) * ((W - 12) // 4), "16*(H//4-3)*(W//4-3)"),
        ((H // 2 + 2) * (H // 2 + 2), "(H//2+2)*(H//2+2)"),
        (2 * H + 2, "2*H+2"),
        (H % 2, "H%2"),
        (-(H % 2), "-(H%2)"),
        (3 * (H % 4) + 1, "3*(H%4)+1"),
        (5 - H % 2, "5-H%2"),
        ((H + 1) % 2, "(H+1)%2"),
        ((2 * H) % 5, "2*H%5"),
        ((-H) % 32, "(-H)%32"),
        (H + (-H) % 32, "32*((H+31)//32)"),
        (-(-H // 32), "(H+31)//32"),
        ((3 * H) // 4, "3*H//4"),
        (2 * ((3 * H + 1) // 4), "2*((3*H+1)//4)"),
        ((3 * H // 4 + 1) // 2, "(3*H+4)//8"),
        (H // W, "H//W"),
        (H // (2 * W), "H//(2*W)"),
        (H // (W // 2), "H//(W//2)"),
        (H // (W + 1), "H//(W+1)"),
        (3 // H, "3//H"),
        ((H * W) // 2, "H*W//2"),
        (minimum(H, 3), "min(3, H)"),
        (maximum(H - 3, 0), "max(3, H)-3"),
        (2 * minimum(H, W), "2*min(H, W)"),
        (symbol("x.shape[2]") // 2, "x.shape[2]//2"),
        (symbol("?conv1.in") * 3, "3*?conv1.in"),
        (symbol("two words") + 1, "`two words`+1"),
        (symbol("a+b") * symbol("tick`"), "`a+b`*`tick```"),
        (symbol(""), "``"),
        (symbol("größe"), "größe"),
    ],
)
def test_reads_as_a_person_writes(d, text):
    assert str(d) == text
    assert parse(text) is d


@pytest.mark.parametrize(
    ("text", "d"),
    [
        (" ( H + 31 ) // 32 ", (H + 31) // 32),
        ("-3", -3),
        ("--3", 3),
        ("2 * 3 + 4", 10),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("H*W//2%3", (H * W) // 2 % 3),
        ("-H//2", (-H) // 2),
        ("H**2", H * H),
        ("-H**2", -(H * H)),
        ("min(H, max(W, 3), 4)", minimum(H, 4, maximum(W, 3))),
        ("min(H)", H),
        ("min + max", symbol("min") + symbol("max")),
        ("x . y", None),
        ("((((H))))", H),
    ],
)
def test_accepts_what_people_write(text, d):
    if d is None:
        with pytest.raises(ValueError):
            parse(text)
    else:
        assert parse(text) == d


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "H+", "*H", "H W", "(H", "H)", "H//0", "H%0", "1.5", "H/2", "min()", "min(H,)", "H<3",
        "H,W", "'H'", "H**W", "H**-1", "2**10**10", "max(H", "`H", "lambda: 3", "H if W else 3", "f(H)",
        "H[", "H\x00", "9" * 5000, "(" * 5000, "-" * 30_000 + "H", "H" + "+H*H" * 20_000,
    ],
)  # fmt: skip
def test_anything_else_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse(text)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(data=st.data())
def test_what_is_printed_is_read_back_and_is_python(texts, data):
    text = data.draw(texts.strategy("HWN", nests=10))
    d = texts.dim(text)
    if d is None:
        return
    assert parse(str(d)) == d
    for assignment in ({"H": 7, "W": 3, "N": 2}, {"H": 1, "W": 1, "N": 1}, {"H": 32, "W": 5, "N": 9}):
        expected = texts.value(text, assignment)
        if expected is not None:
            assert texts.value(str(d), assignment) == expected


@settings(deadline=None, derandomize=True, max_examples=200)
@given(name=st.text(max_size=8))
def test_any_text_is_a_name(name):
    assert parse(str(symbol(name) * 2 + 1)) is symbol(name) * 2 + 1


@settings(deadline=None, derandomize=True, max_examples=150)
@given(text=st.text(alphabet="HW12+-*/%(),min ax`?.[]<=", max_size=16))
def test_any_text_is_a_dimension_or_a_value_error(text):
    try:
        d = parse(text)
    except ValueError:
        return
    assert parse(str(d)) == d
