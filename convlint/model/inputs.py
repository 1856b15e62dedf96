"""Inputs inferred from use: an input of unknown shape is followed to the first layer that says what it takes.

The first `Conv2d(3, …)` makes it (N, 3, H, W); requirements met on the way (a dense layer at the end)
then bound H and W.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.dims import Dim, Equal, Expr, Question
from convlint.interp.frame import Code
from convlint.libs.protocol import ModelProtocol
from convlint.model.passed import Passed, copied
from convlint.trace import Called
from convlint.values import BoundMethod, Function, Tensor, Value


class InputSpec(Struct, frozen=True):
    """One input of a model: the parameter's name, and its shape as far as it is known (None: not at all).

    `keyword` says whether it is passed by name, `given` is the very value (alone in a tuple) that a call in
    the code passes.
    """

    name: str
    shape: tuple[Dim, ...] | None = None
    dtype: str = "float32"
    keyword: bool = False
    given: tuple[Value] | None = None

    @property
    def unsaid(self) -> bool:
        """Whether nothing is known of it."""
        return self.shape is None and self.given is None


def required_inputs(forward: Value, modes: frozenset[str]) -> list[InputSpec] | None:
    """The parameters of a forward method that must be passed, `modes` left out; None where they cannot be
    known.
    """
    if isinstance(forward, BoundMethod):
        forward = forward.function
    if not isinstance(forward, Function) or not isinstance(forward.code, Code):
        return [InputSpec("input")] if forward is not None else None
    code = forward.code
    names = code.parameters[1:]
    required = names[: max(0, len(names) - len(forward.defaults))]
    missing = [n for n in code.keyword_only if n not in forward.kw_defaults]
    if missing or code.star in code.read:
        return None  # what the program passes beyond the named parameters, nothing here shows
    if not required and names:
        required = names[:1]
    return [InputSpec(name) for name in required if name not in modes]


def left_out_inputs(forward: Value, modes: frozenset[str]) -> list[InputSpec]:
    """The parameters of a forward method that are None unless whoever calls passes something, `modes` left
    out; passed by name.
    """
    if isinstance(forward, BoundMethod):
        forward = forward.function
    if not isinstance(forward, Function) or not isinstance(forward.code, Code):
        return []
    names = forward.code.parameters
    defaults = dict(zip(names[len(names) - len(forward.defaults) :], forward.defaults, strict=False))
    defaults.update(forward.kw_defaults)
    return [
        InputSpec(name, keyword=True)
        for name, default in defaults.items()
        if default is None and name not in modes
    ]


def as_passed(call: Passed) -> tuple[InputSpec, ...]:
    """The inputs of a call in the code."""
    by_position = [InputSpec(f"input{i + 1}", given=(value,)) for i, value in enumerate(call.args)]
    by_name = [InputSpec(name, keyword=True, given=(value,)) for name, value in call.kwargs.items()]
    return (*by_position, *by_name)


def probes(specs: Sequence[InputSpec], protocol: ModelProtocol) -> list[Value]:
    """A value for each input: a tensor of its known shape, or of unknown rank, or what a call passes."""
    tensors: list[Value] = []
    for spec in specs:
        if spec.given is not None:
            tensors.extend(copied(spec.given[0]) or ())
            continue
        tensor = protocol.make_input(spec.shape or (), spec.dtype)
        if spec.shape is None:
            tensor.shape = None
        tensors.append(tensor)
    return tensors


class Lesson(Struct):
    """What one call of a model shows of its inputs: each is learned at the first layer it is given to."""

    specs: tuple[InputSpec, ...]
    tensors: Sequence[Value]
    protocol: ModelProtocol
    settled: set[int] = field(default_factory=set)
    """The inputs that need no more: a declared shape needs a data type only."""

    def __post_init__(self) -> None:
        self.settled.update(index for index, spec in enumerate(self.specs) if spec.given is not None)

    def teaches(self, call: Called) -> bool:
        """Whether a layer's call says more of an input than was known."""
        if len(self.settled) == len(self.specs):
            return False
        before = self.specs
        self.specs = tuple(
            spec if index in self.settled else self._with(index, spec, call)
            for index, spec in enumerate(self.specs)
        )
        return self.specs != before

    def _with(self, index: int, spec: InputSpec, call: Called) -> InputSpec:
        suffix = "" if index == 0 else str(index + 1)
        for position, value in enumerate(call.inputs):
            if not descends(value, self.tensors[index]):
                continue
            expected = self.protocol.expected_input(call.module, position, suffix)
            if expected is not None:
                self.settled.add(index)
                shape, dtype = expected
                known = spec.dtype if spec.dtype != "float32" else dtype
                return (
                    replace(spec, shape=shape, dtype=dtype)
                    if spec.shape is None
                    else replace(spec, dtype=known)
                )
        return spec


class Pinning(Struct):
    """What one call of a model assumes of the symbol that stands for the channels of its input."""

    specs: tuple[InputSpec, ...]
    channels: Expr
    assumptions: Sequence[Question]
    """Those of the path, which grow while it is gone."""
    seen: int = 0
    """How many of them were looked at."""

    def teaches(self, call: Called | None = None) -> bool:
        """Whether the way to this call of a layer, or to the end, has shown how many channels there are."""
        new, self.seen = self.assumptions[self.seen :], len(self.assumptions)
        for question in new:
            match question:
                case Equal(a=a, b=int() as number) | Equal(a=int() as number, b=a) if a == self.channels:
                    self.specs = tuple(self._with(number, spec) for spec in self.specs)
                    return True
        return False

    def _with(self, number: int, spec: InputSpec) -> InputSpec:
        if spec.shape is None:
            return spec
        return replace(spec, shape=tuple(number if d == self.channels else d for d in spec.shape))


def descends(value: Value, tensor: Value) -> bool:
    """Whether a value is the tensor, or came from it by operations that keep its shape."""
    for _ in range(64):
        if value is tensor:
            return True
        if not isinstance(value, Tensor) or not isinstance(tensor, Tensor) or value.origin is None:
            return False
        if value.shape != tensor.shape:
            return False
        value = value.origin.before
    return False


__all__ = ["InputSpec", "Lesson", "Pinning", "as_passed", "probes", "required_inputs"]
