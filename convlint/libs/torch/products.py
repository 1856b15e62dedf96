"""Matrix products: matmul, mm, bmm, mv, dot, addmm and their kin, outer, kron, tensordot, cross.

Law: inner extents are equal. Products count multiply-accumulates; outer products and `kron` multiply
element by element and count none.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import product
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch.axes import axis, distinct_axes, listed
from convlint.libs.torch.broadcasting import combined, joined
from convlint.libs.torch.declare import operation
from convlint.libs.torch.joining import tensors
from convlint.libs.torch.promotion import result_type
from convlint.libs.torch.wording import by
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes import matrix
from convlint.shapes.broadcast import broadcast, torn
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Value


def demand_rank(op: Op, x: Tensor, rank: int, words: str, *arguments: str) -> Shape:
    """The shape of an operand that must have so many axes; `words` is torch's RuntimeError."""
    assert x.shape is not None
    if len(x.shape) != rank:
        fault = Fault(Kind.RANK, expected=rank, got=len(x.shape), shapes=(x.shape,), arguments=arguments)
        op.lawful(fault, lambda _: f"RuntimeError: {words}")
    return x.shape


def _refuse_mixed(op: Op, a: Tensor, b: Tensor) -> str | None:
    """Products want one dtype.

    What autocast would do is not followed, so only integers with floats are refused.
    """
    return a.dtype if a.dtype == b.dtype else result_type(op.caller, (a, b))


# -- matmul --------------------------------------------------------------------------------------------------


@operation("matmul", "other")
@function("torch.linalg.matmul", signature="input, other, *, out=None")
def matmul(op: Op) -> Value:
    """`a @ b` for vectors, matrices and batches of matrices."""
    return matrix_multiplied(op, op.tensor("input"), op.tensor("other"))


method("torch.Tensor", "__matmul__", "input, other")(matmul)
method("torch.Tensor", "__rmatmul__", "other, input")(matmul)


def matrix_multiplied(op: Op, a: Tensor, b: Tensor) -> Tensor:
    """The product with its costs."""
    assert a.shape is not None and b.shape is not None
    left, right = a.shape, b.shape
    outcome = matrix.matrix_product(left, right)
    instead = _certain_product(op, left, right) if left and right else None
    shape = op.lawful(outcome, product_words(left, right), instead)
    op.caller.count_macs(matrix.product_macs(left, right, shape))
    return op.result(a if len(left) >= len(right) else b, shape, dtype=_refuse_mixed(op, a, b))


def _certain_product(op: Op, left: Shape, right: Shape) -> Shape:
    why = op.unknown("the batches of a product do not join on this axis")
    batch = torn(left[:-2], right[:-2])
    certain = tuple(why.derive(i).dim if extent is None else extent for i, extent in enumerate(batch))
    return (*certain, *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))


def product_words(left: Shape, right: Shape) -> Callable[[Fault], str]:
    """The sentence of whichever kernel torch calls for these shapes."""

    def words(fault: Fault) -> str:
        if fault.kind is Kind.RANK:
            return (
                "RuntimeError: both arguments to matmul need to be at least 1D, but they are "
                f"{len(left)}D and {len(right)}D"
            )
        if fault.kind is Kind.JOIN:
            return (
                f"RuntimeError: The size of tensor a ({fault.expected}) must match the size of tensor b "
                f"({fault.got}) at non-singleton dimension {fault.axis}"
            )
        return _inner_words(left, right)

    return words


def _inner_words(left: Shape, right: Shape) -> str:
    """Which kernel torch calls decides the sentence."""
    if len(left) == 1 and len(right) == 1:
        return (
            f"RuntimeError: inconsistent tensor size, expected tensor [{left[0]}] and src [{right[0]}] to "
            f"have the same number of elements, but got {left[0]} and {right[0]} elements respectively"
        )
    if len(right) == 1:
        rows = product(left[:-1])
        return f"RuntimeError: size mismatch, got input ({rows}), mat ({rows}x{left[-1]}), vec ({right[0]})"
    if (len(left) <= 2 and len(right) == 2) or len(right) == 2:
        folded = (product(left[:-1]), left[-1])
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({by(folded)} and {by(right)})"
    if len(left) == 1:
        columns = (product((*right[:-2], right[-1])), right[-2])
        return f"RuntimeError: size mismatch, got input ({columns[0]}), mat ({by(columns)}), vec ({left[0]})"
    outcome = broadcast(left[:-2], right[:-2])
    count = product(outcome.shape) if not isinstance(outcome, Fault) else left[0]
    return (
        f"RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [{count}, "
        f"{left[-1]}] but got: "
        f"[{count}, {right[-2]}]."
    )


@operation("mm", "mat2")
def mm(op: Op) -> Value:
    """Two matrices."""
    a, b = op.tensor("input"), op.tensor("mat2")
    demand_rank(op, a, 2, "self must be a matrix", "input")
    demand_rank(op, b, 2, "mat2 must be a matrix", "mat2")
    return matrix_multiplied(op, a, b)


@function("torch.spmm", "torch.dsmm", signature="input, mat2")
@function("torch.sparse.mm", signature="input, mat2, reduce='sum'")
def sparse_mm(op: Op) -> Value:
    """Two matrices, the first of which may be sparse: how many numbers are multiplied is not known then."""
    a, b = op.tensor("input"), op.tensor("mat2")
    left = demand_rank(op, a, 2, "self must be a matrix", "input")
    right = demand_rank(op, b, 2, "mat2 must be a matrix", "mat2")
    shape = op.lawful(matrix.matrix_product(left, right), product_words(left, right), (left[0], right[1]))
    op.caller.count_macs(op.unknown("how many numbers a sparse matrix holds is not known"))
    return op.result(b, shape, dtype=_refuse_mixed(op, a, b))


@operation("mv", "vec")
def mv(op: Op) -> Value:
    """A matrix and a vector."""
    a, b = op.tensor("input"), op.tensor("vec")
    words = f"vector + matrix @ vector expected, got 1, {len(a.shape or ())}, {len(b.shape or ())}"
    demand_rank(op, a, 2, words, "input")
    demand_rank(op, b, 1, words, "vec")
    return matrix_multiplied(op, a, b)


@operation("dot", "tensor")
@operation("vdot", "other")
def dot(op: Op) -> Value:
    """Two vectors."""
    second = "tensor" if "tensor" in op.args else "other"
    a, b = op.tensor("input"), op.tensor(second)
    words = f"1D tensors expected, but got {len(a.shape or ())}D and {len(b.shape or ())}D tensors"
    demand_rank(op, a, 1, words, "input")
    demand_rank(op, b, 1, words, second)
    return matrix_multiplied(op, a, b)


@operation("bmm", "mat2")
def bmm(op: Op) -> Value:
    """Two batches of matrices of equal number."""
    a, b = op.tensor("input"), op.tensor("mat2")
    left = demand_rank(op, a, 3, "batch1 must be a 3D tensor", "input")
    right = demand_rank(op, b, 3, "batch2 must be a 3D tensor", "mat2")
    shape = batch_multiplied(op, left, right)
    return op.result(a, shape, dtype=_refuse_mixed(op, a, b))


def batch_multiplied(op: Op, left: Shape, right: Shape) -> Shape:
    """The shape of a batched product, with its costs."""
    words = (
        "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: "
        f"[{left[0]}, {left[2]}] but got: [{right[0]}, {right[1]}]."
    )
    shape = op.lawful(matrix.batched(left, right), lambda _: words, (left[0], left[1], right[2]))
    op.caller.count_macs(product(shape) * left[2])
    return shape


@function("torch.chain_matmul", signature="*matrices, out=None")
@function("torch.linalg.multi_dot", signature="tensors, *, out=None")
def multi_dot(op: Op) -> Value:
    """A product of several matrices, in the order that costs least: its costs are not known."""
    name = "tensors" if "tensors" in op.args else "matrices"
    operands = tensors(op, name)
    if len(operands) < 2:
        if len(operands) == 1 and name == "matrices":
            return operands[0]
        op.refuse("RuntimeError", "multi_dot(): expected at least 2 tensors but got 1", name)
    shapes = [t.shape or () for t in operands]
    for number, shape in enumerate(shapes):
        outer = number in (0, len(shapes) - 1) and name == "tensors"
        if len(shape) != 2 and not (outer and len(shape) == 1):
            words = f"multi_dot(): tensor {number} must be 2D but got {len(shape)}D"
            op.refuse("RuntimeError", words, name, kind=Kind.RANK)
    result = shapes[0]
    for shape in shapes[1:]:
        result = op.lawful(matrix.matrix_product(result, shape), product_words(result, shape))
    if len(operands) == 2:
        op.caller.count_macs(matrix.product_macs(shapes[0], shapes[1], result))
    else:
        op.caller.count_macs(op.unknown("the order of a product of several matrices is not followed"))
    return op.result(operands[0], result, dtype=result_type(op.caller, operands))


# -- outer and other products --------------------------------------------------------------------------------


@operation("outer ger", "vec2")
def outer(op: Op) -> Value:
    """All products of two vectors' elements."""
    a, b = op.tensor("input"), op.tensor("vec2")
    left = demand_rank(
        op, a, 1, f"outer: Expected 1-D argument self, but got {len(a.shape or ())}-D", "input"
    )
    right = demand_rank(
        op, b, 1, f"outer: Expected 1-D argument vec2, but got {len(b.shape or ())}-D", "vec2"
    )
    return op.result(a, (left[0], right[0]), dtype=result_type(op.caller, (a, b)))


@operation("inner", "other")
def inner(op: Op) -> Value:
    """The last axes of both meet; a number multiplies."""
    a, b = op.tensor("input"), op.tensor("other")
    assert a.shape is not None and b.shape is not None
    left, right = a.shape, b.shape
    dtype = result_type(op.caller, (a, b))
    if not left or not right:
        return combined(op, (a, b), dtype, None)
    axes_ = ((len(left) - 1,), (len(right) - 1,))
    fault = Fault(Kind.FEATURES, right[-1], left[-1], (left, right), len(left) - 1)
    words = (
        "RuntimeError: inner() the last dimension must match on both input tensors but got shapes "
        f"{shown(left)} and {shown(right)}"
    )
    same = left[-1] == right[-1] or not (isinstance(left[-1], int) and isinstance(right[-1], int))
    outcome = matrix.tensordot(left, right, axes_) if same else fault
    shape = op.lawful(outcome, lambda _: words, (*left[:-1], *right[:-1]))
    op.caller.count_macs(product(shape) * left[-1])
    return op.result(a, shape, dtype=dtype)


@operation("kron", "other")
def kron(op: Op) -> Value:
    """Extents multiply, aligned at the last axes."""
    a, b = op.tensor("input"), op.tensor("other")
    rank = max(len(a.shape or ()), len(b.shape or ()))
    left, right = ((*(1,) * (rank - len(t.shape or ())), *(t.shape or ())) for t in (a, b))
    shape = tuple(m * n for m, n in zip(left, right, strict=True))
    return op.result(a, shape, dtype=result_type(op.caller, (a, b)))


@function("torch.tensordot", signature="a, b, dims=2, out=None")
def tensordot(op: Op) -> Value:
    """Listed axes, or the last of one and the first of the other, meet."""
    a, b = op.tensor("a"), op.tensor("b")
    assert a.shape is not None and b.shape is not None
    pairs = _met_axes(op, a, b)
    for tensor, axes in zip((a, b), pairs, strict=True):
        if axes and not tensor.shape:
            missing = f"Dimension specified as {axes[0]} but tensor has no dimensions"
            op.refuse("IndexError", missing, "dims", kind=Kind.RANK)
    inner_ = product(a.shape[i] for i in pairs[0])
    dtype = result_type(op.caller, (a, b))

    def words(fault: Fault) -> str:
        return (
            "RuntimeError: contracted dimensions need to match, but first has size "
            f"{fault.got} in dim {fault.axis} and second has size {fault.expected} in dim "
            f"{pairs[1][pairs[0].index(fault.axis or 0)]}"
        )

    mine = tuple(n for i, n in enumerate(a.shape) if i not in pairs[0])
    others = tuple(n for i, n in enumerate(b.shape) if i not in pairs[1])
    shape = op.lawful(matrix.tensordot(a.shape, b.shape, pairs), words, (*mine, *others))
    op.caller.count_macs(product(shape) * inner_)
    return op.result(a, shape, dtype=dtype)


def _met_axes(op: Op, a: Tensor, b: Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    assert a.shape is not None and b.shape is not None
    value = op.known("dims")
    members = listed(value)
    if isinstance(value, Tensor):
        raise NotModelled("axes given as a tensor are not followed")
    if members is None:
        number = op.integer("dims")
        if number < 0:
            op.refuse("RuntimeError", f"tensordot expects dims >= 0, but got dims={number}", "dims")
        if number > min(len(a.shape), len(b.shape)):
            words = (
                f"tensordot expects dims < ndim_a or ndim_b, but got dims={number} >= "
                f"{len(a.shape)} or {len(b.shape)}"
            )
            op.refuse("RuntimeError", words, "dims", kind=Kind.RANK)
        return tuple(range(len(a.shape) - number, len(a.shape))), tuple(range(number))
    pair = [listed(m) if listed(m) is not None else (m,) for m in members]
    if len(pair) != 2:
        raise op.caller.error("ValueError", f"not enough values to unpack (expected 2, got {len(pair)})")
    first = distinct_axes(op, pair[0] or (), len(a.shape), "dims")
    second = distinct_axes(op, pair[1] or (), len(b.shape), "dims")
    if len(first) != len(second):
        op.refuse("RuntimeError", "both dimension lists should have same length", "dims")
    return first, second


@operation("cross", "other, dim=None")
@function("torch.linalg.cross", signature="input, other, *, dim=-1, out=None")
def cross(op: Op) -> Value:
    """Vector products: the axis has extent 3."""
    a, b = op.tensor("input"), op.tensor("other")
    assert a.shape is not None and b.shape is not None
    if len(a.shape) != len(b.shape):
        words = "linalg.cross: inputs must have the same number of dimensions."
        op.lawful(
            Fault(Kind.RANK, len(a.shape), len(b.shape), (a.shape, b.shape)),
            lambda _: f"RuntimeError: {words}",
        )
    if op["dim"] is None:
        if 3 not in a.shape and all(isinstance(n, int) for n in a.shape):
            op.refuse("RuntimeError", "no dimension of size 3 in input", "input", kind=Kind.JOIN)
    else:
        place = axis(op, "dim", len(a.shape))
        sizes = (a.shape[place], b.shape[place]) if a.shape else (1, 1)
        if any(isinstance(n, int) and n != 3 for n in sizes):
            words = (
                f"linalg.cross: inputs dimension {place} must have length 3. Got {sizes[0]} and {sizes[1]}"
            )
            op.refuse("RuntimeError", words, "dim", kind=Kind.JOIN)
    shape = joined(op, (a, b))
    return op.result(a, shape, dtype=result_type(op.caller, (a, b)))
