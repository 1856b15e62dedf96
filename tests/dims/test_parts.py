"""The parts below decide: polynomials, periodic sets, factors, extrema."""

import itertools
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import evaluate, maximum, minimum, product, symbol
from convlint.dims.expr import Expr
from convlint.dims.factor import factors, separating_constant
from convlint.dims.integers import Inexact, IntegerSet, between, residues
from convlint.dims.polynomial import difference, signs, times, trimmed, value

H, W, N = symbol("H"), symbol("W"), symbol("N")
CASES = settings(deadline=None, derandomize=True, max_examples=150)

polynomials = st.one_of(
    st.lists(st.integers(-40, 40), max_size=5).map(trimmed),
    st.lists(st.integers(0, 30), min_size=1, max_size=4).map(lambda roots: with_roots(roots)),
)


def with_roots(roots):
    result = (1,)
    for root in roots:
        result = times(result, (-root, 1))
    return result


@CASES
@given(p=polynomials, start=st.integers(0, 9))
def test_signs_are_those_of_every_integer(p, start):
    found = signs(p, start)
    assert found[0][0] == start
    assert all(a[0] < b[0] and a[1] != b[1] for a, b in itertools.pairwise(found))
    for q in range(start, 60):
        sign = next(sign for at, sign in reversed(found) if at <= q)
        assert sign == (value(p, q) > 0) - (value(p, q) < 0)


def test_signs_are_found_far_out():
    p = with_roots([10**30, 10**30 + 1, 3])
    assert signs(p, 0) == [(0, -1), (3, 0), (4, 1), (10**30, 0), (10**30 + 2, 1)]
    assert difference((5, 0, 1)) == (1, 2)


runs = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), max_size=3)
sets = st.one_of(
    st.builds(between, st.integers(-3, 20), st.one_of(st.none(), st.integers(0, 30))),
    st.integers(1, 6).flatmap(lambda m: st.builds(residues, st.just(m), st.sets(st.integers(0, m - 1)))),
)


@CASES
@given(a=sets, b=sets, c=sets)
def test_sets_are_sets(a, b, c):
    u = a.intersection(b).complement().minus(c)
    plain = [x for x in range(120) if not (x in a and x in b) and x not in c]
    assert [x for x in range(120) if x in u] == plain
    assert list(islice((x for x in u.members()), 20)) == plain[:20] or u.bounded
    if u.bounded:
        assert u.size == len(plain) and list(u.members()) == plain
        assert u.empty == (not plain)
        if plain:
            assert (u.smallest(), u.largest()) == (plain[0], plain[-1])
    else:
        assert u.size is None and u.largest() is None and u.smallest() == plain[0]


@CASES
@given(a=sets, factor=st.integers(1, 5))
def test_a_larger_modulus_is_the_same_set(a, factor):
    b = a.lifted(a.modulus * factor)
    assert [x in a for x in range(150)] == [x in b for x in range(150)]


def test_moduli_have_a_limit():
    with pytest.raises(Inexact):
        residues(4099, {0}).intersection(residues(4097, {0}))
    assert -1 not in IntegerSet(1, (((0, None),),))


@pytest.mark.parametrize(
    ("e", "scale", "parts"),
    [
        (16 * (H // 4 - 3) * (W // 4 - 3), 16, {H // 4 - 3: 1, W // 4 - 3: 1}),
        (-6 * H * W, -6, {H: 1, W: 1}),
        (H * H * W, 1, {H: 2, W: 1}),
        ((H + 2) ** 2, 1, {H + 2: 2}),
        ((2 * H + 3) ** 3, 1, {2 * H + 3: 3}),
        ((H - 3) * (H + 5), 1, {H - 3: 1, H + 5: 1}),
        (4 * H + 6, 2, {2 * H + 3: 1}),
        (H * W + 1, 1, {H * W + 1: 1}),
        ((H + 1) * (W + 2) * (N + 3) * 5, 5, {H + 1: 1, W + 2: 1, N + 3: 1}),
        ((H + W) * (N + 1), 1, {H + W: 1, N + 1: 1}),
        (H * H + 1, 1, {H * H + 1: 1}),
    ],
)
def test_factors(e, scale, parts):
    assert factors(e).scale == scale
    assert dict(factors(e).powers) == parts


@CASES
@given(data=st.data())
def test_factors_multiply_to_the_expression(texts, data):
    drawn = [texts.dim(data.draw(texts.strategy("HW", nests=3))) for _ in range(2)]
    e = product(d for d in drawn if d is not None)
    if isinstance(e, Expr):
        split = factors(e)
        assert product([split.scale, *(base**power for base, power in split.powers)]) == e


def test_the_constant_that_makes_a_product():
    assert separating_constant(H * W + 3 * H + 2 * W + 7) == [1]
    assert separating_constant(H // 16 * (W // 16) + 1) == [1]
    assert separating_constant(H + W) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (minimum(H, H + 3), H),
        (maximum(H, H + 3), H + 3),
        (minimum(H, 1), 1),
        (minimum(H, 0), 0),
        (maximum(H, 1), H),
        (minimum(H + 3, W + 5), minimum(H, W + 2) + 3),
        (minimum(2 * H, 2 * W), 2 * minimum(H, W)),
        (minimum(H, minimum(W, N)), minimum(N, H, W)),
        (minimum(H, minimum(W, N) + 1), minimum(H, W + 1, N + 1)),
        (minimum(-H, -maximum(W, N)), minimum(-H, -W, -N)),
        (maximum(H, 3, 7), maximum(7, H)),
        (minimum(5), 5),
        (maximum(2, 9), 9),
        (minimum(H // 2, H // 2), H // 2),
    ],
)
def test_extrema(left, right):
    assert left == right


def test_the_extremum_of_nothing_is_a_value_error():
    for function in (minimum, maximum):
        with pytest.raises(ValueError):
            function()


@CASES
@given(
    offsets=st.lists(
        st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-9, 9)), min_size=1, max_size=4
    )
)
def test_extrema_agree_with_python(offsets):
    dims = [a * H + b * W + c for a, b, c in offsets]
    low, high = minimum(*dims), maximum(*dims)
    for h, w in itertools.product(range(1, 8), repeat=2):
        values = [a * h + b * w + c for a, b, c in offsets]
        assert evaluate(low, {"H": h, "W": w}) == min(values)
        assert evaluate(high, {"H": h, "W": w}) == max(values)
