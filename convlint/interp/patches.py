"""What a program rebinds in classes, and in the modules and functions of libraries, which outlive its run.

Law: such a class is shared by all runs of all analyses of a process, so a run finds there what its own state
says, and nothing that another run has put there.
"""

from __future__ import annotations

from collections.abc import Mapping

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.values import Class, Namespace, Native, Value
from convlint.values.caller import PATCHED

Owner = Class | Namespace | Native
Patched = Mapping[tuple[Owner, str], Value]
"""What attributes of shared objects stand for; `MISSING` where one was deleted."""
_NOTHING: Patched = {}


ALL = "*"
"""Stands for every attribute of a library's module."""


class _Present:
    """What holds in this process now, and what each attribute was before."""

    def __init__(self) -> None:
        self.patched: Patched = _NOTHING
        self.before: dict[tuple[Owner, str], Value] = {}


_present = _Present()


def of(state: Mapping[str, object]) -> Patched:
    """What a run with this state has rebound."""
    found = state.get(PATCHED, _NOTHING)
    assert isinstance(found, dict)
    return found


def given(state: Mapping[str, object], kind: str, name: str) -> Value:
    """What a run has made of an attribute of a library's class; `MISSING` where nothing."""
    patched = of(state)
    cls = registry.lookup(kind) if patched else None
    return patched.get((cls, name), MISSING) if isinstance(cls, Class) else MISSING


def establish(state: Mapping[str, object]) -> None:
    """Make the shared objects what a run with this state finds."""
    wanted = of(state)
    if wanted is _present.patched:
        return
    for (owner, name), value in _present.before.items():
        _write(owner, name, value)
    _present.before = {key: _names(key[0]).get(key[1], MISSING) for key in wanted}
    for (owner, name), value in wanted.items():
        _write(owner, name, value)
    _present.patched = wanted


def rebind(state: dict[str, object], owner: Owner, values: Mapping[str, Value]) -> None:
    """`owner.name = value`, or `del owner.name` where the value is `MISSING`, for this run."""
    names = _names(owner)
    for name in values:
        _present.before.setdefault((owner, name), names.get(name, MISSING))
    patched = {(owner, name): value for name, value in values.items()}
    state[PATCHED] = _present.patched = {**of(state), **patched}
    for name, value in values.items():
        _write(owner, name, value)


def _write(owner: Owner, name: str, value: Value) -> None:
    if value is MISSING:
        _names(owner).pop(name, None)
    else:
        _names(owner)[name] = value


def _names(owner: Owner) -> dict[str, Value]:
    return owner.namespace if isinstance(owner, Class) else owner.attrs
