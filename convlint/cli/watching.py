"""`--watch`: check, wait until a file changes, and check again, until the user stops it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from convlint.cli.terminal import Terminal

_PAUSE = 0.5
_CLEAR = "\x1b[2J\x1b[H"
_Seen = dict[str, tuple[int, int]]


def watch(files: Callable[[], Sequence[str]], check: Callable[[], int], terminal: Terminal) -> int:
    """The exit code of the last check, once the user interrupts."""
    code, seen = 0, _Seen()
    try:
        while True:
            now = _state(files())
            if now != seen:
                seen = now
                if terminal.out.isatty():
                    terminal.write(_CLEAR)
                code = check()
                terminal.remark("watching for changes; stop with Ctrl-C")
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        return code


def _state(files: Sequence[str]) -> _Seen:
    """When each file was written, and its size."""
    found = {}
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size)
    return found
