"""A tensor that was given another shape after a layer had it says nothing of what the layer had."""

from __future__ import annotations

from convlint.lint.subjects.layer import first_shape, first_tensor, shape_of
from convlint.trace import Called
from convlint.values import Class, Instance, Tensor


def test_a_shape_that_was_changed_in_place_is_not_that_of_the_call() -> None:
    given, made = Tensor((1, 3, 32, 32)), Tensor((1, 8, 28, 28))
    call = Called(Instance(Class("torch.nn.Conv2d")), 0, 1, None, (given,), made)
    assert first_tensor(call) is given
    assert first_shape(call) == (1, 3, 32, 32)
    assert shape_of(call.output) == (1, 8, 28, 28)

    given.restate((1, 1, 3, 32, 32))
    made.restate((1, 1, 8, 28, 28))
    assert first_tensor(call) is first_shape(call) is shape_of(call.output) is None
    assert shape_of((made, made)) is None
