"""What a model holds before a call, object by object, so that the call can be undone.

Law: putting it back gives what building the model again would give. Where a call put a layer or a parameter
into the model, or took one out, the model is built again instead. Either way each call's end can be shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from operator import is_

from msgspec import Struct, field

from convlint.interp.taints import Taints
from convlint.libs import registry
from convlint.model.looks import Looks, give_back, looks
from convlint.values import Instance, Tensor, Unknown, Value

_MOST = 50_000
"""Objects of a model that are kept: a larger one is built again."""
_DEEPEST = 4
_BOXES = (list, dict, set, deque)
_PLAIN = frozenset((int, float, bool, str, type(None)))
"""Most of what a model holds: it has no state."""
Box = list[Value] | dict[Value, Value] | set[Value] | deque[Value]
Items = list[Value] | dict[Value, Value]


class _Object(Struct, frozen=True):
    """An instance with its attributes, and why they were uncertain."""

    instance: Instance
    attrs: dict[str, Value]
    tainted: Unknown | None


class Before(Struct):
    """The state of all that a model reaches by its attributes and their containers."""

    taints: Taints
    training: bool
    """The mode that the model was in."""
    _objects: dict[int, _Object] = field(default_factory=dict)
    _boxes: dict[int, tuple[Box, Items]] = field(default_factory=dict)
    _tensors: dict[int, tuple[Tensor, Looks]] = field(default_factory=dict)
    _complete: bool = True
    base: Before | None = None
    """The state of all else, where this is of some objects only."""

    @classmethod
    def of(cls, model: Instance, taints: Taints, training: bool) -> Before:
        """The state of a model as it is now."""
        before = cls(taints.copied(), training)
        waiting: list[Value] = [model]
        while waiting and len(before._objects) + len(before._boxes) + len(before._tensors) < _MOST:
            value = waiting.pop()
            if value.__class__ not in _PLAIN:
                waiting.extend(before._kept(value))
        before._complete = not waiting
        return before

    def __contains__(self, obj: Value) -> bool:
        """Whether what is done to the object or container can be undone."""
        return self._complete and (id(obj) in self._objects or id(obj) in self._boxes)

    def after(self) -> Before:
        """What has another state now, with that."""
        objects = {
            key: _Object(each.instance, dict(each.instance.attrs), each.instance.tainted)
            for key, each in self._objects.items()
            if each.tainted is not each.instance.tainted or not _equal(each.attrs, each.instance.attrs)
        }
        boxes = {key: (box, _content(box)) for key, (box, was) in self._boxes.items() if not _equal(was, box)}
        tensors = {
            key: (tensor, now)
            for key, (tensor, was) in self._tensors.items()
            if (now := looks(tensor)) != was
        }
        return Before(self.taints, self.training, objects, boxes, tensors, self._complete, base=self)

    @property
    def can_be_undone(self) -> bool:
        """Whether what led here from the state of all else is undone by putting that back: no layer and no
        parameter came into the model or left it, but for those that became unknown.
        """
        return self._complete and all(not here or _lost(was, now) for was, now, here in self._changes())

    def put_back(self) -> None:
        """Make the model what it was."""
        if self.base is not None:
            self.base.put_back()
        for each in self._objects.values():
            each.instance.attrs.clear()
            each.instance.attrs.update(each.attrs)
            each.instance.tainted = each.tainted
        for box, was in self._boxes.values():
            box.clear()
            if isinstance(box, (list, deque)):
                box.extend(was)
            else:
                box.update(was)  # type: ignore[arg-type]
        give_back(self._tensors.values())

    def _changes(self) -> Iterator[tuple[Value, Value, bool]]:
        """What was and what is in the places that have changed, and whether it holds other layers."""
        base = self.base
        if base is None:
            return
        for key, each in self._objects.items():
            before, now = base._objects[key].attrs, each.attrs
            for name in before.keys() | now.keys():
                yield from _change(before.get(name), now.get(name))
        for key, (box, content) in self._boxes.items():
            was = base._boxes[key][1]
            if isinstance(content, dict) and isinstance(was, dict):
                for item in was.keys() | content.keys():
                    yield from _change(was.get(item), content.get(item))
            elif isinstance(box, (list, deque)) and len(content) == len(was):
                for one, other in zip(was, content, strict=True):
                    yield from _change(one, other)
            else:
                yield from _change(was, content)

    def _kept(self, value: Value) -> Iterable[Value]:
        """Keep what a value is; what it holds."""
        if isinstance(value, Instance):
            if id(value) in self._objects:
                return ()
            self._objects[id(value)] = _Object(value, dict(value.attrs), value.tainted)
            return (*value.attrs.values(), value.payload)
        if isinstance(value, _BOXES):
            if id(value) in self._boxes:
                return ()
            self._boxes[id(value)] = value, _content(value)
            return value.values() if isinstance(value, dict) else list(value)
        if isinstance(value, Tensor):
            self._tensors.setdefault(id(value), (value, looks(value)))
        return value if isinstance(value, tuple) else ()


def _content(box: Box) -> Items:
    return dict(box) if isinstance(box, dict) else list(box)


def _equal(one: Items | dict[str, Value], other: Box | dict[str, Value]) -> bool:
    """Whether two containers hold the very same values, in the same order."""
    if len(one) != len(other) or not all(map(is_, one, other)):
        return False
    return not (isinstance(one, dict) and isinstance(other, dict)) or all(
        map(is_, one.values(), other.values())
    )


def _change(was: Value, now: Value) -> Iterator[tuple[Value, Value, bool]]:
    if was is not now:
        yield was, now, set(map(id, _objects(was))) != set(map(id, _objects(now)))


def _lost(was: Value, now: Value) -> bool:
    """Whether what was there has become unknown."""
    return isinstance(now, Unknown) and not isinstance(was, Unknown)


def _objects(value: Value, depth: int = 0) -> Iterator[Value]:
    """The layers, models and parameters in a value; what holds them too deep stands for them."""
    if isinstance(value, Instance) and registry.protocol_of_model(value) is None:
        inside: Iterable[Value] = (*value.attrs.values(), value.payload)
    elif isinstance(value, Instance) or (isinstance(value, Tensor) and value.trainable is not None):
        yield value
        return
    elif isinstance(value, (*_BOXES, tuple)):
        inside = value.values() if isinstance(value, dict) else value
    else:
        return
    if depth == _DEEPEST:
        yield value
        return
    for each in inside:
        yield from _objects(each, depth + 1)
