"""The models that a file makes: functions and classes callable without arguments, and module-level instances.

A class that only serves another model of the file as a part is not one of them.
"""

from __future__ import annotations

from convlint.interp.budget import Exhausted
from convlint.interp.frame import Code
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.values import Class, Function, Instance, Namespace, NotModelled, Raised, Value


def names_of_models(machine: Machine, module: Namespace) -> list[str]:
    """Their names, in order of their lines."""
    made: dict[str, Instance] = {}
    for name in sorted(module.attrs, key=lambda n: _line(module, n)):
        value = module.attrs[name]
        if _own(module, value) or registry.protocol_of_model(value) is not None:
            model = _made(machine, value)
            if model is not None and all(model is not other for other in made.values()):
                made[name] = model
    parts = {id(part.cls) for model in made.values() for part in _parts(machine, model)}
    return [name for name, model in made.items() if not _only_a_part(module.attrs[name], model, parts)]


def _only_a_part(value: Value, model: Instance, parts: set[int]) -> bool:
    return isinstance(value, Class) and id(model.cls) in parts


def _own(module: Namespace, value: Value) -> bool:
    """Whether the file itself defines a class or function that can be called without arguments."""
    if isinstance(value, Class):
        init = value.find("__init__")
        own = value.node is not None and value.filename == module.filename
        model = registry.protocol_of_model(Instance(value)) is not None
        return own and model and (not isinstance(init, Function) or _needs_nothing(init, 1))
    while isinstance(value, Function) and isinstance(value.attrs.get("__wrapped__"), Function):
        value = value.attrs["__wrapped__"]
    if not isinstance(value, Function) or not isinstance(value.code, Code):
        return False
    return value.code.filename == module.filename and not value.code.generator and _needs_nothing(value, 0)


def _needs_nothing(function: Function, receivers: int) -> bool:
    code = function.code
    assert isinstance(code, Code)
    required = len(code.parameters) - len(function.defaults) - receivers
    return required <= 0 and all(name in function.kw_defaults for name in code.keyword_only)


def _made(machine: Machine, value: Value) -> Instance | None:
    """The model that calling the value makes, the value itself where it is one already."""
    try:
        made = value if isinstance(value, Instance) else machine.call(value)
    except (Raised, NotModelled, Exhausted):
        return None
    return made if isinstance(made, Instance) and registry.protocol_of_model(made) is not None else None


def _parts(machine: Machine, model: Instance) -> list[Instance]:
    protocol = registry.protocol_of_model(model)
    assert protocol is not None
    try:
        return [layer for name, layer in protocol.layers(machine, model) if name]
    except NotModelled:
        return []


def _line(module: Namespace, name: str) -> int:
    value = module.attrs[name]
    if isinstance(value, Class) and value.node is not None:
        return value.node.lineno
    if isinstance(value, Function) and isinstance(value.code, Code):
        return value.code.node.lineno
    return value.site.span.row if isinstance(value, Instance) and value.site is not None else 0
