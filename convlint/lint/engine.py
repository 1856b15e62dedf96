"""The engine: files in, findings out.

Each file is read, parsed, and evaluated from its roots; rules look at what that left behind; findings are
merged, those that a comment suppresses are left out, the rest is sorted. Whatever goes wrong with a file is
a finding, too.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from convlint.config import Settings
from convlint.lint import plugins
from convlint.lint.cells import Notebooks
from convlint.lint.filters import Said, Suppressions, merged, selected
from convlint.lint.finding import Finding, in_order
from convlint.lint.relevance import Relevance
from convlint.lint.rule import Rule
from convlint.lint.sources import Sources
from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.comment import IdleComment, Idleness
from convlint.lint.subjects.trouble import Trouble, TroubleKind
from convlint.source.comments import Directives, read_comments
from convlint.source.discovery import Discovery, Exclusion, discover
from convlint.source.files import UnreadableSource, read_source
from convlint.trace import Span

if TYPE_CHECKING:
    from convlint.model.declared import Declared

Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: findings in reading order, the files looked at, and their lines."""

    findings: Sequence[Finding]
    files: Sequence[str]
    _sources: Sources
    _notebooks: Notebooks = field(default_factory=Notebooks)

    def lines(self, filename: str, cell: int | None) -> Sequence[str] | None:
        """The lines of a file, or of a notebook's cell, as they were read; None if it was not read."""
        if cell is not None:
            return self._notebooks.lines(filename, cell)
        found = self._sources.lines(filename)
        return None if found is None else found.lines


def check_paths(paths: Sequence[Path], settings: Settings, progress: Progress | None = None) -> Checked:
    """Lint files and folders."""
    found = _discovered(paths, settings)
    texts: dict[str, str] = {}
    problems = {each.path: each.reason for each in found.unreachable}
    notebooks = Notebooks()
    for name in found.files:
        try:
            texts[name] = notebooks.program(name, read_source(name).text)
        except UnreadableSource as error:
            texts[name], problems[name] = "", error.reason
    sources = Sources({**dict.fromkeys(problems, ""), **texts})
    return _Check(settings, sources, problems, notebooks).run(texts, progress)


def check_source(text: str, filename: str, settings: Settings) -> Checked:
    """Lint a text as if it stood in the file; the name of a notebook makes it one."""
    notebooks, problems = Notebooks(), {}
    try:
        program = notebooks.program(filename, text)
    except UnreadableSource as error:
        program, problems[filename] = "", error.reason
    texts = {filename: program}
    return _Check(settings, Sources(texts), problems, notebooks).run(texts, None)


def files_of(paths: Sequence[Path], settings: Settings) -> Sequence[str]:
    """The files that `check_paths` would look at."""
    return _discovered(paths, settings).files


def all_rules() -> Sequence[Rule]:
    """Every rule, ordered by code."""
    return plugins.load()


def _discovered(paths: Sequence[Path], settings: Settings) -> Discovery:
    root = "." if settings.source is None else str(settings.source.path.parent)
    return discover([str(path) for path in paths], Exclusion(root=root))


@dataclass(slots=True)
class _Check:
    """One check: what its files share."""

    settings: Settings
    sources: Sources
    problems: Mapping[str, str]
    notebooks: Notebooks
    relevance: Relevance = field(default_factory=Relevance)
    rules: list[Rule] = field(init=False)
    comments: dict[str, Directives] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rules = selected(all_rules(), self.settings)

    def run(self, texts: Mapping[str, str], progress: Progress | None) -> Checked:
        said: list[Said] = []
        for name, reason in self.problems.items():
            said += self._trouble(name, TroubleKind.SOURCE, reason)
        for number, (name, text) in enumerate(texts.items()):
            if progress is not None:
                progress(number, len(texts))
            said += self._file(name, text)
        files = [*texts, *(name for name in self.problems if name not in texts)]
        suppressions = {name: Suppressions(found.suppressions) for name, found in self.comments.items()}
        findings = self._unsuppressed(merged(said), suppressions, texts)
        idle = [each for name in self.comments for each in self._idle(name, suppressions[name])]
        findings += self._unsuppressed(merged(idle), suppressions, texts)
        findings = in_order(self.notebooks.in_cells(findings))
        return Checked(findings, files, self.sources, self.notebooks)

    # -- one file --------------------------------------------------------------------------------------------

    def _file(self, name: str, text: str) -> list[Said]:
        """The findings that a file's own analysis shows; an error of convlint's own is one of them."""
        try:
            return list(self._analysed(name, text))
        except (Exception, RecursionError, MemoryError) as error:
            _log.info("%s: %s", name, traceback.format_exc())
            return self._trouble(name, TroubleKind.INTERNAL, f"{type(error).__name__}: {error}")

    def _analysed(self, name: str, text: str) -> Iterator[Said]:
        from convlint.model.environment import search_path

        folders, project = self._folders(name, search_path)
        if not name.endswith((".py", ".ipynb", ">")) or not self.relevance.matters(text, Path(name), project):
            return
        from convlint.lint.gather import gather
        from convlint.model.files import analyse_tree

        parsed = self.notebooks.parsed(name, text)
        for broken in parsed.broken:
            yield from self._trouble(name, TroubleKind.SOURCE, broken.what, broken.row, broken.column)
        tree = parsed.tree
        if tree is None:
            return
        comments = self.comments[name] = read_comments(text, tree)
        analysis = analyse_tree(
            tree, name, folders, inputs=comments.inputs, configured=configured_inputs(self.settings, name)
        )
        for crash in analysis.crashes:
            _log.info("%s: %s", name, crash.details)
        for seen in gather(analysis, self.sources):
            yield from self._looked_at(seen.subject, seen.key)

    def _looked_at(self, subject: Subject, key: object) -> Iterator[Said]:
        for rule in self.rules:
            if isinstance(subject, rule.subjects):
                given = self.settings.rules.get(rule.name) or self.settings.rules.get(rule.code)
                for finding in rule.check(subject, given):
                    yield Said(finding, subject.root, key)

    def _folders(
        self, name: str, search_path: Callable[..., tuple[str, ...]]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where a file's imports are looked for: everywhere, and in the project only."""
        extra = tuple(str(path) for path in self.settings.search_path)
        python = None if self.settings.python is None else str(self.settings.python)
        beside = None if self.settings.source is None else self.settings.source.path.parent
        usual = search_path(extra, python, beside)
        own = () if name.startswith("<") else package_folders(Path(name))
        project = dict.fromkeys((*own, str(Path.cwd()), *extra, *(() if beside is None else (str(beside),))))
        return tuple(dict.fromkeys((*project, *usual))), tuple(project)

    # -- trouble ---------------------------------------------------------------------------------------------

    def _trouble(self, name: str, kind: TroubleKind, what: str, row: int = 1, column: int = 1) -> list[Said]:
        """A finding about a file that could not be analysed."""
        lines = self.sources.lines(name)
        at = 0 if lines is None else lines.to_bytes(row, column - 1)
        span = Span(name, row, at, row, at)
        subject = Trouble(sources=self.sources, root="<module>", kind=kind, what=what, span=span)
        return list(self._looked_at(subject, span))

    # -- suppression -----------------------------------------------------------------------------------------

    def _unsuppressed(
        self, findings: Sequence[Finding], files: dict[str, Suppressions], texts: Mapping[str, str]
    ) -> list[Finding]:
        kept = []
        for finding in findings:
            name = finding.filename
            if name not in files:
                files[name] = Suppressions(read_comments(texts.get(name, "")).suppressions)
            if not files[name].suppresses(finding):
                kept.append(finding)
        return kept

    def _idle(self, name: str, comments: Suppressions) -> Iterator[Said]:
        """What the file's comments say to no effect."""
        for problem in self.comments[name].problems:
            span = self._span(name, problem.row, problem.column, problem.end_column)
            yield from self._comment(Idleness.UNREADABLE, span, what=problem.message)
        for idle in comments.idle(all_rules(), self.rules):
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
        return self._looked_at(subject, span)

    def _span(self, name: str, row: int, column: int, end_column: int) -> Span:
        """Columns of code points from 1, as a span."""
        lines = self.sources.lines(name)
        if lines is None:
            return Span(name, row, 0, row, 0)
        return Span(name, row, lines.to_bytes(row, column - 1), row, lines.to_bytes(row, end_column - 1))


def package_folders(file: Path) -> tuple[str, ...]:
    """The folder that holds a file's outermost package, and the file's own."""
    folder = own = file.resolve().parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return tuple(dict.fromkeys((str(folder), str(own))))


def configured_inputs(settings: Settings, filename: str) -> Mapping[str, Declared]:
    """What the configuration says of the models of a file, by name."""
    from convlint.model.declared import declared

    base = Path.cwd() if settings.source is None else settings.source.path.parent
    found: dict[str, Declared] = {}
    for target, model in settings.models.items():
        file, _, name = target.rpartition(":")
        if model.input and (base / file).resolve() == Path(filename).resolve():
            found[name] = declared([(shape.name, shape.extents) for shape in model.input])
    return found
