"""A language client that speaks to the real server, `convlint server`, as a process.

Two servers serve all tests: one pushes diagnostics and counts UTF-16 units, the other is asked for them and
counts bytes.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.lsp.client import LanguageClient

REPOSITORY = Path(__file__).parents[2]
SECONDS = 60.0
T = TypeVar("T")


class Client(LanguageClient):
    """Remembers what the server pushes, and waits for it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__("tests", "1")
        self.loop = loop
        self.folder = Path()
        self.pushed: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.progressed: list[types.ProgressParams] = []
        self.messages: list[str] = []
        self.answer: types.InitializeResult | None = None
        self.section: dict[str, object] = {}
        """What the server hears when it asks for its section of the settings."""
        self._versions: dict[str, int] = {}

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: types.PublishDiagnosticsParams) -> None:
            self.pushed.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.feature(types.WORKSPACE_CONFIGURATION)
        def _(params: types.ConfigurationParams) -> list[object]:
            return [self.section for _ in params.items]

        @self.feature(types.PROGRESS)
        def _(params: types.ProgressParams) -> None:
            self.progressed.append(params)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it, within a minute."""
        return self.loop.run_until_complete(asyncio.wait_for(work, SECONDS))

    def begin(self, folder: Path, capabilities: types.ClientCapabilities) -> None:
        """Start the server and greet it."""
        self.folder = folder
        found = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = os.pathsep.join((str(REPOSITORY), *(path for path in found if path)))
        environment = {**os.environ, "PYTHONPATH": paths}
        command = (sys.executable, "-m", "convlint", "server")
        self.run(self.start_io(*command, cwd=str(folder), env=environment))
        params = types.InitializeParams(
            capabilities,
            process_id=os.getpid(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
            initialization_options={"debounce": 0},
        )
        self.answer = self.run(self.initialize_async(params))
        self.initialized(types.InitializedParams())

    def end(self) -> None:
        """Say goodbye."""
        self.run(self.shutdown_async(None))
        self.exit(None)
        self.run(self.stop())

    @property
    def pid(self) -> int:
        """The server's process."""
        process = self._server
        assert process is not None
        return process.pid

    def open(self, name: str, text: str, *, save: bool = False) -> str:
        """Open a document of the workspace; its URI."""
        path = self.folder / name
        if save:
            path.write_text(text, encoding="utf-8")
        uri = path.as_uri()
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, "python", 1, text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def close(self, uri: str) -> None:
        """Close a document."""
        self.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def edit(self, uri: str, *changes: types.TextDocumentContentChangeEvent | str) -> int:
        """Change a document (a text: the whole of it); its version now."""
        self._versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        made = [types.TextDocumentContentChangeWholeDocument(c) if isinstance(c, str) else c for c in changes]
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, list(made)))
        return self._versions[uri]

    def pushed_for(self, uri: str, version: int = 1) -> list[types.Diagnostic]:
        """The diagnostics of a version, once they are pushed."""

        async def wait() -> list[types.Diagnostic]:
            while True:
                pushed = await self.pushed.get()
                if pushed.uri == uri and pushed.version == version:
                    return list(pushed.diagnostics)

        return self.run(wait())

    def looks(self, name: str, text: str) -> list[types.Diagnostic]:
        """The diagnostics of a text that is opened and closed again."""
        uri = self.open(name, text)
        found = self.pushed_for(uri)
        self.close(uri)
        return found


def codes(found: list[types.Diagnostic]) -> list[str]:
    """The codes of diagnostics, in their order."""
    return [str(each.code) for each in found]


def _client(folder: Path, capabilities: types.ClientCapabilities) -> Iterator[Client]:
    loop = asyncio.new_event_loop()
    client = Client(loop)
    client.begin(folder, capabilities)
    yield client
    client.end()
    loop.close()


@pytest.fixture(scope="session")
def pushing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client that waits for diagnostics, and counts UTF-16 units."""
    yield from _client(tmp_path_factory.mktemp("pushing"), types.ClientCapabilities())


@pytest.fixture(scope="session")
def pulling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client that asks for diagnostics, and counts bytes."""
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8]),
        text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
        workspace=types.WorkspaceClientCapabilities(
            configuration=True, workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True)
        ),
    )
    yield from _client(tmp_path_factory.mktemp("pulling"), capabilities)
