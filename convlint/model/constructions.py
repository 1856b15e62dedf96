"""Models that module-level code builds but never calls with an input that can be known.

They are found where a first run of the code left them, and found again in every later run of it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct

from convlint.libs import registry
from convlint.model.declared import Declared
from convlint.model.probing import known_input
from convlint.model.run import Outcome
from convlint.trace import Trace
from convlint.values import Instance, Namespace, NotModelled, Span, Unknown, Value

Key = tuple[tuple[Span, ...], int]
"""The chain of calls that constructed a model, and which of the models with that chain it is."""
_LONGEST_NAME = 60


class Construction(Struct, frozen=True):
    """A model that was built: as it was written, where, its declared input, and how to find it again."""

    name: str
    span: Span
    key: Key
    node: int
    """The `id` of its class's node."""
    declared: Declared | None


def constructions(outcome: Outcome, declared: Callable[[Instance], Declared | None]) -> list[Construction]:
    """The models of one path that were built and not called with a known input, or have a declared one."""
    trace = outcome.trace
    known = {id(call.module) for call in trace.calls if known_input(call)}
    inner = set(_children(outcome))
    found: list[Construction] = []
    for key, model in _models(trace, outcome.value):
        own = declared(model)
        if id(model) in inner or (id(model) in known and own is None) or model.site is None:
            continue
        found.append(Construction(_name(model), model.site.span, key, id(model.cls.node), own))
    return found


def find(trace: Trace, namespace: Value, wanted: Construction) -> Value:
    """The model in a later run of the same code."""
    for key, model in _models(trace, namespace):
        if key == wanted.key:
            return model
    return Unknown(f"{wanted.name} is not built on this path")


def _models(trace: Trace, namespace: Value) -> Iterator[tuple[Key, Instance]]:
    """Models bound to names of the module, then models called by nothing but module-level code."""
    values = list(namespace.attrs.values()) if isinstance(namespace, Namespace) else []
    values += [call.module for call in trace.calls if call.parent is None]
    seen: set[int] = set()
    counts: dict[tuple[Span, ...], int] = {}
    for value in values:
        if not isinstance(value, Instance) or id(value) in seen or value.site is None:
            continue
        protocol = registry.protocol_of_model(value)
        if protocol is None or (value.cls.node is None and not protocol.is_whole(value)):
            continue
        seen.add(id(value))
        chain = value.site.spans
        counts[chain] = counts.get(chain, -1) + 1
        yield (chain, counts[chain]), value


def _children(outcome: Outcome) -> Iterator[int]:
    """The models that are part of another."""
    for _, model in _models(outcome.trace, outcome.value):
        protocol = registry.protocol_of_model(model)
        assert protocol is not None
        try:
            yield from (id(layer) for name, layer in protocol.layers(outcome.machine, model) if name)
        except NotModelled:
            continue


def _name(model: Instance) -> str:
    node = None if model.site is None else model.site.node
    text = ast.unparse(node) if isinstance(node, ast.Call) else f"{model.cls.name}()"
    return text if len(text) <= _LONGEST_NAME else f"{model.cls.name}(…)"
