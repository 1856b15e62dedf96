"""The protocol: what the editor says, to the desk; what the desk has, to the editor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from convlint.server.able import Able
from convlint.server.books import Book
from convlint.server.busy import Busy
from convlint.server.convert import diagnostic
from convlint.server.desk import PAUSE, Desk
from convlint.server.documents import Document, Page, name_of
from convlint.server.positions import Encoding
from convlint.server.tasks import Preferences
from convlint.server.wide import Wide
from convlint.version import __version__

NAME = "convlint"
NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithCells(
            cells=[types.NotebookCellLanguage("python")],
            notebook=types.NotebookDocumentFilterNotebookType("jupyter-notebook"),
        )
    ],
    save=True,
)
_WATCHED = ("**/*.py", "**/pyproject.toml", "**/convlint.toml")
_KEYS = frozenset(("config", "python", "searchPath", "select", "ignore", "debounce", "trusted"))
_CONFIGURATION = ("pyproject.toml", "convlint.toml")


class Server(LanguageServer):
    """A language server with a desk of documents."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, notebook_document_sync=NOTEBOOKS)
        self.desk = Desk(self.tell, begun=self.begun)
        self.busy = Busy(lambda: self.desk.worker.abandon("its analysis was ended by hand"))
        self.wide = Wide()
        self.changes = asyncio.Event()
        """Set whenever something changed that a workspace report may speak of."""
        self._problems: set[str] = set()

    # -- what the editor can do ------------------------------------------------------------------------------

    @property
    def encoding(self) -> Encoding:
        """How columns are counted."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def able(self) -> Able:
        """What the editor understands."""
        return Able(self.client_capabilities)

    # -- documents -------------------------------------------------------------------------------------------

    def document(self, uri: str) -> Document | None:
        """An open document that is no notebook."""
        found = self.desk.documents.get(uri)
        return None if isinstance(found, Book) else found

    def book(self, uri: str) -> Book | None:
        """An open notebook."""
        found = self.desk.documents.get(uri)
        return found if isinstance(found, Book) else None

    def owner(self, uri: str) -> Document | None:
        """The open document that shows a page."""
        return next((each for each in self.desk.documents.values() if each.page(uri) is not None), None)

    async def current(self, uri: str) -> Page | None:
        """An open document or cell, once all of it as it is now was analysed."""
        document = self.owner(uri)
        if document is None:
            return None
        await self.desk.settled(document)
        return document.page(uri)

    def open(self, item: types.TextDocumentItem) -> None:
        """A document was opened; one that is no Python text of a file is left alone."""
        name = name_of(item.uri)
        if name is None or (item.language_id != "python" and not name.endswith(".py")):
            return
        self.desk.put(Document(item.uri, name, item.text, item.version, self.root_of(name)))
        self.changes.set()

    def open_book(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook was opened; one that has no file yet is analysed as if it were to have one."""
        uri = params.notebook_document.uri
        name = name_of(uri)
        if name is None:
            return
        if not name.endswith(".ipynb"):
            name = f"{name.strip('<>')}.ipynb"
        self.desk.put(Book.of(params, name, self.root_of(name)))
        self.changes.set()

    def close(self, uri: str, *, pages: Sequence[str] | None = None) -> None:
        """A document was closed, or some of its pages: nothing is found there any more."""
        document = self.desk.documents.get(uri)
        if document is None:
            return
        gone = [page.uri for page in document.pages()] if pages is None else pages
        if pages is None:
            self.desk.close(uri)
        if not self.able.pulls:
            for each in gone:
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(each, []))
        self.changes.set()

    def folders(self) -> list[str]:
        """The folders of the workspace."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        return [path for uri in uris if (path := to_fs_path(uri)) is not None]

    def root_of(self, name: str) -> str | None:
        """The innermost folder of the workspace that holds a file; the first one for a new text."""
        folders = self.folders()
        within = [each for each in folders if name.startswith(each.rstrip("/\\") + os.sep)]
        new = not os.path.isabs(name)
        return max(within, key=len, default=folders[0] if folders and new else None)

    # -- results ---------------------------------------------------------------------------------------------

    def tell(self, document: Document) -> None:
        """A document has a new result."""
        self._tell_problem(document)
        able = self.able
        if able.pulls:
            if able.refreshes("diagnostics"):
                self._quietly(self.workspace_diagnostic_refresh_async(None))
        else:
            self.publish(document)
        if able.refreshes("inlay_hint"):
            self._quietly(self.workspace_inlay_hint_refresh_async(None))
        if able.refreshes("code_lens"):
            self._quietly(self.workspace_code_lens_refresh_async(None))

    def begun(self, document: Document) -> Callable[[], None]:
        """The analysis of a document takes long; what this gives is called when it has ended."""
        if not self.able.shows_progress:
            return lambda: None
        return self.busy.began(document.name, self.work_done_progress)

    def publish(self, document: Document) -> None:
        """Push a document's diagnostics."""
        for page in document.pages():
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(page.uri, self.diagnostics(page), page.version)
            )

    def diagnostics(self, page: Page) -> list[types.Diagnostic]:
        """What is found in a document or cell as it is now."""
        return [diagnostic(finding, page, self.encoding, self.able) for finding in page.findings()]

    def _tell_problem(self, document: Document) -> None:
        """A configuration that cannot be used is said once, until it changes."""
        problem = None if document.seen is None else document.seen.problem
        if problem is None:
            return
        words = f"{problem.filename}:{problem.row}: {problem.message}"
        if words not in self._problems:
            self._problems.add(words)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"convlint: {words}"))

    def _quietly(self, request: object) -> None:
        """Send a request whose answer says nothing."""
        assert asyncio.iscoroutine(request)
        task = asyncio.get_running_loop().create_task(request)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    # -- settings --------------------------------------------------------------------------------------------

    def prefer(self, given: object) -> None:
        """Take what the editor says over: initialization options, or a section of its configuration.

        What says nothing to convlint leaves everything as it is.
        """
        table = given.get(NAME, given) if isinstance(given, Mapping) else {}
        if not isinstance(table, Mapping) or table.keys().isdisjoint(_KEYS):
            return
        trusted = table.get("trusted")  # a section that does not speak of it changes nothing
        preferences = Preferences(
            _text(table.get("config")),
            _text(table.get("python")),
            _texts(table.get("searchPath")),
            _texts(table.get("select")),
            _texts(table.get("ignore")),
            trusted if isinstance(trusted, bool) else self.desk.worker.preferences.trusted,
        )
        pause = table.get("debounce")
        self.desk.pause = pause / 1000 if isinstance(pause, (int, float)) and 0 <= pause <= 5000 else PAUSE
        self.desk.worker.preferences = self.wide.worker.preferences = preferences
        self.look_again()

    async def ask_settings(self) -> None:
        """Ask the editor for its section, where it can be asked."""
        if self.able.configured:
            asked = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
            for given in await self.workspace_configuration_async(asked):
                self.prefer(given)

    def look_again(self, files: Sequence[str] = ()) -> None:
        """Files changed on disk (all may have, if none is named)."""
        if not files or any(name.endswith(_CONFIGURATION) for name in files):
            self._problems.clear()
            self.wide.forget()
        # The same preferences as another object make the worker forget what it keeps.
        for worker in (self.desk.worker, self.wide.worker):
            worker.renew()
        self.desk.again()
        self.changes.set()

    async def watch(self) -> None:
        """Ask the editor to tell when files change."""
        if not self.able.watches:
            return
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("convlint-files", method, options)
        self._quietly(self.client_register_capability_async(types.RegistrationParams([registration])))

    async def stop(self) -> None:
        """End the workers."""
        await self.desk.stop()
        await self.wide.worker.stop()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, (list, tuple)) else ()
