"""The nodes of a syntax tree, gathered once: what an editor shows of a file looks at them after each edit."""

from __future__ import annotations

import ast

_WORDS = frozenset(("ctx", "op", "ops"))
"""Fields whose nodes hold nothing: how a name is used, which operator it is."""


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """A node and all nodes in it but contexts and operators, in the order of `ast.walk`."""
    found = [root]
    for node in found:  # grows on the way
        for name in node._fields:
            if name in _WORDS:
                continue
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
    return found
