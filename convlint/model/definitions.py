"""What the text of a file says of its roots: what it defines at its top, and what it calls itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set

from convlint.source.nodes import nodes_of

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Definition = FunctionNode | ast.ClassDef
_YIELDS = frozenset((ast.Yield, ast.YieldFrom))


def definitions(body: Iterable[ast.stmt]) -> Iterator[Definition]:
    """Definitions at the top of a file, inside `if`, `try` and `with` too (what `except` makes stands in for
    it); of one name the last.
    """
    found: dict[str, Definition] = {}
    waiting = list(body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.pop(node.name, None)
            found[node.name] = node
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            waiting = [*node.body, *getattr(node, "orelse", []), *waiting]
    return iter(found.values())


def asks_whether_it_is_run(tree: ast.Module) -> bool:
    """Whether the code at the top of a file does something else when it is run than when it is imported."""
    tests = (node.test for node in tree.body if isinstance(node, ast.If))
    return any(isinstance(n, ast.Name) and n.id == "__name__" for test in tests for n in ast.walk(test))


def called_by_the_program(tree: ast.Module) -> set[str]:
    """The functions that module-level code calls without arguments: the program's own run shows what they
    do.
    """
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                continue
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])):
                found.add(name)
        waiting += ast.iter_child_nodes(node)
    return found


def callable_without_arguments(node: FunctionNode) -> bool:
    """Whether a function may be called so, and does more than make a generator."""
    arguments = node.args
    if arguments.vararg is not None:
        return False
    positional = len(arguments.posonlyargs) + len(arguments.args) <= len(arguments.defaults)
    if not positional or None in arguments.kw_defaults:
        return False
    return _YIELDS.isdisjoint(each.__class__ for each in nodes_of(node))


def may_be_root(node: Definition, run: Set[str], called: Set[int]) -> bool:
    """Whether a definition may be a root besides the program: a class that the program never `called` (by the
    `id`s of their nodes), a function that it has not `run` (by their names).
    """
    if isinstance(node, ast.ClassDef):
        return id(node) not in called
    return node.name not in run and callable_without_arguments(node)
