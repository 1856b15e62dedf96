"""How a tensor came to where it fails: "Net() → forward (x: 1×3×224×224) → features → flatten (1×9216) →
fc".
"""

from __future__ import annotations

import ast

from convlint.lint.gathering.windows import is_keras
from convlint.lint.wording import shape, shortened
from convlint.model.census import name_of, names_in
from convlint.model.run import Outcome
from convlint.trace import Called, Failure, Instance, Site, Tensor

_MOST_STATIONS = 6
_MOST_STEPS = 400


def path_of(failure: Failure, outcome: Outcome) -> str:
    """The path from the model's construction to the operation that fails; empty where no model is called."""
    call = failure.module
    if call is None:
        return ""
    chain = [call]
    while chain[-1].parent is not None:
        chain.append(chain[-1].parent)
    root = chain[-1]
    names = names_in(outcome, root.module)
    if is_keras(root.module) and root.module.cls.node is None:
        return _composed(call, failure, names)
    parts = [construction(root.module), _forward(root)]
    tensor = next((v for v in call.inputs if isinstance(v, Tensor)), None) if call is not root else None
    stations = [] if tensor is None else _stations(tensor, root, names)
    if call is not root:
        own = names.get(id(call.module), call.module.cls.name)
        if stations and stations[-1].partition(" ")[0] == own.partition(".")[0]:
            stations.pop()
        stations.append(own)
    if call.module is not failure.layer:
        stations.append(operation(failure.site))
    if len(stations) > _MOST_STATIONS:
        stations = [*stations[:1], "…", *stations[-_MOST_STATIONS + 2 :]]
    return " → ".join([*parts, *stations])


def _composed(call: Called, failure: Failure, names: dict[int, str]) -> str:
    """The way through layers that were called one after another: there is no code of a model around them."""
    tensor = next((v for v in call.inputs if isinstance(v, Tensor)), None)
    if tensor is None:
        return ""
    stations = _stations(tensor, call, names, through=True)
    start = tensor
    for _ in range(_MOST_STEPS):
        if start.origin is None or start.origin.before is None:
            break
        start = start.origin.before
    first = "Input" if start.shape is None else f"Input ({shape(start.shape)})"
    last = name_of(call.module) if call.module is failure.layer else operation(failure.site)
    if len(stations) > _MOST_STATIONS:
        stations = ["…", *stations[-_MOST_STATIONS + 2 :]]
    return " → ".join([first, *stations, last])


def construction(model: Instance) -> str:
    """The call that built a model, as it was written."""
    node = None if model.site is None else model.site.node
    if isinstance(node, ast.Call):
        return shortened(ast.unparse(node))
    return f"{model.cls.name}()"


def operation(site: Site | None) -> str:
    """The operation at a site, as it was written, without its arguments: `torch.cat`, `x.view`, `x + y`."""
    match None if site is None else site.node:
        case ast.Call(func=function):
            return shortened(ast.unparse(function))
        case ast.AugAssign() as node:
            return shortened(ast.unparse(node))
        case ast.expr() as node:
            return shortened(ast.unparse(node))
    return "this operation"


def _forward(root: Called) -> str:
    """`forward (x: 1×3×224×224)`, `call (…)` for Keras."""
    entry = "call" if is_keras(root.module) else "forward"
    names = _parameters(root.module)
    shown = []
    for position, value in enumerate(root.inputs):
        if isinstance(value, Tensor) and value.shape is not None:
            name = names[position] if position < len(names) else f"input {position + 1}"
            shown.append(f"{name}: {shape(value.shape)}")
    return f"{entry} ({', '.join(shown)})" if shown else entry


def _parameters(module: Instance) -> list[str]:
    forward = module.cls.find("forward") or module.cls.find("call")
    arguments = getattr(getattr(getattr(forward, "code", None), "node", None), "args", None)
    if not isinstance(arguments, ast.arguments):
        return []
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args)][1:]


def _stations(tensor: Tensor, root: Called, names: dict[int, str], *, through: bool = False) -> list[str]:
    """What the tensor went through on the way from the model's input, children of the model as one station
    each; `through`, from where nothing made it.
    """
    starts = set() if through else {id(value) for value in root.inputs}
    stations: list[tuple[str, Tensor]] = []
    current: Tensor | None = tensor
    for _ in range(_MOST_STEPS):
        if current is None or id(current) in starts or current.origin is None:
            break
        origin = current.origin
        dotted = names.get(id(origin.layer)) if origin.layer is not None else None
        if through and origin.layer is not None:
            dotted = name_of(origin.layer)
        name = dotted.partition(".")[0] if dotted else origin.what.strip("_")
        changes = origin.before is None or origin.before.shape != current.shape
        if (dotted or changes) and not (stations and stations[-1][0] == name and dotted):
            stations.append((name, current))
        current = origin.before
    shown: list[str] = []
    for name, result in reversed(stations):
        shown.append(name if result.shape is None else f"{name} ({shape(result.shape)})")
    return shown
