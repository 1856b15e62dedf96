"""The layers of a model by name, with the numbers of their own parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from msgspec import Struct

from convlint.libs import registry
from convlint.libs.protocol import ModelProtocol
from convlint.model.run import Outcome
from convlint.values import Instance, NotModelled


class Counted(Struct, frozen=True):
    """A layer by its dotted name, and its own parameters (None: their number is not known)."""

    name: str
    layer: Instance
    params: int | None


class Census(Struct, frozen=True):
    """A model and its layers; a parameter that several layers share counts in the first."""

    model: Instance
    layers: tuple[Counted, ...]

    @property
    def total(self) -> int | None:
        """All parameters; None where one of the numbers is not known."""
        numbers = [counted.params for counted in self.layers]
        return None if None in numbers else sum(cast("list[int]", numbers))

    @property
    def names(self) -> dict[int, str]:
        """The dotted name of every layer by the `id` of the layer."""
        return {id(counted.layer): counted.name for counted in self.layers}


def models_in(outcome: Outcome) -> list[Instance]:
    """The models that the root itself called, each once; a layer that a functional model is composed of is
    none, nor is a library's layer alone.
    """
    found: dict[int, Instance] = {}
    for call in outcome.trace.calls:
        protocol = registry.protocol_of_model(call.module) if call.parent is None else None
        if protocol is not None and _is_model(call.module, protocol):
            found.setdefault(id(call.module), call.module)
    return list(found.values())


def _is_model(module: Instance, protocol: ModelProtocol) -> bool:
    if module.cls.node is not None or protocol.is_whole(module):
        return True
    return protocol.calls_are_models and protocol.has_children(module)


def names_in(outcome: Outcome, model: Instance) -> dict[int, str]:
    """The dotted name of every layer of a model by the `id` of the layer; empty where they cannot be
    known.
    """
    protocol = registry.protocol_of_model(model)
    if protocol is None:
        return {}
    try:
        return {id(layer): name for name, layer in protocol.layers(outcome.machine, model)}
    except NotModelled:
        return {}


def name_of(layer: Instance) -> str:
    """The name that the framework gives a layer by itself, else its class."""
    protocol = registry.protocol_of_model(layer)
    return (protocol.name_of(layer) if protocol is not None else "") or layer.cls.name


def last_layer(model: Instance) -> Instance | None:
    """The layer that made a model's only output, where the model knows it before it is called."""
    protocol = registry.protocol_of_model(model)
    outputs = [] if protocol is None else protocol.outputs(model)
    origin = outputs[0].origin if len(outputs) == 1 else None
    return None if origin is None else origin.layer


def census(outcome: Outcome, model: Instance) -> Census | None:
    """The layers of a model; None where they cannot be known."""
    protocol = registry.protocol_of_model(model)
    if protocol is None:
        return None
    try:
        return Census(model, tuple(_counted(outcome, model, protocol)))
    except NotModelled:
        return None


def _counted(outcome: Outcome, model: Instance, protocol: ModelProtocol) -> Iterator[Counted]:
    seen: set[int] = set()
    for name, layer in protocol.layers(outcome.machine, model):
        total: int | None = 0
        for _, tensor in protocol.parameters(outcome.machine, layer):
            if id(tensor) in seen:
                continue
            seen.add(id(tensor))
            size = tensor.elements
            total = total + size if total is not None and isinstance(size, int) else None
        yield Counted(name, layer, total)
