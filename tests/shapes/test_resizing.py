"""Laws other than the window's: padding, shuffles, folds, unpooling, resampling, norms, costs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import substitute, symbol
from convlint.shapes.contract import (
    bilinear,
    dense,
    grouped_channels,
    normalised_channels,
    normalised_trailing,
)
from convlint.shapes.cost import conv_parameters, dense_parameters, norm_parameters, weight_macs
from convlint.shapes.fault import Fault, Kind, Lawful
from convlint.shapes.fold import fold, unfold
from convlint.shapes.pad import Fill, pad
from convlint.shapes.resample import affine_grid, interpolate, sample
from convlint.shapes.shuffle import channels_among_groups, channels_from_space, space_from_channels
from convlint.shapes.unpool import unpool
from convlint.shapes.window import Window, pool

exactly = settings(deadline=None, derandomize=True, max_examples=100)


def kind(outcome: object) -> Kind | None:
    return outcome.kind if isinstance(outcome, Fault) else None


# -- padding -------------------------------------------------------------------------------------------------


def reflected(n: int, before: int, after: int) -> bool:
    """Whether every new place has a mirror inside the axis, by looking."""
    return all(0 <= -i < n for i in range(-before, 0)) and all(
        0 <= 2 * (n - 1) - i < n for i in range(n, n + after)
    )


def wrapped(n: int, before: int, after: int) -> bool:
    """Whether every new place copies one of the axis, going round once."""
    return all(0 <= i + n < n for i in range(-before, 0)) and all(0 <= i - n < n for i in range(n, n + after))


@exactly
@given(st.integers(1, 6), st.integers(0, 7), st.integers(0, 7))
def test_padding_modes_reach_only_so_far(n: int, before: int, after: int) -> None:
    made = n + before + after
    for fill, possible in (
        (Fill.REFLECT, reflected),
        (Fill.CIRCULAR, wrapped),
        (Fill.REPLICATE, lambda *_: True),
    ):
        outcome = pad((2, n), [(before, after)], fill)
        assert isinstance(outcome, Lawful) == possible(n, before, after)
        if isinstance(outcome, Lawful):
            assert outcome.shape == (2, made)


@exactly
@given(st.integers(1, 6), st.integers(-7, 3), st.integers(-7, 3))
def test_negative_padding_crops_before_constants_grow(n: int, before: int, after: int) -> None:
    outcome = pad((n,), [(before, after)])
    left = list(range(n))[max(-before, 0) :]
    cut = max(-after, 0)
    fits = -before <= n and cut <= len(left)
    assert isinstance(outcome, Lawful) == fits
    if isinstance(outcome, Lawful):
        assert outcome.shape == (n + before + after,)


def test_symbolic_padding_requires_its_room() -> None:
    outcome = pad((1, 3, symbol("H"), 8), [(2, 3), (1, 1)], Fill.REFLECT)
    assert isinstance(outcome, Lawful)
    assert str(outcome.shape[2]) == "H+5"
    assert sorted(str(r.question) for r in outcome.requires) == ["H ≥ 3", "H ≥ 4", "H+5 ≥ 0"]


# -- shuffles, folds, unpooling ------------------------------------------------------------------------------


@exactly
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 12), st.integers(1, 4))
def test_shuffles_invert_each_other(channels: int, height: int, width: int, factor: int) -> None:
    spread = space_from_channels((channels, height, width), factor)
    assert isinstance(spread, Lawful) == (channels % factor**2 == 0)
    if isinstance(spread, Lawful):
        assert channels_from_space(spread.shape, factor) == Lawful((channels, height, width))
    else:
        assert kind(spread) is Kind.CHANNELS
    gathered = channels_from_space((channels, height, width), factor)
    assert isinstance(gathered, Lawful) == (height % factor == 0 and width % factor == 0)


def test_channel_shuffle_keeps_the_shape() -> None:
    assert channels_among_groups((1, 12, 4, 4), 3) == Lawful((1, 12, 4, 4))
    assert kind(channels_among_groups((1, 12, 4, 4), 5)) is Kind.GROUPS


@exactly
@given(st.integers(4, 12), st.integers(4, 12), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))
def test_fold_takes_what_unfold_makes(
    height: int, width: int, kernel: int, stride: int, padding: int
) -> None:
    windows = (Window(kernel, stride, 1, padding, padding),) * 2
    columns = unfold((2, 3, height, width), windows)
    assert isinstance(columns, Lawful)
    blocks = {
        (i, j)
        for i in range(-padding, height + padding - kernel + 1, stride)
        for j in range(-padding, width + padding - kernel + 1, stride)
    }
    assert columns.shape == (2, 3 * kernel * kernel, len(blocks))
    assert fold(columns.shape, (height, width), windows) == Lawful((2, 3, height, width))
    assert kind(fold((2, 3 * kernel * kernel, len(blocks) + 1), (height, width), windows)) is Kind.RESHAPE


@exactly
@given(st.integers(2, 30), st.integers(1, 4), st.integers(1, 4))
def test_unpooling_gives_back_a_size_that_pools_alike(n: int, kernel: int, stride: int) -> None:
    if kernel > n:
        return
    windows = (Window(kernel, stride),)
    pooled = pool((2, n), windows, ranks=(2,))
    assert isinstance(pooled, Lawful)
    back = unpool(pooled.shape, windows, None)
    assert isinstance(back, Lawful)
    assert pool(back.shape, windows, ranks=(2,)) == pooled
    assert unpool(pooled.shape, windows, (n,)) == Lawful((2, n))


# -- resampling ----------------------------------------------------------------------------------------------


def test_interpolation_makes_any_size_but_none() -> None:
    assert interpolate((1, 3, 5, 7), (2, 9)) == Lawful((1, 3, 2, 9))
    assert kind(interpolate((1, 3, 5, 7), (0, 9))) is Kind.KERNEL
    outcome = interpolate((1, 3, 5), (symbol("H") - 1,))
    assert isinstance(outcome, Lawful)
    assert [str(r.question) for r in outcome.requires] == ["H-1 ≥ 1"]


def test_samples_have_the_places_of_the_grid() -> None:
    assert sample((2, 3, 5, 7), (2, 4, 6, 2)) == Lawful((2, 3, 4, 6))
    assert kind(sample((2, 3, 5, 7), (1, 4, 6, 2))) is Kind.JOIN
    assert kind(sample((2, 3, 5, 7), (2, 4, 6, 3))) is Kind.OTHER
    assert kind(sample((3, 5, 7), (2, 4, 2))) is Kind.RANK
    assert affine_grid((2, 2, 3), (2, 3, 4, 5)) == Lawful((2, 4, 5, 2))
    assert kind(affine_grid((2, 3, 4), (2, 3, 4, 5))) is Kind.OTHER


# -- dense layers, norms, costs ------------------------------------------------------------------------------


def test_a_dense_layer_reads_the_last_axis() -> None:
    assert dense((2, 5, 3), 3, 8) == Lawful((2, 5, 8))
    assert dense((3,), 3, None) == Lawful(())
    fault = dense((2, 9216), 4096, 10, detail="256·6·6")
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.expected, fault.got, fault.detail) == (Kind.FEATURES, 4096, 9216, "256·6·6")
    assert kind(dense((), 3, 8)) is Kind.RANK


def test_a_symbolic_map_decides_the_features() -> None:
    height = symbol("H")
    outcome = dense((1, 16 * (height // 4)), 400, 10)
    assert isinstance(outcome, Lawful)
    [requirement] = outcome.requires
    question = requirement.question
    left = question.a if hasattr(question, "a") else 0
    assert [n for n in range(1, 200) if substitute(left, {"H": n}) == 400] == [100, 101, 102, 103]


def test_bilinear_forms() -> None:
    assert bilinear((2, 3), (2, 4), (5, 3, 4)) == Lawful((2, 5))
    assert kind(bilinear((2, 3), (1, 4), (5, 3, 4))) is Kind.JOIN
    assert kind(bilinear((2, 3), (2, 3), (5, 3, 4))) is Kind.FEATURES


def test_norms_keep_the_shape() -> None:
    assert normalised_channels((2, 8, 4, 4), 8, argument="num_features") == Lawful((2, 8, 4, 4))
    assert kind(normalised_channels((2, 8, 4, 4), 4, argument="num_features")) is Kind.NORM
    assert normalised_trailing((2, 8, 4), (8, 4)) == Lawful((2, 8, 4))
    assert kind(normalised_trailing((2, 8, 4), (8, 3))) is Kind.NORM
    assert kind(normalised_trailing((4,), (8, 4))) is Kind.RANK
    assert kind(grouped_channels((2, 8, 4), 3)) is Kind.NORM


def test_parameters_that_the_articles_count() -> None:
    assert conv_parameters((5, 5), 1, 32) == 832
    assert conv_parameters((3, 3), 32, 64) == 18_496
    assert conv_parameters((3, 3), 3, 192, bias=False) == 5_184
    assert conv_parameters((5, 5), 96, 256, groups=2, bias=False) == 307_200
    assert dense_parameters(512 * 512, 8) == 2_097_160
    assert norm_parameters(64) == 128


def test_macs_of_alexnets_first_layers() -> None:
    assert weight_macs((96, 3, 11, 11), (1, 55, 55)) == 105_415_200
    assert weight_macs((256, 48, 5, 5), (1, 27, 27)) == 223_948_800
    assert weight_macs((10, 84), (1,)) == 840
