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
from convlint.libs import registry
from convlint.model.declared import Declarations, Declared, declarations
from convlint.model.passed import form, passed
from convlint.model.run import run_paths
from convlint.model.stock import stock
from convlint.source.comments import read_comments
from convlint.trace import Called
from convlint.values import Class, Instance, Value


class _Way(Struct, frozen=True):
    """One way through the file as a program: the calls on it, what its names meant at its end, and where it
    ran.
    """

    calls: list[Called]
    names: dict[str, Value]
    machine: Machine


class Given(Struct, frozen=True):
    """What a call in the code passes, and whether it calls the very model that is asked for: its failing
    says something of that model, while that of another one does not.
    """

    declared: Declared
    own: bool


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

    def declared(self, text: str, cls: Class) -> Declared | None:
        """The inputs that comments declare for the model of a class that an expression denotes."""
        found = self._of_name(text.partition("(")[0])
        return found or (None if cls.node is None else self._declarations.classes.get(id(cls.node)))

    def given(self, text: str, machine: Machine, model: Instance) -> list[Given]:
        """What calls pass of which all is known: calls of the very object that the expression names, or of
        one made by the same expression; where there is none, of models of its class, first of those with the
        same parameters.
        """
        named, alike, others = list[Called](), list[Called](), list[Called]()
        parameters, written = _parameters(machine, model), _normal(text)
        ways = self._run()
        machine.resume()
        for way in ways:
            named += _of_object(way, text, model.cls)
            for call in _of_class(way, model.cls):
                if written in _made_by(call.module):
                    named.append(call)
                elif parameters is not None and parameters == _parameters(way.machine, call.module):
                    alike.append(call)
                else:
                    others.append(call)
        found: dict[object, Given] = {}
        for own, calls in ((True, named), (False, [*alike, *others])):
            for each in filter(None, map(passed, calls)):
                found.setdefault(form(each), Given(Declared(passed=each), own))
        given = list(found.values())
        return [each for each in given if each.own] or given

    def _of_name(self, name: str) -> Declared | None:
        """The inputs declared on a factory, or on the statement that binds a name."""
        for node in self._file.tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                return self._declarations.functions.get(id(node))
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return self._declarations.at_row(node.lineno)
        return None

    def _run(self) -> list[_Way]:
        if self._ways is None:
            names: list[dict[str, Value]] = []

            def root(machine: Machine) -> Value:
                names.append({})
                return run_main(machine, self._filename, self._file, attrs=names[-1])

            outcomes = run_paths(self._loader, root, limits=self._limits)
            self._ways = [
                _Way(outcome.trace.calls, bound, outcome.machine)
                for outcome, bound in zip(outcomes, names, strict=False)
            ]
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


def _made_by(model: Instance) -> set[str]:
    """The expressions that made a model: its constructor's call, and the calls around it."""
    found: set[str] = set()
    site = model.site
    while site is not None:
        if isinstance(site.node, ast.Call):
            found.add(ast.unparse(site.node))
        site = site.parent
    return found


def _normal(text: str) -> str:
    """An expression as a call: a class or a function is called without arguments."""
    node = ast.parse(text, mode="eval").body
    return ast.unparse(node) if isinstance(node, ast.Call) else f"{ast.unparse(node)}()"


def _parameters(machine: Machine, model: Instance) -> tuple[object, ...] | None:
    """The names and shapes of all parameters; None where they are not known."""
    protocol = registry.protocol_of_model(model)
    if protocol is None:
        return None
    built = stock(machine, model, protocol)
    if built.gap is not None:
        return None
    return tuple(
        (layer.name, name, tensor.shape) for layer in built.layers for name, tensor in layer.parameters
    )
