"""The nodes of a syntax tree, gathered once: what looks at a file after each edit looks at them."""

from __future__ import annotations

import ast
from functools import cache

_WORDS = frozenset(("ctx", "op", "ops", "id", "attr", "arg", "type_comment"))
"""Fields whose nodes hold nothing (how a name is used, which operator it is), and names."""
_LEAVES = frozenset((ast.Name, ast.Constant))
"""Half of all nodes: they hold no other."""


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """A node and all nodes in it but contexts and operators, in the order of `ast.walk`."""
    found = [root]
    for node in found:  # grows on the way
        if node.__class__ not in _LEAVES:
            found += children_of(node)
    return found


def parents_in(root: ast.AST) -> tuple[list[ast.AST], dict[int, ast.AST]]:
    """What `nodes_of` finds, and for each of these by its `id` the node that holds it."""
    found, parents = [root], dict[int, ast.AST]()
    for node in found:  # grows on the way
        if node.__class__ not in _LEAVES:
            held = children_of(node)
            found += held
            for each in held:
                parents[id(each)] = node
    return found, parents


def children_of(node: ast.AST) -> list[ast.AST]:
    """The nodes that a node holds itself, but contexts and operators, in their order."""
    found: list[ast.AST] = []
    for name in _holding(node._fields):
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif value and isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
    return found


@cache
def _holding(fields: tuple[str, ...]) -> tuple[str, ...]:
    """The fields in which a kind of node may hold others, of all that it has."""
    return tuple(name for name in fields if name not in _WORDS)
