"""Cases for the differential test: arguments as plain data, drawn from a seeded generator.

A generator draws one case for one registered name. About a fifth of what it draws should be refused by the
framework; the test compares shapes where both sides answer and asks that both refuse otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True)
class T:
    """A tensor argument: zeros of a shape, `high` bounds the integers drawn for an integer dtype."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    high: int = 2
    identity: bool = False
    """Ones on the diagonal of the last two axes: for what refuses a singular matrix."""


@dataclass(frozen=True)
class Named:
    """A constant of the framework by its qualified name: `Named("torch.int64")`."""

    name: str


@dataclass(frozen=True)
class Case:
    """Arguments of a function or method (the receiver first); for a layer, of its call."""

    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict)
    init: tuple[object, ...] = ()
    init_kwargs: dict[str, object] = field(default_factory=dict)


Generator = Callable[[Random], Case]
GENERATORS: dict[str, Generator] = {}


def cases(*names: str) -> Callable[[Generator], Generator]:
    """Register the generator of one or more qualified names ("torch.nn.Conv2d", "torch.Tensor.view")."""

    def declare(generator: Generator) -> Generator:
        for name in names:
            GENERATORS[name] = generator
        return generator

    return declare
