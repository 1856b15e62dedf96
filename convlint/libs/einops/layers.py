"""What einops' layers have in common in every framework: their constructors' checks and their calls.

Law: a layer prepares its pattern when it is built, for every rank that the pattern takes (with an ellipsis,
for up to seven axes of it); a tensor of another rank is a KeyError.
"""

from __future__ import annotations

from convlint.libs.einops.arranging import apply
from convlint.libs.einops.backend import Backend, tensor_of
from convlint.libs.einops.errors import ERROR, extents, refuse
from convlint.libs.op import Op
from convlint.shapes.axis_pattern import PatternError
from convlint.shapes.einmix import Mix, mix
from convlint.shapes.fault import Fault, Kind
from convlint.shapes.rearrange import ranks, recipe
from convlint.values import NotModelled, Tensor, Unknown, Value

REARRANGE = "pattern, **axes_lengths"
REDUCE = "pattern, reduction, **axes_lengths"
EINMIX = "pattern, weight_shape, bias_shape=None, **axes_lengths"


def prepare(op: Op) -> None:
    """The constructor of `Rearrange` and `Reduce`: the pattern is read."""
    pattern, lengths = op.text("pattern"), extents(op, op["axes_lengths"])
    operation = _operation(op)
    try:
        for rank in ranks(pattern):
            recipe(pattern, operation if isinstance(operation, str) else "", tuple(lengths), rank)
    except PatternError as error:
        refuse(op, error, around=f" Error while preparing {shown(op, lengths)} ")


def _operation(op: Op) -> Value:
    return op.known("reduction") if op.name.endswith("Reduce") else "rearrange"


def shown(op: Op, lengths: dict[str, Value]) -> str:
    """The layer as Python prints it."""
    given = [repr(op["pattern"])]
    if op.name.endswith("Reduce"):
        given.append(repr(op["reduction"]))
    given += [f"{name}={value}" for name, value in lengths.items()]
    return f"{op.name.rpartition('.')[2]}({', '.join(given)})"


def applied(op: Op, argument: str) -> Value:
    """A call of `Rearrange` or `Reduce`."""
    x, backend = tensor_of(op, op[argument])
    pattern, lengths = op.text("pattern"), extents(op, op["axes_lengths"])
    operation = _operation(op)
    rank = len(x.shape or ())
    try:
        prepared = ranks(pattern)
        if rank not in prepared:
            expected = prepared[0] if len(prepared) == 1 else None
            detail = "" if expected is not None else f"the pattern is not prepared for {rank} axes"
            fault = Fault(Kind.RANK, expected, rank, (x.shape or (),), arguments=("pattern",), detail=detail)
            op.caller.fault(fault, lambda _: f"KeyError: {rank}", op.self)
            raise NotModelled(f"{op.name} takes another number of axes")
        made = recipe(pattern, operation if isinstance(operation, str) else "", tuple(lengths), rank)
    except PatternError as error:
        refuse(op, error)
    return apply(op, made, x, backend, operation, lengths, lambda fault: f"{ERROR}: {fault.detail}")


def mixed(op: Op) -> Mix:
    """The constructor of `EinMix`: what its patterns come to."""
    lengths = {name: op.as_dim(value, name) for name, value in extents(op, op["axes_lengths"]).items()}
    bias = op.known("bias_shape")
    if bias is not None and not isinstance(bias, str):
        op.refuse(ERROR, "bias shape should be string specifying which axes bias depends on", "bias_shape")
    try:
        return mix(op.text("pattern"), op.text("weight_shape"), bias, lengths)
    except PatternError as error:
        refuse(op, error)


def product(op: Op, x: Value, weight: Value, bias: Value, equation: str) -> tuple[Tensor, Backend]:
    """The product with the weight, and the bias added."""
    found, backend = tensor_of(op, x)
    result = backend.product(op, equation, (found, weight))
    if bias is not None:
        result = op.caller.binary("+", result, bias)
    if isinstance(result, Unknown) or not isinstance(result, Tensor):
        raise NotModelled("what the product gives is not known")
    return result, backend
