"""The shapes of names: where they are bound, and where they are read after what surely bound them.

Law: a name that is read gets a shape only from the last statement before it in its block that binds it,
or from the only parameter of the method that a model's call runs; anything between that may bind it takes it
away.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from convlint.lint.sheet.data import ShapeSeen
from convlint.lint.sheet.view import MOST_SHAPES, View, text_of
from convlint.source.nodes import nodes_of
from convlint.trace import Called, span_of

Shapes = dict[str, None]
"""Shapes written out, each once, in the order in which they were seen."""
ByPlace = Mapping[tuple[int, int], Shapes]
"""By row from 1 and column in bytes from 0."""
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ENTRIES = ("forward", "call")


def few(shapes: Shapes) -> tuple[str, ...]:
    """The shapes; of many the first."""
    kept = tuple(shapes)
    return kept if len(kept) <= MOST_SHAPES else (*kept[: MOST_SHAPES - 1], "…")


def bound_by(node: ast.stmt) -> ast.Name | ast.Return | None:
    """The name that a statement binds to its whole value, or the return itself."""
    match node:
        case ast.Return():
            return node
        case ast.Assign(targets=[*_, ast.Name() as name]):
            return name
        case ast.AnnAssign(target=ast.Name() as name) | ast.AugAssign(target=ast.Name() as name):
            return name
    return None


def note_input(view: View, call: Called, inputs: dict[tuple[int, int], Shapes]) -> None:
    """Note the shape of a call's only input at the only parameter of the method that it runs."""
    text = text_of(call.inputs[0]) if len(call.inputs) == 1 else ""
    if not text or call.module.attrs.get("_forward_pre_hooks"):
        return
    for cls in call.module.cls.mro:
        if "__call__" in cls.namespace and cls.node is not None:
            return
        body = [] if cls.node is None else cls.node.body
        for each in body:
            if isinstance(each, _FUNCTIONS) and each.name in _ENTRIES:
                own = cls.filename == view.analysis.filename
                parameter = _only_parameter(each) if own else None
                if parameter is not None:
                    inputs.setdefault((parameter.lineno, parameter.col_offset), {})[text] = None
                return


def _only_parameter(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.arg | None:
    """The parameter beside `self`, where it is the only one."""
    arguments = node.args
    others = (*arguments.posonlyargs, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    plain = not any(others) and not node.decorator_list and len(arguments.args) == 2
    return arguments.args[1] if plain else None


class Names(Struct, frozen=True):
    """The names of one file; `bound` are the shapes that names were bound to, `inputs` parameters'."""

    view: View
    bound: ByPlace
    inputs: ByPlace

    def seen(self, nodes: Sequence[ast.AST]) -> Iterator[ShapeSeen]:
        """Every name with a shape, among the nodes of the file."""
        elsewhere = {
            name for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names
        }
        for node in nodes:
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Store):
                    yield from self._at(node, self.bound.get((node.lineno, node.col_offset), {}))
                continue
            if isinstance(node, ast.expr):
                continue
            known: dict[str, Shapes] = {}
            if isinstance(node, _FUNCTIONS):
                parameter = _only_parameter(node)
                shapes = self.inputs.get((parameter.lineno, parameter.col_offset)) if parameter else None
                if parameter is not None and shapes:
                    known[parameter.arg] = shapes
                    yield from self._at(parameter, shapes)
            for name in ("body", "orelse", "finalbody"):
                body = getattr(node, name, None)
                if isinstance(body, list):
                    yield from self._reads(body, known, elsewhere)

    def _reads(
        self, body: list[ast.stmt], known: dict[str, Shapes], elsewhere: set[str]
    ) -> Iterator[ShapeSeen]:
        """Names that are read in simple statements of a block, as the statements before bound them.

        Names that functions bind `elsewhere` than in their own scope are left out.
        """
        known = dict(known)
        for statement in body:
            if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
                known.pop(statement.name, None)
                continue
            nodes = nodes_of(statement)
            if isinstance(statement, (*SIMPLE, ast.Expr)) and not any(map(_defers, nodes)):
                for node in nodes:
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                        yield from self._at(node, known.get(node.id, {}))
            for name in _stored(nodes):
                known.pop(name, None)
            at = bound_by(statement)
            if isinstance(at, ast.Name) and at.id not in elsewhere:
                shapes = self.bound.get((at.lineno, at.col_offset), {})
                known[at.id] = shapes

    def _at(self, node: ast.AST, shapes: Shapes) -> Iterator[ShapeSeen]:
        place = self.view.place(span_of(node, self.view.analysis.filename)) if shapes else None
        if place is not None:
            yield ShapeSeen(place, few(shapes))


def _defers(node: ast.AST) -> bool:
    """Whether names inside may be others, or be bound while the statement runs."""
    return isinstance(node, (ast.Lambda, ast.NamedExpr, ast.comprehension))


def _stored(nodes: list[ast.AST]) -> set[str]:
    """The names that a statement, or one inside it, may bind or delete."""
    found = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return found
