"""Runs command lines against an engine of a few lines, so that these tests are about the commands alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from convlint.cli import main
from convlint.config import Settings
from convlint.lint.finding import Finding, Location, Severity


@dataclass(frozen=True)
class FakeRule:
    code: str
    name: str
    severity: Severity
    doc: str
    on: bool = True
    options: Mapping[str, str] = field(default_factory=dict)


RULES = (
    FakeRule(
        "CL101",
        "linear-in-features",
        Severity.ERROR,
        "A linear layer gets\nanother number of features.\n\n## What it does\nCompares.\n",
    ),
    FakeRule(
        "CL208",
        "dilation-gridding",
        Severity.ADVICE,
        "Equal dilations leave gaps.\n\n## What it does\nFlags.",
        on=False,
    ),
    FakeRule(
        "CL401",
        "parameter-heavy-layer",
        Severity.WARNING,
        "Too heavy.\n\n## What it does\nCounts.",
        True,
        ("max-params",),
    ),
)


@dataclass
class FakeResult:
    findings: Sequence[Finding]
    files: Sequence[str]
    texts: dict[str, str] = field(default_factory=dict)

    def lines(self, filename: str, cell: int | None) -> Sequence[str] | None:
        return ["abc"]


@dataclass
class FakeEngine:
    """Finds one finding of each severity asked for, and remembers what it was called with."""

    severities: tuple[Severity, ...] = ()
    files: tuple[str, ...] = ("net.py",)
    paths: list[Path] = field(default_factory=list)
    text: str | None = None
    settings: Settings | None = None
    crash: BaseException | None = None
    options: dict[str, object] = field(default_factory=dict)

    def check_paths(
        self,
        paths: Sequence[Path],
        settings: Settings,
        progress: Callable[[int, int], None] | None = None,
        **options: object,
    ) -> FakeResult:
        self.options = options
        if self.crash is not None:
            raise self.crash
        self.paths, self.settings = list(paths), settings
        return self._result("net.py")

    def check_source(self, text: str, filename: str, settings: Settings) -> FakeResult:
        self.text, self.settings = text, settings
        return self._result(filename)

    def files_of(
        self, paths: Sequence[Path], settings: Settings, force_exclude: bool = False
    ) -> Sequence[str]:
        return [f"{path}/net.py" for path in paths]

    def known_rules(self, settings: Settings, cache: Path | None) -> Sequence[FakeRule]:
        return self.all_rules()

    def all_rules(self, named: Sequence[str] = ()) -> Sequence[FakeRule]:
        return RULES

    def _result(self, filename: str) -> FakeResult:
        start, end = Location(1, 2), Location(1, 3)
        findings = [
            Finding(rule.code, rule.name, severity, f"some {severity.value}", filename, start, end)
            for severity in self.severities
            for rule in RULES
            if rule.severity is severity
        ]
        return FakeResult(findings, self.files)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeEngine:
    """The engine that commands load; they run in an empty folder, with no colour forced on them."""
    fake = FakeEngine()
    for name in ("check_paths", "check_source", "files_of", "all_rules", "known_rules"):
        monkeypatch.setattr(f"convlint.lint.engine.{name}", getattr(fake, name))
    monkeypatch.chdir(tmp_path)
    for variable in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(variable, raising=False)
    return fake


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def convlint(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line and gives its exit code and output."""

    def run(*words: str) -> Outcome:
        code = main(words)
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run
