"""From statements that ran to subjects: results that are lost, sums of one thing, lists of one layer.

Law: the tree of the file says what stands where, the trace says that it ran and on what.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from functools import cached_property

from msgspec import Struct, field

from convlint.lint.finding import Applicability, Edit, Fix
from convlint.lint.gathering.code import FunctionNode, TreeIndex
from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.windows import is_keras
from convlint.lint.sources import Sources
from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.statement import Doubled, DroppedResult, Repeated
from convlint.lint.wording import shortened
from convlint.model.members import modules_of, parameters_in
from convlint.model.run import Outcome
from convlint.source.nodes import nodes_of
from convlint.trace import Called, Discarded, Instance, Tensor, argument_node, span_of

Found = tuple[Subject, object]
_LOOKED_BACK = 12
_SCOPES = frozenset(("locals", "vars", "eval", "exec", "globals"))


class Bound(Struct, frozen=True):
    """`name = call(…)`."""

    call: ast.Call
    target: ast.Name


class Product(Struct, frozen=True):
    """`[call(…)] * times`, or with the name of what the call made."""

    node: ast.BinOp
    calls: tuple[ast.Call, ...]
    times: ast.expr


class Statements(Struct, dict=True):
    """Looks at the statements of one file."""

    sources: Sources
    index: TreeIndex
    filename: str
    read: dict[int, set[str]] = field(default_factory=dict)
    """By function: the names that it reads."""

    @cached_property
    def products(self) -> list[Product]:
        """Products that repeat a list of what calls made, outside of comprehensions."""
        found = [product for node in self.index.of(ast.BinOp) if (product := self._product(node)) is not None]
        inside = {id(n) for c in self.index.of(ast.comprehension) for n in nodes_of(c)} if found else ()
        return [product for product in found if id(product.node) not in inside]

    @cached_property
    def unread(self) -> dict[int, Bound]:
        """The calls whose results are bound to a name that their function never reads, by their `id`."""
        found = {}
        for statement in self.index.of(ast.Assign):
            match statement:
                case ast.Assign(targets=[ast.Name() as target], value=ast.Call() as call):
                    function = self.index.function(statement)
                    if function is None or target.id.startswith("_") or self._reads(function, target.id):
                        continue
                    found[id(call)] = Bound(call, target)
        return found

    def look(self, root: str, outcome: Outcome, flow: Flow) -> Iterator[Found]:
        """The subjects of one path."""
        for discarded in outcome.trace.discarded:
            if self.sources.accepts(discarded.filename) and self._lost(discarded, outcome):
                yield self._statement(root, discarded)
        for call in outcome.trace.calls if self.unread else ():
            found = self._unread(root, call)
            if found is not None:
                yield found, found.span
        for step in flow.steps:
            if len(step.operands) == 2 and step.operands[0] is step.operands[1]:
                doubled = self._doubled(root, step, flow)
                if doubled is not None:
                    yield doubled, doubled.span
        if self.products:
            yield from self._repeated(root, outcome)

    # -- results that are lost -------------------------------------------------------------------------------

    def _lost(self, discarded: Discarded, outcome: Outcome) -> bool:
        """Whether the statement itself made the tensor, without changing another one."""
        node, origin = discarded.node, discarded.value.origin
        if (
            not isinstance(node, ast.Call)
            or origin is None
            or origin.site is None
            or origin.site.node is not node
        ):
            return False
        if not origin.operands or origin.what.endswith("_"):
            return False
        if any(keyword.arg == "out" for keyword in node.keywords):
            return False
        if origin.layer is not None:
            built_here = isinstance(node.func, ast.Call)
            if is_keras(origin.layer):
                return built_here
            plain = origin.layer.cls.node is None and parameters_in(outcome, origin.layer) == []
            in_place = origin.layer.attrs.get("inplace", False) is not False
            return plain and not in_place and discarded.during is not None and not self._guarded(node)
        given = argument_node(origin.site, "inplace")
        in_place = given is not None and not (isinstance(given, ast.Constant) and given.value is False)
        return not in_place and discarded.during is not None and not self._guarded(node)

    def _guarded(self, node: ast.expr) -> bool:
        """Whether it stands in a `try` or `with`: there it may be run for the error that it may raise."""
        function = self.index.function(node)
        if function is None:
            return False
        blocks = [each for each in ast.walk(function) if isinstance(each, (ast.Try, ast.With))]
        return any(node is inner for block in blocks for inner in ast.walk(block))

    def _statement(self, root: str, discarded: Discarded) -> Found:
        node = discarded.node
        assert isinstance(node, ast.Call)
        span = span_of(node, discarded.filename)
        fix = None
        name = _changed(node, self.index.imported)
        if name:
            _, start, _ = self.sources.locate(span)
            edit = Edit(f"{name} = ", start, start)
            fix = Fix(Applicability.UNSAFE, f"bind the result: {name} = …", (edit,))
        subject = DroppedResult(
            sources=self.sources,
            root=root,
            operation=shortened(ast.unparse(node.func)),
            name="",
            fix=fix,
            span=span,
        )
        return subject, span

    def _unread(self, root: str, call: Called) -> DroppedResult | None:
        """A layer's result that is bound to a name which its function never reads."""
        bound = None if call.site is None else self.unread.get(id(call.site.node))
        if bound is None or call.module.cls.node is not None or not isinstance(call.output, Tensor):
            return None
        if not is_keras(call.module) and call.parent is None:
            return None
        return DroppedResult(
            sources=self.sources,
            root=root,
            operation=shortened(ast.unparse(bound.call.func)),
            name=bound.target.id,
            fix=None,
            span=span_of(bound.target, self.filename),
        )

    def _reads(self, function: FunctionNode, name: str) -> bool:
        """Whether a function reads a name, or may, by way of its scope."""
        read = self.read.get(id(function))
        if read is None:
            read = self.read[id(function)] = _names_read(function)
        return name in read or not _SCOPES.isdisjoint(read)

    # -- sums of one thing -----------------------------------------------------------------------------------

    def _doubled(self, root: str, step: Step, flow: Flow) -> Doubled | None:
        site = None if step.result.origin is None else step.result.origin.site
        if site is None or not self.sources.accepts(site.filename):
            return None
        name = _same_name(site.node, step.what)
        if not name or not _from_layer(flow, step.operands[0]):
            return None
        operation = shortened(ast.unparse(site.node))
        return Doubled(sources=self.sources, root=root, name=name, operation=operation, span=site.span)

    # -- lists that hold one layer several times -------------------------------------------------------------

    def _repeated(self, root: str, outcome: Outcome) -> Iterator[Found]:
        built: dict[int, Instance] = {}
        layers = [each.layer for each in outcome.trace.built]
        for module in (*modules_of(outcome), *layers):
            if module.site is not None:
                built[id(module.site.node)] = module
        for product in self.products:
            for call in product.calls:
                layer = built.get(id(call))
                sizes = None if layer is None else parameters_in(outcome, layer)
                known = [size for t in sizes or () if isinstance(size := t.elements, int)]
                if layer is None or not known:
                    continue
                span = span_of(product.node, self.filename)
                subject = Repeated(
                    sources=self.sources,
                    root=root,
                    layer=layer.cls.name,
                    times=shortened(ast.unparse(product.times)),
                    params=sum(known),
                    span=span,
                )
                yield subject, span

    def _product(self, node: ast.BinOp) -> Product | None:
        """A list display times a number that may be above 1; None for any other."""
        if not isinstance(node.op, ast.Mult):
            return None
        elements, times = _parts(node)
        once = isinstance(times, ast.Constant) and isinstance(times.value, int) and times.value < 2
        calls = () if once else tuple(filter(None, map(self._construction, elements)))
        return Product(node, calls, times) if calls else None

    def _construction(self, element: ast.expr) -> ast.Call | None:
        """The call that an element of a list display is, or that made the local name which it is."""
        if isinstance(element, ast.Call):
            return element
        function = self.index.function(element)
        if not isinstance(element, ast.Name) or function is None:
            return None
        values = [
            each.value
            for each in ast.walk(function)
            if isinstance(each, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == element.id for t in each.targets)
        ]
        return values[0] if len(values) == 1 and isinstance(values[0], ast.Call) else None


def _parts(node: ast.BinOp) -> tuple[list[ast.expr], ast.expr]:
    display, times = (
        (node.left, node.right) if isinstance(node.left, (ast.List, ast.Tuple)) else (node.right, node.left)
    )
    return (display.elts if isinstance(display, (ast.List, ast.Tuple)) else []), times


def _changed(node: ast.Call, modules: Set[str]) -> str:
    """The name that the statement was meant to change: the method's receiver, else the first argument."""
    match node.func, node.args:
        case ast.Attribute(value=ast.Name(id=name)), _ if name != "self" and name not in modules:
            return name
        case _, [ast.Name(id=name), *_]:
            return name
    return ""


def _names_read(function: FunctionNode) -> set[str]:
    """The names that a function reads, or may read because they are not local ones."""
    found: set[str] = set()
    for node in nodes_of(function):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.AugAssign(target=ast.Name(id=name)):
                found.add(name)
    return found


def _same_name(node: ast.AST, what: str) -> str:
    """The name that both operands of a sum are written as."""
    match node:
        case ast.AugAssign(target=ast.Name(id=left), op=ast.Add(), value=ast.Name(id=right)):
            pass
        case ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=ast.Name(id=right)):
            pass
        case ast.Call(args=[ast.Name(id=left), ast.Name(id=right)]) if what.lower() == "add":
            pass
        case ast.Call(args=[ast.List(elts=[ast.Name(id=left), ast.Name(id=right)])]) if what.lower() == "add":
            pass
        case _:
            return ""
    return left if left == right else ""


def _from_layer(flow: Flow, tensor: Tensor) -> bool:
    """Whether a layer made the tensor, operations of one operand aside."""
    step = flow.maker(tensor)
    for _ in range(_LOOKED_BACK):
        if step is None or not step.operands:
            return False
        if step.layer is not None:
            return True
        step = flow.maker(step.operands[0])
    return False
