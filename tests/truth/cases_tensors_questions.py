"""What a tensor is asked, Fourier transforms, windows, complex views."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Named, T, cases
from tests.truth.cases_tensors_elementwise import forms
from tests.truth.draw_tensors import (
    ANY,
    DTYPES,
    FLOATS,
    REAL,
    axis,
    extents,
    options,
    some,
    some_axes,
    tensor,
)


def _tensor(rng: Random) -> Case:
    return Case((tensor(rng, 0, 4, ANY),))


for _name in ["numel", "is_floating_point", "is_complex", "is_signed"]:
    cases(*forms(_name, in_place=False))(_tensor)
for _name in ["dim", "ndimension", "nelement", "element_size", "tolist", "get_device", "dequantize"]:
    cases(f"torch.Tensor.{_name}")(_tensor)
cases("torch.is_tensor")(_tensor)


@cases("torch.Tensor.size", "torch.Tensor.stride")
def size(rng: Random) -> Case:
    x = tensor(rng)
    return Case((x, axis(rng, len(x.shape)))) if some(rng) else Case((x,))


@cases("torch.Tensor.item")
def item(rng: Random) -> Case:
    return Case((T(rng.choice([(), (1,), (1, 1), (2,), (0,)]), rng.choice(REAL)),))


@cases(*forms("is_nonzero", in_place=False))
def is_nonzero(rng: Random) -> Case:
    return Case((T(rng.choice([(), (1,), (1, 1), (2,), (0,)]), rng.choice(REAL)),))


@cases(*forms("is_same_size", in_place=False))
def is_same_size(rng: Random) -> Case:
    x = tensor(rng, 0, 2)
    return Case((x, x if some(rng) else tensor(rng, 0, 2)))


@cases("torch.can_cast")
def can_cast(rng: Random) -> Case:
    return Case((rng.choice(DTYPES), rng.choice(DTYPES)))


@cases("torch.promote_types")
def promote_types(rng: Random) -> Case:
    return Case((rng.choice(DTYPES), rng.choice(DTYPES)))


@cases("torch.get_default_dtype")
def get_default_dtype(rng: Random) -> Case:
    return Case()


@cases("torch.set_default_dtype")
def set_default_dtype(rng: Random) -> Case:
    return Case((Named("torch.float32"),))


# -- Fourier -------------------------------------------------------------------------------------------------

_REAL_INPUT = ("rfft", "ihfft", "rfft2", "ihfft2", "rfftn", "ihfftn")
F = ("float32", "float64")


def _signal(rng: Random, name: str) -> T:
    dtypes = (*F, "complex64") if name not in _REAL_INPUT or some(rng, 0.1) else F
    shape = extents(rng, 0 if some(rng, 0.08) else 1, 3, least=1)
    return T(shape, rng.choice(dtypes))


def _one(name: str) -> None:
    def generate(rng: Random) -> Case:
        x = _signal(rng, name)
        n = rng.randint(0 if some(rng, 0.1) else 1, 5)
        return Case((x,), options(rng, 0.4, n=n, dim=axis(rng, len(x.shape)), norm="ortho"))

    cases(f"torch.fft.{name}")(generate)


def _many(name: str) -> None:
    def generate(rng: Random) -> Case:
        x = _signal(rng, name)
        rank = len(x.shape)
        keywords: dict[str, object] = {}
        if some(rng, 0.5) and rank:
            found = some_axes(rng, rank)
            keywords["dim"] = found if isinstance(found, (tuple, list)) else (found,)
        if some(rng, 0.4):
            count = len(keywords["dim"]) if "dim" in keywords else min(2, rank)  # type: ignore[arg-type]
            keywords["s"] = tuple(rng.choice([-1, 1, 2, 3, 4]) for _ in range(count + some(rng, 0.1)))
        return Case((x,), keywords)

    cases(f"torch.fft.{name}")(generate)


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    _one(_name)
    _many(_name + "2")
    _many(_name + "n")


@cases("torch.fft.fftshift", "torch.fft.ifftshift")
def fftshift(rng: Random) -> Case:
    x = tensor(rng, 1, 3, F)
    return Case((x, some_axes(rng, len(x.shape), 0.0))) if some(rng) else Case((x,))


@cases("torch.fft.fftfreq", "torch.fft.rfftfreq")
def fftfreq(rng: Random) -> Case:
    return Case((rng.randint(1, 6),), options(rng, d=0.5))


@cases(
    "torch.hann_window",
    "torch.bartlett_window",
    "torch.blackman_window",
    "torch.hamming_window",
    "torch.kaiser_window",
)
def window(rng: Random) -> Case:
    return Case((rng.randint(-1, 6),), options(rng, periodic=some(rng)))


@cases(*forms("stft", in_place=False))
def stft(rng: Random) -> Case:
    n = rng.randint(6, 20)
    shape = rng.choice([(n,), (2, n), (1, n), (2, 2, n)] if some(rng, 0.1) else [(n,), (2, n)])
    keywords = options(
        rng, 0.4, hop_length=rng.randint(0 if some(rng, 0.1) else 1, 4), center=some(rng), onesided=some(rng)
    )
    if some(rng, 0.9):
        keywords["return_complex"] = some(rng)
    return Case((T(shape), rng.choice([4, 5, 6, 8, 16, 40])), keywords)


@cases(*forms("istft", in_place=False))
def istft(rng: Random) -> Case:
    n_fft = rng.choice([4, 6, 8])
    shape = (n_fft // 2 + 1 + (rng.choice([1, -1]) if some(rng, 0.1) else 0), rng.randint(2, 6))
    shape = (2, *shape) if some(rng) else shape
    hop = n_fft // 4 if some(rng) else n_fft // 2
    return Case(
        (T(shape, "complex64"), n_fft, hop), {"window": None, **options(rng, 0.3, length=rng.randint(4, 8))}
    )


@cases("torch.view_as_real")
def view_as_real(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("complex64", "complex128", "complex64", "float32")),))


@cases("torch.view_as_complex")
def view_as_complex(rng: Random) -> Case:
    shape = (*extents(rng, 0, 3), 2)
    return Case((T(shape if some(rng, 0.85) else shape[:-1], rng.choice(("float32", "float64"))),))


@cases("torch.real", "torch.imag")
def real(rng: Random) -> Case:
    return Case((tensor(rng, 0, 3, ("complex64", "float32")),))


@cases("torch.Tensor.backward")
def backward(rng: Random) -> Case:
    return Case((T((2, *extents(rng, 1, 2, least=1)), rng.choice(FLOATS)),))


for _name in ["is_conj", "is_neg", "is_inference"]:
    cases(*forms(_name, in_place=False))(_tensor)
cases("torch.Tensor.is_shared")(_tensor)


@cases("torch.Tensor.sum_to_size")
def sum_to_size(rng: Random) -> Case:
    x = tensor(rng, 0, 3, ("float32",))
    wanted = [1 if some(rng, 0.4) else n for n in x.shape][
        rng.randint(0, len(x.shape)) if some(rng, 0.3) else 0 :
    ]
    if some(rng, 0.15):
        wanted = [n + 2 for n in wanted]
    return Case((x, *wanted)) if wanted else Case((x, ()))


@cases("torch.sym_max", "torch.sym_min")
def sym_max(rng: Random) -> Case:
    return Case((rng.randint(0, 5), rng.randint(0, 5)))


@cases("torch.sym_int", "torch.sym_float", "torch.sym_not")
def sym_int(rng: Random) -> Case:
    return Case((rng.randint(0, 5),))


@cases("torch.sym_sum")
def sym_sum(rng: Random) -> Case:
    return Case(([rng.randint(0, 5) for _ in range(3)],))


@cases("torch.sym_ite")
def sym_ite(rng: Random) -> Case:
    return Case((some(rng), 1, 2))
