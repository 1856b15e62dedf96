"""Whether what the server says is admissible to an editor, by what that editor announced.

Law: as in the specification, a capability that is not announced is not there. `pytest-lsp` makes these
checks, besides its own, of every answer to a client that announced anything at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from lsprotocol import types
from pygls.capabilities import get_capability
from pytest_lsp.checks import check_params_of, check_result_for

_DOCUMENT = "text_document"


def check_diagnostics(
    capabilities: types.ClientCapabilities | None, found: Iterable[types.Diagnostic]
) -> None:
    """What diagnostics bring along; `publishDiagnostics` speaks for those that are asked for, too."""
    assert capabilities is not None

    def has(what: str) -> bool:
        ways = ("publish_diagnostics", "diagnostic")
        return any(get_capability(capabilities, f"{_DOCUMENT}.{way}.{what}", False) for way in ways)

    for each in found:
        assert each.related_information is None or has("related_information"), "related places are not shown"
        assert each.code_description is None or has("code_description_support"), "codes lead nowhere"
        assert each.data is None or has("data_support"), "diagnostics keep no data"
        assert each.tags is None or has("tag_support.value_set"), "diagnostics have no tags"


@check_result_for(method=types.TEXT_DOCUMENT_DIAGNOSTIC)
def document_diagnostics(
    capabilities: types.ClientCapabilities, report: types.DocumentDiagnosticReport
) -> None:
    """A report that was asked for."""
    if isinstance(report, types.RelatedFullDocumentDiagnosticReport):
        check_diagnostics(capabilities, report.items)


@check_result_for(method=types.WORKSPACE_DIAGNOSTIC)
def workspace_diagnostics(
    capabilities: types.ClientCapabilities, report: types.WorkspaceDiagnosticReport
) -> None:
    """All reports."""
    for each in report.items:
        if isinstance(each, types.WorkspaceFullDocumentDiagnosticReport):
            check_diagnostics(capabilities, each.items)


@check_result_for(method=types.TEXT_DOCUMENT_HOVER)
def hover(capabilities: types.ClientCapabilities, found: types.Hover | None) -> None:
    """How a hover is written."""
    known = get_capability(capabilities, f"{_DOCUMENT}.hover.content_format", None)
    if found is not None and known is not None:
        assert isinstance(found.contents, types.MarkupContent)
        assert found.contents.kind in known, f"hovers are not written in {found.contents.kind.value}"


@check_result_for(method=types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def outline(
    capabilities: types.ClientCapabilities,
    found: list[types.DocumentSymbol] | list[types.SymbolInformation] | None,
) -> None:
    """Whether the outline is a tree."""
    if not get_capability(
        capabilities, f"{_DOCUMENT}.document_symbol.hierarchical_document_symbol_support", False
    ):
        assert all(isinstance(each, types.SymbolInformation) for each in found or ()), "no trees are shown"


def _check_edit(capabilities: types.ClientCapabilities, edit: types.WorkspaceEdit | None) -> None:
    if edit is not None and edit.document_changes is not None:
        assert get_capability(capabilities, "workspace.workspace_edit.document_changes", False), (
            "edits name no versions"
        )


@check_result_for(method=types.TEXT_DOCUMENT_CODE_ACTION)
def actions(
    capabilities: types.ClientCapabilities, found: list[types.CodeAction | types.Command] | None
) -> None:
    """What actions are made of; that each does something by itself, or can be asked what it does."""

    def has(what: str) -> object:
        return get_capability(capabilities, f"{_DOCUMENT}.code_action.{what}", False)

    for each in found or ():
        if isinstance(each, types.Command):
            continue
        assert has("code_action_literal_support"), "actions are commands"
        assert each.data is None or has("data_support"), "actions keep no data"
        assert each.is_preferred is None or has("is_preferred_support"), "no action is preferred"
        assert each.edit or each.command or "edit" in (has("resolve_support.properties") or ()), (
            f"{each.title!r} does nothing"
        )
        _check_edit(capabilities, each.edit)
        check_diagnostics(capabilities, each.diagnostics or ())


@check_result_for(method=types.CODE_ACTION_RESOLVE)
def resolved(capabilities: types.ClientCapabilities, action: types.CodeAction) -> None:
    """What an action does."""
    _check_edit(capabilities, action.edit)


def _refresh(method: str, feature: str) -> None:
    @check_params_of(method=method)
    def check(capabilities: types.ClientCapabilities, _: None) -> None:
        assert get_capability(capabilities, f"workspace.{feature}.refresh_support", False), (
            f"{feature} is not asked for again"
        )


_refresh(types.WORKSPACE_DIAGNOSTIC_REFRESH, "diagnostics")
_refresh(types.WORKSPACE_INLAY_HINT_REFRESH, "inlay_hint")
_refresh(types.WORKSPACE_CODE_LENS_REFRESH, "code_lens")


@check_params_of(method=types.CLIENT_REGISTER_CAPABILITY)
def registration(capabilities: types.ClientCapabilities, params: types.RegistrationParams) -> None:
    """What an editor may be asked to tell."""
    for each in params.registrations:
        assert each.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        assert get_capability(
            capabilities, "workspace.did_change_watched_files.dynamic_registration", False
        ), "files are not watched on demand"
