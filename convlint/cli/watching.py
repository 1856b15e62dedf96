"""`--watch`: check, wait until a file changes, and check again, until the user stops it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from convlint.cli.terminal import Terminal

_PAUSE = 0.5
_CLEAR = "\x1b[2J\x1b[H"
State = dict[str, tuple[int, int]]
"""When each file was written (ns), and its size."""


def watch(states: Iterable[State], check: Callable[[], int], terminal: Terminal) -> int:
    """Check at the first state and at every one that differs from the one before; the exit code of the last
    check, once the states end or the user interrupts.
    """
    code, seen = 0, None
    try:
        for state in states:
            if state == seen:
                continue
            seen = state
            if terminal.out.isatty():
                terminal.write(_CLEAR)
            code = check()
            terminal.remark("watching for changes; stop with Ctrl-C")
    except KeyboardInterrupt:
        pass
    return code


def states_of(
    files: Callable[[], Sequence[str]], wait: Callable[[], None] = lambda: time.sleep(_PAUSE)
) -> Iterator[State]:
    """The files' state again and again, waiting in between; files that come and go with it."""
    while True:
        yield state_of(files())
        wait()


def state_of(files: Sequence[str]) -> State:
    """The state of those files that are there."""
    found = State()
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size)
    return found
