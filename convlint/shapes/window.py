"""The window law: convolution, pooling and transposed convolution of any rank, in every framework.

Law: a window of reach d(k − 1) + 1 that moves by s over an axis of n, padded before and after, stops at
⌊(n + before + after − reach)/s⌋ + 1 places; a transposed convolution inverts it. `same` padding and
`ceil_mode` are parameters of the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from convlint.dims import Dim, ceildiv, floordiv, maximum, mod
from convlint.shapes.demand import Demands, remembered
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


class Layout(Enum):
    """Where channels stand; leading axes (a batch, or none) are not counted."""

    CHANNELS_FIRST = "channels_first"
    CHANNELS_LAST = "channels_last"

    def channel(self, windows: int) -> int:
        """The channel axis, from the end, of a map with so many spatial axes."""
        return -windows - 1 if self is Layout.CHANNELS_FIRST else -1

    def spatial(self, windows: int) -> tuple[int, ...]:
        """The spatial axes, from the end."""
        last = 0 if self is Layout.CHANNELS_FIRST else -1
        return tuple(range(last - windows, last))

    def placed(self, leading: Shape, channels: Dim, spatial: Shape) -> Shape:
        """A shape of this layout."""
        if self is Layout.CHANNELS_FIRST:
            return (*leading, channels, *spatial)
        return (*leading, *spatial, channels)


class Window(Struct, frozen=True):
    """One axis of a window: extents in elements.

    `same` pads as Keras and TensorFlow do, by what n and the stride ask for (⌈n/s⌉ places), and ignores
    `before` and `after`; torch's padding='same' and Keras' 'causal' do not depend on n: see `centred` and
    `causal`. `ceil` is torch's `ceil_mode`: a last window may hang over the end if it starts inside the
    input or the padding before.
    """

    kernel: Dim
    stride: Dim = 1
    dilation: Dim = 1
    before: Dim = 0
    after: Dim = 0
    same: bool = False
    ceil: bool = False

    @property
    def reach(self) -> Dim:
        """The input elements from a window's first to its last: d(k − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1


def centred(kernel: Dim, dilation: Dim = 1) -> tuple[Dim, Dim]:
    """Padding (before, after) that keeps the size at stride 1; an odd remainder goes after, as in torch."""
    total = dilation * (kernel - 1)
    before = floordiv(total, 2)
    return before, total - before


def causal(kernel: Dim, dilation: Dim = 1) -> tuple[Dim, Dim]:
    """Keras' 'causal' padding (before, after): a place sees nothing after itself."""
    return dilation * (kernel - 1), 0


def room(n: Dim, w: Window) -> Dim:
    """How far the window can move, at least 0 where one fits: n + before + after − reach."""
    if w.same:
        return n - 1
    if not w.ceil:
        return n + (w.before + w.after - w.reach)
    # both closed forms are one floor: ⌈free/s⌉ + 1, and ⌈(n + before)/s⌉ where the last window must start
    # before the padding after the input
    return n + (w.before - 1 - _overhang(w))


def _overhang(w: Window) -> Dim:
    """How far a window of `ceil` reaches beyond the next one's start and the padding after, at least 0."""
    return maximum(w.reach - w.after - w.stride, 0)


def extent(n: Dim, w: Window) -> Dim:
    """The places of the window on an axis of n elements.

    ⌊(n + before + after − reach)/s⌋ + 1; `same`: ⌈n/s⌉; `ceil`: the ceiling, without a window that starts
    in the padding after the input (ATen's pooling_output_shape). Below 1 where no window fits.
    """
    if w.same or w.ceil:
        return floordiv(room(n, w), w.stride) + 1
    return floordiv(n + (w.before + w.after - w.reach + w.stride), w.stride)


def padding_at(n: Dim, w: Window) -> tuple[Dim, Dim]:
    """The padding (before, after) that the axis really gets; `same` puts an odd element after."""
    if not w.same:
        return w.before, w.after
    total = maximum((ceildiv(n, w.stride) - 1) * w.stride + w.reach - n, 0)
    before = floordiv(total, 2)
    return before, total - before


def unread(n: Dim, w: Window) -> Dim:
    """Elements at the end of the axis that no window reads: ((n + p − reach) mod s) − after.

    0 or below where everything is read. Gaps between windows (stride over reach) are not counted.
    """
    gap = w.stride - w.reach
    if w.same and isinstance(gap, int) and gap <= 0:
        return 0
    if w.same or w.ceil:
        last = (extent(n, w) - 1) * w.stride + w.reach
        return n + padding_at(n, w)[0] - last
    return mod(room(n, w), w.stride) - w.after


def sizes_giving(places: Dim, w: Window) -> tuple[Dim, Dim]:
    """The least and greatest n with this many places: s·h + (reach − s) − padding, and s − 1 above it."""
    if w.same:
        return (places - 1) * w.stride + 1, places * w.stride
    least = (places - 1) * w.stride + w.reach - w.before - w.after
    if w.ceil:
        least = (places - 1) * w.stride + 1 - w.before + _overhang(w)
    return least, least + w.stride - 1


def transposed_extent(n: Dim, w: Window, output_padding: Dim | None = 0) -> Dim:
    """The extent a transposed convolution makes of n: s(n − 1) + reach − before − after + output_padding.

    With `same` the forms of Keras: n·s where `output_padding` is None, else s(n − 1) + reach − 2⌊reach/2⌋ +
    it.
    """
    if w.same:
        if output_padding is None:
            return n * w.stride
        return (n - 1) * w.stride + w.reach - 2 * floordiv(w.reach, 2) + output_padding
    if output_padding is None:  # Keras 'valid'
        return (n - 1) * w.stride + maximum(w.reach, w.stride) - w.before - w.after
    return (n - 1) * w.stride + w.reach - w.before - w.after + output_padding


class Filters(Struct, frozen=True):
    """A convolution's filter bank: channels in and out, groups, one window an axis, the layout."""

    inputs: Dim
    outputs: Dim
    windows: tuple[Window, ...]
    groups: Dim = 1
    layout: Layout = Layout.CHANNELS_FIRST
    ranks: tuple[int, ...] = ()
    """Ranks of input that are taken; none given: one leading axis, or none."""


def _rank_fault(x: Shape, ranks: Sequence[int]) -> Fault:
    return Fault(Kind.RANK, expected=tuple(ranks), got=len(x), shapes=(x,))


@remembered
def convolve(x: Shape, filters: Filters) -> Outcome:
    """The result of a convolution: channels must agree, and each padded axis hold the window."""
    windows, layout = filters.windows, filters.layout
    count = len(windows)
    ranks = filters.ranks or (count + 1, count + 2)
    if len(x) not in ranks:
        return _rank_fault(x, ranks)
    demands = Demands()
    _channels(demands, x, filters)
    places = []
    for axis, window in zip(layout.spatial(count), windows, strict=True):
        fits(demands, x, axis % len(x), window)
        places.append(extent(x[axis], window))
    return demands.outcome(layout.placed(x[: len(x) - count - 1], filters.outputs, tuple(places)))


def convolve_transposed(x: Shape, filters: Filters, output_padding: Sequence[Dim | None]) -> Outcome:
    """The result of a transposed convolution: channels must agree, and no axis come out below 0.

    Whether a result without elements is refused depends on torch's backend, so it is not a fault.
    """
    windows, layout = filters.windows, filters.layout
    count = len(windows)
    ranks = filters.ranks or (count + 1, count + 2)
    if len(x) not in ranks:
        return _rank_fault(x, ranks)
    demands = Demands()
    _channels(demands, x, filters)
    made = []
    for axis, window, extra in zip(layout.spatial(count), windows, output_padding, strict=True):
        size = transposed_extent(x[axis], window, extra)
        fault = Fault(Kind.KERNEL, 0, size, (x,), axis % len(x), ("kernel_size", "padding"))
        demands.at_least(size, 0, fault)
        made.append(size)
    return demands.outcome(layout.placed(x[: len(x) - count - 1], filters.outputs, tuple(made)))


def _channels(demands: Demands, x: Shape, filters: Filters) -> None:
    axis = filters.layout.channel(len(filters.windows)) % len(x)
    demands.equal(
        x[axis],
        filters.inputs,
        Fault(
            Kind.CHANNELS,
            expected=filters.inputs,
            got=x[axis],
            shapes=(x,),
            axis=axis,
            arguments=("in_channels",),
        ),
    )


def fits(demands: Demands, x: Shape, axis: int, window: Window) -> bool:
    """Demand that the window fits on the axis. The fault's numbers: its reach, the padded extent."""
    before, after = (0, 0) if window.same else (window.before, window.after)
    padded = x[axis] + (before + after)
    fault = Fault(
        Kind.KERNEL,
        expected=window.reach,
        got=padded,
        shapes=(x,),
        axis=axis,
        arguments=("kernel_size", "padding"),
    )
    return demands.at_least(room(x[axis], window), 0, fault)


@remembered
def pool(
    x: Shape,
    windows: tuple[Window, ...],
    *,
    layout: Layout = Layout.CHANNELS_FIRST,
    ranks: tuple[int, ...] = (),
) -> Outcome:
    """The result of pooling: channels pass, each axis keeps the places of its window, at least 1."""
    count = len(windows)
    ranks = ranks or (count + 1, count + 2)
    if len(x) not in ranks:
        return _rank_fault(x, ranks)
    demands = Demands()
    places = []
    for axis, window in zip(layout.spatial(count), windows, strict=True):
        fits(demands, x, axis % len(x), window)
        places.append(extent(x[axis], window))
    channels = x[layout.channel(count)]
    return demands.outcome(layout.placed(x[: len(x) - count - 1], channels, tuple(places)))


def pool_to(
    x: Shape,
    sizes: Sequence[Dim | None],
    *,
    layout: Layout = Layout.CHANNELS_FIRST,
    ranks: tuple[int, ...] = (),
) -> Outcome:
    """The result of adaptive pooling: each axis gets its size, None keeps the extent."""
    count = len(sizes)
    ranks = ranks or (count + 1, count + 2)
    if len(x) not in ranks:
        return _rank_fault(x, ranks)
    spatial = tuple(
        x[axis] if size is None else size for axis, size in zip(layout.spatial(count), sizes, strict=True)
    )
    return Demands().outcome(layout.placed(x[: len(x) - count - 1], x[layout.channel(count)], spatial))
