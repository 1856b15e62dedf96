"""`InputSpec`: what a layer says of the input it takes (keras.src.layers.input_spec).

Law: the first argument's rank and extents are compared before the layer is built and once more after, for
`build` may set the specification; a free extent fits anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from convlint.dims import Expr
from convlint.libs.keras.extents import shown_shape
from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Instance, Tensor, Value

SPEC = "keras.layers.InputSpec"
_FIELDS = "dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None, "

klass(SPEC, "builtins.object")
for _place in ("keras", "keras.layers.input_spec", "keras.engine.input_spec", "keras.engine.base_layer"):
    alias(f"{_place}.InputSpec", SPEC)


@method(SPEC, "__init__", f"self, {_FIELDS}allow_last_axis_squeeze=False, name=None, optional=False")
def init(op: Op) -> None:
    assert op.self is not None
    shape = op["shape"]
    op.self.attrs |= op.args
    op.self.attrs.pop("self", None)
    op.self.attrs["axes"] = op["axes"] or {}
    if isinstance(shape, (list, tuple)):
        op.self.attrs |= {"shape": tuple(shape), "ndim": len(shape)}
    most = next((n for n in (op.self.attrs["ndim"], op["max_ndim"]) if isinstance(n, int) and n), None)
    named = [axis for axis in op["axes"] if isinstance(axis, int)] if isinstance(op["axes"], dict) else []
    if most is not None and named and max(named) > most - 1:
        words = f"Axis {max(named)} is greater than the maximum allowed value: {most - 1}"
        op.refuse("ValueError", words, "axes")


class Refusal(Struct, frozen=True):
    """Why a layer does not take an input, and Keras' sentence."""

    fault: Fault
    words: str

    def said(self, fault: Fault) -> str:
        """Keras' sentence, as a fault is put into words."""
        return self.words


def refusal(layer: Instance, args: tuple[Value, ...]) -> Refusal | None:
    """Why the layer refuses the call's first argument; None where it takes it, or nothing is known."""
    if not args:
        return None
    if args[0] is None:
        return _refuses_none(layer)
    specs, inputs = list(_flat(layer.attrs.get("input_spec"))), list(_flat(args[0]))
    if not specs and _ALONE.fullmatch(layer.cls.qualname) and isinstance(args[0], (list, tuple)):
        return _refuses_several(layer, inputs)
    if not specs or not all(isinstance(each, Tensor) for each in inputs):
        return None
    if not all(each is None or _is_spec(each) for each in specs):
        return None
    if len(specs) != len(inputs):
        words = (
            f'Layer "{layer.attrs.get("name")}" expects {len(specs)} input(s), but it received {len(inputs)} '
            "input tensors."
        )
        detail = f"its `input_spec` is of {len(specs)} inputs, {len(inputs)} arrive"
        return Refusal(Fault(Kind.ARGUMENT, len(specs), len(inputs), detail=detail), f"ValueError: {words}")
    for index, (spec, x) in enumerate(zip(specs, inputs, strict=True)):
        if isinstance(spec, Instance) and isinstance(x, Tensor) and x.shape is not None:
            found = _misfit(spec.attrs, x.shape)
            if found is not None:
                fault, why = found
                words = (
                    f"ValueError: Input {index} with name '{spec.attrs.get('name')}' of layer "
                    f"'{layer.attrs.get('name')}' is incompatible with the layer: {why}"
                )
                return Refusal(fault, words)
    return None


_SPECIFIED = re.compile(
    r"keras\.layers\.(Dense|Flatten|BatchNormalization|(Depthwise|Separable)?Conv\dD(Transpose)?|"
    r"(Global)?(Max|Average)Pooling\dD|LSTM|GRU|SimpleRNN)"
)
"""Layers of Keras' own that look at what they are called with before they compute."""


_ALONE = re.compile(
    r"keras\.layers\.(Dense|Flatten|UpSampling\dD|ZeroPadding\dD|(Depthwise|Separable)?Conv\dD(Transpose)?|"
    r"(Global)?(Max|Average)Pooling\dD)"
)
"""Layers of one input: the recurrent ones take their states in the same list."""


def _refuses_none(layer: Instance) -> Refusal | None:
    """Why a layer of Keras' own cannot be called with None."""
    if not _SPECIFIED.fullmatch(layer.cls.qualname):
        return None
    words = (
        "Inputs to a layer should be tensors. Got 'None' (of type <class 'NoneType'>) as input for layer "
        f"'{layer.attrs.get('name')}'."
    )
    return Refusal(Fault(Kind.RESULT), f"ValueError: {words}")


def _refuses_several(layer: Instance, inputs: list[Value]) -> Refusal | None:
    """Why a layer of one input cannot be called with several tensors."""
    if len(inputs) < 2 or not all(isinstance(each, Tensor) for each in inputs):
        return None
    words = (
        f'Layer "{layer.attrs.get("name")}" expects 1 input(s), but it received {len(inputs)} input tensors.'
    )
    return Refusal(Fault(Kind.RESULT, 1, len(inputs)), f"ValueError: {words}")


def _is_spec(value: Value) -> bool:
    return isinstance(value, Instance) and value.cls.qualname == SPEC and value.tainted is None


def _flat(value: Value) -> Iterator[Value]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _flat(each)
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from _flat(value[key])
    elif value is not None:
        yield value


def _misfit(spec: Mapping[str, Value], shape: Shape) -> tuple[Fault, str] | None:
    squeezed = spec.get("allow_last_axis_squeeze") is not False
    rank, shown = len(shape), shown_shape(shape)
    for name in ("ndim", "max_ndim", "min_ndim"):
        wanted = spec.get(name)
        if not isinstance(wanted, int):
            continue
        fits = {"ndim": rank == wanted or squeezed, "max_ndim": rank <= wanted, "min_ndim": rank >= wanted}
        if not fits[name]:
            words = f"expected {name}={wanted}, found ndim={rank}. Full shape received: {shown}"
            return Fault(Kind.RANK, wanted, rank, (shape,)), words
    axes = spec.get("axes")
    for axis, value in axes.items() if isinstance(axes, dict) else ():
        if isinstance(axis, int) and isinstance(value, int) and -rank <= axis < rank:
            extent = shape[axis]
            if not isinstance(extent, Expr) and extent != value:
                words = (
                    f"expected axis {axis} of input shape to have value {value}, but received input with "
                    f"shape {shown}"
                )
                detail = f"axis {axis} of its input is to be {value}, {extent} arrives"
                return Fault(Kind.ARGUMENT, value, extent, (shape,), axis % rank, detail=detail), words
    return None if squeezed else _other_extent(spec.get("shape"), shape)


def _other_extent(wanted: Value, shape: Shape) -> tuple[Fault, str] | None:
    if not isinstance(wanted, tuple):
        return None
    for axis, (one, other) in enumerate(zip(wanted, shape, strict=False)):
        if isinstance(one, int) and not isinstance(other, Expr) and one != other:
            words = f"expected shape={wanted}, found shape={shown_shape(shape)}"
            detail = f"axis {axis} of its input is to be {one}, {other} arrives"
            return Fault(Kind.ARGUMENT, one, other, (shape,), axis, detail=detail), words
    return None
