"""Evaluates a small Keras program for the tests of this folder."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from convlint.dims import Expr
from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.scope import Kind, Scope
from convlint.interp.statements import statement
from convlint.libs.keras.layer import variables
from convlint.values import Instance, Namespace, Raised, Tensor, Unknown

IMPORTS = """
import keras
from keras import layers, ops, Input, Model, Sequential
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program left: its names, its failures, and the exception that ended it."""

    names: dict[str, object]
    machine: Machine
    raised: str | None = None

    @property
    def words(self) -> list[str]:
        """The runtime's sentence of each failure."""
        return [failure.words for failure in self.machine.trace.failures]

    def __getitem__(self, name: str) -> object:
        return self.names[name]

    def shape(self, name: str) -> tuple[int | None, ...]:
        """A tensor's shape as Keras shows it."""
        value = self.names[name]
        assert isinstance(value, Tensor) and value.shape is not None, value
        return tuple(None if isinstance(extent, Expr) else extent for extent in value.shape)

    def counts(self, name: str) -> tuple[int, int]:
        """Trainable and other parameters of a layer."""
        layer = self.names[name]
        assert isinstance(layer, Instance)
        found = [0, 0]
        for _, variable in variables(self.machine, layer):
            assert isinstance(variable.elements, int)
            found[0 if variable.trainable else 1] += variable.elements
        return found[0], found[1]

    def is_open(self, name: str) -> bool:
        return isinstance(self.names[name], Unknown)


def run(source: str, *, training: bool = False) -> Run:
    """Evaluate a program."""
    machine = Machine(Loader(), training=training)
    names: dict[str, object] = {"__name__": "__main__"}
    namespace = Namespace("__main__", names, "program.py")
    context = Context("program.py", Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, names)
    try:
        for node in ast.parse(IMPORTS + source).body:
            statement(node, context)(frame)
    except Raised as raised:
        return Run(names, machine, raised.text)
    return Run(names, machine)
