"""Whatever a finding holds, each format can be parsed again and gives back file, line and message."""

import json
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from convlint.lint.finding import Finding
from convlint.report import FORMATS, Canvas
from convlint.report.escape import encodable, visible
from tests.report.samples import FULL, files, reports, source

SLOW = settings(deadline=None, derandomize=True, max_examples=50)


def place(finding: Finding) -> str:
    """The words that begin a message about a notebook."""
    if finding.cell is None:
        return ""
    return f"cell {finding.cell}:{finding.location.row}:{finding.location.column}: "


def said(finding: Finding) -> str:
    return place(finding) + visible(finding.message)


@SLOW
@given(reports())
def test_every_format_is_text_that_a_file_can_hold(report: list[Finding]) -> None:
    for render in FORMATS.values():
        text = render(report, Canvas())
        assert text.encode("utf-8", "strict") == text.encode("utf-8", "replace")
        assert "\r" not in text


@SLOW
@given(reports())
def test_jsonl(report: list[Finding]) -> None:
    text = FORMATS["jsonl"](report, Canvas())
    lines = text.splitlines()
    assert text.isascii()
    assert [json.loads(line) for line in lines] == json.loads(FORMATS["json"](report, Canvas()))


@SLOW
@given(reports(files))
def test_sarif(report: list[Finding]) -> None:
    text = FORMATS["sarif"](report, Canvas())
    (run,) = json.loads(text)["runs"]
    assert text.isascii()
    for finding, result in zip(report, run["results"], strict=True):
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        reference = physical["artifactLocation"]["uri"].removeprefix("file://").removeprefix("file:")
        assert unquote_to_bytes(reference).decode("utf-8", "surrogateescape") == finding.filename
        told = result["message"]["text"].split("\n")[0]
        assert told.replace("] (", "](") == said(finding).replace("] (", "](")
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        if finding.cell is None:
            assert physical["region"]["startLine"] == finding.location.row
            assert physical["region"]["endColumn"] == finding.end_location.column
        else:
            assert "region" not in physical
            assert location["logicalLocations"][0]["fullyQualifiedName"] + ": " == place(finding)


@SLOW
@given(reports())
def test_github(report: list[Finding]) -> None:
    text = FORMATS["github"](report, Canvas())
    commands = text.split("\n")
    assert commands.pop() == ""
    for finding, command in zip(report, commands, strict=True):
        start, _, rest = command[2:].partition(" ")
        properties, _, data = rest.partition("::")
        assert start in ("error", "warning", "notice")
        read = dict(pair.split("=", 1) for pair in properties.split(","))
        for escape, character in (("%2C", ","), ("%3A", ":"), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            read = {key: value.replace(escape, character) for key, value in read.items()}
            data = data.replace(escape, character) if escape not in ("%2C", "%3A") else data
        assert read["file"] == encodable(finding.filename)
        assert read.get("line") == (None if finding.cell else str(finding.location.row))
        assert data.split("\n")[0] == said(finding)


@SLOW
@given(reports())
def test_gitlab(report: list[Finding]) -> None:
    issues = json.loads(FORMATS["gitlab"](report, Canvas()))
    for finding, issue in zip(report, issues, strict=True):
        assert issue["location"]["path"] == encodable(finding.filename)
        assert issue["location"]["lines"]["begin"] == (1 if finding.cell else finding.location.row)
        assert issue["description"] == said(finding)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@SLOW
@given(reports())
def test_rdjson(report: list[Finding]) -> None:
    diagnostics = json.loads(FORMATS["rdjson"](report, Canvas()))["diagnostics"]
    for finding, diagnostic in zip(report, diagnostics, strict=True):
        assert diagnostic["location"]["path"] == encodable(finding.filename)
        if finding.cell is None:
            assert diagnostic["location"]["range"]["start"] == {"line": finding.location.row}
        assert diagnostic["message"].split("\n")[0] == said(finding)


@SLOW
@given(reports())
def test_checkstyle(report: list[Finding]) -> None:
    text = FORMATS["checkstyle"](report, Canvas())
    assert text.isascii()
    read = [(file, error) for file in ElementTree.fromstring(text) for error in file]
    for finding, (file, error) in zip(report, read, strict=True):
        assert file.get("name") == visible(finding.filename)
        assert error.get("line") == (None if finding.cell else str(finding.location.row))
        assert (error.get("message") or "").startswith(said(finding))


@SLOW
@given(reports())
def test_junit(report: list[Finding]) -> None:
    text = FORMATS["junit"](report, Canvas())
    assert text.isascii()
    suites = ElementTree.fromstring(text)
    cases = [case for suite in suites for case in suite]
    assert suites.get("tests") == str(len(cases))
    if not report:
        assert [case.get("name") for case in cases] == ["no findings"]
        return
    for finding, case in zip(report, cases, strict=True):
        (failure,) = case
        row, column = finding.location.row, finding.location.column
        assert case.get("classname") == visible(finding.filename)
        assert (case.get("name") or "").endswith(f"{row}:{column}")
        assert failure.get("message") == visible(finding.message)


@pytest.mark.parametrize("name", ["jsonl", "sarif", "gitlab", "junit", "rdjson", "checkstyle"])
def test_the_remedy_is_told_in_every_format(name: str) -> None:
    assert "use 3" in FORMATS[name]([FULL], Canvas(source))


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_very_long_message_is_not_cut(name: str) -> None:
    message = "long " * 50_000
    text = FORMATS[name]([replace(FULL, message=message)], Canvas())
    assert "long " * 49_999 + "long" in text
