"""The sentences in which ATen refuses a convolution (aten/src/ATen/native/Convolution.cpp)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from convlint.dims import Dim
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Filters, Window, transposed_extent


class ConvWords(Struct, frozen=True):
    """The operands' shapes, and the function that was called."""

    x: Shape
    weight: Shape
    rank_: int
    transposed: bool

    @property
    def batched(self) -> Shape:
        """The input as ATen sees it: a lone map becomes a batch of one."""
        return self.x if len(self.x) == self.rank_ + 2 else (1, *self.x)

    def rank(self) -> str:
        """The input has neither of the two ranks."""
        name = f"conv_transpose{self.rank_}d" if self.transposed else f"conv{self.rank_}d"
        return (
            f"RuntimeError: Expected {self.rank_ + 1}D (unbatched) or {self.rank_ + 2}D (batched) "
            f"input to {name}, "
            f"but got input of size: {sizes(self.x)}"
        )

    def length(self, name: str, dims: Shape) -> str:
        """A list argument is as long as neither one nor the axes."""
        return (
            f"expected {name} to be a single integer value or a list of {len(self.weight) - 2} values "
            f"to match the convolution dimensions, but got {name}={sizes(dims)}"
        )

    def weight_rank(self) -> str:
        """Weight and input differ in rank."""
        rank = len(self.weight)
        return (
            f"Expected {rank}-dimensional input for {rank}-dimensional weight {sizes(self.weight)}, "
            f"but got {self.rank_ + 2}-dimensional input of size {sizes(self.batched)} instead"
        )

    def weight_groups(self, groups: Dim) -> str:
        """The weight's first axis does not hold the groups."""
        first = self.weight[0]
        short = isinstance(first, int) and isinstance(groups, int) and first < groups
        size = sizes(self.weight) if short else f"[{sizes(self.weight)}]"
        return (
            f"Given groups={groups}, expected weight to be "
            f"{'at least' if short else 'divisible by'} {groups} "
            f"at dimension 0, but got weight of size {size} instead"
        )

    def bias(self, bias: Shape, outputs: Dim) -> str:
        """The bias is not one number an output channel."""
        return (
            f"Given {'transposed=1, ' if self.transposed else ''}weight of size {sizes(self.weight)}, "
            f"expected bias to be 1-dimensional with {outputs} elements, but got bias of size "
            f"{sizes(bias)} instead"
        )

    def empty(self) -> str:
        """A spatial axis without elements."""
        shape = self.batched
        if self.rank_ == 1:  # computed as a 2d convolution of height 1
            shape = (*shape[:2], 1, shape[2]) if self.transposed else shape
        return (
            "RuntimeError: Only zero batch or zero channel inputs are supported, but got input "
            f"shape: {sizes(shape)}"
        )

    def no_kernel(self) -> str:
        """A kernel without elements."""
        names = ("time", "height", "width")[-self.rank_ :]
        kernel = " ".join(f"kernel_{n}: {k}" for n, k in zip(names, self.weight[2:], strict=True))
        return f"kernel size should be greater than zero, but got {kernel}"

    def output_padding(self, extra: Shape, windows: Sequence[Window]) -> str:
        """Output padding beyond stride and dilation."""
        names = ("depth", "height", "width")[-max(self.rank_, 2) :]
        filler = 2 - self.rank_ if self.rank_ < 2 else 0
        parts = [
            f"output_padding_{n}: {e} stride_{n}: {s} dilation_{n}: {d}"
            for n, e, s, d in zip(
                names,
                (*(0,) * filler, *extra),
                (*(1,) * filler, *(w.stride for w in windows)),
                (*(1,) * filler, *(w.dilation for w in windows)),
                strict=True,
            )
        ]
        return f"output padding must be smaller than either stride or dilation, but got {' '.join(parts)}"

    def of(self, filters: Filters) -> Callable[[Fault], str]:
        """The sentences of what the law refuses."""

        def words(fault: Fault) -> str:
            if fault.kind is Kind.CHANNELS:
                given = "transposed=1" if self.transposed else f"groups={filters.groups}"
                return (
                    f"RuntimeError: Given {given}, weight of size {sizes(self.weight)}, expected "
                    f"input{sizes(self.batched)} to have {filters.inputs} channels, "
                    f"but got {self.batched[1]} channels instead"
                )
            return self._no_output(filters) if self.transposed else self._too_large(filters)

        return words

    def _too_large(self, filters: Filters) -> str:
        padded = [n + w.before + w.after for n, w in zip(self.x[-self.rank_ :], filters.windows, strict=True)]
        kernel = [w.reach for w in filters.windows]
        return (
            f"RuntimeError: Calculated padded input size per channel: ({by(padded, ' x ')}). "
            f"Kernel size: ({by(kernel, ' x ')}). Kernel size can't be greater than actual input size"
        )

    def _no_output(self, filters: Filters) -> str:
        spatial = self.x[-self.rank_ :]
        made = [transposed_extent(n, w) for n, w in zip(spatial, filters.windows, strict=True)]
        if self.rank_ == 1:
            spatial, made = (1, *spatial), [1, *made]
        return (
            f"RuntimeError: Given input size per channel: ({by(spatial, ' x ')}). "
            f"Calculated output size per channel: ({by(made, ' x ')}). Output size is too small"
        )
