"""torch.linalg: decompositions, solvers, inverses, norms. Matrices are the last two axes.

Law: a decomposition of (…, m, n) gives factors whose inner extent is min(m, n).
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, minimum
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch import dtypes
from convlint.libs.torch.arguments import refuse_fractions
from convlint.libs.torch.axes import distinct_axes, listed, short
from convlint.libs.torch.broadcasting import joined
from convlint.libs.torch.declare import operation
from convlint.libs.torch.demanding import demand_equal
from convlint.libs.torch.products import product_words as inner_words
from convlint.libs.torch.reductions import reduced, reduced_axes
from convlint.libs.torch.returns import named
from convlint.libs.torch.splitting import view_of_diagonal
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.matrix import matrix_product
from convlint.values import NotModelled, Tensor, Value


def matrices(op: Op, name: str = "A", *, square: bool = False) -> tuple[Tensor, Shape]:
    """A batch of matrices and its shape; `square` refuses others."""
    x = op.tensor(name)
    assert x.shape is not None
    if len(x.shape) < 2:
        words = f"linalg.{short(op)}: The input tensor {name} must have at least 2 dimensions."
        fault = Fault(Kind.RANK, expected=2, got=len(x.shape), shapes=(x.shape,), arguments=(name,))
        op.lawful(fault, lambda _: f"RuntimeError: {words}")
    rows, columns = x.shape[-2:]
    if square:
        words = (
            f"RuntimeError: linalg.{short(op)}: {name} must be batches of square matrices, but they are "
            f"{rows} by {columns} matrices"
        )
        demand_equal(op, rows, columns, words, name, kind=Kind.FEATURES)
    if x.dtype is not None and not (dtypes.is_float(x.dtype) or dtypes.is_complex(x.dtype)):
        words = f"linalg.{short(op)}: Expected a floating point or complex tensor as input. Got {x.dtype}"
        op.refuse("RuntimeError", words, name, kind=Kind.OTHER)
    return x, x.shape


def made(op: Op, source: Tensor, shape: Shape, dtype: str | None = None) -> Tensor:
    """A result of LAPACK, whose memory may be column-major: the strides are not known."""
    return op.result(source, shape, dtype=source.dtype if dtype is None else dtype, strides=None)


def _real(x: Tensor) -> str | None:
    return None if x.dtype is None else dtypes.real_of(x.dtype)


def _complex(x: Tensor) -> str | None:
    return None if x.dtype is None else dtypes.complex_of(x.dtype)


# -- square matrices -----------------------------------------------------------------------------------------


@function("torch.linalg.inv", "torch.inverse", signature="A, *, out=None", method="inverse")
@function("torch.linalg.matrix_exp", "torch.matrix_exp", signature="A", method=True)
@function("torch.linalg.cholesky", signature="A, *, upper=False, out=None")
@function(
    "torch.cholesky",
    "torch.cholesky_inverse",
    signature="A, upper=False, *, out=None",
    method="cholesky, cholesky_inverse",
)
def square_matrices(op: Op) -> Value:
    """A square matrix for each."""
    x, shape = matrices(op, square=True)
    return made(op, x, shape)


@function("torch.linalg.matrix_power", "torch.matrix_power", signature="A, n, *, out=None", method=True)
def matrix_power(op: Op) -> Value:
    """A whole power of square matrices."""
    refuse_fractions(op, "n")
    x, shape = matrices(op, square=True)
    return made(op, x, shape)


@function("torch.linalg.det", "torch.det", signature="A, *, out=None", method=True)
@function("torch.logdet", signature="A", method=True)
def determinant(op: Op) -> Value:
    """One number a matrix."""
    x, shape = matrices(op, square=True)
    return made(op, x, shape[:-2])


@function("torch.linalg.slogdet", "torch.slogdet", signature="A, *, out=None", method=True)
def slogdet(op: Op) -> Value:
    """Sign and logarithm of the determinant."""
    x, shape = matrices(op, square=True)
    return named(op, "slogdet", sign=made(op, x, shape[:-2]), logabsdet=made(op, x, shape[:-2], _real(x)))


@function("torch.linalg.eigvals", signature="A, *, out=None")
@function("torch.linalg.eigvalsh", signature="A, UPLO='L', *, out=None")
def eigenvalues(op: Op) -> Value:
    """One eigenvalue a row; real for symmetric matrices."""
    x, shape = matrices(op, square=True)
    return made(op, x, shape[:-1], _complex(x) if short(op) == "eigvals" else _real(x))


@function("torch.linalg.eig", signature="A, *, out=None")
@function("torch.linalg.eigh", signature="A, UPLO='L', *, out=None")
def eigenvectors(op: Op) -> Value:
    """Eigenvalues and eigenvectors."""
    x, shape = matrices(op, square=True)
    general = short(op) == "eig"
    values = made(op, x, shape[:-1], _complex(x) if general else _real(x))
    vectors = made(op, x, shape, _complex(x) if general else x.dtype)
    return named(op, f"linalg_{short(op)}", eigenvalues=values, eigenvectors=vectors)


@function("torch.linalg.inv_ex", signature="A, *, check_errors=False, out=None")
@function("torch.linalg.cholesky_ex", signature="A, *, upper=False, check_errors=False, out=None")
def with_info(op: Op) -> Value:
    """A square matrix and an error code for each."""
    x, shape = matrices(op, square=True)
    first = {"inv_ex": "inverse", "cholesky_ex": "L"}[short(op)]
    info = made(op, x, shape[:-2], "int32")
    return named(op, f"linalg_{short(op)}", **{first: made(op, x, shape), "info": info})


# -- any matrices --------------------------------------------------------------------------------------------


@function("torch.linalg.pinv", signature="A, rcond=None, hermitian=False, *, atol=None, rtol=None, out=None")
@function("torch.pinverse", signature="A, rcond=1e-15", method=True)
def pseudo_inverse(op: Op) -> Value:
    """(m, n) becomes (n, m)."""
    x, shape = matrices(op, square=op.args.get("hermitian") is True)
    if op["rcond"] is not None and (op.args.get("atol") is not None or op.args.get("rtol") is not None):
        op.refuse("TypeError", "linalg_pinv() received an invalid combination of arguments", "rcond")
    return made(op, x, (*shape[:-2], shape[-1], shape[-2]))


@function(
    "torch.linalg.matrix_rank", signature="A, tol=None, *, atol=None, rtol=None, hermitian=False, out=None"
)
def matrix_rank(op: Op) -> Value:
    """One integer a matrix."""
    x, shape = matrices(op)
    return made(op, x, shape[:-2], "int64")


@function("torch.linalg.cond", signature="A, p=None, *, out=None")
def condition(op: Op) -> Value:
    """One number a matrix."""
    square = op.known("p") not in (None, 2, -2)
    x, shape = matrices(op, square=square)
    return made(op, x, shape[:-2], _real(x))


@function("torch.linalg.svdvals", signature="A, *, driver=None, out=None")
def singular_values(op: Op) -> Value:
    """min(m, n) numbers a matrix."""
    x, shape = matrices(op)
    return made(op, x, (*shape[:-2], minimum(*shape[-2:])), dtype=_real(x))


@function("torch.linalg.svd", signature="A, full_matrices=True, *, driver=None, out=None")
@function("torch.svd", signature="A, some=True, compute_uv=True, *, out=None", method=True)
def svd(op: Op) -> Value:
    """U, S and V (its adjoint in linalg): square, or cut to min(m, n)."""
    x, shape = matrices(op)
    batch, (rows, columns) = shape[:-2], shape[-2:]
    inner = minimum(rows, columns)
    cut = not op.flag("full_matrices") if "full_matrices" in op.args else op.flag("some")
    left: Shape = (*batch, rows, inner if cut else rows)
    right: Shape = (*batch, inner if cut else columns, columns)
    values = made(op, x, (*batch, inner), _real(x))
    if "some" in op.args:
        right = (*batch, columns, inner if cut else columns)
        return named(op, "svd", U=made(op, x, left), S=values, V=made(op, x, right))
    return named(op, "linalg_svd", U=made(op, x, left), S=values, Vh=made(op, x, right))


@function("torch.linalg.qr", signature="A, mode='reduced', *, out=None")
@function("torch.qr", signature="A, some=True, *, out=None", method=True)
def qr(op: Op) -> Value:
    """Q and R: 'reduced', 'complete', or 'r' without Q."""
    x, shape = matrices(op)
    batch, (rows, columns) = shape[:-2], shape[-2:]
    mode = op["mode"] if "mode" in op.args else "reduced" if op.flag("some") else "complete"
    if mode not in ("reduced", "complete", "r"):
        words = (
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or "
            "'complete'"
        )
        op.refuse("RuntimeError", words, "mode")
    inner: Dim = rows if mode == "complete" else minimum(rows, columns)
    first: Shape = (0,) if mode == "r" else (*batch, rows, inner)
    return named(op, "linalg_qr", Q=made(op, x, first), R=made(op, x, (*batch, inner, columns)))


@function("torch.linalg.lu", signature="A, *, pivot=True, out=None")
def lu(op: Op) -> Value:
    """P, L and U."""
    x, shape = matrices(op)
    batch, (rows, columns) = shape[:-2], shape[-2:]
    inner = minimum(rows, columns)
    first: Shape = (*batch, rows, rows) if op.flag("pivot") else (0,)
    return named(
        op, "linalg_lu",
        P=made(op, x, first), L=made(op, x, (*batch, rows, inner)), U=made(op, x, (*batch, inner, columns)),
    )  # fmt: skip


@function("torch.linalg.lu_factor", signature="A, *, pivot=True, out=None")
def lu_factor(op: Op) -> Value:
    """Both factors in one matrix, and the pivots."""
    x, shape = matrices(op)
    pivots = made(op, x, (*shape[:-2], minimum(*shape[-2:])), dtype="int32")
    return named(op, "linalg_lu_factor", LU=made(op, x, shape), pivots=pivots)


# -- equations -----------------------------------------------------------------------------------------------


@function("torch.linalg.solve", signature="A, B, *, left=True, out=None")
def solve(op: Op) -> Value:
    """X with A X = B; B is a batch of vectors where it lacks exactly the last axis of A's shape."""
    _, shape = matrices(op, square=True)
    b = op.tensor("B")
    assert b.shape is not None
    if not b.shape:
        matrices(op, "B")
    vector = len(b.shape) == 1 or _vectors(b.shape, shape)
    right = (*b.shape, 1) if vector else b.shape
    left = op.flag("left")
    met = right[-2] if left or vector else right[-1]
    if isinstance(met, int) and isinstance(shape[-1], int) and met != shape[-1]:
        sides = (
            f"A must be batches of square matrices, but they are {shape[-2]} by {shape[-1]} matrices"
            if shape[-1] != shape[-2]
            else f"Incompatible shapes of A and B for the equation {'AX = B' if left else 'XA = B'}"
        )
        op.refuse("RuntimeError", f"linalg.solve: {sides}", "B", kind=Kind.FEATURES)
    batch = joined(op, (Tensor(shape[:-2]), Tensor(right[:-2])))
    return made(op, b, (*batch, right[-2]) if vector else (*batch, *right[-2:]))


def _vectors(right: Shape, left: Shape) -> bool:
    """Whether the right side is one vector a matrix: the batch decides, which may depend on the input."""
    if len(right) != len(left) - 1:
        return False
    if right == left[:-1]:
        return True
    if not any(isinstance(a, Expr) or isinstance(b, Expr) for a, b in zip(right, left, strict=False)):
        return False
    raise NotModelled("whether the right side is a batch of vectors depends on the input")


@function(
    "torch.linalg.solve_triangular", signature="A, B, *, upper, left=True, unitriangular=False, out=None"
)
def solve_triangular(op: Op) -> Value:
    """X with A X = B for a triangular A."""
    _, shape = matrices(op, square=True)
    b, right = matrices(op, "B")
    met = right[-2] if op.flag("left") else right[-1]
    if isinstance(met, int) and isinstance(shape[-1], int) and met != shape[-1]:
        words = "linalg.solve_triangular: Incompatible shapes of A and B for the equation"
        op.refuse("RuntimeError", words, "B", kind=Kind.FEATURES)
    batch = joined(op, (Tensor(shape[:-2]), Tensor(right[:-2])))
    return made(op, b, (*batch, *right[-2:]))


# -- norms and products --------------------------------------------------------------------------------------


@function("torch.linalg.vector_norm", signature="x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None")
@function("torch.linalg.norm", signature="x, ord=None, dim=None, keepdim=False, *, out=None, dtype=None")
def vector_norm(op: Op) -> Value:
    """Norms over axes; `norm` with an order and two axes is a matrix norm."""
    x = op.tensor("x")
    if x.dtype is not None and not (dtypes.is_float(x.dtype) or dtypes.is_complex(x.dtype)):
        words = "linalg.vector_norm: Expected a floating point or complex tensor as input."
        op.refuse("RuntimeError", words, "x", kind=Kind.OTHER)
    rank = len(x.shape or ())
    if short(op) == "norm" and (op["ord"] is not None or op["dim"] is not None):
        count = rank if op["dim"] is None else len(listed(op["dim"]) or (0,))
        if count not in (1, 2):
            words = (
                "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
                + f"{rank}D."
            )
            if op["dim"] is not None:
                words = (
                    "linalg.norm: If dim is specified, it must be of length 1 or 2. Got "
                    f"{list(op.dims('dim'))}"
                )
            op.refuse("RuntimeError", words, "ord", kind=Kind.RANK)
    return reduced(op, x, reduced_axes(op, x), dtypes.asked_dtype(op, _real(x)))


@function(
    "torch.linalg.matrix_norm", signature="A, ord='fro', dim=(-2, -1), keepdim=False, *, dtype=None, out=None"
)
def matrix_norm(op: Op) -> Value:
    """One norm a matrix."""
    x, shape = matrices(op)
    gone = distinct_axes(op, listed(op["dim"]) or (), len(shape), "dim")
    if len(gone) != 2:
        op.refuse("RuntimeError", "linalg.matrix_norm: dim must be a 2-tuple.", "dim", kind=Kind.RANK)
    return reduced(op, x, gone, dtypes.asked_dtype(op, _real(x)))


@function("torch.linalg.diagonal", signature="A, *, offset=0, dim1=-2, dim2=-1")
def diagonal(op: Op) -> Value:
    """Diagonals of matrices as the last axis."""
    return view_of_diagonal(op, op.tensor("A"), op.integer("offset"), op.integer("dim1"), op.integer("dim2"))


@function("torch.linalg.vecdot", signature="x, y, *, dim=-1, out=None")
def vecdot(op: Op) -> Value:
    """Products of vectors along one axis, which goes away."""
    a, b = op.tensor("x"), op.tensor("y")
    if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape) == 1:
        op.lawful(matrix_product(a.shape, b.shape), inner_words(a.shape, b.shape), ())
        return made(op, a, ())  # ATen's `vdot`, which never looks at `dim`
    shape = joined(op, (a, b))
    whole = made(op, a, shape)
    return reduced(op, whole, reduced_axes(op, whole), a.dtype)


@operation("cdist", "x2, p=2.0, compute_mode=None", first="x1", methods=False, out=False)
def cdist(op: Op) -> Value:
    """Distances of every row of one batch to every row of another."""
    a, b = op.tensor("x1"), op.tensor("x2")
    assert a.shape is not None and b.shape is not None
    for tensor, name in ((a, "X1"), (b, "X2")):
        if len(tensor.shape or ()) < 2:
            words = f"cdist only supports at least 2D tensors, {name} got: {len(tensor.shape or ())}D"
            op.refuse("RuntimeError", words, name.lower(), kind=Kind.RANK)
    if a.shape[-1] != b.shape[-1] and not isinstance(a.shape[-1], Expr) and not isinstance(b.shape[-1], Expr):
        words = f"X1 and X2 must have the same number of columns. X1: {a.shape[-1]} X2: {b.shape[-1]}"
        op.refuse("RuntimeError", words, "x2", kind=Kind.FEATURES)
    batch = joined(op, (Tensor(a.shape[:-2]), Tensor(b.shape[:-2])))
    return made(op, a, (*batch, a.shape[-2], b.shape[-2]))
