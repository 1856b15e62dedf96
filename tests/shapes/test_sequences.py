"""Laws of sequences, recurrent and attention: what holds of symbols holds of every number in their place."""

from __future__ import annotations

from itertools import product as pairs

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Dim, substitute, symbol
from convlint.shapes import multihead
from convlint.shapes.attention import KEYS, VALUES, macs, mask_fits, scores, weighted
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.shapes.multihead import MultiHead, Sequences
from convlint.shapes.recurrent import Recurrence, batch_of, sequence, state_fits

extents = st.integers(1, 5)
L, N, S = symbol("L"), symbol("N"), symbol("S")
steady = settings(deadline=None, derandomize=True)


def put(shape: Shape, values: dict[str, int]) -> tuple[Dim, ...]:
    return tuple(substitute(extent, values) for extent in shape)


# -- recurrent -----------------------------------------------------------------------------------------------


@steady
@given(
    extents, extents, st.sampled_from([1, 3, 4]), st.integers(1, 3), st.sampled_from([1, 2]), st.booleans()
)
def test_macs_are_the_weights_read_at_every_step(
    inputs: int, hidden: int, gates: int, layers: int, directions: int, projected: bool
) -> None:
    projection = hidden - 1 if projected and hidden > 1 else None
    cells = Recurrence(inputs, hidden, gates, layers, directions, projection)
    matrices = [
        shape
        for layer, _ in pairs(range(layers), range(directions))
        for _, shape in cells.weights(layer)
        if len(shape) == 2
    ]
    assert cells.macs(7, layers) == 7 * sum(a * b for a, b in matrices)  # type: ignore[operator]
    for layer in range(1, layers):
        assert dict(cells.weights(layer))["weight_ih"][1] == cells.output * directions


@steady
@given(extents, extents, extents, st.booleans(), st.booleans())
def test_numbers_in_place_of_symbols(
    length: int, batch: int, hidden: int, first: bool, batched: bool
) -> None:
    cells = Recurrence(3, hidden, 4, 2, 2, batch_first=first)
    shape: Shape = (L, 3) if not batched else (N, L, 3) if first else (L, N, 3)
    values = {"L": length, "N": batch}
    symbolic, numeric = sequence(shape, cells), sequence(put(shape, values), cells)
    assert isinstance(symbolic, Lawful) and isinstance(numeric, Lawful)
    assert put(symbolic.shape, values) == numeric.shape
    assert put(cells.state(batch_of(shape, cells)), values) == (4, *([batch] if batched else []), hidden)


def test_a_sequence_of_other_features_or_rank() -> None:
    cells = Recurrence(3, 5, 1)
    wrong = sequence((7, 2, 4), cells)
    assert isinstance(wrong, Fault) and (wrong.kind, wrong.expected, wrong.got) == (Kind.FEATURES, 3, 4)
    assert isinstance(sequence((3,), cells), Fault) and isinstance(state_fits((1, 2), (1, 2, 5)), Fault)


# -- attention -----------------------------------------------------------------------------------------------


@steady
@given(st.lists(extents, max_size=2), extents, extents, extents, extents)
def test_both_products_counted_by_hand(
    lead: list[int], targets: int, sources: int, features: int, values: int
) -> None:
    query, key, value = (*lead, targets, features), (*lead, sources, features), (*lead, sources, values)
    weights = scores(query, key)
    assert isinstance(weights, Lawful)
    result = weighted(weights.shape, value)
    assert isinstance(result, Lawful) and result.shape == (*lead, targets, values)
    maps = 1
    for extent in lead:
        maps *= extent
    counted = sum(1 for _ in pairs(range(maps), range(targets), range(sources), range(features + values)))
    assert macs(query, weights.shape, result.shape) == counted


def test_which_product_fails() -> None:
    first = scores((2, 3, 4), (2, 5, 6))
    assert isinstance(first, Fault) and (first.detail, first.expected, first.got) == (KEYS, 4, 6)
    second = weighted((2, 3, 5), (2, 6, 4))
    assert isinstance(second, Fault) and (second.detail, second.expected, second.got) == (VALUES, 5, 6)


def test_a_mask_stretches_only_itself() -> None:
    assert isinstance(mask_fits((1, 5), (2, 3, 4, 5)), Lawful)
    assert isinstance(mask_fits((2, 1, 3, 5), (1, 1, 3, 5)), Fault)
    assert isinstance(mask_fits((3, 6), (2, 3, 5)), Fault)


@steady
@given(extents, extents, extents, extents, st.integers(0, 2), st.booleans())
def test_heads_share_the_features(
    targets: int, sources: int, batch: int, heads: int, extra: int, first: bool
) -> None:
    """All heads together multiply as much as one head of all features, plus the added keys."""
    embed = heads * 2
    many, one = MultiHead(embed, heads, embed, embed, extra), MultiHead(embed, 1, embed, embed, extra)
    assert many.macs(targets, sources, batch) == one.macs(targets, sources, batch)
    plain = MultiHead(embed, heads, embed, embed)
    added = batch * targets * extra * embed * 2
    assert many.macs(targets, sources, batch) == plain.macs(targets, sources, batch) + added  # type: ignore[operator]
    query: Shape = (N, L, embed) if first else (L, N, embed)
    key: Shape = (N, S, embed) if first else (S, N, embed)
    values = {"L": targets, "S": sources, "N": batch}
    given_, numbers = (
        Sequences(query, key, key, first),
        Sequences(put(query, values), put(key, values), put(key, values), first),
    )
    symbolic, numeric = multihead.attended(given_, many), multihead.attended(numbers, many)
    assert isinstance(symbolic, Lawful) and isinstance(numeric, Lawful)
    assert put(symbolic.shape, values) == numeric.shape == numbers.query
    shape = multihead.weights(given_, many, averaged=False)
    assert put(shape, values) == (batch, heads, targets, sources + extra)
