"""One file at a time: its text in, what its own analysis shows out.

Law: a report depends on the file, the configuration, and the files that the analysis read or looked for, and
on nothing that another file's analysis left behind. So reports may be kept, and made in any order by any
process.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.config import Settings
from convlint.config.readers import ModelSettings
from convlint.lint import plugins
from convlint.lint.filereport import FileReport, Said
from convlint.lint.filters import Idle, selected
from convlint.lint.options import Options
from convlint.lint.relevance import project_folders
from convlint.lint.rule import Rule
from convlint.lint.sources import Sources
from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.comment import IdleComment, Idleness
from convlint.lint.subjects.trouble import Trouble, TroubleKind
from convlint.source.comments import CommentProblem, read_comments
from convlint.trace import Span

if TYPE_CHECKING:
    import ast

    from convlint.lint.sheet.data import Sheet
    from convlint.model.declared import Declared
    from convlint.model.roots import Analysis

_log = logging.getLogger(__name__)


class Examiner(Struct):
    """Analyses the files of one check; `unsaved` are texts that stand in for files on disk, by their path."""

    settings: Settings
    sources: Sources
    rules: Sequence[Rule]
    unsaved: Mapping[str, str] = field(default_factory=dict)
    sheets: bool = False
    """Whether reports say what an editor shows, too."""
    _subscribed: dict[tuple[type[Subject], frozenset[str]], list[tuple[Rule, Options]]] = field(
        default_factory=dict
    )
    """The rules that look at a kind of subject, of layers at a kind of layer, each with its options."""

    def examine(self, name: str, text: str) -> FileReport:
        """The file's report; an error of convlint's own is a finding in it."""
        try:
            return self._analysed(name, text)
        except (Exception, RecursionError, MemoryError) as error:
            _log.info("%s: %s", name, traceback.format_exc())
            return self.failed(name, f"{type(error).__name__}: {error}")

    def failed(self, name: str, words: str) -> FileReport:
        """The report of a file whose analysis broke off."""
        return FileReport(tuple(self.trouble(name, TroubleKind.INTERNAL, words)))

    def unreadable(self, name: str, reason: str) -> Iterator[Said]:
        """The finding about a file that could not be read."""
        return self.trouble(name, TroubleKind.SOURCE, reason)

    def _analysed(self, name: str, text: str) -> FileReport:
        from convlint.lint.gathering.gather import gather
        from convlint.model.files import analyse_tree

        parsed = self.sources.notebooks.parsed(name, text)
        broken = [
            said
            for each in parsed.broken
            for said in self.trouble(name, TroubleKind.SOURCE, each.what, each.row, each.column)
        ]
        tree, rows = parsed.tree, tuple(each.row for each in parsed.broken)
        if tree is None:
            return FileReport(tuple(broken), broken=rows)
        comments = read_comments(text, tree)
        analysis = analyse_tree(
            tree,
            name,
            self._folders(name),
            inputs=comments.inputs,
            configured=configured_inputs(self.settings, name),
            unsaved=self.unsaved,
        )
        for crash in analysis.crashes:
            _log.info("%s: %s", name, crash.details)
        models = dict(_models_of(self.settings, name))
        said = [
            each
            for seen in gather(analysis, self.sources, models)
            for each in self.looked_at(seen.subject, seen.key)
        ]
        kept = replace(comments, inputs=())
        sheet = self._sheet(analysis, tree) if self.sheets else None
        found = (*broken, *said)
        return FileReport(found, kept, tuple(analysis.read), tuple(analysis.absent), sheet, rows)

    def _sheet(self, analysis: Analysis, tree: ast.Module) -> Sheet | None:
        """What an editor shows; an error in making it costs that alone."""
        from convlint.lint.sheet.making import sheet_of

        try:
            return sheet_of(analysis, tree, self.sources)
        except (Exception, RecursionError, MemoryError):
            _log.info("%s: %s", analysis.filename, traceback.format_exc())
            return None

    def looked_at(self, subject: Subject, key: object) -> Iterator[Said]:
        """What the rules find in a subject."""
        kind = subject.__class__, subject.lineage
        rules = self._subscribed.get(kind)
        if rules is None:
            rules = [(rule, self._options(rule)) for rule in self.rules if rule.looks_at(subject)]
            self._subscribed[kind] = rules
        for rule, options in rules:
            for finding in rule.check(subject, options):
                yield Said(finding, subject.root, repr(key))

    def _options(self, rule: Rule) -> Options:
        """The rule's options, as the configuration has them under its name or its code."""
        given = self.settings.rules
        return rule.overlaid(given.get(rule.name) or given.get(rule.code))

    def trouble(
        self, name: str, kind: TroubleKind, what: str, row: int = 1, column: int = 1
    ) -> Iterator[Said]:
        """A finding about a file that could not be analysed."""
        lines = self.sources.lines(name)
        at = 0 if lines is None else lines.to_bytes(row, column - 1)
        span = Span(name, row, at, row, at)
        subject = Trouble(sources=self.sources, root="<module>", kind=kind, what=what, span=span)
        return self.looked_at(subject, span)

    def idle(self, name: str, problems: Iterable[CommentProblem], comments: Iterable[Idle]) -> Iterator[Said]:
        """What the rules say of comments that do nothing, or cannot be understood."""
        for problem in problems:
            span = self._span(name, problem.row, problem.column, problem.end_column)
            yield from self._comment(Idleness.UNREADABLE, span, what=problem.message)
        for idle in comments:
            comment, unknown = idle.comment, idle.unknown
            why = Idleness.UNUSED if unknown is None else Idleness.UNKNOWN
            columns = comment if unknown is None else unknown
            span = self._span(name, comment.row, columns.column, columns.end_column)
            yield from self._comment(why, span, codes=idle.codes, whole=idle.whole)

    def _comment(
        self, why: Idleness, span: Span, *, codes: tuple[str, ...] = (), what: str = "", whole: bool = False
    ) -> Iterator[Said]:
        subject = IdleComment(
            sources=self.sources, root="<module>", why=why, span=span, codes=codes, what=what, whole=whole
        )
        return self.looked_at(subject, span)

    def _span(self, name: str, row: int, column: int, end_column: int) -> Span:
        """Columns of code points from 1, as a span."""
        lines = self.sources.lines(name)
        if lines is None:
            return Span(name, row, 0, row, 0)
        return Span(name, row, lines.to_bytes(row, column - 1), row, lines.to_bytes(row, end_column - 1))

    def _folders(self, name: str) -> tuple[str, ...]:
        """Where a file's imports are looked for."""
        from convlint.model.environment import search_path

        extra = tuple(str(path) for path in self.settings.search_path)
        python = None if self.settings.python is None else str(self.settings.python)
        beside = None if self.settings.source is None else self.settings.source.path.parent
        return tuple(
            dict.fromkeys((*project_folders(self.settings, name), *search_path(extra, python, beside)))
        )


def examiner_of(
    settings: Settings, sources: Sources, unsaved: Mapping[str, str], sheets: bool = False
) -> Examiner:
    """An examiner with the rules that the settings select; this is what starts a worker process, too."""
    rules = selected(plugins.load(settings.plugins), settings)
    return Examiner(settings, sources, rules, unsaved, sheets=sheets)


def configured_inputs(settings: Settings, filename: str) -> Mapping[str, Declared]:
    """What the configuration says of the models of a file, by name."""
    from convlint.model.declared import declared

    return {
        name: declared([(shape.name, shape.extents) for shape in model.input])
        for name, model in _models_of(settings, filename)
        if model.input
    }


def _models_of(settings: Settings, filename: str) -> Iterator[tuple[str, ModelSettings]]:
    base = Path.cwd() if settings.source is None else settings.source.path.parent
    for target, model in settings.models.items():
        file, _, name = target.rpartition(":")
        if (base / file).resolve() == Path(filename).resolve():
            yield name, model
