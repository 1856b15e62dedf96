"""Whatever a described function is given, it gives a value or raises what the program could catch."""

from __future__ import annotations

import collections
import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from convlint.dims import AtLeast, symbol
from convlint.interp.budget import Limits
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import MODULES, registry
from convlint.libs.python.content import Defaulting
from convlint.libs.python.methods.table import METHODS
from convlint.libs.python.quotient import Progression, Quotient
from convlint.values import (
    BoundMethod,
    Class,
    Condition,
    Instance,
    Native,
    NotModelled,
    Raised,
    StaticMethod,
    Stream,
    Tensor,
    Unknown,
)

H = symbol("H")
NAMES = sorted(
    {name for module in ("builtins", *MODULES.split()) for name in registry.names(f"{module}.")}
    - {"builtins.exit", "builtins.quit"}
)


def subject() -> Instance:
    made = Instance(Class("tests.Subject"))
    made.attrs["x"] = 1
    return made


def values() -> list[object]:
    """One of each kind, made anew: natives may change what they are given."""
    texts: list[object] = ["", "a", "ab c", b"x"]
    numbers: list[object] = [0, 1, -2, 10**6, 2.5, True, None, 1j, ..., NotImplemented]
    sequences: list[object] = [(), (1, 2), ("a", "b"), [], [1, 2], ["a", "b"], [[1, 2]], range(3), slice(1)]
    others: list[object] = [
        {},
        {"a": 1},
        {1},
        frozenset({2}),
        collections.deque([1]),
        collections.Counter("ab"),
    ]
    others += [collections.OrderedDict(a=1), Defaulting(), Stream([1, 2])]
    symbolic: list[object] = [H, Quotient(H, 2), Condition(AtLeast(H, 3)), Progression(0, H, 1)]
    mixed: list[object] = [[Unknown("inside")], [H, 3], (H, H), {"k": H}, {H: 1}, Unknown("nothing known")]
    tensors: list[object] = [
        Tensor((2, 3)),
        Tensor((), "int64", data=(3,), kind="numpy.int64"),
        Tensor((2,), "int64", data=(1, 2), kind="numpy.ndarray"),
    ]
    objects = [
        subject(),
        Instance(Class("tests.Unsure", unknown_base=Unknown("a base"))),
        Class("tests.Other"),
    ]
    callables = [registry.lookup("builtins.int"), registry.lookup("builtins.len")]
    callables.append(BoundMethod(registry.lookup("builtins.abs"), -1))
    return texts + numbers + sequences + others + symbolic + mixed + tensors + [*objects, *callables]


def attempts(count: int, seed: str) -> Iterator[tuple[list[object], dict[str, object]]]:
    chance = random.Random(seed)
    for _ in range(count):
        pool = values()
        args = [chance.choice(pool) for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4)))]
        names = ("key", "default", "reverse", "x", "axis", "dtype") if chance.random() < 0.2 else ()
        yield args, {name: chance.choice(pool) for name in chance.sample(names, min(len(names), 1))}


def called(function: object, args: list[object], kwargs: dict[str, object]) -> None:
    machine = Machine(Loader(), limits=Limits(steps=20_000))
    try:
        result = machine.call(function, args, kwargs)
        if isinstance(result, Stream):
            for _ in zip(range(5), result, strict=False):
                pass
    except (Raised, NotModelled):
        return


@pytest.mark.parametrize("name", NAMES)
def test_functions(name: str) -> None:
    found = registry.lookup(name)
    if isinstance(found, Native | Class):
        for args, kwargs in attempts(15, name + "!"):
            called(found, args, kwargs)


@pytest.mark.parametrize("name", [n for n in NAMES if isinstance(registry.lookup(n), Class)])
def test_methods_of_classes(name: str) -> None:
    cls = registry.lookup(name)
    assert isinstance(cls, Class)
    for attribute, found in sorted(cls.namespace.items()):
        function = found.function if isinstance(found, StaticMethod) else found
        if isinstance(function, Native):
            for args, kwargs in attempts(5, "!" + f"{name}.{attribute}"):
                receiver: object = cls if attribute == "__new__" else Instance(cls)
                called(function, [receiver, *args], kwargs)


@pytest.mark.parametrize(
    "host", sorted(METHODS, key=lambda host: host.__name__), ids=lambda host: host.__name__
)
def test_methods_of_host_data(host: type) -> None:
    for name, found in sorted(METHODS[host].items()):
        function = found.function if isinstance(found, StaticMethod) else found
        for args, kwargs in attempts(8, "!" + f"{host.__name__}.{name}"):
            called(function, args, kwargs)
            for receiver in values():
                if type(receiver) is host:
                    called(function, [receiver, *args], kwargs)


@pytest.mark.parametrize(
    "symbol_", ["+", "-", "*", "/", "//", "%", "**", "<<", "&", "|", "==", "<", "in", "is"]
)
def test_operators(symbol_: str) -> None:
    machine = Machine(Loader(), limits=Limits(steps=10**7))
    for left in values():
        for right in values():
            with suppress(Raised, NotModelled):
                machine.binary(symbol_, left, right)
