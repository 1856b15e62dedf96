"""torch.fft: discrete Fourier transforms, their frequencies and shifts; stft and windows.

Law: a transform over n points keeps n; a real one gives n // 2 + 1, and its inverse 2·(m − 1) unless told.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch import dtypes
from convlint.libs.torch.axes import axis, distinct_axes, listed, plain_integer, short, wrapped_axis
from convlint.libs.torch.creation import OPTIONS, made
from convlint.libs.torch.dtypes import asked_dtype, default_dtype
from convlint.libs.torch.promotion import floating
from convlint.shapes.fault import Kind, Shape
from convlint.values import NotModelled, Tensor, Value

_REAL_RESULT = ("irfft", "hfft", "irfft2", "hfft2", "irfftn", "hfftn")
_HALVED = ("rfft", "ihfft", "rfft2", "ihfft2", "rfftn", "ihfftn")


def _dtype(op: Op, x: Tensor, name: str) -> str | None:
    base = floating(op.caller, x.dtype)
    if base is None:
        return None
    real = name in _REAL_RESULT
    if name in _HALVED and dtypes.is_complex(base):
        op.refuse(
            "RuntimeError", f"{name} expects a real input tensor, but got {base}", "input", kind=Kind.OTHER
        )
    return dtypes.real_of(base) if real else dtypes.complex_of(base)


def _points(op: Op, size: Dim, n: Dim | None, name: str) -> Dim:
    """How many points the result has along one axis."""
    inverse = name in _REAL_RESULT
    count = n if n is not None else 2 * (size - 1) if inverse else size
    if isinstance(count, int) and count < 1:
        op.refuse("RuntimeError", f"Invalid number of data points ({count}) specified", "n", kind=Kind.KERNEL)
    return floordiv(count, 2) + 1 if name in _HALVED else count


@function(
    *(f"torch.fft.{name}" for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")),
    signature="input, n=None, dim=-1, norm=None, *, out=None",
)
def transform(op: Op) -> Value:
    """A transform along one axis, cut or padded to n points."""
    x, name = op.tensor("input"), short(op)
    assert x.shape is not None
    place = axis(op, "dim", len(x.shape))
    if not x.shape:
        op.refuse(
            "IndexError", "Dimension specified as -1 but tensor has no dimensions", "input", kind=Kind.RANK
        )
    n = None if op["n"] is None else op.dim("n")
    size = _points(op, x.shape[place], n, name)
    return op.result(
        x, (*x.shape[:place], size, *x.shape[place + 1 :]), dtype=_dtype(op, x, name), strides=None
    )


@function(
    *(f"torch.fft.{name}" for name in ("fft2", "ifft2", "rfft2", "irfft2", "hfft2", "ihfft2")),
    signature="input, s=None, dim=(-2, -1), norm=None, *, out=None",
)
@function(
    *(f"torch.fft.{name}" for name in ("fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn")),
    signature="input, s=None, dim=None, norm=None, *, out=None",
)
def transforms(op: Op) -> Value:
    """A transform along several axes; the last of them is the halved one."""
    x, name = op.tensor("input"), short(op)
    assert x.shape is not None
    rank = len(x.shape)
    given = None if op["s"] is None else op.dims("s")
    if op.known("dim") is None:
        count = rank if given is None else len(given)
        if count > rank:
            words = f"Got shape with {count} values but input tensor only has {rank} dimensions."
            op.refuse("RuntimeError", words, "s", kind=Kind.RANK)
        where = tuple(range(rank - count, rank))
    else:
        members = listed(op["dim"])
        where = distinct_axes(op, members if members is not None else (op["dim"],), rank, "dim")
    if where and not x.shape:
        words = f"Dimension specified as {where[0]} but tensor has no dimensions"
        op.refuse("IndexError", words, "input", kind=Kind.RANK)
    if given is not None and len(given) != len(where):
        op.refuse("RuntimeError", "When given, dim and shape arguments must have the same length", "s")
    if not where and (name in _HALVED or name in _REAL_RESULT):
        op.refuse("RuntimeError", f"{name} must transform at least one axis", "dim", kind=Kind.RANK)
    shape = list(x.shape)
    for i, place in enumerate(where):
        n = None if given is None or given[i] == -1 else given[i]
        last = place == where[-1]
        shape[place] = _points(op, x.shape[place], n, name if last else "fft")
    return op.result(x, tuple(shape), dtype=_dtype(op, x, name), strides=None)


@function("torch.fft.fftshift", "torch.fft.ifftshift", signature="input, dim=None")
def shift(op: Op) -> Value:
    """Halves of axes exchanged."""
    x = op.tensor("input")
    rank = len(x.shape or ())
    members = listed(op["dim"])
    for each in members if members is not None else () if op["dim"] is None else (op["dim"],):
        wrapped_axis(op, plain_integer(op, each, "dim"), rank, "dim")  # an axis may be named twice
    if (members is not None and not members) or not rank:
        op.refuse("RuntimeError", "`shifts` required", "input", kind=Kind.RANK)
    return op.result(x, x.shape)


@function("torch.fft.fftfreq", "torch.fft.rfftfreq", signature=f"n, d=1.0, {OPTIONS}, out=None")
def frequencies(op: Op) -> Value:
    """The frequencies of n points, or of the half a real transform gives."""
    n = op.dim("n")
    length = n if short(op) == "fftfreq" else floordiv(n, 2) + 1
    if isinstance(n, int) and n < 0:
        length = n if short(op) == "fftfreq" else 1 - -n // 2  # C++ rounds towards 0
    if isinstance(length, int) and length < 0:
        words = f"Trying to create tensor with negative dimension {length}: [{length}]"
        op.refuse("RuntimeError", words, "n")
    return made(op, (length,), asked_dtype(op, default_dtype(op.caller)))


_WINDOW = "dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False"


@function(
    "torch.hann_window", "torch.bartlett_window", "torch.blackman_window",
    signature=f"window_length, periodic=True, *, {_WINDOW}",
)  # fmt: skip
@function(
    "torch.hamming_window", signature=f"window_length, periodic=True, alpha=0.54, beta=0.46, *, {_WINDOW}"
)
@function("torch.kaiser_window", signature=f"window_length, periodic=True, beta=12.0, *, {_WINDOW}")
def window(op: Op) -> Value:
    """A window function of so many points."""
    length = op.dim("window_length")
    if isinstance(length, int) and length < 0:
        op.refuse(
            "RuntimeError", f"{short(op)} requires non-negative window_length, got window_length={length}"
        )
    return made(op, (length,), asked_dtype(op, default_dtype(op.caller)))


_STFT = "n_fft, hop_length=None, win_length=None, window=None, center=True"


@function(
    "torch.stft",
    signature=f"input, {_STFT}, pad_mode='reflect', normalized=False, onesided=None, return_complex=None, "
    "align_to_window=None",
    method=True,
)
def stft(op: Op) -> Value:
    """Frequencies × frames of a signal (…, n): 1 + ⌊(n + padding − n_fft) / hop⌋ frames."""
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) not in (1, 2):
        words = f"stft: expected a 1D or 2D tensor, but got {len(x.shape)}D"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    n_fft = op.dim("n_fft")
    hop = floordiv(n_fft, 4) if op["hop_length"] is None else op.dim("hop_length")
    length = x.shape[-1] + (2 * floordiv(n_fft, 2) if op.flag("center") else 0)
    if isinstance(n_fft, int) and isinstance(length, int) and not 0 < n_fft <= length:
        op.refuse("RuntimeError", f"stft: expected 0 < n_fft <= {length}, but got n_fft={n_fft}", "n_fft")
    if isinstance(hop, int) and hop <= 0:
        op.refuse("RuntimeError", f"stft: expected hop_length > 0, but got hop_length={hop}", "hop_length")
    _check_reflection(op, x.shape, n_fft)
    is_complex = x.dtype is not None and dtypes.is_complex(x.dtype)
    one_sided = not is_complex if op["onesided"] is None else op.flag("onesided")
    frequencies_ = floordiv(n_fft, 2) + 1 if one_sided else n_fft
    frames = floordiv(length - n_fft, hop) + 1
    as_complex = op["return_complex"]
    if as_complex is None and not is_complex and not _complex_window(op):
        words = (
            "stft requires the return_complex parameter be given for real inputs, and will further "
            "require that return_complex=True in a future PyTorch release."
        )
        op.refuse("RuntimeError", words, "return_complex")
    shape: Shape = (*x.shape[:-1], frequencies_, frames)
    if as_complex is None or op.flag("return_complex"):
        return op.result(
            x, shape, dtype=None if x.dtype is None else dtypes.complex_of(x.dtype), strides=None
        )
    return op.result(x, (*shape, 2), strides=None)


def _complex_window(op: Op) -> bool:
    window_ = op["window"]
    return isinstance(window_, Tensor) and window_.dtype is not None and dtypes.is_complex(window_.dtype)


def _check_reflection(op: Op, shape: Shape, n_fft: Dim) -> None:
    """Centred frames are padded by reflection, which needs more points than padding."""
    if not op.flag("center") or op["pad_mode"] != "reflect":
        return
    size, pad = shape[-1], floordiv(n_fft, 2)
    if isinstance(size, Expr) or isinstance(pad, Expr) or pad < size:
        return
    words = (
        "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
        f"({pad}, {pad}) at dimension {len(shape) if len(shape) > 1 else 2} of input [1, {size}]"
    )
    op.refuse("RuntimeError", words, "n_fft", kind=Kind.KERNEL)


@function(
    "torch.istft",
    signature=f"input, {_STFT}, normalized=False, onesided=None, length=None, return_complex=False",
    method=True,
)
def istft(op: Op) -> Value:
    """The signal of (…, frequencies, frames): hop · (frames − 1) points where frames are centred."""
    x = op.tensor("input")
    assert x.shape is not None
    if len(x.shape) not in (2, 3):
        words = f"istft expected a tensor with 2 or 3 dimensions, but got {len(x.shape)}"
        op.refuse("RuntimeError", words, "input", kind=Kind.RANK)
    n_fft = op.dim("n_fft")
    hop = floordiv(n_fft, 4) if op["hop_length"] is None else op.dim("hop_length")
    one_sided = x.shape[-2] != n_fft if op["onesided"] is None else op.flag("onesided")
    wanted, found = floordiv(n_fft, 2) + 1 if one_sided else n_fft, x.shape[-2]
    if isinstance(wanted, int) and isinstance(found, int) and wanted != found:
        size = "n_fft / 2 + 1" if one_sided else "n_fft"
        words = (
            "istft: expected the frequency dimension (3rd to the last) of the input tensor to match "
            f"{size} when onesided={one_sided}, but got {found}"
        )
        op.refuse("RuntimeError", words, "n_fft", kind=Kind.KERNEL)
    whole = n_fft + hop * (x.shape[-1] - 1)
    length = whole - 2 * floordiv(n_fft, 2) if op.flag("center") else whole
    if op["length"] is not None:
        length = op.dim("length")
        if isinstance(length, int) and length < 0:
            raise NotModelled("a negative length of istft is not followed")
    dtype = None if x.dtype is None else x.dtype if op.flag("return_complex") else dtypes.real_of(x.dtype)
    return op.result(x, (*x.shape[:-2], length), dtype=dtype)


@function("torch.view_as_real", signature="input")
def view_as_real(op: Op) -> Value:
    """Real and imaginary part as a last axis of 2."""
    x = op.tensor("input")
    assert x.shape is not None
    if x.dtype is not None and not dtypes.is_complex(x.dtype):
        op.refuse(
            "RuntimeError", "view_as_real is only supported for complex tensors", "input", kind=Kind.OTHER
        )
    return op.result(x, (*x.shape, 2), dtype=None if x.dtype is None else dtypes.real_of(x.dtype))


@function("torch.view_as_complex", signature="input")
def view_as_complex(op: Op) -> Value:
    """A last axis of 2 as real and imaginary part."""
    x = op.tensor("input")
    assert x.shape is not None
    if x.dtype is not None and not dtypes.is_float(x.dtype):
        words = (
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of "
            f"scalar type: {x.dtype}"
        )
        op.refuse("RuntimeError", words, "input", kind=Kind.OTHER)
    if not x.shape:
        op.refuse("RuntimeError", "Input tensor must have one or more dimensions", "input", kind=Kind.RANK)
    if isinstance(x.shape[-1], int) and x.shape[-1] != 2:
        op.refuse("RuntimeError", "Tensor must have a last dimension of size 2", "input", kind=Kind.RESHAPE)
    return op.result(x, x.shape[:-1], dtype=None if x.dtype is None else dtypes.complex_of(x.dtype))


@function("torch.real", "torch.imag", signature="input")
def part(op: Op) -> Value:
    """The real or the imaginary part; only complex tensors have one."""
    x = op.tensor("input")
    if short(op) == "real" and x.dtype is not None and not dtypes.is_complex(x.dtype):
        return x
    return op.caller.getattr(x, short(op))
