"""What single services ask of a report: paths, fingerprints, columns in bytes, what fails."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from msgspec.structs import replace

from convlint.lint.finding import Location, Severity
from convlint.report import FORMATS, Canvas
from convlint.report.fingerprint import fingerprints
from convlint.report.paths import project_path, uri
from tests.report.samples import FULL, LINES, source


@pytest.mark.parametrize(
    ("filename", "path"),
    [
        ("net.py", "src/net.py"),
        ("./a/../net.py", "src/net.py"),
        ("../net.py", "net.py"),
        ("../../net.py", "/net.py"),
        ("/p/lib/net.py", "lib/net.py"),
        ("/pq/net.py", "/pq/net.py"),
        ("<stdin>", "<stdin>"),
    ],
)
def test_paths_are_relative_to_the_top_of_the_project(filename: str, path: str) -> None:
    assert project_path(filename, Canvas(folder="/p/src", root="/p")) == path


@pytest.mark.parametrize(
    ("path", "reference"),
    [
        ("a b.py", "a%20b.py"),
        ("a:b.py", "a%3Ab.py"),
        ("é\udcff.py", "%C3%A9%FF.py"),
        ("\ud800.py", "%ED%A0%80.py"),
        ("/a/%.py", "file:///a/%25.py"),
        ("C:/a.py", "file:///C%3A/a.py"),
        ("//host/a.py", "file://host/a.py"),
    ],
)
def test_uris(path: str, reference: str) -> None:
    assert uri(path) == reference


def test_a_fingerprint_survives_moved_lines_and_other_numbers() -> None:
    (before,) = fingerprints([FULL], Canvas(source))
    moved = replace(FULL, location=Location(4, 19), end_location=Location(4, 20), message="other")
    (after,) = fingerprints([moved], Canvas(lambda filename, cell: ("", "", LINES[0], "    " + LINES[1])))
    assert before == after


@pytest.mark.parametrize("change", [{"code": "CL302"}, {"filename": "b.py"}, {"location": Location(1, 1)}])
def test_a_fingerprint_knows_rule_file_and_code(change: dict[str, object]) -> None:
    changed = replace(FULL, **change)  # type: ignore[arg-type]
    assert [*fingerprints([FULL], Canvas(source))] != [*fingerprints([changed], Canvas(source))]


def test_equal_findings_have_different_fingerprints() -> None:
    assert len(set(fingerprints([FULL] * 3, Canvas(source)))) == 3


def test_reviewdog_counts_bytes() -> None:
    (read,) = json.loads(FORMATS["rdjson"]([FULL], Canvas(source)))["diagnostics"]
    span = {"start": {"line": 2, "column": 19}, "end": {"line": 2, "column": 20}}
    assert LINES[1][14:15] == "4"
    assert LINES[1].encode()[18:19] == b"4"
    assert read["location"]["range"] == span
    assert read["suggestions"] == [{"range": span, "text": "3"}]


def test_reviewdog_gets_no_column_and_no_fix_where_the_text_is_unknown() -> None:
    (read,) = json.loads(FORMATS["rdjson"]([FULL], Canvas()))["diagnostics"]
    assert read["location"]["range"] == {"start": {"line": 2}, "end": {"line": 2}}
    assert "suggestions" not in read


def test_github_takes_columns_on_one_line_only() -> None:
    assert ",line=2,endLine=2,col=15,endColumn=16,title=CL301 even-kernel::kernel" in (
        FORMATS["github"]([FULL], Canvas())
    )
    long = replace(FULL, end_location=Location(3, 1))
    assert ",line=2,endLine=3,title=" in FORMATS["github"]([long], Canvas())


def test_nothing_can_forge_a_workflow_command() -> None:
    forged = replace(FULL, message="a\n::error::b%0A", filename="a\n::error::,line=9.py", name="x,y:z\r")
    text = FORMATS["github"]([forged], Canvas())
    assert text.count("\n") == 1
    assert text.startswith("::warning file=a%0A%3A%3Aerror%3A%3A%2Cline=9.py,line=2,")
    assert "title=CL301 x%2Cy%3Az\\r::a\\n::error::b%250A%0Apath: " in text


def test_what_lies_below_fail_on_is_a_junit_case_that_passed() -> None:
    advice = replace(FULL, severity=Severity.ADVICE)
    text = FORMATS["junit"]([FULL, advice], Canvas(fail_on=Severity.WARNING))
    (suite,) = ElementTree.fromstring(text)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case[0].tag for case in suite] == ["failure", "system-out"]


def test_code_quality_tells_severities_in_its_own_words() -> None:
    findings = [replace(FULL, severity=severity) for severity in Severity]
    issues = json.loads(FORMATS["gitlab"](findings, Canvas()))
    assert [issue["severity"] for issue in issues] == ["info", "minor", "critical"]
