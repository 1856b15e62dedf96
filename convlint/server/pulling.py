"""Diagnostics that the editor asks for, of one document and of the whole workspace."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import from_fs_path

from convlint.server.app import NAME, Server
from convlint.server.convert import diagnostic
from convlint.server.documents import Document
from convlint.server.wide import Reported

_Report = types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport


def add_pulling(server: Server) -> None:
    """Pull diagnostics."""

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=True, identifier=NAME, work_done_progress=True
        ),
    )
    async def pull(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        page = await server.current(params.text_document.uri)
        if page is None:
            return types.RelatedFullDocumentDiagnosticReport([])
        if params.previous_result_id == page.number:
            return types.RelatedUnchangedDocumentDiagnosticReport(page.number)
        return types.RelatedFullDocumentDiagnosticReport(server.diagnostics(page), result_id=page.number)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def pull_all(params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
        return types.WorkspaceDiagnosticReport(await _Sweep(server, params).reports())


class _Sweep:
    """One request for the diagnostics of all files."""

    def __init__(self, server: Server, params: types.WorkspaceDiagnosticParams) -> None:
        self._server = server
        self._params = params
        self._before = {each.uri: each.value for each in params.previous_result_ids}

    async def reports(self) -> list[_Report]:
        """A report of each file, in the order of their names.

        Where nothing is new for an editor that asked before, the answer waits until something changes:
        editors ask again as soon as they are answered.
        """
        while True:
            self._server.changes.clear()
            found = await self._all()
            news = any(isinstance(each, types.WorkspaceFullDocumentDiagnosticReport) for each in found)
            if news or not self._before:
                return found
            await self._server.changes.wait()

    async def _all(self) -> list[_Report]:
        server = self._server
        files = [(name, server.root_of(name)) for name in await server.wide.files(server.folders())]
        opened = {document.name: document for document in server.desk.documents.values()}
        made: list[_Report] = []
        self._begin(len(files))
        try:
            for document in opened.values():
                await server.desk.settled(document)
                made += [
                    self._report(page.uri, page.number, server.diagnostics(page), page.version)
                    for page in document.pages()
                ]
            closed = [each for each in files if each[0] not in opened]
            async for name, reported in server.wide.look(closed):
                self._progress(len(made), len(files))
                made.append(self._of_file(name, reported))
        finally:
            self._end()
        return sorted(made, key=lambda report: report.uri)

    def _of_file(self, name: str, reported: Reported) -> _Report:
        page = Document(from_fs_path(name) or "", name, reported.seen.text, 0, None)
        found = [
            diagnostic(finding, page, self._server.encoding, self._server.able)
            for finding in reported.seen.findings
        ]
        return self._report(page.uri, f"file.{reported.number}", found, None)

    def _report(self, uri: str, number: str, found: list[types.Diagnostic], version: int | None) -> _Report:
        if self._before.get(uri) == number:
            return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, number, version=version)
        return types.WorkspaceFullDocumentDiagnosticReport(uri, found, version=version, result_id=number)

    # -- progress --------------------------------------------------------------------------------------------

    def _begin(self, files: int) -> None:
        token = self._params.work_done_token
        if token is not None:
            begin = types.WorkDoneProgressBegin("convlint", message=f"{files} files", percentage=0)
            self._server.work_done_progress.begin(token, begin)

    def _progress(self, done: int, files: int) -> None:
        token = self._params.work_done_token
        if token is not None:
            words = f"{done} of {files} files"
            report = types.WorkDoneProgressReport(message=words, percentage=100 * done // max(files, 1))
            self._server.work_done_progress.report(token, report)

    def _end(self) -> None:
        token = self._params.work_done_token
        if token is not None:
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())
