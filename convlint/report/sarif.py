"""SARIF 2.1.0, the OASIS format that code hosts and editors read (docs.oasis-open.org/sarif/sarif/v2.1.0).

Columns count code points, and say so (`columnKind`). Files are relative to `%SRCROOT%`, the top of the
project, whose place is the reader's business. Section numbers in this file are those of the specification.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc

from convlint import __version__
from convlint.lint.finding import Edit, Finding, Fix, Location, Note, Severity
from convlint.report.escape import visible
from convlint.report.fingerprint import fingerprints
from convlint.report.json import Json, dump
from convlint.report.paths import project_path, uri
from convlint.report.remarks import whole_message
from convlint.report.renderer import Canvas, RuleCard

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "recommendation"}
_LINK = re.compile(r"\](?=\((?:\d+|[A-Za-z][A-Za-z0-9+.-]*:[^)]*)\))")


def render_sarif(findings: Sequence[Finding], canvas: Canvas) -> str:
    """A log of one run: the rules that found something, and a result a finding."""
    cards = {card.code: card for card in canvas.rules()} if findings else {}
    first = {finding.code: finding for finding in reversed(findings)}
    codes = sorted(first)
    rules: list[Json] = [_rule(first[code], cards.get(code)) for code in codes]
    index = {code: number for number, code in enumerate(codes)}
    marks = fingerprints(findings, canvas)
    results: list[Json] = [
        _result(finding, index[finding.code], mark, canvas)
        for finding, mark in zip(findings, marks, strict=True)
    ]
    run: dict[str, Json] = {
        "tool": {"driver": {"name": "convlint", "semanticVersion": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the project."}}},
        "results": results,
    }
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


# -- rules ---------------------------------------------------------------------------------------------------


def _rule(finding: Finding, card: RuleCard | None) -> dict[str, Json]:
    """A reportingDescriptor (3.49): what its card tells, or what a finding does where there is none."""
    severity = finding.severity if card is None else card.severity
    rule: dict[str, Json] = {"id": visible(finding.code), "name": _pascal(finding.name)}
    if card is not None:
        doc = cleandoc(card.doc)
        sentence = " ".join(doc.partition("\n\n")[0].split())
        rule["shortDescription"] = {"text": sentence}
        rule["fullDescription"] = {"text": sentence}
        rule["help"] = {"text": doc, "markdown": doc}
    if finding.url:
        rule["helpUri"] = finding.url
    rule["defaultConfiguration"] = {"level": _LEVELS[severity], "enabled": card is None or card.on}
    rule["properties"] = {
        "problem.severity": _PROBLEMS[severity],
        "tags": [visible(finding.name)],
    }
    return rule


def _pascal(name: str) -> str:
    """`even-kernel` as `EvenKernel`: the form of the specification's own examples."""
    return "".join(word[:1].upper() + word[1:] for word in visible(name).split("-"))


# -- results -------------------------------------------------------------------------------------------------


def _result(finding: Finding, rule: int, fingerprint: str, canvas: Canvas) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": visible(finding.code),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": _message(whole_message(finding, placed=False)),
        "locations": [_primary(finding, canvas)],
        "partialFingerprints": {"codeUnderFinding/v1": fingerprint},
    }
    related: list[Json] = [*_related(finding, canvas)]
    if related:
        result["relatedLocations"] = related
    if finding.fix is not None and finding.fix.edits and finding.cell is None:
        result["fixes"] = [_fix(finding.fix, finding.filename, canvas)]
    return result


def _message(text: str) -> dict[str, Json]:
    """A plain text message (3.11), in which `layers[0](1)` must not read as a link to location 1 (3.11.6)."""
    return {"text": _LINK.sub("] ", text)}


def _primary(finding: Finding, canvas: Canvas) -> dict[str, Json]:
    """Where a finding is. In a notebook only the line in its cell is known: a logical location tells it."""
    if finding.cell is None:
        return _location(finding.filename, _region(finding.location, finding.end_location), canvas)
    place = f"cell {finding.cell}:{finding.location.row}:{finding.location.column}"
    within: Mapping[str, Json] = {"name": f"cell {finding.cell}", "fullyQualifiedName": place, "kind": "cell"}
    return {**_location(finding.filename, None, canvas), "logicalLocations": [within]}


def _related(finding: Finding, canvas: Canvas) -> Iterator[dict[str, Json]]:
    """The notes that speak of a place of their own, each once, as 3.27.22 wants."""
    for note in dict.fromkeys(finding.notes):
        if note.filename is not None:
            place = _location(note.filename, _note_region(note, finding), canvas)
            yield {**place, "message": _message(visible(note.text))}


def _note_region(note: Note, finding: Finding) -> dict[str, Json] | None:
    in_notebook = finding.cell is not None and note.filename == finding.filename
    if note.location is None or in_notebook or note.cell is not None:
        return None
    return {"startLine": note.location.row, "startColumn": note.location.column}


def _location(filename: str, region: dict[str, Json] | None, canvas: Canvas) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": _artifact(filename, canvas)}
    if region is not None:
        physical["region"] = region
    return {"physicalLocation": physical}


def _artifact(filename: str, canvas: Canvas) -> dict[str, Json]:
    reference = uri(project_path(filename, canvas))
    return {"uri": reference} if reference.startswith("file:") else {"uri": reference, "uriBaseId": _ROOT}


def _region(start: Location, end: Location) -> dict[str, Json]:
    """A region (3.30): its end column is that after the last character."""
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }


# -- fixes ---------------------------------------------------------------------------------------------------


def _fix(fix: Fix, filename: str, canvas: Canvas) -> dict[str, Json]:
    """A fix (3.55) of one file."""
    replacements: list[Json] = [_replacement(edit) for edit in fix.edits]
    change: dict[str, Json] = {"artifactLocation": _artifact(filename, canvas), "replacements": replacements}
    words = f"{visible(fix.message)} ({fix.applicability.value})"
    return {"description": {"text": words}, "artifactChanges": [change]}


def _replacement(edit: Edit) -> dict[str, Json]:
    replacement: dict[str, Json] = {"deletedRegion": _region(edit.location, edit.end_location)}
    if edit.content:
        replacement["insertedContent"] = {"text": edit.content}
    return replacement
