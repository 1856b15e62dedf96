"""`exec()`: the code that it runs is not in the source, so what a module's names stood for may have changed.

Law: classes, functions and modules stay what they are; data and objects become unknown, and so does every
name that is read and was never bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from convlint.interp.rebinding import forget_module
from convlint.libs import registry
from convlint.values import Namespace, Native, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine

_SIGNATURE = "source, globals=None, locals=None, /, *, closure=None"


def executing(machine: Machine, module: Namespace) -> Native:
    """`exec` as the code of a module sees it; with a dictionary of its own it changes only that."""
    return registry.native("builtins.exec", _SIGNATURE, lambda op: _executed(machine, module, op["globals"]))


def _executed(machine: Machine, module: Namespace, given: Value) -> None:
    reason = machine.unknown("exec() runs code that is not in the source")
    if isinstance(given, dict) and given is not module.attrs:
        machine.taint(given, reason)
        return
    forget_module(machine, module, reason)
