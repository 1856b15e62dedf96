"""The nodes of a syntax tree, gathered once: what looks at a file after each edit looks at them."""

from __future__ import annotations

import ast

_WORDS = frozenset(("ctx", "op", "ops"))
"""Fields whose nodes hold nothing: how a name is used, which operator it is."""
_LEAVES = frozenset((ast.Name, ast.Constant))
"""Half of all nodes: they hold no other."""


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """A node and all nodes in it but contexts and operators, in the order of `ast.walk`."""
    found = [root]
    for node in found:  # grows on the way
        if node.__class__ not in _LEAVES:
            found += children_of(node)
    return found


def children_of(node: ast.AST) -> list[ast.AST]:
    """The nodes that a node holds itself, but contexts and operators, in their order."""
    found: list[ast.AST] = []
    for name in node._fields:
        if name not in _WORDS:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found
