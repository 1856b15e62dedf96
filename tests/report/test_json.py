"""The JSON of `check`: its keys and kinds are fixed."""

import json

from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Note, NoteKind, Severity
from convlint.report import Canvas
from convlint.report.json import render_json

FULL = Finding(
    code="CL301",
    name="even-kernel",
    severity=Severity.WARNING,
    message="kernel 4 × 4 \udc80",
    filename="a b.ipynb",
    location=Location(3, 7),
    end_location=Location(4, 1),
    help="use 3",
    notes=(Note("Net() → conv", kind=NoteKind.PATH), Note("written here", "b.py", Location(1, 2))),
    fix=Fix(Applicability.UNSAFE, "make it 3", (Edit("3", Location(3, 7), Location(3, 8)),)),
    url="https://example.org/even-kernel",
    cell=2,
    label="not part of JSON",
)


def test_every_key_of_a_finding() -> None:
    assert json.loads(render_json([FULL], Canvas())) == [
        {
            "code": "CL301",
            "name": "even-kernel",
            "severity": "warning",
            "message": "kernel 4 × 4 \udc80",
            "help": "use 3",
            "filename": "a b.ipynb",
            "location": {"row": 3, "column": 7},
            "end_location": {"row": 4, "column": 1},
            "notes": [
                {"message": "path: Net() → conv", "filename": None, "location": None},
                {"message": "written here", "filename": "b.py", "location": {"row": 1, "column": 2}},
            ],
            "fix": {
                "applicability": "unsafe",
                "message": "make it 3",
                "edits": [
                    {
                        "content": "3",
                        "location": {"row": 3, "column": 7},
                        "end_location": {"row": 3, "column": 8},
                    }
                ],
            },
            "url": "https://example.org/even-kernel",
            "cell": 2,
        }
    ]


def test_what_a_finding_lacks_is_null_or_empty() -> None:
    bare = Finding("CL1", "n", Severity.ERROR, "m", "a.py", Location(1, 1), Location(1, 1))
    (read,) = json.loads(render_json([bare], Canvas()))
    assert (read["help"], read["notes"], read["fix"], read["url"], read["cell"]) == ("", [], None, None, None)


def test_no_findings_are_an_empty_array() -> None:
    assert render_json([], Canvas()) == "[]\n"


def test_any_console_can_print_it() -> None:
    assert render_json([FULL], Canvas()).isascii()
