"""Matrix products with an addend: addmm, addmv, addbmm, baddbmm, addr.

Law: the addend stretches to the product.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import method
from convlint.libs.torch.declare import operation, store
from convlint.libs.torch.products import batch_multiplied, demand_rank, product_words
from convlint.libs.torch.promotion import result_type
from convlint.libs.torch.stretching import expanded
from convlint.shapes import matrix
from convlint.shapes.fault import Shape
from convlint.values import Tensor, Value

# -- with an addend ------------------------------------------------------------------------------------------


def _added(op: Op, a: Tensor, b: Tensor, shape: Shape) -> Value:
    """beta · input + alpha · product: the input stretches to the product."""
    addend = op.tensor("input")
    expanded(op, addend, shape)
    return op.result(addend, shape, dtype=result_type(op.caller, (addend, a, b)))


@operation("addmm", "mat1, mat2, *, beta=1, alpha=1", inplace=True)
def addmm(op: Op) -> Value:
    """input + mat1 @ mat2."""
    a, b = op.tensor("mat1"), op.tensor("mat2")
    left = demand_rank(op, a, 2, f"mat1 must be a matrix, got {len(a.shape or ())}-D tensor", "mat1")
    right = demand_rank(op, b, 2, f"mat2 must be a matrix, got {len(b.shape or ())}-D tensor", "mat2")
    shape = op.lawful(matrix.matrix_product(left, right), product_words(left, right), (left[0], right[1]))
    op.caller.count_macs(matrix.product_macs(left, right, shape))
    return _added(op, a, b, shape)


@operation("addmv", "mat, vec, *, beta=1, alpha=1", inplace=True, native_inplace=True)
def addmv(op: Op) -> Value:
    """input + mat @ vec."""
    a, b = op.tensor("mat"), op.tensor("vec")
    words = (
        f"vector + matrix @ vector expected, got {len(op.tensor('input').shape or ())}, "
        f"{len(a.shape or ())}, "
        f"{len(b.shape or ())}"
    )
    left, right = demand_rank(op, a, 2, words, "mat"), demand_rank(op, b, 1, words, "vec")
    shape = op.lawful(matrix.matrix_product(left, right), product_words(left, right), (left[0],))
    op.caller.count_macs(matrix.product_macs(left, right, shape))
    return _added(op, a, b, shape)


@operation("baddbmm", "batch1, batch2, *, beta=1, alpha=1", inplace=True)
@operation("addbmm", "batch1, batch2, *, beta=1, alpha=1")
def baddbmm(op: Op) -> Value:
    """input + batch1 @ batch2; `addbmm` sums over the batch."""
    a, b = op.tensor("batch1"), op.tensor("batch2")
    left = demand_rank(op, a, 3, "batch1 must be a 3D tensor", "batch1")
    right = demand_rank(op, b, 3, "batch2 must be a 3D tensor", "batch2")
    shape = batch_multiplied(op, left, right)
    return _added(op, a, b, shape if "baddbmm" in op.name else shape[1:])


@method("torch.Tensor", "addbmm_", "input, batch1, batch2, *, beta=1, alpha=1")
def addbmm_(op: Op) -> Value:
    """Alone among its kin it gives the tensor the result's shape."""
    target, result = op.tensor("input"), baddbmm(op)
    assert isinstance(result, Tensor)
    target.restate(result.shape)
    return store(op, target, result)


@operation("addr", "vec1, vec2, *, beta=1, alpha=1", inplace=True)
def addr(op: Op) -> Value:
    """input + vec1 ⊗ vec2."""
    a, b = op.tensor("vec1"), op.tensor("vec2")
    words = f"addr: Expected 1-D argument vec1, but got {len(a.shape or ())}-D"
    left = demand_rank(op, a, 1, words, "vec1")
    right = demand_rank(op, b, 1, f"addr: Expected 1-D argument vec2, but got {len(b.shape or ())}-D", "vec2")
    return _added(op, a, b, (left[0], right[0]))
