"""A language client that speaks to the real server, `convlint server`, as a process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

REPOSITORY = Path(__file__).parents[2]
_SECONDS = 60.0


class Client(LanguageClient):
    """Remembers what the server pushes, and waits for it."""

    def __init__(self) -> None:
        super().__init__("tests", "1")
        self.pushed: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.progressed: list[types.ProgressParams] = []
        self.shown: list[str] = []
        self.answer: Any = None

        @self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: types.PublishDiagnosticsParams) -> None:
            self.pushed.put_nowait(params)

        @self.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)

        @self.feature(types.PROGRESS)
        def _(params: types.ProgressParams) -> None:
            self.progressed.append(params)

    async def begin(
        self, folder: Path, capabilities: types.ClientCapabilities, options: dict[str, Any]
    ) -> None:
        """Start the server and greet it."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY), *_paths()))}
        await self.start_io(sys.executable, "-m", "convlint", "server", cwd=str(folder), env=environment)
        self.answer = await self.initialize_async(
            types.InitializeParams(
                capabilities,
                process_id=os.getpid(),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
                initialization_options=options,
            )
        )
        self.initialized(types.InitializedParams())

    async def end(self) -> None:
        """Say goodbye."""
        await self.shutdown_async(None)
        self.exit(None)
        await self.stop()

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a document, with the file's text if none is given; its URI."""
        shown = path.read_text() if text is None else text
        item = types.TextDocumentItem(path.as_uri(), "python", 1, shown)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return path.as_uri()

    def change(self, uri: str, version: int, text: str) -> None:
        """Replace a document's whole text."""
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.edit(uri, version, whole)

    def edit(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Change a document."""
        document = types.VersionedTextDocumentIdentifier(version, uri)
        self.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    async def diagnostics_of(self, uri: str, version: int) -> list[types.Diagnostic]:
        """The diagnostics of a version, once they are pushed."""
        async with asyncio.timeout(_SECONDS):
            while True:
                pushed = await self.pushed.get()
                if pushed.uri == uri and pushed.version == version:
                    return list(pushed.diagnostics)


def _paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


Connect = Callable[..., Any]


@pytest.fixture
def connect(tmp_path: Path) -> Connect:
    """Connects to a server whose workspace is the temporary folder."""

    @asynccontextmanager
    async def connected(
        capabilities: types.ClientCapabilities | None = None, **options: Any
    ) -> AsyncIterator[Client]:
        client = Client()
        options = {"debounce": 0, **options}
        await client.begin(tmp_path, capabilities or types.ClientCapabilities(), options)
        try:
            yield client
        finally:
            await client.end()

    return connected
