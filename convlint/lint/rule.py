"""A rule: one generator function in a file of its own, whose first parameter's type subscribes it.

The docstring of its module is the page that `convlint explain` shows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import signature
from typing import get_args, get_type_hints

from msgspec import Struct, field

from convlint.lint.finding import Finding, Severity
from convlint.lint.options import Option, Options
from convlint.lint.subjects.base import Subject
from convlint.version import DOCUMENTATION


class Rule(Struct, frozen=True):
    """What a rule is called, how bad its findings are, what it looks at, and how it looks."""

    code: str
    name: str
    severity: Severity
    on: bool
    doc: str
    subjects: tuple[type[Subject], ...]
    defaults: Mapping[str, Option] = field(default_factory=dict)
    body: Callable[..., Iterator[Finding]] = lambda subject: iter(())
    url: str | None = None
    """Where its page stands on the web."""
    layers: frozenset[str] = frozenset()
    """The classes of the layers that it looks at, with those that derive from them; empty for all."""

    def looks_at(self, subject: Subject) -> bool:
        """Whether the subject is of a kind that the rule looks at, and a layer of one of its classes."""
        if not isinstance(subject, self.subjects):
            return False
        return not self.layers or not subject.lineage or not self.layers.isdisjoint(subject.lineage)

    @property
    def options(self) -> tuple[str, ...]:
        """The keys of its table in the configuration."""
        return tuple(self.defaults)

    def check(self, subject: Subject, given: Mapping[str, Option] | None = None) -> list[Finding]:
        """What the rule finds in a subject, with the options that the configuration gives."""
        subject.sources.voice = self
        if self.defaults:
            return [*self.body(subject, self.overlaid(given))]
        return [*self.body(subject)]

    def overlaid(self, given: Mapping[str, Option] | None) -> Options:
        """The rule's options, with what the configuration gives: an `Options` is what this made before."""
        return given if isinstance(given, Options) else Options(self.defaults, given)


Decorated = Callable[..., Iterator[Finding]]


def rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    on: bool = True,
    options: Mapping[str, Option] | None = None,
    url: str | None = None,
    layers: Iterable[str] = (),
) -> Callable[[Decorated], Rule]:
    """Make a rule of a generator function.

    Its first parameter is annotated with a subject and receives every one of that kind; where `options` are
    declared (keys with defaults), the second receives them as `Options`. `url` is where its page stands
    on the web; built-in rules have theirs in the documentation. `layers` are the qualified names of classes:
    of layers the rule receives only those that are, or inherit from, one of them. Raises TypeError where no
    subject is annotated, or `layers` is a string.
    """

    if isinstance(layers, str):
        raise TypeError(f"{code}: layers is one string; a single class is written ({layers!r},)")

    def made(function: Decorated) -> Rule:
        module = sys.modules[function.__module__]
        first = next(iter(signature(function).parameters))
        subjects = _subjects(get_type_hints(function).get(first))
        if not subjects:
            raise TypeError(
                f"{code}: the first parameter of {function.__name__} is annotated with no subject"
            )
        doc = (module.__doc__ or "").strip()
        page = f"{DOCUMENTATION}rules/{code}/" if module.__name__.startswith("convlint_rules.") else url
        defaults = dict(options or {})
        return Rule(code, name, severity, on, doc, subjects, defaults, function, page, frozenset(layers))

    return made


def _subjects(hint: object) -> tuple[type[Subject], ...]:
    """The kinds of subject that an annotation names: one, or a union of several."""
    kinds = get_args(hint) or (hint,)
    named = tuple(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Subject))
    return named if len(named) == len(kinds) else ()
