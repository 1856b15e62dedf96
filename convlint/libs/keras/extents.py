"""How shapes look to a Keras program: None where an extent is free (keras.KerasTensor.shape).

Law: what a program sees as None is a symbol inside, the batch N and the others by the axes they are.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, symbol
from convlint.values import NotModelled, Tensor, Unknown, Value

_AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


def shape_of(value: Value, *, symbols: bool) -> Value:
    """The shape of a tensor, or of each in a structure; a free extent is None for a program."""
    if isinstance(value, Tensor):
        if value.shape is None:
            raise NotModelled("the rank of an input is not known")
        return value.shape if symbols else shown_shape(value.shape)
    if isinstance(value, (list, tuple)):
        return [shape_of(each, symbols=symbols) for each in value]
    if isinstance(value, dict):
        return {key: shape_of(each, symbols=symbols) for key, each in value.items()}
    return value if isinstance(value, Unknown) else None


def shown_shape(shape: tuple[Dim, ...]) -> tuple[Value, ...]:
    """A shape as Keras shows it to programs: None where an extent is free."""
    return tuple(None if isinstance(extent, Expr) else extent for extent in shape)


def free_shape(batch: Value, extents: tuple[Value, ...], suffix: str) -> tuple[Dim, ...]:
    """The shape of an input: None is a free extent, the batch N, others by the axes they are."""
    names = _AXES.get(len(extents) - 1, tuple(f"D{i}" for i in range(len(extents) - 1)))
    result: list[Dim] = [symbol("N") if batch is None else _extent(batch)]
    for index, extent in enumerate(extents):
        free = names[index] if index < len(names) else "C"
        result.append(symbol(free + suffix) if extent is None else _extent(extent))
    return tuple(result)


def _extent(value: Value) -> Dim:
    if isinstance(value, (int, Expr)):
        return value
    if isinstance(value, Unknown):
        return value.dim
    raise NotModelled("an extent of an input is no integer")
