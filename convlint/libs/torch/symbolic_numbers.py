"""`torch.sym_int` and its kin: Python's numbers, which traced programs ask for by these names."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import function, lookup
from convlint.libs.torch.axes import short
from convlint.values import Value

_BUILTIN = {"sym_int": "int", "sym_float": "float", "sym_max": "max", "sym_min": "min", "sym_sum": "sum"}


@function("torch.sym_int", "torch.sym_float", "torch.sym_sum", signature="a")
@function("torch.sym_max", "torch.sym_min", signature="a, b")
def number(op: Op) -> Value:
    """What the builtin of that name gives."""
    return op.call(lookup(f"builtins.{_BUILTIN[short(op)]}"), *op.args.values())


@function("torch.sym_not", signature="a")
def sym_not(op: Op) -> Value:
    """The opposite."""
    return not op.flag("a")


@function("torch.sym_ite", signature="b, t, f")
def sym_ite(op: Op) -> Value:
    """One of two values."""
    return op["t"] if op.flag("b") else op["f"]
