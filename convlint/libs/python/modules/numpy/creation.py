"""Making arrays: from numbers, ranges and shapes; random ones have a shape and no known content."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import prod

from convlint.dims import Dim
from convlint.libs import registry
from convlint.libs.python.arrays import (
    KIND,
    array,
    array_of,
    as_array,
    mapped,
)
from convlint.libs.python.containers import collect
from convlint.libs.python.content import is_symbolic
from convlint.libs.python.conversion import floating, index, integer
from convlint.libs.python.declare import constants, function, method, native, no_operations
from convlint.values import MAX_DATA, Caller, Class, NotModelled, StaticMethod, Tensor, Value

constants("numpy", {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan})
ARRAY = registry.klass(KIND, "builtins.object")
_INTEGERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 intp int_"
_FLOATS = "float16 float32 float64 float_ double single"


def _type(name: str, convert: Callable[[Caller, Value], Value]) -> None:
    """Declare a scalar type: a call converts; as a dtype it is known by its name."""
    base = "builtins.float" if name == "float64" else "builtins.object"
    cls = registry.klass(f"numpy.{name}", base)

    def new(caller: Caller, kind: Value, value: Value = 0, /) -> Value:
        return mapped(caller, lambda v: convert(caller, v), value)

    cls.namespace["__new__"] = StaticMethod(native(f"numpy.{name}", new))


for _name in _INTEGERS.split():
    _type(_name, integer)
for _name in _FLOATS.split():
    _type(_name, floating)
for _name in ("bool_", "bool"):
    _type(_name, lambda caller, value: caller.truth(value))


def converted(caller: Caller, x: Tensor, dtype: Value) -> Tensor:
    """The array in another dtype. Raises NotModelled for a dtype that would round."""
    if dtype is None:
        return x
    name = dtype if isinstance(dtype, str) else dtype.name if isinstance(dtype, Class) else ""
    convert: Callable[[Value], Value]
    if name in ("int", *_INTEGERS.split()):
        name, convert = "int64" if name in ("int", "int_", "intp") else name, lambda v: integer(caller, v)
    elif name in ("float", "float64", "float_", "double"):
        name, convert = "float64", lambda v: floating(caller, v)
    elif name in ("bool", "bool_"):
        name, convert = "bool", caller.truth
    else:
        return array(x.shape or (), None, name or None)
    return array(x.shape or (), None if x.data is None else [convert(v) for v in x.data], name)


@function("numpy.array", "numpy.asarray", "numpy.ascontiguousarray", "numpy.asanyarray", absorbs=True)
def make(caller: Caller, object: Value, /, dtype: Value = None, **options: Value) -> Value:
    x = as_array(caller, object)
    fresh = Tensor(x.shape, x.dtype, data=x.data, kind=KIND)
    return converted(caller, fresh, dtype)


def shape_of(caller: Caller, value: Value) -> tuple[Dim, ...]:
    if isinstance(value, list | tuple):
        return tuple(index(caller, v) for v in collect(caller, value))
    return (index(caller, value),)


def _filled(name: str, fill: Value) -> None:
    def body(caller: Caller, shape: Value, dtype: Value = None, order: Value = "C") -> Value:
        return _constant(caller, shape_of(caller, shape), fill, dtype)

    def like(caller: Caller, a: Value, dtype: Value = None, **options: Value) -> Value:
        return _constant(caller, as_array(caller, a).shape or (), fill, dtype)

    function(f"numpy.{name}")(body)
    function(f"numpy.{name}_like")(like)


def _constant(caller: Caller, shape: tuple[Dim, ...], fill: Value, dtype: Value) -> Tensor:
    count = prod(shape)
    data = [fill] * count if fill is not None and isinstance(count, int) and 0 <= count <= MAX_DATA else None
    return converted(caller, array(shape, data, "float64"), dtype)


_filled("zeros", 0.0)
_filled("ones", 1.0)
_filled("empty", None)


@function("numpy.full")
def full(caller: Caller, shape: Value, fill_value: Value, dtype: Value = None) -> Value:
    return _constant(caller, shape_of(caller, shape), fill_value, dtype)


@function("numpy.arange")
def arange(caller: Caller, /, *bounds: Value, dtype: Value = None) -> Value:
    if not all(isinstance(b, int | float) for b in bounds) or not 1 <= len(bounds) <= 3:
        raise NotModelled("numpy.arange() of values that are not known")
    numbers = [b for b in bounds if isinstance(b, int | float)]
    start, stop, step = (0, numbers[0], 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    if step == 0:
        raise caller.error("ZeroDivisionError", "division by zero")
    count = max(0, math.ceil((stop - start) / step))
    if count > MAX_DATA:
        return array((count,), None)
    return converted(caller, array_of([start + i * step for i in range(count)]), dtype)


@function("numpy.linspace")
def linspace(
    caller: Caller, start: Value, stop: Value, num: Value = 50, endpoint: Value = True, **options: Value
) -> Value:
    count = index(caller, num)
    if not isinstance(count, int) or not isinstance(start, int | float) or not isinstance(stop, int | float):
        return array((count,), None, "float64")
    if count > MAX_DATA or options:
        return array((count,), None, "float64")
    last = caller.truth(endpoint)
    parts = count - 1 if last else count
    step = (stop - start) / parts if parts > 0 else 0.0
    data = [i * step + start for i in range(count)]
    if last and count > 1:
        data[-1] = float(stop)
    return array((count,), [float(v) for v in data], "float64")


no_operations("numpy.random", "seed")
no_operations("numpy", "set_printoptions seterr save savez savez_compressed")


def _random(caller: Caller, shape: tuple[Dim, ...], dtype: str) -> Value:
    return array(shape, None, dtype) if shape else caller.unknown("a random number is not known")


@function("numpy.random.rand", "numpy.random.randn")
def rand(caller: Caller, /, *extents: Value) -> Value:
    return _random(caller, tuple(index(caller, v) for v in extents), "float64")


@function("numpy.random.random", "numpy.random.random_sample")
def random(caller: Caller, size: Value = None) -> Value:
    return _random(caller, () if size is None else shape_of(caller, size), "float64")


@function("numpy.random.uniform", "numpy.random.normal")
def distributed(
    caller: Caller, a: Value = 0.0, b: Value = 1.0, size: Value = None, **options: Value
) -> Value:
    return _random(caller, () if size is None else shape_of(caller, size), "float64")


@function("numpy.random.randint")
def randint(caller: Caller, low: Value, high: Value = None, size: Value = None, dtype: Value = None) -> Value:
    return _random(caller, () if size is None else shape_of(caller, size), "int64")


@function("numpy.isscalar")
def isscalar(caller: Caller, element: Value, /) -> Value:
    return isinstance(element, int | float | complex | str | bytes) or is_symbolic(element)


@method(ARRAY, "__new__")
def _refuse(caller: Caller, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
    return caller.unknown("an array made by ndarray() is not modelled")


def _whole(caller: Caller, value: Value) -> int:
    number = index(caller, value)
    if not isinstance(number, int):
        raise NotModelled("a diagonal of an array that is not known")
    return number


def _pattern(
    caller: Caller, rows: Value, columns: Value, dtype: Value, inside: Callable[[int, int], bool]
) -> Tensor:
    """Ones where `inside` says so of row and column, zeros elsewhere."""
    n = index(caller, rows)
    m = n if columns is None else index(caller, columns)
    data = None
    if isinstance(n, int) and isinstance(m, int) and n * m <= MAX_DATA:
        data = [float(inside(i, j)) for i in range(n) for j in range(m)]
    return converted(caller, array((n, m), data, "float64"), dtype)


@function("numpy.eye")
def eye(
    caller: Caller, N: Value, M: Value = None, k: Value = 0, dtype: Value = None, order: Value = "C"
) -> Value:
    """Ones on the k-th diagonal."""
    shift = _whole(caller, k)
    return _pattern(caller, N, M, dtype, lambda i, j: j - i == shift)


@function("numpy.identity")
def identity(caller: Caller, n: Value, dtype: Value = None) -> Value:
    """Ones on the diagonal of a square."""
    return _pattern(caller, n, None, dtype, lambda i, j: i == j)


@function("numpy.tri")
def tri(caller: Caller, N: Value, M: Value = None, k: Value = 0, dtype: Value = None) -> Value:
    """Ones at and below the k-th diagonal."""
    shift = _whole(caller, k)
    return _pattern(caller, N, M, dtype, lambda i, j: j - i <= shift)
