"""The machine: evaluates calls, operators, attributes and truth on abstract values, and keeps the run's
state.

It is the `Caller` that libraries see. One machine runs one path of one root; the loader's modules outlive it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from convlint.dims import Expr, Question, Verdict, negate
from convlint.interp import (
    absence,
    attributes,
    calling,
    classes,
    describing,
    evaluating,
    iterating,
    patches,
    rebinding,
    subscripts,
)
from convlint.interp.budget import Budget, Cost, Limits
from convlint.interp.frame import Code, Frame
from convlint.interp.loader import Loader
from convlint.interp.path import Path
from convlint.interp.recorder import Recorder
from convlint.interp.taints import Taints
from convlint.interp.watch import Watch
from convlint.libs import registry
from convlint.shapes.fault import Fault, Requirement
from convlint.trace import Batch, Called, Compared, Compiled, Trace
from convlint.values import (
    BoundMethod,
    Class,
    Function,
    Instance,
    Namespace,
    NotModelled,
    Raised,
    Site,
    Tensor,
    Unknown,
    Value,
)
from convlint.values.caller import LASTING, Words

MAIN = "__main__"
_NUMBERS = frozenset({int, float, bool, str, Expr})


class Machine:
    """Everything that one path of one root needs; implements `Caller`."""

    current: Machine | None = None

    def __init__(
        self,
        loader: Loader,
        *,
        limits: Limits | None = None,
        prefix: tuple[bool, ...] = (),
        training: bool = False,
        steps: int | None = None,
        deadline: float | None = None,
    ) -> None:
        self.loader = loader
        self.path = Path(prefix)
        self.budget = Budget(limits or Limits(), steps, deadline, loader.spending)
        self.trace = Trace()
        self.recorder = Recorder(self.trace)
        self.site: Site | None = None
        self.state: dict[str, object] = dict(loader.settings)
        self.handlers: list[list[Value]] = []
        self.suppressing = 0
        """How many context managers are entered that may swallow an exception."""
        self.handling: list[Raised] = []
        self.importing = 0
        self.watch: Watch | None = None
        self.mode_asked = False
        """Whether anything looked at the mode: if not, training and evaluation are the same."""
        self.askers: dict[int, Called | None] = {}
        """The module calls, by identity, within which that was; None where no module was being called."""
        self.main: Namespace | None = None
        """The names of the file that is run as a program."""
        self._training = training
        self.taints = Taints()
        Machine.current = self
        patches.establish(self.state)

    # -- the run -----------------------------------------------------------------------------------------

    def go_on(self, other: Machine, trace: Trace, assumptions: Iterable[Question]) -> None:
        """Begin where another machine stood when it had recorded `trace` and assumed these."""
        self.trace, self.recorder = trace, Recorder(trace)
        self.state, self.taints = dict(other.state), other.taints.copied()
        patches.establish(self.state)
        self.main = other.main
        for question in assumptions:
            self.path.assume(question)

    def continues(self, other: Machine) -> None:
        """What was set for the process while another machine ran holds here, too."""
        self.state.update(other.state)
        patches.establish(self.state)

    def resume(self) -> None:
        """This machine goes on after another one ran."""
        Machine.current = self
        patches.establish(self.state)

    @property
    def present(self) -> Machine:
        """The machine that runs now: a lazy import may outlive the one that met it."""
        return Machine.current or self

    @property
    def training(self) -> bool:
        self.asks_mode()
        return self._training

    def asks_mode(self) -> None:
        self.mode_asked = True
        call = self.recorder.module
        self.askers[id(call)] = call

    @contextmanager
    def importing_module(self) -> Iterator[None]:
        """Module-level code of an imported module: nothing forks there, handlers outside do not see it."""
        handlers, site = self.handlers, self.site
        self.handlers = []
        self.importing += 1
        try:
            with self.budget.importing():
                yield
        finally:
            self.importing -= 1
            self.keep_settings()
            self.handlers, self.site = handlers, site

    def keep_settings(self) -> None:
        """What was set for the whole process holds for the runs that come."""
        self.loader.settings |= {k: v for k, v in self.state.items() if k.startswith(LASTING)}

    def changing(self, obj: Value = None) -> None:
        if self.watch is not None and not self.watch.made(obj):
            self.watch.change()

    def made(self, value: Value) -> Value:
        """A value that did not exist before."""
        if self.watch is not None:
            self.watch.make(value)
        return value

    # -- calls -------------------------------------------------------------------------------------------

    def call_at(
        self, site: Site, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value:
        """A call in the source."""
        before = self.site
        self.site = site
        try:
            return calling.call(self, function, args, kwargs)
        except Raised as raised:
            if raised.unbound is not None:
                self.site = site
                why = absence.misfit(self, function, raised)
                if why is not None:
                    return calling.unknown_call(self, function, why, [*args, *kwargs.values()])
            raise
        finally:
            self.site = before

    def call(
        self, function: Value, args: Sequence[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        return calling.call(self, function, tuple(args), dict(kwargs or {}))

    def call_unknown(self, site: Site, function: Value, why: Unknown, args: list[Value]) -> Value:
        """A call whose arguments are not all known."""
        self.site = site
        return calling.unknown_call(self, function, why, args)

    def decorate(self, decorator: Value, value: Value, node: ast.expr, frame: Frame) -> Value:
        """Apply a decorator. A class stays the class where the decorator is not known: its content is
        uncertain.
        """
        filename = frame.module.filename
        if isinstance(decorator, Unknown):
            if isinstance(value, Class):
                value.unknown_base = value.unknown_base or decorator
                rebinding.expose(value, decorator)
                return value
            return decorator.derive(("decorates", id(value)))
        return self.call_at(Site(node, filename, frame.site), decorator, (value,), {})

    # -- attributes --------------------------------------------------------------------------------------

    def getattr(self, obj: Value, name: str) -> Value:
        found = attributes.get(self, obj, name)
        if found is not classes.MISSING:
            return found
        if isinstance(obj, Class):
            raise self.error("AttributeError", f"type object '{obj.name}' has no attribute '{name}'")
        if isinstance(obj, Namespace):
            if obj.filename in self.loader.open or self.taint_of(obj.attrs) is not None:
                return self.unknown(f"{obj.name} may have more names than its source binds")
            raise self.error("AttributeError", f"module '{obj.name}' has no attribute '{name}'")
        cls = self.class_of(obj)
        shown = cls.name if isinstance(cls, Class) else type(obj).__name__
        raise self.error("AttributeError", f"'{shown}' object has no attribute '{name}'")

    def lookup(self, obj: Value, name: str, default: Value) -> Value:
        try:
            found = attributes.get(self, obj, name)
        except Raised as raised:
            if raised.value.cls.derives("builtins.AttributeError"):
                return default
            raise
        return default if found is classes.MISSING else found

    def setattr(self, obj: Value, name: str, value: Value) -> None:
        self.changing(None if name == "__dict__" else obj)  # what fills an adopted dictionary changes that
        attributes.put(self, obj, name, value)

    def delattr(self, obj: Value, name: str) -> None:
        self.changing()
        attributes.remove(self, obj, name)

    # -- operators ---------------------------------------------------------------------------------------

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        return evaluating.binary(self, operator, left, right)

    def inplace_at(self, node: ast.AST, frame: Frame, operator: str, left: Value, right: Value) -> Value:
        """`left operator= right`."""
        if not _kept_in_place(left):
            self.changing()
        self.site = Site(node, frame.module.filename, frame.site)
        return evaluating.inplace(self, operator, left, right)

    def unary(self, operator: str, value: Value) -> Value:
        """`-value`, `+value`, `~value`."""
        return evaluating.unary(self, operator, value)

    def negation(self, value: Value) -> Value:
        """`not value`; stays a question where it is one."""
        return evaluating.negation(self, value)

    def item(self, obj: Value, index: Value) -> Value:
        return subscripts.item(self, obj, index)

    def set_item(self, obj: Value, index: Value, value: Value) -> None:
        """`obj[index] = value`."""
        if not _kept_in_place(obj):
            self.changing(obj)
        subscripts.set_item(self, obj, index, value)

    def del_item(self, obj: Value, index: Value) -> None:
        """`del obj[index]`."""
        self.changing(obj)
        subscripts.del_item(self, obj, index)

    def length(self, obj: Value) -> Value:
        return subscripts.length(self, obj)

    def iterate(self, value: Value) -> Iterator[Value]:
        return iterating.iterate(self, value)

    def text(self, value: Value) -> str | Unknown:
        return describing.text(self, value)

    def format(self, value: Value, conversion: str, spec: Value) -> Value:
        """One field of an f-string."""
        return describing.format_value(self, value, conversion, spec)

    def truth(self, value: Value) -> bool:
        if value is True or value is False:
            return value
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if self.importing:
            # A module is evaluated once for all paths: what one path chose would stay true on the others.
            reason = decided.reason if isinstance(decided, Unknown) else "a condition on sizes is not decided"
            raise NotModelled(f"while a module is imported, {reason}")
        if isinstance(decided, Unknown):
            return self.path.guess(decided, self.site)
        self.budget.charge(Cost.QUESTION)
        return self.path.choose(decided, self.site)

    def undecided(self, value: Value) -> bool:
        """Whether nothing decides the truth of a value."""
        return not isinstance(evaluating.truth(self, value), bool)

    def must_fail(self, value: Value) -> bool:
        """A condition under which the program ends itself: True where it holds for certain, or was chosen to;
        otherwise the path goes on assuming that it does not.
        """
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if isinstance(decided, Unknown):
            return self.path.rule_out(decided)
        verdict = self.path.verdict(decided)
        if verdict not in (Verdict.ALWAYS, Verdict.NEVER):
            self.path.assume(negate(decided))
        return verdict is Verdict.ALWAYS

    def must_hold(self, value: Value) -> bool:
        """An assertion: False where it cannot hold; otherwise the path goes on assuming it."""
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if isinstance(decided, Unknown):
            return True
        if self.path.verdict(decided) is Verdict.NEVER:
            return False
        self.path.assume(decided)
        return True

    # -- kinds -------------------------------------------------------------------------------------------

    def class_of(self, obj: Value) -> Value:
        return describing.class_of(self, obj)

    def is_instance(self, obj: Value, cls: Value) -> bool | Unknown:
        return describing.is_instance(self, obj, cls)

    @property
    def object_class(self) -> Class:
        """`object`."""
        found = registry.lookup("builtins.object")
        assert isinstance(found, Class)
        return found

    def class_bases(self, parent: Value) -> list[Class] | None:
        """The classes that a base expression stands for (`Generic[T]` is `Generic`); None where it is not
        known.
        """
        if isinstance(parent, Class):
            return [parent]
        entries = self.lookup(parent, "__mro_entries__", None) if not isinstance(parent, Unknown) else None
        if entries is None:
            return None
        bases = self.call(entries, ((parent,),))
        return [b for b in bases if isinstance(b, Class)] if isinstance(bases, tuple) else None

    def plain(self, value: Value) -> Value:
        """Host data behind a value: an instance's payload, the value itself; None where its content is
        uncertain.
        """
        if isinstance(value, Instance):
            value = value.payload
        return value if self.taint_of(value) is None else None

    def hashable(self, key: Value) -> Value:
        """A value as a key. Raises the program's TypeError, or `NotModelled` for an unknown key."""
        if isinstance(key, Unknown):
            raise NotModelled(key.reason)
        if isinstance(key, (list, dict, set)):
            raise self.error("TypeError", f"unhashable type: '{type(key).__name__}'")
        if isinstance(key, slice):
            raise self.error("TypeError", "unhashable type: 'slice'")
        return key

    # -- errors and uncertainty --------------------------------------------------------------------------

    def error(self, name: str, message: str) -> Raised:
        cls = _error_class(name)
        assert cls is not None, name
        value = Instance(cls, self.site)
        value.attrs["args"] = (message,)
        return Raised(value, self.site)

    def expects(self, name: str) -> bool:
        """Whether the program would catch this exception here."""
        if not self.handlers:
            return False
        cls = _error_class(name)
        assert cls is not None, name
        probe = Instance(cls)
        return any(kind is None or self.catches(kind, probe) for caught in self.handlers for kind in caught)

    def catches(self, kind: Value, error: Instance) -> bool:
        """Whether an `except` clause names the error's class."""
        if isinstance(kind, tuple):
            return any(self.catches(each, error) for each in kind)
        return isinstance(kind, Class) and kind in error.cls.mro

    def may_swallow(self, manager: Value) -> bool:
        from convlint.interp.exceptions import may_swallow

        return may_swallow(manager)

    def guard(self, managers: int) -> None:
        self.suppressing += managers

    def module(self, name: str) -> Value | None:
        return self.main if name == MAIN else self.loader.modules.get(name)

    def reload_module(self, module: Namespace) -> None:
        self.changing()
        self.loader.again(self, module)

    def replace_module(self, name: str, module: Value) -> None:
        """`sys.modules[name] = module`. An object in the place of a module offers the names of its code."""
        known = self.loader.modules.get(name)
        if isinstance(module, Namespace):
            self.loader.modules[name] = module
        elif known is not None and not known.library:
            self.loader.open.add(known.filename)
        elif known is None and name != MAIN:
            self.loader.replaced[name] = self.unknown("a module that the program makes is not known")

    def import_module(self, name: str) -> Value:
        if not self.loader.exists(name) and self.expects("ModuleNotFoundError"):
            raise self.error("ModuleNotFoundError", f"No module named '{name}'")
        return self.loader.module(self, name)

    def unknown(self, reason: str) -> Unknown:
        return Unknown(reason, self.site)

    def lost(self, reason: str) -> Unknown:
        unknown = Unknown(reason, self.site)
        self.recorder.lose(unknown)
        return unknown

    def library_unknown(self, name: str) -> Unknown:
        """A name that a described library does not declare."""
        return self.unknown(f"{name} is not modelled")

    def taint(self, obj: Value, why: Unknown) -> None:
        if not _kept_in_place(obj):
            self.changing(obj)
        if isinstance(obj, (Class, Namespace)):
            rebinding.forget(self, obj, why)
        else:
            self.taints.taint(obj, why)

    def taint_of(self, obj: Value) -> Unknown | None:
        """Why a container's content is uncertain; None while it is certain."""
        return self.taints.of(obj)

    def parameter_names(self, function: Value) -> tuple[str, ...] | None:
        bound = isinstance(function, BoundMethod)
        inner = function.function if isinstance(function, BoundMethod) else function
        if not isinstance(inner, Function) or not isinstance(inner.code, Code):
            return None
        return (*inner.code.parameters[1 if bound else 0 :], *inner.code.keyword_only)

    def uncertainty(self, container: Value) -> Unknown | None:
        self.before_reading(container)
        return self.taint_of(container)

    def before_reading(self, container: Value) -> None:
        """A container that other modules may still fill is filled first."""
        if self.loader.registries and not self.importing and id(container) in self.loader.registries:
            self.loader.fill(self, container)

    # -- shapes ------------------------------------------------------------------------------------------

    def holds(self, question: Question) -> bool | None:
        self.budget.charge(Cost.QUESTION)
        match self.path.verdict(question):
            case Verdict.ALWAYS:
                return True
            case Verdict.NEVER:
                return False
        return None

    def fault(self, fault: Fault, words: Words, layer: Instance | None = None) -> None:
        sentence = words(fault)
        name, _, message = sentence.partition(": ")
        if _error_class(name) is None:
            name, message = "RuntimeError", sentence
        if self.expects(name):
            raise self.error(name, message)
        assumptions = tuple(self.path.assumptions)
        certain = not self.importing and not self.suppressing
        self.recorder.failure(fault, sentence, self.site, layer, assumptions, certain, self.path.uncertain)

    def require(self, requirement: Requirement, words: Words, layer: Instance | None = None) -> bool:
        self.budget.charge(Cost.QUESTION)
        match self.path.verdict(requirement.question):
            case Verdict.ALWAYS:
                return True
            case Verdict.NEVER:
                self.fault(requirement.otherwise, words, layer)
                return False
        self.recorder.required(requirement, words, self.site, layer)
        self.path.assume(requirement.question)
        return True

    # -- recording ---------------------------------------------------------------------------------------

    def record_layer(self, layer: Instance) -> None:
        self.budget.charge(Cost.LAYER)
        self.recorder.built(layer, self.site)

    def record_batch(self, size: Value, argument: str) -> None:
        if isinstance(size, int) and not isinstance(size, bool):
            self.trace.batches.append(Batch(size, argument, self.site))

    def record_loss(self, model: Instance, loss: Value) -> None:
        self.trace.compiled.append(Compiled(model, loss, self.site))

    def record_comparison(self, loss: str, output: Value, target: Value, layer: Instance | None) -> None:
        if isinstance(output, Tensor):
            self.trace.compared.append(Compared(loss, output, target, self.site, layer))

    def enter_layer(self, layer: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> object:
        self.budget.charge(Cost.CALL)
        given = [self.taints.held(each) for each in (*args, *kwargs.values())]
        call = self.recorder.enter(layer, tuple(given), self.site, tuple(kwargs))
        if self.watch is not None:
            self.watch.entered(call)
        return call

    def leave_layer(self, token: object, output: Value) -> None:
        self.recorder.leave(token, self.taints.held(output))

    def count_macs(self, macs: object) -> None:
        if isinstance(macs, (int, Expr, Unknown)):
            self.recorder.count(macs)


def _error_class(name: str) -> Class | None:
    """An exception's class: a builtin one by its name, a library's by its dotted name."""
    found = registry.lookup(name if "." in name and " " not in name else f"builtins.{name}")
    return found if isinstance(found, Class) else None


def _kept_in_place(value: Value) -> bool:
    """Whether an operator in place leaves the value as it was: a number, or a tensor of which only the
    shape is known, as of all that share its memory.
    """
    if value.__class__ is Tensor:
        return all(each.data is None for each in value.memory)
    return value.__class__ in _NUMBERS
