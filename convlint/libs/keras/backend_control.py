"""Choices and loops of the old `keras.backend`, which call functions of the program.

Law (keras.src.legacy.backend): a loop's function is called once, on the first element; every other element
gives the same shape, so a number of multiply-accumulates is not told.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.tensor import as_tensor, joined
from convlint.libs.op import Op
from convlint.shapes.fault import Kind, Shape
from convlint.values import BoundMethod, Function, Native, NotModelled, Tensor, Value

_K = "keras.backend."


def _given(op: Op, name: str) -> Value:
    """What an argument is, or what it gives where it is a function."""
    value = op[name]
    return op.call(value) if isinstance(value, (Function, Native, BoundMethod)) else value


@function(f"{_K}switch", signature="condition, then_expression, else_expression")
def switch(op: Op) -> Value:
    """One expression or the other: by a single number for all, else element by element."""
    condition = as_tensor(op, op["condition"])
    first, second = (as_tensor(op, _given(op, name)) for name in ("then_expression", "else_expression"))
    asked, shape = condition.shape or (), first.shape or ()
    if not asked:
        if shape != (second.shape or ()):
            raise NotModelled("a choice between tensors of different shapes")
        return op.result(first, shape, kind=KIND)
    if len(asked) > len(shape):
        words = (
            "Rank of `condition` should be less than or equal to rank of `then_expression` and "
            f"`else_expression`. ndim(condition)={len(asked)}, ndim(then_expression)={len(shape)}"
        )
        op.refuse("ValueError", words, "condition", kind=Kind.RANK)
    if len(asked) > 1:
        condition = condition.like(_tiled(asked, shape))
    return op.result(first, joined(op, [condition, first, second]), kind=KIND)


def _tiled(asked: Shape, shape: Shape) -> Shape:
    """The condition with axes of 1 at its end, each repeated by the other extent where that is greater."""
    padded = (*asked, *(1,) * (len(shape) - len(asked)))
    result: list[Dim] = []
    for one, other in zip(padded, shape, strict=True):
        if one == other:
            result.append(one)
        elif isinstance(one, int) and isinstance(other, int):
            result.append(one * other if other > one else one)
        elif one == 1:
            result.append(other)
        else:
            raise NotModelled("a condition whose extents are not known")
    return tuple(result)


@function(f"{_K}in_train_phase", signature="x, alt, training=None")
def in_train_phase(op: Op) -> Value:
    """The first while the model learns, else the second."""
    return _by_phase(op, "x", "alt")


@function(f"{_K}in_test_phase", signature="x, alt, training=None")
def in_test_phase(op: Op) -> Value:
    """The first unless the model learns."""
    return _by_phase(op, "alt", "x")


def _by_phase(op: Op, learning: str, else_: str) -> Value:
    training = op["training"]
    if training is None:
        op.caller.asks_mode()
        training = op.caller.training
    if not isinstance(training, (bool, int)):
        raise NotModelled("whether the model learns is not known")
    return _given(op, learning if training else else_)


@function(
    f"{_K}rnn",
    signature="step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None, "
    "unroll=False, input_length=None, time_major=False, zero_output_for_mask=False, return_all_outputs=True",
)
def rnn(op: Op) -> Value:
    """The last output, all outputs, and the states, of a function that is called at every step."""
    x, states = op.tensor("inputs"), op["initial_states"]
    shape = x.shape or ()
    if len(shape) < 3:
        op.refuse("ValueError", f"Shape {shape} must have rank at least 3", "inputs", kind=Kind.RANK)
    if not isinstance(states, (list, tuple)):
        raise NotModelled("the states of a recurrent function are not known")
    steps, batch = (shape[0], shape[1]) if op.flag("time_major") else (shape[1], shape[0])
    constants = op["constants"] or ()
    given = (*states, *constants) if isinstance(constants, (list, tuple)) else tuple(states)
    found = op.call(op["step_function"], op.result(x, (batch, *shape[2:]), kind=KIND), given)
    op.caller.lost("the steps of a recurrent function are not counted")
    if not isinstance(found, (list, tuple)) or len(found) != 2 or not isinstance(found[0], Tensor):
        raise NotModelled("what a recurrent function gives is not known")
    last, after = found
    one = last.shape or ()
    count = steps if op.flag("return_all_outputs") else 1
    outputs = (count, *one) if op.flag("time_major") else (*one[:1], count, *one[1:])
    return last, op.result(last, outputs, kind=KIND), after


@function(f"{_K}map_fn", signature="fn, elems, name=None, dtype=None")
def map_fn(op: Op) -> Value:
    """What a function gives of each element of the first axis, as one tensor."""
    x = op.tensor("elems")
    shape = x.shape or ()
    if not shape:
        op.refuse("ValueError", "elements in elems must be 1+ dimensional Tensors, not scalars", "elems")
    found = op.call(op["fn"], op.result(x, shape[1:], kind=KIND))
    op.caller.lost("the calls of a mapped function are not counted")
    if not isinstance(found, Tensor) or found.shape is None:
        raise NotModelled("what a mapped function gives is not known")
    return op.result(found, (shape[0], *found.shape), kind=KIND)


@function(f"{_K}foldl", f"{_K}foldr", signature="fn, elems, initializer=None, name=None")
def folded(op: Op) -> Value:
    """What a function gives at last, of what it gave before and the next element."""
    x = op.tensor("elems")
    shape = x.shape or ()
    if not shape:
        op.refuse("ValueError", "elements in elems must be 1+ dimensional Tensors, not scalars", "elems")
    element = op.result(x, shape[1:], kind=KIND)
    before = element if op["initializer"] is None else as_tensor(op, op["initializer"])
    found = op.call(op["fn"], before, element)
    op.caller.lost("the calls of a folded function are not counted")
    if not isinstance(found, Tensor) or found.shape != before.shape:
        raise NotModelled("a folded function gives another shape than it is given")
    return found
