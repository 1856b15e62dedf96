"""Notebooks in an editor: found, shown and mended by cells."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from lsprotocol import types

from tests.server.conftest import Client, codes
from tests.server.sources import GOOD, WRONG
from tests.server.test_features import actions, hints, hover, titles

NET, _, CALL = WRONG.partition("\n\nNet()")
IMPORTS, _, NET = NET.partition("\n\n\n")
CALL = f"Net(){CALL}"
MENDED = NET.replace("Conv2d(32", "Conv2d(64")


class Notebook:
    """A notebook in an editor that asks for diagnostics."""

    def __init__(self, client: Client, name: str, *texts: str, metadata: object = None) -> None:
        self.client = client
        self.uri = (client.folder / name).as_uri()
        self.version = 1
        self.cells = [self.cell(number) for number in range(len(texts))]
        document = types.NotebookDocument(self.uri, "jupyter-notebook", 1, self.cells, metadata=metadata)  # type: ignore[arg-type]
        items = [self.item(number, text) for number, text in enumerate(texts)]
        client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, items))

    def address(self, number: int) -> str:
        """The URI of a cell."""
        return f"vscode-notebook-cell{self.uri.removeprefix('file')}#W{number}"

    def cell(self, number: int, metadata: object = None) -> types.NotebookCell:
        return types.NotebookCell(types.NotebookCellKind.Code, self.address(number), metadata)  # type: ignore[arg-type]

    def item(self, number: int, text: str) -> types.TextDocumentItem:
        return types.TextDocumentItem(self.address(number), "python", 1, text)

    def change(self, cells: types.NotebookDocumentCellChanges) -> None:
        """Tell the server of a change of cells."""
        self.version += 1
        identifier = types.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        event = types.NotebookDocumentChangeEvent(cells=cells)
        self.client.notebook_document_did_change(types.DidChangeNotebookDocumentParams(identifier, event))

    def write(self, number: int, text: str) -> None:
        """Replace the text of a cell."""
        document = types.VersionedTextDocumentIdentifier(self.version + 1, self.address(number))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        changes = types.NotebookDocumentCellContentChanges(document, [whole])
        self.change(types.NotebookDocumentCellChanges(text_content=[changes]))

    def put(self, start: int, delete: int, *new: tuple[types.NotebookCell, str]) -> None:
        """Replace cells by others, all of them new."""
        cells = [cell for cell, _ in new]
        opened = [types.TextDocumentItem(cell.document, "python", 1, text) for cell, text in new]
        array = types.NotebookCellArrayChange(start, delete, cells)
        structure = types.NotebookDocumentCellChangeStructure(array, opened)
        self.change(types.NotebookDocumentCellChanges(structure=structure))

    async def found(self, number: int) -> list[types.Diagnostic]:
        """What is found in a cell."""
        return await self.client.found(self.address(number))

    async def codes(self) -> list[list[str]]:
        """The codes found in each of the cells that it was opened with."""
        return [codes(await self.found(number)) for number in range(len(self.cells))]

    def close(self) -> None:
        """Close it."""
        texts = [types.TextDocumentIdentifier(cell.document) for cell in self.cells]
        identifier = types.NotebookDocumentIdentifier(self.uri)
        self.client.notebook_document_did_close(types.DidCloseNotebookDocumentParams(identifier, texts))


@pytest.fixture
async def wrong(pulling: Client) -> AsyncIterator[Notebook]:
    notebook = Notebook(pulling, "wrong.ipynb", IMPORTS, NET, CALL)
    yield notebook
    notebook.close()


async def test_a_finding_is_told_in_its_cell(wrong: Notebook) -> None:
    first, second, third = await wrong.codes()
    assert (first, third) == ([], [])
    assert "CL102" in second
    error = next(each for each in await wrong.found(1) if each.code == "CL102")
    row = NET[: NET.index("32")].count("\n")
    assert error.range.start == types.Position(row, NET.splitlines()[row].index("32"))
    related = [(each.message, each.location.uri) for each in error.related_information or ()]
    assert related == [
        ("called here", wrong.address(2)),
        ("fails here, in Net.forward", wrong.address(1)),
    ]


async def test_an_edit_of_one_cell_counts_in_another(wrong: Notebook) -> None:
    assert "CL102" in (await wrong.codes())[1]
    wrong.write(1, MENDED)
    assert "CL102" not in (await wrong.codes())[1]
    wrong.write(0, IMPORTS.replace("import torch\n", ""))
    assert "CL102" not in (await wrong.codes())[1]
    wrong.write(1, NET)
    wrong.write(0, IMPORTS)
    assert "CL102" in (await wrong.codes())[1]


async def test_cells_are_put_in_moved_and_taken_out(wrong: Notebook) -> None:
    new = wrong.cell(7)
    wrong.put(0, 0, (new, "# first of all\n%matplotlib inline"))
    assert "CL102" in (await wrong.codes())[1]
    wrong.put(3, 1)  # the call of the model
    wrong.write(1, NET.replace("self.second(self.first(x))", "x"))
    assert "CL102" not in (await wrong.codes())[1]
    wrong.write(1, NET)
    wrong.put(1, 2, (wrong.cell(1), NET), (wrong.cell(0), IMPORTS))
    assert "CL102" not in (await wrong.codes())[1], "it stands above what it imports"


async def test_a_cell_that_fails_on_purpose_is_left_out(wrong: Notebook) -> None:
    assert "CL102" in (await wrong.codes())[1]
    tagged = wrong.cell(1, {"metadata": {"tags": ["raises-exception"]}})
    wrong.change(types.NotebookDocumentCellChanges(data=[tagged]))
    assert await wrong.codes() == [[], [], []]


async def test_a_notebook_of_another_language_has_no_findings(pulling: Client) -> None:
    kernel = {"metadata": {"kernelspec": {"language": "julia"}}}
    notebook = Notebook(pulling, "julia.ipynb", IMPORTS, NET, CALL, metadata=kernel)
    assert await notebook.codes() == [[], [], []]
    notebook.close()


async def test_a_cell_mid_edit_says_so_and_all_keep_what_was_found(wrong: Notebook) -> None:
    before = await hints(wrong.client, wrong.address(1))
    assert "CL102" in (await wrong.codes())[1]
    wrong.write(0, IMPORTS + "\nx = (")
    first, second, _ = await wrong.codes()
    assert (first, "CL102" in second) == (["CL002"], True)
    assert await hints(wrong.client, wrong.address(1)) == before
    wrong.write(1, f"# a row\n{NET}")
    [error] = [each for each in await wrong.found(1) if each.code == "CL102"]
    assert NET.splitlines()[error.range.start.line - 1].lstrip().startswith("self.second")
    wrong.write(0, IMPORTS)
    assert (await wrong.codes())[0] == []


async def test_a_cell_that_never_could_be_parsed_stops_nothing(pulling: Client) -> None:
    notebook = Notebook(pulling, "broken.ipynb", IMPORTS, "for", NET, CALL)
    assert codes(await notebook.found(1)) == ["CL002"]
    notebook.write(2, MENDED.replace("64, 64, 1", "8, 64, 1"))
    assert "CL102" in (await notebook.codes())[2]
    notebook.close()


async def test_shapes_stand_beside_the_code_of_cells(pulling: Client) -> None:
    head, _, net = GOOD.partition("\n\n\n")
    notebook = Notebook(pulling, "good.ipynb", f"%matplotlib inline\n{head}", net)
    here = notebook.address(1)
    found = await hints(pulling, here)
    assert (7, "(N, 8, H//2, W//2)") in found
    assert (9, "(N, 10)") in found
    assert await hints(pulling, notebook.address(0)) == []
    assert "receptive field 3" in await hover(pulling, here, net, "Conv2d(3")
    lenses = await pulling.text_document_code_lens_async(
        types.CodeLensParams(types.TextDocumentIdentifier(here))
    )
    assert [lens.range.start.line for lens in lenses or []] == [0]
    outline = types.DocumentSymbolParams(types.TextDocumentIdentifier(here))
    symbols = await pulling.text_document_document_symbol_async(outline) or []
    assert [each.name for each in symbols] == ["Net"]
    notebook.close()


def edited(action: types.CodeAction) -> list[tuple[str, list[str]]]:
    assert action.edit is not None and action.edit.document_changes is not None
    changes = [each for each in action.edit.document_changes if isinstance(each, types.TextDocumentEdit)]
    return [
        (c.text_document.uri, [e.new_text for e in c.edits if isinstance(e, types.TextEdit)]) for c in changes
    ]


async def test_what_is_wrong_in_a_cell_can_be_mended_there(wrong: Notebook) -> None:
    client, here = wrong.client, wrong.address(1)
    row = NET[: NET.index("32")].count("\n")
    found = {action.title: action for action in await actions(client, here, row)}
    [fix] = [action for title, action in found.items() if title.startswith("CL102: in_channels=64")]
    assert edited(fix) == [(here, ["64"])]
    assert edited(found["CL102: ignore on this line"]) == [(here, ["  # convlint: ignore[CL102]"])]
    assert "CL102: explain" in await titles(client, here, row)
    wrong.write(
        1,
        "\n".join(
            [f"{r}  # convlint: ignore[CL102]" * (i == row) or r for i, r in enumerate(NET.splitlines())]
        ),
    )
    assert "CL102" not in (await wrong.codes())[1]


async def test_all_safe_fixes_of_a_notebook(wrong: Notebook) -> None:
    idle = "  # convlint: ignore[CL301]"
    wrong.write(0, IMPORTS + idle)
    wrong.write(2, CALL.rstrip() + idle)
    [action] = [a for a in await actions(wrong.client, wrong.address(0), 0, ["source.fixAll"]) if a.edit]
    assert [uri for uri, _ in edited(action)] == [wrong.address(0), wrong.address(2)]


async def test_the_workspace_report_has_open_cells(wrong: Notebook) -> None:
    params = types.WorkspaceDiagnosticParams([])
    report = await wrong.client.workspace_diagnostic_async(params)
    found = {each.uri: codes(list(each.items)) for each in report.items if hasattr(each, "items")}
    assert "CL102" in found[wrong.address(1)]
    assert found[wrong.address(0)] == []


async def test_findings_of_cells_are_pushed_and_taken_back(pushing: Client) -> None:
    notebook = Notebook(pushing, "pushed.ipynb", IMPORTS, NET, CALL)
    assert "CL102" in codes(await pushing.pushed_for(notebook.address(1), 1))
    notebook.put(1, 1)
    assert await pushing.pushed_for(notebook.address(1), None) == []
    notebook.close()
    assert await pushing.pushed_for(notebook.address(0), None) == []
