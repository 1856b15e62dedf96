"""What all subjects share: the run they come from, the rule that speaks of them, and places to point at."""

from __future__ import annotations

from msgspec import Struct

from convlint.lint.finding import Finding, Fix, Note, Severity
from convlint.lint.sources import Sources, Voice
from convlint.trace import Span


class Place(Struct, frozen=True):
    """A span of a linted file, and the rule that has something to say about it."""

    span: Span
    sources: Sources
    voice: Voice
    notes: tuple[Note, ...] = ()

    def finding(
        self,
        message: str,
        *,
        help: str = "",
        label: str = "",
        severity: Severity | None = None,
        notes: tuple[Note, ...] = (),
        fix: Fix | None = None,
        together: str = "",
    ) -> Finding:
        """A finding here, in the rule's name; its severity unless another one is given.

        Findings that name the same part of a file (`together`) are told as one.
        """
        filename, start, end = self.sources.locate(self.span)
        return Finding(
            code=self.voice.code,
            name=self.voice.name,
            severity=severity or self.voice.severity,
            message=message,
            filename=filename,
            location=start,
            end_location=end,
            help=help,
            notes=(*self.notes, *notes),
            label=label,
            fix=fix,
            url=self.voice.url,
            together=together,
        )

    @property
    def part(self) -> str:
        """The class or function of the file that the span stands in, in words; else `the file`."""
        return self.sources.part(self.span)


class Subject(Struct, frozen=True, kw_only=True):
    """Something that a rule looks at; made only where a linted file holds a place to point at."""

    sources: Sources
    root: str
    """The root whose run showed it: `Net()`, `resnet18()`, `<module>`."""

    @property
    def lineage(self) -> frozenset[str]:
        """The qualified names of a layer's class and of all that it inherits from; empty for what is no
        layer.
        """
        return frozenset()

    def pointing(self, span: Span, notes: tuple[Note, ...] = ()) -> Place:
        """A place to point at. The span lies in a linted file."""
        voice = self.sources.voice
        assert voice is not None, "only a rule points at places"
        return Place(span, self.sources, voice, notes)
