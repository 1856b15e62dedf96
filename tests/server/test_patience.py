"""A long day: many edits, large files, a worker that dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from lsprotocol import types

from tests.server.conftest import Client, codes
from tests.server.sources import RIGHT, WRONG

EDITS = 500
LINUX = Path("/proc/self/task").exists()


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(each) for file in found for each in file.read_text().split()]


def memory(pid: int) -> int:
    """The bytes that a process and those it started hold."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(memory(child) for child in children(pid))


@pytest.mark.skipif(not LINUX, reason="reads /proc")
async def test_five_hundred_edits_cost_no_memory(pulling: Client) -> None:
    uri = pulling.open("long.py", RIGHT)
    at = types.Position(9, 0)
    grown: list[int] = []
    for number in range(EDITS):
        width = 16 + number % 7
        row = RIGHT.splitlines()[8]
        whole = types.Range(types.Position(8, 0), types.Position(8, len(row) + 20))
        edited = types.TextDocumentContentChangePartial(whole, row.replace("64, 1", f"{width}, 1"))
        pulling.edit(uri, edited, types.TextDocumentContentChangePartial(types.Range(at, at), ""))
        if number % 10 == 9:
            await pulling.found(uri)
        if number in (EDITS // 5 - 1, EDITS - 1):
            grown.append(memory(pulling.pid))
    assert grown[1] < 1.1 * grown[0]
    pulling.close(uri)


async def test_a_file_of_two_thousand_lines(pushing: Client) -> None:
    block = RIGHT.partition("class Net")[2].partition("\n\n\nNet()")[0]
    classes = "".join(f"\n\nclass Net{number}{block}\n" + "# a comment\n" * 13 for number in range(90))
    text = "import torch\nfrom torch import nn\n" + classes.replace("64, 64, 1", "32, 64, 1", 1)
    text += "\n\nNet89()(torch.randn(1, 3, 8, 8))\nNet0()(torch.randn(1, 3, 8, 8))\n"
    assert len(text.splitlines()) > 2000
    found = [each for each in await pushing.looks("large.py", text) if each.code == "CL102"]
    assert [each.range.start.line for each in found] == [8]


@pytest.mark.skipif(not LINUX, reason="reads /proc")
async def test_a_killed_worker_is_replaced(pulling: Client) -> None:
    uri = pulling.open("killed.py", RIGHT)
    await pulling.pulled(uri)
    for pid in children(pulling.pid):
        os.kill(pid, signal.SIGKILL)
    pulling.edit(uri, WRONG)
    assert "CL102" in codes(await pulling.found(uri))
    pulling.close(uri)


@pytest.mark.skipif(not LINUX, reason="reads /proc")
async def test_a_workspace_is_reported_though_its_worker_was_killed(pulling: Client) -> None:
    (pulling.folder / "kept.py").write_text(WRONG)
    params = types.WorkspaceDiagnosticParams([])
    await pulling.workspace_diagnostic_async(params)
    for pid in children(pulling.pid):
        os.kill(pid, signal.SIGKILL)
    (pulling.folder / "kept.py").write_text(RIGHT + "\n")
    report = await pulling.workspace_diagnostic_async(params)
    found = {each.uri.rpartition("/")[2]: codes(list(each.items)) for each in report.items}
    assert "CL102" not in found["kept.py"]
