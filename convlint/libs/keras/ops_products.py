"""Sums of products (keras.io/api/ops/numpy)."""

from __future__ import annotations

from convlint.dims import product
from convlint.libs.keras.declare import function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_names import of_numpy
from convlint.libs.keras.tensor import as_tensor, matmul
from convlint.libs.op import Op
from convlint.shapes.einsum import EquationError, einsum, parsed
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Value


@function(*of_numpy("einsum"), signature="subscripts, *operands, **kwargs")
def einsum_function(op: Op) -> Value:
    """A sum of products that an equation names."""
    operands = op["operands"]
    assert isinstance(operands, tuple)
    found = [as_tensor(op, each) for each in operands]
    if not found:
        raise NotModelled("an equation without operands")
    shapes = [t.shape or () for t in found]
    try:
        strict = op.name.startswith("tensorflow.")
        outcome, macs = einsum(parsed(op.text("subscripts")), shapes, stretch=not strict)
    except EquationError as error:
        op.refuse("ValueError", str(error), "subscripts")
    if macs is None:
        op.caller.lost("the products of three operands or more depend on an order")
    else:
        op.caller.count_macs(macs)
    shown = [shown_shape(s) for s in shapes]
    return op.result(
        found[0], op.lawful(outcome, lambda _: f"ValueError: Invalid operands {shown}"), kind=KIND
    )


@function(*of_numpy("tensordot"), signature="x1, x2, axes=2, **kwargs")
def tensordot(op: Op) -> Value:
    """A product over the last axes of one and the first of the other, or over pairs of axes."""
    left, right = as_tensor(op, op["x1"]), as_tensor(op, op["x2"])
    ls, rs = left.shape or (), right.shape or ()
    axes = op["axes"]
    if isinstance(axes, int):
        if not 0 <= axes <= min(len(ls), len(rs)):
            raise NotModelled("a product over more axes than there are")
        first, second = list(range(len(ls) - axes, len(ls))), list(range(axes))
    elif isinstance(axes, (list, tuple)) and len(axes) == 2:
        first, second = _indices(axes[0], len(ls)), _indices(axes[1], len(rs))
    else:
        raise NotModelled("the axes of a product are not known")
    inner, other = product([ls[a] for a in first]), product([rs[b] for b in second])
    if isinstance(inner, int) and isinstance(other, int) and inner != other:
        words = f"Matrix size-incompatible: {shown_shape(ls)} and {shown_shape(rs)} over axes {axes}"
        op.refuse("InvalidArgumentError", words, "axes", kind=Kind.FEATURES)
    if [ls[a] for a in first] != [rs[b] for b in second]:
        raise NotModelled("a product over axes of other extents: backends differ")
    kept = (
        *(e for i, e in enumerate(ls) if i not in first),
        *(e for i, e in enumerate(rs) if i not in second),
    )
    op.caller.count_macs(product([ls[a] for a in first]) * product(kept))
    return op.result(left, kept, kind=KIND)


def _indices(value: Value, rank: int) -> list[int]:
    members = value if isinstance(value, (list, tuple)) else (value,)
    if not all(isinstance(m, int) and -rank <= m < rank for m in members):
        raise NotModelled("the axes of a product are not known")
    return [m % rank for m in members if isinstance(m, int)]


@function(*of_numpy("dot"), "keras.backend.dot", signature="x1, x2")
def dot(op: Op) -> Value:
    """NumPy's dot: a product of matrices where the second has two axes at most."""
    right = as_tensor(op, op["x2"])
    if len(right.shape or ()) > 2 or not (as_tensor(op, op["x1"]).shape and right.shape):
        raise NotModelled("a dot product with more axes is not modelled")
    return matmul(op)


@function(*of_numpy("outer"), signature="x1, x2")
def outer(op: Op) -> Value:
    left, right = as_tensor(op, op["x1"]), as_tensor(op, op["x2"])
    shape = (product(left.shape or ()), product(right.shape or ()))
    return op.result(left, shape, kind=KIND)
