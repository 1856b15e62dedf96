"""The server's end of a worker process, which is started when needed, and ended when it takes too long.

Law: an answer comes, or `Lost` says why not; the next task finds a worker again.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
from asyncio.subprocess import PIPE, Process

from msgspec.structs import replace

from convlint.server.tasks import SIZE, Answer, Preferences, Reply, Task

# -P: neither the current folder nor the script's is a place to import from.
COMMAND = (sys.executable, "-P", "-c", "from convlint.server.worker import main; main()")
MOST_TASKS = 2_000
MOST_MEMORY = 900_000_000


class Lost(Exception):
    """The worker ended before it answered; the text says how."""


class Worker:
    """One worker process at a time, and one task at a time."""

    def __init__(self, seconds: float = 30.0, most_memory: int = MOST_MEMORY) -> None:
        self._seconds = seconds
        self._most_memory = most_memory
        self._process: Process | None = None
        self._lock = asyncio.Lock()
        self._tasks = 0
        self._told: str | None = None
        self.preferences = Preferences()
        self._current: Preferences | None = None

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None else self._process.pid

    async def ask(self, task: Task) -> Answer:
        """The worker's answer. Raises Lost.

        A process that ended may have done so between two tasks: another one is asked then, once.
        """
        async with self._lock:
            old = self._process is not None
            try:
                reply = await self._answered(task)
            except (asyncio.CancelledError, TimeoutError, EOFError, OSError) as error:
                known = isinstance(error, (asyncio.CancelledError, TimeoutError)) or self._told is not None
                lost = await self._lost(error)
                if known or not old:
                    raise lost from error
                try:
                    reply = await self._answered(task)
                except (asyncio.CancelledError, TimeoutError, EOFError, OSError) as second:
                    raise await self._lost(second) from second
            self._tasks += 1
            if self._tasks >= MOST_TASKS or reply.memory > self._most_memory:
                await self.stop()
            return reply.answer

    async def _answered(self, task: Task) -> Reply:
        """The answer of the process, which is started, and told the preferences, where that is necessary."""
        if self._process is None:
            await self._start()
        if self._current is not self.preferences:
            self._current = self.preferences
            await self._exchange(self.preferences)
        return await self._exchange(task)

    async def warm(self) -> None:
        """Start the process now, so that the first answer does not wait for it."""
        with contextlib.suppress(Lost):
            await self.ask(self.preferences)

    def abandon(self, words: str) -> None:
        """End the task under way: whoever waits for it gets Lost with these words."""
        if self._process is not None and self._lock.locked():
            self._told = words
            self._kill(self._process)

    def renew(self) -> None:
        """Make the worker forget what it keeps before its next task."""
        self.preferences = replace(self.preferences)

    async def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        self._tasks, self._current = 0, None
        if process is not None:
            self._kill(process)
            await process.wait()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, limit=2**26)
        self._told = None

    async def _exchange(self, task: Task) -> Reply:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        body = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        async with asyncio.timeout(self._seconds):
            process.stdin.write(len(body).to_bytes(SIZE, "big") + body)
            await process.stdin.drain()
            size = int.from_bytes(await process.stdout.readexactly(SIZE), "big")
            reply: Reply = pickle.loads(await process.stdout.readexactly(size))
        return reply

    async def _lost(self, error: BaseException) -> BaseException:
        """What to raise: the process is gone, or has to go."""
        process, told = self._process, self._told
        self._told = None
        await self.stop()
        if isinstance(error, asyncio.CancelledError):
            return error
        if told is not None:
            return Lost(told)
        if isinstance(error, TimeoutError):
            return Lost(f"the analysis took more than {self._seconds:g} seconds and was ended")
        code = None if process is None else process.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return Lost(f"the process that analysed it ended early ({how})")

    def _kill(self, process: Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
