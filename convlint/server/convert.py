"""Findings, hints and the rest as the protocol writes them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from convlint.lint.editor import Action, Hint, Lens
from convlint.lint.finding import Edit, Finding, Note, Severity
from convlint.lint.sheet.data import Symbol
from convlint.server.able import Able
from convlint.server.documents import Page
from convlint.server.positions import Encoding, range_of, to_position, to_range
from convlint.source.positions import Lines

SOURCE = "convlint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.ADVICE: types.DiagnosticSeverity.Information,
}
UNNECESSARY = frozenset(("unused-suppression", "unused-layer"))
"""Rules that speak of what may be taken away."""
_KINDS = {
    "class": types.SymbolKind.Class,
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "layer": types.SymbolKind.Field,
}


def diagnostic(finding: Finding, page: Page, encoding: Encoding, able: Able) -> types.Diagnostic:
    """A finding of a page; notes with a place are related information, the others follow the message.

    An editor that shows no related information reads the places in the message, too.
    """
    words = [finding.message]
    related: list[types.DiagnosticRelatedInformation] = []
    for note in finding.notes:
        where = _location(note, finding.filename, page, encoding)
        if where is None:
            words.append(note.text)
        elif not able.relates:
            words.append(f"{_spot(note, where, page)}: {note.text}")
        else:
            related.append(types.DiagnosticRelatedInformation(where, note.text))
    if finding.help:
        words.append(f"help: {finding.help}")
    return types.Diagnostic(
        to_range(page.lines, finding.location, finding.end_location, encoding),
        "\n".join(words),
        severity=_SEVERITIES[Severity(finding.severity)],
        code=finding.code,
        code_description=types.CodeDescription(finding.url) if finding.url and able.describes else None,
        source=SOURCE,
        tags=_tags(finding, able),
        related_information=related or None,
        data={"name": finding.name} if able.keeps_data else None,
    )


def _tags(finding: Finding, able: Able) -> list[types.DiagnosticTag] | None:
    unnecessary = types.DiagnosticTag.Unnecessary
    return [unnecessary] if finding.name in UNNECESSARY and able.tags(unnecessary) else None


def _spot(note: Note, where: types.Location, page: Page) -> str:
    """A place in words: its row, behind the cell's number in a notebook, or another document's name."""
    row = where.range.start.line + 1
    if note.cell is not None:
        return f"cell {note.cell}, line {row}"
    if where.uri == page.uri:
        return f"line {row}"
    return f"{os.path.basename(to_fs_path(where.uri) or where.uri)}:{row}"


def _location(note: Note, own: str, page: Page, encoding: Encoding) -> types.Location | None:
    """A note's place; of a file that is not open, columns count code points. None where it has no place."""
    if note.location is None:
        return None
    if note.filename is None or note.filename == own:
        shown = page.holding(note.cell)
        if shown is None:
            return None
        at = to_position(shown.lines, note.location, encoding)
        return types.Location(shown.uri, types.Range(at, at))
    at = types.Position(note.location.row - 1, note.location.column - 1)
    return types.Location(from_fs_path(note.filename) or page.uri, types.Range(at, at))


def text_edit(edit: Edit, lines: Lines, encoding: Encoding) -> types.TextEdit:
    """An edit of a document."""
    return types.TextEdit(to_range(lines, edit.location, edit.end_location, encoding), edit.content)


def workspace_edit(
    edits: Iterable[Edit], page: Page, encoding: Encoding, versioned: bool
) -> types.WorkspaceEdit:
    """Edits of a page, or of cells of its notebook; of the versions they were made for where the editor
    understands that.
    """
    made: dict[str, list[types.TextEdit]] = {}
    pages: dict[str, Page] = {}
    for edit in edits:
        shown = page.holding(edit.cell)
        if shown is not None:
            pages[shown.uri] = shown
            made.setdefault(shown.uri, []).append(text_edit(edit, shown.lines, encoding))
    if not versioned:
        return types.WorkspaceEdit(changes=made)
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, pages[uri].version), list(own)
            )
            for uri, own in made.items()
        ]
    )


def code_action(
    action: Action, diagnostics: Sequence[types.Diagnostic], edit: types.WorkspaceEdit, able: Able
) -> types.CodeAction:
    """A fix or a suppression, with the diagnostics that it settles."""
    return types.CodeAction(
        action.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=list(diagnostics),
        is_preferred=(action.preferred and able.prefers) or None,
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


def listed_symbols(
    symbols: Iterable[Symbol], page: Page, encoding: Encoding, within: str | None = None
) -> list[types.SymbolInformation]:
    """The outline as a list, for an editor that shows no tree: each entry says what holds it."""
    made: list[types.SymbolInformation] = []
    for each in symbols:
        where = types.Location(page.uri, range_of(page.lines, each.place, encoding))
        made.append(types.SymbolInformation(where, each.name, _KINDS[each.kind], container_name=within))
        made += listed_symbols(each.children, page, encoding, each.name)
    return made
