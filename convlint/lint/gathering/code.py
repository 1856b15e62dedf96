"""What source says of itself, read from its tree: what a class assigns to its attributes and reads of them,
which statement and function an expression stands in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar, cast

from msgspec import Struct, field

from convlint.model.members import class_codes
from convlint.source.nodes import nodes_of, parents_in
from convlint.trace import Class, Site

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
N = TypeVar("N", bound=ast.AST)
CONSTRUCTORS = ("__init__", "build", "__new__")
_WALKS = frozenset(
    ("children", "named_children", "modules", "named_modules", "_modules", "__dict__", "layers")
)


class Written(Struct, frozen=True):
    """`self.name = value` in a method of a class."""

    name: str
    statement: ast.stmt
    target: ast.Attribute
    value: ast.expr
    method: FunctionNode


class ClassCode(Struct):
    """One class body: what its methods assign to attributes, and which names methods other than the
    constructors read.
    """

    node: ast.ClassDef
    filename: str
    written: dict[str, list[Written]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    reflective: bool = False
    """Whether a method gets at attributes by names that it makes, or by going through all, and calls them."""

    def __post_init__(self) -> None:
        for method in self.methods:
            self._look(method)

    @property
    def methods(self) -> Iterator[FunctionNode]:
        """The functions of the body."""
        return (each for each in self.node.body if isinstance(each, FUNCTIONS))

    def _look(self, method: FunctionNode) -> None:
        constructs = method.name in CONSTRUCTORS
        own = method.args.args[0].arg if method.args.args else ""
        walks = calls = False
        for node in nodes_of(method):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._assigned(target, value, node, method, own)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assigned(target, value, node, method, own)
                case ast.Attribute(value=receiver, attr=name, ctx=ast.Load()):
                    walks = walks or name in _WALKS
                    if not constructs and isinstance(receiver, ast.Name) and receiver.id == own:
                        self.read.add(name)
                case ast.Constant(value=str() as text):
                    self.read.add(text)
                case ast.Call(func=ast.Name(id="getattr"), args=[_, wanted, *_]):
                    walks = walks or not isinstance(wanted, ast.Constant)
                    calls = calls or not isinstance(wanted, ast.Constant)
                case ast.Call(func=ast.Name(id="vars" | "locals")):
                    walks = True
                case ast.Call(func=ast.Name() | ast.Call() | ast.Subscript()):
                    calls = True
        self.reflective = self.reflective or (walks and calls and not constructs)

    def _assigned(
        self, target: ast.expr, value: ast.expr, statement: ast.stmt, method: FunctionNode, own: str
    ) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == own:
                self.written.setdefault(attr, []).append(Written(attr, statement, target, value, method))


class Codes:
    """The code of classes, each looked at once."""

    def __init__(self) -> None:
        self._seen: dict[int, ClassCode] = {}
        self._lines: dict[int, tuple[Class, list[ClassCode]]] = {}

    def line_of(self, cls: Class) -> list[ClassCode]:
        """The code of a class and of its bases, nearest first."""
        found = self._lines.get(id(cls))
        if found is None:
            line = [self.of(node, filename) for node, filename in class_codes(cls)]
            found = self._lines[id(cls)] = cls, line
        return found[1]

    def of(self, node: ast.ClassDef, filename: str) -> ClassCode:
        """What a class body says."""
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = ClassCode(node, filename)
        return found


class TreeIndex:
    """The statement and the function that each expression of a file stands in."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree

    @cached_property
    def _walked(self) -> tuple[list[ast.AST], dict[int, ast.AST]]:
        return parents_in(self.tree)

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {}
        for node in self._walked[0]:
            found.setdefault(node.__class__, []).append(node)
        return found

    def of(self, kind: type[N]) -> list[N]:
        """The nodes of a kind, in the order of the file's levels."""
        return cast("list[N]", self._by_kind.get(kind, []))

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names that imports bind."""
        names = [each for node in self.of(ast.Import) for each in node.names]
        names += [each for node in self.of(ast.ImportFrom) for each in node.names]
        return frozenset(each.asname or each.name.partition(".")[0] for each in names)

    @cached_property
    def read(self) -> frozenset[str]:
        """The attributes that the file reads of anything but `self` and imported modules."""
        chains = self.of(ast.Attribute)
        return frozenset(n.attr for n in chains if isinstance(n.ctx, ast.Load) and self._of_object(n))

    @cached_property
    def assignments(self) -> dict[str, list[ast.Assign]]:
        """The assignments to each name, in the order of the file's levels."""
        found: dict[str, list[ast.Assign]] = {}
        for node in self.of(ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node)
        return found

    def _of_object(self, node: ast.Attribute) -> bool:
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            return False
        head: ast.expr = node.value
        while isinstance(head, ast.Attribute):
            head = head.value
        return not (isinstance(head, ast.Name) and head.id in self.imported)

    def _parent(self, node: ast.AST) -> ast.AST | None:
        return self._walked[1].get(id(node))

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The innermost statement around a node of this tree."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self._parent(current)
        return current

    def function(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function around a node of this tree; None at module level, in classes and lambdas."""
        current = self._parent(node)
        while current is not None and not isinstance(current, FUNCTIONS):
            if isinstance(current, (ast.ClassDef, ast.Lambda)):
                return None
            current = self._parent(current)
        return current


def holds(outer: ast.AST, inner: ast.AST | None) -> bool:
    """Whether a node is, or stands in, another."""
    return inner is not None and any(each is inner for each in ast.walk(outer))


def stands_in(site: Site, node: ast.AST, filename: str) -> bool:
    """Whether a call of the chain to a site stands in a node of a file."""
    return any(each.filename == filename and _encloses(node, each.node) for each in site.chain())


def _encloses(outer: ast.AST, inner: ast.AST) -> bool:
    return _start(outer) <= _start(inner) and _end(inner) <= _end(outer)


def _start(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)


def unconditional(function: FunctionNode, node: ast.AST) -> bool:
    """Whether a node stands in a plain statement of a function's own block, which every call runs."""
    plain = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)
    return any(isinstance(each, plain) and holds(each, node) for each in function.body)
