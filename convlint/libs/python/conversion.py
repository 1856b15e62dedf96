"""What calling a builtin type gives: int(x), list(x), dict(x) … of known, symbolic and abstract values.

Law: a symbolic number keeps its type's arithmetic (int of an extent is the extent, float of it a quotient).
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from typing import Any

from convlint.dims import Dim, Expr
from convlint.libs.python import quotient as quotients
from convlint.libs.python.containers import collect
from convlint.libs.python.content import Defaulting, all_plain, class_name, content, is_plain
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_items
from convlint.libs.python.methods.mappings import fill, pairs_of, tally
from convlint.libs.python.methods.sets import members
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import Caller, Condition, Instance, NotModelled, Tensor, Unknown, Value


def _special(caller: Caller, value: Value, *names: str) -> Value:
    """The result of the first special method that an object has; a tensor gives its only element."""
    if isinstance(value, Tensor):
        return caller.call(caller.getattr(value, "item"))
    if isinstance(value, Instance):
        for name in names:
            if value.cls.has(name):
                return caller.call(caller.getattr(value, name))
        if value.tainted or value.cls.unknown_base:
            return value.tainted or value.cls.unknown_base
    wanted = {"__int__": "int() argument must be a string, a bytes-like object or a real number"}
    words = wanted.get(names[0], "float() argument must be a string or a real number")
    raise caller.error("TypeError", f"{words}, not '{class_name(caller, value)}'")


def integer(caller: Caller, value: Value = 0, /, base: Value = None) -> Value:
    """`int(value, base)`."""
    data = content(value)
    if isinstance(data, Unknown):
        return data.derive("int")
    if isinstance(base, Unknown):
        return base.derive("base")
    match data:
        case Expr() if base is None:
            return data
        case Quotient() if base is None:
            return quotients.truncated(data)
        case Condition() if base is None:
            return int(caller.truth(data))
        case int() | float() | str() | bytes() | bytearray():
            given: Any = (data,) if base is None else (data, base)
            return attempt(caller, lambda: int(*given))
    return integer(caller, _special(caller, value, "__int__", "__index__", "__trunc__"))


def boolean(caller: Caller, value: Value = False, /) -> Value:
    """`bool(value)`; a condition stays one."""
    if isinstance(value, Unknown):
        return value.derive("bool")
    return value if isinstance(value, Condition) else caller.truth(value)


def floating(caller: Caller, value: Value = 0.0, /) -> Value:
    """`float(value)`."""
    data = content(value)
    match data:
        case Unknown():
            return data.derive("float")
        case Expr():
            return Quotient(data, 1)
        case Quotient():
            return data
        case Condition():
            return float(caller.truth(data))
        case int() | float() | str() | bytes() | bytearray():
            return attempt(caller, float, data)
    return floating(caller, _special(caller, value, "__float__", "__index__"))


def complex_number(caller: Caller, real: Value = 0, imag: Value = 0) -> Value:
    """`complex(real, imag)` of known parts."""
    if not all_plain((real, imag)):
        raise NotModelled("a complex number of symbolic parts is not modelled")
    return attempt(caller, complex, real, imag)  # type: ignore[arg-type]


def text(caller: Caller, value: Value = "", encoding: Value = None, errors: Value = "strict") -> Value:
    """`str(value)`; with an encoding, bytes decoded."""
    if encoding is None:
        return caller.text(value)
    data = content(value)
    if isinstance(data, bytes | bytearray) and isinstance(encoding, str) and isinstance(errors, str):
        return attempt(caller, data.decode, encoding, errors)
    raise NotModelled("bytes that are not known are decoded")


def octets(caller: Caller, source: Value = b"", encoding: Value = None, errors: Value = "strict") -> Value:
    """`bytes(source, encoding)`."""
    data = content(source)
    if isinstance(data, str) and isinstance(encoding, str) and isinstance(errors, str):
        return attempt(caller, data.encode, encoding, errors)
    if isinstance(data, int):
        check_items(data, "bytes")
        return attempt(caller, bytes, data)
    if isinstance(data, bytes | bytearray):
        return bytes(data)
    items = collect(caller, source)
    if not is_plain(items):
        raise NotModelled("bytes of values that are not known")
    return attempt(caller, bytes, items)  # type: ignore[arg-type]


def octet_array(
    caller: Caller, source: Value = b"", encoding: Value = None, errors: Value = "strict"
) -> Value:
    """`bytearray(source, encoding)`."""
    made = octets(caller, source, encoding, errors)
    return bytearray(made) if isinstance(made, bytes) else made


def list_of(caller: Caller, iterable: Value = (), /) -> Value:
    """`list(iterable)`."""
    return collect(caller, iterable)


def tuple_of(caller: Caller, iterable: Value = (), /) -> Value:
    """`tuple(iterable)`."""
    return iterable if type(iterable) is tuple else tuple(collect(caller, iterable))


def set_of(caller: Caller, iterable: Value = (), /) -> Value:
    """`set(iterable)`."""
    return members(caller, iterable)


def frozen_set_of(caller: Caller, iterable: Value = (), /) -> Value:
    """`frozenset(iterable)`."""
    return frozenset(members(caller, iterable))


def dict_of(caller: Caller, source: Value = (), /, **kwargs: Value) -> Value:
    """`dict(source, **kwargs)`."""
    return _filled(caller, {}, source, kwargs)


def ordered_of(caller: Caller, source: Value = (), /, **kwargs: Value) -> Value:
    """`OrderedDict(source, **kwargs)`."""
    return _filled(caller, OrderedDict(), source, kwargs)


def default_of(caller: Caller, factory: Value = None, source: Value = (), /, **kwargs: Value) -> Value:
    """`defaultdict(factory, source, **kwargs)`."""
    box = Defaulting()
    box.default_factory = factory
    return _filled(caller, box, source, kwargs)


def counter_of(caller: Caller, source: Value = None, /, **kwargs: Value) -> Value:
    """`Counter(source, **kwargs)`."""
    box: Counter[Value] = Counter()
    tally(caller, box, source, kwargs, 1)
    return box


def _filled(
    caller: Caller, box: dict[Value, Value], source: Value, kwargs: dict[str, Value]
) -> dict[Value, Value]:
    fill(caller, box, pairs_of(caller, source))
    box.update(kwargs)
    return box


def deque_of(caller: Caller, iterable: Value = (), maxlen: Value = None) -> Value:
    """`deque(iterable, maxlen)`."""
    if maxlen is None or isinstance(maxlen, int):
        return attempt(caller, lambda: deque(collect(caller, iterable), maxlen))
    raise NotModelled("the length of a deque is not known")


def slice_of(caller: Caller, *parts: Value) -> Value:
    """`slice(stop)`, `slice(start, stop, step)`."""
    if not 1 <= len(parts) <= 3:
        raise caller.error("TypeError", f"slice expected 1 to 3 arguments, got {len(parts)}")
    return slice(*parts)


def progression(caller: Caller, *bounds: Value) -> Value:
    """`range(stop)`, `range(start, stop, step)`; a symbolic bound gives a range of symbolic length."""
    if not 1 <= len(bounds) <= 3:
        raise caller.error("TypeError", f"range expected 1 to 3 arguments, got {len(bounds)}")
    for bound in bounds:
        if isinstance(bound, Unknown):
            return bound.derive("range")
    dims = [index(caller, bound) for bound in bounds]
    if all(isinstance(d, int) for d in dims):
        return attempt(caller, range, *dims)  # type: ignore[arg-type]
    start, stop, step = (0, dims[0], 1) if len(dims) == 1 else (*dims, 1)[:3]
    if isinstance(step, int) and step != 0:
        return Progression(start, stop, step)
    raise NotModelled("the step of a range depends on the input")


def index(caller: Caller, value: Value) -> Dim:
    """A value where Python wants an integer: floats are refused with its words."""
    data = content(value)
    match data:
        case Expr():
            return data
        case Condition():
            return int(caller.truth(data))
        case int():
            return int(data)
        case Unknown():
            raise NotModelled(data.reason)
        case Tensor():
            return index(caller, caller.call(caller.getattr(data, "item")))
        case Instance() if data.cls.has("__index__"):
            return index(caller, caller.call(caller.getattr(data, "__index__")))
    name = class_name(caller, value)
    raise caller.error("TypeError", f"'{name}' object cannot be interpreted as an integer")


def fill_list(caller: Caller, box: list[Value], iterable: Value = (), /) -> Value:
    """`list.__init__`."""
    assert isinstance(box, list)
    box[:] = collect(caller, iterable)
    return None


def fill_set(caller: Caller, box: set[Value], iterable: Value = (), /) -> Value:
    """`set.__init__`."""
    assert isinstance(box, set)
    found = members(caller, iterable)
    box.clear()
    box |= found
    return None


def fill_dict(caller: Caller, box: dict[Value, Value], source: Value = (), /, **kwargs: Value) -> Value:
    """`dict.__init__`: adds to what is there."""
    assert isinstance(box, dict)
    _filled(caller, box, source, kwargs)
    return None


def fill_default(
    caller: Caller, box: Defaulting, factory: Value = None, source: Value = (), /, **kwargs: Value
) -> Value:
    """`defaultdict.__init__`."""
    assert isinstance(box, Defaulting)
    box.default_factory = factory
    _filled(caller, box, source, kwargs)
    return None


def fill_counter(caller: Caller, box: Counter[Value], source: Value = None, /, **kwargs: Value) -> Value:
    """`Counter.__init__`."""
    assert isinstance(box, Counter)
    tally(caller, box, source, kwargs, 1)
    return None


def fill_deque(caller: Caller, box: deque[Value], iterable: Value = (), maxlen: Value = None) -> Value:
    """`deque.__init__`."""
    assert isinstance(box, deque)
    if maxlen is not None:
        raise NotModelled("a subclass of deque with a length of its own is not modelled")
    box.clear()
    box.extend(collect(caller, iterable))
    return None
