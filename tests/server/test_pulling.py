"""Diagnostics that the editor asks for, in an editor that counts bytes."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.conftest import Client, codes
from tests.server.sources import GOOD, RIGHT, WRONG


def sweep(
    client: Client, before: list[types.PreviousResultId], token: str | None = None
) -> Coroutine[None, None, types.WorkspaceDiagnosticReport]:
    params = types.WorkspaceDiagnosticParams(before, work_done_token=token)
    return client.workspace_diagnostic_async(params)


async def test_bytes_are_agreed_upon_and_counted(pulling: Client) -> None:
    assert pulling.answer is not None
    assert pulling.answer.capabilities.position_encoding == types.PositionEncodingKind.Utf8
    text = WRONG.replace("self.second = nn.Conv2d(32", "_ = '🔥é'; self.second = nn.Conv2d(32")
    uri = pulling.open("bytes.py", text)
    error = next(each for each in await pulling.found(uri) if each.code == "CL102")
    assert error.range.start.character == len(text.splitlines()[8].partition("32")[0].encode())
    pulling.close(uri)


async def test_an_answer_is_for_the_newest_text(pulling: Client) -> None:
    uri = pulling.open("newest.py", WRONG)
    for _ in range(5):
        pulling.edit(uri, WRONG)
        pulling.edit(uri, RIGHT)
    report = await pulling.pulled(uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert "CL102" not in codes(list(report.items))
    again = await pulling.pulled(uri, report.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    pulling.close(uri)


async def test_the_whole_workspace_with_progress(pulling: Client) -> None:
    (pulling.folder / "one.py").write_text(WRONG)
    (pulling.folder / "two.py").write_text(GOOD)
    opened = pulling.open("three.py", WRONG, save=True)
    pulling.progress_reports["sweep"] = []
    report = await sweep(pulling, [], "sweep")
    by_name = {each.uri.rpartition("/")[2]: codes(list(each.items)) for each in report.items}
    assert "CL102" in by_name["one.py"]
    assert by_name["two.py"] == []
    assert "CL102" in by_name["three.py"]
    kinds = [each.kind for each in pulling.progress_reports["sweep"]]
    assert kinds[0] == "begin" and kinds[-1] == "end" and "report" in kinds

    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]
    (pulling.folder / "one.py").write_text(RIGHT + "\n")
    again = await sweep(pulling, before)
    changed = [each for each in again.items if isinstance(each, types.WorkspaceFullDocumentDiagnosticReport)]
    assert [each.uri.rpartition("/")[2] for each in changed] == ["one.py"]
    pulling.close(opened)


async def test_an_editor_that_knows_everything_waits_for_a_change(pulling: Client) -> None:
    (pulling.folder / "still.py").write_text(GOOD)
    uri = pulling.open("moving.py", RIGHT)
    report = await sweep(pulling, [])
    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]

    waiting = asyncio.ensure_future(sweep(pulling, before))
    await asyncio.sleep(0)
    pulling.edit(uri, WRONG)
    after = await waiting
    found = next(each for each in after.items if each.uri == uri)
    assert isinstance(found, types.WorkspaceFullDocumentDiagnosticReport)
    assert "CL102" in codes(list(found.items))
    pulling.close(uri)


async def test_a_request_can_be_cancelled(pulling: Client) -> None:
    (pulling.folder / "asked.py").write_text(GOOD)
    report = await sweep(pulling, [])
    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]

    waiting = asyncio.ensure_future(sweep(pulling, before))
    await asyncio.sleep(0)
    number = next(iter(pulling.protocol._request_futures))
    pulling.cancel_request(types.CancelParams(number))
    with pytest.raises(JsonRpcException, match=r"(?i)cancel"):
        await waiting


async def test_an_editor_that_is_asked_for_its_settings(pulling: Client) -> None:
    uri = pulling.open("asked_settings.py", WRONG)

    async def told(section: dict[str, object]) -> list[str]:
        pulling.set_configuration(section, section="convlint")
        pulling.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        pulling.edit(uri, WRONG)  # the answer to the server's question comes before what is asked next
        return codes(await pulling.found(uri))

    async def settled(section: dict[str, object], wanted: bool) -> None:
        for _ in range(20):
            if ("CL102" in await told(section)) is wanted:
                return
        raise AssertionError(f"{section} did not count")

    await settled({"ignore": ["CL102"], "debounce": 0}, False)
    await settled({"ignore": [], "debounce": 0}, True)
    pulling.close(uri)


async def test_a_restarted_server_finds_the_same(pulling: Client) -> None:
    uri = pulling.open("restarted.py", WRONG)
    before = await pulling.found(uri)
    await pulling.workspace_execute_command_async(types.ExecuteCommandParams("convlint.restart"))
    assert await pulling.found(uri) == before
    pulling.close(uri)
