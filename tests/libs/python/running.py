"""Running source in the interpreter, for tests of what Python's names mean to it."""

from __future__ import annotations

import ast

from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.scope import Kind, Scope
from convlint.interp.statements import statement
from convlint.values import Namespace


def run(source: str, **names: object) -> dict[str, object]:
    """Evaluate module-level code with some names given; what it binds. Raises `Raised` as the code does."""
    machine = Machine(Loader())
    namespace = Namespace("__main__", {"__name__": "__main__", **names}, "snippet.py")
    context = Context("snippet.py", Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, namespace.attrs)
    for node in ast.parse(source).body:
        statement(node, context)(frame)
    return namespace.attrs


def value(source: str, **names: object) -> object:
    """Evaluate an expression."""
    return run(f"result = {source}", **names)["result"]
