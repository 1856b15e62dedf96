"""Diagnostics that the editor asks for, in an editor that counts bytes."""

from __future__ import annotations

import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.conftest import Client, codes
from tests.server.sources import GOOD, RIGHT, WRONG


def pull(client: Client, uri: str, before: str | None = None) -> types.DocumentDiagnosticReport:
    params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), previous_result_id=before)
    return client.run(client.text_document_diagnostic_async(params))


def sweep(client: Client, before: list[types.PreviousResultId], token: str | None = None):
    params = types.WorkspaceDiagnosticParams(before, work_done_token=token)
    return client.workspace_diagnostic_async(params)


def test_bytes_are_agreed_upon_and_counted(pulling: Client) -> None:
    assert pulling.answer is not None
    assert pulling.answer.capabilities.position_encoding == types.PositionEncodingKind.Utf8
    text = WRONG.replace("self.second = nn.Conv2d(32", "_ = '🔥é'; self.second = nn.Conv2d(32")
    uri = pulling.open("bytes.py", text)
    report = pull(pulling, uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    error = next(each for each in report.items if each.code == "CL102")
    assert error.range.start.character == len(text.splitlines()[8].partition("32")[0].encode())
    pulling.close(uri)


def test_an_answer_is_for_the_newest_text(pulling: Client) -> None:
    uri = pulling.open("newest.py", WRONG)
    for _ in range(5):
        pulling.edit(uri, WRONG)
        pulling.edit(uri, RIGHT)
    report = pull(pulling, uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert "CL102" not in codes(list(report.items))
    again = pull(pulling, uri, report.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    pulling.close(uri)


def test_the_whole_workspace_with_progress(pulling: Client) -> None:
    (pulling.folder / "one.py").write_text(WRONG)
    (pulling.folder / "two.py").write_text(GOOD)
    opened = pulling.open("three.py", WRONG, save=True)
    pulling.progressed.clear()
    report = pulling.run(sweep(pulling, [], "sweep"))
    by_name = {each.uri.rpartition("/")[2]: codes(list(each.items)) for each in report.items}
    assert "CL102" in by_name["one.py"]
    assert by_name["two.py"] == []
    assert "CL102" in by_name["three.py"]
    kinds = [each.value["kind"] for each in pulling.progressed if each.token == "sweep"]
    assert kinds[0] == "begin" and kinds[-1] == "end" and "report" in kinds

    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]
    (pulling.folder / "one.py").write_text(RIGHT + "\n")
    again = pulling.run(sweep(pulling, before))
    changed = [each for each in again.items if isinstance(each, types.WorkspaceFullDocumentDiagnosticReport)]
    assert [each.uri.rpartition("/")[2] for each in changed] == ["one.py"]
    pulling.close(opened)


def test_an_editor_that_knows_everything_waits_for_a_change(pulling: Client) -> None:
    (pulling.folder / "still.py").write_text(GOOD)
    uri = pulling.open("moving.py", RIGHT)
    report = pulling.run(sweep(pulling, []))
    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]

    async def wait() -> types.WorkspaceDiagnosticReport:
        waiting = asyncio.ensure_future(sweep(pulling, before))
        await asyncio.sleep(0)
        pulling.edit(uri, WRONG)
        return await waiting

    after = pulling.run(wait())
    found = next(each for each in after.items if each.uri == uri)
    assert isinstance(found, types.WorkspaceFullDocumentDiagnosticReport)
    assert "CL102" in codes(list(found.items))
    pulling.close(uri)


def test_a_request_can_be_cancelled(pulling: Client) -> None:
    (pulling.folder / "asked.py").write_text(GOOD)
    report = pulling.run(sweep(pulling, []))
    before = [types.PreviousResultId(each.uri, each.result_id or "") for each in report.items]

    async def cancel() -> None:
        waiting = sweep(pulling, before)
        future = asyncio.ensure_future(waiting)
        await asyncio.sleep(0)
        number = next(iter(pulling.protocol._request_futures))
        pulling.cancel_request(types.CancelParams(number))
        await future

    with pytest.raises(JsonRpcException, match=r"(?i)cancel"):
        pulling.run(cancel())


def test_an_editor_that_is_asked_for_its_settings(pulling: Client) -> None:
    uri = pulling.open("asked_settings.py", WRONG)

    def told(section: dict[str, object]) -> list[str]:
        pulling.section = section
        pulling.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
        pulling.edit(uri, WRONG)  # the answer to the server's question comes before what is asked next
        report = pull(pulling, uri)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return codes(list(report.items))

    def settled(section: dict[str, object], wanted: bool) -> None:
        for _ in range(20):
            if ("CL102" in told(section)) is wanted:
                return
        raise AssertionError(f"{section} did not count")

    settled({"ignore": ["CL102"], "debounce": 0}, False)
    settled({"ignore": [], "debounce": 0}, True)
    pulling.close(uri)


def test_a_restarted_server_finds_the_same(pulling: Client) -> None:
    uri = pulling.open("restarted.py", WRONG)
    before = pull(pulling, uri)
    assert isinstance(before, types.RelatedFullDocumentDiagnosticReport)
    pulling.run(pulling.workspace_execute_command_async(types.ExecuteCommandParams("convlint.restart")))
    after = pull(pulling, uri)
    assert isinstance(after, types.RelatedFullDocumentDiagnosticReport)
    assert list(after.items) == list(before.items)
    pulling.close(uri)
