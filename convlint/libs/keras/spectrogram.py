"""Sound as frequencies: Fourier transforms as convolutions (keras.io/api/layers/preprocessing_layers/audio).

Law: F/2 + 1 frequencies a channel (twice as many where both parts are given), a window of `frame_length` that
moves by `frame_step` over time.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.arguments import layout
from convlint.libs.keras.declare import layer, made, tensor
from convlint.libs.keras.layer import add_weight
from convlint.libs.keras.setting import check_among, held
from convlint.libs.keras.wording import check_rank, no_room
from convlint.libs.op import Op
from convlint.shapes.fault import Shape
from convlint.shapes.window import Filters, Window, convolve
from convlint.values import NotModelled, Value

MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
SCALINGS = (None, "density", "spectrum")


def _check(op: Op) -> None:
    length, step, wide = held(op, "frame_length"), held(op, "frame_step"), held(op, "fft_length")
    if isinstance(length, int) and isinstance(step, int) and (step > length or step < 1):
        words = (
            "`frame_step` should be a positive integer not greater than `frame_length`. Received "
            f"frame_step={step}, frame_length={length}"
        )
        op.refuse("ValueError", words, "frame_step", "frame_length")
    if isinstance(length, int) and isinstance(wide, int) and wide < length:
        words = (
            "`fft_length` should be not less than `frame_length`. Received "
            f"fft_length={wide}, frame_length={length}"
        )
        op.refuse("ValueError", words, "fft_length", "frame_length")
    for name, known, words in (
        ("mode", MODES, f"Output mode is invalid, it must be one of {', '.join(MODES)}."),
        (
            "scaling",
            ("density", "spectrum", None),
            "Scaling is invalid, it must be `None`, 'density' or 'spectrum'.",
        ),
        ("padding", ("valid", "same"), "Padding is invalid, it should be 'valid', 'same'."),
    ):
        check_among(op, name, known, f"{words} Received: {{name}}={{value}}")


def _sizes(op: Op) -> tuple[int, int, int]:
    """Frame, step and frequencies."""
    length = op.integer("frame_length")
    step = length // 2 if held(op, "frame_step") is None else op.integer("frame_step")
    wide = (
        1 << max(length - 1, 0).bit_length() if held(op, "fft_length") is None else op.integer("fft_length")
    )
    if length < 1 or step < 1:
        raise NotModelled("frames without samples")
    return length, step, wide // 2 + 1


def _build(op: Op, shape: Shape) -> None:
    check_rank(op, shape, 3)
    assert op.self is not None
    length, _, frequencies = _sizes(op)
    for part in ("imag", "real"):
        if held(op, "mode") != part:
            add_weight(op.self, (length, 1, frequencies))


@layer(
    "STFTSpectrogram",
    signature="mode='log', frame_length=256, frame_step=None, fft_length=None, window='hann', "
    "periodic=False, "
    "scaling='density', padding='valid', expand_dims=False, data_format=None",
    check=_check,
    build=_build,
)
def spectrogram(op: Op) -> Value:
    """Frequencies by frames."""
    x = tensor(op)
    xs = x.shape or ()
    check_rank(op, xs, 3)
    length, step, frequencies = _sizes(op)
    if held(op, "mode") == "stft":
        frequencies *= 2
    where = layout(op)
    channels: Dim = xs[where.channel(1)]
    window = Window(length, step, same=held(op, "padding") == "same")
    filters = Filters(channels, channels * frequencies, (window,), 1, where, (3,))
    shape = op.lawful(convolve(xs, filters), lambda fault: no_room(op, xs))
    if not op.flag("expand_dims"):
        return made(op, x, shape)
    (frames,) = (shape[axis] for axis in where.spatial(1))
    if where.channel(1) == -1:
        return made(op, x, (xs[0], frames, frequencies, channels))
    return made(op, x, (xs[0], channels, frames, frequencies))


def _check_mel(op: Op) -> None:
    wide, length = held(op, "fft_length"), held(op, "sequence_length")
    if isinstance(wide, int) and isinstance(length, int) and length > wide:
        words = (
            "`fft_length` must be greater than or equal to   `sequence_length`. Received: "
            f"`sequence_length`={length}, `fft_length`={wide}."
        )
        op.refuse("ValueError", words, "fft_length", "sequence_length")


@layer(
    "MelSpectrogram",
    signature="fft_length=2048, sequence_stride=512, sequence_length=None, window='hann', "
    "sampling_rate=16000, num_mel_bins=128, min_freq=20.0, max_freq=None, power_to_db=True, top_db=80.0, "
    "mag_exp=2.0, min_power=1e-10, ref_power=1.0",
    check=_check_mel,
)
def mel(op: Op) -> Value:
    """Mel bins by frames."""
    x = tensor(op)
    xs = x.shape or ()
    if len(xs) not in (1, 2):
        raise NotModelled("sound of more axes than a batch and time is not modelled")
    stride = op.integer("sequence_stride")
    if stride <= 0:
        raise NotModelled("a stride that is not positive")
    frames = (xs[-1] + stride + 1) // stride
    return made(op, x, (*xs[:-1], op.dim("num_mel_bins"), frames))
