"""What stands for an argument that no code passes: a symbol where it is a number, else an unknown value.

Law: a symbol is an integer of at least 1. A parameter is taken for one only where its class never treats it
as anything else: compares it with a string or None, tests its truth, calls, iterates or subscripts it.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from convlint.dims import Expr, symbol
from convlint.interp.frame import Code
from convlint.source.nodes import nodes_of
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
    return _stand_ins(needed, code, cls)


def optional_arguments(function: Function, cls: Class | None) -> dict[str, Value]:
    """The parameters with defaults, each with what stands for it where nobody says what is passed."""
    code = function.code
    assert isinstance(code, Code)
    names = code.parameters[1:] if cls is not None else code.parameters
    defaults = dict(zip(names[len(names) - len(function.defaults) :], function.defaults, strict=False))
    defaults.update(function.kw_defaults)
    numbers = _stand_ins([name for name, default in defaults.items() if _is_number(default)], code, cls)
    return {name: numbers[name] if name in numbers else unknown(name) for name in defaults}


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


def _stand_ins(names: Sequence[str], code: Code, cls: Class | None) -> dict[str, Value]:
    notes = {name: _annotation(code.node, name) for name in names}
    maybe = {name for name, note in notes.items() if note in (None, "int")}
    scope: ast.AST = code.node if cls is None or cls.node is None else cls.node
    numbers = maybe - _other_than_numbers(scope) if maybe else maybe
    return {name: symbol(name) if name in numbers else unknown(name) for name in names}


def _annotation(function: ast.AST, name: str) -> str | None:
    arguments = getattr(function, "args", None)
    if not isinstance(arguments, ast.arguments):
        return None
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == name and argument.annotation is not None:
            return ast.unparse(argument.annotation)
    return None


def _other_than_numbers(scope: ast.AST) -> set[str]:
    """The names, of variables and of attributes, that the code treats as something a number is not."""
    treated = (_treated(node) for node in nodes_of(scope))
    return {name for node in itertools.chain.from_iterable(treated) if (name := _name(node)) is not None}


def _name(node: ast.AST | None) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
    return None


def _treated(node: ast.AST) -> Sequence[ast.AST]:
    """What a node asks more of than a number has."""
    match node:
        case ast.If(test=asked) | ast.While(test=asked) | ast.IfExp(test=asked) | ast.Assert(test=asked):
            return (asked,)
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not(), operand=asked):
            return (asked,)
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [left, *others]
            plain = all(isinstance(op, (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for op in ops)
            return () if plain and all(map(_maybe_number, sides)) else sides
        case ast.Call(func=function, args=arguments):
            asks = isinstance(function, ast.Name) and function.id in _ASK_FOR_MORE
            return (function, *arguments) if asks else (function,)
        case ast.Subscript(value=asked) | ast.Attribute(value=asked) | ast.Starred(value=asked):
            return (asked,)
        case ast.For(iter=asked) | ast.comprehension(iter=asked):
            return (asked,)
        case ast.Match(subject=asked):
            return (asked,)
    return ()


def _maybe_number(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    return not isinstance(node, (ast.Tuple, ast.List, ast.Dict, ast.Set, ast.JoinedStr))
