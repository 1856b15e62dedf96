"""From the outputs of models and the calls of losses to subjects: a softmax's axis, what a loss is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from convlint.dims import Dim
from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.windows import is_keras
from convlint.lint.sources import Sources
from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.output import Comparison, Softmax
from convlint.model.roots import RootRun
from convlint.model.run import Outcome
from convlint.trace import Called, Site, Tensor, argument_node, call_in, tensors_in

Found = tuple[Subject, object]
_SOFTMAX = ("softmax", "log_softmax", "softmin", "Softmax", "LogSoftmax")
_SEEN_THROUGH = frozenset(
    (
        "log",
        "clamp",
        "clip",
        "squeeze",
        "view",
        "reshape",
        "flatten",
        "unsqueeze",
        "float",
        "to",
        "Flatten",
        "Reshape",
    )
)
_ACTIVATIONS = ("softmax", "log_softmax", "sigmoid", "Softmax", "LogSoftmax", "Sigmoid", "log", "logsigmoid")
_NEAR = 6


class Outputs(Struct):
    """Looks at one path of a root."""

    sources: Sources
    run: RootRun
    outcome: Outcome
    flow: Flow

    def look(self) -> Iterator[Found]:
        """Softmax steps and comparisons."""
        steps = [step for step in self.flow.steps if step.what in _SOFTMAX and step.operands]
        if steps:
            decisive = {id(tensor) for tensor in self._decisive()}
            for step in steps:
                found = self._softmax(step, id(step.result) in decisive)
                if found is not None:
                    yield found, found.span
        yield from self._comparisons()

    # -- softmax ---------------------------------------------------------------------------------------------

    def _decisive(self) -> Iterator[Tensor]:
        """The tensors that models gave or losses took, and what these are the same numbers of."""
        given = [tensor for call in self._models() for tensor in tensors_in(call.output)]
        given += [each.output for each in self.outcome.trace.compared]
        for tensor in given:
            current: Tensor | None = tensor
            for _ in range(_NEAR):
                if current is None:
                    break
                yield current
                step = self.flow.maker(current)
                current = step.operands[0] if step is not None and _passes(step) else None

    def _models(self) -> Iterator[Called]:
        """The calls of models: in a functional model nothing is called from above."""
        calls = self.outcome.trace.calls
        for call in calls:
            whole = call.module.cls.node is not None or not is_keras(call.module)
            last = (
                is_keras(call.module) and isinstance(call.output, Tensor) and not self.flow.used(call.output)
            )
            if call.parent is None and (whole or last):
                yield call

    def _softmax(self, step: Step, decides: bool) -> Softmax | None:
        site = step.result.origin.site if step.result.origin is not None else None
        shape = step.operands[0].shape
        if step.layer is not None:
            site = step.layer.site
        span = None if site is None else call_in(site, self.sources.accepts)
        if span is None or site is None or not shape:
            return None
        missing, axis = _axis_of(step, site, len(shape))
        return Softmax(
            sources=self.sources,
            root=self.run.name,
            operation=step.what,
            axis=axis,
            missing=missing,
            over_batch=axis == 0 and len(shape) > 1 and self._is_batch(step, shape[0]),
            decides=decides,
            shape=shape,
            span=span,
        )

    def _is_batch(self, step: Step, extent: Dim) -> bool:
        """Whether the first axis has the extent that samples have in the input that the tensor came from."""
        for before in self.flow.before(step.operands[0]):
            start = before.result
            if before.operands or not start.shape or start.trainable is not None:
                continue
            if start.shape[0] == extent and not (self.run.inferred and len(start.shape) < 3):
                return True
        return False

    # -- losses ----------------------------------------------------------------------------------------------

    def _comparisons(self) -> Iterator[Found]:
        for each in self.outcome.trace.compared:
            span = call_in(each.site, self.sources.accepts)
            if span is None:
                continue
            target = each.target.shape if isinstance(each.target, Tensor) else None
            subject = Comparison(
                sources=self.sources,
                root=self.run.name,
                loss=each.loss,
                activation=activation_of(self.flow, each.output),
                output=each.output.shape,
                target=target,
                span=span,
            )
            yield subject, span


def activation_of(flow: Flow, tensor: Tensor) -> str:
    """The activation that made a tensor, seen through what only changes its form; empty where none did."""
    step = flow.maker(tensor)
    if step is None and tensor.origin is not None:
        origin = tensor.origin
        step = Step(origin.what, origin.layer, origin.operands, tensor)
    for _ in range(_NEAR):
        if step is None:
            return ""
        if step.what in _ACTIVATIONS:
            return step.what.lower().replace("logsoftmax", "log_softmax")
        if not step.operands or step.what not in _SEEN_THROUGH:
            return ""
        step = flow.maker(step.operands[0])
    return ""


def _passes(step: Step) -> bool:
    """Whether a step only changes the form of its operand, or is a model that hands its layer's result on."""
    if not step.operands:
        return False
    composed = (
        step.layer is not None
        and step.operands[0].shape == step.result.shape
        and (
            step.layer.cls.node is not None
            or step.layer.cls.qualname in ("keras.Functional", "keras.Sequential")
        )
    )
    return composed or step.what in _SEEN_THROUGH


def _axis_of(step: Step, site: Site, rank: int) -> tuple[bool, int | None]:
    """Whether no axis is named, and the axis that is normalised."""
    if step.layer is not None:
        value: object = step.layer.attrs.get("dim", step.layer.attrs.get("axis"))
        torch = "dim" in step.layer.attrs
        missing = torch and value is None
    else:
        node = argument_node(site, "dim") or argument_node(site, "axis")
        value = _constant(node)
        parameters = site.parameters or ()
        missing = "dim" in parameters and _absent(site, node)
        if node is None and "axis" in parameters:
            value = -1
    if missing:
        return True, 0 if rank in (0, 1, 3) else 1
    if not isinstance(value, int) or isinstance(value, bool):
        return False, None
    return False, value % rank if -rank <= value < rank else None


def _absent(site: Site, node: ast.expr | None) -> bool:
    """Whether the call surely passes no axis."""
    if isinstance(node, ast.Constant):
        return node.value is None
    call = site.node
    if node is not None or not isinstance(call, ast.Call):
        return False
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    return not starred and all(keyword.arg not in (None, "axis", "dim") for keyword in call.keywords)


def _constant(node: ast.expr | None) -> int | None:
    match node:
        case ast.Constant(value=int() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
    return None
