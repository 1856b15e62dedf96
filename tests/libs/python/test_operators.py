"""Operators and methods on known data: the same values, exceptions and changes as in Python."""

from __future__ import annotations

import copy
import operator
from collections import Counter, OrderedDict, deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.libs.python.methods.table import METHODS
from convlint.values import Native, Raised, StaticMethod, Unknown

SYMBOLS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda a, b: a in b,
}
INTEGERS = st.integers(-9, 40)
FLOATS = st.sampled_from([0.0, -0.0, 0.5, 2.0, -1.25, 1e300, float("inf"), float("nan")])
TEXTS = st.sampled_from(["", "a", "ab", "%s", "%d", "a.b", " x "])
SCALARS = st.one_of(INTEGERS, FLOATS, st.booleans(), TEXTS, st.none(), st.sampled_from([b"", b"ab", 2j]))
KEYS = st.one_of(INTEGERS, TEXTS, st.booleans(), st.tuples(INTEGERS, TEXTS))
LISTS = st.lists(SCALARS, max_size=3)
VALUES = st.one_of(
    SCALARS,
    LISTS,
    LISTS.map(tuple),
    st.dictionaries(KEYS, SCALARS, max_size=3),
    st.sets(KEYS, max_size=3),
    st.frozensets(KEYS, max_size=3),
    st.lists(INTEGERS, max_size=3).map(deque),
    st.lists(TEXTS, max_size=3).map(Counter),
    st.dictionaries(KEYS, SCALARS, max_size=2).map(OrderedDict),
    st.builds(range, INTEGERS, INTEGERS),
)
SETTINGS = settings(deadline=None, derandomize=True, max_examples=400)


@pytest.fixture(scope="module")
def machine() -> Machine:
    registry.lookup("builtins.object")
    return Machine(Loader())


def outcome(run: object, *args: object, **kwargs: object) -> tuple[str, object]:
    """What a call gives: ("value", …) or the exception's class and text."""
    try:
        return "value", run(*args, **kwargs)  # type: ignore[operator]
    except Raised as raised:
        return raised.value.cls.name, ""
    except Exception as error:
        return type(error).__name__, ""


def same(actual: tuple[str, object], expected: tuple[str, object]) -> bool:
    """Values by repr, so that 1, 1.0 and True differ and NaN equals itself; unknown is always allowed."""
    if isinstance(actual[1], Unknown):
        return True
    return actual[0] == expected[0] and shown(actual[1]) == shown(expected[1])


@SETTINGS
@given(VALUES, st.sampled_from(sorted(SYMBOLS)), VALUES)
def test_binary_operators(machine: Machine, a: object, symbol: str, b: object) -> None:
    expected = outcome(SYMBOLS[symbol], copy.deepcopy(a), copy.deepcopy(b))
    actual = outcome(machine.binary, symbol, copy.deepcopy(a), copy.deepcopy(b))
    assert same(actual, expected), (a, symbol, b, actual, expected)
    assert actual[0] == expected[0], "plain data is always decided"


INPLACE = {"+": operator.iadd, "*": operator.imul, "|": operator.ior, "&": operator.iand, "-": operator.isub}


@SETTINGS
@given(VALUES, st.sampled_from(sorted(INPLACE)), VALUES)
def test_inplace_operators(machine: Machine, a: object, symbol: str, b: object) -> None:
    if isinstance(a, Counter) and not isinstance(b, Counter):
        return  # an empty Counter takes anything
    left, right = copy.deepcopy(a), copy.deepcopy(a)
    expected = outcome(INPLACE[symbol], left, copy.deepcopy(b))
    actual = outcome(registry.language().inplace, machine, symbol, right, copy.deepcopy(b))
    assert same(actual, expected), (a, symbol, b, actual, expected)
    assert shown(left) == shown(right)
    if expected[0] == "value":
        assert (actual[1] is right) is (expected[1] is left) or not isinstance(a, list | dict | set | deque)


@SETTINGS
@given(VALUES, st.one_of(SCALARS, st.builds(slice, *[st.none() | st.integers(-4, 4)] * 3)))
def test_items(machine: Machine, a: object, index: object) -> None:
    if isinstance(a, dict) and isinstance(index, slice):
        return  # slices are hashable from Python 3.12 on
    expected = outcome(operator.getitem, a, index)
    assert same(outcome(machine.item, a, index), expected), (a, index, expected)


@SETTINGS
@given(VALUES, st.one_of(SCALARS, st.builds(slice, *[st.none() | st.integers(-4, 4)] * 3)), VALUES)
def test_setting_and_deleting_items(machine: Machine, a: object, index: object, item: object) -> None:
    if isinstance(a, dict | set | Counter) and isinstance(index, slice):
        return  # slices are hashable from Python 3.12 on
    left, right = copy.deepcopy(a), copy.deepcopy(a)
    expected = outcome(operator.setitem, left, index, item)
    assert same(outcome(machine.set_item, right, index, item), expected), (a, index, item, expected)
    assert shown(left) == shown(right)
    expected = outcome(operator.delitem, left, index)
    assert same(outcome(machine.del_item, right, index), expected), (a, index, expected)
    assert shown(left) == shown(right)


RECEIVERS: dict[type, st.SearchStrategy[object]] = {
    int: INTEGERS,
    float: FLOATS,
    str: st.one_of(TEXTS, st.text(max_size=6)),
    bytes: st.binary(max_size=4),
    list: LISTS,
    tuple: LISTS.map(tuple),
    dict: st.dictionaries(KEYS, SCALARS, max_size=3),
    set: st.sets(KEYS, max_size=3),
    frozenset: st.frozensets(KEYS, max_size=3),
    deque: LISTS.map(deque),
    Counter: st.lists(KEYS, max_size=4).map(Counter),
    OrderedDict: st.dictionaries(KEYS, SCALARS, max_size=3).map(OrderedDict),
    range: st.builds(range, INTEGERS, INTEGERS),
}
NAMES = [
    (host, name) for host in RECEIVERS for name in sorted(METHODS.get(host, ())) if not name.startswith("__")
]
ORDERLESS = {("set", "pop"), ("str", "maketrans"), ("dict", "keys")}


@settings(deadline=None, derandomize=True, max_examples=600)
@given(st.data())
def test_methods(machine: Machine, data: st.DataObject) -> None:
    host, name = data.draw(st.sampled_from(NAMES))
    receiver = data.draw(RECEIVERS[host])
    args = data.draw(st.lists(st.one_of(VALUES, INTEGERS, TEXTS), max_size=2))
    mine, theirs = copy.deepcopy(receiver), copy.deepcopy(receiver)
    declared = METHODS[host][name]
    if not hasattr(host, name):
        return  # newer than this Python
    if isinstance(declared, StaticMethod):
        expected = outcome(getattr(host, name), *copy.deepcopy(args))
        actual = outcome(machine.call, declared.function, copy.deepcopy(args))
    else:
        expected = outcome(getattr(theirs, name), *copy.deepcopy(args))
        actual = outcome(machine.call, machine.getattr(mine, name), copy.deepcopy(args))
    if isinstance(actual[1], Unknown):
        return
    assert actual[0] == expected[0], (host, name, receiver, args, actual, expected)
    if expected[0] == "value" and name not in ("elements",):
        assert shown(actual[1]) == shown(expected[1]), (host, name, receiver, args)
        assert shown(mine) == shown(theirs)


def shown(result: object) -> str:
    """Sets by their members in order of text, wherever they lie: which comes first is nobody's promise."""
    name = type(result).__name__
    if isinstance(result, set | frozenset):
        return f"{name}{sorted(map(shown, result))}"
    if isinstance(result, list | tuple | deque):
        return f"{name}{[shown(each) for each in result]}"
    if isinstance(result, dict):
        return f"{name}{[(shown(key), shown(value)) for key, value in result.items()]}"
    return repr(result)


def test_every_method_of_the_builtin_types_is_there() -> None:
    left_out = {("int", "from_bytes")}
    for host in (str, list, tuple, dict, set, frozenset, int, float, range, deque, Counter, OrderedDict):
        for name in dir(host):
            known = any(name in METHODS.get(base, ()) for base in host.__mro__)
            described = name in {
                "real",
                "imag",
                "numerator",
                "denominator",
                "start",
                "stop",
                "step",
                "maxlen",
            }
            if not name.startswith("_") and (host.__name__, name) not in left_out:
                assert known or described, f"{host.__name__}.{name}"


def test_methods_are_native() -> None:
    assert all(
        isinstance(found.function if isinstance(found, StaticMethod) else found, Native)
        for table in METHODS.values()
        for found in table.values()
    )
