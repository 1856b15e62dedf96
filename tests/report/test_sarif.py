"""SARIF: what a code host reads out of it."""

import json

from msgspec.structs import replace

from convlint.lint.finding import Edit, Fix, Location, Note, Severity
from convlint.report import FORMATS, Canvas
from tests.report.samples import FULL, Card, source


def run_of(*findings, canvas=None):  # type: ignore[no-untyped-def]
    return json.loads(FORMATS["sarif"](findings, canvas or Canvas(source, rules=lambda: (Card(),))))["runs"][
        0
    ]


def test_columns_are_declared_to_count_code_points() -> None:
    assert run_of(FULL)["columnKind"] == "unicodeCodePoints"


def test_a_rule_tells_its_page_and_where_it_is_explained() -> None:
    (rule,) = run_of(FULL, FULL)["tool"]["driver"]["rules"]
    assert rule["id"] == "CL301"
    assert rule["name"] == "EvenKernel"
    assert rule["shortDescription"] == {"text": "An even kernel has no centre."}
    assert rule["help"] == {"text": Card.doc, "markdown": Card.doc}
    assert rule["helpUri"] == "https://example.org/even-kernel"
    assert rule["defaultConfiguration"] == {"level": "error", "enabled": False}


def test_a_rule_without_card_is_told_by_its_finding() -> None:
    (rule,) = run_of(FULL, canvas=Canvas())["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"] == {"level": "warning", "enabled": True}
    assert "help" not in rule


def test_results_point_at_their_rules() -> None:
    other = replace(FULL, code="CL101", severity=Severity.ADVICE)
    run = run_of(FULL, other)
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [ids[result["ruleIndex"]] for result in run["results"]] == ["CL301", "CL101"]
    assert [result["level"] for result in run["results"]] == ["warning", "note"]


def test_a_location_is_relative_to_the_root_and_percent_encoded() -> None:
    (result,) = run_of(FULL)["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "models/a%20b%23%25.py", "uriBaseId": "%SRCROOT%"}
    assert physical["region"] == {"startLine": 2, "startColumn": 15, "endLine": 2, "endColumn": 16}


def test_a_file_outside_the_root_has_an_absolute_uri() -> None:
    outside = replace(FULL, filename="../é.py")
    canvas = Canvas(folder="/p/src", root="/p/src")
    (result,) = run_of(outside, canvas=canvas)["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "file:///p/%C3%A9.py"}


def test_notes_with_a_place_are_related_locations_and_the_others_text() -> None:
    (result,) = run_of(FULL)["results"]
    here, third = result["relatedLocations"]
    assert here["message"] == {"text": "written here"}
    assert here["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 2}
    assert "region" not in third["physicalLocation"]
    assert result["message"]["text"].split("\n")[1:] == [
        "path: Net() → conv",
        "at run time: RuntimeError: no",
        "help: use 3",
    ]


def test_nothing_in_a_message_reads_as_a_link() -> None:
    (result,) = run_of(replace(FULL, message="layers[0](1), f[1](x), [a](b:c)"))["results"]
    assert result["message"]["text"].startswith("layers[0] (1), f[1](x), [a] (b:c)\n")


def test_a_fix_is_an_artifact_change() -> None:
    insert = Edit("x\n", Location(3, 1), Location(3, 1))
    delete = Edit("", Location(2, 1), Location(2, 3))
    assert FULL.fix is not None
    (result,) = run_of(replace(FULL, fix=Fix(FULL.fix.applicability, "both", (insert, delete))))["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    first, second = change["replacements"]
    assert fix["description"] == {"text": "both (unsafe)"}
    assert first["insertedContent"] == {"text": "x\n"}
    assert first["deletedRegion"] == {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 1}
    assert "insertedContent" not in second


def test_a_note_told_twice_and_a_fix_of_no_edits_leave_valid_results() -> None:
    assert FULL.fix is not None
    (result,) = run_of(replace(FULL, notes=FULL.notes * 2, fix=replace(FULL.fix, edits=())))["results"]
    assert len(result["relatedLocations"]) == 2
    assert "fixes" not in result


def test_a_notebook_has_the_cell_as_logical_location_and_no_region() -> None:
    (result,) = run_of(replace(FULL, filename="n.ipynb", cell=3))["results"]
    (location,) = result["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "cell 3:2:15"
    assert "region" not in location["physicalLocation"]
    assert result["message"]["text"].startswith("cell 3:2:15: kernel")
    assert "fixes" not in result


def test_a_note_about_the_notebook_itself_has_no_region_either() -> None:
    here, there = Note("here", "n.ipynb", Location(1, 2)), Note("there", "other.py", Location(1, 2))
    (result,) = run_of(replace(FULL, filename="n.ipynb", cell=3, notes=(here, there)))["results"]
    own, other = (place["physicalLocation"] for place in result["relatedLocations"])
    assert "region" not in own
    assert other["region"]["startLine"] == 1
