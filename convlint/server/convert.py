"""Findings, hints and the rest as the protocol writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lsprotocol import types
from pygls.uris import from_fs_path

from convlint.lint.editor import Action, Hint, Lens
from convlint.lint.finding import Edit, Finding, Location, Severity
from convlint.lint.sheet.data import Symbol
from convlint.server.positions import Encoding, range_of, to_position, to_range
from convlint.source.positions import Lines

SOURCE = "convlint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.ADVICE: types.DiagnosticSeverity.Information,
}
_UNNECESSARY = frozenset(("unused-suppression", "unused-layer", "bias-before-norm"))
"""Rules that speak of what may be taken away."""
_KINDS = {
    "class": types.SymbolKind.Class,
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "layer": types.SymbolKind.Field,
}


def diagnostic(finding: Finding, lines: Lines, uri: str, encoding: Encoding) -> types.Diagnostic:
    """A finding; notes with a place are related information, the others follow the message."""
    related = [note for note in finding.notes if note.location is not None]
    words = [finding.message, *(note.text for note in finding.notes if note.location is None)]
    if finding.help:
        words.append(f"help: {finding.help}")
    return types.Diagnostic(
        to_range(lines, finding.location, finding.end_location, encoding),
        "\n".join(words),
        severity=_SEVERITIES[Severity(finding.severity)],
        code=finding.code,
        code_description=None if finding.url is None else types.CodeDescription(finding.url),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.name in _UNNECESSARY else None,
        related_information=[
            types.DiagnosticRelatedInformation(
                _location(note.location, note.filename, finding.filename, lines, uri, encoding), note.text
            )
            for note in related
            if note.location is not None
        ]
        or None,
        data={"name": finding.name},
    )


def _location(
    where: Location, filename: str | None, own: str, lines: Lines, uri: str, encoding: Encoding
) -> types.Location:
    """A note's place; of a file that is not open, columns count code points."""
    if filename is None or filename == own:
        at = to_position(lines, where, encoding)
        return types.Location(uri, types.Range(at, at))
    at = types.Position(where.row - 1, where.column - 1)
    return types.Location(from_fs_path(filename) or uri, types.Range(at, at))


def text_edit(edit: Edit, lines: Lines, encoding: Encoding) -> types.TextEdit:
    """An edit of a document."""
    return types.TextEdit(to_range(lines, edit.location, edit.end_location, encoding), edit.content)


def workspace_edit(
    edits: Iterable[Edit], lines: Lines, uri: str, version: int, encoding: Encoding, versioned: bool
) -> types.WorkspaceEdit:
    """Edits of one document, of the version they were made for where the editor understands that."""
    made = [text_edit(edit, lines, encoding) for edit in edits]
    if not versioned:
        return types.WorkspaceEdit(changes={uri: made})
    document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(made))])


def code_action(
    action: Action, diagnostics: Sequence[types.Diagnostic], edit: types.WorkspaceEdit
) -> types.CodeAction:
    """A fix or a suppression, with the diagnostics that it settles."""
    return types.CodeAction(
        action.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=list(diagnostics),
        is_preferred=action.preferred or None,
        edit=edit,
    )


def inlay_hint(hint: Hint, lines: Lines, encoding: Encoding) -> types.InlayHint:
    """Text beside the code."""
    return types.InlayHint(
        to_position(lines, hint.where, encoding),
        hint.label,
        kind=types.InlayHintKind.Type if hint.kind == "shape" else types.InlayHintKind.Parameter,
        tooltip=hint.tooltip or None,
        padding_left=True,
    )


def code_lens(lens: Lens, lines: Lines, encoding: Encoding) -> types.CodeLens:
    """A line above a model; it does nothing when it is clicked."""
    return types.CodeLens(range_of(lines, lens.place, encoding), command=types.Command(lens.title, ""))


def document_symbol(symbol: Symbol, lines: Lines, encoding: Encoding) -> types.DocumentSymbol:
    """An entry of the outline."""
    return types.DocumentSymbol(
        symbol.name,
        _KINDS[symbol.kind],
        range_of(lines, symbol.place, encoding),
        range_of(lines, symbol.selection, encoding),
        detail=symbol.detail or None,
        children=[document_symbol(each, lines, encoding) for each in symbol.children],
    )
