"""Objects whose content is no longer certain, because code that could not be followed had them.

Law: what is put into an uncertain container later is lost as well, and so are the containers in it.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.values import Instance, Tensor, Unknown, Value

_UNCHANGING = frozenset({int, float, bool, str, bytes, type(None), Unknown})
"""Types of elements that nothing changes."""
HOLDING = frozenset((list, tuple, dict))
"""Types whose values hold others that the program may change."""
_DEEPEST = 4
"""Containers in each other whose tensors are looked at."""


class Taints:
    """The uncertain containers of a run, and why; an instance knows by itself."""

    __slots__ = ("containers",)

    def __init__(self) -> None:
        self.containers: dict[int, tuple[Value, Unknown]] = {}
        """By identity: a container, and why it is uncertain."""

    def copied(self) -> Taints:
        """The same, to go on from."""
        made = Taints()
        made.containers = dict(self.containers)
        return made

    def of(self, obj: Value) -> Unknown | None:
        """Why a container's content is uncertain; None while it is certain."""
        if not self.containers:
            return None
        found = self.containers.get(id(obj))
        return None if found is None else found[1]

    def held(self, value: Value, around: tuple[int, ...] = ()) -> Value:
        """What lists and dictionaries hold now, for the program may change them later. A list that is in
        itself, or in too many others, is left out.
        """
        if value.__class__ not in HOLDING:
            return value
        why = self.of(value)
        if why is not None:
            return why
        if id(value) in around or len(around) == _DEEPEST:
            return ()
        inside = (*around, id(value))
        if isinstance(value, dict):
            return {key: self.held(each, inside) for key, each in value.items()}
        assert isinstance(value, (list, tuple))
        return value.__class__([self.held(each, inside) for each in value])

    def taint(self, obj: Value, why: Unknown) -> None:
        """The object's content is uncertain from now on."""
        match obj:
            case Instance():
                self._instance(obj, why)
            case dict() | list() | set():
                self._container(obj, why)
            case Tensor():
                registry.protocol_of(obj.kind).forget_content(obj)

    def _instance(self, obj: Instance, why: Unknown) -> None:
        if obj.tainted is not None or registry.is_shared(obj) or obj.cls.derives("enum.Enum"):
            return
        obj.tainted = why
        for name, value in obj.attrs.items():
            if isinstance(value, (dict, list, set)):
                self._container(value, why)
            else:
                obj.attrs[name] = why.derive((id(obj), name))

    def _container(self, obj: dict[Value, Value] | list[Value] | set[Value], why: Unknown) -> None:
        known = id(obj) in self.containers
        if not known:
            self.containers[id(obj)] = (obj, why)
        if isinstance(obj, dict):
            for key, value in obj.items():
                if not isinstance(value, Unknown):
                    obj[key] = why.derive((id(obj), key))
                    self._inside(value, why)
        elif isinstance(obj, list):
            held, obj[:] = list(obj), [why.derive(("element of", id(obj)))] * len(obj)
            for value in () if _UNCHANGING.issuperset(map(type, held)) else held:
                self._inside(value, why)
        elif not known:
            for value in obj:
                self._inside(value, why)

    def _inside(self, value: Value, why: Unknown) -> None:
        """A container that another one holds, or a tensor: its content may change, too."""
        if isinstance(value, (dict, list, set, Tensor)):
            self.taint(value, why)
