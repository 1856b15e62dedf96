"""Patterns of named axes: the law on numbers and on symbols, with a count over every index as the oracle."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import Divides, Expr, evaluate, holds, symbol
from convlint.shapes.axis_pattern import PatternError, side, starred
from convlint.shapes.einmix import mix
from convlint.shapes.fault import Fault
from convlint.shapes.rearrange import Steps, WrongRank, ranks, recipe, steps

NAMES = "abcdef"
LAW = settings(deadline=None, derandomize=True)


@st.composite
def patterns(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]], dict[str, int], dict[str, int]]:
    """Groups of both sides, an extent for each name, and those that are given: all but one of a group."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    left, right = draw(groups(names)), draw(st.permutations(names).flatmap(groups))
    extents = {name: draw(st.integers(1, 4)) for name in names}
    given_ = {name: extents[name] for group in left for name in group[1:]}
    return left, right, extents, given_


def groups(names: list[str]) -> st.SearchStrategy[list[list[str]]]:
    """The names cut into groups, in their order."""
    cuts = st.lists(st.booleans(), min_size=len(names) - 1, max_size=len(names) - 1)

    def cut(where: list[bool]) -> list[list[str]]:
        found = [[names[0]]]
        for name, new in zip(names[1:], where, strict=True):
            if new:
                found.append([name])
            else:
                found[-1].append(name)
        return found

    return cuts.map(cut)


def text(side_: list[list[str]]) -> str:
    return " ".join(f"({' '.join(group)})" for group in side_)


@LAW
@given(patterns())
def test_every_element_goes_where_its_names_say(
    drawn: tuple[list[list[str]], list[list[str]], dict[str, int], dict[str, int]],
) -> None:
    left, right, extents, given_ = drawn
    shape = tuple(prod(extents[name] for name in group) for group in left)
    made = recipe(f"{text(left)} -> {text(right)}", "rearrange", tuple(given_), len(shape))
    found = steps(made, shape, given_)
    assert isinstance(found, Steps) and not found.requires
    assert found.shape == tuple(prod(extents[name] for name in group) for group in right)
    names = [name for group in left for name in group]
    assert found.split == tuple(extents[name] for name in names)
    moved = [names[place] for place in found.order]
    assert moved == [name for group in right for name in group]
    places = {tuple(p[names.index(n)] for n in moved) for p in product(*map(range, found.split))}
    assert len(places) == prod(extents.values())


@LAW
@given(patterns(), st.data())
def test_symbols_say_what_numbers_would(
    drawn: tuple[list[list[str]], list[list[str]], dict[str, int], dict[str, int]], data: st.DataObject
) -> None:
    left, right, _, given_ = drawn
    values = {f"S{axis}": data.draw(st.integers(1, 24)) for axis in range(len(left))}
    shape = tuple(symbol(name) for name in values)
    made = recipe(f"{text(left)} -> {text(right)}", "rearrange", tuple(given_), len(shape))
    free, fixed = steps(made, shape, given_), steps(made, tuple(values.values()), given_)
    assert isinstance(free, Steps)
    fits = all(holds(each.question, values) for each in free.requires)
    assert fits == isinstance(fixed, Steps)
    if isinstance(fixed, Steps):
        assert tuple(evaluate(extent, values) for extent in free.shape) == fixed.shape


def test_a_free_axis_is_divided_under_a_condition() -> None:
    height = symbol("H")
    found = steps(recipe("b (h p) -> b h p", "rearrange", ("p",), 2), (symbol("N"), height), {"p": 16})
    assert isinstance(found, Steps)
    assert [each.question for each in found.requires] == [Divides(16, height)]
    assert isinstance(found.shape[1], Expr) and str(found.shape[1]) == "H//16"


def test_a_fault_names_the_extents_that_were_given() -> None:
    found = steps(recipe("b (h p) -> b h p", "rearrange", ("p",), 2), (2, 30), {"p": 16})
    assert isinstance(found, Fault)
    assert (found.expected, found.got, found.axis, found.arguments) == (16, 30, 1, ("p", "pattern"))


def test_an_ellipsis_stands_for_any_axes() -> None:
    for hidden in range(3):
        shape = (2, *(5,) * hidden, 3)
        found = steps(recipe("a ... b -> b (... a)", "rearrange", (), len(shape)), shape, {})
        assert isinstance(found, Steps) and found.shape == (3, 2 * 5**hidden)
    assert ranks("a ... b -> b (... a)") == range(2, 10)
    assert ranks("a b -> b a") == range(2, 3)


@pytest.mark.parametrize(
    "text_", ["a a", "a (b (c))", "a)", "(a", "a.b", "... ...", "a-b", "_a", "a_", "9a", "0"]
)
def test_what_is_no_side(text_: str) -> None:
    with pytest.raises(PatternError):
        side(text_)


def test_a_rank_is_told_from_a_pattern() -> None:
    with pytest.raises(WrongRank) as wrong:
        recipe("a b -> b a", "rearrange", (), 3)
    assert wrong.value.expected == 2


def test_the_star_of_a_packing() -> None:
    assert starred("i j * k", "pack") == (2, 1)
    for pattern in ("i j", "i i *", "i_ *", "* *"):
        with pytest.raises(PatternError):
            starred(pattern, "pack")


def test_the_parameters_of_a_mix() -> None:
    found = mix("b (h d) ... -> b ... h e", "h d e", "h e", {"h": 2, "d": 3, "e": 5})
    assert (found.weight, found.bias) == ((2, 3, 5), (1, 2, 5))
    assert (found.given, found.after) == (("h", "d"), None)
    assert found.before == "b (h d) ... -> b h d ..."
    assert found.equation == "adb...,dbc->a...dc"
    with pytest.raises(PatternError, match="not present in output"):
        mix("b c -> b d", "c d", "c", {"c": 2, "d": 3})
