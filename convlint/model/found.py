"""Inputs that the code itself gives a model: a comment on it, or a call of it with tensors of known shape."""

from __future__ import annotations

import ast

from convlint.interp.budget import Limits
from convlint.interp.compiled import Compiled
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.model.declared import Declarations, Declared, declarations
from convlint.model.run import run_paths
from convlint.source.comments import read_comments
from convlint.trace import Called
from convlint.values import Class, Tensor


class Evidence:
    """What a file's comments declare and what its own code calls; the code is run at the first question."""

    def __init__(self, loader: Loader, filename: str, file: Compiled, limits: Limits | None) -> None:
        self._loader = loader
        self._filename = filename
        self._file = file
        self._limits = limits
        comments = read_comments(file.text, file.tree)
        self._declarations: Declarations = declarations(comments.inputs, file.tree)
        self._calls: list[Called] | None = None

    def of_class(self, cls: Class) -> Declared | None:
        """The inputs of models of a class: declared on it, else those of the first call that shows them."""
        if cls.node is None:
            return None
        return self._declarations.classes.get(id(cls.node)) or self._called(cls.node)

    def of_name(self, name: str) -> Declared | None:
        """The inputs declared on a factory, or on the statement that binds a name."""
        for node in self._file.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return self._declarations.functions.get(id(node))
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return self._declarations.at_row(node.lineno)
        return None

    def _called(self, node: ast.ClassDef) -> Declared | None:
        if self._calls is None:
            self._calls = self._run()
        for call in self._calls:
            shapes = [value.shape for value in call.inputs if isinstance(value, Tensor)]
            if call.module.cls.node is node and shapes and len(shapes) == len(call.inputs):
                known = [s for s in shapes if s is not None and all(isinstance(d, int) for d in s)]
                if len(known) == len(shapes):
                    return Declared(tuple(known))
        return None

    def _run(self) -> list[Called]:
        def root(machine: Machine) -> object:
            return run_main(machine, self._filename, self._file)

        outcomes = run_paths(self._loader, root, limits=self._limits)
        return [call for outcome in outcomes for call in outcome.trace.calls if call.parent is None]
