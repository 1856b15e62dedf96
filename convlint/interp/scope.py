"""Static scoping: which frame a name lives in
(docs.python.org/3/reference/executionmodel.html#naming-and-binding).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from enum import Enum, auto

from msgspec import Struct

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

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


class Bindings(Struct, frozen=True):
    """The names that a body binds, declares global and declares nonlocal, nested scopes left out; whether it
    yields.
    """

    bound: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    yields: bool


def function_scope(node: FunctionNode, own: Bindings, parent: Scope) -> Scope:
    """The scope of a function: its parameters and whatever its body binds."""
    args = node.args
    names = {a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs)}
    names |= {a.arg for a in (args.vararg, args.kwarg) if a is not None}
    scope = Scope(Kind.FUNCTION, parent, names | own.bound, own.globals | own.nonlocals)
    scope.globals = set(own.globals)
    return scope


def function_bindings(node: FunctionNode) -> Bindings:
    """What the body of a function binds."""
    return bindings([node.body] if isinstance(node, ast.Lambda) else node.body)


def bindings(body: Iterable[ast.AST]) -> Bindings:
    """What statements bind: functions and classes are seen, not entered; a walrus in a comprehension binds
    here.
    """
    bound: set[str] = set()
    global_: set[str] = set()
    nonlocal_: set[str] = set()
    yields = False
    stack = list(body)
    while stack:
        node = stack.pop()
        if node.__class__ not in _TELLING:
            _push_children(stack, node)
            continue
        match node:
            case ast.Name(id=name, ctx=context):
                if not isinstance(context, ast.Load):
                    bound.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {a.asname or a.name.partition(".")[0] for a in names}
            case ast.Global(names=names):
                global_ |= set(names)
            case ast.Nonlocal(names=names):
                nonlocal_ |= set(names)
            case ast.Lambda(args=args):
                stack += _defaults(args)
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                bound.add(name)
                stack += [*node.decorator_list, *_defaults(args)]
            case ast.ClassDef(name=name):
                bound.add(name)
                stack += [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                stack += [n.target for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]
                stack.append(node.generators[0].iter)
            case ast.ExceptHandler(name=other) | ast.MatchAs(name=other) | ast.MatchStar(name=other):
                bound |= {other} if other else set()
                _push_children(stack, node)
            case ast.MatchMapping(rest=other):
                bound |= {other} if other else set()
                _push_children(stack, node)
            case ast.Yield() | ast.YieldFrom():
                yields = True
                _push_children(stack, node)
    return Bindings(frozenset(bound), frozenset(global_), frozenset(nonlocal_), yields)


_TELLING = frozenset(
    (
        *(ast.Name, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.ExceptHandler),
        *(ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, *COMPREHENSIONS),
        *(ast.MatchAs, ast.MatchStar, ast.MatchMapping, ast.Yield, ast.YieldFrom),
    )
)
"""Nodes that bind names, are scopes of their own, or make a generator of their function."""


def _push_children(stack: list[ast.AST], node: ast.AST) -> None:
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            stack += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            stack.append(value)


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(d for d in args.kw_defaults if d is not None)]
