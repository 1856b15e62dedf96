"""The formats that have a schema keep to it; `fixtures/schemas/README.md` says where each comes from."""

import json
from pathlib import Path

import jsonschema
import pytest
import xmlschema
from hypothesis import given, settings

from convlint.lint.finding import Finding
from convlint.report import FORMATS, Canvas
from tests.report.samples import FULL, Card, reports, source

SCHEMAS = Path(__file__).parents[2] / "fixtures" / "schemas"
SLOW = settings(deadline=None, derandomize=True, max_examples=20)


def validator(file: str) -> jsonschema.protocols.Validator:
    schema = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    made: jsonschema.protocols.Validator = jsonschema.validators.validator_for(schema)(schema)
    return made


JSON = {
    "sarif": validator("sarif-2.1.0-rtm.5.json"),
    "rdjson": validator("rdformat.json"),
    "gitlab": validator("gitlab-code-quality.json"),
}
ISSUES = validator("codeclimate-issues.json")
XML = {"junit": "junit-10.xsd", "checkstyle": "checkstyle.xsd"}
CANVASES = [Canvas(), Canvas(source, rules=lambda: (Card(),), folder="/p/src", root="/p")]


@pytest.mark.parametrize("name", list(JSON))
@pytest.mark.parametrize("canvas", CANVASES)
@SLOW
@given(report=reports())
def test_json_formats(name: str, canvas: Canvas, report: list[Finding]) -> None:
    JSON[name].validate(json.loads(FORMATS[name]([*report, FULL], canvas)))


@pytest.mark.parametrize("canvas", CANVASES)
@SLOW
@given(report=reports())
def test_a_gitlab_report_holds_issues_of_code_climate(canvas: Canvas, report: list[Finding]) -> None:
    ISSUES.validate(json.loads(FORMATS["gitlab"]([*report, FULL], canvas)))


@pytest.mark.parametrize(
    ("key", "value"), [("type", "remark"), ("categories", ["Taste"]), ("severity", "bad"), ("location", {})]
)
def test_what_is_no_issue_is_refused(key: str, value: object) -> None:
    document = json.loads(FORMATS["gitlab"]([FULL], Canvas(source)))
    document[0][key] = value
    with pytest.raises(jsonschema.ValidationError):
        ISSUES.validate(document)


@pytest.mark.parametrize("name", list(XML))
@SLOW
@given(report=reports())
def test_xml_formats(name: str, report: list[Finding]) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / XML[name])
    schema.validate(FORMATS[name]([*report, FULL], Canvas()))


@pytest.mark.parametrize("name", [*JSON, *XML])
def test_nothing_found_is_valid_too(name: str) -> None:
    text = FORMATS[name]([], Canvas())
    if name in JSON:
        JSON[name].validate(json.loads(text))
    else:
        xmlschema.XMLSchema(SCHEMAS / XML[name]).validate(text)


@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("sarif", ("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine")),
        ("rdjson", ("diagnostics", 0, "location", "range", "start", "line")),
        ("gitlab", (0, "location", "lines", "begin")),
    ],
)
def test_the_schemas_do_refuse(name: str, breaks: tuple[str | int, ...]) -> None:
    document = json.loads(FORMATS[name]([FULL], Canvas(source)))
    inner = document
    for step in breaks[:-1]:
        inner = inner[step]
    inner[breaks[-1]] = 0
    with pytest.raises(jsonschema.ValidationError):
        JSON[name].validate(document)
