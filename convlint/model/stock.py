"""What a model holds: its layers with their parameters, at one moment."""

from __future__ import annotations

from msgspec import Struct

from convlint.interp.machine import Machine
from convlint.libs.protocol import ModelProtocol
from convlint.model.summary import Gap, placed
from convlint.values import Instance, NotModelled, Tensor, Value


class Layer(Struct, frozen=True):
    """A layer by its dotted name, with its own parameters by theirs."""

    name: str
    instance: Instance
    parameters: tuple[tuple[str, Tensor], ...]


class Stock(Struct, frozen=True):
    """The layers of a model at one moment; `gap` says why they could not all be known."""

    layers: tuple[Layer, ...]
    gap: Gap | None = None


def stock(machine: Machine, model: Instance, protocol: ModelProtocol) -> Stock:
    """Take stock of a model as it is now."""
    layers: list[Layer] = []
    name, instance = "", model
    try:
        for name, instance in protocol.layers(machine, model):
            layers.append(Layer(name, instance, tuple(protocol.parameters(machine, instance))))
    except NotModelled as why:
        where = f"{name or model.cls.name}: {why.reason}"
        return Stock(tuple(layers), placed("params", where, instance.site))
    return Stock(tuple(layers))


class Evaluated(Struct, frozen=True):
    """What one run of a model gave: the model, the inputs it was called with, its output, and who ran it.

    `built` is the model before the call, which may materialise lazy layers or reach code that cannot be
    followed; nothing where no summary counts it.
    """

    model: Instance
    protocol: ModelProtocol
    inputs: tuple[Value, ...]
    output: Value
    built: Stock
    machine: Machine
