"""What the modules of a run hold: registered layers, layers that nothing registers, parameters of their own.

The framework says what is registered; what cannot be known is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from convlint.libs import registry
from convlint.model.run import Outcome
from convlint.values import Class, Function, Instance, NotModelled, Tensor, Value

_DEEPEST = 4


def modules_of(outcome: Outcome) -> list[Instance]:
    """The modules that the run called or gave, and all that is registered below them, each once."""
    found: dict[int, Instance] = {}
    waiting = [call.module for call in outcome.trace.calls]
    if registry.protocol_of_model(outcome.value) is not None and isinstance(outcome.value, Instance):
        waiting.append(outcome.value)
    while waiting:
        module = waiting.pop()
        if id(module) not in found:
            found[id(module)] = module
            waiting += children_of(module).values()
    return list(found.values())


def children_of(module: Instance) -> Mapping[str, Instance]:
    """The layers that a module holds, by the name of the attribute."""
    protocol = registry.protocol_of_model(module)
    return {} if protocol is None else protocol.children(module)


def unregistered(outcome: Outcome, module: Instance) -> Mapping[str, tuple[Instance, ...]]:
    """Layers in plain containers that make them no layers of the module, by the name of the attribute."""
    protocol = registry.protocol_of_model(module)
    if protocol is None:
        return {}
    return protocol.unregistered(outcome.machine, module)


def shadowed(module: Instance) -> tuple[str, ...]:
    """The names of layers and parameters in whose place reading finds a method."""
    protocol = registry.protocol_of_model(module)
    return () if protocol is None else protocol.shadowed(module)


def parameters_in(outcome: Outcome, module: Instance) -> list[Tensor] | None:
    """The parameters of a module and of all below it; None where they cannot be known.

    A layer that makes its parameters when it is called has none before.
    """
    protocol = registry.protocol_of_model(module)
    if protocol is None:
        return None
    try:
        layers = [each for _, each in protocol.layers(outcome.machine, module)]
        return [tensor for each in layers for _, tensor in protocol.parameters(outcome.machine, each)]
    except NotModelled:
        return [] if protocol.builds_when_called and module.tainted is None else None


def may_hold_weights(outcome: Outcome, module: Instance) -> bool:
    """Whether a module has parameters, or nobody knows before it is called."""
    protocol = registry.protocol_of_model(module)
    return protocol is None or protocol.builds_when_called or parameters_in(outcome, module) != []


def entry_of(module: Instance) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The program's own method that says what a call of the module does."""
    protocol = registry.protocol_of_model(module)
    found = None if protocol is None else module.cls.find(protocol.entry)
    node = getattr(found.code, "node", None) if isinstance(found, Function) else None
    return node if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else None


def reachable(modules: list[Instance]) -> set[int]:
    """The identities of all objects that the modules' attributes lead to, through containers too."""
    seen: set[int] = set()
    waiting: list[tuple[Value, int]] = [(module, 0) for module in modules]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, Instance):
            if id(value) not in seen:
                seen.add(id(value))
                waiting += [(each, 0) for each in value.attrs.values()]
                waiting.append((value.payload, 0))
        elif depth < _DEEPEST and isinstance(value, (list, tuple, set)):
            waiting += [(each, depth + 1) for each in value]
        elif depth < _DEEPEST and isinstance(value, dict):
            waiting += [(each, depth + 1) for each in value.values()]
    return seen


def class_codes(cls: Class) -> Iterator[tuple[ast.ClassDef, str]]:
    """The definitions of a class and of its bases, with their files, nearest first."""
    for each in cls.mro:
        if each.node is not None:
            yield each.node, each.filename


__all__ = [
    "children_of",
    "class_codes",
    "entry_of",
    "may_hold_weights",
    "modules_of",
    "parameters_in",
    "reachable",
    "shadowed",
    "unregistered",
]
