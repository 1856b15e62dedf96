"""The nodes of newer Pythons, for those whose `ast` lacks them.

Law: where the running `ast` has a node, that one is made; elsewhere a class of the same name and fields, so
that walking (`ast.walk`, `ast.iter_child_nodes`) and reading need no case for versions.
"""

import ast
import sys
from typing import TYPE_CHECKING

_PLACED = ("lineno", "col_offset", "end_lineno", "end_col_offset")

if sys.version_info >= (3, 12):
    from ast import ParamSpec, TypeAlias, TypeVar, TypeVarTuple
else:

    class TypeVar(ast.AST):
        """A type parameter `T`, `T: bound`; PEP 695."""

        _fields = ("name", "bound", "default_value")
        _attributes = _PLACED
        default_value: ast.expr | None = None
        if TYPE_CHECKING:

            def __init__(self, name: str, bound: ast.expr | None = None) -> None: ...

    class TypeVarTuple(ast.AST):
        """A type parameter `*Ts`; PEP 695."""

        _fields = ("name", "default_value")
        _attributes = _PLACED
        default_value: ast.expr | None = None
        if TYPE_CHECKING:

            def __init__(self, name: str) -> None: ...

    class ParamSpec(ast.AST):
        """A type parameter `**P`; PEP 695."""

        _fields = ("name", "default_value")
        _attributes = _PLACED
        default_value: ast.expr | None = None
        if TYPE_CHECKING:

            def __init__(self, name: str) -> None: ...

    class TypeAlias(ast.stmt):
        """The statement `type X = …`; PEP 695."""

        _fields = ("name", "type_params", "value")
        if TYPE_CHECKING:

            def __init__(self, name: ast.Name, type_params: list[ast.AST], value: ast.expr) -> None: ...


if sys.version_info >= (3, 14):
    from ast import Interpolation, TemplateStr
else:

    class TemplateStr(ast.expr):
        """A template string, `t"…"`; PEP 750."""

        _fields = ("values",)
        if TYPE_CHECKING:

            def __init__(self, values: list[ast.expr]) -> None: ...

    class Interpolation(ast.expr):
        """An expression in a template string, with its source in `str`; PEP 750."""

        _fields = ("value", "str", "conversion", "format_spec")
        if TYPE_CHECKING:

            def __init__(
                self, value: ast.expr, source: object, conversion: int, format_spec: ast.expr | None
            ) -> None: ...


class UnpackingDictComp(ast.expr):
    """`{**value for …}`; PEP 798."""

    _fields = ("value", "generators")
    if TYPE_CHECKING:

        def __init__(self, value: ast.expr, generators: list[ast.comprehension]) -> None: ...


__all__ = [
    "Interpolation",
    "ParamSpec",
    "TemplateStr",
    "TypeAlias",
    "TypeVar",
    "TypeVarTuple",
    "UnpackingDictComp",
]
