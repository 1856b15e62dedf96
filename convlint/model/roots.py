"""Roots: what a linted file is analysed from.

Module-level code run as a program; models that it builds and never calls with a known input; factories
(functions callable without arguments); classes that nobody called, with symbols for their arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field

from convlint.interp.budget import Exhausted, Limits, Spending
from convlint.interp.compiled import Compiled
from convlint.interp.frame import Code
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.libs import registry
from convlint.model.alternatives import alternatives, build
from convlint.model.arguments import left_out
from convlint.model.constructions import Construction, constructions, find
from convlint.model.declared import Declarations, Declared
from convlint.model.definitions import (
    FUNCTIONS,
    Definition,
    FunctionNode,
    asks_whether_it_is_run,
    called_by_the_program,
    definitions,
    may_be_root,
)
from convlint.model.modes import alike
from convlint.model.probing import Make, Probe, known_input, probed, probed_again, run_model
from convlint.model.run import Outcome, not_started, run_path, run_paths
from convlint.values import BoundMethod, Class, Function, Instance, Namespace, Native, Span, Value, span_of

T = TypeVar("T")
MAX_ROOTS = 400
CLEAN_PATHS = 4
"""Ways through a root of which one did not fail: enough to see layers that other ways use."""
MAX_BUILT = 8
"""Models of one file that are built at module level and called by nobody."""


class RootKind(Enum):
    """How much a root proves: arguments that the code shows, or symbols for arguments nobody passes."""

    MODULE = "module"
    BUILT = "built"
    FACTORY = "factory"
    CLASS = "class"


class RootRun(Struct, frozen=True):
    """All paths of one root in one mode.

    `alternatives` are other inputs and arguments that the code admits as well (each with all its paths), run
    where this run fails: it is an error only if all of them fail too.
    """

    name: str
    kind: RootKind
    span: Span
    training: bool
    outcomes: tuple[Outcome, ...]
    alternatives: tuple[tuple[Outcome, ...], ...] = ()
    open: bool = False
    """Whether whoever builds it may pass keywords that nothing here knows: then no failure is proven."""
    inferred: bool = False
    """Whether a layer's use alone says an input's shape: how many axes it has is not sure then."""
    stands_for: int = 1
    """How many roots it stands for, where some were not started."""

    @property
    def complete(self) -> bool:
        """Whether no budget ran out on any path."""
        return all(o.trace.exhausted is None for o in self.outcomes)


class Crash(Struct, frozen=True):
    """The analysis of a root ended by an error of its own: what was being analysed, and the traceback."""

    name: str
    span: Span
    error: str
    details: str


class Analysis(Struct):
    """Everything that the roots of a file left behind."""

    filename: str
    tree: ast.Module
    runs: list[RootRun] = field(default_factory=list)
    crashes: list[Crash] = field(default_factory=list)
    declarations: Declarations = field(default_factory=Declarations)
    read: tuple[str, ...] = ()
    """The files whose text it rests on, the analysed one aside."""
    absent: tuple[str, ...] = ()
    """Where modules were looked for in vain."""


def analyse(
    loader: Loader,
    filename: str,
    name: str,
    tree: ast.Module,
    limits: Limits | None = None,
    declarations: Declarations | None = None,
    configured: Mapping[str, Declared] | None = None,
) -> Analysis:
    """Run every root of a file.

    `name` is its dotted module name, `tree` its parsed source; `configured` gives inputs of classes and
    factories by name. An error of the interpreter ends one root, and is kept in the analysis.
    """
    analysis = Analysis(filename, tree, declarations=declarations or Declarations())
    limits = limits or Limits(clean_paths=CLEAN_PATHS)
    return _Analysis(loader, filename, name, Compiled("", tree), limits, configured or {}, analysis).run()


class _Analysis(Struct):
    loader: Loader
    filename: str
    name: str
    file: Compiled
    limits: Limits | None
    configured: Mapping[str, Declared]
    result: Analysis
    called: set[int] = field(default_factory=set)
    """The classes (by the `id` of their node) that were called with a known input."""
    skipped: list[tuple[str, Span]] = field(default_factory=list)
    """Roots that were not started because the file's steps were spent."""
    afresh: bool = False
    """Whether each run of the program evaluates its own modules: what one run does to them (an entry in a
    registry) may make the next one raise.
    """

    def run(self) -> Analysis:
        whole = Span(self.filename, 1, 0, 1, 0)
        packaged = None
        if "." not in self.name:
            self._attempt("<module>", whole, self._main)
        elif asks_whether_it_is_run(self.file.tree) or not self._attempt("<module>", whole, self._imported):
            # A module of a package is imported before it can be run: what it registers is registered then.
            packaged = self._attempt("<module>", whole, self._own)
            self._attempt("<module>", whole, self._main)
        self._others(packaged)
        self._add_skipped()
        self.result.runs.sort(key=lambda run: (run.span.row, run.kind is not RootKind.MODULE))
        return self.result

    def _others(self, values: list[tuple[Definition, Value]] | None) -> None:
        """Roots that the program's own run did not show; where none is left, nothing is evaluated again."""
        run = called_by_the_program(self.file.tree)
        defined = definitions(self.file.tree.body)
        wanted = {id(node) for node in defined if may_be_root(node, run, self.called)}
        if not values and wanted:
            values = self._attempt("<module>", Span(self.filename, 1, 0, 1, 0), self._own)
        for node, value in (values or [])[:MAX_ROOTS]:
            if isinstance(node, FUNCTIONS) and id(node) in wanted and _may_be_called(value):
                self._root(f"{node.name}()", self._header(node), partial(self._factory, node, value))
        # What is defined later is built of what was defined before, and shows it in use.
        for node, value in reversed((values or [])[:MAX_ROOTS]):
            fresh = isinstance(node, ast.ClassDef) and id(node) not in self.called
            if fresh and isinstance(value, Class) and _is_model_class(value):
                self._root(f"{value.name}()", self._header(node), partial(self._class, value))

    def _root(self, name: str, span: Span, work: Callable[[], None]) -> None:
        """Run a root, while there are steps left for the file."""
        if self.loader.spending.over(self.limits or Limits()):
            self.skipped.append((name, span))
        else:
            self._attempt(name, span, work)

    def _add_skipped(self) -> None:
        """One run, without an end, that stands for all that were not started; the program itself is one of
        them, however often it was looked at, and none where its own run says that it has no end.
        """
        told = {(run.name, run.span) for run in self.result.runs if not run.complete}
        skipped = [root for root in dict.fromkeys(self.skipped) if root not in told]
        if not skipped:
            return
        machine = Machine(self.loader, limits=self.limits)
        outcome = Outcome(not_started(machine), machine.trace, machine)
        name, span = min(skipped, key=lambda root: root[1].row)
        self.result.runs.append(
            RootRun(name, RootKind.CLASS, span, False, (outcome,), stands_for=len(skipped))
        )

    def _attempt(self, name: str, span: Span, work: Callable[[], T]) -> T | None:
        """Do it; an error of the interpreter is kept. Where the file's steps end between two runs of a root,
        the rest of it was not started.
        """
        try:
            return work()
        except Exhausted:
            self.skipped.append((name, span))
            return None
        except (Exception, RecursionError, MemoryError) as error:
            import traceback

            words = f"{type(error).__name__}: {error}"
            self.result.crashes.append(Crash(name, span, words, traceback.format_exc()))
            return None

    # -- the roots -------------------------------------------------------------------------------------------

    def _main(self) -> None:
        outcomes = run_paths(self.loader, self._program, limits=self.limits, training=True)
        if self.loader.evaluated and any(outcome.trace.raised for outcome in outcomes):
            self.afresh = True
            outcomes = run_paths(self.loader, self._program, limits=self.limits, training=True)
        self._keep_main(outcomes)

    def _keep_main(self, outcomes: list[Outcome]) -> None:
        """The program's run, and the models that it made and nobody called."""
        span = Span(self.filename, 1, 0, 1, 0)
        self.result.runs.append(RootRun("<module>", RootKind.MODULE, span, True, tuple(outcomes)))
        self._note_called(outcomes)
        for built in constructions(outcomes[0], self._declared_at)[:MAX_BUILT]:
            self._root(built.name, built.span, partial(self._built, built))

    def _imported(self) -> bool:
        """The program's run, of a file that does nothing else than when it is imported: it makes the module
        that the other roots belong to, if it comes to its end without a choice. False where it has to be run
        again, once it was imported.
        """
        machine = Machine(self.loader, limits=self.limits, training=True)
        first = run_path(machine, lambda each: run_main(each, self.filename, self.file, self.name))
        module = self.loader.modules.get(self.name)
        if not first.clean or machine.path.choices or module is None:
            # What it imported may hold classes and registries of this run: all is begun again, also counting.
            self.loader = self.loader.afresh()
            self.loader.spending = Spending()
            if first.trace.exhausted is None:
                return False
            self._keep_main([first])  # the budget would run out again
            return True
        self.loader.note_registries(module)
        machine.keep_settings()
        self.afresh = True
        self._keep_main([first])
        return True

    def _program(self, machine: Machine) -> Value:
        if not self.afresh:
            return run_main(machine, self.filename, self.file)
        machine.loader = self.loader.afresh()
        return run_main(machine, self.filename, self.file, self.name if "." in self.name else "__main__")

    def _built(self, built: Construction) -> None:
        def make(machine: Machine) -> Value:
            namespace = self._program(machine)
            return find(machine.trace, namespace, built)

        self._model(built.name, RootKind.BUILT, built.span, make, built.declared, anyway=True)
        self.called.add(built.node)

    def _factory(self, node: FunctionNode, function: Value) -> None:
        own = self.result.declarations.functions.get(id(node)) or self.configured.get(node.name)
        make: Make = partial(_call, function=function)
        besides = left_out(function)
        given: Make | None = partial(_call, function=function, arguments=besides) if besides else None
        self._model(f"{node.name}()", RootKind.FACTORY, self._header(node), make, own, given=given)

    def _class(self, cls: Class) -> None:
        assert cls.node is not None
        make: Make = partial(_built, cls=cls)
        probe = probed(self.loader, make, False, self.limits, self._declared_for)
        self._both_modes(f"{cls.name}()", RootKind.CLASS, self._header(cls.node), make, probe, cls)

    def _model(
        self,
        name: str,
        kind: RootKind,
        span: Span,
        make: Make,
        own: Declared | None,
        anyway: bool = False,
        given: Make | None = None,
    ) -> None:
        """A model that the code itself makes, in both modes."""

        def declared(machine: Machine, model: Instance) -> Declared | None:
            return own or self._declared(model.cls)

        probe = probed(self.loader, make, False, self.limits, declared, anyway or own is not None)
        self._both_modes(name, kind, span, make, probe, None, given)

    def _both_modes(
        self,
        name: str,
        kind: RootKind,
        span: Span,
        make: Make,
        probe: Probe,
        cls: Class | None,
        given: Make | None = None,
    ) -> None:
        """Keep an evaluation run, and make the training run where there is a model for which the mode makes a
        difference.
        """
        self._add(name, kind, span, False, make, probe, cls, given)
        self._note_called(probe.outcomes)
        asked = probe.models and any(outcome.machine.mode_asked for outcome in probe.outcomes)
        first, standing = probe.outcomes[0], probe.standing
        if asked and (standing is None or not alike(self.loader, standing, first, self.limits)):
            trained = probed_again(self.loader, make, probe, True, self.limits)
            self._add(name, kind, span, True, make, trained, cls, given)

    def _add(
        self,
        name: str,
        kind: RootKind,
        span: Span,
        training: bool,
        make: Make,
        probe: Probe,
        cls: Class | None,
        given: Make | None,
    ) -> None:
        others: tuple[tuple[Outcome, ...], ...] = ()
        if any(outcome.trace.failures for outcome in probe.outcomes):
            others = tuple(alternatives(self.loader, make, probe, training, self.limits, cls, given))
        free = cls is not None and _takes_keywords(cls)
        self.result.runs.append(
            RootRun(name, kind, span, training, probe.outcomes, others, free, probe.inferred)
        )

    # -- what is declared and called -------------------------------------------------------------------------

    def _declared(self, cls: Class) -> Declared | None:
        return self.result.declarations.classes.get(id(cls.node)) or self.configured.get(cls.name)

    def _declared_for(self, machine: Machine, model: Instance) -> Declared | None:
        return self._declared(model.cls)

    def _declared_at(self, model: Instance) -> Declared | None:
        """What stands at the construction, else what the class says."""
        site = model.site
        while site is not None and site.parent is not None:
            site = site.parent
        here = None if site is None or site.filename != self.filename else site.span.row
        found = None if here is None else self.result.declarations.at_row(here)
        return found or self._declared(model.cls)

    def _note_called(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            own = (call for call in outcome.trace.calls if call.module.cls.node is not None)
            self.called |= {id(call.module.cls.node) for call in own if known_input(call)}

    def _own(self) -> list[tuple[Definition, Value]]:
        """The functions and classes that the file itself defines at its top, as decorators leave them."""
        machine = Machine(self.loader, limits=self.limits)
        module = self.loader.modules.get(self.name)
        if module is None:
            found = self.loader.evaluate(machine, self.name, Path(self.filename), self.file)
            module = found if isinstance(found, Namespace) else Namespace(self.name)
            self.loader.spending.add(machine.budget, machine.trace.exhausted)
        attrs = module.attrs
        return [(node, attrs[node.name]) for node in definitions(self.file.tree.body) if node.name in attrs]

    def _header(self, node: Definition) -> Span:
        """The line of `def` or `class`, up to the end of the name."""
        span = span_of(node, self.filename)
        word = {ast.ClassDef: "class ", ast.FunctionDef: "def "}.get(type(node), "async def ")
        end = span.column + len(f"{word}{node.name}".encode())
        return Span(self.filename, span.row, span.column, span.row, end)


def _call(machine: Machine, function: Value, arguments: Mapping[str, Value] | None = None) -> Value:
    return machine.call(function, (), dict(arguments or {}))


def _built(machine: Machine, cls: Class) -> Value:
    return build(machine, cls)


def _may_be_called(value: Value) -> bool:
    return isinstance(value, (Function, Native, BoundMethod, Instance))


def _takes_keywords(cls: Class) -> bool:
    """Whether the constructor takes any keyword."""
    init = cls.find("__init__")
    return isinstance(init, Function) and isinstance(init.code, Code) and init.code.stars is not None


def _is_model_class(cls: Class) -> bool:
    """Whether a class says by itself what its models are: one that is filled from outside does not."""
    protocol = registry.protocol_of_model(Instance(cls))
    if protocol is None or protocol.is_container(cls):
        return False
    init = cls.find("__init__")
    takes_any = isinstance(init, Function) and isinstance(init.code, Code) and init.code.star is not None
    return isinstance(cls.find(protocol.entry), Function) and not takes_any


__all__ = ["Analysis", "Crash", "RootKind", "RootRun", "analyse", "run_model"]
