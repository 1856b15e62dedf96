"""Watching a call that may be abandoned, to know whether it can begin again on the same machine.

Law: an abandoned call is undone by forgetting its records, if it changed nothing that was there before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from convlint.dims import Expr
from convlint.libs import registry
from convlint.trace import Called
from convlint.values import Instance, Native, Stream, Tensor, Unknown, Value

_IMMUTABLE = (int, float, complex, str, bytes, range, type(None), Expr)

_READS = frozenset(
    f"builtins.{name}"
    for name in (
        *("isinstance", "issubclass", "len", "hasattr", "getattr", "callable", "type", "range", "enumerate"),
        *("zip", "int", "float", "bool", "str", "min", "max", "sum", "abs", "tuple", "sorted", "reversed"),
        *("any", "all"),
    )
)
"""Builtins that change nothing, whatever they are given."""

_COPIES = frozenset(
    (
        *(f"builtins.{name}.__new__" for name in ("range", "int", "float", "bool", "str")),
        *(f"builtins.{name}.__new__" for name in ("tuple", "list", "dict")),
        *("collections.OrderedDict.__new__", "builtins.BaseException.__new__", "list.copy"),
        *("dict.copy", "dict.items", "dict.keys", "dict.values"),
    )
)
"""What changes nothing that it is given, if that is no iterator, and gives something new."""

_FINDS = frozenset(("dict.get", "list.index", "list.count"))
"""What changes nothing that it is given, and may give something that was there before."""

_ITERATORS = frozenset(f"builtins.{name}" for name in ("enumerate", "zip", "reversed"))
"""Builtins that make an iterator; one that they are given is asked at once, which shows."""

_CREATORS = frozenset(
    f"{prefix}{name}{suffix}"
    for name in ("zeros", "ones", "empty", "full")
    for prefix, suffix in (("", ""), ("new_", ""), ("", "_like"))
)
"""Functions that make a tensor of which nothing existed before."""

_OF_OBJECTS = (
    *("list.", "dict.", "set.", "collections.OrderedDict.", "collections.deque."),
    "builtins.BaseException.__init__",
)
"""Methods that change nothing but the object itself."""
_PLACES = frozenset(("torch.device", "torch.Size"))
"""Classes of objects that nothing changes."""
_WRITES = frozenset(("inplace", "out"))
"""Arguments that let a function on tensors change one of them."""
_KEEPING = frozenset(("append", "appendleft", "add", "insert", "setdefault", "pop", "__setattr__"))
"""Methods that do nothing with an item but keep it, or give it."""


class Abandoned(BaseException):
    """The call has shown what it was made for; no analysed program can catch this."""


class Watch:
    """Asks at each module's call whether enough is seen, and notes whether anything was changed till then."""

    __slots__ = ("_changed", "_contents", "_enough", "_harmless", "_keep", "_kept", "_known", "_new")

    def __init__(
        self,
        enough: Callable[[Called], bool],
        harmless: Callable[[str], bool],
        keep: Callable[[Value], bool] = lambda obj: False,
    ) -> None:
        self._enough = enough
        self._harmless = harmless
        self._keep = keep
        """Asked before something is changed: whether that can be undone."""
        self._kept = False
        self._known: dict[str, tuple[bool, bool]] = {}
        """By the name of a library function: whether it is harmless, and whether it makes something new."""
        self._changed = False
        self._new: dict[int, Value] = {}
        self._contents: dict[int, tuple[Tensor, object]] = {}
        """The tensors of known content that library functions were given, with what they held then."""

    @property
    def changed(self) -> bool:
        """Whether something that existed before may have been changed."""
        return self._kept or self.lasting

    @property
    def lasting(self) -> bool:
        """Whether something may have been changed in a way that cannot be undone."""
        return self._changed or any(tensor.data is not data for tensor, data in self._contents.values())

    def change(self, obj: Value = None) -> None:
        """Something that existed before is changed; `obj`, where that is known."""
        if not self._changed:
            self._changed = not self._can_be_undone(obj)

    def entered(self, call: Called) -> None:
        """A module's call begins. Raises `Abandoned` where nothing more is needed."""
        if self._enough(call):
            raise Abandoned

    def result(self, value: Value, function: Native) -> None:
        """A library function gave this: a copy or an iterator did not exist before."""
        name = function.name
        harmless, creates = self._known.get(name) or self._learned(name)
        if creates or (value.__class__ is Stream and (harmless or name in _ITERATORS)):
            self.make(value)

    def make(self, value: Value) -> None:
        """The program made a value."""
        self._new[id(value)] = value

    def made(self, value: Value) -> bool:
        """Whether the value was made while the call was watched."""
        return id(value) in self._new

    def native(self, function: Native, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """A library function runs: it changes nothing if it computes a tensor from tensors and numbers, or
        changes a container that was made meanwhile.
        """
        name = function.name
        if self._changed or name in _READS:
            return
        harmless, _ = self._known.get(name) or self._learned(name)
        if harmless and not (kwargs and _WRITES & kwargs.keys()):
            self._remember(args, kwargs)
            return
        own = bool(args) and (name.startswith(_OF_OBJECTS) or name.endswith((".__init__", ".__setattr__")))
        if own and self.made(args[0]):
            self._changed = not _only_its_own(name, args, kwargs)
            return
        values = (*args[name.endswith(".__new__") :], *kwargs.values())
        self._changed = not all(map(_fixed, values)) or not (
            name in _FINDS
            or name.startswith(("str.", "math."))
            or name.endswith(".__new__")
            or name in _COPIES
            or (self._only_computes(name, args, kwargs) and _of_tensors(name, values))
        )
        if self._changed and own and _only_its_own(name, args, kwargs):
            self._changed = not self._can_be_undone(args[0])
        self._remember(args, kwargs)

    def _can_be_undone(self, obj: Value) -> bool:
        undone = obj is not None and self._keep(obj)
        self._kept = self._kept or undone
        return undone

    def _learned(self, name: str) -> tuple[bool, bool]:
        creates = name in _COPIES or name.rpartition(".")[2] in _CREATORS
        found = self._known[name] = self._harmless(name), creates
        return found

    def _only_computes(self, name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> bool:
        """Whether a function on tensors makes a new one, or changes only a new one in place, or one of which
        the shape alone is known, if it keeps that.
        """
        last = name.rpartition(".")[2]
        named = last.endswith("_") and not last.endswith("__")
        if not named and "inplace" not in kwargs:
            return "out" not in kwargs
        if not args or args[0].__class__ is not Tensor:
            return False
        known = any(each.data is not None for each in args[0].memory)
        return self.made(args[0]) or (not known and (last in _IN_PLACE or not named))

    def _remember(self, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """Whatever a function does in place, by an argument or by an option of a layer, shows in these."""
        for value in (*args, *kwargs.values()) if kwargs else args:
            if value.__class__ not in _HOLDING or (
                value.__class__ is Tensor and value.data is None and value.attrs is None
            ):
                continue
            for tensor in _tensors(value):
                for each in tensor.memory:
                    if each.data is not None and id(each) not in self._new:
                        self._contents.setdefault(id(each), (each, each.data))


def _only_its_own(name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> bool:
    """Whether a method of a container changes no more than that."""
    return name.rpartition(".")[2] in _KEEPING or all(map(_fixed, (*args[1:], *kwargs.values())))


_IN_PLACE = frozenset(
    ("add_", "sub_", "mul_", "div_", "relu_", "clamp_", "sigmoid_", "tanh_", "neg_", "zero_")
)


def _fixed(value: Value) -> bool:
    """Whether no library function changes the value: those on tensors leave lists as they are, what is
    unknown is tainted where it may be changed, and a data type or device is what it is.
    """
    if value.__class__ in _SIMPLE:
        return True
    if isinstance(value, (tuple, list)) or value.__class__ in _VIEWS:
        return all(map(_fixed, cast("Iterable[Value]", value)))
    if isinstance(value, dict):
        return all(map(_fixed, value.values()))
    if isinstance(value, Instance):
        return registry.is_shared(value) or value.cls.qualname in _PLACES
    return isinstance(value, (*_IMMUTABLE, Tensor, Unknown))


_SIMPLE = frozenset((*_IMMUTABLE, Tensor, Unknown))
_DICTS: tuple[dict[str, int], ...] = ({}, OrderedDict())
_VIEWS = frozenset(type(view) for each in _DICTS for view in (each.keys(), each.values(), each.items()))


def _of_tensors(name: str, values: tuple[Value, ...]) -> bool:
    """Whether a function of the tensors' own library is given one: those of a list or dict change that."""
    library = name.partition(".")[0]
    return any(tensor.kind.partition(".")[0] == library for value in values for tensor in _tensors(value))


_HOLDING = frozenset((Tensor, tuple, list))
"""What `_tensors` looks into."""


def _tensors(value: Value) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            if each.__class__ in _HOLDING:
                yield from _tensors(each)
