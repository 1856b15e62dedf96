"""Parameters of functions and lambdas, and type parameters."""

import ast
from collections.abc import Iterable

import libcst as cst

from convlint.syntax import nodes
from convlint.syntax.cursor import Cursor
from convlint.syntax.expressions import LOAD, comma, expression, identifier


def parameters(c: Cursor, node: cst.Parameters) -> ast.arguments:
    """Lower what stands between a function's parentheses, or between `lambda` and its colon."""
    defaults: list[ast.expr] = []
    keyword_defaults: list[ast.expr | None] = []

    def take(params: Iterable[cst.Param]) -> list[ast.arg]:
        taken = []
        for param in params:
            taken.append(_argument(c, param))
            default = _default(c, param)
            if default is not None:
                defaults.append(default)
            comma(c, param)
        return taken

    positional_only = take(node.posonly_params)
    if isinstance(node.posonly_ind, cst.ParamSlash):
        c.i += 1
        comma(c, node.posonly_ind)
    positional = take(node.params)
    rest = _rest(c, node.star_arg)
    keyword_only = []
    for param in node.kwonly_params:
        keyword_only.append(_argument(c, param))
        keyword_defaults.append(_default(c, param))
        comma(c, param)
    keywords = _rest(c, node.star_kwarg)
    return ast.arguments(
        positional_only, positional, rest, keyword_only, keyword_defaults, keywords, defaults
    )


def _rest(c: Cursor, node: cst.Param | cst.ParamStar | cst.MaybeSentinel | None) -> ast.arg | None:
    if not isinstance(node, cst.Param | cst.ParamStar):
        return None
    c.i += 1
    argument = _argument(c, node) if isinstance(node, cst.Param) else None
    comma(c, node)
    return argument


def _argument(c: Cursor, param: cst.Param) -> ast.arg:
    start = c.i
    name = identifier(c, param.name)
    annotation = None
    if param.annotation is not None:
        c.i += 1
        annotation = expression(c, param.annotation.annotation)
    return c.at(start, ast.arg(name, annotation))


def _default(c: Cursor, param: cst.Param) -> ast.expr | None:
    if param.default is None:
        return None
    c.i += 1
    return expression(c, param.default)


def type_parameters(c: Cursor, node: cst.TypeParameters | None) -> list[ast.AST]:
    """Lower `[T: bound = default, *Ts, **P]` after the name of a class, function or type alias."""
    if node is None:
        return []
    c.i += 1
    lowered = []
    for parameter in node.params:
        lowered.append(_type_parameter(c, parameter))
        comma(c, parameter)
    c.i += 1
    return lowered


def _type_parameter(c: Cursor, node: cst.TypeParam) -> ast.AST:
    start = c.i
    result: ast.AST
    match node.param:
        case cst.TypeVar(name=name, bound=bound):
            text = identifier(c, name)
            if bound is not None:
                c.i += 1
            result = nodes.TypeVar(text, expression(c, bound) if bound is not None else None)
        case cst.TypeVarTuple(name=name):
            c.i += 1
            result = nodes.TypeVarTuple(identifier(c, name))
        case cst.ParamSpec(name=name):
            c.i += 1
            result = nodes.ParamSpec(identifier(c, name))
    if node.default is not None:
        c.i += 1
        result.default_value = _type_default(c, node)
    return c.at(start, result)


def _type_default(c: Cursor, node: cst.TypeParam) -> ast.expr:
    assert node.default is not None
    start = c.i
    if node.star:
        c.i += 1
        return c.at(start, ast.Starred(expression(c, node.default), LOAD))
    return expression(c, node.default)
