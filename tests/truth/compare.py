"""One case in both worlds: what convlint answers, what the real framework answers, and whether they agree."""

from __future__ import annotations

import importlib
import math
import warnings
from dataclasses import dataclass
from enum import Enum
from typing import Any

from convlint.dims import Expr
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Class, Instance, Raised, Tensor, Unknown
from tests.truth.case import Case, Named, T


class Refused(Exception):
    """The operation was refused; the text says how."""


class Opaque:
    """An answer convlint leaves open."""


OPEN = Opaque()


class Agreement(Enum):
    """How two answers compare."""

    SAME = "same"
    BOTH_REFUSE = "both refuse"
    OPEN = "left open"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Result:
    """A compared case; `ours` and `theirs` are shapes or refusals in words."""

    agreement: Agreement
    ours: object
    theirs: object
    unnoticed: bool = False
    """The framework refuses what convlint gives a shape for."""


# -- convlint ------------------------------------------------------------------------------------------------


def abstract(value: object) -> Any:
    """A case's data as values of the analysed program."""
    match value:
        case T(shape=shape, dtype=dtype):
            return Tensor(shape, dtype)
        case Named(name=name):
            return registry.lookup(name)
        case list():
            return [abstract(v) for v in value]
        case tuple():
            return tuple(abstract(v) for v in value)
        case dict():
            return {k: abstract(v) for k, v in value.items()}
    return value


def ours(name: str, case: Case) -> object:
    """convlint's answer: nested shapes. Raises `Refused`."""
    machine = Machine(Loader(), training=True)
    target: Any = registry.lookup(name)
    args, kwargs = abstract(case.args), abstract(case.kwargs)
    try:
        if isinstance(target, Class):
            target = machine.call(target, abstract(case.init), abstract(case.init_kwargs))
            if machine.trace.failures:
                raise Refused(machine.trace.failures[0].words)
        output = machine.call(target, args, kwargs)
    except Raised as raised:
        raise Refused(raised.text) from None
    if machine.trace.failures:
        raise Refused(machine.trace.failures[0].words)
    return _form(output)


def _form(value: object) -> object:
    match value:
        case Tensor(shape=None) | Unknown():
            return OPEN
        case Tensor(shape=shape):
            return tuple(OPEN if isinstance(d, Expr) else d for d in shape)  # type: ignore[union-attr]
        case list() | tuple():
            return [_form(v) for v in value]
        case Instance(payload=tuple() as payload):
            return [_form(v) for v in payload]
        case dict():  # extents by name
            return [OPEN if isinstance(value[key], Expr) else (value[key],) for key in sorted(value, key=str)]
    return None


# -- the framework -------------------------------------------------------------------------------------------


def _real(value: object) -> object:
    import torch

    match value:
        case Named(name=name):
            return _resolve(name)
        case T(shape=(_, _, *_) as shape, dtype=dtype, identity=True):
            return torch.eye(shape[-2], shape[-1], dtype=getattr(torch, dtype)).expand(shape).clone()
        case T(shape=shape, dtype=dtype, high=high):
            kind = getattr(torch, dtype)
            if kind.is_floating_point or kind.is_complex:
                return torch.zeros(shape, dtype=kind)
            top = 2 if kind is torch.bool else max(high, 1)
            count = math.prod(shape)
            return (torch.arange(count) % top).reshape(shape).to(kind)
        case list():
            return [_real(v) for v in value]
        case tuple():
            return tuple(_real(v) for v in value)
        case dict():
            return {k: _real(v) for k, v in value.items()}
    return value


def _resolve(name: str) -> Any:
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise AttributeError(name)


def theirs(name: str, case: Case) -> object:
    """The framework's answer: nested shapes. Raises `Refused`."""
    import torch

    target = _resolve(name)
    args: Any = _real(case.args)
    kwargs: Any = _real(case.kwargs)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        try:
            if isinstance(target, type):
                init: Any = _real(case.init)
                init_kwargs: Any = _real(case.init_kwargs)
                target = target(*init, **init_kwargs)
            answer = target(*args, **kwargs)
            if answer is NotImplemented:
                raise TypeError("unsupported operand")  # as the operator would
            return _real_form(answer)
        except Exception as error:
            raise Refused(
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            ) from None


def _real_form(value: object) -> object:
    import torch

    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return None
    if isinstance(value, (list, tuple)):
        return [_real_form(v) for v in value]
    if isinstance(value, dict):
        return [(value[key],) for key in sorted(value)]
    return None


# -- comparing -----------------------------------------------------------------------------------------------


def _matches(mine: object, real: object) -> Agreement:
    if isinstance(mine, Opaque):
        return Agreement.OPEN
    if isinstance(mine, (list, tuple)) and isinstance(real, (list, tuple)):
        if isinstance(mine, tuple) != isinstance(real, tuple) or len(mine) != len(real):
            return Agreement.DIFFERENT
        parts = [_matches(a, b) for a, b in zip(mine, real, strict=True)]
        if Agreement.DIFFERENT in parts:
            return Agreement.DIFFERENT
        return Agreement.OPEN if Agreement.OPEN in parts else Agreement.SAME
    return Agreement.SAME if mine == real else Agreement.DIFFERENT


def compare(name: str, case: Case) -> Result:
    """Run a case in both worlds."""
    try:
        real: object = theirs(name, case)
        refused = False
    except Refused as error:
        real, refused = str(error), True
    try:
        mine: object = ours(name, case)
    except Refused as error:
        return Result(Agreement.BOTH_REFUSE if refused else Agreement.DIFFERENT, str(error), real)
    if refused:
        open_ = isinstance(mine, Opaque)
        return Result(Agreement.OPEN if open_ else Agreement.DIFFERENT, mine, real, unnoticed=True)
    return Result(_matches(mine, real), mine, real)
