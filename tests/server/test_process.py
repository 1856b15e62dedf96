"""A worker that takes too long, holds too much or dies, and the next task that finds another one."""

from __future__ import annotations

import asyncio
import sys

import pytest

from convlint.server import process
from convlint.server.process import Lost, Worker
from convlint.server.tasks import Look, Seen
from tests.server.sources import WRONG

TASK = Look("<untitled:net.py>", WRONG)


def test_a_task_that_takes_too_long_is_ended() -> None:
    async def scenario() -> None:
        worker = Worker(seconds=0)
        with pytest.raises(Lost, match="took more than 0 seconds"):
            await worker.ask(TASK)
        assert worker.pid is None

    asyncio.run(scenario())


def test_a_worker_that_holds_much_memory_is_replaced() -> None:
    async def scenario() -> None:
        worker = Worker(most_memory=1)
        answer = await worker.ask(TASK)
        assert isinstance(answer, Seen)
        assert [f.code for f in answer.findings if f.code == "CL102"]
        assert worker.pid is None

    asyncio.run(scenario())


def test_an_abandoned_task_says_why() -> None:
    async def scenario() -> None:
        worker = Worker()
        await worker.warm()
        first = worker.pid
        asking = asyncio.ensure_future(worker.ask(TASK))
        await asyncio.sleep(0)
        worker.abandon("a newer text came")
        with pytest.raises(Lost, match="a newer text came"):
            await asking
        assert isinstance(await worker.ask(TASK), Seen)
        assert worker.pid != first
        await worker.stop()

    asyncio.run(scenario())


def test_a_process_that_ended_between_two_tasks_costs_none() -> None:
    async def scenario() -> None:
        worker = Worker()
        await worker.warm()
        first = worker._process
        assert first is not None
        first.kill()
        assert isinstance(await worker.ask(TASK), Seen)
        assert worker.pid != first.pid
        await worker.stop()

    asyncio.run(scenario())


def test_a_text_that_ends_every_process_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    command = (sys.executable, "-c", "import os; os.read(0, 9); os._exit(7)")
    monkeypatch.setattr(process, "COMMAND", command)

    async def scenario() -> None:
        worker = Worker()
        with pytest.raises(Lost, match="ended early"):
            await worker.ask(TASK)
        assert worker.pid is None

    asyncio.run(scenario())
