"""Values are alike where nothing but identity tells them apart."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.interp.taints import Taints
from convlint.model.likeness import likeness
from convlint.values import Class, Instance, Tensor, Unknown, Value

CLASS = Class("net.Part")


def part(**attrs: Value) -> Instance:
    made = Instance(CLASS)
    made.attrs = attrs
    return made


SHARED = [1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (part(a=1), part(a=1), True),
        (part(a=1), part(a=1.0), False),
        (part(a=1), part(b=1), False),
        (part(a=[1, 2]), part(a=(1, 2)), False),
        (part(a=[1], b=[2]), part(a=[1, 2], b=[]), False),
        (part(a=SHARED, b=SHARED), part(a=[1], b=[1]), False),
        (part(a=SHARED, b=SHARED), part(a=SHARED, b=SHARED), True),
        (part(a={"x": {"y"}}), part(a={"x": {"y"}}), True),
        (part(a={1: None}), part(a={True: None}), False),
        (Tensor((symbol("N"), 3)), Tensor((symbol("N"), 3)), True),
        (Tensor((symbol("N"), 3)), Tensor((symbol("N"), 3), "int64"), False),
        (Tensor((2,), data=(1, 2)), Tensor((2,), data=(1, 2)), True),
        (Tensor((2,), data=(1, 2)), Tensor((2,), data=(1, 3)), False),
        (Unknown("why"), Unknown("why"), False),
    ],
)
def test_what_can_be_told_apart_is_not_alike(one: Value, other: Value, same: bool) -> None:
    assert (likeness([one], Taints()) == likeness([other], Taints())) is same


def test_what_holds_itself_has_an_end() -> None:
    one: list[Value] = []
    one.append(one)
    assert likeness([one], Taints()) is not None


def test_nothing_is_said_of_what_is_uncertain() -> None:
    taints, held = Taints(), [1]
    taints.taint(held, Unknown("why"))
    assert likeness([part(a=held)], taints) is None
