"""Diagnostics of a whole workspace: every file by a worker of its own, so that open documents do not wait.

Law: a file is analysed again only if it, or what it rests on, has changed; open documents are the desk's.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct, field

from convlint.server.process import Lost, Worker
from convlint.server.tasks import FilesOf, Look, Names, Seen

_State = tuple[int, int] | None


class Reported(Struct, frozen=True):
    """What was seen of a file, while it and what it rests on were in these states; `number` names it."""

    seen: Seen
    states: tuple[tuple[str, _State], ...]
    number: int


class Wide(Struct):
    """The files of the workspace's folders, and what was last seen of each."""

    worker: Worker = field(default_factory=Worker)
    _kept: dict[str, Reported] = field(default_factory=dict)
    _count: int = 0

    async def files(self, folders: Iterable[str]) -> list[str]:
        """The files that a check of the folders would look at, in order; notebooks are reported by cells."""
        found: dict[str, None] = {}
        for folder in folders:
            try:
                answer = await self.worker.ask(FilesOf(folder))
            except Lost:
                continue
            if isinstance(answer, Names):
                found |= dict.fromkeys(name for name in answer.names if name.endswith(".py"))
        return sorted(found)

    async def look(self, files: Iterable[tuple[str, str | None]]) -> AsyncIterator[tuple[str, Reported]]:
        """Each file (with its folder) and what is seen of it; one that could not be analysed is left out."""
        for name, root in files:
            kept = self._kept.get(name)
            if kept is None or any(_state(each) != state for each, state in kept.states):
                try:
                    answer = await self.worker.ask(Look(name, None, root))
                except Lost:
                    continue
                if not isinstance(answer, Seen):
                    continue
                self._count += 1
                states = tuple((each, _state(each)) for each in (name, *sorted(answer.read)))
                kept = self._kept[name] = Reported(answer, states, self._count)
            yield name, kept

    def forget(self) -> None:
        """The configuration changed: nothing that was seen holds."""
        self._kept.clear()


def _state(name: str) -> _State:
    """When a file was changed, and its size; None for one that is not there."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
