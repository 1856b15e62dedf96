"""The abstract tensor: a shape, and what little else decides shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from msgspec import Struct

from convlint.dims import Dim
from convlint.values.unknown import NotModelled

if TYPE_CHECKING:
    from convlint.shapes.window import Window
    from convlint.values.objects import Instance
    from convlint.values.site import Site

Shape = tuple[Dim, ...]
MAX_RANK = 256
"""Axes of a tensor that is followed: torch computes on 64."""
MAX_DATA = 4096
"""Tensors of known content keep it up to this many elements."""
MEMORY = "<memory>"
"""Among a tensor's `attrs`: the tensors that look at the same memory."""


class Contiguous(Struct, frozen=True):
    """Row-major strides: the ordinary case, kept as a word."""


CONTIGUOUS = Contiguous()
Strides = Contiguous | Shape | None
"""Row-major, known strides (in elements), or None: unknown."""


class Origin(Struct, frozen=True):
    """What produced a tensor: `what` is the operation or layer in the reader's words.

    `before` is the operand that the result descends from, `operands` are all the tensors that took part.
    `pooling` is what a pooling function slid over it; a layer says that itself.
    """

    what: str
    site: Site | None = None
    layer: Instance | None = None
    before: Tensor | None = None
    operands: tuple[Tensor, ...] = ()
    pooling: Pooling | None = None


class Pooling(Struct, frozen=True):
    """The windows of a pooling function, one a spatial axis, and where its map has the channels."""

    windows: tuple[Window, ...]
    channels_last: bool = False


class Tensor:
    """An array of any framework.

    `shape` is None where even the rank is unknown; a single unknown extent is an opaque symbol.
    `dtype` is the framework's bare name ("float32"), None where unknown. `data` is the known content, flat
    and row-major, for small tensors that decide structure. `kind` is the qualified class whose methods apply.
    A parameter is a tensor with `trainable` set to whether it requires grad (None: not a parameter).
    Identity matters: a parameter shared by two modules counts once. Who kept it before `restate` changed its
    shape (`restated`) cannot say what that was.
    """

    __slots__ = ("attrs", "data", "dtype", "kind", "origin", "restated", "shape", "strides", "trainable")

    def __init__(
        self,
        shape: Shape | None,
        dtype: str | None = "float32",
        *,
        data: tuple[object, ...] | None = None,
        kind: str = "torch.Tensor",
        strides: Strides = CONTIGUOUS,
        origin: Origin | None = None,
        trainable: bool | None = None,
    ) -> None:
        if shape is not None and len(shape) > MAX_RANK:
            raise NotModelled(f"a tensor of {len(shape)} axes")
        self.shape = shape
        self.dtype = dtype
        self.data = data
        self.kind = kind
        self.strides = strides
        self.origin = origin
        self.trainable = trainable
        self.attrs: dict[str, object] | None = None
        self.restated = False

    def restate(self, shape: Shape | None) -> None:
        """Give it another shape in place, as `unsqueeze_` and `out=` do."""
        self.restated = self.restated or shape != self.shape
        self.shape = shape

    @property
    def memory(self) -> Sequence[Tensor]:
        """The tensors that look at this one's memory, itself among them."""
        shared = None if self.attrs is None else self.attrs.get(MEMORY)
        return shared if isinstance(shared, list) else (self,)

    @property
    def rank(self) -> int | None:
        """Number of axes, None where unknown."""
        return None if self.shape is None else len(self.shape)

    @property
    def elements(self) -> Dim | None:
        """Number of elements, None where the rank is unknown."""
        return None if self.shape is None else prod(self.shape)

    def like(self, shape: Shape | None, **changes: object) -> Tensor:
        """A new contiguous tensor of the same kind and dtype with another shape; content is not carried
        over.
        """
        if not changes:
            return Tensor(shape, self.dtype, kind=self.kind)
        dtype = changes.get("dtype", self.dtype)
        strides = changes.get("strides", CONTIGUOUS)
        data = changes.get("data")
        return Tensor(shape, dtype, data=data, kind=self.kind, strides=strides)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        inner = "?" if self.shape is None else ", ".join(map(str, self.shape))
        return f"Tensor({inner})"


_DEEPEST = 4


def tensors_in(value: object, depth: int = 0) -> Iterator[Tensor]:
    """The tensors of a value: itself, or those in lists, tuples and dicts, at most four in each other."""
    if isinstance(value, Tensor):
        yield value
    elif depth < _DEEPEST and isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors_in(each, depth + 1)
    elif depth < _DEEPEST and isinstance(value, dict):
        for each in value.values():
            yield from tensors_in(each, depth + 1)
