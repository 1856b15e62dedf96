"""An analysis that takes long is shown, can be ended, and is not shown when it is over."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("lsprotocol")

from lsprotocol import types

from convlint.server.busy import Busy
from convlint.server.desk import Desk
from convlint.server.documents import Document
from convlint.server.process import Lost, Worker
from convlint.server.tasks import Answer, Seen, Task


class Slow(Worker):
    """A worker whose answer comes when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    async def ask(self, task: Task) -> Answer:
        return await self.answer

    def abandon(self, words: str) -> None:
        self.answer.set_exception(Lost(words))

    async def stop(self) -> None:
        pass


class Screen:
    """Writes down what is shown."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown = asyncio.Event()
        self.gone = asyncio.Event()
        self.token: types.ProgressToken = ""

    async def create_async(self, token: types.ProgressToken) -> object:
        self.token = token
        return None

    def begin(self, token: types.ProgressToken, value: types.WorkDoneProgressBegin) -> None:
        self.said.append(f"begin {value.message}")
        self.shown.set()

    def end(self, token: types.ProgressToken, value: types.WorkDoneProgressEnd) -> None:
        self.said.append("end")
        self.gone.set()


async def opened(screen: Screen) -> tuple[Desk, Slow, Busy, Document]:
    worker = Slow()
    busy = Busy(lambda: worker.abandon("ended by hand"))
    desk = Desk(lambda _: None, worker, lambda document: busy.began(document.name, screen), long=0)
    document = Document("file:///room/net.py", "/room/net.py", "x = 1\n", 1, None)
    desk.start()
    desk.put(document)
    await screen.shown.wait()
    return desk, worker, busy, document


def test_it_is_shown_until_the_answer_comes() -> None:
    async def scenario() -> None:
        screen = Screen()
        desk, worker, _, document = await opened(screen)
        assert screen.said == ["begin net.py"]
        worker.answer.set_result(Seen((), None, True, document.text))
        await desk.settled(document)
        await screen.gone.wait()
        assert screen.said == ["begin net.py", "end"]
        await desk.stop()

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_the_user_may_end_it() -> None:
    async def scenario() -> None:
        screen = Screen()
        desk, _, busy, document = await opened(screen)
        busy.cancelled("another token")
        assert document.dirty
        busy.cancelled(screen.token)
        await desk.settled(document)
        assert [f.message for f in document.findings()] == ["convlint failed on this file: ended by hand"]
        await screen.gone.wait()
        await desk.stop()

    asyncio.run(asyncio.wait_for(scenario(), 60))
