"""Methods of dict, OrderedDict, defaultdict and Counter. Keys are found through the caller."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable

from convlint.libs.protocol import MISSING
from convlint.libs.python.containers import collect
from convlint.libs.python.content import Defaulting, content, is_plain
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import HASHED, find, key_error
from convlint.libs.python.limits import check_items
from convlint.libs.python.methods.table import data, of, special, static
from convlint.libs.python.sorting import in_order
from convlint.values import Caller, Native, NotModelled, Unknown, Value

data(Defaulting, "default_factory")


@special(dict)
def get(caller: Caller, receiver: Value, key: Value, default: Value = None, /) -> Value:
    box = of(caller, receiver, dict, "get")
    if isinstance(key, Unknown):
        return key.derive(("get", id(box)))
    place = find(caller, box, key)
    return default if place is MISSING else box[place]


@special(dict, mutates=True)
def setdefault(caller: Caller, receiver: Value, key: Value, default: Value = None, /) -> Value:
    box = of(caller, receiver, dict, "setdefault")
    place = find(caller, box, key)
    if place is MISSING:
        box[key] = default
        return default
    return box[place]


@special(dict, mutates=True)
def pop(caller: Caller, receiver: Value, key: Value, default: Value = MISSING) -> Value:
    box = of(caller, receiver, dict, "pop")
    place = find(caller, box, key)
    if place is not MISSING:
        return box.pop(place)
    if default is MISSING:
        raise key_error(caller, key)
    return default


@special(dict, mutates=True)
def popitem(caller: Caller, receiver: Value, /) -> Value:
    return attempt(caller, of(caller, receiver, dict, "popitem").popitem)


@special(OrderedDict, names="popitem", mutates=True)
def pop_first_or_last(caller: Caller, receiver: Value, last: Value = True) -> Value:
    box = of(caller, receiver, OrderedDict, "popitem")
    return attempt(caller, box.popitem, caller.truth(last))


def pairs_of(caller: Caller, source: Value) -> list[tuple[Value, Value]]:
    """What `dict(source)` takes: a mapping's items, an object with `keys`, or an iterable of pairs."""
    mapping = content(source)
    if isinstance(mapping, dict):
        if (why := caller.taint_of(mapping)) is not None:
            raise NotModelled(why.reason)
        return list(mapping.items())
    if isinstance(source, Unknown):
        raise NotModelled(source.reason)
    keys = MISSING if mapping is not source or isinstance(source, list | tuple) else _keys(caller, source)
    if keys is not MISSING:
        return [(key, caller.item(source, key)) for key in collect(caller, keys)]
    pairs = []
    for i, pair in enumerate(collect(caller, source)):
        if isinstance(pair, int | float | None):
            words = f"cannot convert dictionary update sequence element #{i} to a sequence"
            raise caller.error("TypeError", words)
        parts = collect(caller, pair)
        if len(parts) != 2:
            words = f"dictionary update sequence element #{i} has length {len(parts)}; 2 is required"
            raise caller.error("ValueError", words)
        pairs.append((parts[0], parts[1]))
    return pairs


def _keys(caller: Caller, source: Value) -> Value:
    method = caller.lookup(source, "keys", MISSING)
    if method is MISSING or isinstance(method, Unknown):
        return MISSING
    return caller.call(method)


def fill(caller: Caller, box: dict[Value, Value], pairs: Iterable[tuple[Value, Value]]) -> None:
    """Set each pair, keys found through the caller."""
    for key, value in pairs:
        place = find(caller, box, key)
        box[key if place is MISSING else place] = value
    check_items(len(box), "a dict")


@special(dict, mutates=True)
def update(caller: Caller, receiver: Value, other: Value = (), /, **kwargs: Value) -> Value:
    box = of(caller, receiver, dict, "update")
    fill(caller, box, pairs_of(caller, other))
    box.update(kwargs)
    return None


@special(Counter, names="update", mutates=True)
def count_up(caller: Caller, receiver: Value, other: Value = None, /, **kwargs: Value) -> Value:
    """`Counter.update` adds."""
    tally(caller, of(caller, receiver, Counter, "update"), other, kwargs, 1)
    return None


@special(Counter, mutates=True)
def subtract(caller: Caller, receiver: Value, other: Value = None, /, **kwargs: Value) -> Value:
    tally(caller, of(caller, receiver, Counter, "subtract"), other, kwargs, -1)
    return None


def tally(caller: Caller, box: Counter[Value], other: Value, kwargs: dict[str, Value], sign: int) -> None:
    """Add (or take away) the counts of a mapping, or one for each item of an iterable."""
    counts: list[tuple[Value, Value]] = list(kwargs.items())
    if isinstance(content(other), dict):
        counts += pairs_of(caller, other)
    elif other is not None:
        counts += [(item, 1) for item in collect(caller, other)]
    for key, amount in counts:
        place = find(caller, box, key)
        at = key if place is MISSING else place
        before: Value = 0 if place is MISSING else box[place]
        box[at] = caller.binary("+" if sign > 0 else "-", before, amount)  # type: ignore[assignment]


@special(Counter, absorbs=True)
def most_common(caller: Caller, receiver: Value, n: Value = None) -> Value:
    box = of(caller, receiver, Counter, "most_common")
    pairs: list[Value] = list(box.items())
    by_count = Native("count", lambda caller, args, kwargs: caller.item(args[0], 1))
    ranked = in_order(caller, pairs, by_count, True)
    if n is None:
        return ranked
    if isinstance(n, int):
        return ranked[: max(n, 0)]
    raise NotModelled("how many are asked for is not known")


@special(Counter)
def elements(caller: Caller, receiver: Value, /) -> Value:
    box = of(caller, receiver, Counter, "elements")
    if not is_plain(box):
        raise NotModelled("a Counter of values that are not known")
    check_items(sum(max(int(n), 0) for n in box.values()))
    return list(box.elements())


@special(Counter)
def total(caller: Caller, receiver: Value, /) -> Value:
    result: Value = 0
    for amount in of(caller, receiver, Counter, "total").values():
        result = caller.binary("+", result, amount)
    return result


@special(OrderedDict, mutates=True)
def move_to_end(caller: Caller, receiver: Value, key: Value, last: Value = True) -> Value:
    box = of(caller, receiver, OrderedDict, "move_to_end")
    attempt(caller, box.move_to_end, key, caller.truth(last))
    return None


@special(dict)
def clear(caller: Caller, receiver: Value, /) -> Value:
    of(caller, receiver, dict, "clear").clear()
    return None


@special(dict)
def copy(caller: Caller, receiver: Value, /) -> Value:
    box = of(caller, receiver, dict, "copy")
    if isinstance(box, Defaulting):
        twin = Defaulting(box)
        twin.default_factory = box.default_factory
        return twin
    return box.copy()


@special(dict)
def keys(caller: Caller, receiver: Value, /) -> Value:
    return of(caller, receiver, dict, "keys").keys()


@special(dict)
def values(caller: Caller, receiver: Value, /) -> Value:
    return of(caller, receiver, dict, "values").values()


@special(dict)
def items(caller: Caller, receiver: Value, /) -> Value:
    return of(caller, receiver, dict, "items").items()


@static(dict, "fromkeys")
def fromkeys(caller: Caller, iterable: Value, value: Value = None, /) -> Value:
    keys = collect(caller, iterable)
    if HASHED.issuperset(map(type, keys)):
        return dict.fromkeys(keys, value)
    box: dict[Value, Value] = {}
    fill(caller, box, ((key, value) for key in keys))
    return box


@static(OrderedDict, "fromkeys")
def ordered_fromkeys(caller: Caller, iterable: Value, value: Value = None) -> Value:
    box: OrderedDict[Value, Value] = OrderedDict()
    fill(caller, box, ((key, value) for key in collect(caller, iterable)))
    return box
