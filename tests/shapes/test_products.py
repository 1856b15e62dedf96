"""Matrix products and Einstein summation against loops over indices."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import symbol
from convlint.shapes.einsum import EquationError, einsum, parsed
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.shapes.matrix import batched, matrix_product, product_macs, tensordot

exactly = settings(deadline=None, derandomize=True, max_examples=150)
N, L, E = symbol("N"), symbol("L"), symbol("E")
SIZE = st.integers(1, 3)


@exactly
@given(st.lists(SIZE, max_size=2), st.lists(SIZE, max_size=2), SIZE, SIZE, SIZE)
def test_batches_broadcast_and_inner_extents_meet(a: list[int], b: list[int], n: int, k: int, m: int) -> None:
    outcome = matrix_product((*a, n, k), (*b, k, m))
    rank = max(len(a), len(b))
    left, right = [1] * (rank - len(a)) + a, [1] * (rank - len(b)) + b
    if all(x == y or 1 in (x, y) for x, y in zip(left, right, strict=True)):
        batch = tuple(max(x, y) for x, y in zip(left, right, strict=True))
        assert outcome == Lawful((*batch, n, m))
        assert product_macs((*a, n, k), (*b, k, m), (*batch, n, m)) == k * n * m * max_product(batch)
    else:
        assert isinstance(outcome, Fault) and outcome.kind is Kind.JOIN
    if k > 1:
        odd = matrix_product((n, k), (k + 1, m))
        assert isinstance(odd, Fault) and (odd.kind, odd.expected, odd.got) == (Kind.FEATURES, k + 1, k)


def max_product(numbers: tuple[int, ...]) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


def test_lone_axes_go_away() -> None:
    assert matrix_product((4,), (4,)) == Lawful(())
    assert matrix_product((4,), (N, 4, 3)) == Lawful((N, 3))
    assert matrix_product((N, L, 4), (4,)) == Lawful((N, L))
    assert isinstance(matrix_product((), (4,)), Fault)


def test_a_batched_product_does_not_broadcast() -> None:
    assert batched((N, L, E), (N, E, L)) == Lawful((N, L, L))
    assert isinstance(batched((1, 2, 3), (2, 3, 4)), Fault)
    assert isinstance(batched((2, 3), (2, 3, 4)), Fault)


def test_listed_axes_meet() -> None:
    assert tensordot((2, 3, 4), (4, 3, 5), ((1, 2), (1, 0))) == Lawful((2, 5))
    assert isinstance(tensordot((2, 3), (4, 5), ((1,), (0,))), Fault)


@exactly
@given(
    st.sampled_from(
        ["ij,jk->ik", "bij,bjk->bik", "ij,kj->ik", "ij,jk->", "ij,jk", "ii->i", "ij->ji", "i,j->ij"]
    ),
    st.fixed_dictionaries(dict.fromkeys("bijk", SIZE)),
)
def test_the_sum_that_loops_would_make(equation: str, sizes: dict[str, int]) -> None:
    left, arrow, right = equation.partition("->")
    parts = left.split(",")
    if not arrow:
        letters = left.replace(",", "")
        right = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    shapes = [tuple(sizes[c] for c in part) for part in parts]
    outcome, macs = einsum(parsed(equation), shapes)
    assert outcome == Lawful(tuple(sizes[c] for c in right))
    labels = sorted(set(left) - {","})
    places: dict[tuple[int, ...], int] = defaultdict(int)
    for index in product(*(range(sizes[c]) for c in labels)):
        at = dict(zip(labels, index, strict=True))
        places[tuple(at[c] for c in right)] += 1
    contracted = len(parts) == 2 and bool(set(parts[0]) & set(parts[1]) - set(right))
    alone = [c for c in labels if c not in right and not all(c in part for part in parts)]
    expected = sum(places.values())
    for c in alone:
        expected //= sizes[c]
    assert macs == (expected if contracted else 0)


@pytest.mark.parametrize(
    ("equation", "shapes", "expected"),
    [
        ("...ij,...jk->...ik", [(N, 2, 3), (3, 4)], (N, 2, 4)),
        ("bhid,bhjd->bhij", [(N, 8, L, E), (N, 8, L, E)], (N, 8, L, L)),
        ("b...,b->b...", [(N, 3, 4), (N,)], (N, 3, 4)),
        ("...", [(2, 3)], (2, 3)),
        ("AB,Ba->aA", [(2, 3), (3, 4)], (4, 2)),
    ],
)
def test_ellipses_and_orders(equation: str, shapes: list[Shape], expected: Shape) -> None:
    assert einsum(parsed(equation), shapes)[0] == Lawful(expected)


def test_the_order_of_three_operands_decides_the_costs() -> None:
    outcome, macs = einsum(parsed("ij,jk,kl->il"), [(2, 3), (3, 4), (4, 5)])
    assert outcome == Lawful((2, 5)) and macs is None


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("ij->ik", [(2, 3)]),
        ("ij->ii", [(2, 3)]),
        ("ij,jk->ik", [(2, 3)]),
        ("i->i", [(2, 3)]),
        ("ij......", [(2, 3)]),
        ("i1->i", [(2, 3)]),
    ],
)
def test_equations_that_are_none(equation: str, shapes: list[Shape]) -> None:
    with pytest.raises(EquationError):
        einsum(parsed(equation), shapes)


def test_labels_have_one_extent() -> None:
    outcome, _ = einsum(parsed("ij,jk->ik"), [(2, 3), (4, 5)])
    assert isinstance(outcome, Fault)
    assert (outcome.expected, outcome.got, outcome.detail) == (3, 4, "j")
