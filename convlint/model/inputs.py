"""Inputs inferred from use: an input of unknown shape is followed to the first layer that says what it takes.

The first `Conv2d(3, …)` makes it (N, 3, H, W); requirements met on the way (a dense layer at the end)
then bound H and W.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from convlint.dims import Dim
from convlint.interp.frame import Code
from convlint.libs.protocol import ModelProtocol
from convlint.trace import Trace
from convlint.values import BoundMethod, Function, Instance, Tensor, Value

MAX_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input of a model: the parameter's name, and its shape as far as it is known (None: not at all).

    `keyword` says whether it is passed by name.
    """

    name: str
    shape: tuple[Dim, ...] | None = None
    dtype: str = "float32"
    keyword: bool = False


def required_inputs(forward: Value) -> list[InputSpec] | None:
    """The parameters of a forward method that must be passed; None where they cannot be known."""
    if isinstance(forward, BoundMethod):
        forward = forward.function
    if not isinstance(forward, Function) or not isinstance(forward.code, Code):
        return [InputSpec("input")] if forward is not None else None
    code = forward.code
    names = code.parameters[1:]
    required = names[: max(0, len(names) - len(forward.defaults))]
    missing = [n for n in code.keyword_only if n not in forward.kw_defaults]
    if missing:
        return None
    if not required and names:
        required = names[:1]
    return [InputSpec(name) for name in required]


def probes(specs: Sequence[InputSpec], protocol: ModelProtocol) -> list[Tensor]:
    """A tensor for each input: of its known shape, or of unknown rank."""
    tensors = []
    for spec in specs:
        tensor = protocol.make_input(spec.shape or (), spec.dtype)
        if spec.shape is None:
            tensor.shape = None
        tensors.append(tensor)
    return tensors


def learned(
    specs: Sequence[InputSpec], tensors: Sequence[Value], trace: Trace, protocol: ModelProtocol
) -> list[InputSpec]:
    """The inputs with what this run's first uses of them say."""
    result = []
    for index, (spec, tensor) in enumerate(zip(specs, tensors, strict=True)):
        if spec.shape is None:
            suffix = "" if index == 0 else str(index + 1)
            shape, dtype = first_use(tensor, trace, protocol, suffix)
            spec = replace(spec, shape=shape, dtype=dtype)
        result.append(spec)
    return result


def first_use(
    tensor: Value, trace: Trace, protocol: ModelProtocol, suffix: str
) -> tuple[tuple[Dim, ...] | None, str]:
    """What the first layer called with the tensor expects of it."""
    for call in trace.calls:
        for position, value in enumerate(call.inputs):
            if descends(value, tensor):
                expected = protocol.expected_input(call.module, position, suffix)
                if expected is not None:
                    return expected
    return None, "float32"


def descends(value: Value, tensor: Value) -> bool:
    """Whether a value is the tensor, or came from it by operations that keep its shape."""
    for _ in range(64):
        if value is tensor:
            return True
        if not isinstance(value, Tensor) or value.shape is not None or value.origin is None:
            return False
        value = value.origin.before
    return False


def unify(
    specs: list[InputSpec],
    run: Callable[[list[InputSpec]], tuple[Sequence[Value], Trace] | None],
    protocol_of: Callable[[], ModelProtocol | None],
) -> list[InputSpec]:
    """Run the model until no run says more about its inputs."""
    for _ in range(MAX_ROUNDS):
        if all(spec.shape is not None for spec in specs):
            break
        seen = run(specs)
        protocol = protocol_of()
        if seen is None or protocol is None:
            break
        after = learned(specs, seen[0], seen[1], protocol)
        if after == specs:
            break
        specs = after
    return specs


__all__ = ["InputSpec", "Instance", "learned", "probes", "required_inputs", "unify"]
