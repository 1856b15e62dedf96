"""Multi-head attention: three projections in, attention in every head, one projection out.

Law: queries `(L, N, E)`, keys `(S, N, K)`, values `(S, N, V)` (batch first, or without a batch) give `(L, N,
E)`.
"""

from __future__ import annotations

from msgspec import Struct

from convlint.dims import Dim
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape

EMBED, PAIR, KEY, VALUE, BATCH = "embed", "pair", "key", "value", "batch"
"""What a fault's `detail` names: the projection or the agreement that fails."""


class MultiHead(Struct, frozen=True):
    """`embed` features in `heads` heads; keys of `key` and values of `value` features.

    `extra` counts the keys that a learnt bias and a row of zeros add. `packed`: one matrix holds all
    projections. `out` features come out, `embed` where that is None.
    """

    embed: Dim
    heads: Dim
    key: Dim
    value: Dim
    extra: int = 0
    packed: bool = True
    out: Dim | None = None

    @property
    def features(self) -> Dim:
        """How many features the projection out gives."""
        return self.embed if self.out is None else self.out

    def macs(self, targets: Dim, sources: Dim, batch: Dim) -> Dim:
        """The projections in and out, and two products of all pairs over all heads' features."""
        ends = targets * self.embed * (self.embed + self.features)
        projections = ends + sources * (self.key + self.value) * self.embed
        pairs = targets * (sources + self.extra) * self.embed * 2
        return batch * (projections + pairs)


class Sequences(Struct, frozen=True):
    """Queries, keys and values of the same rank, 2 or 3, and where their batch axis stands."""

    query: Shape
    key: Shape
    value: Shape
    batch_first: bool = False

    def _axes(self, shape: Shape) -> tuple[Dim, Shape]:
        """The length and the batch (`(N,)`, or `()` without one) of a sequence."""
        if len(shape) == 2:
            return shape[0], ()
        return (shape[1], shape[:1]) if self.batch_first else (shape[0], shape[1:2])

    @property
    def targets(self) -> Dim:
        """How many queries there are."""
        return self._axes(self.query)[0]

    @property
    def sources(self) -> Dim:
        """How many keys there are."""
        return self._axes(self.key)[0]

    @property
    def batch(self) -> Shape:
        """The batch axis as a shape, `()` without one."""
        return self._axes(self.query)[1]

    def lengths_first(self, shape: Shape) -> Shape:
        """A sequence's shape as `(L, N, features)`, as the framework computes with it."""
        length, batch = self._axes(shape)
        return (length, *(batch or (1,)), shape[-1])


def attended(given: Sequences, heads: MultiHead) -> Outcome:
    """The output's shape: the queries' with the features of the projection out."""
    demands = Demands()
    shapes = (given.query, given.key, given.value)

    def wrong(expected: Dim, got: Dim, detail: str, *arguments: str) -> Fault:
        return Fault(Kind.OTHER, expected, got, shapes, None, arguments, detail)

    query, key, value = (given.lengths_first(shape) for shape in shapes)
    demands.equal(heads.embed, query[-1], wrong(heads.embed, query[-1], EMBED, "embed_dim"))
    for axis in range(3 if heads.packed else 2):
        demands.equal(key[axis], value[axis], wrong(key[axis], value[axis], PAIR, "value"))
    demands.equal(heads.key, key[-1], wrong(heads.key, key[-1], KEY, "kdim"))
    demands.equal(heads.value, value[-1], wrong(heads.value, value[-1], VALUE, "vdim"))
    demands.equal(query[1], key[1], wrong(query[1], key[1], BATCH, "key"))
    return demands.outcome((*given.query[:-1], heads.features))


def weights(given: Sequences, heads: MultiHead, *, averaged: bool) -> Shape:
    """The shape of the attention weights, averaged over the heads or one map a head."""
    each = (given.targets, given.sources + heads.extra)
    return (*given.batch, *each) if averaged else (*given.batch, heads.heads, *each)


def attention_mask(mask: Shape, given: Sequences, heads: MultiHead) -> Outcome:
    """A mask is `(L, S)`, or `(N · heads, L, S)`."""
    pairs = (given.targets, given.sources)
    batch = given.batch[0] if given.batch else 1
    expected: Shape = pairs if len(mask) == 2 else (batch * heads.heads, *pairs)
    return exactly(mask, expected, "attn_mask")


def padding_mask(mask: Shape, given: Sequences) -> Outcome:
    """A mask of padded keys is `(N, S)`, or `(S,)` without a batch."""
    return exactly(mask, (*given.batch, given.sources), "key_padding_mask")


def exactly(shape: Shape, expected: Shape, argument: str) -> Outcome:
    """The expected shape and no other."""
    wrong = Fault(Kind.OTHER, expected, shape, (shape,), None, (argument,))
    demands = Demands()
    if len(shape) != len(expected):
        return wrong
    for want, have in zip(expected, shape, strict=True):
        demands.equal(want, have, wrong)
    return demands.outcome(shape)
