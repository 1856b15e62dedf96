"""The engine: files in, findings out.

Each file is examined by itself, or its report is taken from the cache; the findings of all are merged, those
that a comment or the configuration suppresses are left out, the rest is sorted. Whatever goes wrong with a
file is a finding, too.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from convlint.config import Settings
from convlint.lint import ignoring, plugins
from convlint.lint.cache import Cache
from convlint.lint.cells import Notebooks, Parsed
from convlint.lint.examiner import Examiner, FileReport, examiner_of
from convlint.lint.filters import Said, Suppressions, configured, merged
from convlint.lint.finding import Finding, in_order
from convlint.lint.fixing import Fixed, Fixer
from convlint.lint.jobs import examined
from convlint.lint.rule import Rule
from convlint.lint.sources import Sources
from convlint.lint.subjects.comment import IdleComment, Idleness
from convlint.lint.subjects.trouble import TroubleKind
from convlint.source.comments import Directives, read_comments
from convlint.source.discovery import DEFAULT_EXCLUDES, Discovery, Exclusion, discover
from convlint.source.files import UnreadableSource, read_source
from convlint.source.gitignore import GitIgnore
from convlint.trace import Span

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: findings in reading order, the files looked at, and their lines."""

    findings: Sequence[Finding]
    files: Sequence[str]
    texts: Mapping[str, str] = field(repr=False)
    """The text of every file that could be read, by the name it is shown under."""
    _sources: Sources = field(repr=False)
    _reports: Mapping[str, FileReport] = field(repr=False, default_factory=dict)
    _problems: Mapping[str, str] = field(repr=False, default_factory=dict)

    def lines(self, filename: str, cell: int | None) -> Sequence[str] | None:
        """The lines of a file, or of a notebook's cell, as they were read; None if it was not read."""
        if cell is not None:
            return self._sources.notebooks.lines(filename, cell)
        found = self._sources.lines(filename)
        return None if found is None else found.lines


def check_paths(
    paths: Sequence[Path],
    settings: Settings,
    progress: Progress | None = None,
    *,
    jobs: int = 1,
    cache: Path | None = None,
    unsaved: Mapping[str, str] | None = None,
    force_exclude: bool = False,
) -> Checked:
    """Lint files and folders, with so many processes; `cache` is the folder where reports are kept.

    `unsaved` are texts that stand in for files, by the name under which the files are found; with
    `force_exclude` files that are named are excluded, too.
    """
    found = _discovered(paths, settings, force_exclude)
    texts: dict[str, str] = {}
    problems = {each.path: each.reason for each in found.unreachable}
    for name in found.files:
        try:
            texts[name] = (unsaved or {}).get(name) or read_source(name).text
        except UnreadableSource as error:
            texts[name], problems[name] = "", error.reason
    sources = _sources(texts, problems)
    check = _Check(settings, sources, problems, unsaved=unsaved or {})
    if cache is not None and not unsaved:
        check.cache = Cache(cache, settings, check.rules, sources)
    return check.run(texts, progress, jobs)


def check_again(before: Checked, settings: Settings, unsaved: Mapping[str, str]) -> Checked:
    """The same files with texts in place of some: only what rests on a changed one is analysed again."""
    texts = {**before.texts, **unsaved}
    changed = {name for name, text in texts.items() if before.texts.get(name) != text}
    places = {str(Path(name).absolute()) for name in changed}
    known = {
        name: report
        for name, report in before._reports.items()
        if name not in changed and places.isdisjoint(report.read)
    }
    problems = dict(before._problems)
    sources = _sources(texts, problems)
    return _Check(settings, sources, problems, unsaved=unsaved, known=known).run(texts, None)


def fixed(before: Checked, settings: Settings, unsafe: bool) -> Fixed[Checked]:
    """What is left after the fixes of a check's findings, and the changed texts; nothing is written."""

    def check(last: Checked, texts: Mapping[str, str]) -> Checked:
        return check_again(last, settings, texts)

    def still_parses(text: str, filename: str) -> bool:
        return parses(text, filename, before.texts[filename])

    return Fixer(before.texts, check, still_parses, unsafe).fix(before)


def with_ignores(checked: Checked) -> tuple[dict[str, str], list[Finding]]:
    """The texts with comments that suppress what was found, and the findings that have no place for one."""

    def tree_of(text: str, filename: str) -> ast.Module | None:
        return _parsed(text, filename).tree

    return ignoring.with_ignores(checked.texts, checked.findings, tree_of, checked.lines)


def parses(text: str, filename: str, before: str) -> bool:
    """Whether the text is syntactically right; of a notebook, all cells but as many as were not before."""
    after = _parsed(text, filename)
    if after.tree is None or not after.broken:
        return after.tree is not None
    return len(after.broken) <= len(_parsed(before, filename).broken)


def _parsed(text: str, filename: str) -> Parsed:
    notebooks = Notebooks()
    try:
        return notebooks.parsed(filename, notebooks.program(filename, text))
    except UnreadableSource:
        return Parsed(None)


def check_source(text: str, filename: str, settings: Settings) -> Checked:
    """Lint a text as if it stood in the file; the name of a notebook makes it one."""
    texts, problems = {filename: text}, dict[str, str]()
    return _Check(settings, _sources(texts, problems), problems).run(texts, None)


def files_of(paths: Sequence[Path], settings: Settings, force_exclude: bool = False) -> Sequence[str]:
    """The files that `check_paths` would look at."""
    return _discovered(paths, settings, force_exclude).files


def all_rules(named: Sequence[str] = ()) -> Sequence[Rule]:
    """Every built-in rule, and those of the named plugins, ordered by code. Raises PluginError."""
    return plugins.load(named)


def _sources(texts: Mapping[str, str], problems: dict[str, str]) -> Sources:
    """The linted files; a notebook that cannot be read joins the problems."""
    notebooks, programs = Notebooks(), {}
    for name, text in texts.items():
        try:
            programs[name] = notebooks.program(name, text)
        except UnreadableSource as error:
            programs[name], problems[name] = "", error.reason
    return Sources({**dict.fromkeys(problems, ""), **programs}, notebooks)


def _discovered(paths: Sequence[Path], settings: Settings, force: bool) -> Discovery:
    root = "." if settings.source is None else str(settings.source.path.parent)
    patterns = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
    exclusion = Exclusion((*patterns, *settings.extend_exclude), root, GitIgnore(root))
    return discover([str(path) for path in paths], exclusion, force)


@dataclass(slots=True)
class _Check:
    """One check: what its files share."""

    settings: Settings
    sources: Sources
    problems: Mapping[str, str]
    unsaved: Mapping[str, str] = field(default_factory=dict)
    cache: Cache | None = None
    known: Mapping[str, FileReport] = field(default_factory=dict)
    """Reports that still hold."""
    rules: list[Rule] = field(init=False)
    start: Callable[[], Examiner] = field(init=False)
    examiner: Examiner = field(init=False)
    comments: dict[str, Directives] = field(default_factory=dict)

    def __post_init__(self) -> None:
        paths = {str(Path(name).absolute()): text for name, text in self.unsaved.items()}
        self.start = partial(examiner_of, self.settings, self.sources, paths)
        self.examiner = self.start()
        self.rules = list(self.examiner.rules)

    def run(self, texts: Mapping[str, str], progress: Progress | None, jobs: int = 1) -> Checked:
        reports = self._reports(texts, progress, jobs)
        said: list[Said] = []
        for name, reason in self.problems.items():
            said += self.examiner.trouble(name, TroubleKind.SOURCE, reason)
        for name in texts:
            said += reports[name].said
            comments = reports[name].comments
            if comments is not None:
                self.comments[name] = comments
        files = [*texts, *(name for name in self.problems if name not in texts)]
        suppressions = {name: Suppressions(found.suppressions) for name, found in self.comments.items()}
        findings = self._unsuppressed(merged(said), suppressions)
        idle = [each for name in self.comments for each in self._idle(name, suppressions[name])]
        findings += self._unsuppressed(merged(idle), suppressions)
        found = in_order(self.sources.notebooks.in_cells(configured(findings, self.settings)))
        return Checked(found, files, texts, self.sources, reports, self.problems)

    def _reports(
        self, texts: Mapping[str, str], progress: Progress | None, jobs: int
    ) -> Mapping[str, FileReport]:
        """Every file's report: kept ones first, the others by so many processes."""
        reports = {name: report for name, report in self.known.items() if name in texts}
        if self.cache is not None:
            for name, text in texts.items():
                kept = self.cache.get(name, text)
                if kept is not None:
                    reports[name] = kept
        new = [(name, self.sources.program(name)) for name in texts if name not in reports]
        for name, report in examined(self.start, new, jobs):
            if progress is not None:
                progress(len(reports), len(texts))
            reports[name] = report
            if self.cache is not None:
                self.cache.put(name, texts[name], report)
        return reports

    # -- suppression -----------------------------------------------------------------------------------------

    def _unsuppressed(self, findings: Sequence[Finding], files: dict[str, Suppressions]) -> list[Finding]:
        kept = []
        for finding in findings:
            name = finding.filename
            if name not in files:
                files[name] = Suppressions(read_comments(self.sources.program(name)).suppressions)
            if not files[name].suppresses(finding):
                kept.append(finding)
        return kept

    def _idle(self, name: str, comments: Suppressions) -> Iterator[Said]:
        """What the file's comments say to no effect."""
        for problem in self.comments[name].problems:
            span = self._span(name, problem.row, problem.column, problem.end_column)
            yield from self._comment(Idleness.UNREADABLE, span, what=problem.message)
        for idle in comments.idle(all_rules(self.settings.plugins), self.rules):
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
        return self.examiner.looked_at(subject, span)

    def _span(self, name: str, row: int, column: int, end_column: int) -> Span:
        """Columns of code points from 1, as a span."""
        lines = self.sources.lines(name)
        if lines is None:
            return Span(name, row, 0, row, 0)
        return Span(name, row, lines.to_bytes(row, column - 1), row, lines.to_bytes(row, end_column - 1))
