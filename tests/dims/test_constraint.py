"""What facts leave of one symbol, in words."""

from __future__ import annotations

import pytest

from convlint.dims import AtLeast, Divides, Equal, Question, constraint, symbol

H, W = symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([Equal(H, 224)], "H must be 224"),
        ([AtLeast(H, 16), Equal(H, 224)], "H must be 224"),
        ([Equal(2 * H, W), Equal(W, 10)], "H must be 5"),
        ([AtLeast(H, 16)], "H must be at least 16"),
        ([Divides(16, H)], "H must be a multiple of 16"),
    ],
)
def test_what_is_left(facts: list[Question], words: str) -> None:
    assert str(constraint("H", facts)) == words


def test_nothing_is_said_of_a_free_symbol() -> None:
    assert constraint("H", []) is None
    assert constraint("H", [Equal(H, W)]) is None
