"""Methods of int, float, complex, bool, range and slice; of symbolic numbers where they are exact."""

from __future__ import annotations

from convlint.dims import Divides, Expr
from convlint.libs.python.comparison import answer
from convlint.libs.python.limits import check_items
from convlint.libs.python.methods.table import DATA, data, plain_methods, plain_statics, special
from convlint.libs.python.quotient import Progression, Quotient, positive_parts
from convlint.values import Caller, NotModelled, Value


def _few_bytes(value: int, length: int = 1, *args: object, **kwargs: object) -> None:
    check_items(length if isinstance(length, int) else 0, "bytes")


plain_methods(int, "as_integer_ratio bit_count bit_length conjugate")
plain_methods(int, "to_bytes", _few_bytes)
plain_statics(int, "from_bytes")
plain_methods(float, "as_integer_ratio conjugate hex")
plain_statics(float, "fromhex")
plain_methods(complex, "conjugate")
plain_methods(range, "count index")
plain_methods(slice, "indices")
data(int, "numerator denominator real imag")
data(float, "real imag")
data(complex, "real imag")
data(range, "start stop step")
data(slice, "start stop step")
data(Progression, "start stop step")


def _itself(receiver: Value) -> Value:
    return int(receiver) if isinstance(receiver, bool) else receiver


# An expression answers as an int does.
DATA[int].update(numerator=_itself, real=_itself, denominator=lambda _: 1, imag=lambda _: 0)


@special(int, float, absorbs=True)
def is_integer(caller: Caller, receiver: Value, /) -> Value:
    if isinstance(receiver, Quotient):
        numerator, denominator = positive_parts(receiver)
        return answer(caller, Divides(denominator, numerator))
    if isinstance(receiver, Expr | int):
        return True
    if isinstance(receiver, float):
        return receiver.is_integer()
    raise NotModelled("is_integer() of this number is not modelled")
