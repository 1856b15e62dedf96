"""Progress of an analysis that takes long: the editor says that it is under way, and may end it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from itertools import count
from typing import Protocol

from lsprotocol import types
from msgspec import Struct, field


class Editor(Protocol):
    """What shows progress: `pygls.progress.Progress`."""

    async def create_async(self, token: types.ProgressToken) -> object: ...
    def begin(self, token: types.ProgressToken, value: types.WorkDoneProgressBegin) -> None: ...
    def end(self, token: types.ProgressToken, value: types.WorkDoneProgressEnd) -> None: ...


class Busy(Struct):
    """What is under way for long; `end` ends it."""

    end: Callable[[], None]
    _numbers: count[int] = field(default_factory=count)
    _shown: set[types.ProgressToken] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def began(self, name: str, editor: Editor) -> Callable[[], None]:
        """Show that a file is analysed, until what this gives is called."""
        token, over = f"convlint.{os.getpid()}.{next(self._numbers)}", asyncio.Event()
        task = asyncio.get_running_loop().create_task(self._show(token, os.path.basename(name), editor, over))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return over.set

    def cancelled(self, token: types.ProgressToken) -> None:
        """The user does not want to wait any longer."""
        if token in self._shown:
            self.end()

    async def _show(self, token: str, name: str, editor: Editor, over: asyncio.Event) -> None:
        await editor.create_async(token)
        if over.is_set():
            return
        editor.begin(token, types.WorkDoneProgressBegin("convlint", message=name, cancellable=True))
        self._shown.add(token)
        await over.wait()
        self._shown.discard(token)
        editor.end(token, types.WorkDoneProgressEnd())

    def _ended(self, task: asyncio.Task[None]) -> None:
        """An editor that cannot show it is left alone."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
