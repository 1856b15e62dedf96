"""Annotated sources: each finding is expected and each expectation met, each revealed shape is the one that
flows.

`# expect: CL102 "32 channels"` stands on the row where the finding begins (a severity may follow the code);
`# reveal: (N, 64, H//2)` on the row that binds or returns the tensor, shapes of several runs after `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from convlint.config import Settings, load
from convlint.dims import parse
from convlint.lint.engine import check_source
from convlint.lint.finding import Finding
from convlint.model.files import analyse_tree, parse_text
from convlint.source.comments import read_comments
from convlint.source.tokens import scan

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules"
FILES = sorted(FIXTURES.glob("*/*.py"))
_EXPECT = re.compile(
    r"(?P<code>CL\d{3})(?: +(?P<severity>error|warning|advice))?(?: +\"(?P<words>[^\"]*)\")?"
)


@dataclass(frozen=True)
class Expectation:
    row: int
    code: str
    severity: str | None
    words: str

    def met_by(self, finding: Finding) -> bool:
        place = finding.location.row == self.row and finding.code == self.code
        return place and self.words in finding.message and self.severity in (None, finding.severity.value)


def annotations(text: str, word: str) -> list[tuple[int, str]]:
    """What stands after `# word:` in comments, with the row."""
    found = []
    for comment in scan(text).comments:
        for part in comment.text.split("#"):
            if part.strip().startswith(f"{word}:"):
                found.append((text.count("\n", 0, comment.start) + 1, part.strip()[len(word) + 1 :].strip()))
    return found


def expectations(text: str) -> list[Expectation]:
    found = []
    for row, said in annotations(text, "expect"):
        matches = list(_EXPECT.finditer(said))
        assert matches, f"row {row}: cannot read {said!r}"
        found += [Expectation(row, m["code"], m["severity"], m["words"] or "") for m in matches]
    return found


def identifier(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def settings_for(path: Path) -> Settings:
    """The rules that are on by default, the folder's own, and what a configuration beside the source says."""
    beside = path.parent / "convlint.toml"
    settings = load([path], config=beside) if beside.is_file() else Settings()
    return replace(settings, extend_select=(path.parent.name.partition("-")[0],))


@pytest.mark.parametrize("path", FILES, ids=identifier)
def test_findings(path: Path) -> None:
    text = path.read_text()
    findings = list(check_source(text, str(path), settings_for(path)).findings)
    for expectation in expectations(text):
        met = next((finding for finding in findings if expectation.met_by(finding)), None)
        shown = "\n".join(map(show, findings))
        assert met is not None, f"{expectation} is not among\n{shown}"
        findings.remove(met)
    assert not findings, "not expected:\n" + "\n".join(map(show, findings))


def show(finding: Finding) -> str:
    place = f"{finding.location.row}:{finding.location.column}"
    return f"  {place} {finding.code} {finding.severity.value}: {finding.message} | {finding.help}"


@pytest.mark.parametrize("path", [p for p in FILES if "# reveal:" in p.read_text()], ids=identifier)
def test_reveals(path: Path) -> None:
    text = path.read_text()
    tree = parse_text(text, str(path))
    folders = (str(path.parent),)
    analysis = analyse_tree(tree, str(path), folders, inputs=read_comments(text, tree).inputs)
    for row, said in annotations(text, "reveal"):
        shapes: dict[str, None] = {}
        for run in analysis.runs:
            for outcome in run.outcomes:
                for (_, at, _), tensors in outcome.trace.assigned.items():
                    shapes |= {written(t.shape): None for t in tensors if at == row}
        wanted = [normal(part) for part in said.split("|")]
        assert sorted(shapes) == sorted(wanted), f"row {row}"


def written(shape: object) -> str:
    return "?" if shape is None else "(" + ", ".join(map(str, shape)) + ")"  # type: ignore[call-overload]


def normal(text: str) -> str:
    """A shape in the spelling of convlint, whatever spelling it was written in."""
    inside = text.strip().removeprefix("(").removesuffix(")")
    depth, parts, current = 0, [], ""
    for character in inside:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    parts.append(current)
    return "(" + ", ".join(str(parse(part)) for part in parts if part.strip()) + ")"


def test_every_rule_has_fixtures_of_both_kinds() -> None:
    from convlint.lint.engine import all_rules

    for rule in all_rules():
        folder = FIXTURES / f"{rule.code}-{rule.name}"
        names = [path.name for path in folder.glob("*.py")]
        assert any(name.startswith("bad") for name in names), folder
        assert any(name.startswith("good") for name in names), folder
