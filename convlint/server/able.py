"""What an editor understands, by what it announced when it greeted the server.

Law: nothing is sent that an editor did not say it understands; what it cannot be told in one form it is
told in another where there is one.
"""

from __future__ import annotations

from lsprotocol import types
from msgspec import Struct
from pygls.capabilities import get_capability


class Able(Struct, frozen=True):
    """The abilities of an editor, as the server asks for them."""

    given: types.ClientCapabilities

    def _has(self, *paths: str) -> bool:
        return any(get_capability(self.given, path, False) for path in paths)

    # -- what it asks, and can be asked ----------------------------------------------------------------------

    @property
    def pulls(self) -> bool:
        """Whether it asks for diagnostics itself."""
        return get_capability(self.given, "text_document.diagnostic", None) is not None

    def refreshes(self, feature: str) -> bool:
        """Whether it asks again for a feature when it is told to."""
        return self._has(f"workspace.{feature}.refresh_support")

    @property
    def configured(self) -> bool:
        """Whether it can be asked for its settings."""
        return self._has("workspace.configuration")

    @property
    def watches(self) -> bool:
        """Whether it can be asked to tell when files change."""
        return self._has("workspace.did_change_watched_files.dynamic_registration")

    @property
    def shows_progress(self) -> bool:
        """Whether it shows progress that the server begins."""
        return self._has("window.work_done_progress")

    # -- diagnostics: what is said of those that are pushed holds for those that are asked for, too ----------

    def _diagnoses(self, what: str) -> bool:
        return self._has(f"text_document.publish_diagnostics.{what}", f"text_document.diagnostic.{what}")

    @property
    def relates(self) -> bool:
        """Whether it shows related places of a diagnostic."""
        return self._diagnoses("related_information")

    @property
    def describes(self) -> bool:
        """Whether the code of a diagnostic may lead to a page."""
        return self._diagnoses("code_description_support")

    @property
    def keeps_data(self) -> bool:
        """Whether it gives back what a diagnostic brought along."""
        return self._diagnoses("data_support")

    def tags(self, tag: types.DiagnosticTag) -> bool:
        """Whether it knows a tag of diagnostics."""
        for way in ("publish_diagnostics", "diagnostic"):
            known = get_capability(self.given, f"text_document.{way}.tag_support.value_set", None)
            if known is not None and tag in known:
                return True
        return False

    # -- actions and the rest --------------------------------------------------------------------------------

    @property
    def acts(self) -> bool:
        """Whether an action may be more than a command."""
        return self._has("text_document.code_action.code_action_literal_support")

    @property
    def prefers(self) -> bool:
        """Whether an action may be marked as the one to take."""
        return self._has("text_document.code_action.is_preferred_support")

    @property
    def resolves(self) -> bool:
        """Whether it asks for the edit of an action when that is chosen, and says which one it was."""
        asked = get_capability(self.given, "text_document.code_action.resolve_support.properties", None)
        return "edit" in (asked or ()) and self._has("text_document.code_action.data_support")

    @property
    def versioned(self) -> bool:
        """Whether edits may say which version of a document they are for."""
        return self._has("workspace.workspace_edit.document_changes")

    @property
    def nests(self) -> bool:
        """Whether the outline may be a tree."""
        return self._has("text_document.document_symbol.hierarchical_document_symbol_support")

    @property
    def hover_kind(self) -> types.MarkupKind:
        """How a hover may be written; Markdown where it does not say."""
        known = get_capability(self.given, "text_document.hover.content_format", None)
        plain = known and types.MarkupKind.Markdown not in known
        return types.MarkupKind.PlainText if plain else types.MarkupKind.Markdown
