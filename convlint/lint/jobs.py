"""Worker processes that examine files, one at a time each: one that dies loses that file only."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, cast

from convlint.lint.filereport import FileReport

if TYPE_CHECKING:
    from convlint.lint.examiner import Examiner

_STOP = None
_SMALLEST_SHARE = 2
"""Starting a process pays from so many files for each."""

Start = Callable[[], "Examiner"]


def examined(start: Start, files: Sequence[tuple[str, str]], jobs: int) -> Iterator[tuple[str, FileReport]]:
    """Each file (name and text) with its report, in the order in which they are done."""
    jobs = min(jobs, len(files) // _SMALLEST_SHARE)
    if jobs < 2:
        examiner = start()
        yield from ((name, examiner.examine(name, text)) for name, text in files)
        return
    yield from _Crew(start, files, jobs).work()


class _Crew:
    """The processes, and what each is at."""

    def __init__(self, start: Start, files: Sequence[tuple[str, str]], jobs: int) -> None:
        fork = "fork" in multiprocessing.get_all_start_methods()
        self._context = cast("SpawnContext", multiprocessing.get_context("fork" if fork else "spawn"))
        self._start = start
        if fork:
            start()  # what it loads, the workers have from the beginning
        self._left = list(reversed(files))
        self._jobs = jobs
        self._at: dict[Connection, tuple[BaseProcess, str]] = {}

    def work(self) -> Iterator[tuple[str, FileReport]]:
        try:
            while self._left and len(self._at) < self._jobs:
                self._hire()
            while self._at:
                for pipe in wait(list(self._at)):
                    assert isinstance(pipe, Connection)
                    yield self._answer(pipe)
        finally:
            for pipe, (process, _) in self._at.items():
                process.kill()
                pipe.close()

    def _hire(self) -> None:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._start), daemon=True)
        process.start()
        theirs.close()
        self._give(ours, process)

    def _give(self, pipe: Connection, process: BaseProcess) -> None:
        """The next file, or the end of work."""
        if not self._left:
            self._at.pop(pipe, None)
            pipe.send(_STOP)
            process.join()
            pipe.close()
            return
        name, text = self._left.pop()
        self._at[pipe] = process, name
        pipe.send((name, text))

    def _answer(self, pipe: Connection) -> tuple[str, FileReport]:
        process, name = self._at[pipe]
        try:
            report = pipe.recv()
            assert isinstance(report, FileReport)
        except (EOFError, ConnectionError):
            del self._at[pipe]
            process.join()
            pipe.close()
            if self._left:
                self._hire()
            return name, self._lost(name, process.exitcode)
        self._give(pipe, process)
        return name, report

    def _lost(self, name: str, code: int | None) -> FileReport:
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        words = f"the process that analysed it ended early ({how})"
        return self._start().failed(name, words)


def _serve(pipe: Connection, start: Start) -> None:
    """What a worker does: examine what it is given, until it is told to stop."""
    examiner = start()
    try:
        while (given := pipe.recv()) is not _STOP:
            name, text = given
            pipe.send(examiner.examine(name, text))
    except (EOFError, KeyboardInterrupt):
        return
