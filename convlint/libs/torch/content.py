"""Known content of small tensors: exact arithmetic on it, and who shares memory with whom.

Law: a number is kept only where torch would compute exactly the same one; anything else makes the content
unknown. Integers may be symbolic. Tensors that look at the same memory form a family: writing to one
forgets the others'.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from convlint.dims import Expr
from convlint.libs.torch.between import Between
from convlint.libs.torch.dtypes import element_size, is_integral, is_signed
from convlint.libs.torch.inexact import Inexact
from convlint.shapes.reshape import row_major
from convlint.values import MAX_DATA, Condition, Tensor
from convlint.values.tensor import MEMORY

Content = tuple[object, ...]
Number = Any
"""A Python number or an `Expr`: operators decide which pairs go together."""


def known_count(shape: Sequence[object] | None) -> int | None:
    """The number of elements where it is a small plain integer: only such tensors can have known content."""
    if shape is None:
        return None
    count = 1
    for extent in shape:
        if not isinstance(extent, int):
            return None
        count *= extent
    return count if 0 <= count <= MAX_DATA else None


# -- numbers as a dtype holds them ---------------------------------------------------------------------------


def rounded(value: Number, dtype: str | None) -> object:
    """The number as an element of the dtype holds it. Raises `Inexact` where that is not certain."""
    if dtype is None or isinstance(value, (complex, Condition)):
        raise Inexact
    if isinstance(value, Expr):
        if dtype in ("int64", "int32"):
            return value
        raise Inexact
    if isinstance(value, Between):
        if is_integral(dtype):
            return _wrapped(math.trunc(value), dtype)
        return bool(value) if dtype == "bool" else value.widened(dtype)
    if not isinstance(value, (bool, int, float)):
        raise Inexact
    if dtype == "bool":
        return bool(value)
    if is_integral(dtype):
        return _wrapped(value, dtype)
    return _as_float(float(value), dtype)


def _wrapped(value: int | float, dtype: str) -> int:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Inexact
        value = math.trunc(value)
        limit = 1 << 8 * element_size(dtype) - 1
        if not -limit <= value < limit:
            raise Inexact
    bits = 8 * element_size(dtype)
    value = int(value) & ((1 << bits) - 1)
    return value - (1 << bits) if is_signed(dtype) and value >> (bits - 1) else value


def _as_float(value: float, dtype: str) -> float:
    if dtype == "float64" or not math.isfinite(value):
        return value
    formats = {"float32": "f", "float16": "e", "bfloat16": "f"}
    if dtype not in formats:
        raise Inexact
    try:
        single: float = struct.unpack("f", struct.pack("f", value))[0]
        if dtype == "bfloat16":
            return _brain(single)
        narrow: float = struct.unpack(formats[dtype], struct.pack(formats[dtype], single))[0]
        return narrow
    except OverflowError:
        return math.copysign(math.inf, value)


def _brain(value: float) -> float:
    """Rounded to the upper 16 bits of a float32, ties to even."""
    bits: int = struct.unpack("<I", struct.pack("<f", value))[0]
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    result: float = struct.unpack("<f", struct.pack("<I", bits))[0]
    return result


def converted(data: Content | None, dtype: str | None) -> Content | None:
    """The content cast to another dtype."""
    if data is None:
        return None
    try:
        return held(data, dtype)
    except Inexact:
        return None


def held(values: Iterable[Number], dtype: str | None) -> Content:
    """The numbers as elements of the dtype hold them. Raises `Inexact` where that is not certain of one.

    Plain numbers go all at once: `rounded` says the same of each.
    """
    data = tuple(values)
    kinds = set(map(type, data))
    if kinds == {float} and dtype == "float64":
        return data
    if dtype == "float32" and kinds <= _PLAIN:
        return tuple(array("f", data))
    if kinds in ({int}, {float}) and dtype in ("int64", "int32"):
        limit = 1 << 8 * element_size(dtype) - 1
        if -limit <= min(data) and max(data) < limit:
            if kinds == {int}:
                return data
            if not any(map(math.isnan, data)):
                return tuple(map(math.trunc, data))
    if kinds == {bool} and dtype == "bool":
        return data
    return tuple(rounded(value, dtype) for value in data)


_PLAIN = frozenset({bool, int, float})


# -- element by element --------------------------------------------------------------------------------------


def mapped(
    function: Callable[..., Number],
    dtype: str | None,
    shape: Sequence[object],
    *operands: Tensor,
    compute: str | None = None,
) -> Content | None:
    """The function applied to each group of broadcast elements, rounded to the dtype.

    `compute` is the dtype that the elements are brought to first, None for their own. None where the
    result is not certain.
    """
    count = known_count(shape)
    if count is None or any(operand.data is None for operand in operands):
        return None
    try:
        columns = [stretched_content(operand, shape) for operand in operands]
        if compute is not None:
            columns = [held(column, compute) for column in columns]
        return held(map(function, *columns), dtype)
    except (Inexact, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def stretched_content(tensor: Tensor, shape: Sequence[object]) -> Content:
    """The content broadcast to a shape of plain integers."""
    data, own = tensor.data, tensor.shape
    assert data is not None and own is not None
    if len(data) == 1:
        return data * math.prod(plain(shape))
    if any(a != b and a != 1 for a, b in zip(reversed(own), reversed(shape), strict=False)):
        raise Inexact  # the shapes do not join
    if tuple(own) == tuple(shape):
        return data
    own_plain = (1,) * (len(shape) - len(own)) + tuple(plain(own))
    steps = [0 if n == 1 else s for n, s in zip(own_plain, row_major(own_plain), strict=True)]
    return strided(data, shape, steps)


def strided(data: Content, shape: Sequence[object], steps: Sequence[object]) -> Content:
    """The elements of a shape of plain integers in row-major order; each axis steps through the data."""
    offsets = [0]
    for size, step in zip(plain(shape), plain(steps), strict=True):
        offsets = (
            [offset + index for offset in offsets for index in range(0, size * step, step)]
            if step
            else [offset for offset in offsets for _ in range(size)]
        )
    return tuple([data[offset] for offset in offsets])


def in_order(tensor: Tensor, order: Sequence[int]) -> Content | None:
    """The content with the axes in another order (each from 0, once)."""
    if tensor.data is None or tensor.shape is None or known_count(tensor.shape) is None:
        return None
    steps = row_major(tensor.shape)
    return strided(tensor.data, [tensor.shape[axis] for axis in order], [steps[axis] for axis in order])


def places(shape: Sequence[object]) -> Iterator[tuple[int, ...]]:
    """All indices of a shape of plain integers, in row-major order."""
    sizes = plain(shape)
    index = [0] * len(sizes)
    for _ in range(math.prod(sizes)):
        yield tuple(index)
        for axis in reversed(range(len(sizes))):
            index[axis] += 1
            if index[axis] < sizes[axis]:
                break
            index[axis] = 0


def picked(
    tensor: Tensor, shape: Sequence[object], source: Callable[[tuple[int, ...]], Sequence[int]]
) -> Content | None:
    """Content of a result whose element at each place is the tensor's element at `source(place)`."""
    if tensor.data is None or tensor.shape is None or known_count(shape) is None:
        return None
    steps, own, data = plain(row_major(tensor.shape)), plain(tensor.shape), tensor.data
    result = []
    for place in places(shape):
        found = source(place)
        if any(not 0 <= index < size for index, size in zip(found, own, strict=True)):
            return None  # a piece that was refused, and is only guessed
        result.append(data[sum(index * step for index, step in zip(found, steps, strict=True))])
    return tuple(result)


def plain(shape: Sequence[object]) -> list[int]:
    """The extents of a shape that is known to have plain integers only."""
    return [extent if isinstance(extent, int) else 0 for extent in shape]


# -- shared memory -------------------------------------------------------------------------------------------


def share(view: Tensor, base: Tensor) -> Tensor:
    """Declare that the view looks at the base's memory; returns the view."""
    if known_count(view.shape) is None and known_count(base.shape) is None:
        return view  # neither can have known content
    family = _family(base)
    family.append(view)
    if view.attrs is None:
        view.attrs = {}
    view.attrs[MEMORY] = family
    return view


def _family(tensor: Tensor) -> list[Tensor]:
    if tensor.attrs is None:
        tensor.attrs = {}
    family = tensor.attrs.setdefault(MEMORY, [tensor])
    assert isinstance(family, list)
    return family


def overlap(a: Tensor, b: Tensor) -> bool:
    """Whether two different tensors look at the same memory."""
    return a is not b and a.attrs is not None and MEMORY in a.attrs and any(b is each for each in _family(a))


def overwrite(tensor: Tensor, data: Content | None = None) -> None:
    """The tensor's content changes in place.

    It is `data` now, and what shares its memory is no longer known.
    """
    tensor.data = data
    if tensor.attrs is not None and MEMORY in tensor.attrs:
        for member in _family(tensor):
            if member is not tensor:
                member.data = None
