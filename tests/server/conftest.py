"""Language clients that speak to the real server, `convlint server`, as a process.

Two servers serve most tests: one pushes diagnostics and counts UTF-16 units, the other is asked for them and
counts bytes. What `pytest-lsp` or `admissible` has to say against an answer fails the test.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("pytest_lsp")

import pytest_lsp
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from tests.server import admissible

REPOSITORY = Path(__file__).parents[2]
SECONDS = 60.0
COMMAND = [sys.executable, "-m", "convlint", "server"]


class Protocol(pytest_lsp.LanguageClientProtocol):
    """An answer comes within a minute, or the test fails."""

    async def send_request_async(self, method: str, params: object = None, msg_id: object = None) -> object:
        async with asyncio.timeout(SECONDS):
            return await super().send_request_async(method, params, msg_id)


class Client(pytest_lsp.LanguageClient):
    """An editor with an empty folder, in which its server starts."""

    def __init__(self) -> None:
        super().__init__(protocol_cls=Protocol, converter_factory=default_converter)
        self._room = TemporaryDirectory(prefix="convlint-")
        self.folder = Path(self._room.name).resolve()
        self.pushed: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.answer: types.InitializeResult | None = None
        self.set_configuration({"debounce": 0}, section="convlint")
        self._versions: dict[str, int] = {}
        asked = (types.WORKSPACE_INLAY_HINT_REFRESH, types.WORKSPACE_CODE_LENS_REFRESH)
        asked += (types.CLIENT_REGISTER_CAPABILITY,)
        own = {types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _published, **dict.fromkeys(asked, _agreed)}
        register_lsp_features(self, {**DEFAULT_CLIENT_FEATURES, **own})

    async def start_io(self, cmd: str, *args: str, **kwargs: object) -> None:
        found = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        paths = os.pathsep.join((str(REPOSITORY), *(path for path in found if path)))
        kwargs |= {"cwd": self.folder, "env": {**os.environ, "PYTHONPATH": paths}}
        await super().start_io(cmd, *args, **kwargs)

    async def greet(self, capabilities: types.ClientCapabilities) -> None:
        """Tell the server who asks."""
        params = types.InitializeParams(
            capabilities,
            workspace_folders=[types.WorkspaceFolder(self.folder.as_uri(), self.folder.name)],
            initialization_options={"debounce": 0},
        )
        self.answer = await self.initialize_session(params)

    async def leave(self) -> None:
        """Say goodbye; a server that was told so ends without complaint."""
        await self.shutdown_session()
        assert self._server is not None and self._server.returncode == 0

    async def stop(self) -> None:
        await super().stop()
        self._room.cleanup()

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

    async def pushed_for(self, uri: str, version: int | None = 1) -> list[types.Diagnostic]:
        """The diagnostics of a version, once they are pushed."""
        async with asyncio.timeout(SECONDS):
            while True:
                pushed = await self.pushed.get()
                if pushed.uri == uri and pushed.version == version:
                    return list(pushed.diagnostics)

    async def pulled(
        self, uri: str, before: str | None = None
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        """The report of a document, where the editor has one that is named `before`."""
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=before)
        return await self.text_document_diagnostic_async(params)

    async def found(self, uri: str) -> list[types.Diagnostic]:
        """The diagnostics of a document, asked for."""
        report = await self.pulled(uri)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def looks(self, name: str, text: str) -> list[types.Diagnostic]:
        """The diagnostics of a text that is opened and closed again."""
        uri = self.open(name, text)
        found = await self.pushed_for(uri)
        self.close(uri)
        return found


def _published(client: Client, params: types.PublishDiagnosticsParams) -> None:
    client.pushed.put_nowait(params)
    admissible.check_diagnostics(client.capabilities, params.diagnostics)


def _agreed(client: Client, params: object) -> None:
    """What the server asks is checked by `admissible`; there is nothing to say to it."""


def codes(found: list[types.Diagnostic]) -> list[str]:
    """The codes of diagnostics, in their order."""
    return [str(each.code) for each in found]


CONFIG = pytest_lsp.ClientServerConfig(server_command=COMMAND, client_factory=Client)
DIAGNOSTICS = types.PublishDiagnosticsClientCapabilities(
    related_information=True,
    tag_support=types.ClientDiagnosticsTagOptions([types.DiagnosticTag.Unnecessary]),
    code_description_support=True,
)
DOCUMENTS = types.TextDocumentClientCapabilities(
    diagnostic=types.DiagnosticClientCapabilities(related_information=True),
    document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
    code_action=types.CodeActionClientCapabilities(
        code_action_literal_support=types.ClientCodeActionLiteralOptions(
            types.ClientCodeActionKindOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.Source])
        ),
        data_support=True,
        resolve_support=types.ClientCodeActionResolveOptions(["edit"]),
    ),
)


@pytest_lsp.fixture(config=CONFIG, scope="session")
async def pushing(client: Client) -> AsyncIterator[None]:
    """A client that waits for diagnostics, and counts UTF-16 units."""
    documents = types.TextDocumentClientCapabilities(publish_diagnostics=DIAGNOSTICS)
    await client.greet(types.ClientCapabilities(text_document=documents))
    yield
    await client.leave()


@pytest_lsp.fixture(config=CONFIG, scope="session")
async def pulling(client: Client) -> AsyncIterator[None]:
    """A client that asks for diagnostics, and counts bytes."""
    await client.greet(
        types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8]),
            text_document=DOCUMENTS,
            workspace=types.WorkspaceClientCapabilities(
                configuration=True,
                workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            ),
        )
    )
    yield
    await client.leave()
