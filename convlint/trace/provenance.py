"""Where a number was written: from a constructor's argument back through the calls that handed it on."""

from __future__ import annotations

import ast
from collections.abc import Callable

from convlint.values import Site, Span, span_of

Accepts = Callable[[str], bool]
"""Whether a file is one that is linted: findings sit only there."""


def argument_node(site: Site, name: str) -> ast.expr | None:
    """The expression that a call passes for a parameter; None where it passes none, or through a star."""
    node = site.node
    if not isinstance(node, ast.Call):
        return None
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    if not site.parameters or name not in site.parameters:
        return None
    index = site.parameters.index(name)
    before = node.args[: index + 1]
    if len(before) <= index or any(isinstance(arg, ast.Starred) for arg in before):
        return None
    return before[index]


def written_at(site: Site, argument: str, accepts: Accepts, *, through: bool = False) -> Span | None:
    """The span where the value of a call's argument was written, in a file that is linted.

    A parameter that is handed on unchanged, by name or among `**kwargs`, leads to the caller's argument,
    and so
    on outward; `through` goes on past an expression of a single parameter, `2 * width`, too. None where the
    argument was not written in such a file: point at a call then (`call_in`).
    """
    found: Span | None = None
    here: Site | None = site
    node = argument_node(site, argument)
    while node is None and here is not None and _hands_keywords_on(here):
        here = here.parent
        node = None if here is None else _keyword(here, argument)
    while node is not None and here is not None:
        if accepts(here.filename):
            found = span_of(node, here.filename)
        outer = here.parent
        name = None if outer is None else _parameter(node, outer.parameters or (), through)
        if name is None or outer is None:
            break
        node, here = argument_node(outer, name), outer
    return found


def _parameter(node: ast.expr, parameters: tuple[str, ...], through: bool) -> str | None:
    """The parameter that an expression is, or with `through` the only one that it holds."""
    if isinstance(node, ast.Name):
        return node.id if node.id in parameters else None
    if not through:
        return None
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names.pop() if len(names) == 1 and names <= set(parameters) else None


def _hands_keywords_on(site: Site) -> bool:
    """Whether the call passes `**kwargs`: an argument may come from the caller's keywords."""
    return isinstance(site.node, ast.Call) and any(
        keyword.arg is None and isinstance(keyword.value, ast.Name) for keyword in site.node.keywords
    )


def _keyword(site: Site, name: str) -> ast.expr | None:
    if not isinstance(site.node, ast.Call):
        return None
    return next((keyword.value for keyword in site.node.keywords if keyword.arg == name), None)


def call_in(site: Site | None, accepts: Accepts) -> Span | None:
    """The innermost call of the chain that stands in a linted file."""
    while site is not None:
        if accepts(site.filename):
            return site.span
        site = site.parent
    return None
