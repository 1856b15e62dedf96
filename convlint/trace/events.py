"""What one run of a root leaves behind: layers built and called, faults, requirements, and why things are
unknown.

Rules, summaries and the editor read this and nothing else.
"""

from __future__ import annotations

import ast

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.dims import Dim, Question
from convlint.shapes.fault import Fault, Requirement, Shape
from convlint.values import Instance, Site, Tensor, Unknown, Value


class Built(Struct, frozen=True):
    """A library layer was constructed at `site` (the call of the library's own constructor)."""

    layer: Instance
    site: Site | None
    during: Called | None = None
    """The innermost module call under way; None where no module was being called."""


class Called(Struct, eq=False):
    """A module was called. `order` numbers the starts of calls; `macs` are its own, not its children's."""

    module: Instance
    order: int
    number: int
    """1 at the module's first call, 2 at its second …"""
    site: Site | None
    inputs: tuple[Value, ...]
    output: Value = None
    macs: Dim | Unknown = 0
    parent: Called | None = None
    operations: list[Operation] = field(default_factory=list)
    names: tuple[str, ...] = ()
    """The names of the last inputs, which were passed by name."""


class Operation(Struct, frozen=True):
    """A functional operation inside a module's call, with its result."""

    name: str
    site: Site | None
    result: Value


class Failure(Struct, frozen=True):
    """An operation that must fail: the fault, the runtime's sentence, where, and on which assumptions."""

    fault: Fault
    words: str
    site: Site | None
    layer: Instance | None
    module: Called | None
    assumptions: tuple[Question, ...]
    certain: bool
    """False where an unknown number takes part, or a module is being imported: never reported."""
    guessed: bool = False
    """Whether a choice about an unknown value led here: other paths may never come by."""


class Required(Struct, frozen=True):
    """The path goes on only if the requirement holds."""

    requirement: Requirement
    words: str
    site: Site | None
    layer: Instance | None
    module: Called | None


class Choice(Struct, frozen=True):
    """A branch that nothing decided; `question` is the condition (a dims question), None for an unknown
    value.
    """

    taken: bool
    question: Question | None
    unknown: Unknown | None
    site: Site | None


class Compiled(Struct, frozen=True):
    """A model was told its loss: the name of one, or an object."""

    model: Instance
    loss: Value
    site: Site | None


class Compared(Struct, frozen=True):
    """A loss, by the name of its function, was given an output and a target."""

    loss: str
    output: Tensor
    target: Value
    site: Site | None
    layer: Instance | None


class Discarded(Struct, frozen=True):
    """A statement of a function was an expression that gave a tensor, which nothing can use any more."""

    node: ast.expr
    filename: str
    value: Tensor
    during: Called | None


class Batch(Struct, frozen=True):
    """Samples are asked for in batches of a size, by an argument of the call at the site."""

    size: int
    argument: str
    site: Site | None


class Trace(Struct):
    """One path of one root, from its construction to its output."""

    built: list[Built] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    required: list[Required] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    macs: list[Dim | Unknown] = field(default_factory=list)
    """Multiply-accumulates, an entry an operation, those outside of any call of a module among them."""
    exhausted: str | None = None
    """Which budget ran out ("steps", "depth", "paths", "seconds"), None where none did."""
    raised: str | None = None
    """The exception that ended the run, as a traceback's last line shows it."""
    raised_at: Site | None = None
    unknowns: list[Unknown] = field(default_factory=list)
    compiled: list[Compiled] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    discarded: list[Discarded] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    assigned: dict[tuple[str, int, int], list[Tensor]] = field(default_factory=dict)
    """The tensors that a name was bound to, or a return gave, by file and place of that name or statement
    (row from 1, column in bytes from 0); equal shapes one after the other count once."""

    def copied(self) -> Trace:
        """The trace as it is now: what is recorded later is not in it."""
        lists = {
            name: list(value)
            for name in self.__struct_fields__
            if isinstance(value := getattr(self, name), list)
        }
        assigned = {place: list(tensors) for place, tensors in self.assigned.items()}
        return replace(self, **lists, assigned=assigned)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the path assumes of the symbols, choices and requirements alike."""
        chosen = [c.question for c in self.choices if c.question is not None]
        return (*chosen, *(r.requirement.question for r in self.required))


__all__ = [
    "Batch",
    "Built",
    "Called",
    "Choice",
    "Compared",
    "Compiled",
    "Discarded",
    "Failure",
    "Operation",
    "Required",
    "Shape",
    "Tensor",
    "Trace",
]
