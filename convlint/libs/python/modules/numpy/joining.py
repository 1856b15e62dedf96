"""Arrays put together, repeated, and with their axes moved (numpy.org/doc/stable: array manipulation).

Law: every element of a result is one of the operands'; where it lies decides the shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from convlint.libs.python.arrays import KIND, array, as_array, is_array, known_shape
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.conversion import index
from convlint.libs.python.declare import function
from convlint.shapes.fault import Fault
from convlint.shapes.matrix import matrix_product
from convlint.values import MAX_DATA, Caller, NotModelled, Tensor, Value

Place = tuple[int, ...]


def gathered(shape: Sequence[int], x: Tensor, source: Callable[[Place], Place]) -> Tensor:
    """The array of a shape whose element at a place is that of `x` at `source(place)`."""
    if x.data is None or prod(shape) > MAX_DATA:
        return array(shape, None, x.dtype)
    own = known_shape(x)
    return array(shape, [x.data[_flat(source(p), own)] for p in product(*map(range, shape))], x.dtype)


def _flat(place: Place, shape: Place) -> int:
    at = 0
    for i, extent in zip(place, shape, strict=True):
        at = at * extent + i
    return at


def _axis(caller: Caller, value: Value, rank: int) -> int:
    axis = index(caller, content(value))
    if not isinstance(axis, int):
        raise NotModelled("an axis of an array that is not known")
    if not -rank <= axis < rank:
        words = f"axis {axis} is out of bounds for array of dimension {rank}"
        raise caller.error("ValueError", words)
    return axis % rank


def _operands(caller: Caller, values: Value) -> list[Tensor]:
    arrays = [as_array(caller, each) for each in collect(caller, values)]
    if not arrays:
        raise caller.error("ValueError", "need at least one array to concatenate")
    return arrays


def _common(arrays: Sequence[Tensor]) -> str | None:
    """The dtype of what is put together: that of all, or float64 of whole numbers and these."""
    kinds = {x.dtype for x in arrays}
    if len(kinds) == 1:
        return arrays[0].dtype
    return "float64" if kinds == {"int64", "float64"} else None


# -- together ------------------------------------------------------------------------------------------------


@function("numpy.concatenate", "numpy.concat")
def concatenate(caller: Caller, arrays: Value, /, axis: Value = 0) -> Value:
    """Along an axis that is there; all flat where it is None."""
    operands = _operands(caller, arrays)
    if axis is None:
        operands, axis = [array((prod(known_shape(x)),), x.data, x.dtype) for x in operands], 0
    return _joined(caller, operands, axis)


def _joined(caller: Caller, operands: list[Tensor], axis: Value) -> Tensor:
    shapes = [known_shape(x) for x in operands]
    first = shapes[0]
    if not all(shapes):
        raise caller.error("ValueError", "zero-dimensional arrays cannot be concatenated")
    at = _axis(caller, axis, len(first))
    for number, shape in enumerate(shapes):
        _check(caller, first, shape, at, number)
    shape = (*first[:at], sum(each[at] for each in shapes), *first[at + 1 :])
    dtype = _common(operands)
    if any(x.data is None for x in operands) or dtype is None or prod(shape) > MAX_DATA:
        return array(shape, None, dtype)
    owners = [(x, place) for x, each in zip(operands, shapes, strict=True) for place in range(each[at])]
    data: list[Value] = []
    for where in product(*map(range, shape)):
        x, place = owners[where[at]]
        value = (x.data or ())[_flat((*where[:at], place, *where[at + 1 :]), known_shape(x))]
        data.append(float(value) if dtype == "float64" and isinstance(value, int) else value)
    return array(shape, data, dtype)


def _check(caller: Caller, first: Place, shape: Place, at: int, number: int) -> None:
    if len(shape) != len(first):
        words = (
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
            f"{len(first)} dimension(s) and the array at index {number} has {len(shape)} dimension(s)"
        )
        raise caller.error("ValueError", words)
    for axis, (a, b) in enumerate(zip(first, shape, strict=True)):
        if axis != at and a != b:
            words = (
                "all the input array dimensions except for the concatenation axis must match exactly, but "
                f"along dimension {axis}, the array at index 0 has size {a} and the array at index {number} "
                f"has size {b}"
            )
            raise caller.error("ValueError", words)


@function("numpy.stack")
def stack(caller: Caller, arrays: Value, /, axis: Value = 0) -> Value:
    """Along a new axis."""
    operands = _operands(caller, arrays)
    shapes = [known_shape(x) for x in operands]
    if len(set(shapes)) > 1:
        raise caller.error("ValueError", "all input arrays must have the same shape")
    at = _axis(caller, axis, len(shapes[0]) + 1)
    return _joined(caller, [_spread(x, at) for x in operands], at)


def _spread(x: Tensor, at: int) -> Tensor:
    shape = known_shape(x)
    return array((*shape[:at], 1, *shape[at:]), x.data, x.dtype)


def _with_rank(x: Tensor, rank: int) -> Tensor:
    shape = known_shape(x)
    return array((*(1,) * (rank - len(shape)), *shape), x.data, x.dtype)


@function("numpy.hstack")
def hstack(caller: Caller, tup: Value, /) -> Value:
    """Along the second axis; vectors one behind the other."""
    operands = [_with_rank(x, 1) for x in _operands(caller, tup)]
    return _joined(caller, operands, 0 if len(known_shape(operands[0])) == 1 else 1)


@function("numpy.vstack")
def vstack(caller: Caller, tup: Value, /) -> Value:
    """Along the first axis; vectors become rows."""
    return _joined(caller, [_with_rank(x, 2) for x in _operands(caller, tup)], 0)


@function("numpy.meshgrid")
def meshgrid(
    caller: Caller, /, *xi: Value, indexing: Value = "xy", sparse: Value = False, copy: Value = True
) -> Value:
    """The coordinates of a grid; "xy" exchanges the first two axes."""
    vectors = [as_array(caller, x) for x in xi]
    if sparse is not False or indexing not in ("xy", "ij"):
        raise NotModelled("numpy.meshgrid() in this form")
    sizes = [prod(known_shape(x)) for x in vectors]
    order = list(range(len(sizes)))
    if indexing == "xy" and len(order) > 1:
        order[0], order[1] = 1, 0
    shape = [sizes[i] for i in order]
    flat = [array((size,), x.data, x.dtype) for size, x in zip(sizes, vectors, strict=True)]
    return tuple(gathered(shape, x, _coordinate(order.index(i))) for i, x in enumerate(flat))


def _coordinate(axis: int) -> Callable[[Place], Place]:
    return lambda place: (place[axis],)


# -- repeated ------------------------------------------------------------------------------------------------


@function("numpy.tile")
def tile(caller: Caller, A: Value, reps: Value) -> Value:
    """The whole array side by side, axis by axis from the last."""
    x = as_array(caller, A)
    listed = collect(caller, reps) if isinstance(reps, list | tuple) or is_array(reps) else [reps]
    counts = [index(caller, content(each)) for each in listed]
    if not all(isinstance(count, int) for count in counts):
        raise NotModelled("how often an array is repeated is not known")
    times = [count for count in counts if isinstance(count, int)]
    wide = _with_rank(x, max(len(times), len(known_shape(x))))
    own = known_shape(wide)
    times = [1] * (len(own) - len(times)) + times
    shape = [extent * count for extent, count in zip(own, times, strict=True)]
    return gathered(shape, wide, lambda place: tuple(i % n for i, n in zip(place, own, strict=True)))


@function("numpy.repeat", f"{KIND}.repeat")
def repeat(caller: Caller, a: Value, repeats: Value, axis: Value = None) -> Value:
    """Each element so often, along an axis or all flat."""
    x = as_array(caller, a)
    if axis is None:
        x, axis = array((prod(known_shape(x)),), x.data, x.dtype), 0
    times = index(caller, content(repeats)) if not isinstance(content(repeats), list | tuple) else None
    own = known_shape(x)
    if not isinstance(times, int) or is_array(content(repeats)):
        raise NotModelled("how often each element is repeated is not known")
    at = _axis(caller, axis, len(own))
    shape = (*own[:at], own[at] * times, *own[at + 1 :])
    return gathered(shape, x, lambda place: (*place[:at], place[at] // times, *place[at + 1 :]))


# -- axes ----------------------------------------------------------------------------------------------------


@function("numpy.expand_dims")
def expand_dims(caller: Caller, a: Value, axis: Value) -> Value:
    """New axes of extent 1."""
    x = as_array(caller, a)
    wanted = list(axis) if isinstance(axis, list | tuple) else [axis]
    rank = len(known_shape(x)) + len(wanted)
    for at in sorted(_axis(caller, each, rank) for each in wanted):
        x = _spread(x, at)
    return x


@function("numpy.squeeze", f"{KIND}.squeeze")
def squeeze(caller: Caller, a: Value, /, axis: Value = None) -> Value:
    """Without the axes of extent 1, or without these."""
    x = as_array(caller, a)
    own = known_shape(x)
    given = list(axis) if isinstance(axis, list | tuple) else [axis]
    gone = [_axis(caller, each, len(own)) for each in given] if axis is not None else None
    if gone is not None and any(own[at] != 1 for at in gone):
        words = "cannot select an axis to squeeze out which has size not equal to one"
        raise caller.error("ValueError", words)
    kept = [n for at, n in enumerate(own) if (at not in gone if gone is not None else n != 1)]
    return array(kept, x.data, x.dtype)


@function("numpy.transpose", f"{KIND}.transpose")
def transpose(caller: Caller, a: Value, /, *axes: Value) -> Value:
    """The axes in another order, reversed where none is given."""
    x = as_array(caller, a)
    own = known_shape(x)
    given = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], list | tuple)) else axes
    order = [_axis(caller, each, len(own)) for each in given] if given else list(range(len(own)))[::-1]
    if sorted(order) != list(range(len(own))):
        raise caller.error("ValueError", "axes don't match array")
    return ordered(x, order)


def ordered(x: Tensor, order: Sequence[int]) -> Tensor:
    """The array with its axes in this order."""
    back = [list(order).index(i) for i in range(len(order))]
    own = known_shape(x)
    return gathered([own[i] for i in order], x, lambda place: tuple(place[i] for i in back))


@function("numpy.swapaxes", f"{KIND}.swapaxes")
def swapaxes(caller: Caller, a: Value, axis1: Value, axis2: Value, /) -> Value:
    """Two axes exchanged."""
    x = as_array(caller, a)
    order = list(range(len(known_shape(x))))
    i, j = (_axis(caller, each, len(order)) for each in (axis1, axis2))
    order[i], order[j] = order[j], order[i]
    return ordered(x, order)


# -- products ------------------------------------------------------------------------------------------------


@function("numpy.matmul")
def matmul(caller: Caller, x1: Value, x2: Value, /) -> Value:
    """The shape of the product; its numbers are not followed."""
    a, b = as_array(caller, x1), as_array(caller, x2)
    outcome = matrix_product(known_shape(a), known_shape(b))
    if isinstance(outcome, Fault):
        words = "matmul: the operands have a mismatch in their core dimensions"
        raise caller.error("ValueError", words)
    return array(outcome.shape, None, _common([a, b]))
