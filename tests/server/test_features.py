"""Hints, hovers, lenses, the outline and actions, as an editor asks for them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from lsprotocol import types

from tests.server.conftest import Client
from tests.server.sources import GOOD, WRONG

BIASED = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(x))
"""
WHOLE = types.Range(types.Position(0, 0), types.Position(100, 0))


@pytest.fixture
async def good(pulling: Client) -> AsyncIterator[str]:
    uri = pulling.open("good.py", GOOD)
    yield uri
    pulling.close(uri)


async def hints(client: Client, uri: str) -> list[tuple[int, str]]:
    params = types.InlayHintParams(types.TextDocumentIdentifier(uri), WHOLE)
    found = await client.text_document_inlay_hint_async(params) or []
    return [(hint.position.line, str(hint.label)) for hint in found]


async def hover(client: Client, uri: str, text: str, word: str) -> str:
    before = text[: text.index(word)]
    at = types.Position(before.count("\n"), len(before.rpartition("\n")[2].encode()))
    params = types.HoverParams(types.TextDocumentIdentifier(uri), at)
    found = await client.text_document_hover_async(params)
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


async def offered(
    client: Client, uri: str, row: int, only: list[str] | None
) -> list[types.CodeAction | types.Command]:
    at = types.Range(types.Position(row, 0), types.Position(row, 0))
    context = types.CodeActionContext([], only=only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at, context)
    return list(await client.text_document_code_action_async(params) or [])


async def actions(
    client: Client, uri: str, row: int, only: list[str] | None = None
) -> list[types.CodeAction]:
    return [each for each in await offered(client, uri, row, only) if isinstance(each, types.CodeAction)]


async def titles(client: Client, uri: str, row: int) -> list[str]:
    return [each.title for each in await offered(client, uri, row, None)]


def edits(action: types.CodeAction) -> list[str]:
    assert action.edit is not None and action.edit.document_changes is not None
    [change] = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    return [edit.new_text for edit in change.edits if isinstance(edit, types.TextEdit)]


async def test_shapes_and_parameters_stand_beside_the_code(pulling: Client, good: str) -> None:
    found = await hints(pulling, good)
    assert (6, "224 parameters → (N, 8, H, W)") in found
    assert (7, "90 parameters") in found
    assert (10, "(N, 8, H//2, W//2)") in found
    assert (11, "(N, 8)") in found
    assert (12, "(N, 10)") in found


async def test_hints_stay_while_a_text_cannot_be_parsed(pulling: Client, good: str) -> None:
    await hints(pulling, good)
    pulling.edit(good, GOOD.replace("from torch import nn\n", "from torch import nn\ndef f(\n"))
    found = await hints(pulling, good)
    assert (11, "(N, 8, H//2, W//2)") in found
    pulling.edit(good, GOOD.replace("y = x.mean((2, 3))", "y = x.mean((2, "))
    found = await hints(pulling, good)
    assert (10, "(N, 8, H//2, W//2)") in found
    assert not [text for row, text in found if row == 11]


async def test_a_constructor_tells_its_law(pulling: Client, good: str) -> None:
    text = await hover(pulling, good, GOOD, "Conv2d(3")
    assert "torch.nn.Conv2d(in_channels=3, out_channels=8, kernel_size=3, padding=1" in text
    assert "`(N, 3, H, W)` → `(N, 8, H, W)`" in text
    assert "H: H + 2·1 − 3 + 1 = H" in text
    assert "224 parameters (weight 8×3×3×3, bias 8)" in text
    assert "216·H·W MACs" in text
    assert "receptive field 3" in text
    assert "H: ⌊(H − 2)/2⌋ + 1 = H//2" in await hover(pulling, good, GOOD, "MaxPool2d")


async def test_a_name_and_a_call_tell_their_shape(pulling: Client, good: str) -> None:
    assert "(N, 8)" in await hover(pulling, good, GOOD, "y)")
    assert "(N, 8, H//2, W//2)" in await hover(pulling, good, GOOD, "self.body(x)\n")
    assert "(N, 3, H, W)" in await hover(pulling, good, GOOD, "x):")
    assert await hover(pulling, good, GOOD, "import nn") == ""


async def test_a_model_has_its_totals_above_it(pulling: Client, good: str) -> None:
    params = types.CodeLensParams(types.TextDocumentIdentifier(good))
    found = await pulling.text_document_code_lens_async(params) or []
    [lens] = [each for each in found if each.command is not None]
    assert lens.range.start.line == 3
    assert lens.command is not None
    assert lens.command.title == "314 parameters · 216·H·W+80 MACs · out (N, 10) · H, W ≥ 2"


async def test_the_outline_shows_layers(pulling: Client, good: str) -> None:
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(good))
    found = await pulling.text_document_document_symbol_async(params) or []
    [net] = [each for each in found if isinstance(each, types.DocumentSymbol)]
    assert [each.name for each in net.children or []] == ["body", "head", "__init__", "forward"]
    assert [each.detail for each in net.children or []][:2] == ["nn.Sequential", "nn.Linear"]


async def test_a_fix_an_ignore_and_an_explanation(pulling: Client) -> None:
    uri = pulling.open("biased.py", BIASED)
    found = {action.title: action for action in await actions(pulling, uri, 6)}
    fix = found["CL404: bias=False (changes shapes or weights)"]
    assert edits(fix) == [", bias=False"]
    assert [each.code for each in fix.diagnostics or []] == ["CL404"]
    assert edits(found["CL404: ignore on this line"]) == ["  # convlint: ignore[CL404]"]
    assert "CL404: explain" in await titles(pulling, uri, 6)
    params = types.ExecuteCommandParams("convlint.explain", ["CL404"])
    page = await pulling.workspace_execute_command_async(params)
    assert "## When to ignore" in str(page)
    pulling.close(uri)


async def test_all_safe_fixes_at_once(pulling: Client) -> None:
    idle = "  # convlint: ignore[CL301]"
    text = GOOD.replace("MaxPool2d(2))", f"MaxPool2d(2)){idle}").replace("8, 10)", f"8, 10){idle}")
    uri = pulling.open("all.py", text)
    [action] = [
        a for a in await actions(pulling, uri, 0, ["source.fixAll"]) if a.kind == "source.fixAll.convlint"
    ]
    [edit] = edits(action)
    assert "head" in edit and "CL301" not in edit
    lazy = [a for a in await actions(pulling, uri, 0) if a.kind == "source.fixAll.convlint"]
    assert [a.edit for a in lazy] == [None]
    assert edits(await pulling.code_action_resolve_async(lazy[0])) == [edit]
    pulling.close(uri)


async def test_a_suppression_inside_a_string_is_not_offered(pulling: Client) -> None:
    text = WRONG.replace("nn.Conv2d(32, 64, 1)", 'nn.Conv2d(32, 64, int("""1\n"""))')
    uri = pulling.open("string.py", text)
    found = await titles(pulling, uri, 8)
    assert "CL102: explain" in found
    assert "CL102: ignore on this line" not in found
    pulling.close(uri)
