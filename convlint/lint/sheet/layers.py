"""The constructor calls of a file, each with what it made and how that was called."""

from __future__ import annotations

from collections.abc import Iterator

from convlint.dims import Dim, Expr, substitute
from convlint.lint import wording
from convlint.lint.sheet.data import Facts, LayerSeen, Place
from convlint.lint.sheet.formula import formulas
from convlint.lint.sheet.view import MOST_SHAPES, View, given, text_of
from convlint.model.portrait import own_parameters
from convlint.model.run import Outcome
from convlint.trace import Called, Instance, Unknown, Value, is_opaque

_LONGEST = 60
BATCHES = frozenset(("N", "B", "batch", "batch_size", "bs"))


def layers_in(view: View) -> tuple[LayerSeen, ...]:
    """Every constructor's call that stands in the file, in the order of their places."""
    found: dict[Place, dict[Facts, None]] = {}
    names: dict[Place, str] = {}
    for _, outcome in view.outcomes():
        calls: dict[int, list[Called]] = {}
        for call in outcome.trace.calls:
            calls.setdefault(id(call.module), []).append(call)
        for instance in _instances(outcome):
            place = None if instance.site is None else view.place(instance.site.span)
            if place is None:
                continue
            names[place] = instance.cls.name
            kept = found.setdefault(place, {})
            for facts in _facts(view, outcome, instance, calls.get(id(instance), [])):
                kept[facts] = None
    return tuple(_seen(place, names[place], found[place]) for place in sorted(found))


def _seen(place: Place, name: str, facts: dict[Facts, None]) -> LayerSeen:
    """What was called before what was only built, where both were seen."""
    called = [each for each in facts if each.output] or list(facts)
    return LayerSeen(place, name, tuple(called[:MOST_SHAPES]), max(len(called) - MOST_SHAPES, 0))


def _instances(outcome: Outcome) -> Iterator[Instance]:
    """Layers and modules, each once."""
    seen: set[int] = set()
    built = (each.layer for each in outcome.trace.built)
    called = (each.module for each in outcome.trace.calls)
    for instance in (*built, *called):
        if id(instance) not in seen:
            seen.add(id(instance))
            yield instance


def _facts(view: View, outcome: Outcome, instance: Instance, calls: list[Called]) -> Iterator[Facts]:
    signature = _signature(instance)
    params, weights = view.total(outcome, instance), _weights(outcome, instance)
    if not calls:
        yield Facts(signature, params=params, weights=weights)
    reached = view.reached(outcome)
    for call in calls[:MOST_SHAPES]:
        ends = reached.ends(call)
        yield Facts(
            signature,
            tuple(formulas(call)) if ends else (),
            given(call) if reached.called(call) else "",
            text_of(call.output) if ends else "",
            params,
            weights,
            _macs(view, call, outcome) if ends else "",
            view.receptive_field(outcome, call) if ends else None,
            alone=_alone(view, call),
        )


def _alone(view: View, call: Called) -> bool:
    """Whether the call stands nowhere in the file: a container made it."""
    if call.site is None:
        return False
    own = view.place(call.site.span) is not None
    return not own or (call.parent is not None and call.parent.site is call.site)


def _signature(instance: Instance) -> str:
    """`torch.nn.Conv2d(in_channels=3, out_channels=64, …)`: what the constructor was given."""
    arguments = [
        f"{name}={text}"
        for name, value in (instance.arguments or {}).items()
        if value is not None and (text := _argument(value))
    ]
    return f"{instance.cls.qualname}({', '.join(arguments)})"


def _argument(value: Value) -> str:
    if isinstance(value, (bool, int, float, str)):
        return wording.shortened(repr(value), _LONGEST)
    if isinstance(value, (tuple, list)):
        inner = [_argument(each) for each in value]
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})" if all(inner) else "…"
    if isinstance(value, Expr):
        return "?" if is_opaque(value) else str(value)
    return "?" if isinstance(value, Unknown) else ""


def _weights(outcome: Outcome, instance: Instance) -> str:
    own = own_parameters(outcome, instance)
    return ", ".join(f"{name} {'?' if shape is None else wording.shape(shape)}" for name, shape in own)


def _macs(view: View, call: Called, outcome: Outcome) -> str:
    """The multiply-accumulates of a call and those inside it, of one sample; empty where not known."""
    if outcome.trace.unknowns or outcome.trace.exhausted:
        return ""
    total: Dim = 0
    for each in view.inside(outcome, call):
        if isinstance(each.macs, Unknown):
            return ""
        total = total + each.macs
    if is_opaque(total):
        return ""
    total = substitute(total, dict.fromkeys(BATCHES, 1))
    if isinstance(total, int):
        return wording.grouped(total) if total else ""
    text = str(total).replace("*", "·")
    return text if len(text) <= _LONGEST else ""
