"""Recurrent layers: what a stack of cells makes of a sequence, its states, and what it costs.

Law: every step of every layer and direction multiplies its input and its state by the gates' weights; the
output of a layer is the states of both directions side by side.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from convlint.dims import Dim
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape


class Recurrence(Struct, frozen=True):
    """Recurrent layers: `gates` weight blocks a cell, a state of `hidden`, projected to `projection`."""

    inputs: Dim
    hidden: Dim
    gates: int
    layers: Dim = 1
    directions: int = 1
    projection: Dim | None = None
    batch_first: bool = False

    @property
    def output(self) -> Dim:
        """Features of one direction's output: the projected state, else the state."""
        return self.hidden if self.projection is None else self.projection

    def layer_inputs(self, layer: int) -> Dim:
        """Features that a layer reads: the sequence's for the first, both directions' outputs after it."""
        return self.inputs if layer == 0 else self.output * self.directions

    def state(self, batch: Shape, *, cell: bool = False) -> Shape:
        """The shape of the hidden state (or of the cell state) for a batch `(N,)`, or `()` without one."""
        return (self.layers * self.directions, *batch, self.hidden if cell else self.output)

    def weights(self, layer: int) -> Iterator[tuple[str, Shape]]:
        """The weights of one direction of one layer by their role: "weight_ih", "weight_hh", "bias_ih" …"""
        rows = self.gates * self.hidden
        yield "weight_ih", (rows, self.layer_inputs(layer))
        yield "weight_hh", (rows, self.output)
        yield "bias_ih", (rows,)
        yield "bias_hh", (rows,)
        if self.projection is not None:
            yield "weight_hr", (self.projection, self.hidden)

    def macs(self, steps: Dim, layers: int) -> Dim:
        """Multiply-accumulates over so many steps (length times batch): each matrix once a step."""
        total: Dim = 0
        for layer in range(layers):
            for name, shape in self.weights(layer):
                if name.startswith("weight"):
                    total = total + shape[0] * shape[1]
        return total * steps * self.directions


def sequence(shape: Shape, cells: Recurrence) -> Outcome:
    """The output `(L, N, features)` of a sequence of 2 or 3 axes (batch first where the stack says so)."""
    demands = Demands()
    if len(shape) not in (2, 3):
        return Fault(Kind.RANK, 3, len(shape), (shape,))
    wrong = Fault(Kind.FEATURES, cells.inputs, shape[-1], (shape,), len(shape) - 1, ("input_size",))
    demands.equal(cells.inputs, shape[-1], wrong)
    return demands.outcome((*shape[:-1], cells.output * cells.directions))


def batch_of(shape: Shape, cells: Recurrence) -> Shape:
    """The batch axis of a sequence as a shape: `()` where it has none."""
    return () if len(shape) == 2 else (shape[0 if cells.batch_first else 1],)


def state_fits(state: Shape, expected: Shape) -> Outcome:
    """A given state must have exactly the expected shape."""
    wrong = Fault(Kind.OTHER, expected, state, (state,), None, ("hx",))
    if len(state) != len(expected):
        return Fault(Kind.RANK, len(expected), len(state), (state,), None, ("hx",))
    demands = Demands()
    for want, have in zip(expected, state, strict=True):
        demands.equal(want, have, wrong)
    return demands.outcome(state)
