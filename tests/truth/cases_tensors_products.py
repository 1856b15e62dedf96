"""Matrix products, einsum, linear algebra."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import axis, extents, joined, options, some, some_axes, tensor

F = ("float32",)


def _number(rng: Random) -> int:
    return rng.randint(0 if some(rng, 0.06) else 1, 4)


def _matrices(rng: Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes with a common inner extent, now and then none."""
    n, k, m = _number(rng), _number(rng), _number(rng)
    return (n, k), (k if some(rng, 0.85) else k + 1, m)


@cases(*forms("matmul", in_place=False), "torch.linalg.matmul", "torch.Tensor.__matmul__")
def matmul(rng: Random) -> Case:
    left, right = _matrices(rng)
    a, b = joined(rng, 2)
    left = left[1:] if some(rng, 0.2) else (*a[:2], *left)
    right = right[:1] if some(rng, 0.2) else (*b[:2], *right)
    if some(rng, 0.05):
        left = ()
    return Case((T(left), T(right)))


@cases("torch.Tensor.__rmatmul__")
def rmatmul(rng: Random) -> Case:
    return Case(matmul(rng).args[::-1])


@cases(*forms("mm", in_place=False))
def mm(rng: Random) -> Case:
    left, right = _matrices(rng)
    return Case((T(left if some(rng, 0.93) else (2, *left)), T(right if some(rng, 0.93) else right[1:])))


@cases("torch.spmm", "torch.dsmm", "torch.sparse.mm")
def sparse_mm(rng: Random) -> Case:
    """Dense matrices, which these take too; `sparse.mm` words what does not fit from the other side."""
    left, right = _matrices(rng)
    return Case((T(left), T((left[1], right[1]))))


@cases(*forms("mv", in_place=False))
def mv(rng: Random) -> Case:
    left, right = _matrices(rng)
    return Case((T(left if some(rng, 0.93) else left[1:]), T(right[:1] if some(rng, 0.93) else right)))


@cases(*forms("dot", in_place=False), *forms("vdot", in_place=False))
def dot(rng: Random) -> Case:
    left, right = _matrices(rng)
    return Case((T(left[1:]), T(right[:1] if some(rng, 0.93) else right)))


@cases(*forms("inner", in_place=False))
def inner(rng: Random) -> Case:
    left, right = _matrices(rng)
    a = T(left if some(rng) else left[1:]) if some(rng, 0.9) else T(())
    return Case((a, T(right[::-1] if some(rng) else right[:1])))


@cases(*forms("outer", in_place=False), *forms("ger", in_place=False))
def outer(rng: Random) -> Case:
    return Case((tensor(rng, 1, 2 if some(rng, 0.2) else 1, F), tensor(rng, 1, 1, F)))


def _batches(rng: Random) -> tuple[T, T]:
    left, right = _matrices(rng)
    batch = _number(rng)
    other = batch if some(rng, 0.9) else batch + 1
    return T((batch, *left) if some(rng, 0.93) else left), T((other, *right))


@cases(*forms("bmm", in_place=False))
def bmm(rng: Random) -> Case:
    return Case(_batches(rng))


def _addend(rng: Random, shape: tuple[int, ...], wrong: float = 0.12) -> T:
    """What is added: the shape itself, or what stretches to it; now and then neither."""
    found = tuple(1 if some(rng, 0.2) else n for n in shape)
    found = found[rng.randint(0, len(found)) :] if some(rng, 0.3) else found
    return T(tuple(n + 2 for n in found)) if some(rng, wrong) else T(found)


def _added(kind: str) -> Generator:
    def generate(rng: Random) -> Case:
        n, k, m, b = (rng.randint(1, 4) for _ in range(4))
        inner_ = k if some(rng, 0.9) else k + 1
        shapes: dict[str, tuple[tuple[int, ...], ...]] = {
            "addmm": ((n, m), (n, k), (inner_, m)),
            "addmv": ((n,), (n, k), (inner_,)),
            "baddbmm": ((b, n, m), (b, n, k), (b, inner_, m)),
            "addbmm": ((n, m), (b, n, k), (b, inner_, m)),
            "addr": ((n, m), (n,), (m,)),
        }
        out, left, right = shapes[kind]
        return Case((_addend(rng, out), T(left), T(right)), options(rng, 0.2, beta=2, alpha=0.5))

    return generate


for _kind in ("addmm", "addmv", "baddbmm", "addbmm", "addr"):
    cases(*forms(_kind, in_place=_kind != "addbmm"))(_added(_kind))
cases("torch.addmv_")(_added("addmv"))


@cases("torch.Tensor.addbmm_")
def addbmm_(rng: Random) -> Case:
    batch, n, k, m = (rng.randint(1, 3) for _ in range(4))
    return Case((T((n, m)), T((batch, n, k)), T((batch, k if some(rng, 0.85) else k + 1, m))))


@cases("torch.chain_matmul")
def chain_matmul(rng: Random) -> Case:
    sizes = [_number(rng) for _ in range(rng.randint(2, 4))]
    return Case(tuple(T((a, b if some(rng, 0.93) else b + 1)) for a, b in pairwise(sizes)))


@cases("torch.linalg.multi_dot")
def multi_dot(rng: Random) -> Case:
    drawn = list(chain_matmul(rng).args)
    if some(rng, 0.2) and isinstance(drawn[-1], T):
        drawn[-1] = T(drawn[-1].shape[:1])
    return Case((drawn,))


@cases(*forms("kron", in_place=False))
def kron(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, F), tensor(rng, 0, 3, F)))


@cases("torch.tensordot")
def tensordot(rng: Random) -> Case:
    met = extents(rng, 0, 2)
    left, right = extents(rng, 0, 2), extents(rng, 0, 2)
    if some(rng):
        odd = tuple(n + 1 for n in met) if some(rng, 0.1) else met
        return Case(
            (T((*left, *met)), T((*odd, *right)), len(met) + (rng.choice([-1, 3]) if some(rng, 0.1) else 0))
        )
    first, second = list(range(len(left), len(left) + len(met))), list(range(len(met)))
    if some(rng, 0.1):
        second = [*second, 0]
    return Case((T((*left, *met)), T((*met, *right)), (first, second)))


@cases(*forms("cross", in_place=False), "torch.linalg.cross")
def cross(rng: Random) -> Case:
    shape = list(extents(rng, 1, 3))
    place = rng.randrange(len(shape))
    shape[place] = 3 if some(rng, 0.9) else 2
    other = tuple(1 if i != place and some(rng, 0.2) else n for i, n in enumerate(shape))
    return Case((T(tuple(shape)), T(other)), {"dim": place} if some(rng, 0.8) else {})


@cases("torch.cdist")
def cdist(rng: Random) -> Case:
    a, b = joined(rng, 2)
    n, k, m = _number(rng), _number(rng), _number(rng)
    other = k if some(rng, 0.85) else k + 1
    left, right = (*a[:2], n, k), (*b[:2], m, other)
    return Case((T(left if some(rng, 0.93) else (k,)), T(right)), options(rng, 0.3, p=1.0))


EQUATIONS = (
    "ij,jk->ik", "bij,bjk->bik", "bhid,bhjd->bhij", "i,j->ij", "ii->i", "ij->ji", "ij->", "ij,ij->", "ij,jk",
    "...ij,...jk->...ik", "b...,b->b...", "bn,anm,bm->ba", "i,i", "ijk->k", "...", "...i->...",
    "ij , jk -> ik",
    "iij->j", "ij,ij,ij->ij", "AB,Ba->aA", "ij->ik", "ij->ii", "ij,jk,->ik",
)  # fmt: skip


@cases("torch.einsum")
def einsum(rng: Random) -> Case:
    if some(rng, 0.15):
        a, b, c = (_number(rng) for _ in range(3))
        output = ([0, 2],) if some(rng) else ()
        return Case((T((a, b)), [0, 1], T((b, c)), [1, 2], *output))
    equation = rng.choice(EQUATIONS)
    sizes = {label: _number(rng) for label in "abdhijknmAB"}
    dots = extents(rng, 0, 2)
    operands = []
    for part in equation.partition("->")[0].replace(" ", "").split(","):
        before, ellipsis, after = part.partition("...")
        shape = [sizes[c] for c in before] + (list(dots) if ellipsis else []) + [sizes[c] for c in after]
        if shape and some(rng, 0.1):
            shape[rng.randrange(len(shape))] = rng.choice([1, 5])
        if some(rng, 0.04):
            shape.append(2)
        operands.append(T(tuple(shape)))
    if some(rng, 0.03):
        operands.append(T((2,)))
    return Case((equation, *operands)) if some(rng, 0.8) else Case((equation, operands))


# -- linear algebra ------------------------------------------------------------------------------------------


def _square(rng: Random, low: int = 2, wrong: float = 0.1) -> T:
    n = rng.randint(1, 3)
    shape = (*extents(rng, 0, 2, least=1), n, n)
    if some(rng, wrong):
        return T(rng.choice([(2, 3), (2,)][: 2 if low == 2 else 1]))
    return T(shape, rng.choice(("float32", "float64")), identity=True)


def _any(rng: Random) -> T:
    shape = (*extents(rng, 0, 1, least=1), rng.randint(1, 4), rng.randint(1, 4))
    return T(shape if some(rng, 0.92) else shape[-1:], rng.choice(("float32", "float64")))


for _name in (
    "inv",
    "cholesky",
    "matrix_exp",
    "det",
    "slogdet",
    "eigvals",
    "eigvalsh",
    "eig",
    "eigh",
    "inv_ex",
):
    cases(f"torch.linalg.{_name}")(lambda rng: Case((_square(rng),)))
cases("torch.linalg.cholesky_ex")(lambda rng: Case((_square(rng),)))
for _name in ("inverse", "det", "logdet", "slogdet", "cholesky", "matrix_exp"):
    cases(*forms(_name, in_place=False))(lambda rng: Case((_square(rng),)))
cases(*forms("cholesky_inverse", in_place=False))(lambda rng: Case((_square(rng),)))
for _name in ("pinv", "matrix_rank", "svdvals"):
    cases(f"torch.linalg.{_name}")(lambda rng: Case((_any(rng),)))
cases(*forms("pinverse", in_place=False))(lambda rng: Case((_any(rng),)))


@cases("torch.linalg.matrix_power", *forms("matrix_power", in_place=False))
def matrix_power(rng: Random) -> Case:
    return Case((_square(rng), rng.randint(-1, 3)))


@cases("torch.linalg.cond")
def cond(rng: Random) -> Case:
    return (
        Case((_square(rng, wrong=0), rng.choice([1, float("inf"), "fro"])))
        if some(rng)
        else Case((_any(rng),))
    )


@cases("torch.linalg.svd")
def svd(rng: Random) -> Case:
    return Case((_any(rng),), options(rng, full_matrices=some(rng)))


@cases(*forms("svd", in_place=False))
def old_svd(rng: Random) -> Case:
    return Case((_any(rng),), options(rng, some=some(rng)))


@cases("torch.linalg.qr")
def qr(rng: Random) -> Case:
    return Case((_any(rng),), options(rng, mode=rng.choice(["reduced", "complete", "r", "full"])))


@cases(*forms("qr", in_place=False))
def old_qr(rng: Random) -> Case:
    return Case((_any(rng),), options(rng, some=some(rng)))


@cases("torch.linalg.lu_factor")
def lu_factor(rng: Random) -> Case:
    n = rng.randint(1, 3)
    return Case((T((*extents(rng, 0, 1, least=1), n, n + rng.randint(0, 2)), identity=True),))


@cases("torch.linalg.lu")
def lu(rng: Random) -> Case:
    return Case((_any(rng),))


@cases("torch.linalg.solve")
def solve(rng: Random) -> Case:
    n = rng.randint(1, 3)
    batch = extents(rng, 0, 1, least=1)
    rows = n if some(rng, 0.88) else n + 1
    right = rng.choice([(rows,), (*batch, rows), (*batch, rows, 2), (rows, 2)])
    return Case((T((*batch, n, n), identity=True), T(right)))


@cases("torch.linalg.solve_triangular")
def solve_triangular(rng: Random) -> Case:
    n = rng.randint(1, 3)
    batch = extents(rng, 0, 1, least=1)
    rows = n if some(rng, 0.88) else n + 1
    return Case((T((*batch, n, n), identity=True), T((*batch, rows, 2))), {"upper": some(rng)})


@cases("torch.linalg.vector_norm")
def vector_norm(rng: Random) -> Case:
    x = tensor(rng, 0, 3, ("float32", "float64", "int64") if some(rng, 0.2) else ("float32",))
    dim = some_axes(rng, len(x.shape))
    return Case((x,), options(rng, 0.6, ord=rng.choice([1, 2, 0.5]), dim=dim, keepdim=some(rng)))


@cases("torch.linalg.norm")
def norm(rng: Random) -> Case:
    x = T(extents(rng, 0, 3, least=1))
    dim = some_axes(rng, len(x.shape))
    return Case((x,), options(rng, 0.5, ord=rng.choice([1, 2]), dim=dim, keepdim=some(rng)))


@cases("torch.linalg.matrix_norm")
def matrix_norm(rng: Random) -> Case:
    return Case((_any(rng),), options(rng, ord=rng.choice(["fro", "nuc", 1, 2]), keepdim=some(rng)))


@cases("torch.linalg.diagonal")
def diagonal(rng: Random) -> Case:
    return Case((tensor(rng, 1, 4, F),), options(rng, offset=rng.randint(-3, 3)))


@cases("torch.linalg.vecdot")
def vecdot(rng: Random) -> Case:
    a, b = joined(rng, 2)
    return Case((T(a), T(b)), options(rng, dim=axis(rng, max(len(a), len(b)))))
