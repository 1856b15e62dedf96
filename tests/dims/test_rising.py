"""Thresholds hold exactly where the question does, for what rises and for what falls."""

from __future__ import annotations

import pytest

from convlint.dims import parse
from convlint.dims.integers import Inexact
from convlint.dims.question import Form
from convlint.dims.rising import thresholds

RISING = ["H-7", "(H+1)//4-4", "(H//4+H//8)//2-5", "H*(H//2)-50", "3*H-1", "max(H, 9)-12", "min(H, 9)-9"]


@pytest.mark.parametrize("relation", ["=", "!=", ">="])
@pytest.mark.parametrize(
    "text", [*RISING, *(f"-({text})" for text in RISING), "min(H, 9)-12", "12-min(H, 9)"]
)
def test_thresholds_agree_with_every_size(text, relation):
    form = Form(parse(text), relation)
    found = thresholds(form)
    assert 0 not in found
    assert [h for h in range(1, 200) if h in found] == [h for h in range(1, 200) if form.holds({"H": h})]


@pytest.mark.parametrize("text", ["H-H//2*2", "H//4-H//8", "9*H-H*H"])
def test_what_does_not_show_is_not_claimed(text):
    with pytest.raises(Inexact):
        thresholds(Form(parse(text), ">="))
