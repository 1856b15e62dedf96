"""Layers built as before: what a constructor made of plain arguments, to be made again without its checks.

Law: a constructor of the library depends on its arguments and on the run's state alone. It is repeated only
where the arguments are plain, the state says nothing of layers, and nothing but attributes, parameters and
buffers came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from msgspec import Struct

from convlint.libs.torch.modes import GRAD
from convlint.values import Caller, Instance, Tensor, Value
from convlint.values.tensor import Shape

_PLAIN = frozenset((int, float, bool, str, type(None)))
_Container = dict[str, Value] | list[Value] | set[Value]
_MOST = 1000
"""How many recipes are kept of one class of layers."""


class Recipe(Struct, frozen=True):
    """A layer's attributes as built, in their order: plain values, containers to be copied, and stores of new
    tensors by name.
    """

    attrs: dict[str, Value]
    copied: tuple[tuple[str, _Container], ...]
    stores: tuple[tuple[str, tuple[tuple[str, _Made | None], ...]], ...]

    def follow(self, layer: Instance) -> None:
        """Give a new layer what this one had."""
        attrs = layer.attrs
        attrs.update(self.attrs)
        for name, container in self.copied:
            attrs[name] = container.copy()
        for name, tensors in self.stores:
            attrs[name] = {key: None if made is None else made.again() for key, made in tensors}


class _Made(Struct, frozen=True):
    """A tensor of a new layer."""

    shape: Shape
    dtype: str | None
    trainable: bool | None

    def again(self) -> Tensor:
        return Tensor(self.shape, self.dtype, trainable=self.trainable)


class Recipes:
    """The recipes of one class of layers, by arguments."""

    def __init__(self) -> None:
        self._known: dict[object, Recipe | None] = {}

    def key(self, caller: Caller, layer: Instance, bound: Mapping[str, Value]) -> object:
        """What tells apart how layers are built; None where more than the arguments counts."""
        if layer.attrs or layer.payload is not None or not caller.state.keys() <= {GRAD}:
            return None
        values = tuple(bound.values())
        kinds = tuple(map(type, values))
        key = (kinds, values) if _PLAIN.issuperset(kinds) else _key(values)
        return None if key is None else (*bound, key)  # the names come in the order they were given

    def follow(self, key: object, layer: Instance) -> bool:
        """Build a layer as the one before; False where there was none, or more came of it."""
        recipe = self._known.get(key)
        if recipe is not None:
            recipe.follow(layer)
        return recipe is not None

    def keep(self, key: object, layer: Instance) -> None:
        """Remember how a layer was built that no other code has seen yet."""
        if key not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = None if layer.tainted is not None else _recipe(layer.attrs)


def _key(value: Value) -> object:
    """A value and its types, so that 1, 1.0 and True differ; None where it is not plain."""
    if value.__class__ in _PLAIN:
        return value.__class__, value
    if not isinstance(value, tuple):
        return None
    parts = tuple(map(_key, value))
    return None if None in parts else parts


def _recipe(attrs: Mapping[str, Value]) -> Recipe | None:
    copied: list[tuple[str, _Container]] = []
    stores: list[tuple[str, tuple[tuple[str, _Made | None], ...]]] = []
    for name, value in attrs.items():
        if _copied_alone(value):
            copied.append((name, value.copy()))
        elif isinstance(value, dict):
            made = {key: _made(each) for key, each in value.items()}
            if _OTHER in made.values():
                return None
            stores.append((name, tuple(made.items())))
        elif _key(value) is None:
            return None
    return Recipe(dict(attrs), tuple(copied), tuple(stores))


def _copied_alone(value: Value) -> TypeGuard[_Container]:
    """Whether a container can be copied without what it holds."""
    if isinstance(value, list):
        return _key(tuple(value)) is not None
    return isinstance(value, (dict, set)) and not value


def _made(value: Value) -> _Made | None:
    """How a tensor of a new layer is made; `_OTHER` for what is anything else."""
    if value is None:
        return None
    if not isinstance(value, Tensor) or not isinstance(value.shape, tuple):
        return _OTHER
    made = _Made(value.shape, value.dtype, value.trainable)
    again = made.again()
    return made if all(getattr(value, slot) == getattr(again, slot) for slot in Tensor.__slots__) else _OTHER


_OTHER = _Made((), "other", None)
