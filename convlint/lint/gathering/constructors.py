"""Constructors that do not run, or run too late: from proven failures, and from names that are misspelt.

Law: a module without its base's constructor cannot hold modules; what is written `_init_` is never called.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from convlint.lint.edits import replaced, whole_lines
from convlint.lint.finding import Applicability, Edit, Fix, Location
from convlint.lint.gathering.code import FUNCTIONS, FunctionNode, TreeIndex
from convlint.lint.gathering.evidence import Proof
from convlint.lint.gathering.windows import is_keras
from convlint.lint.sources import Sources
from convlint.lint.subjects.member import Uninitialized
from convlint.model.members import class_codes
from convlint.model.run import Outcome
from convlint.trace import Instance, Span, span_of

MISSPELT = ("_init_", "__init", "_init__", "__init_", "init__", "__int__", "__inti__")


def uninitialized(root: str, proof: Proof, module: Instance, sources: Sources) -> Uninitialized:
    """A module that was used before its base's constructor ran."""
    found = next(
        (
            (method, filename)
            for node, filename in class_codes(module.cls)
            for method in node.body
            if isinstance(method, FUNCTIONS) and method.name == "__init__"
        ),
        None,
    )
    attribute = proof.failure.fault.detail
    span, fix, late = proof.span, None, False
    if found is not None and sources.accepts(found[1]):
        method, filename = found
        call = _base_constructor(method)
        late = call is not None
        fix = _first(sources, method, filename, call)
        if not attribute:
            span = name_span(method, filename)
    return Uninitialized(
        sources=sources,
        root=root,
        owner=module.cls.name,
        base=_base(module),
        attribute=attribute,
        misspelt="",
        words=proof.failure.words,
        late=late,
        fix=fix,
        span=span,
    )


def misspelt(
    root: str, outcome: Outcome, index: TreeIndex, filename: str, sources: Sources
) -> Iterator[tuple[Uninitialized, Span]]:
    """The called modules of this file whose class defines a constructor under a name that nothing calls."""
    classes = {id(c.module.cls): c.module for c in outcome.trace.calls if c.module.cls.node is not None}
    for module in classes.values():
        node = module.cls.node
        if node is None or module.cls.filename != filename or not sources.accepts(filename):
            continue
        methods = {each.name: each for each in node.body if isinstance(each, FUNCTIONS)}
        wrong = next((methods[name] for name in MISSPELT if name in methods), None)
        if wrong is None or "__init__" in methods or _is_read(index.tree, wrong.name):
            continue
        if _base_constructor(wrong) is None:
            continue
        span = name_span(wrong, filename)
        subject = Uninitialized(
            sources=sources,
            root=root,
            owner=node.name,
            base=_base(module),
            attribute="",
            misspelt=wrong.name,
            words="",
            late=False,
            fix=Fix(Applicability.SAFE, "rename it: __init__", (replaced(sources, span, "__init__"),)),
            span=span,
        )
        yield subject, span


def name_span(method: FunctionNode, filename: str) -> Span:
    """The name in a method's header."""
    word = "def " if isinstance(method, ast.FunctionDef) else "async def "
    start = method.col_offset + len(word)
    return Span(filename, method.lineno, start, method.lineno, start + len(method.name.encode()))


def _is_read(tree: ast.Module, name: str) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == name for each in ast.walk(tree))


def _base(module: Instance) -> str:
    return "Layer" if is_keras(module) else "Module"


def _base_constructor(method: FunctionNode) -> ast.Expr | None:
    """The statement `super().__init__(…)` or `Base.__init__(self, …)` of a method."""
    for node in ast.walk(method):
        match node:
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="__init__"))):
                return node
    return None


def _first(sources: Sources, method: FunctionNode, filename: str, call: ast.Expr | None) -> Fix | None:
    """`super().__init__()` as the first statement; the later one, if it passes nothing, moves there."""
    body = method.body
    if ast.get_docstring(method) is not None and len(body) > 1:
        body = body[1:]
    first = body[0]
    if first.lineno == method.lineno:
        return None
    text = "super().__init__()"
    edits: tuple[Edit, ...] = ()
    if call is not None:
        if call not in method.body or not isinstance(call.value, ast.Call) or not _plain(call.value):
            return None
        text = ast.unparse(call)
        span = span_of(call, filename)
        if len(method.body) < 2 or any(_shares_line(each, call) for each in method.body):
            return None
        edits = (whole_lines(sources, span),)
    name, start, _ = sources.locate(span_of(first, filename))
    lines = sources.lines(name)
    indent = "" if lines is None else lines.line(start.row)[: start.column - 1]
    inserted = Edit(f"{indent}{text}\n", Location(start.row, 1), Location(start.row, 1))
    message = "move super().__init__() to the start" if edits else "call super().__init__() first"
    return Fix(Applicability.SAFE, message, (inserted, *edits))


def _plain(call: ast.Call) -> bool:
    """Whether the call passes nothing but the object itself."""
    own = [a for a in call.args if not (isinstance(a, ast.Name) and a.id == "self")]
    return not own and not call.keywords


def _shares_line(other: ast.stmt, call: ast.Expr) -> bool:
    return (
        other is not call
        and call.lineno <= (other.end_lineno or 0)
        and other.lineno <= (call.end_lineno or 0)
    )
