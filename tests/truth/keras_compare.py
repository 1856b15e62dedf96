"""One case in convlint and in real Keras, on symbolic tensors: shapes and numbers of parameters.

Where only convlint refuses, or the shapes differ, the layer is called on zeros too, and the answer on data
counts: Keras' symbolic call does not see every error that its first batch runs into, nor every extent.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from convlint.dims import Expr, symbol
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Class, Instance, NotModelled, Raised, Tensor, Unknown
from tests.truth.case import Case
from tests.truth.compare import OPEN, Agreement, Opaque, Refused, Result
from tests.truth.keras_case import K, L

KIND = "keras.KerasTensor"
_ON_DATA = ("tensorflow.", "keras.backend.")
"""Functions that take no symbolic tensor."""


# -- convlint ------------------------------------------------------------------------------------------------


def _abstract(machine: Machine, value: object) -> Any:
    match value:
        case K(shape=shape, dtype=dtype):
            free = (symbol("N"), *(symbol(f"D{i}") for i in range(1, len(shape))))
            extents = tuple(free[i] if n is None else n for i, n in enumerate(shape))
            return Tensor(extents, dtype, kind=KIND)
        case L(name=name, init=init, kwargs=kwargs):
            target: Any = registry.lookup(f"keras.layers.{name}")
            return machine.call(target, _abstract(machine, init), _abstract(machine, kwargs))
        case list():
            return [_abstract(machine, v) for v in value]
        case tuple():
            return tuple(_abstract(machine, v) for v in value)
        case dict():
            return {k: _abstract(machine, v) for k, v in value.items()}
    return value


def ours(name: str, case: Case) -> tuple[object, object]:
    """convlint's answer: nested shapes, and (trainable, other) parameters. Raises `Refused`."""
    machine = Machine(Loader(), training=False)
    target: Any = registry.lookup(name)
    counted: object = None
    try:
        if isinstance(target, Class):
            target = machine.call(target, _abstract(machine, case.init), _abstract(machine, case.init_kwargs))
            _check(machine)
        output = machine.call(target, _abstract(machine, case.args), _abstract(machine, case.kwargs))
        _check(machine)
        if isinstance(target, Instance):
            counted = _counted(machine, target)
    except Raised as raised:
        raise Refused(raised.text) from None
    return _form(output), counted


def _check(machine: Machine) -> None:
    if machine.trace.failures:
        raise Refused(machine.trace.failures[0].words)


def _counted(machine: Machine, layer: Instance) -> object:
    from convlint.libs.keras.layer import variables

    counts: list[Any] = [0, 0]
    try:
        for _, variable in variables(machine, layer):
            if variable.elements is None:
                return OPEN
            counts[0 if variable.trainable else 1] += variable.elements
    except NotModelled:
        return OPEN
    return tuple(OPEN if isinstance(n, Expr) else n for n in counts)


def _form(value: object) -> object:
    match value:
        case Tensor(shape=None) | Unknown():
            return OPEN
        case Tensor(shape=shape):
            return tuple(None if isinstance(d, Expr) else d for d in shape or ())
        case list() | tuple():
            return [_form(v) for v in value]
        case dict():
            return [_form(value[k]) for k in sorted(value)]
        case int() | None:
            return value
        case Expr():
            return None
    return OPEN


# -- the framework -------------------------------------------------------------------------------------------


def _real(value: object, eager: bool) -> Any:
    import keras
    import numpy

    match value:
        case K(shape=shape, dtype=dtype):
            if not eager:
                return keras.KerasTensor(shape, dtype=dtype)
            known = tuple(2 if n is None else n for n in shape)
            return numpy.full(known, "a") if dtype == "string" else numpy.zeros(known, dtype)
        case L(name=name, init=init, kwargs=kwargs):
            return getattr(keras.layers, name)(*_real(init, eager), **_real(kwargs, eager))
        case list():
            return [_real(v, eager) for v in value]
        case tuple():
            return tuple(_real(v, eager) for v in value)
        case dict():
            return {k: _real(v, eager) for k, v in value.items()}
    return value


def _tensors(value: Any) -> Any:
    """Arrays as tensors: the old backend takes no others."""
    import keras
    import numpy

    if isinstance(value, (list, tuple)):
        return type(value)(_tensors(each) for each in value)
    if isinstance(value, dict):
        return {key: _tensors(each) for key, each in value.items()}
    return keras.ops.convert_to_tensor(value) if isinstance(value, numpy.ndarray) else value


def _resolved(name: str) -> Any:
    from tests.truth.compare import _resolve

    return _resolve(name.replace("keras.backend.", "keras.src.legacy.backend."))


def theirs(name: str, case: Case, *, eager: bool = False) -> tuple[object, object]:
    """Keras' answer: nested shapes and parameters. Raises `Refused`."""
    import keras

    target = _resolved(name)
    counted: object = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if isinstance(target, type):
                target = target(*_real(case.init, eager), **_real(case.init_kwargs, eager))
            given, named = _real(case.args, eager), _real(case.kwargs, eager)
            if name.startswith("keras.backend."):
                given, named = _tensors(given), _tensors(named)
            answer = target(*given, **named)
            if isinstance(target, keras.layers.Layer):
                counted = tuple(
                    sum(math.prod(v.shape) for v in weights)
                    for weights in (target.trainable_weights, target.non_trainable_weights)
                )
            return _real_form(answer), counted
        except Exception as error:
            text = str(error)
            raise Refused(f"{type(error).__name__}: {text.splitlines()[0] if text else ''}") from None


def _real_form(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_real_form(v) for v in value]
    if isinstance(value, dict):
        return [_real_form(value[k]) for k in sorted(value)]
    if value is None or isinstance(value, int):
        return value
    return tuple(value.shape) if hasattr(value, "shape") else OPEN


# -- comparing -----------------------------------------------------------------------------------------------


def matches(mine: object, real: object, *, on_data: bool = False) -> Agreement:
    """How two nested answers compare; on data a free extent has some size."""
    if isinstance(mine, Opaque) or isinstance(real, Opaque):
        return Agreement.OPEN
    if isinstance(mine, (list, tuple)) and isinstance(real, (list, tuple)):
        if isinstance(mine, tuple) != isinstance(real, tuple) or len(mine) != len(real):
            return Agreement.DIFFERENT
        parts = [matches(a, b, on_data=on_data) for a, b in zip(mine, real, strict=True)]
        if Agreement.DIFFERENT in parts:
            return Agreement.DIFFERENT
        return Agreement.OPEN if Agreement.OPEN in parts else Agreement.SAME
    if on_data and mine is None and isinstance(real, int):
        return Agreement.SAME
    return Agreement.SAME if mine == real else Agreement.DIFFERENT


def compare(name: str, case: Case) -> Result:
    """Run a case in both worlds."""
    real: object
    try:
        real, refused = theirs(name, case, eager=name.startswith(_ON_DATA)), False
    except Refused as error:
        real, refused = str(error), True
    try:
        mine = ours(name, case)
    except Refused as error:
        if not refused:
            try:
                theirs(name, case, eager=True)
            except Refused as later:
                real, refused = f"on data: {later}", True
        return Result(Agreement.BOTH_REFUSE if refused else Agreement.DIFFERENT, str(error), real)
    found = Agreement.DIFFERENT if refused else matches(list(mine), list(real))  # type: ignore[call-overload]
    if found is Agreement.DIFFERENT and not refused:
        try:
            real = theirs(name, case, eager=True)
            found = matches(list(mine), list(real), on_data=True)
        except Refused as error:
            real, found = f"on data: {error}", Agreement.OPEN
    if refused:
        open_ = isinstance(mine[0], Opaque)
        return Result(Agreement.OPEN if open_ else Agreement.DIFFERENT, mine, real, unnoticed=True)
    return Result(found, mine, real)
