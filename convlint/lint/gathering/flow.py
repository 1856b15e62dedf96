"""What became of a tensor: the operations of one run, followed forwards from any tensor and backwards to
its makers.

Built once a run from the tensors that calls took and gave; what nothing read afterwards is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct

from convlint.trace import Called, Instance, Tensor, Trace, tensors_in

_MOST = 200_000
_LOOKED_BACK = 12
JOINS = frozenset(
    (
        *("cat", "concat", "concatenate", "add", "mul", "sub", "stack"),
        *("Concatenate", "Add", "Multiply", "Subtract", "Average", "Maximum", "Minimum"),
    )
)
CROPS = frozenset(
    (
        *("__getitem__", "narrow", "center_crop", "crop", "pad", "select", "slice"),
        *("Cropping1D", "Cropping2D", "Cropping3D", "CenterCrop", "resize_with_crop_or_pad"),
    )
)


class Step(Struct, frozen=True):
    """One operation: its name (a function's, or a layer's class), the layer that did it, its operands and
    result.
    """

    what: str
    layer: Instance | None
    operands: tuple[Tensor, ...]
    result: Tensor


def shrinks(step: Step) -> bool:
    """Whether an operation keeps the rank and takes something off a spatial axis of its first operand."""
    before, after = step.operands[0].shape, step.result.shape
    if before is None or after is None or len(before) != len(after) or len(before) < 3:
        return False
    return any(a != b for a, b in zip(before[2:], after[2:], strict=True))


class Flow:
    """The operations of one run."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._steps: dict[int, Step] = {}
        self._uses: dict[int, list[Step]] = {}
        waiting = _tensors(trace)
        self._given = {
            id(tensor)
            for call in trace.calls
            if isinstance(call.output, (tuple, list, dict)) and call.module.cls.node is not None
            for tensor in tensors_in(call.output)
        }
        while waiting and len(self._steps) < _MOST:
            tensor = waiting.pop()
            if id(tensor) not in self._steps:
                waiting += self._add(tensor)

    def _add(self, tensor: Tensor) -> tuple[Tensor, ...]:
        origin = tensor.origin
        if origin is None:
            self._steps[id(tensor)] = Step("", None, (), tensor)
            return ()
        operands = origin.operands or (() if origin.before is None else (origin.before,))
        step = self._steps[id(tensor)] = Step(origin.what, origin.layer, operands, tensor)
        for operand in operands:
            self._uses.setdefault(id(operand), []).append(step)
        return operands

    @cached_property
    def crops_skips(self) -> bool:
        """Whether somewhere a cropped tensor is joined with another: skips made to fit maps that shrink."""
        return any(
            len(s.operands) > 1 and s.what in JOINS and any(map(self._cropped, s.operands))
            for s in self.steps
        )

    def _cropped(self, tensor: Tensor) -> bool:
        step = self.maker(tensor)
        for _ in range(_LOOKED_BACK):
            if step is None or not step.operands:
                return False
            if step.what in CROPS and shrinks(step):
                return True
            if step.operands[0].shape != tensor.shape:
                return False
            step = self.maker(step.operands[0])
        return False

    @property
    def steps(self) -> Iterable[Step]:
        """All operations, in no order."""
        return self._steps.values()

    def maker(self, tensor: Tensor) -> Step | None:
        """The operation that made the tensor; None for a tensor that the run did not see."""
        return self._steps.get(id(tensor))

    def users(self, tensor: Tensor) -> list[Step]:
        """The operations that took the tensor."""
        return self._uses.get(id(tensor), [])

    def takers(self, tensor: Tensor) -> list[Step]:
        """The operations that took the tensor, seen through models that handed their layer's result on."""
        found: list[Step] = []
        for step in self.users(tensor):
            if step.result is not tensor:
                found += self.takers(step.result) if _hands_on(step, tensor) else [step]
        return found

    def returned(self, tensor: Tensor) -> bool:
        """Whether a model that the program itself called gave the tensor, alone or among others."""
        own = None if tensor.origin is None else tensor.origin.layer
        tops = (call for call in self._tops if call.module is not own)
        return any(each is tensor for call in tops for each in tensors_in(call.output))

    @cached_property
    def _tops(self) -> list[Called]:
        """The calls that no module makes."""
        return [call for call in self._trace.calls if call.parent is None]

    def used(self, tensor: Tensor) -> bool:
        """Whether an operation took the tensor; that a model handed its layer's result on is none."""
        return any(
            not _hands_on(step, tensor) or self.used(step.result)
            for step in self.users(tensor)
            if step.result is not tensor
        )

    def is_given(self, tensor: Tensor) -> bool:
        """Whether a module of the program gave the tensor together with others, as a feature of its own."""
        return id(tensor) in self._given

    def after(self, tensor: Tensor) -> Iterator[Step]:
        """Every operation that the tensor went into, directly or through others, each once."""
        seen: set[int] = set()
        waiting = list(self.users(tensor))
        while waiting:
            step = waiting.pop()
            if id(step.result) not in seen:
                seen.add(id(step.result))
                yield step
                waiting += self.users(step.result)

    def before(self, tensor: Tensor) -> Iterator[Step]:
        """The operations that the tensor came from, nearest first, each once."""
        seen: set[int] = set()
        waiting = [tensor]
        while waiting:
            current = waiting.pop(0)
            step = self.maker(current)
            if step is None or id(current) in seen:
                continue
            seen.add(id(current))
            yield step
            waiting += step.operands


def _hands_on(step: Step, tensor: Tensor) -> bool:
    """Whether the step is a model whose result is the tensor as one of its layers gave it."""
    if step.layer is None or step.operands != (tensor,) or step.result.shape != tensor.shape:
        return False
    protocol_made = step.layer.cls.qualname in ("keras.Functional", "keras.Sequential")
    return protocol_made or step.layer.cls.node is not None


def _tensors(trace: Trace) -> list[Tensor]:
    """The tensors that calls took and gave, and those that were assigned."""
    found: list[Tensor] = []
    for call in trace.calls:
        for value in call.inputs:
            found += (value,) if isinstance(value, Tensor) else tensors_in(value, 1)
        found += (call.output,) if isinstance(call.output, Tensor) else tensors_in(call.output)
    for tensors in trace.assigned.values():
        found += tensors
    return found


__all__ = ["Flow", "Step"]
