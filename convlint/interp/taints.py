"""Objects whose content is no longer certain, because code that could not be followed had them.

Law: what is put into an uncertain container later is lost as well, and so are the containers in it.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.values import Instance, Tensor, Unknown, Value

_UNCHANGING = frozenset({int, float, bool, str, bytes, type(None), Unknown})
"""Types of elements that nothing changes."""
_HOLDING = frozenset((list, tuple, dict))
_MOST = 1_000
"""Containers of one value that are copied."""


class Taints:
    """The uncertain containers of a run, and why; an instance knows by itself."""

    __slots__ = ("_containers",)

    def __init__(self) -> None:
        self._containers: dict[int, tuple[Value, Unknown]] = {}

    def copied(self) -> Taints:
        """The same, to go on from."""
        made = Taints()
        made._containers = dict(self._containers)
        return made

    def of(self, obj: Value) -> Unknown | None:
        """Why a container's content is uncertain; None while it is certain."""
        if not self._containers:
            return None
        found = self._containers.get(id(obj))
        return None if found is None else found[1]

    def held(self, value: Value, seen: dict[int, Value] | None = None) -> Value:
        """What lists and dictionaries hold now; the program may change them later. Each is copied once."""
        if value.__class__ not in _HOLDING:
            return value
        seen = {} if seen is None else seen
        if id(value) in seen:
            return seen[id(value)]
        why = self.of(value)
        if why is not None or len(seen) >= _MOST:
            return why or value
        if isinstance(value, tuple):
            made = seen[id(value)] = tuple([self.held(each, seen) for each in value])
            return made
        if isinstance(value, list):
            listed: list[Value] = []
            seen[id(value)] = listed
            listed.extend([self.held(each, seen) for each in value])
            return listed
        assert isinstance(value, dict)
        named: dict[Value, Value] = {}
        seen[id(value)] = named
        named.update({key: self.held(each, seen) for key, each in value.items()})
        return named

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
        known = id(obj) in self._containers
        if not known:
            self._containers[id(obj)] = (obj, why)
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
