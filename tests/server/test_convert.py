"""A finding as the protocol writes it."""

from __future__ import annotations

import pytest

pytest.importorskip("lsprotocol")

from lsprotocol.types import (
    ClientCapabilities,
    ClientDiagnosticsTagOptions,
    Diagnostic,
    DiagnosticSeverity,
    DiagnosticTag,
    PositionEncodingKind,
    PublishDiagnosticsClientCapabilities,
    TextDocumentClientCapabilities,
)

from convlint.lint.engine import all_rules
from convlint.lint.finding import Finding, Location, Note, NoteKind, Severity
from convlint.server.able import Able
from convlint.server.convert import UNNECESSARY, diagnostic
from convlint.server.documents import Document

TEXT = "x = '🔥'\ny = x\n"
NOTES = (
    Note("f() → g", kind=NoteKind.PATH),
    Note("called here", "/room/net.py", Location(1, 7)),
    Note("built there", "/room/part.py", Location(8, 3)),
)


ALL = Able(
    ClientCapabilities(
        text_document=TextDocumentClientCapabilities(
            publish_diagnostics=PublishDiagnosticsClientCapabilities(
                related_information=True,
                tag_support=ClientDiagnosticsTagOptions([DiagnosticTag.Unnecessary]),
                code_description_support=True,
                data_support=True,
            )
        )
    )
)
NONE = Able(ClientCapabilities())


def converted(
    severity: Severity = Severity.ERROR, name: str = "channel-mismatch", able: Able = ALL
) -> Diagnostic:
    finding = Finding(
        *("CL102", name, severity, "wrong", "/room/net.py", Location(1, 5), Location(1, 8)),
        help="do this",
        notes=NOTES,
        url="https://example.org/CL102",
    )
    page = Document("file:///room/net.py", "/room/net.py", TEXT, 1, None)
    return diagnostic(finding, page, PositionEncodingKind.Utf16, able)


def test_notes_with_a_place_are_related_and_others_follow_the_message() -> None:
    found = converted()
    assert found.message == "wrong\npath: f() → g\nhelp: do this"
    related = [(r.location.uri, r.location.range.start, r.message) for r in found.related_information or ()]
    assert [uri for uri, _, _ in related] == ["file:///room/net.py", "file:///room/part.py"]
    assert [(at.line, at.character) for _, at, _ in related] == [(0, 7), (7, 2)]


def test_an_editor_that_announces_nothing_reads_all_in_the_message() -> None:
    found = converted(name="unused-layer", able=NONE)
    told = "wrong\npath: f() → g\nline 1: called here\npart.py:8: built there\nhelp: do this"
    assert found.message == told
    assert (found.related_information, found.code_description, found.tags, found.data) == (None,) * 4


def test_the_code_leads_to_the_rule() -> None:
    found = converted()
    assert found.code_description is not None
    assert (found.code, found.code_description.href) == ("CL102", "https://example.org/CL102")
    assert (found.range.start.character, found.range.end.character) == (4, 8)


@pytest.mark.parametrize(
    ("severity", "shown"),
    [
        (Severity.ERROR, DiagnosticSeverity.Error),
        (Severity.WARNING, DiagnosticSeverity.Warning),
        (Severity.ADVICE, DiagnosticSeverity.Information),
    ],
)
def test_severities(severity: Severity, shown: DiagnosticSeverity) -> None:
    assert converted(severity).severity is shown


def test_what_may_be_taken_away_is_unnecessary() -> None:
    assert {rule.name for rule in all_rules()} >= UNNECESSARY
    assert converted(name="unused-layer").tags == [DiagnosticTag.Unnecessary]
    assert converted().tags is None
