"""Version specifiers: those of PEP 440 against the reference implementation, and those of Poetry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from convlint.source.specifiers import allows

number = st.integers(0, 12)
version = st.tuples(number, number, number)
written = st.lists(number, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
clause = st.one_of(
    st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), written).map("".join),
    st.tuples(st.sampled_from(["==", "!="]), written).map(lambda pair: f"{pair[0]}{pair[1]}.*"),
    st.lists(number, min_size=2, max_size=3).map(lambda parts: "~=" + ".".join(map(str, parts))),
)


@given(st.lists(clause, max_size=3), version)
@settings(deadline=None, derandomize=True, max_examples=2000)
def test_as_the_reference_implementation(clauses: list[str], asked: tuple[int, int, int]) -> None:
    text = ", ".join(clauses)
    assert allows(text, asked) is (".".join(map(str, asked)) in SpecifierSet(text))


@pytest.mark.parametrize(
    ("specifier", "inside", "outside"),
    [
        ("^2.4", [(2, 4, 0), (2, 15, 1)], [(2, 3, 9), (3, 0, 0)]),
        ("^0.3.1", [(0, 3, 1), (0, 3, 9)], [(0, 3, 0), (0, 4, 0)]),
        ("^2", [(2, 0, 0), (2, 9, 0)], [(1, 9, 9), (3, 0, 0)]),
        ("~2.4", [(2, 4, 0), (2, 4, 7)], [(2, 5, 0)]),
        ("~2.4.1", [(2, 4, 1), (2, 4, 7)], [(2, 4, 0), (2, 5, 0)]),
        ("2.4.3", [(2, 4, 3)], [(2, 4, 4)]),
        ("==3.0.0rc1", [(3, 0, 0)], [(2, 15, 0)]),
        ("==2.10.0+computecanada", [(2, 10, 0)], [(3, 0, 0)]),
        ("==1.15.* || >=3", [(1, 15, 2), (3, 4, 0)], [(2, 4, 0)]),
        ("*", [(1, 0, 0), (3, 0, 0)], []),
        ("", [(1, 0, 0), (3, 0, 0)], []),
        ("whatever this is", [(1, 0, 0), (3, 0, 0)], []),
    ],
)
def test_other_spellings(
    specifier: str, inside: list[tuple[int, int, int]], outside: list[tuple[int, int, int]]
) -> None:
    assert all(allows(specifier, each) for each in inside)
    assert not any(allows(specifier, each) for each in outside)


def test_a_long_text_is_not_read() -> None:
    assert allows(">=3," * 10_000, (2, 0, 0))
