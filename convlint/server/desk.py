"""What is analysed when: the document edited last comes first, once its editor pauses, in its newest text.

Law: an analysis of a text that is not the newest is dropped, and ended where it takes long.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from convlint.server.documents import Document
from convlint.server.process import Lost, Worker
from convlint.server.tasks import Answer, Failed, FixAll, Look, Seen, Text

PAUSE = 0.1
"""Seconds without an edit before a document is analysed."""
GRACE = 1.0
"""Seconds that the analysis of an outdated text may go on."""
LONG = 1.0
"""Seconds after which the user is told that an analysis is under way."""


def _silent(document: Document) -> Callable[[], None]:
    return lambda: None


class Desk:
    """The open documents, and the worker that analyses them.

    `tell` is called with each new result; `begun` with a document whose analysis takes `long` seconds by now,
    and what it gives when that has ended.
    """

    def __init__(
        self,
        tell: Callable[[Document], None],
        worker: Worker | None = None,
        begun: Callable[[Document], Callable[[], None]] = _silent,
        long: float = LONG,
    ) -> None:
        self.documents: dict[str, Document] = {}
        self.worker = worker or Worker()
        self.pause = PAUSE
        self._tell = tell
        self._begun = begun
        self._long = long
        self._wanted: dict[str, float] = {}
        """Documents to analyse, the most urgent last, with the time from which on."""
        self._under_way: tuple[str, int] | None = None
        self._wake = asyncio.Event()
        self._landed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """End the work and the worker."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.worker.stop()

    def put(self, document: Document) -> None:
        """A document was opened."""
        self.documents[document.uri] = document
        self.touched(document, 0.0)

    def close(self, uri: str) -> None:
        """A document was closed; what imports it reads the file from now on."""
        document = self.documents.pop(uri, None)
        self._wanted.pop(uri, None)
        if document is not None:
            self._touch_importers(document)

    def touched(self, document: Document, pause: float | None = None) -> None:
        """A document has a new text: it comes first, and those that import it after it."""
        loop = asyncio.get_running_loop()
        self._touch_importers(document)
        document.touched += 1
        self._wanted.pop(document.uri, None)
        self._wanted[document.uri] = loop.time() + (self.pause if pause is None else pause)
        if self._under_way is not None and self._under_way[0] == document.uri:
            loop.call_later(GRACE, self._abandon, self._under_way)
        self._wake.set()

    def again(self) -> None:
        """Something outside the documents changed: all are looked at again."""
        for document in self.documents.values():
            self.touched(document, 0.0)

    async def settled(self, document: Document) -> None:
        """Wait until the document's text as it is now was analysed, or could not be."""
        async with self._landed:
            await self._landed.wait_for(
                lambda: not document.dirty or self.documents.get(document.uri) is not document
            )

    async def fixed(self, document: Document) -> str | None:
        """The text after all safe fixes; None where that could not be found out."""
        task = FixAll(document.name, document.text, document.root, self._others(document))
        answer = await self._ask(task)
        return answer.text if isinstance(answer, Text) else None

    async def _ask(self, task: FixAll | Look) -> Answer:
        """Ask the worker; a client that does not wait does not end it."""
        try:
            return await asyncio.shield(asyncio.ensure_future(self.worker.ask(task)))
        except Lost as lost:
            return Failed(str(lost))

    def _touch_importers(self, document: Document) -> None:
        now = asyncio.get_running_loop().time()
        for other in self.documents.values():
            if other is not document and other.seen is not None and document.name in other.seen.read:
                other.touched += 1
                before = {other.uri: now, **self._wanted}
                self._wanted = before if other.uri not in self._wanted else self._wanted
        self._wake.set()

    def _abandon(self, what: tuple[str, int]) -> None:
        """The analysis of an outdated text had its time."""
        if self._under_way == what:
            self.worker.abandon("a newer text came")

    def _others(self, document: Document) -> Mapping[str, str]:
        return {
            other.name: other.text
            for other in self.documents.values()
            if other is not document and other.name.endswith(".py")
        }

    async def _work(self) -> None:
        while True:
            document = await self._next()
            number, text = document.touched, document.text
            self._under_way = document.uri, number
            over = self._watch(document)
            try:
                answer = await self._ask(Look(document.name, text, document.root, self._others(document)))
            finally:
                self._under_way = None
                over()
            ended = isinstance(answer, Seen) or number == document.touched
            if ended and document.text == text and self.documents.get(document.uri) is document:
                document.settled = number
                self._land(document, answer)
            async with self._landed:
                self._landed.notify_all()

    def _watch(self, document: Document) -> Callable[[], None]:
        """Say so if the analysis that begins takes long; what this gives ends that."""
        said: list[Callable[[], None]] = []
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self._long, lambda: said.append(self._begun(document)))

        def over() -> None:
            timer.cancel()
            for end in said:
                end()

        return over

    async def _next(self) -> Document:
        """The most urgent document whose pause is over."""
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            for uri in reversed(self._wanted):
                if self._wanted[uri] <= loop.time() and uri in self.documents:
                    del self._wanted[uri]
                    return self.documents[uri]
            soonest = min(self._wanted.values(), default=None)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(soonest):
                    await self._wake.wait()

    def _land(self, document: Document, answer: Answer) -> None:
        """The newest text was analysed, or could not be."""
        match answer:
            case Seen():
                document.accept(answer)
            case Failed(words=words):
                document.fail(words)
        self._tell(document)
