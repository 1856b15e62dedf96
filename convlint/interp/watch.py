"""Watching a call that may be abandoned, to know whether it can begin again on the same machine.

Law: an abandoned call is undone by forgetting its records, if it changed nothing that was there before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from convlint.dims import Expr
from convlint.trace import Called
from convlint.values import Native, Tensor, Value

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
        *("list.copy", "list.index", "list.count"),
        *("dict.copy", "dict.get", "dict.items", "dict.keys", "dict.values"),
    )
)
"""What changes nothing that it is given, if that is no iterator."""


class Abandoned(BaseException):
    """The call has shown what it was made for; no analysed program can catch this."""


class Watch:
    """Asks at each module's call whether enough is seen, and notes whether anything was changed till then."""

    __slots__ = ("_enough", "_harmless", "_new", "changed")

    def __init__(self, enough: Callable[[Called], bool], harmless: Callable[[str], bool]) -> None:
        self._enough = enough
        self._harmless = harmless
        self.changed = False
        """Whether something that existed before may have been changed."""
        self._new: dict[int, Value] = {}

    def entered(self, call: Called) -> None:
        """A module's call begins. Raises `Abandoned` where nothing more is needed."""
        if self._enough(call):
            raise Abandoned

    def result(self, value: Value, function: Native) -> None:
        """A library function gave this: a copy did not exist before."""
        if function.name in _COPIES:
            self._new[id(value)] = value

    def made(self, value: Value) -> bool:
        """Whether the value was made while the call was watched."""
        return id(value) in self._new

    def native(self, function: Native, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """A library function runs: it changes nothing if it computes a tensor from tensors and numbers."""
        if self.changed or function.name in _READS or self._harmless(function.name):
            return
        values = (*args, *kwargs.values())
        self.changed = not all(map(_fixed, values)) or not (
            function.name in _COPIES
            or function.name.startswith(("str.", "math."))
            or (_only_computes(function.name, args, kwargs) and _of_tensors(function.name, values))
        )


def _only_computes(name: str, args: tuple[Value, ...], kwargs: dict[str, Value]) -> bool:
    """Whether a function on tensors makes a new one; one in place changes none of which the shape alone is
    known, if it keeps that.
    """
    if not name.endswith("_") or name.endswith("__"):
        return "out" not in kwargs
    return name.rpartition(".")[2] in _IN_PLACE and args[0].__class__ is Tensor and args[0].data is None


_IN_PLACE = frozenset(
    ("add_", "sub_", "mul_", "div_", "relu_", "clamp_", "sigmoid_", "tanh_", "neg_", "zero_")
)


def _fixed(value: Value) -> bool:
    """Whether no library function changes the value: those on tensors leave lists as they are."""
    if isinstance(value, (tuple, list)):
        return all(map(_fixed, value))
    if isinstance(value, dict):
        return all(map(_fixed, value.values()))
    return isinstance(value, (*_IMMUTABLE, Tensor))


def _of_tensors(name: str, values: tuple[Value, ...]) -> bool:
    """Whether a function of the tensors' own library is given one: those of a list or dict change that."""
    library = name.partition(".")[0]
    return any(tensor.kind.partition(".")[0] == library for value in values for tensor in _tensors(value))


def _tensors(value: Value) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _tensors(each)
