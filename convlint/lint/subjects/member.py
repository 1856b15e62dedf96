"""What a module holds under a name, and how: unregistered, never used, hidden by a method, built too late."""

from __future__ import annotations

from convlint.lint.finding import Applicability, Edit, Fix, Note, NoteKind
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Span


class Unregistered(Subject, frozen=True, kw_only=True):
    """A plain container in an attribute that holds modules which the owner built and nothing registers.

    `span` is the value where it is first assigned; `container` is `list`, `tuple` or `dict`; `params` are
    those of the modules, None where they are not known; `wrapper` is the call that would register them.
    """

    owner: str
    attribute: str
    container: str
    modules: int
    params: int | None
    trainable: bool
    single: bool
    """Whether the value is written as one thing in brackets: the usual way to keep a module unregistered."""
    wrapper: str
    span: Span

    def here(self) -> Place:
        """The value that is assigned."""
        return self.pointing(self.span)

    def wrapped(self) -> Fix | None:
        """The value inside the container that registers; None where that would not hold the same."""
        if not self.wrapper:
            return None
        _, start, end = self.sources.locate(self.span)
        edits = (Edit(f"{self.wrapper}(", start, start), Edit(")", end, end))
        return Fix(Applicability.UNSAFE, f"register the modules: {self.wrapper}(…)", edits)


class Unused(Subject, frozen=True, kw_only=True):
    """A layer that a module holds and nothing ever calls or reads; `span` is the assignment's value."""

    owner: str
    attribute: str
    type: str
    params: int | None
    span: Span

    def here(self) -> Place:
        """Where the layer is built."""
        return self.pointing(self.span)


class Shadowed(Subject, frozen=True, kw_only=True):
    """A module or parameter in an attribute whose name is a method of the class; `words` are the framework's
    own where the run must fail of it, else empty.
    """

    owner: str
    attribute: str
    words: str
    span: Span

    def here(self) -> Place:
        """Where it is assigned, with the framework's sentence."""
        notes = (Note(self.words, kind=NoteKind.RUN_TIME),) if self.words else ()
        return self.pointing(self.span, notes)


class BuiltInCall(Subject, frozen=True, kw_only=True):
    """A layer with weights that is built while a model's call runs, and is lost when the call ends or takes
    the place of the one before; `stored` tells which.
    """

    owner: str
    entry: str
    type: str
    stored: bool
    span: Span

    def here(self) -> Place:
        """The call that builds it."""
        return self.pointing(self.span)


class Uninitialized(Subject, frozen=True, kw_only=True):
    """A module that is used before the constructor of its base ran; `attribute` is what was assigned first,
    `misspelt` the method that was meant to be the constructor.
    """

    owner: str
    base: str
    attribute: str
    misspelt: str
    words: str
    late: bool
    """Whether the constructor of the base is called later on."""
    fix: Fix | None
    span: Span

    def here(self) -> Place:
        """The assignment or the method, with the framework's sentence."""
        notes = (Note(self.words, kind=NoteKind.RUN_TIME),) if self.words else ()
        return self.pointing(self.span, notes)
