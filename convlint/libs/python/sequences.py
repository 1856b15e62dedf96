"""Concatenation, repetition and the algebra of sets and dicts, within size guards."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Sized
from typing import Any

from convlint.dims import Expr
from convlint.libs.protocol import MISSING
from convlint.libs.python.arithmetic import HOST
from convlint.libs.python.content import MAPPINGS, SETS, VIEWS, Defaulting, class_name, is_plain
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import find, settled
from convlint.libs.python.limits import check_items
from convlint.values import Caller, Condition, NotModelled, Value

REPEATED = (list, tuple, str, bytes, bytearray, deque)


def joined(caller: Caller, a: Value, b: Value) -> Value:
    """`a + b` of two sequences."""
    if isinstance(a, Counter) and isinstance(b, Counter):
        return counted(caller, "+", a, b)
    if isinstance(a, Sized) and isinstance(b, Sized):
        check_items(len(a) + len(b))
    return attempt(caller, HOST["+"], a, b)


def repeated(caller: Caller, sequence: Any, times: Value) -> Value:
    """`sequence * times`."""
    if isinstance(times, Condition):
        times = caller.truth(times)
    if isinstance(times, Expr):
        raise NotModelled(f"a sequence is repeated as often as a symbolic extent says ({times})")
    if isinstance(times, int):
        check_items(len(sequence) * max(times, 0))
    elif not isinstance(times, float):
        words = f"can't multiply sequence by non-int of type '{class_name(caller, times)}'"
        raise caller.error("TypeError", words)
    return attempt(caller, HOST["*"], sequence, times)


def combined(caller: Caller, operator: str, a: Any, b: Any) -> Value:
    """`a operator b` for "&", "|", "^" and "-" on sets, dict views, dicts and counters."""
    if isinstance(a, Counter) and isinstance(b, Counter):
        return counted(caller, operator, a, b)
    if operator == "|" and type(a) in MAPPINGS and type(b) in MAPPINGS:
        return merged(caller, _joint(a, b), b)
    if (type(a) in SETS or type(a) in VIEWS) and (type(b) in SETS or type(b) in VIEWS):
        _check_settled(a, b)
    return attempt(caller, HOST[operator], a, b)


def _joint(a: dict[Value, Value], b: dict[Value, Value]) -> dict[Value, Value]:
    """A copy of `a` of the type that `a | b` has: the special one of the two, else a plain dict."""
    for special in (a, b):
        if isinstance(special, OrderedDict):
            return OrderedDict(a)
        if isinstance(special, Defaulting):
            made = Defaulting(a)
            made.default_factory = special.default_factory
            return made
    return dict(a)


def _check_settled(*sets: Iterable[Value]) -> None:
    if not all(settled(v) for members in sets for v in members):
        raise NotModelled("sets of values that are not known are combined")


def counted(caller: Caller, operator: str, a: Value, b: Value) -> Value:
    """The algebra of counters of known keys and counts."""
    if not (is_plain(a) and is_plain(b)):
        raise NotModelled("counters of values that are not known are combined")
    return attempt(caller, HOST[operator], a, b)


def merged(caller: Caller, into: dict[Value, Value], other: dict[Value, Value]) -> dict[Value, Value]:
    """`into.update(other)`, key by key."""
    for key, value in other.items():
        found = find(caller, into, key)
        into[key if found is MISSING else found] = value
    return into
