"""Watching a call that may be abandoned, to know whether it can begin again on the same machine.

Law: an abandoned call is undone by forgetting its records, if it changed nothing that was there before.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.trace import Called
from convlint.values import Native, Tensor, Value

_IMMUTABLE = (int, float, complex, str, bytes, type(None))


_READS = frozenset(
    f"builtins.{name}"
    for name in (
        *("isinstance", "issubclass", "len", "hasattr", "getattr", "callable", "type", "range", "enumerate"),
        *("zip", "int", "float", "bool", "str", "min", "max", "sum", "abs", "tuple", "sorted", "reversed"),
        *("any", "all"),
    )
)
"""Builtins that change nothing, whatever they are given."""


class Abandoned(BaseException):
    """The call has shown what it was made for; no analysed program can catch this."""


class Watch:
    """Asks at each module's call whether enough is seen, and notes whether anything was changed till then."""

    __slots__ = ("_enough", "_harmless", "changed")

    def __init__(self, enough: Callable[[Called], bool], harmless: Callable[[str], bool]) -> None:
        self._enough = enough
        self._harmless = harmless
        self.changed = False
        """Whether something that existed before may have been changed."""

    def entered(self, call: Called) -> None:
        """A module's call begins. Raises `Abandoned` where nothing more is needed."""
        if self._enough(call):
            raise Abandoned

    def native(self, function: Native, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
        """A library function runs: it changes nothing if it computes a tensor from tensors and numbers."""
        if self.changed or function.name in _READS or self._harmless(function.name):
            return
        values = (*args, *kwargs.values())
        pure = not function.name.endswith("_") and "out" not in kwargs
        if not (pure and any(isinstance(v, Tensor) for v in values) and all(map(_fixed, values))):
            self.changed = True


def _fixed(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(map(_fixed, value))
    return isinstance(value, (*_IMMUTABLE, Tensor))
