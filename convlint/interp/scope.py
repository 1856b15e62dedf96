"""Static scoping: which frame a name lives in
(docs.python.org/3/reference/executionmodel.html#naming-and-binding).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import Enum, auto

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Kind(Enum):
    """What a scope belongs to. A class scope is not seen from functions inside it."""

    MODULE = auto()
    CLASS = auto()
    FUNCTION = auto()
    COMPREHENSION = auto()


class Scope:
    """The names that a module, class, function or comprehension binds; `parent` is the enclosing scope."""

    def __init__(
        self, kind: Kind, parent: Scope | None, bound: Iterable[str] = (), outer: Iterable[str] = ()
    ) -> None:
        self.kind = kind
        self.parent = parent
        self.bound = set(bound) - set(outer)
        self.globals: set[str] = set()

    def depth_of(self, name: str) -> int | None:
        """How many frames up the name is bound; None: a global (or builtin) name."""
        if name in self.globals:
            return None
        depth = 0
        scope: Scope | None = self
        while scope is not None and scope.kind is not Kind.MODULE:
            visible = scope is self or scope.kind is not Kind.CLASS
            if visible and name in scope.globals:
                return None
            if visible and name in scope.bound:
                return depth
            scope = scope.parent
            depth += 1
        return None


def function_scope(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, parent: Scope) -> Scope:
    """The scope of a function: its parameters and whatever its body binds."""
    args = node.args
    names = {a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    names |= {a.arg for a in (args.vararg, args.kwarg) if a is not None}
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    bound, global_, nonlocal_ = bindings(body)
    scope = Scope(Kind.FUNCTION, parent, names | bound, global_ | nonlocal_)
    scope.globals = global_
    return scope


def bindings(body: Iterable[ast.AST]) -> tuple[set[str], set[str], set[str]]:
    """Names that statements bind, declare global and declare nonlocal, nested scopes left out."""
    bound: set[str] = set()
    global_: set[str] = set()
    nonlocal_: set[str] = set()
    for node in _own_nodes(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {a.asname or a.name.partition(".")[0] for a in names}
            case ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.Global(names=names):
                global_ |= set(names)
            case ast.Nonlocal(names=names):
                nonlocal_ |= set(names)
            case (
                ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name))
            ):
                bound.add(name)
    return bound, global_, nonlocal_


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a scope: functions and classes are seen, not entered; a comprehension's walrus binds
    here.
    """
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.Lambda):
            stack += [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            stack += [
                *node.decorator_list,
                *node.args.defaults,
                *(d for d in node.args.kw_defaults if d is not None),
            ]
        elif isinstance(node, ast.ClassDef):
            stack += [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
        elif isinstance(node, COMPREHENSIONS):
            stack += [n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]
            stack.append(node.generators[0].iter)
        else:
            stack += ast.iter_child_nodes(node)


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether the function yields."""
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    return any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in _own_nodes(body))
