"""Shapes in annotations as jaxtyping writes them: `x: Float[Tensor, "batch 3 h w"]`."""

from __future__ import annotations

import ast

from convlint.dims import Dim, parse, symbol

_DTYPES = {
    "Float": "float32", "Float32": "float32", "Float16": "float16", "Float64": "float64",
    "BFloat16": "bfloat16",
    "Num": "float32", "Real": "float32", "Inexact": "float32", "Shaped": "float32",
    "Int": "int64", "Int64": "int64", "Int32": "int32", "Integer": "int64", "UInt8": "uint8", "Bool": "bool",
}  # fmt: skip


def annotated(function: ast.AST, name: str) -> tuple[tuple[Dim, ...], str] | None:
    """Shape and dtype that a parameter's annotation gives; None where it gives no whole shape."""
    arguments = getattr(function, "args", None)
    if not isinstance(arguments, ast.arguments):
        return None
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if argument.arg == name:
            return _of(argument.annotation)
    return None


def _of(note: ast.expr | None) -> tuple[tuple[Dim, ...], str] | None:
    match note:
        case ast.Subscript(value=kind, slice=ast.Tuple(elts=[_, ast.Constant(value=str() as text)])):
            dtype = _DTYPES.get(_last(kind))
            axes = [_axis(word, number) for number, word in enumerate(text.split())]
            known = tuple(axis for axis in axes if axis is not None)
            return (known, dtype) if dtype and len(known) == len(axes) and axes else None
    return None


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _axis(word: str, number: int) -> Dim | None:
    """One word: a number, a name, `name=4`, `_`, arithmetic; None for `*rest` and what broadcasts."""
    word = word.rpartition("=")[2]
    if word == "_" or (word.startswith("_") and word[1:].isidentifier()):
        return symbol(f"axis{number}")
    if not word or word[0] in "*#?.":
        return None
    try:
        return parse(word)
    except ValueError:
        return None
