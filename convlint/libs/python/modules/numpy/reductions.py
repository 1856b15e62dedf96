"""Reductions of all elements to a number, running sums, order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from convlint.dims import Dim
from convlint.libs import registry
from convlint.libs.python.arrays import (
    KIND,
    array,
    array_of,
    as_array,
    content_of,
    known_shape,
    wrapped,
)
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import function
from convlint.values import Caller, NotModelled, Tensor, Value


def _reduction(names: str, run: Callable[[Caller, list[Value]], Value]) -> None:
    """Declare a reduction over all elements, as a function and as a method."""

    def body(
        caller: Caller, a: Value, axis: Value = None, keepdims: Value = False, **options: Value
    ) -> Value:
        if options or not isinstance(keepdims, bool):
            raise NotModelled("a reduction of an array in this form")
        if not keepdims and (axis is None or (axis in (0, -1) and len(_rank(caller, a)) <= 1)):
            return wrapped(run(caller, _elements(caller, a)))
        return _along(caller, run, as_array(caller, a), axis, keepdims)

    each = names.split()
    function(*(f"numpy.{name}" for name in each), *(f"{KIND}.{name}" for name in each), absorbs=True)(body)


def _along(
    caller: Caller, run: Callable[[Caller, list[Value]], Value], x: Tensor, axis: Value, keepdims: bool
) -> Value:
    """The reduction of every line along one axis or several, which are kept with extent 1 or gone."""
    own = known_shape(x)
    given = axis if isinstance(axis, tuple) else range(len(own)) if axis is None else (axis,)
    if not all(isinstance(each, int) and -len(own) <= each < len(own) for each in given):
        raise NotModelled("a reduction of an array along an axis that is not known")
    gone = {int(each) % len(own) for each in given}
    kept = [1 if at in gone else extent for at, extent in enumerate(own)]
    shape = kept if keepdims else [extent for at, extent in enumerate(own) if at not in gone]
    if x.data is None:
        return array(shape, None)
    lines: dict[tuple[int, ...], list[Value]] = {place: [] for place in product(*map(range, kept))}
    for place, value in zip(product(*map(range, own)), x.data, strict=True):
        lines[tuple(0 if at in gone else i for at, i in enumerate(place))].append(value)
    return array(shape, [run(caller, line) for line in lines.values()])


def _elements(caller: Caller, a: Value) -> list[Value]:
    if isinstance(a, list | tuple) and not any(isinstance(v, list | tuple | Tensor) for v in a):
        return collect(caller, a)
    return list(content_of(as_array(caller, a)))


def _rank(caller: Caller, a: Value) -> tuple[Dim, ...]:
    return (0,) if isinstance(a, list | tuple) else as_array(caller, a).shape or ()


def _total(symbol: str, start: Value) -> Callable[[Caller, list[Value]], Value]:
    def run(caller: Caller, items: list[Value]) -> Value:
        total = start
        for item in items:
            total = caller.binary(symbol, total, item)
        return total

    return run


def _called(name: str) -> Callable[[Caller, list[Value]], Value]:
    return lambda caller, items: caller.call(registry.lookup(f"builtins.{name}"), (items,))


def _mean(caller: Caller, items: list[Value]) -> Value:
    return caller.binary("/", _total("+", 0)(caller, items), len(items))


def _place(name: str) -> Callable[[Caller, list[Value]], Value]:
    def run(caller: Caller, items: list[Value]) -> Value:
        best = _called(name)(caller, items)
        place = next((i for i, v in enumerate(items) if v is best or content(v) == content(best)), None)
        if place is None:
            raise NotModelled("the place of an extreme that is not known")
        return place

    return run


_reduction("sum", _total("+", 0))
_reduction("prod", _total("*", 1))
_reduction("max amax", _called("max"))
_reduction("min amin", _called("min"))
_reduction("mean average", _mean)
_reduction("any", _called("any"))
_reduction("all", _called("all"))
_reduction("argmax", _place("max"))
_reduction("argmin", _place("min"))


@function("numpy.cumsum", f"{KIND}.cumsum")
def cumsum(caller: Caller, a: Value, axis: Value = None, **options: Value) -> Value:
    found: list[Value] = []
    for item in _elements(caller, a):
        found.append(caller.binary("+", found[-1], item) if found else item)
    return array_of(found)


@function("numpy.unique")
def unique(caller: Caller, ar: Value, return_counts: Value = False, **options: Value) -> Value:
    items = [v for v in _elements(caller, ar) if isinstance(v, int | float)]
    if options or len(items) < len(_elements(caller, ar)):
        raise NotModelled("numpy.unique() of values that are not known")
    values = sorted(set(items))
    if caller.truth(return_counts):
        return array_of(values), array_of([items.count(v) for v in values])
    return array_of(values)


@function("numpy.sort")
def sort(caller: Caller, a: Value) -> Value:
    items = [v for v in _elements(caller, a) if isinstance(v, int | float)]
    return array_of(sorted(items))
