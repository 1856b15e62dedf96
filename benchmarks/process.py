"""Running a command and reading from the kernel what it took.

Law: processor time and peak memory of a fresh process, never wall time: other work must not count.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process took: seconds of processor time, megabytes at its peak, its exit code and output."""

    seconds: float
    megabytes: float
    code: int
    output: str


def take(arguments: Sequence[str], python: str = sys.executable) -> Taken:
    """Run Python with the arguments, in a fresh process, and wait for its end."""
    with tempfile.TemporaryFile() as output:
        actions = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        command = [python, *arguments]
        pid = os.posix_spawn(python, command, dict(os.environ), file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        output.seek(0)
        text = output.read().decode(errors="replace")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    seconds = usage.ru_utime + usage.ru_stime
    return Taken(seconds, usage.ru_maxrss / unit, os.waitstatus_to_exitcode(status), text)


def best(arguments: Sequence[str], repeats: int, python: str = sys.executable) -> Taken:
    """The cheapest of several runs."""
    return min((take(arguments, python) for _ in range(repeats)), key=lambda taken: taken.seconds)
