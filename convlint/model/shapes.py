"""Shapes as a summary shows them: tuples of int and str, nested as the model's values are."""

from __future__ import annotations

from collections.abc import Iterable

from convlint.dims import Dim, Expr
from convlint.libs import registry
from convlint.values import Tensor, Unknown, Value, is_opaque, tensors_in

Shown = object
"""int, str, None, a tuple of them, or lists and dicts of such."""


def shown_dim(dim: Dim) -> int | str | None:
    """An extent: a number, the text of a symbolic one, None for an unknown one."""
    if isinstance(dim, int):
        return dim
    return None if is_opaque(dim) else str(dim)


_DEEPEST = 4
"""Lists in each other that are shown; one may hold itself."""


def shown(value: Value, *, now: bool = False, depth: int = 0) -> Shown:
    """The shape of a tensor; of a list, tuple or dict, the same form with shapes in it; of anything else
    None or the number.

    A tensor whose shape was changed in place may have had another one when it was kept: that is not known,
    only which one it has `now`.
    """
    match value:
        case Tensor(shape=None) | Unknown():
            return None
        case Tensor(restated=True) if not now:
            return None
        case Tensor(shape=shape, kind=kind):
            batch = registry.protocol_of(kind).free_batch
            return tuple(None if d == batch else shown_dim(d) for d in shape)  # type: ignore[union-attr]
        case bool() | None:
            return None
        case int() | Expr():
            return shown_dim(value)
        case list() | tuple():
            return [shown(v, now=now, depth=depth + 1) for v in value] if depth < _DEEPEST else None
        case dict():
            inner = value.items() if depth < _DEEPEST else ()
            return {str(k): shown(v, now=now, depth=depth + 1) for k, v in inner}
    payload = getattr(value, "payload", None)
    return None if payload is None else shown(payload, now=now)


def unwrapped(value: Value) -> Value:
    """The tensor of a list or tuple that holds nothing else; any other value as it is."""
    if isinstance(value, (list, tuple)) and len(value) == 1 and isinstance(value[0], Tensor):
        return value[0]
    return value


def free_batches(values: Iterable[Value]) -> dict[str, Dim]:
    """1 for each symbol that stands for any number of samples, for frameworks that show it as None."""
    found: dict[str, Dim] = {}
    for value in values:
        if isinstance(value, Tensor):
            batch = registry.protocol_of(value.kind).free_batch
            found |= {} if batch is None else {str(batch): 1}
    return found


def has_tensor(value: Value) -> bool:
    """Whether a value is a tensor or holds one."""
    return next(tensors_in(value), None) is not None


def shown_inputs(inputs: Iterable[Value]) -> Shown:
    """One input's shape by itself, several as a list; arguments that hold no tensor are left out."""
    shapes = [shown(value) for value in inputs if has_tensor(value) or isinstance(value, Unknown)]
    return shapes[0] if len(shapes) == 1 else shapes
