"""Evaluates a small program for the tests of this folder."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from convlint.dims import Dim
from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.scope import Kind, Scope
from convlint.interp.statements import statement
from convlint.trace import Failure
from convlint.values import Instance, Namespace, Raised, Tensor, Unknown

IMPORTS = """
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a program left: its names, its trace, and the exception that ended it."""

    names: dict[str, object]
    machine: Machine
    raised: str | None = None

    @property
    def failures(self) -> list[Failure]:
        return self.machine.trace.failures

    @property
    def macs(self) -> object:
        total: Dim = 0
        for each in self.machine.trace.macs:
            if isinstance(each, Unknown):
                return each
            total = total + each
        return total

    def shape(self, name: str) -> tuple[Dim, ...] | None:
        value = self.names[name]
        assert isinstance(value, Tensor), value
        return value.shape

    def tensor(self, name: str) -> Tensor:
        value = self.names[name]
        assert isinstance(value, Tensor), value
        return value

    def module(self, name: str) -> Instance:
        value = self.names[name]
        assert isinstance(value, Instance), value
        return value

    def calls(self) -> list[str]:
        """The classes of the modules that were called, in order of the start of their calls."""
        return [call.module.cls.name for call in sorted(self.machine.trace.calls, key=lambda c: c.order)]


def run(source: str, *, training: bool = False, **given: object) -> Run:
    """Evaluate a program; `given` are names it finds bound, tensors of symbolic shape say."""
    machine = Machine(Loader(), training=training)
    names: dict[str, object] = {}
    body = ast.parse(IMPORTS + source)
    try:
        names |= {"__name__": "__main__", **given}
        namespace = Namespace("__main__", names, "program.py")
        context = Context("program.py", Scope(Kind.MODULE, None))
        frame = Frame(machine, namespace, names)
        for node in body.body:
            statement(node, context)(frame)
    except Raised as raised:
        return Run(names, machine, raised.text)
    return Run(names, machine)


def parameters(module: Instance, kind: str = "_parameters", prefix: str = "") -> dict[str, object]:
    """The shapes of everything that a module and its children register, by dotted name."""
    found: dict[str, object] = {}
    own, children = module.attrs[kind], module.attrs["_modules"]
    assert isinstance(own, dict) and isinstance(children, dict)
    for name, tensor in own.items():
        if isinstance(tensor, Tensor):
            found[prefix + name] = tensor.shape
    for name, child in children.items():
        if isinstance(child, Instance):
            found |= parameters(child, kind, f"{prefix}{name}.")
    return found


def modules(module: Instance, prefix: str = "") -> list[str]:
    """The dotted names of a module's children, as `named_modules` gives them, without the root."""
    children = module.attrs["_modules"]
    assert isinstance(children, dict)
    found = []
    for name, child in children.items():
        if isinstance(child, Instance):
            found += [prefix + name, *modules(child, f"{prefix}{name}.")]
    return found
