"""Targets of losses whose classes are on the last axis; cases and answers recorded from Keras 3."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.shapes import target as law
from convlint.shapes.fault import Fault, Kind, Lawful

N = symbol("N")


@pytest.mark.parametrize(
    ("output", "target", "detail"),
    [
        ((N, 3), (8,), law.RANKS),
        ((N, 3), (8, 1), law.SAME),
        ((N, 3), (8, 3), None),
        ((N, 3), (8, 4), law.SAME),
        ((N, 1), (8,), None),
        ((N, 1), (8, 3), law.SAME),
        ((N, 3), (8, 3, 1), None),
        ((N, 3), (8, 1, 3), law.RANKS),
        ((N, 1), (8, 1, 1), None),
        ((N, 2, 3), (8, 2), law.RANKS),
        ((N, 2, 3), (8, 2, 3, 1), None),
        ((N, symbol("H"), 3), (8, 2, 3), None),
    ],
)
def test_per_class(output: tuple[object, ...], target: tuple[int, ...], detail: str | None) -> None:
    check(law.per_class(output, target), detail)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("output", "target", "detail"),
    [
        ((N, 3), (8,), None),
        ((N, 3), (8, 1), None),
        ((N, 3), (8, 3), law.MULTI),
        ((N, 1), (8,), None),
        ((N, 1), (8, 1, 1), None),
        ((N, 3), (8, 3, 1), law.MULTI),
        ((N, 2, 3), (8, 2), None),
        ((N, 2, 3), (8, 2, 1), None),
        ((N, 2, 3), (8,), law.MULTI),
        ((N, 2, 3), (8, 6), law.EXTENTS),
        ((N, 2, 3), (8, 2, 3), law.MULTI),
    ],
)
def test_class_index(output: tuple[object, ...], target: tuple[int, ...], detail: str | None) -> None:
    check(law.class_index(output, target), detail)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("output", "target", "detail"),
    [
        ((N, 3), (8, 1), None),
        ((N, 3), (8, 3), None),
        ((N, 3), (8, 4), law.SAME),
        ((N, 1), (8, 3), None),
        ((N, 1), (8,), None),
        ((N, 3), (8, 3, 1), None),
        ((N, 3), (8, 1, 3), None),
        ((N, 3), (3,), None),
    ],
)
def test_per_number(output: tuple[object, ...], target: tuple[int, ...], detail: str | None) -> None:
    check(law.per_number(output, target), detail)  # type: ignore[arg-type]


def check(outcome: object, detail: str | None) -> None:
    if detail is None:
        assert isinstance(outcome, Lawful)
    else:
        assert isinstance(outcome, Fault) and outcome.kind is Kind.TARGET and outcome.detail == detail
