"""The engine: files in, findings out.

Each file is examined by itself, or its report is taken from the cache; the findings of all are merged, those
that a comment or the configuration suppresses are left out, the rest is sorted. Whatever goes wrong with a
file is a finding, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from convlint.config import Settings
from convlint.lint.cache import Cache
from convlint.lint.catalogue import Entry, catalogue
from convlint.lint.cells import Notebooks, Parsed
from convlint.lint.filereport import FileReport, Said
from convlint.lint.filters import Suppressions, configured, merged, selected
from convlint.lint.finding import Finding, in_order
from convlint.lint.relevance import Relevance, project_folders
from convlint.lint.sources import Sources
from convlint.source.comments import Directives, read_comments
from convlint.source.discovery import DEFAULT_EXCLUDES, Discovery, Exclusion, discover
from convlint.source.files import UnreadableSource, read_source
from convlint.source.gitignore import GitIgnore

if TYPE_CHECKING:
    import ast

    from convlint.lint.examiner import Examiner
    from convlint.lint.fixing import Fixed
    from convlint.lint.rule import Rule
    from convlint.source.notebooks import Notebook

Progress = Callable[[int, int], None]


class Checked(Struct, frozen=True):
    """What a check found: findings in reading order, the files looked at, and their lines."""

    findings: Sequence[Finding]
    files: Sequence[str]
    texts: Mapping[str, str]
    """The text of every file that could be read, by the name it is shown under."""
    _sources: Sources
    _reports: Mapping[str, FileReport] = field(default_factory=dict)
    _problems: Mapping[str, str] = field(default_factory=dict)
    _rules: Sequence[Entry] = ()

    def report(self, filename: str) -> FileReport | None:
        """What the analysis of one file showed by itself."""
        return self._reports.get(filename)

    def notebook(self, filename: str) -> Notebook | None:
        """The cells of a file that is a notebook."""
        return self._sources.notebooks.of(filename)

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
            texts[name] = unsaved[name] if unsaved and name in unsaved else read_source(name).text
        except UnreadableSource as error:
            texts[name], problems[name] = "", error.reason
    sources = _sources(texts, problems, settings)
    rules = known_rules(settings, cache)
    check = _Check(settings, sources, problems, unsaved=unsaved or {}, rules=rules)
    if cache is not None and not unsaved:
        check.cache = Cache(cache, settings, selected(rules, settings), sources)
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
    sources = _sources(texts, problems, settings)
    check = _Check(settings, sources, problems, unsaved=unsaved, known=known, rules=before._rules)
    return check.run(texts, None)


def fixed(before: Checked, settings: Settings, unsafe: bool) -> Fixed[Checked]:
    """What is left after the fixes of a check's findings, and the changed texts; nothing is written."""
    from convlint.lint.fixing import Fixer

    def check(last: Checked, texts: Mapping[str, str]) -> Checked:
        return check_again(last, settings, texts)

    def still_parses(text: str, filename: str) -> bool:
        return parses(text, filename, before.texts[filename])

    return Fixer(before.texts, check, still_parses, unsafe).fix(before)


def with_ignores(checked: Checked) -> tuple[dict[str, str], list[Finding]]:
    """The texts with comments that suppress what was found, and the findings that have no place for one."""
    from convlint.lint import ignoring

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


def check_source(
    text: str,
    filename: str,
    settings: Settings,
    *,
    unsaved: Mapping[str, str] | None = None,
    known: FileReport | None = None,
    sheets: bool = False,
) -> Checked:
    """Lint a text as if it stood in the file; the name of a notebook makes it one.

    `unsaved` are texts that stand in for files that it imports, `known` is its report where that still holds;
    with `sheets` the report says what an editor shows.
    """
    rules = known_rules(settings, None)
    texts, problems = {filename: text}, dict[str, str]()
    sources = _sources(texts, problems, settings)
    check = _Check(settings, sources, problems, unsaved=unsaved or {}, rules=rules, sheets=sheets)
    check.known = {} if known is None else {filename: known}
    return check.run(texts, None)


def files_of(paths: Sequence[Path], settings: Settings, force_exclude: bool = False) -> Sequence[str]:
    """The files that `check_paths` would look at."""
    return _discovered(paths, settings, force_exclude).files


def all_rules(named: Sequence[str] = ()) -> Sequence[Rule]:
    """Every built-in rule, and those of the named plugins, ordered by code. Raises PluginError."""
    from convlint.lint.plugins import load

    return load(named)


def known_rules(settings: Settings, cache: Path | None) -> Sequence[Entry]:
    """Every rule by what a user may say of it. Raises PluginError."""
    return catalogue(settings.plugins, cache)


def _top(settings: Settings) -> Path | None:
    return None if settings.source is None else settings.source.path.parent


def _sources(texts: Mapping[str, str], problems: dict[str, str], settings: Settings) -> Sources:
    """The linted files; a notebook that cannot be read joins the problems."""
    notebooks, programs = Notebooks(), {}
    for name, text in texts.items():
        try:
            programs[name] = notebooks.program(name, text)
        except UnreadableSource as error:
            programs[name], problems[name] = "", error.reason
    return Sources({**dict.fromkeys(problems, ""), **programs}, _top(settings), notebooks)


def _discovered(paths: Sequence[Path], settings: Settings, force: bool) -> Discovery:
    root = "." if settings.source is None else str(settings.source.path.parent)
    patterns = DEFAULT_EXCLUDES if settings.exclude is None else settings.exclude
    exclusion = Exclusion((*patterns, *settings.extend_exclude), root, GitIgnore(root))
    return discover([str(path) for path in paths], exclusion, force)


class _Check(Struct):
    """One check: what its files share."""

    settings: Settings
    sources: Sources
    problems: Mapping[str, str]
    unsaved: Mapping[str, str] = field(default_factory=dict)
    cache: Cache | None = None
    known: Mapping[str, FileReport] = field(default_factory=dict)
    """Reports that still hold."""
    rules: Sequence[Entry] = ()
    """Every rule there is."""
    sheets: bool = False
    _examiner: Examiner | None = None

    def start(self) -> Examiner:
        """What analyses files, loaded only where one has to be; a worker process makes its own."""
        if self._examiner is None:
            from convlint.lint.examiner import examiner_of

            paths = {str(Path(name).absolute()): text for name, text in self.unsaved.items()}
            self._examiner = examiner_of(self.settings, self.sources, paths, self.sheets)
        return self._examiner

    def run(self, texts: Mapping[str, str], progress: Progress | None, jobs: int = 1) -> Checked:
        reports = self._reports(texts, progress, jobs)
        said: list[Said] = []
        for name, reason in self.problems.items():
            said += self.start().unreadable(name, reason)
        for name in texts:
            said += reports[name].said
        comments = {name: found for name in texts if (found := reports[name].comments) is not None}
        files = [*texts, *(name for name in self.problems if name not in texts)]
        suppressions = {name: Suppressions(found.suppressions) for name, found in comments.items()}
        findings = _unsuppressed(merged(said), suppressions, self.sources)
        idle = [each for name in comments for each in self._idle(name, comments[name], suppressions[name])]
        findings += _unsuppressed(merged(idle), suppressions, self.sources)
        shown = in_order(self.sources.notebooks.in_cells(configured(findings, self.settings)))
        return Checked(shown, files, texts, self.sources, reports, self.problems, self.rules)

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
        relevance = Relevance()
        new = []
        for name in texts:
            if name not in reports:
                text = self.sources.program(name)
                if _may_matter(relevance, name, text, self.settings):
                    new.append((name, text))
                else:
                    reports[name] = FileReport()
        if not new:
            return reports
        from convlint.lint.jobs import examined

        for name, report in examined(self.start, new, jobs):
            if progress is not None:
                progress(len(reports), len(texts))
            reports[name] = report
            if self.cache is not None:
                self.cache.put(name, texts[name], report)
        return reports

    def _idle(self, name: str, comments: Directives, suppressions: Suppressions) -> Iterator[Said]:
        """What the file's comments say to no effect."""
        if comments.problems or comments.suppressions:
            idle = list(suppressions.idle(self.rules, selected(self.rules, self.settings)))
            if comments.problems or idle:
                yield from self.start().idle(name, comments.problems, idle)


def _may_matter(relevance: Relevance, name: str, text: str, settings: Settings) -> bool:
    """Whether the file is Python, and it or what it imports speaks of a framework; in doubt it may."""
    if not name.endswith((".py", ".ipynb", ">")):
        return False
    try:
        return relevance.matters(text, Path(name), project_folders(settings, name))
    except (OSError, ValueError, RecursionError):
        return True


def _unsuppressed(
    findings: Sequence[Finding], files: dict[str, Suppressions], sources: Sources
) -> list[Finding]:
    """The findings that no comment suppresses; `files` remembers which comments were of use."""
    kept = []
    for finding in findings:
        name = finding.filename
        if name not in files:
            files[name] = Suppressions(read_comments(sources.program(name)).suppressions)
        if not files[name].suppresses(finding):
            kept.append(finding)
    return kept
