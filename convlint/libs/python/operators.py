"""Operators on host data and symbolic numbers: the one door the interpreter takes after its own dispatch.

User classes' methods and tensors are the interpreter's business before it comes here; here both operands are
host data, expressions, quotients, conditions, unknown, or objects of which only identity counts.
"""

from __future__ import annotations

import operator as host
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from convlint.dims import Dim, Expr, Unequal
from convlint.libs.python.arithmetic import HOST, NUMBERS, is_number, known, numeric
from convlint.libs.python.comparison import answer, compare, contains, equal, identical, opposite
from convlint.libs.python.containers import collect, del_item, item, iterate, length, set_item
from convlint.libs.python.content import (
    MAPPINGS,
    SCALARS,
    SETS,
    VIEWS,
    class_name,
    content,
    is_host,
    is_plain,
)
from convlint.libs.python.host import attempt
from convlint.libs.python.quotient import Progression, Quotient
from convlint.libs.python.sequences import REPEATED, combined, joined, repeated
from convlint.libs.python.text import formatted, percent, representation, text
from convlint.values import Caller, Condition, NotModelled, Unknown, Value

_UNARY: dict[str, Callable[[Any], Any]] = {"+": host.pos, "-": host.neg, "~": host.inv}
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def binary(caller: Caller, operator: str, left: Value, right: Value) -> Value:
    """`left operator right`, comparisons, "in" and "is" included; the program's exception, or NotModelled."""
    if operator in _COMPARISONS:
        if left.__class__ in NUMBERS and right.__class__ in NUMBERS and operator not in ("==", "!="):
            return attempt(caller, _ORDER[operator], left, right)
        return _absorbed(operator, left, right) or compare(caller, operator, left, right)
    match operator:
        case "is":
            return identical(left, right)
        case "is not":
            return opposite(caller, identical(left, right))
        case "in":
            return contains(caller, left, right)
        case "not in":
            return opposite(caller, contains(caller, left, right))
    return _absorbed(operator, left, right) or _arithmetic(caller, operator, content(left), content(right))


_ORDER: dict[str, Callable[[Any, Any], Any]] = {"<": host.lt, "<=": host.le, ">": host.gt, ">=": host.ge}


def _absorbed(operator: str, left: Value, right: Value) -> Unknown | None:
    """An unknown operand makes the result unknown: the same one each time the same question is asked."""
    if isinstance(left, Unknown):
        return left.derive((operator, right if type(right) in SCALARS else id(right)))
    if isinstance(right, Unknown):
        return right.derive((operator, "of", left if type(left) in SCALARS else id(left)))
    return None


def _arithmetic(caller: Caller, operator: str, a: Value, b: Value) -> Value:
    if a.__class__ in NUMBERS and b.__class__ in NUMBERS:
        return known(caller, operator, a, b)
    if is_number(a) and is_number(b):
        return numeric(caller, operator, a, b)
    if operator == "%" and isinstance(a, str | bytes | bytearray):
        return percent(caller, a, b)
    if operator == "*" and isinstance(a, REPEATED):
        return repeated(caller, a, b)
    if operator == "*" and isinstance(b, REPEATED):
        return repeated(caller, b, a)
    if operator == "+" and is_host(a) and is_host(b):
        return joined(caller, a, b)
    if operator in ("&", "|", "^", "-") and (_set_like(a) or _set_like(b)):
        return combined(caller, operator, a, b)
    raise unsupported(caller, operator, a, b)


def _set_like(value: Value) -> bool:
    return type(value) in SETS or type(value) in VIEWS or type(value) in MAPPINGS


def unsupported(caller: Caller, operator: str, a: Value, b: Value) -> Exception:
    """The program's TypeError for operands that an operator does not take."""
    left, right = class_name(caller, a), class_name(caller, b)
    shown = "** or pow()" if operator == "**" else operator
    return caller.error("TypeError", f"unsupported operand type(s) for {shown}: '{left}' and '{right}'")


def inplace(caller: Caller, operator: str, left: Value, right: Value) -> Value:
    """`left operator= right`: mutable containers change in place, everything else as `binary`."""
    box, other = content(left), content(right)
    if operator == "+" and isinstance(box, list | deque):
        try:
            box.extend(collect(caller, right))
        except NotModelled as why:
            caller.taint(left, caller.unknown(why.reason))
        return left
    if isinstance(box, Counter) and isinstance(other, Counter):
        counts = combined(caller, operator, box, other) if operator != "+" else joined(caller, box, other)
        assert isinstance(counts, Counter)
        box.clear()
        dict.update(box, counts)
        return left
    if operator == "|" and isinstance(box, dict) and not isinstance(box, Counter):
        caller.call(caller.getattr(box, "update"), (right,))
        return left
    if operator == "*" and isinstance(box, list | deque) and box is left and is_number(other):
        items = list(collect(caller, repeated(caller, box, other)))
        box.clear()
        box.extend(items)
        return left
    if operator in ("|", "&", "-", "^") and isinstance(box, set) and type(other) in SETS:
        result = combined(caller, operator, box, other)
        assert isinstance(result, set)
        box.clear()
        box |= result
        return left
    return caller.binary(operator, left, right)


def unary(caller: Caller, operator: str, operand: Value) -> Value:
    """`+x`, `-x` and `~x` ("not" is the interpreter's: `opposite` of `truth`)."""
    value = content(operand)
    if isinstance(value, Unknown):
        return value.derive(("unary", operator))
    if isinstance(value, Condition):
        value = caller.truth(value)
    if isinstance(value, Expr):
        return {"+": value, "-": -value, "~": -value - 1}[operator]
    if isinstance(value, Quotient) and operator != "~":
        return value if operator == "+" else Quotient(-value.numerator, value.denominator)
    if isinstance(value, NUMBERS) or (isinstance(value, dict) and is_plain(value)):
        return attempt(caller, _UNARY[operator], value)
    raise caller.error("TypeError", f"bad operand type for unary {operator}: '{class_name(caller, operand)}'")


def truth(caller: Caller, value: Value) -> bool | Condition | Unknown:
    """The truth of a value that has no `__bool__` or `__len__` of the program's own."""
    if value is True or value is False:
        return value
    data = content(value)
    if isinstance(data, Unknown | Condition):
        return data
    if isinstance(data, Expr):
        return answer(caller, Unequal(data, 0))
    if isinstance(data, Quotient):
        return truth(caller, data.numerator)
    if isinstance(data, Progression):
        return truth(caller, data.length)
    return bool(data) if is_host(data) and data is not NotImplemented else True


__all__ = [
    "HOST",
    "Dim",
    "binary",
    "contains",
    "del_item",
    "equal",
    "formatted",
    "inplace",
    "item",
    "iterate",
    "length",
    "opposite",
    "representation",
    "set_item",
    "text",
    "truth",
    "unary",
    "unsupported",
]
