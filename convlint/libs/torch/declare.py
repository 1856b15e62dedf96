"""Declares operations in all the forms torch gives them: function, method, in place, with `out`.

Law: every form runs one body; an in-place form and `out` store the result in a tensor that exists already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps

from convlint.libs.op import Op
from convlint.libs.registry import Body, function, may_multiply, method, synonyms
from convlint.libs.torch.content import converted, overlap, overwrite
from convlint.libs.torch.promotion import castable
from convlint.libs.torch.wording import sizes
from convlint.shapes.broadcast import unchanged
from convlint.values import NotModelled, Origin, Tensor, Value

synonyms(
    "torch",
    "torch.Tensor",
    "torch.linalg",
    "torch.fft",
    "torch.special",
    axis="dim",
    keepdims="keepdim",
    x="input",
)
# NumPy's names, which every function of torch's C++ side takes for its own.


def operation(
    names: str,
    arguments: str = "",
    *,
    first: str = "input",
    module: str = "torch",
    functions: bool = True,
    methods: bool = True,
    inplace: bool = False,
    native_inplace: bool = False,
    out: bool = True,
) -> Callable[[Body], Body]:
    """Declare every name of the space-separated list with one signature and one body.

    `arguments` follow the first one. `inplace` adds the method `name_`, `native_inplace` also the function;
    `out` gives the function the argument of that name.
    """
    plain = f"{first}, {arguments}".rstrip(", ")
    extended = plain + (", out=None" if "*" in arguments else ", *, out=None") if out else plain

    def declare(untyped: Body) -> Body:
        body = _with_flags(untyped, arguments)
        for name in names.split():
            if functions:
                function(f"{module}.{name}", signature=extended)(_with_out(body) if out else body)
            if methods:
                method("torch.Tensor", name, plain)(body)
            if inplace:
                method("torch.Tensor", f"{name}_", plain)(into_first(body, first))
            if native_inplace:
                function(f"torch.{name}_", signature=plain)(into_first(body, first))
        return untyped

    return declare


def _with_flags(body: Body, arguments: str) -> Body:
    """ATen's parser takes nothing but a bool for an argument whose default is one."""
    flags = re.findall(r"(\w+)=(?:True|False)", arguments)
    if not flags:
        return body

    def run(op: Op) -> Value:
        for name in flags:
            value = op.args.get(name)
            if value is None or type(value) in (int, float, str, tuple, list):
                kind = type(value).__name__
                words = f"{op.name.rpartition('.')[2]}(): argument '{name}' must be bool, not {kind}"
                op.refuse("TypeError", words, name)
        return body(op)

    return run


def _with_out(body: Body) -> Body:
    @wraps(body)
    def run(op: Op) -> Value:
        result = body(op)
        out = op["out"]
        return result if out is None else into_out(op, out, result)

    return run


def into_out(op: Op, out: Value, result: Value) -> Value:
    """Store a result in the tensor or tensors given as `out`, which take on its shape."""
    if isinstance(out, Tensor) and isinstance(result, Tensor):
        if result.dtype is not None and out.dtype is not None and not castable(result.dtype, out.dtype):
            _not_castable(op, result.dtype, out.dtype)
        out.restate(result.shape)
        out.strides, out.origin = None, result.origin
        overwrite(out, converted(result.data, out.dtype))
        return out
    for each in out if isinstance(out, (tuple, list)) else (out,):
        if isinstance(each, Tensor):
            each.restate(None)
            each.strides = None
            overwrite(each)
    raise NotModelled(f"`out` of {op.name} is not followed")


def into_first(body: Body, first: str = "input") -> Body:
    """The in-place form: the result is stored in the first argument, whose shape and dtype stay."""

    @wraps(body)
    def run(op: Op) -> Value:
        target = op.tensor(first)
        try:
            result = body(op)
        except NotModelled:
            overwrite(target)
            if may_multiply(body):
                raise
            return target
        if not isinstance(result, Tensor):
            overwrite(target)
            return target
        return store(op, target, result)

    return run


def store(op: Op, target: Tensor, result: Tensor) -> Tensor:
    """Write a result into a tensor of the same shape; the tensor remembers the operation. Fault JOIN else."""
    old, new = target.shape, result.shape
    assert old is not None
    if new is not None and new != old:

        def words(_: object) -> str:
            return (
                f"RuntimeError: output with shape {sizes(old)} doesn't match the broadcast shape {sizes(new)}"
            )

        op.lawful(unchanged(old, new), words, old)
    if result.dtype is not None and target.dtype is not None and not castable(result.dtype, target.dtype):
        _not_castable(op, result.dtype, target.dtype)
    before = target.like(old, strides=target.strides)
    before.origin = target.origin
    mixed = any(isinstance(each, Tensor) and overlap(target, each) for each in op.args.values())
    overwrite(target, converted(result.data, target.dtype) if new == old and not mixed else None)
    operands = tuple(before if operand is target else operand for operand in op.operands())
    target.origin = Origin(op.name.rpartition(".")[2], op.caller.site, op.self, before, operands)
    return target


def _not_castable(op: Op, source: str, target: str) -> None:
    op.refuse(
        "RuntimeError",
        f"result type {scalar_name(source)} can't be cast to the desired output type {scalar_name(target)}",
    )


_NAMES = {
    "float32": "Float", "float64": "Double", "float16": "Half", "bfloat16": "BFloat16", "int64": "Long",
    "int32": "Int", "int16": "Short", "int8": "Char", "uint8": "Byte", "bool": "Bool",
    "complex64": "ComplexFloat", "complex128": "ComplexDouble", "complex32": "ComplexHalf",
}  # fmt: skip


def scalar_name(dtype: str) -> str:
    """A dtype as torch's messages call it."""
    return _NAMES.get(dtype, dtype)


def reshaped_in_place(body: Body, first: str = "input") -> Body:
    """The in-place form of a view: the tensor itself gets the shape and the strides."""

    @wraps(body)
    def run(op: Op) -> Value:
        target, result = op.tensor(first), body(op)
        if not isinstance(result, Tensor):
            return result
        target.restate(result.shape)
        target.strides, target.data = result.strides, result.data
        return target

    return run
