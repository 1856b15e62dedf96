"""Imports, and defaults made of them, evaluated at first use: what nothing reads is never evaluated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlint.values.objects import Value


class Lazy:
    """Stands for an imported name, or what is read of one, until it is read itself."""

    __slots__ = ("_resolve", "_value", "resolving")

    def __init__(self, resolve: Callable[[], Value]) -> None:
        self._resolve: Callable[[], Value] | None = resolve
        self._value: Value = None
        self.resolving = False
        """Whether the import is under way: a package that imports its own submodule meets itself here."""

    @property
    def resolved(self) -> bool:
        """Whether it was read already, or is being read."""
        return self._resolve is None

    def resolve(self) -> Value:
        """The imported value; the module is evaluated now if it was not yet."""
        if self._resolve is not None:
            resolve, self._resolve = self._resolve, None
            self.resolving = True
            try:
                value = resolve()
                while isinstance(value, Lazy):
                    value = value.resolve()
                self._value = value
            except BaseException:
                self._resolve = resolve  # it fails again where it is read again
                raise
            finally:
                self.resolving = False
        return self._value


def read(value: Value) -> Value:
    """The value, imported now if it was not yet."""
    return value.resolve() if isinstance(value, Lazy) else value
