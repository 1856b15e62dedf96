"""The features as real editors see them, by what these announce; `admissible` looks at every answer.

Editors that announce little (Emacs shows no related places, and asks for no edit) miss nothing that can be
told otherwise.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.capabilities import get_capability

from tests.server.conftest import CONFIG, Client, codes
from tests.server.sources import GOOD, WRONG
from tests.server.test_features import BIASED, hints, hover, offered

OURS = Path(__file__).with_name("visual_studio_code.json")
"""What VS Code 1.139 announces by the extension in `editors/vscode` (vscode-languageclient 9)."""
EDITORS = ("extension", "visual_studio_code", "neovim", "emacs", "bare")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@pytest_lsp.fixture(config=CONFIG, scope="session", params=EDITORS)
async def editor(client: Client, request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """A client that announces what an editor does."""
    await client.greet(announced(request.param))
    yield
    await client.leave()


def announced(name: str) -> types.ClientCapabilities:
    """What an editor says that it can do; a `bare` one can apply edits, and nothing else."""
    if name == "bare":
        return types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(apply_edit=True))
    if name != "extension":
        return pytest_lsp.client_capabilities(name)
    return get_converter().structure(json.loads(OURS.read_text()), types.ClientCapabilities)


def announces(client: Client, what: str) -> bool:
    return get_capability(client.capabilities, what, None) not in (None, False)


async def found_in(client: Client, uri: str, version: int = 1) -> list[types.Diagnostic]:
    """The diagnostics as the editor gets them."""
    if announces(client, "text_document.diagnostic"):
        return await client.found(uri)
    return await client.pushed_for(uri, version)


async def test_an_error_and_the_way_to_it(editor: Client) -> None:
    uri = editor.open("net.py", WRONG)
    error = next(each for each in await found_in(editor, uri) if each.code == "CL102")
    editor.close(uri)
    related = [
        f"line {each.location.range.start.line + 1}: {each.message}"
        for each in error.related_information or ()
    ]
    told = [*error.message.splitlines(), *related]
    assert "line 15: called here" in told
    assert "line 12: fails here, in Net.forward" in told


async def test_columns_count_what_was_agreed_upon(editor: Client) -> None:
    assert editor.answer is not None
    agreed = editor.answer.capabilities.position_encoding or "utf-16"
    offered = get_capability(editor.capabilities, "general.position_encodings", None) or ["utf-16"]
    assert agreed in offered
    text = WRONG.replace("self.second = nn.Conv2d(32", "_ = '🔥é'; self.second = nn.Conv2d(32")
    uri = editor.open("emoji.py", text)
    error = next(each for each in await found_in(editor, uri) if each.code == "CL102")
    editor.close(uri)
    encoding, unit = UNITS[str(getattr(agreed, "value", agreed))]
    before = text.splitlines()[8].partition("32")[0]
    assert error.range.start.character == len(before.encode(encoding)) // unit


async def test_shapes_and_totals_where_they_are_shown(editor: Client) -> None:
    uri = editor.open("good.py", GOOD)
    document = types.TextDocumentIdentifier(uri)
    assert "receptive field 3" in await hover(editor, uri, GOOD, "Conv2d(3")
    if announces(editor, "text_document.inlay_hint"):
        assert (12, "(N, 10)") in await hints(editor, uri)
    if announces(editor, "text_document.code_lens"):
        [lens] = await editor.text_document_code_lens_async(types.CodeLensParams(document)) or []
        assert lens.command is not None and lens.command.title.startswith("314 parameters")
    symbols = await editor.text_document_document_symbol_async(types.DocumentSymbolParams(document)) or []
    outline = ["body", "head", "__init__", "forward"]
    if announces(editor, "text_document.document_symbol"):
        assert [each.name for each in symbols] == ["Net"]
        assert [each.name for each in symbols[0].children or ()] == outline
    else:
        assert [each.name for each in symbols] == ["Net", *outline]
        assert {each.container_name for each in symbols[1:]} == {"Net"}
    editor.close(uri)


async def test_every_action_does_something(editor: Client) -> None:
    text = GOOD.replace("MaxPool2d(2))", "MaxPool2d(2))  # convlint: ignore[CL301]")
    resolves = announces(editor, "text_document.code_action.resolve_support")
    for name, code, row in (("biased.py", BIASED, 6), ("idle.py", text, 6)):
        uri = editor.open(name, code)
        given = await offered(editor, uri, row, None)
        made = [each for each in given if isinstance(each, types.CodeAction)]
        if not announces(editor, "text_document.code_action"):
            assert made == [] and all(isinstance(each.command, str) for each in given)
            assert name == "idle.py" or "CL404: explain" in [each.title for each in given]
            editor.close(uri)
            continue
        done = [
            await editor.code_action_resolve_async(each) if resolves and each.data else each for each in made
        ]
        assert all(each.edit or each.command for each in done)
        kinds = {each.kind for each in made}
        assert types.CodeActionKind.QuickFix in kinds
        assert ("source.fixAll.convlint" in kinds) is (name == "idle.py")
        editor.close(uri)


async def test_its_settings_count_when_they_change(editor: Client) -> None:
    uri = editor.open("settings.py", WRONG)
    assert "CL102" in codes(await found_in(editor, uri))
    editor.set_configuration({"ignore": ["CL102"], "debounce": 0}, section="convlint")
    asked = announces(editor, "workspace.configuration")
    told = None if asked else {"convlint": {"ignore": ["CL102"], "debounce": 0}}
    editor.workspace_did_change_configuration(types.DidChangeConfigurationParams(told))
    for _ in range(20):  # the answer to the server's question may come after an answer to the editor's
        if "CL102" not in codes(await found_in(editor, uri)):
            break
    else:
        raise AssertionError("the settings did not count")
    editor.close(uri)


def test_editors_differ_in_what_they_announce() -> None:
    """Else the tests above would show one and the same thing several times."""
    pulls = {name: get_capability(announced(name), "text_document.diagnostic", None) for name in EDITORS}
    assert [name for name in EDITORS if pulls[name] is None] == ["visual_studio_code", "emacs", "bare"]
    path = "text_document.publish_diagnostics.related_information"
    assert [name for name in EDITORS if not get_capability(announced(name), path, False)] == ["emacs", "bare"]
