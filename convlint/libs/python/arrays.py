"""NumPy arrays of known shape, and of known content where they are small: what structure is computed from.

Law: elements are Python's own numbers; whatever numpy would round or wrap otherwise is not given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import prod

from convlint.dims import Dim
from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect, position
from convlint.libs.python.content import content
from convlint.libs.python.conversion import index
from convlint.values import MAX_DATA, Caller, NotModelled, Tensor, Unknown, Value

KIND = "numpy.ndarray"
SCALARS = {"float64": "numpy.float64", "int64": "numpy.int64", "bool": "numpy.bool_"}
"""The kinds of single numbers, by dtype: what numpy's scalars are."""
_LARGEST = 2**63


def array(shape: Sequence[Dim], data: Sequence[Value] | None, dtype: str | None = None) -> Tensor:
    """An array; content is kept where it is small and made of known numbers."""
    known = None if data is None or len(data) > MAX_DATA else tuple(data)
    if known is not None and not all(isinstance(v, int | float) for v in known):
        known = None
    return Tensor(tuple(shape), dtype or dtype_of(known), data=known, kind=KIND)


def dtype_of(data: Sequence[Value] | None) -> str | None:
    """The dtype that numpy gives a list of numbers."""
    if data is None:
        return None
    if all(isinstance(v, bool) for v in data):
        return "bool" if data else "float64"
    return "int64" if all(isinstance(v, int) for v in data) else "float64"


def is_array(value: Value) -> bool:
    """Whether the value is one of these arrays."""
    return isinstance(value, Tensor) and value.kind.startswith("numpy.")


def content_of(x: Tensor) -> tuple[Value, ...]:
    """The elements, row-major. Raises NotModelled where they are not known."""
    if x.data is None:
        raise NotModelled("the content of an array is not known")
    return x.data


def as_array(caller: Caller, value: Value) -> Tensor:
    """An array of a number, a nested list, or another array."""
    if isinstance(value, Tensor):
        if is_array(value):
            return value
        return Tensor(value.shape, value.dtype, data=value.data, kind=KIND)
    shape, data = _nested(caller, value)
    return array(shape, data)


def _nested(caller: Caller, value: Value) -> tuple[tuple[int, ...], list[Value]]:
    value = content(value) if isinstance(value, Tensor) else value
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if not isinstance(value, list | tuple | range) and not is_array(value):
        return (), [value]
    rows = [_nested(caller, item) for item in collect(caller, value)]
    if len({shape for shape, _ in rows}) > 1:
        raise caller.error("ValueError", "setting an array element with a sequence.")
    inner = rows[0][0] if rows else ()
    return (len(rows), *inner), [v for _, data in rows for v in data]


def known_shape(x: Tensor) -> tuple[int, ...]:
    """The shape in known numbers. Raises NotModelled for symbolic extents."""
    if x.shape is None or not all(isinstance(d, int) for d in x.shape):
        raise NotModelled("the shape of an array is not known")
    return tuple(d for d in x.shape if isinstance(d, int))


def scalar(x: Tensor) -> Tensor:
    """A result of no axes is a scalar of its dtype; others stay arrays."""
    kind = SCALARS.get(x.dtype or "") if x.shape == () else None
    return x if kind is None else Tensor((), x.dtype, data=x.data, kind=kind)


def wrapped(value: Value) -> Value:
    """A known number as numpy's scalar; a symbolic one as it is."""
    return scalar(array((), [value])) if isinstance(value, int | float) else value


def elementwise(caller: Caller, run: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    """`run` on broadcast pairs of elements (numpy.org/doc/stable/user/basics.broadcasting.html)."""
    if not _has_axes(left) and not _has_axes(right):
        return wrapped(_kept(run(content(left), content(right))))
    a, b = as_array(caller, left), as_array(caller, right)
    for one, other in ((a, b), (b, a)):
        if one.shape and not _counted(one.shape) and other.shape in ((), one.shape):
            return array(one.shape, None)
    shape = _broadcast(caller, known_shape(a), known_shape(b))
    if a.data is None or b.data is None or prod(shape) > MAX_DATA:
        return array(shape, None)
    results = [
        _kept(run(a.data[i], b.data[j]))
        for i, j in zip(_places(known_shape(a), shape), _places(known_shape(b), shape), strict=True)
    ]
    return scalar(array(shape, results))


def _counted(shape: Sequence[Dim]) -> bool:
    return all(isinstance(extent, int) for extent in shape)


def _has_axes(value: Value) -> bool:
    return isinstance(value, list | tuple | range) or (isinstance(value, Tensor) and content(value) is value)


def _kept(value: Value) -> Value:
    if isinstance(value, int) and abs(value) >= _LARGEST:
        raise NotModelled("an integer beyond 64 bits")
    return value


def _broadcast(caller: Caller, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    rank = max(len(a), len(b))
    wide = [(1,) * (rank - len(s)) + s for s in (a, b)]
    for x, y in zip(*wide, strict=True):
        if x != y and 1 not in (x, y):
            shown = " ".join(str(s).replace(" ", "") for s in (a, b))
            raise caller.error("ValueError", f"operands could not be broadcast together with shapes {shown} ")
    return tuple(y if x == 1 else x for x, y in zip(*wide, strict=True))


def _places(own: tuple[int, ...], shape: tuple[int, ...]) -> Iterator[int]:
    """For each element of the broadcast shape, where it lies in the operand's data."""
    wide = (1,) * (len(shape) - len(own)) + own
    for where in product(*map(range, shape)):
        place = 0
        for i, extent in zip(where, wide, strict=True):
            place = place * extent + (i if extent > 1 else 0)
        yield place


def mapped(caller: Caller, run: Callable[[Value], Value], value: Value) -> Value:
    """`run` on every element; on a number, the number's result."""
    if not _has_axes(value):
        return wrapped(_kept(run(content(value))))
    x = as_array(caller, value)
    data = None if x.data is None else [_kept(run(v)) for v in x.data]
    return scalar(array(x.shape or (), data)) if x.shape is not None else x.like(None)


class ArrayProtocol:
    """How arrays behave; implements `TensorProtocol`."""

    channels_last = False
    free_batch = None

    def get_attribute(self, caller: Caller, tensor: Tensor, name: str) -> Value:
        match name:
            case "shape":
                return tensor.shape if tensor.shape is not None else caller.unknown("a shape not known")
            case "ndim":
                return len(tensor.shape or ())
            case "size":
                return prod(known_shape(tensor))
            case "dtype" if tensor.dtype is not None:
                return registry.lookup(f"numpy.{tensor.dtype}")
            case "T":
                return caller.call(registry.lookup("numpy.transpose"), (tensor,))
        return MISSING

    def set_attribute(self, caller: Caller, tensor: Tensor, name: str, value: Value) -> None:
        raise NotModelled("an attribute of an array is set")

    def binary(
        self, caller: Caller, operator: str, left: Value, right: Value, inplace: bool = False
    ) -> Value:
        if operator == "in":
            assert isinstance(right, Tensor)
            return any(caller.truth(caller.binary("==", v, left)) for v in content_of(right))
        if operator == "@" and _arrays(left, right):
            return caller.call(registry.lookup("numpy.matmul"), (left, right))
        if operator in ("@", "<<", ">>"):
            raise NotModelled(f"{operator} on arrays is not modelled")
        for side in (left, right):
            if operator == "*" and isinstance(side, list | tuple | str) and not _arrays(left, right):
                return caller.binary(operator, content(left), content(right))  # a scalar repeats a sequence
            if isinstance(side, Tensor) and not is_array(side):
                other = registry.protocol_of(side.kind)
                return other.binary(caller, operator, content(left), content(right), inplace)
        result = elementwise(caller, lambda a, b: operate(caller, operator, a, b), left, right)
        if inplace and isinstance(left, Tensor) and left.kind == KIND and isinstance(result, Tensor):
            left.restate(result.shape)
            left.data, left.dtype = result.data, result.dtype
            return left
        return result

    def unary(self, caller: Caller, operator: str, tensor: Tensor) -> Value:
        if operator == "-":
            return mapped(caller, lambda v: caller.binary("-", 0, v), tensor)
        if operator == "+":
            return tensor
        raise NotModelled(f"{operator} on an array is not modelled")

    def forget_content(self, tensor: Tensor) -> None:
        tensor.data = None

    def get_item(self, caller: Caller, tensor: Tensor, index: Value) -> Value:
        return _item(caller, tensor, index if isinstance(index, tuple) else (index,))

    def set_item(self, caller: Caller, tensor: Tensor, index: Value, value: Value) -> None:
        tensor.data = None

    def length(self, caller: Caller, tensor: Tensor) -> Value:
        if not tensor.shape:
            raise caller.error("TypeError", "len() of unsized object")
        return tensor.shape[0]

    def iterate(self, caller: Caller, tensor: Tensor) -> list[Value]:
        count = self.length(caller, tensor)
        if not isinstance(count, int):
            raise NotModelled("an array's length is not known")
        return [_item(caller, tensor, (i,)) for i in range(count)]

    def truth(self, caller: Caller, tensor: Tensor) -> bool | Unknown:
        data = content_of(tensor)
        if len(data) == 1:
            return caller.truth(data[0])
        raise caller.error(
            "ValueError", "The truth value of an array with more than one element is ambiguous."
        )


def _arrays(*sides: Value) -> bool:
    """Whether one side is an array that is no scalar."""
    return any(isinstance(side, Tensor) and content(side) is side for side in sides)


def operate(caller: Caller, operator: str, a: Value, b: Value) -> Value:
    """One pair of elements. Where numpy gives infinities or NaN instead of an error, nothing is given."""
    if operator in ("/", "//", "%") and b == 0:
        raise NotModelled("a division by zero in an array")
    if operator == "**" and isinstance(a, int) and isinstance(b, int) and b < 0:
        raise caller.error("ValueError", "Integers to negative integer powers are not allowed.")
    return caller.binary(operator, a, b)


def _item(caller: Caller, x: Tensor, where: tuple[Value, ...]) -> Value:
    """Integers, slices, `...` and new axes, first axes first; a mask or list of places on one axis, an array
    of places on the first of several.
    """
    shape = known_shape(x)
    where = _without_dots(where, len(shape))
    if any(part is None for part in where):
        return _with_new_axes(caller, x, where)
    if len(where) > len(shape):
        words = f"array is {len(shape)}-dimensional, but {len(where)} were indexed"
        raise caller.error("IndexError", f"too many indices for array: {words}")
    if len(where) == 1 and len(shape) == 1 and isinstance(where[0], list | Tensor):
        return _picked(caller, x, as_array(caller, where[0]))
    if len(shape) > 1 and where and isinstance(where[0], list | Tensor) and _has_axes(where[0]):
        return _rows_at(caller, x, as_array(caller, where[0]), where[1:])
    picks: list[Sequence[int]] = []
    kept: list[int] = []
    for axis, extent in enumerate(shape):
        chosen = _chosen(caller, x, where[axis] if axis < len(where) else slice(None), axis, extent)
        if isinstance(chosen, int):
            picks.append((chosen,))
        else:
            picks.append(chosen)
            kept.append(len(chosen))
    if x.data is None:
        return array(kept, None, x.dtype)
    data = [x.data[place] for place in _flat(picks, shape)]
    return scalar(array(kept, data, x.dtype))


def _without_dots(where: tuple[Value, ...], rank: int) -> tuple[Value, ...]:
    """The index with `...` written out as full slices."""
    at = next((i for i, part in enumerate(where) if part is Ellipsis), None)
    if at is None:
        return where
    named = sum(part is not None for part in where) - 1
    return (*where[:at], *(slice(None),) * max(0, rank - named), *where[at + 1 :])


def _with_new_axes(caller: Caller, x: Tensor, where: tuple[Value, ...]) -> Value:
    """Each None is an axis of extent 1 where it stands among the axes that are kept."""
    found = _item(caller, x, tuple(part for part in where if part is not None))
    if not isinstance(found, Tensor) or any(isinstance(part, list | Tensor) for part in where):
        raise NotModelled("this index of an array is not modelled")
    axes, shape = list(known_shape(found)), []
    for part in where:
        if part is None:
            shape.append(1)
        elif isinstance(part, slice):
            shape.append(axes.pop(0))
    return array((*shape, *axes), found.data, found.dtype)


def _rows_at(caller: Caller, x: Tensor, places: Tensor, rest: tuple[Value, ...]) -> Value:
    """The rows of an array of several axes at an array of places."""
    if rest or places.dtype == "bool":
        raise NotModelled("this index of an array is not modelled")
    own, chosen = known_shape(x), known_shape(places)
    shape, step = (*chosen, *own[1:]), prod(own[1:])
    if places.data is None or x.data is None or prod(shape) > MAX_DATA:
        return array(shape, None, x.dtype)
    starts = [_chosen(caller, x, place, 0, own[0]) for place in places.data]
    return array(shape, [v for i in starts for v in x.data[i * step : (i + 1) * step]], x.dtype)  # type: ignore[operator]


def _chosen(caller: Caller, x: Tensor, part: Value, axis: int, extent: int) -> int | range:
    if isinstance(part, slice):
        where = position(caller, x, part)
        if isinstance(where, slice):
            return range(extent)[where]
        raise NotModelled("a slice of an array that depends on the input")
    place = index(caller, part)
    if not isinstance(place, int):
        raise NotModelled("an index of an array that depends on the input")
    if not -extent <= place < extent:
        words = f"index {place} is out of bounds for axis {axis} with size {extent}"
        raise caller.error("IndexError", words)
    return place % extent


def _flat(picks: Sequence[Sequence[int]], shape: tuple[int, ...]) -> Iterator[int]:
    for where in product(*picks):
        place = 0
        for i, extent in zip(where, shape, strict=True):
            place = place * extent + i
        yield place


def _picked(caller: Caller, x: Tensor, places: Tensor) -> Value:
    chosen, data = content_of(places), content_of(x)
    if places.dtype == "bool" and len(chosen) == len(data):
        return array_of([v for v, keep in zip(data, chosen, strict=True) if keep])
    if all(isinstance(i, int) and -len(data) <= i < len(data) for i in chosen):
        return array_of([data[i] for i in chosen if isinstance(i, int)])
    raise NotModelled("this index of an array is not modelled")


def array_of(values: Sequence[Value]) -> Tensor:
    """A one-dimensional array."""
    return array((len(values),), values)


for _kind in (KIND, *SCALARS.values()):
    registry.tensor_protocol(_kind, ArrayProtocol())
