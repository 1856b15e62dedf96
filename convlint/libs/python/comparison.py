"""Comparisons: equality, order, membership, identity, with Python's semantics on known and symbolic data.

Law: an answer is a bool where it is certain, a Condition where it depends on symbols, else Unknown.
"""

from __future__ import annotations

import operator as host
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from convlint.dims import AtLeast, Dim, Equal, Expr, Question, negate
from convlint.libs.protocol import MISSING
from convlint.libs.python.arithmetic import is_number
from convlint.libs.python.content import (
    MAPPINGS,
    SCALARS,
    SEQUENCES,
    SET_VIEWS,
    SETS,
    bearable,
    class_name,
    content,
    is_host,
    is_plain,
    is_symbolic,
)
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import asked_for, find, settled
from convlint.libs.python.quotient import Progression, Quotient, exact_ratio, positive_parts
from convlint.values import Caller, Condition, NotModelled, Unknown, Value

Truth = bool | Condition | Unknown
HOST: dict[str, Callable[[Any, Any], Any]] = {
    "==": host.eq,
    "!=": host.ne,
    "<": host.lt,
    "<=": host.le,
    ">": host.gt,
    ">=": host.ge,
}
_SETLIKE = SETS | SET_VIEWS
_ABSENT = object()


def answer(caller: Caller, question: Question) -> bool | Condition:
    """The question's answer where the path decides it, else the question itself as a condition."""
    held = caller.holds(question)
    return Condition(question) if held is None else held


def opposite(caller: Caller, value: Value) -> Truth:
    """`not value` of the outcome of a comparison, without asking the path."""
    if isinstance(value, Condition):
        return Condition(negate(value.question))  # type: ignore[arg-type]
    if isinstance(value, Unknown):
        return value.derive("not")
    return not caller.truth(value)


def equal(caller: Caller, a: Value, b: Value) -> Truth:
    """`a == b`."""
    a, b = content(a), content(b)
    if isinstance(a, Unknown):
        return a.derive(("==", b if type(b) in SCALARS else id(b)))
    if isinstance(b, Unknown):
        return b.derive(("==", a if type(a) in SCALARS else id(a)))
    if type(a) in SCALARS and type(b) in SCALARS:
        return bool(a == b)
    if is_symbolic(a) or is_symbolic(b):
        return _symbolic_order(caller, "==", a, b) if is_number(a) and is_number(b) else False
    if isinstance(a, Progression) or isinstance(b, Progression):
        return True if a == b else caller.unknown("ranges of symbolic bounds are compared")
    if is_host(a) and is_host(b):
        return _equal_containers(caller, a, b)
    return a is b


def _equal_containers(caller: Caller, a: Value, b: Value) -> Truth:
    left, right = type(a), type(b)
    if a is b or (is_plain(a) and is_plain(b)):
        return attempt(caller, lambda: bool(a == b))
    if not (bearable(a) and bearable(b)):
        return caller.unknown("values that hold too many others are compared")
    if left is right and left in SEQUENCES:
        assert isinstance(a, Sequence) and isinstance(b, Sequence)
        return False if len(a) != len(b) else _all_equal(caller, zip(a, b, strict=True))
    if left in MAPPINGS and right in MAPPINGS:
        assert isinstance(a, Mapping) and isinstance(b, Mapping)
        return _equal_mappings(caller, a, b)
    if left in _SETLIKE and right in _SETLIKE:
        assert isinstance(a, Iterable) and isinstance(b, Iterable)
        if all(settled(v) for v in a) and all(settled(v) for v in b):
            return bool(a == b)
        return caller.unknown("sets of values that are not known are compared")
    return False


def _equal_mappings(caller: Caller, a: Mapping[Value, Value], b: Mapping[Value, Value]) -> Truth:
    if len(a) != len(b):
        return False
    pairs = []
    for key, value in a.items():
        other = find(caller, b, key)
        if other is MISSING:
            return False
        pairs.append((value, b[other]))
    return _all_equal(caller, pairs)


def _all_equal(caller: Caller, pairs: Iterable[tuple[Value, Value]]) -> Truth:
    """Whether all pairs are equal: identity counts, as in Python; a certain difference decides first."""
    doubts: list[Value] = []
    for x, y in pairs:
        if x is y and not isinstance(x, Unknown):
            continue
        same = caller.binary("==", x, y)
        if same is False:
            return False
        if same is not True:
            doubts.append(same)
    for doubt in doubts:
        if not isinstance(doubt, Condition):
            return (
                doubt if isinstance(doubt, Unknown) else caller.unknown("containers of tensors are compared")
            )
    if len(doubts) <= 1:
        return next((d for d in doubts if isinstance(d, Condition)), True)
    return all(caller.truth(doubt) for doubt in doubts)


def compare(caller: Caller, operator: str, a: Value, b: Value) -> Value:
    """`a operator b` for "==", "!=", "<", "<=", ">" and ">="."""
    if operator == "==":
        return equal(caller, a, b)
    if operator == "!=":
        return opposite(caller, equal(caller, a, b))
    a, b = content(a), content(b)
    if is_number(a) and is_number(b) and (is_symbolic(a) or is_symbolic(b)):
        return _symbolic_order(caller, operator, a, b)
    if is_plain(a) and is_plain(b):
        return attempt(caller, HOST[operator], a, b)
    if not (bearable(a) and bearable(b)):
        raise NotModelled("values that hold too many others are compared")
    if type(a) is type(b) and type(a) in SEQUENCES:
        assert isinstance(a, Sequence) and isinstance(b, Sequence)
        return _lexicographic(caller, operator, a, b)
    if type(a) in _SETLIKE and type(b) in _SETLIKE:
        assert isinstance(a, Iterable) and isinstance(b, Iterable)
        if all(settled(v) for v in a) and all(settled(v) for v in b):
            return attempt(caller, HOST[operator], a, b)
        raise NotModelled("sets of values that are not known are compared")
    left, right = class_name(caller, a), class_name(caller, b)
    raise caller.error("TypeError", f"'{operator}' not supported between instances of '{left}' and '{right}'")


def _lexicographic(caller: Caller, operator: str, a: Sequence[Value], b: Sequence[Value]) -> Value:
    """The first unequal pair decides; a longer sequence is greater."""
    for x, y in zip_longest(a, b, fillvalue=_ABSENT):
        if x is _ABSENT or y is _ABSENT:
            break
        if x is y:
            continue
        same = caller.binary("==", x, y)
        if isinstance(same, Unknown):
            return same
        if not caller.truth(same):
            return caller.binary(operator, x, y)
    return HOST[operator](len(a), len(b))


def _symbolic_order(caller: Caller, operator: str, a: Value, b: Value) -> bool | Condition:
    if isinstance(a, Condition) or isinstance(b, Condition):
        return _compared_conditions(caller, operator, a, b)
    for special, flipped in ((a, True), (b, False)):
        if isinstance(special, float) and exact_ratio(special) is None:
            return _against_float(caller, operator, b if flipped else a, special, flipped)
    (n, d), (m, e) = _fraction(a), _fraction(b)
    left, right = n * e, m * d
    match operator:
        case "==":
            return answer(caller, Equal(left, right))
        case "<":
            return answer(caller, AtLeast(right, left + 1))
        case "<=":
            return answer(caller, AtLeast(right, left))
        case ">":
            return answer(caller, AtLeast(left, right + 1))
    return answer(caller, AtLeast(left, right))


def _compared_conditions(caller: Caller, operator: str, a: Value, b: Value) -> bool | Condition:
    if operator == "==" and isinstance(a, Condition) and isinstance(b, bool):
        return a if b else Condition(negate(a.question))  # type: ignore[arg-type]
    if operator == "==" and isinstance(b, Condition) and isinstance(a, bool):
        return b if a else Condition(negate(b.question))  # type: ignore[arg-type]
    left = caller.truth(a) if isinstance(a, Condition) else a
    right = caller.truth(b) if isinstance(b, Condition) else b
    result = caller.binary(operator, left, right)
    if isinstance(result, bool | Condition):
        return result
    raise NotModelled("a truth value that depends on symbols is compared")


def _fraction(value: Value) -> tuple[Dim, Dim]:
    """A number as a fraction with a positive denominator."""
    match value:
        case int() | Expr():
            return value, 1
        case Quotient():
            return positive_parts(value)
        case float():
            ratio = exact_ratio(value)
            assert ratio is not None
            return ratio
    raise NotModelled("a complex number is compared with a symbolic extent")


def _against_float(
    caller: Caller, operator: str, symbolic: Value, value: float, flipped: bool
) -> bool | Condition:
    """A symbolic number against a float of any precision; `flipped` where the float stands on the left.

    An integer is below x exactly where it is below ceil(x); infinities decide at once.
    """
    if value != value:
        return False
    if value in (float("inf"), float("-inf")):
        ordered = (value, 0.0) if flipped else (0.0, value)
        return bool(HOST[operator](*ordered))
    if not isinstance(symbolic, Expr):
        raise NotModelled(f"{symbolic} is compared with {value}, which is not exact")
    if operator == "==":
        return answer(caller, Equal(symbolic, int(value))) if value.is_integer() else False
    if flipped:
        operator = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
    whole = int(value // 1)
    if value.is_integer():
        return _symbolic_order(caller, operator, symbolic, whole)
    return _symbolic_order(caller, "<=" if operator in ("<", "<=") else ">", symbolic, whole)


def contains(caller: Caller, item: Value, container: Value) -> Truth:
    """`item in container`."""
    box = content(container)
    if isinstance(box, Unknown):
        return box.derive(("in", id(item)))
    if isinstance(box, str | bytes | bytearray | range) and not is_symbolic(content(item)):
        return _in_host(caller, content(item), box)
    if type(box) in MAPPINGS or type(box) in _SETLIKE:
        assert isinstance(box, Iterable)
        if isinstance(item, Unknown):
            return item.derive(("in", id(box))) if box else False
        if isinstance(box, set | frozenset):
            item = asked_for(item)
        return find(caller, box, item) is not MISSING
    return _among(caller, item, caller.iterate(container))


def _in_host(caller: Caller, item: Value, box: Any) -> Truth:
    if isinstance(item, Unknown):
        return item.derive(("in", id(box) if isinstance(box, range) else box))
    if is_plain(item):
        return attempt(caller, lambda: item in box)
    if isinstance(box, range):
        return False
    raise caller.error(
        "TypeError", f"'in <string>' requires string as left operand, not {class_name(caller, item)}"
    )


def _among(caller: Caller, item: Value, items: Iterable[Value]) -> Truth:
    doubts: list[Value] = []
    for other in items:
        if other is item and not isinstance(item, Unknown):
            return True
        same = caller.binary("==", other, item)
        if same is True:
            return True
        if same is not False:
            doubts.append(same)
    for doubt in doubts:
        if not isinstance(doubt, Condition):
            return (
                doubt if isinstance(doubt, Unknown) else caller.unknown("a tensor is searched in a sequence")
            )
    if len(doubts) == 1 and isinstance(doubts[0], Condition):
        return doubts[0]
    return any(caller.truth(doubt) for doubt in doubts)


def identical(a: Value, b: Value) -> Truth:
    """`a is b`: identity for objects; for numbers and texts, equality of type and value."""
    if isinstance(a, Unknown):
        return True if a is b else a.derive(("is", b if b is None or isinstance(b, bool) else id(b)))
    if isinstance(b, Unknown):
        return identical(b, a)
    if isinstance(a, bool) and isinstance(b, Condition):
        return identical(b, a)
    if isinstance(a, Condition) and isinstance(b, bool):
        return a if b else Condition(negate(a.question))  # type: ignore[arg-type]
    if type(a) is type(b) and isinstance(a, int | float | str | bytes | Expr):
        return bool(a == b)
    return a is b
