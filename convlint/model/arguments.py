"""What stands for an argument that no code passes: a symbol where it is a number, else an unknown value.

Law: a symbol is an integer of at least 1. A parameter is taken for one only where its class never treats it
as anything else: compares it with a string or None, tests its truth, calls, iterates or subscripts it.
"""

from __future__ import annotations

import ast

from convlint.dims import Expr, symbol
from convlint.interp.frame import Code
from convlint.values import Class, Function, Unknown, Value

_ASK_FOR_MORE = frozenset(
    (
        "isinstance", "issubclass", "len", "list", "tuple", "set", "dict", "enumerate", "zip", "sum",
        "callable",
        "getattr", "hasattr", "iter", "sorted", "reversed", "str",
    )
)  # fmt: skip


def required_arguments(function: Function, cls: Class | None) -> dict[str, Value]:
    """The parameters that must be passed (the receiver left out), each with what stands for it."""
    code = function.code
    assert isinstance(code, Code)
    names = code.parameters[1:] if cls is not None else code.parameters
    needed = [*names[: max(0, len(names) - len(function.defaults))]]
    needed += [name for name in code.keyword_only if name not in function.kw_defaults]
    scope: ast.AST = code.node if cls is None or cls.node is None else cls.node
    return {name: _stand_in(name, code.node, scope) for name in needed}


def optional_arguments(function: Function, cls: Class | None) -> dict[str, Value]:
    """The parameters with defaults, each with what stands for it where nobody says what is passed."""
    code = function.code
    assert isinstance(code, Code)
    names = code.parameters[1:] if cls is not None else code.parameters
    defaults = dict(zip(names[len(names) - len(function.defaults) :], function.defaults, strict=False))
    defaults.update(function.kw_defaults)
    scope: ast.AST = code.node if cls is None or cls.node is None else cls.node
    return {
        name: _stand_in(name, code.node, scope) if _is_number(default) else unknown(name)
        for name, default in defaults.items()
    }


def left_out(function: Value) -> dict[str, Value]:
    """What stands for the parameters whose default is None: it says that whoever calls may pass one."""
    if not isinstance(function, Function) or not isinstance(function.code, Code):
        return {}
    names = function.code.parameters
    defaults = dict(zip(names[len(names) - len(function.defaults) :], function.defaults, strict=False))
    defaults.update(function.kw_defaults)
    return {name: unknown(name) for name, default in defaults.items() if default is None}


def unknown(name: str) -> Unknown:
    """An argument that may be anything."""
    return Unknown(f"the argument {name} is not known")


def _is_number(default: Value) -> bool:
    return isinstance(default, (int, Expr)) and not isinstance(default, bool)


def _stand_in(name: str, function: ast.AST, scope: ast.AST) -> Value:
    note = _annotation(function, name)
    if note not in (None, "int") or _other_than_number(name, scope):
        return unknown(name)
    return symbol(name)


def _annotation(function: ast.AST, name: str) -> str | None:
    arguments = getattr(function, "args", None)
    if not isinstance(arguments, ast.arguments):
        return None
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == name and argument.annotation is not None:
            return ast.unparse(argument.annotation)
    return None


def _other_than_number(name: str, scope: ast.AST) -> bool:
    """Whether the code treats the name, or the attribute of that name, as something a number is not."""
    return any(_asks_for_more(node, name) for node in ast.walk(scope))


def _asks_for_more(node: ast.AST, name: str) -> bool:
    def means(expression: ast.AST | None) -> bool:
        match expression:
            case ast.Name(id=found) | ast.Attribute(value=ast.Name(id="self"), attr=found):
                return found == name
        return False

    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return means(test)
        case ast.BoolOp(values=values):
            return any(means(value) for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return means(operand)
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [left, *others]
            plain = all(isinstance(op, (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in ops)
            return any(means(side) for side in sides) and not (plain and all(map(_maybe_number, sides)))
        case ast.Call(func=function, args=arguments):
            asks = isinstance(function, ast.Name) and function.id in _ASK_FOR_MORE
            return means(function) or (asks and any(means(argument) for argument in arguments))
        case ast.Subscript(value=value) | ast.Attribute(value=value) | ast.Starred(value=value):
            return means(value)
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            return means(iterated)
        case ast.Match(subject=subject):
            return means(subject)
    return False


def _maybe_number(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    return not isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr))
