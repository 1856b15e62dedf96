"""Losses in loops that no run goes through, because what they loop over is not known.

Law: a name stands for what all values assigned to it in its scope agree on, a parameter for nothing; what
made the output of a model is what all runs of its class agree on.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from convlint.lint.gathering.code import FunctionNode, TreeIndex
from convlint.lint.gathering.flow import Flow
from convlint.lint.gathering.outputs import activation_of
from convlint.lint.sources import Sources
from convlint.lint.subjects.output import Comparison
from convlint.model.run import Outcome
from convlint.trace import Span, Tensor, span_of

_CLASSES = {
    "CrossEntropyLoss": "cross_entropy",
    "NLLLoss": "nll_loss",
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
}
_FUNCTIONS = frozenset(_CLASSES.values())
_HANDING_ON = frozenset(("to", "cuda", "cpu", "float", "double", "eval", "train"))
_DEEPEST = 4


class Pairs(Struct):
    """Collects what makes the outputs of a file's models, and then looks at the losses in its text."""

    sources: Sources
    index: TreeIndex
    filename: str
    activations: dict[int, set[str]] = field(default_factory=dict)
    """By the class definition: what made the outputs of its models."""

    def note(self, outcome: Outcome, flow: Flow) -> None:
        """Look at the models that a run called."""
        for call in outcome.trace.calls:
            node = call.module.cls.node
            if call.parent is None and node is not None:
                made = activation_of(flow, call.output) if isinstance(call.output, Tensor) else ""
                self.activations.setdefault(id(node), set()).add(made)

    def found(self, root: str) -> Iterator[tuple[Comparison, Span]]:
        """The losses that are given what a model of this file gives."""
        if not any(self.activations.values()) or not self.sources.accepts(self.filename):
            return
        for node in self.index.of(ast.Call):
            if len(node.args) != 2:
                continue
            loss = self._loss(node.func)
            model = self._model(node.args[0], 0) if loss else None
            made = self.activations.get(id(model), set())
            if len(made) == 1 and (activation := next(iter(made))):
                span = span_of(node, self.filename)
                subject = Comparison(
                    sources=self.sources,
                    root=root,
                    loss=loss,
                    activation=activation,
                    output=None,
                    target=None,
                    span=span,
                )
                yield subject, span

    # -- what names stand for --------------------------------------------------------------------------------

    def _values(self, name: ast.Name) -> list[ast.expr]:
        """The values that are assigned to a name in its scope; none for a parameter."""
        scope: FunctionNode | None = self.index.function(name)
        while scope is not None:
            arguments = scope.args
            given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
            if any(each.arg == name.id for each in given):
                return []
            found = self._assigned(name.id, scope)
            if found:
                return found
            scope = self.index.function(scope)
        return self._assigned(name.id, None)

    def _assigned(self, name: str, scope: FunctionNode | None) -> list[ast.expr]:
        return [
            each.value for each in self.index.assignments.get(name, ()) if self.index.function(each) is scope
        ]

    def _agreed(self, values: list[ast.expr], read: Callable[[ast.expr], ast.AST | str | None]) -> object:
        """What all values are, where they are one thing; None where they are not."""
        answers = {id(found) if isinstance(found, ast.AST) else found: found for found in map(read, values)}
        return next(iter(answers.values())) if len(answers) == 1 else None

    def _loss(self, function: ast.expr) -> str:
        """The loss that is called; empty for anything else."""
        match function:
            case ast.Attribute(attr=name) if name in _FUNCTIONS:
                return name
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                return _CLASSES.get(name, "")
            case ast.Name():
                values = self._values(function)
                calls = [each for each in values if isinstance(each, ast.Call)]
                found = self._agreed(values, self._loss) if values and len(calls) == len(values) else ""
                return found if isinstance(found, str) else ""
        return ""

    def _model(self, output: ast.expr, depth: int) -> ast.ClassDef | None:
        """The class of the model whose result an expression is."""
        if depth > _DEEPEST:
            return None
        match output:
            case ast.Name():
                found = self._agreed(self._values(output), lambda each: self._model(each, depth + 1))
                return found if isinstance(found, ast.ClassDef) else None
            case ast.Call(func=ast.Name() as model):
                return self._class(model, depth + 1)
        return None

    def _class(self, model: ast.expr, depth: int) -> ast.ClassDef | None:
        """The class that an expression is an instance of."""
        if depth > _DEEPEST:
            return None
        match model:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _HANDING_ON:
                return self._class(inner, depth + 1)
            case ast.Call(func=ast.Name(id=name)):
                body = (each for each in self.index.tree.body if isinstance(each, ast.ClassDef))
                return next((each for each in body if each.name == name), None)
            case ast.Name(id=name):
                values = [each for each in self._values(model) if not _hands_on(each, name)]
                found = self._agreed(values, lambda each: self._class(each, depth + 1))
                return found if isinstance(found, ast.ClassDef) else None
        return None


def _hands_on(value: ast.expr, name: str) -> bool:
    """Whether a value is `name.to(…)`: the model itself."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr=method)):
            return found == name and method in _HANDING_ON
    return False
