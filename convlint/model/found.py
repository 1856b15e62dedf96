"""Inputs that the code itself gives a model: a comment on it, or a call of it whose arguments are known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from convlint.interp.budget import Limits
from convlint.interp.compiled import Compiled
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.model.declared import Declarations, Declared, declarations
from convlint.model.passed import passed
from convlint.model.run import run_paths
from convlint.source.comments import read_comments
from convlint.trace import Called
from convlint.values import Class, Instance, Value


class _Way(Struct, frozen=True):
    """One way through the file as a program: the calls on it, and what its names meant at its end."""

    calls: list[Called]
    names: dict[str, Value]


class Evidence:
    """What a file's comments declare and what its own code calls; the code is run at the first question."""

    def __init__(self, loader: Loader, filename: str, file: Compiled, limits: Limits | None) -> None:
        self._loader = loader
        self._filename = filename
        self._file = file
        self._limits = limits
        comments = read_comments(file.text, file.tree)
        self._declarations: Declarations = declarations(comments.inputs, file.tree)
        self._ways: list[_Way] | None = None

    def of_model(self, text: str, cls: Class) -> Declared | None:
        """The inputs of the model of a class that an expression denotes: declared, else those of the first
        call of the very model that the expression names, else of the first call of a model of its class.
        """
        return (
            self._of_name(text.partition("(")[0])
            or (None if cls.node is None else self._declarations.classes.get(id(cls.node)))
            or self._first(call for way in self._run() for call in _of_object(way, text, cls))
            or self._first(call for way in self._run() for call in _of_class(way, cls))
        )

    def _of_name(self, name: str) -> Declared | None:
        """The inputs declared on a factory, or on the statement that binds a name."""
        for node in self._file.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return self._declarations.functions.get(id(node))
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return self._declarations.at_row(node.lineno)
        return None

    def _first(self, calls: Iterator[Called]) -> Declared | None:
        """What the first of the calls passes of which all is known."""
        given = (passed(call) for call in calls)
        return next((Declared(passed=each) for each in given if each is not None), None)

    def _run(self) -> list[_Way]:
        if self._ways is None:
            names: list[dict[str, Value]] = []

            def root(machine: Machine) -> Value:
                names.append({})
                return run_main(machine, self._filename, self._file, attrs=names[-1])

            outcomes = run_paths(self._loader, root, limits=self._limits)
            calls = [outcome.trace.calls for outcome in outcomes]
            self._ways = [_Way(made, bound) for made, bound in zip(calls, names, strict=False)]
        return self._ways


def _of_object(way: _Way, name: str, cls: Class) -> Iterator[Called]:
    """The calls of the object of a class that a name means: those that the program makes itself, then those
    inside others.
    """
    found = way.names.get(name)
    if not isinstance(found, Instance) or (found.cls.node, found.cls.name) != (cls.node, cls.name):
        return  # run as a program, the file means something else by the name
    own = [call for call in way.calls if call.module is found]
    yield from sorted(own, key=lambda call: call.parent is not None)


def _of_class(way: _Way, cls: Class) -> Iterator[Called]:
    """The calls that the program itself makes of models of a class that a source defines."""
    for call in way.calls:
        if cls.node is not None and call.module.cls.node is cls.node and call.parent is None:
            yield call
