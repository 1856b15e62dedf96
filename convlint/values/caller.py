"""The seam between libraries and interpreter: what a library may ask of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from convlint.dims import Question
from convlint.shapes.fault import Fault, Requirement, Shape
from convlint.values.objects import Instance, Namespace, Value
from convlint.values.raised import Raised
from convlint.values.site import Site
from convlint.values.unknown import Unknown

Words = Callable[[Fault], str]
"""Gives the runtime's own sentence for a fault, error class first: "RuntimeError: Given groups=1, …"."""
LASTING = "setting:"
"""How the keys of a caller's state begin that module-level code sets for everything that runs after it."""
PATCHED = f"{LASTING}patched"
"""The key of what the program rebinds in libraries: a mapping from (class or module, name)."""


class Caller(Protocol):
    """The interpreter, as a library sees it. Everything here may raise `Raised` or `NotModelled`."""

    @property
    def site(self) -> Site | None:
        """The call being evaluated."""

    @property
    def state(self) -> dict[str, object]:
        """What libraries keep for one run (counters, hooks), by a key of their own; a key that begins with
        `LASTING` outlives the import of a module.
        """

    def call(
        self, function: Value, args: Sequence[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        """Call any callable value."""

    def call_method(
        self, obj: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value] | None = None
    ) -> Value:
        """`obj.name(*args, **kwargs)`."""

    def getattr(self, obj: Value, name: str) -> Value:
        """`obj.name`, with descriptors, `__getattr__` and bound methods; raises the program's
        AttributeError.
        """

    def call_at(
        self, site: Site, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value:
        """Call as if from another place of the program."""

    def lookup(self, obj: Value, name: str, default: Value) -> Value:
        """`getattr(obj, name, default)`."""

    def setattr(self, obj: Value, name: str, value: Value) -> None:
        """`obj.name = value`, with properties and `__setattr__`."""

    def delattr(self, obj: Value, name: str) -> None:
        """`del obj.name`."""

    def changing(self, obj: Value = None) -> None:
        """Something that may have existed before is changed; `obj`, where that is known."""

    def truth(self, value: Value) -> bool:
        """Whether the value is true; an undecided one asks the path for a choice."""

    def iterate(self, value: Value) -> Iterator[Value]:
        """`iter(value)`; raises `NotModelled` where the items cannot be known."""

    def is_instance(self, obj: Value, cls: Value) -> bool | Unknown:
        """`isinstance(obj, cls)`."""

    def class_of(self, obj: Value) -> Value:
        """`type(obj)`."""

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        """A binary operator by its symbol: "+", "-", "@", "<", "==", "in", …"""

    def item(self, obj: Value, index: Value) -> Value:
        """`obj[index]`."""

    def length(self, obj: Value) -> Value:
        """`len(obj)`: an int, a symbolic extent or Unknown."""

    def text(self, value: Value) -> str | Unknown:
        """`str(value)`."""

    def error(self, name: str, message: str) -> Raised:
        """A builtin exception of the program, to be raised: `raise caller.error("ValueError", "…")`."""

    def may_swallow(self, manager: Value) -> bool:
        """Whether leaving a context manager, or calling what an `ExitStack` calls, may end an exception."""

    def guard(self, managers: int) -> None:
        """So many more managers are entered that may end an exception; fewer, where it is negative."""

    def module(self, name: str) -> Value | None:
        """A module of the program that was imported so far, by its dotted name; None where there is none."""

    def reload_module(self, module: Namespace) -> None:
        """Evaluate a module of the program once more."""

    def replace_module(self, name: str, module: Value) -> None:
        """Put something in the place of the module of that dotted name."""

    def import_module(self, name: str) -> Value:
        """The module of that dotted name, evaluated if it was not yet; Unknown where it is not found."""

    def unknown(self, reason: str) -> Unknown:
        """An unknown value that remembers the present site."""

    def lost(self, reason: str) -> Unknown:
        """An unknown value that computation was hidden in: the total of multiply-accumulates is not known
        either.
        """

    def taint(self, obj: Value, why: Unknown) -> None:
        """Declare the content of a mutable object uncertain from here on."""

    def parameter_names(self, function: Value) -> tuple[str, ...] | None:
        """The names of the parameters of a function of the program (its receiver left out); else None."""

    def taint_of(self, obj: Value) -> Unknown | None:
        """Why the content of host data is uncertain; None while it is certain."""

    def fault(self, fault: Fault, words: Words, layer: Instance | None = None) -> None:
        """The operation must fail at run time. Raises the program's exception where the program would
        catch it;
        otherwise records the fault and returns, and the caller goes on with its best guess of the result."""

    def require(self, requirement: Requirement, words: Words, layer: Instance | None = None) -> bool:
        """Put a requirement on the path: False (and a fault as above) where it can never hold."""

    def holds(self, question: Question) -> bool | None:
        """Whether the path's assumptions decide the question; None where they do not."""

    @property
    def recorded(self) -> object:
        """How much was recorded so far, calls of modules aside: the same while nothing comes to it."""

    def record_layer(self, layer: Instance) -> None:
        """A library layer was constructed."""

    def record_batch(self, size: Value, argument: str) -> None:
        """The program asks for batches of this size, by an argument of the call being evaluated."""

    def record_loss(self, model: Instance, loss: Value) -> None:
        """A model was told its loss."""

    def record_comparison(self, loss: str, output: Value, target: Value, layer: Instance | None) -> None:
        """A loss compares an output with a target."""

    def enter_layer(self, layer: Instance, args: Sequence[Value], kwargs: Mapping[str, Value]) -> object:
        """A module's call begins; the token goes back to `leave_layer`."""

    def leave_layer(self, token: object, output: Value) -> None:
        """The module's call ended with this output."""

    def count_macs(self, macs: object) -> None:
        """Multiply-accumulates (a Dim, or Unknown) done by the operation being evaluated."""

    @property
    def training(self) -> bool:
        """Whether this run is in training mode."""

    def uncertainty(self, container: Value) -> Unknown | None:
        """Why the content of a container is not certain; None while it is."""

    def asks_mode(self) -> None:
        """Note that the run depends on its mode."""


__all__ = ["Caller", "Shape", "Words"]
