"""The requests and notifications that the server answers, each by what the desk has."""

from __future__ import annotations

from lsprotocol import types

from convlint.lint import editor
from convlint.server import convert
from convlint.server.app import Server
from convlint.server.documents import Page
from convlint.server.positions import from_position, range_of
from convlint.server.tasks import Explain, Text

FIX_ALL = "source.fixAll.convlint"
EXPLAIN = "convlint.explain"
RESTART = "convlint.restart"


def add_documents(server: Server) -> None:
    """Beginning and end; opening, editing, saving and closing documents."""

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        server.desk.start()
        await server.watch()
        await server.desk.worker.warm()

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.prefer(params.initialization_options)

    @server.feature(types.SHUTDOWN)
    async def shutdown(*_: object) -> None:
        await server.stop()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.open(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = server.document(params.text_document.uri)
        if document is not None:
            for change in params.content_changes:
                document.change(change, server.encoding)
            document.version = params.text_document.version
            server.desk.touched(document)
            server.changes.set()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.changes.set()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)


def add_notebooks(server: Server) -> None:
    """Opening, editing, saving and closing notebooks."""

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenNotebookDocumentParams) -> None:
        server.open_book(params)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeNotebookDocumentParams) -> None:
        book = server.book(params.notebook_document.uri)
        if book is not None:
            gone = book.alter(params.change, server.encoding)
            book.version = params.notebook_document.version
            server.close(book.uri, pages=gone)
            server.desk.touched(book)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveNotebookDocumentParams) -> None:
        server.changes.set()

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseNotebookDocumentParams) -> None:
        server.close(params.notebook_document.uri)


def add_surroundings(server: Server) -> None:
    """Settings and files that change, and what the user will not wait for."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            server.prefer(params.settings)
        else:  # editors that are asked for their settings only say that something changed
            await server.ask_settings()

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancelled(params: types.WorkDoneProgressCancelParams) -> None:
        server.busy.cancelled(params.token)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.look_again([change.uri for change in params.changes])


def add_showing(server: Server) -> None:
    """Hints, hovers, lenses and the outline."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(params: types.InlayHintParams) -> list[types.InlayHint]:
        page = await server.current(params.text_document.uri)
        if page is None:
            return []
        first, last = params.range.start.line + 1, params.range.end.line + 1
        return [
            convert.inlay_hint(hint, page.lines, server.encoding)
            for hint in editor.hints(page.sheet(), first, last)
        ]

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        page = await server.current(params.text_document.uri)
        if page is None:
            return None
        where = from_position(page.lines, params.position, server.encoding)
        found = editor.hover(page.sheet(), where)
        if found is None:
            return None
        content = types.MarkupContent(server.able.hover_kind, found.text)
        return types.Hover(content, range_of(page.lines, found.place, server.encoding))

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def code_lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        page = await server.current(params.text_document.uri)
        if page is None:
            return []
        lenses = editor.lenses(page.sheet())
        return [convert.code_lens(lens, page.lines, server.encoding) for lens in lenses]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbol(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
        page = await server.current(params.text_document.uri)
        if page is None:
            return []
        symbols = page.sheet().symbols
        if not server.able.nests:
            return convert.listed_symbols(symbols, page, server.encoding)
        return [convert.document_symbol(each, page.lines, server.encoding) for each in symbols]


def add_actions(server: Server) -> None:
    """Fixes, suppressions, explanations."""
    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds, resolve_provider=True))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction | types.Command]:
        page = await server.current(params.text_document.uri)
        if page is None:
            return []
        only = params.context.only
        found: list[types.CodeAction] = []
        if _asked(types.CodeActionKind.QuickFix, only):
            found += _quick(server, page, params.range)
        if not server.able.acts:
            return [each.command for each in found if each.command is not None]
        if _asked(FIX_ALL, only) and any(action.preferred for action in editor.fixes(page.findings())):
            all_ = types.CodeAction("convlint: apply all safe fixes", kind=FIX_ALL, data={"uri": page.uri})
            # Without a pointer in the text (on save, say) even those that resolve do not always do so.
            if only is not None or not server.able.resolves:
                await resolve(all_)
                all_.data = None
            found += [all_] if all_.data or all_.edit else []
        return [*found]

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolve(action: types.CodeAction) -> types.CodeAction:
        data = action.data if isinstance(action.data, dict) else {}
        page = await server.current(str(data.get("uri", "")))
        document = None if page is None else server.owner(page.uri)
        if page is None or document is None:
            return action
        before = document.text
        text = await server.desk.fixed(document)
        if text is not None and document.text == before:
            edits = document.patches(text)
            if edits:
                action.edit = convert.workspace_edit(edits, page, server.encoding, server.able.versioned)
        return action

    @server.command(EXPLAIN)
    async def explain(code: str) -> str:
        """A rule's page as Markdown, for an editor that shows it; its beginning as a message for all."""
        answer = await server.desk.worker.ask(Explain(code))
        text = answer.text if isinstance(answer, Text) else ""
        first = text.partition("## Why it matters")[0].strip()
        if first:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, first))
        return text

    @server.command(RESTART)
    async def restart() -> None:
        """End the workers; new ones start with the next analysis."""
        await server.desk.worker.stop()
        await server.wide.worker.stop()
        server.look_again()


def _asked(kind: str, only: object) -> bool:
    """Whether an editor that wants these kinds of actions wants this one."""
    if not isinstance(only, (list, tuple)):
        return True
    names = [str(getattr(each, "value", each)) for each in only]
    kind = str(getattr(kind, "value", kind))
    return any(name in ("", kind) or kind.startswith(f"{name}.") for name in names)


def _quick(server: Server, page: Page, asked: types.Range) -> list[types.CodeAction]:
    """What can be done about the findings that a range touches."""
    first, last = asked.start.line + 1, asked.end.line + 1
    findings = [f for f in page.findings() if f.location.row <= last and first <= f.end_location.row]
    made = []
    for action in (*editor.fixes(findings), *editor.ignores(page.text, findings)):
        diagnostics = [
            convert.diagnostic(finding, page, server.encoding, server.able) for finding in action.findings
        ]
        edit = convert.workspace_edit(action.edits, page, server.encoding, server.able.versioned)
        made.append(convert.code_action(action, diagnostics, edit, server.able))
    for code in dict.fromkeys(finding.code for finding in findings):
        title = f"{code}: explain"
        command = types.Command(title, EXPLAIN, arguments=[code])
        made.append(types.CodeAction(title, kind=types.CodeActionKind.QuickFix, command=command))
    return made
