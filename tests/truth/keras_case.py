"""Cases for the differential test against Keras: a layer's constructor and call as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.truth.case import Case


@dataclass(frozen=True)
class K:
    """A symbolic tensor; None is a free extent."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"


@dataclass(frozen=True)
class L:
    """A layer as an argument of another layer: its short name and its constructor's arguments."""

    name: str
    init: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict)


Generator = Callable[[Random], Case]
LAYERS: dict[str, Generator] = {}
FUNCTIONS: dict[str, Generator] = {}


def layers(*names: str) -> Callable[[Generator], Generator]:
    """Register the generator of one or more layers: `layers("Conv2D")`."""

    def declare(generator: Generator) -> Generator:
        for name in names:
            LAYERS[f"keras.layers.{name}"] = generator
        return generator

    return declare


def functions(*names: str) -> Callable[[Generator], Generator]:
    """Register the generator of one or more functions by qualified name."""

    def declare(generator: Generator) -> Generator:
        for name in names:
            FUNCTIONS[name] = generator
        return generator

    return declare


def called(x: object, *init: object, **keywords: object) -> Case:
    """A layer built with these arguments and called on one input."""
    return Case((x,), {}, init, keywords)
