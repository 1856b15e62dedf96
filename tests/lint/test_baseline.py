"""A baseline knows findings by their line's text."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from convlint.lint.baseline import Baseline, BaselineError
from convlint.lint.finding import Finding, Location, Severity

FINDING = Finding("CL301", "even-kernel", Severity.WARNING, "m", "src/a.py", Location(2, 1), Location(2, 3))
LINES = {"src/a.py": ["import x", "  conv = a", "other", "conv = a"]}


def lines(name: str, cell: int | None) -> list[str] | None:
    return LINES.get(name)


@pytest.fixture
def baseline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Baseline:
    monkeypatch.chdir(tmp_path)
    Baseline.of(Path("known.json"), [FINDING], lines).write()
    return Baseline.read(Path("known.json"))


def test_a_line_may_move_and_be_indented(baseline: Baseline) -> None:
    moved = replace(FINDING, location=Location(4, 1))
    compared = baseline.compare([moved], ["src/a.py"], lines)
    assert not compared.new
    assert not compared.stale


def test_one_entry_covers_one_finding(baseline: Baseline) -> None:
    twice = [FINDING, replace(FINDING, location=Location(4, 1))]
    assert baseline.compare(twice, ["src/a.py"], lines).new == twice[1:]


@pytest.mark.parametrize(
    "change", [{"code": "CL302"}, {"filename": "src/b.py"}, {"location": Location(3, 1)}]
)
def test_another_code_file_or_line_is_new(baseline: Baseline, change: dict[str, object]) -> None:
    other = replace(FINDING, **change)  # type: ignore[arg-type]
    compared = baseline.compare([other], ["src/a.py"], lines)
    assert compared.new == [other]
    assert [entry.code for entry in compared.stale] == ["CL301"]


def test_files_that_were_not_checked_say_nothing(baseline: Baseline) -> None:
    assert not baseline.compare([], ["src/b.py"], lines).stale


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"findings": 3}', '{"findings": {"a.py": [1]}}'])
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(BaselineError, match="it is no baseline; --update-baseline writes a new one"):
        Baseline.read(tmp_path / "known.json")


def test_a_missing_one_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="--update-baseline writes it"):
        Baseline.read(tmp_path / "none.json")
