"""The module `itertools`: everything lazy stays lazy, infinite streams too; what must be held is bounded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect
from convlint.libs.python.conversion import index
from convlint.libs.python.declare import function, native
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_items
from convlint.values import Caller, NotModelled, Stream, Unknown, Value

MAX_POOL = 5_000
"""Items that combinations are made of: enough for their number to be computed at once."""


def _size(caller: Caller, value: Value) -> int:
    """A known integer argument. Raises NotModelled for a symbolic one."""
    number = index(caller, value)
    if isinstance(number, int):
        return number
    raise NotModelled(f"an iterator runs as often as a symbolic extent says ({number})")


@function("itertools.count", absorbs=True)
def count(caller: Caller, start: Value = 0, step: Value = 1) -> Value:
    return Stream(_counted(caller, start, step))


def _counted(caller: Caller, value: Value, step: Value) -> Iterator[Value]:
    while True:
        yield value
        value = caller.binary("+", value, step)


@function("itertools.cycle", absorbs=False)
def cycle(caller: Caller, iterable: Value, /) -> Value:
    return Stream(itertools.cycle(collect(caller, iterable)))


@function("itertools.repeat", absorbs=False)
def repeat(caller: Caller, value: Value, times: Value = MISSING) -> Value:
    if times is MISSING:
        return Stream(itertools.repeat(value))
    return Stream(itertools.repeat(value, _size(caller, times)))


@function("itertools.accumulate", absorbs=False)
def accumulate(caller: Caller, iterable: Value, func: Value = None, *, initial: Value = None) -> Value:
    return Stream(_accumulated(caller, caller.iterate(iterable), func, initial))


def _accumulated(caller: Caller, items: Iterator[Value], func: Value, initial: Value) -> Iterator[Value]:
    total = next(items, MISSING) if initial is None else initial
    if total is MISSING:
        return
    yield total
    for item in items:
        total = caller.binary("+", total, item) if func is None else caller.call(func, (total, item))
        yield total


def _chained(caller: Caller, iterables: Iterator[Value]) -> Iterator[Value]:
    for iterable in iterables:
        yield from caller.iterate(iterable)


def _chain(caller: Caller, /, *iterables: Value) -> Value:
    for iterable in iterables:
        if isinstance(iterable, Unknown):
            raise NotModelled(iterable.reason)
    return Stream(_chained(caller, iter(iterables)))


def _chain_from(caller: Caller, iterable: Value, /) -> Value:
    return Stream(_chained(caller, caller.iterate(iterable)))


_made = native("itertools.chain", _chain, absorbs=False)
_made.attrs["from_iterable"] = native("itertools.chain.from_iterable", _chain_from, absorbs=False)
registry.constant("itertools.chain", _made)


@function("itertools.compress", absorbs=False)
def compress(caller: Caller, data: Value, selectors: Value) -> Value:
    pairs = zip(caller.iterate(data), caller.iterate(selectors), strict=False)
    return Stream(item for item, chosen in pairs if caller.truth(chosen))


@function("itertools.dropwhile", absorbs=False)
def dropwhile(caller: Caller, predicate: Value, iterable: Value, /) -> Value:
    items = caller.iterate(iterable)
    return Stream(itertools.dropwhile(lambda item: caller.truth(caller.call(predicate, (item,))), items))


@function("itertools.takewhile", absorbs=False)
def takewhile(caller: Caller, predicate: Value, iterable: Value, /) -> Value:
    items = caller.iterate(iterable)
    return Stream(itertools.takewhile(lambda item: caller.truth(caller.call(predicate, (item,))), items))


@function("itertools.filterfalse", absorbs=False)
def filterfalse(caller: Caller, predicate: Value, iterable: Value, /) -> Value:
    def test(item: Value) -> bool:
        return caller.truth(item if predicate is None else caller.call(predicate, (item,)))

    return Stream(item for item in caller.iterate(iterable) if not test(item))


@function("itertools.starmap", absorbs=False)
def starmap(caller: Caller, function: Value, iterable: Value, /) -> Value:
    return Stream(caller.call(function, collect(caller, args)) for args in caller.iterate(iterable))


@function("itertools.islice", absorbs=False)
def islice(caller: Caller, iterable: Value, /, *bounds: Value) -> Value:
    given = [None if bound is None else _size(caller, bound) for bound in bounds]
    if not 1 <= len(given) <= 3:
        raise caller.error("TypeError", f"islice expected 2 to 4 arguments, got {len(given) + 1}")
    if any(bound is not None and bound < 0 for bound in given):
        raise caller.error(
            "ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        )
    return Stream(itertools.islice(caller.iterate(iterable), *given))


@function("itertools.pairwise", absorbs=False)
def pairwise(caller: Caller, iterable: Value, /) -> Value:
    return Stream(itertools.pairwise(caller.iterate(iterable)))


@function("itertools.batched", absorbs=False)
def batched(caller: Caller, iterable: Value, n: Value, *, strict: Value = False) -> Value:
    size = _size(caller, n)
    if size < 1:
        raise caller.error("ValueError", "n must be at least one")
    return Stream(_batches(caller, caller.iterate(iterable), size, caller.truth(strict)))


def _batches(caller: Caller, items: Iterator[Value], size: int, strict: bool) -> Iterator[Value]:
    while batch := tuple(itertools.islice(items, size)):
        if strict and len(batch) < size:
            raise caller.error("ValueError", "batched(): incomplete batch")
        yield batch


@function("itertools.groupby", absorbs=False)
def groupby(caller: Caller, iterable: Value, key: Value = None) -> Value:
    """Groups are gathered as they are reached, so each stays whole after the next one is asked for."""
    return Stream(_groups(caller, caller.iterate(iterable), key))


def _groups(caller: Caller, items: Iterator[Value], key: Value) -> Iterator[Value]:
    group: list[Value] = []
    current: Value = MISSING
    for item in items:
        name = item if key is None else caller.call(key, (item,))
        if current is not MISSING and not caller.truth(caller.binary("==", current, name)):
            yield current, Stream(group)
            group = []
        current = name
        group.append(item)
    if group:
        yield current, Stream(group)


@function("itertools.tee", absorbs=False)
def tee(caller: Caller, iterable: Value, n: Value = 2, /) -> Value:
    copies = attempt(caller, itertools.tee, caller.iterate(iterable), _size(caller, n))
    return tuple(Stream(each) for each in copies)


@function("itertools.zip_longest", absorbs=False)
def zip_longest(caller: Caller, /, *iterables: Value, fillvalue: Value = None) -> Value:
    return Stream(itertools.zip_longest(*map(caller.iterate, iterables), fillvalue=fillvalue))


def _check_rows(rows: int, width: int, what: str) -> None:
    """Rows are made one by one, but each holds all its items."""
    check_items(rows * max(width, 1), what)


@function("itertools.product", absorbs=False)
def product(caller: Caller, /, *iterables: Value, repeat: Value = 1) -> Value:
    times = max(_size(caller, repeat), 0)
    check_items(times, "a product")
    pools = [collect(caller, iterable) for iterable in iterables] * times
    _check_rows(math.prod(map(len, pools)), len(pools), "a product")
    return Stream(itertools.product(*pools))


@function("itertools.permutations", absorbs=False)
def permutations(caller: Caller, iterable: Value, r: Value = None) -> Value:
    pool = collect(caller, iterable, MAX_POOL)
    size = len(pool) if r is None else _size(caller, r)
    _check_rows(math.perm(len(pool), max(size, 0)), size, "permutations")
    return Stream(attempt(caller, itertools.permutations, pool, size))


@function("itertools.combinations", absorbs=False)
def combinations(caller: Caller, iterable: Value, r: Value) -> Value:
    pool, size = collect(caller, iterable, MAX_POOL), _size(caller, r)
    _check_rows(math.comb(len(pool), max(size, 0)), size, "combinations")
    return Stream(attempt(caller, itertools.combinations, pool, size))


@function("itertools.combinations_with_replacement", absorbs=False)
def combinations_with_replacement(caller: Caller, iterable: Value, r: Value) -> Value:
    pool, size = collect(caller, iterable, MAX_POOL), _size(caller, r)
    check_items(size, "combinations")
    _check_rows(math.comb(len(pool) + max(size, 0), max(size, 0)), size, "combinations")
    return Stream(attempt(caller, itertools.combinations_with_replacement, pool, size))
