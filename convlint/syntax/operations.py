"""Operators, conditions, comprehensions, lambdas and what waits or yields."""

import ast

import libcst as cst

from convlint.syntax import nodes
from convlint.syntax.cursor import Cursor
from convlint.syntax.expressions import continues, expression, lowers, starred, target
from convlint.syntax.parameters import parameters

BINARY: dict[type[cst.CSTNode], ast.operator] = {
    cst.Add: ast.Add(),
    cst.Subtract: ast.Sub(),
    cst.Multiply: ast.Mult(),
    cst.Divide: ast.Div(),
    cst.FloorDivide: ast.FloorDiv(),
    cst.Modulo: ast.Mod(),
    cst.Power: ast.Pow(),
    cst.MatrixMultiply: ast.MatMult(),
    cst.LeftShift: ast.LShift(),
    cst.RightShift: ast.RShift(),
    cst.BitAnd: ast.BitAnd(),
    cst.BitOr: ast.BitOr(),
    cst.BitXor: ast.BitXor(),
}
_UNARY: dict[type[cst.CSTNode], ast.unaryop] = {
    cst.Minus: ast.USub(),
    cst.Plus: ast.UAdd(),
    cst.BitInvert: ast.Invert(),
    cst.Not: ast.Not(),
}
_COMPARE: dict[type[cst.CSTNode], tuple[ast.cmpop, int]] = {
    cst.LessThan: (ast.Lt(), 1),
    cst.GreaterThan: (ast.Gt(), 1),
    cst.Equal: (ast.Eq(), 1),
    cst.NotEqual: (ast.NotEq(), 1),
    cst.LessThanEqual: (ast.LtE(), 1),
    cst.GreaterThanEqual: (ast.GtE(), 1),
    cst.In: (ast.In(), 1),
    cst.NotIn: (ast.NotIn(), 2),
    cst.Is: (ast.Is(), 1),
    cst.IsNot: (ast.IsNot(), 2),
}
_AND, _OR = ast.And(), ast.Or()


@continues(cst.BinaryOperation)
def binary(c: Cursor, node: cst.BinaryOperation, left: ast.expr, start: int) -> ast.expr:
    c.i += 1
    return c.at(start, ast.BinOp(left, BINARY[type(node.operator)], expression(c, node.right)))


@continues(cst.Comparison)
def comparison(c: Cursor, node: cst.Comparison, left: ast.expr, start: int) -> ast.expr:
    operators, operands = [], []
    for part in node.comparisons:
        operator, width = _COMPARE[type(part.operator)]
        c.i += width
        operators.append(operator)
        operands.append(expression(c, part.comparator))
    return c.at(start, ast.Compare(left, operators, operands))


@lowers(cst.UnaryOperation)
def unary(c: Cursor, node: cst.UnaryOperation) -> ast.expr:
    start = c.i
    c.i += 1
    return c.at(start, ast.UnaryOp(_UNARY[type(node.operator)], expression(c, node.expression)))


@lowers(cst.BooleanOperation)
def boolean(c: Cursor, node: cst.BooleanOperation) -> ast.expr:
    """`a and b and c` is one operation of three values in `ast`, two of two in LibCST."""
    start = c.i
    kind = type(node.operator)
    right = [node.right]
    left = node.left
    while isinstance(left, cst.BooleanOperation) and not left.lpar and type(left.operator) is kind:
        right.append(left.right)
        left = left.left
    values = [expression(c, left)]
    for operand in reversed(right):
        c.i += 1
        values.append(expression(c, operand))
    return c.at(start, ast.BoolOp(_AND if kind is cst.And else _OR, values))


@lowers(cst.IfExp)
def conditional(c: Cursor, node: cst.IfExp) -> ast.expr:
    start = c.i
    body = expression(c, node.body)
    c.i += 1
    test = expression(c, node.test)
    c.i += 1
    return c.at(start, ast.IfExp(test, body, expression(c, node.orelse)))


@lowers(cst.NamedExpr)
def named(c: Cursor, node: cst.NamedExpr) -> ast.expr:
    start = c.i
    name = target(c, node.target)
    assert isinstance(name, ast.Name)
    c.i += 1
    return c.at(start, ast.NamedExpr(name, expression(c, node.value)))


@lowers(cst.Lambda)
def lambda_(c: Cursor, node: cst.Lambda) -> ast.expr:
    start = c.i
    c.i += 1
    arguments = parameters(c, node.params)
    c.i += 1
    return c.at(start, ast.Lambda(arguments, expression(c, node.body)))


@lowers(cst.Await)
def await_(c: Cursor, node: cst.Await) -> ast.expr:
    start = c.i
    c.i += 1
    return c.at(start, ast.Await(expression(c, node.expression)))


@lowers(cst.Yield)
def yield_(c: Cursor, node: cst.Yield) -> ast.expr:
    start = c.i
    c.i += 1
    match node.value:
        case None:
            return c.at(start, ast.Yield(None))
        case cst.From(item=item):
            c.i += 1
            return c.at(start, ast.YieldFrom(expression(c, item)))
        case value:
            return c.at(start, ast.Yield(expression(c, value)))


@lowers(cst.GeneratorExp)
def generator(c: Cursor, node: cst.GeneratorExp) -> ast.expr:
    """A generator has the place of its parentheses; where it is a call's only argument, of the call's."""
    start = c.i
    result = ast.GeneratorExp(_element(c, node.elt), _clauses(c, node.for_in))
    return c.between(start - 1, c.i, result)


@lowers(cst.ListComp)
def list_comprehension(c: Cursor, node: cst.ListComp) -> ast.expr:
    start = c.i
    c.i += 1
    result = ast.ListComp(_element(c, node.elt), _clauses(c, node.for_in))
    c.i += 1
    return c.at(start, result)


@lowers(cst.SetComp)
def set_comprehension(c: Cursor, node: cst.SetComp) -> ast.expr:
    start = c.i
    c.i += 1
    result = ast.SetComp(_element(c, node.elt), _clauses(c, node.for_in))
    c.i += 1
    return c.at(start, result)


@lowers(cst.DictComp)
def dict_comprehension(c: Cursor, node: cst.DictComp) -> ast.expr:
    start = c.i
    c.i += 1
    key = expression(c, node.key)
    c.i += 1
    value = expression(c, node.value)
    result = ast.DictComp(key, value, _clauses(c, node.for_in))
    c.i += 1
    return c.at(start, result)


@lowers(cst.StarredDictComp)
def unpacking_comprehension(c: Cursor, node: cst.StarredDictComp) -> ast.expr:
    start = c.i
    c.i += 2
    value = expression(c, node.value)
    result = nodes.UnpackingDictComp(value, _clauses(c, node.for_in))
    c.i += 1
    return c.at(start, result)


def _element(c: Cursor, node: cst.BaseExpression) -> ast.expr:
    return starred(c, node) if isinstance(node, cst.StarredElement) else expression(c, node)


def _clauses(c: Cursor, clause: cst.CompFor | None) -> list[ast.comprehension]:
    clauses = []
    while clause is not None:
        asynchronous = clause.asynchronous is not None
        c.i += 2 if asynchronous else 1
        names = target(c, clause.target)
        c.i += 1
        iterated = expression(c, clause.iter)
        conditions = []
        for condition in clause.ifs:
            c.i += 1
            conditions.append(expression(c, condition.test))
        clauses.append(ast.comprehension(names, iterated, conditions, int(asynchronous)))
        clause = clause.inner_for_in
    return clauses
