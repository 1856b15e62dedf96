"""Other inputs and arguments that code admits: a run that fails is an error only if all of these fail too.

A rank inferred from use may be another one that the layer takes; the defaults of a class that nobody builds
may be other values, and so may those of a function that are None; an argument that is used as padding may be
0, which no symbol stands for; an input that a call leaves None may be given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from convlint.dims import Expr
from convlint.interp.budget import Limits
from convlint.interp.frame import Code
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.model.arguments import optional_arguments, required_arguments
from convlint.model.inputs import InputSpec, left_out_inputs
from convlint.model.probing import Make, Probe, again, other_ranks, probed
from convlint.model.run import Outcome
from convlint.values import Class, Function, Value

_MAY_BE_ZERO = ("padding", "output_padding", "pad")


def build(
    machine: Machine, cls: Class, *, defaults: bool = True, chosen: Mapping[str, Value] | None = None
) -> Value:
    """Construct a class that nobody builds: a stand-in for each argument that must be passed.

    Without `defaults`, stand-ins for the optional ones too; `chosen` values go before both.
    """
    init = cls.find("__init__")
    arguments: dict[str, Value] = {}
    if isinstance(init, Function) and isinstance(init.code, Code):
        arguments = required_arguments(init, init.owner or cls)
        if not defaults:
            arguments |= optional_arguments(init, init.owner or cls)
    picked = {name: value for name, value in (chosen or {}).items() if name in arguments}
    return machine.call(cls, (), {**arguments, **picked})


def alternatives(
    loader: Loader,
    make: Make,
    probe: Probe,
    training: bool,
    limits: Limits | None,
    cls: Class | None,
    given: Make | None = None,
) -> Iterator[tuple[Outcome, ...]]:
    """The paths of each alternative to a run; `cls` where it builds a class that nobody builds, `given` makes
    the model with what may be passed besides.

    A single path that does not fail is enough to know.
    """
    limits = replace(limits or Limits(), clean_paths=1)
    if probe.inferred and probe.models and probe.specs is not None:
        for specs in other_ranks(probe.specs):
            yield again(loader, make, specs, training, limits, probe.standing).outcomes
    optional = _left_out(probe)
    if optional and probe.specs is not None:
        specs = [*probe.specs, *optional]
        yield again(loader, make, specs, training, limits, probe.standing).outcomes
    if given is not None:
        yield probed(loader, given, training, limits).outcomes
    if cls is None:
        return
    yield _with_arguments(loader, cls, probe, training, limits, defaults=False)
    zero: dict[str, Value] = dict.fromkeys(_used_as_padding(probe.outcomes), 0)
    if zero:
        yield _with_arguments(loader, cls, probe, training, limits, defaults=True, chosen=zero)


def _left_out(probe: Probe) -> list[InputSpec]:
    """The inputs that the call left None, and that another one may give."""
    if not probe.models or probe.specs is None:
        return []
    model, protocol = probe.models[0].model, probe.models[0].protocol
    passed = {spec.name for spec in probe.specs}
    found = left_out_inputs(model.cls.find(protocol.entry), protocol.modes)
    return [spec for spec in found if spec.name not in passed]


def _with_arguments(
    loader: Loader,
    cls: Class,
    probe: Probe,
    training: bool,
    limits: Limits | None,
    *,
    defaults: bool,
    chosen: Mapping[str, Value] | None = None,
) -> tuple[Outcome, ...]:
    def make(machine: Machine) -> Value:
        return build(machine, cls, defaults=defaults, chosen=chosen)

    if probe.inferred or probe.specs is None:
        return probed(loader, make, training, limits).outcomes
    return again(loader, make, probe.specs, training, limits).outcomes


def _used_as_padding(outcomes: tuple[Outcome, ...]) -> set[str]:
    """The parameters of the root that a layer was given as padding."""
    names: set[str] = set()
    for outcome in outcomes:
        for built in outcome.trace.built:
            for argument in _MAY_BE_ZERO:
                value = (built.layer.arguments or {}).get(argument)
                for each in value if isinstance(value, (tuple, list)) else (value,):
                    if isinstance(each, Expr):
                        names |= each.symbols
    return names
