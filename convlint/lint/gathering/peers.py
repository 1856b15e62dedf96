"""Layers that one call in the source builds: the same line may serve many models of a file.

A finding that speaks of a line, or a fix that rewrites it, has to hold for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from convlint.lint.gathering.flow import Flow
from convlint.lint.gathering.norms import cancelled_by
from convlint.model.roots import RootRun
from convlint.trace import Called, Instance, Trace

_MOST = 400
"""Layers of one line that are looked at; they repeat themselves long before."""


class Peer(Struct, frozen=True):
    """A layer in one run: its calls there, and the flow of the tensors that it took and gave."""

    layer: Instance
    calls: tuple[Called, ...]
    flow: Flow


class Peers(Struct):
    """All layers of a file's runs, found by the call that built them."""

    runs: Sequence[RootRun] = ()
    _index: dict[int, list[tuple[Instance, Trace]]] | None = None
    _flows: dict[int, Flow] = field(default_factory=dict)
    _normed: dict[int, bool] = field(default_factory=dict)

    def of(self, layer: Instance) -> Iterator[Peer]:
        """The layers that the same call built and that were called, the layer itself among them."""
        node = None if layer.site is None else layer.site.node
        for other, trace in [] if node is None else self._all().get(id(node), [])[:_MOST]:
            calls = tuple(call for call in trace.calls if call.module is other)
            if calls:
                yield Peer(other, calls, self._flow(trace))

    def all_normed(self, layer: Instance) -> bool:
        """Whether a norm that cancels a bias directly follows all layers that the same call built."""
        node = id(None if layer.site is None else layer.site.node)
        if node not in self._normed:
            self._normed[node] = all(
                cancelled_by(peer.flow, peer.layer, peer.calls) is not None for peer in self.of(layer)
            )
        return self._normed[node]

    def _all(self) -> dict[int, list[tuple[Instance, Trace]]]:
        if self._index is None:
            self._index = {}
            for run in self.runs:
                for outcome in run.outcomes:
                    for built in outcome.trace.built:
                        if built.layer.site is not None:
                            own = self._index.setdefault(id(built.layer.site.node), [])
                            own.append((built.layer, outcome.trace))
        return self._index

    def _flow(self, trace: Trace) -> Flow:
        if id(trace) not in self._flows:
            self._flows.clear()  # one at a time: a flow holds every tensor of its run by number
            self._flows[id(trace)] = Flow(trace)
        return self._flows[id(trace)]
