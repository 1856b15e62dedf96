"""Methods of arrays that change their form: lists, dtypes, shapes."""

from __future__ import annotations

from itertools import pairwise
from math import prod

from convlint.libs.python.arrays import (
    KIND,
    array,
    as_array,
    content_of,
    known_shape,
)
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import function
from convlint.libs.python.modules.numpy.creation import converted, make, shape_of
from convlint.values import Caller, NotModelled, Tensor, Value


@function(f"{KIND}.tolist")
def tolist(caller: Caller, x: Value, /) -> Value:
    assert isinstance(x, Tensor)
    return _rows(content_of(x), known_shape(x))


def _rows(data: tuple[Value, ...], shape: tuple[int, ...]) -> Value:
    if not shape:
        return data[0]
    step = prod(shape[1:])
    return [_rows(data[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]


@function(f"{KIND}.astype")
def astype(caller: Caller, x: Value, dtype: Value, **options: Value) -> Value:
    return converted(caller, as_array(caller, x), dtype)


@function(f"{KIND}.item")
def item(caller: Caller, x: Value, /) -> Value:
    data = content_of(as_array(caller, x))
    if len(data) == 1:
        return data[0]
    raise caller.error("ValueError", "can only convert an array of size 1 to a Python scalar")


@function(f"{KIND}.copy", "numpy.copy")
def copy(caller: Caller, x: Value, /) -> Value:
    return make(caller, x)


@function(f"{KIND}.flatten", f"{KIND}.ravel", "numpy.ravel")
def flatten(caller: Caller, x: Value, /, *args: Value) -> Value:
    a = as_array(caller, x)
    return array((prod(a.shape or ()),), a.data, a.dtype)


@function(f"{KIND}.reshape", "numpy.reshape")
def reshape(caller: Caller, x: Value, /, *shape: Value) -> Value:
    a = as_array(caller, x)
    total = prod(known_shape(a))
    wanted = [d for d in shape_of(caller, shape[0] if len(shape) == 1 else shape) if isinstance(d, int)]
    known = prod(d for d in wanted if d != -1)
    if wanted.count(-1) == 1 and known and total % known == 0:
        wanted[wanted.index(-1)] = total // known
    if prod(wanted) != total or -1 in wanted:
        shown = tuple(wanted)
        raise caller.error("ValueError", f"cannot reshape array of size {total} into shape {shown}")
    return array(wanted, a.data, a.dtype)


@function("numpy.split", "numpy.array_split")
def split(caller: Caller, ary: Value, indices_or_sections: Value, axis: Value = 0) -> Value:
    """Along the first axis: at the places given, or into so many parts."""
    x = as_array(caller, ary)
    length = next(iter(known_shape(x)), 0)
    if axis != 0 or not x.shape:
        raise NotModelled("numpy.split() along another axis")
    places = [content(v) for v in collect(caller, _places(caller, indices_or_sections, length))]
    bounds = [0, *(v for v in places if isinstance(v, int)), length]
    if len(bounds) < len(places) + 2:
        raise NotModelled("numpy.split() at places that are not known")
    return [caller.item(x, slice(a, b)) for a, b in pairwise(bounds)]


def _places(caller: Caller, given: Value, length: int) -> Value:
    parts = content(given)
    if not isinstance(parts, int):
        return given
    if parts < 1 or length % parts:
        raise NotModelled("numpy.split() into unequal parts")
    return list(range(length // parts, length, length // parts))
