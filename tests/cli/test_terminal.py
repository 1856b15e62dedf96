"""Streams: what they cannot encode, readers that leave, progress on a terminal only."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from convlint.cli import terminal as module
from convlint.cli.terminal import Progress, Terminal


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_what_a_stream_cannot_encode_is_escaped() -> None:
    data = io.BytesIO()
    out = io.TextIOWrapper(data, encoding="ascii", newline="\n")
    Terminal(out, io.StringIO()).write("3×4 \udc80\n")
    assert data.getvalue() == b"3\\xd74 \\udc80\n"


def test_colour_follows_the_terminal() -> None:
    assert Terminal(Screen(), io.StringIO(), {}).palette("auto").colour
    assert not Terminal(Screen(), io.StringIO(), {"NO_COLOR": "1"}).palette("auto").colour
    assert not Terminal(io.StringIO(), Screen(), {}).palette("auto").colour


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    code = (
        "import sys; from convlint.cli.terminal import Terminal\n"
        "t = Terminal(sys.stdout, sys.stderr)\n"
        "for _ in range(20): t.write('x' * 10000)\n"
        "print('done', file=sys.stderr)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr as errors:
        assert errors.read() == b"done\n"
    assert process.wait() == 0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_progress_shows_after_a_while_and_leaves_no_trace(clock: list[float]) -> None:
    screen = Screen()
    progress = Progress(Terminal(io.StringIO(), screen))
    progress(1, 9)
    assert screen.getvalue() == ""
    clock[0] = 1.5
    progress(2, 9)
    progress(3, 9)
    assert screen.getvalue() == "\r\x1b[Kconvlint: 2 of 9 files"
    clock[0] = 2.0
    progress(4, 9)
    progress.clear()
    progress.clear()
    assert screen.getvalue().endswith("convlint: 4 of 9 files\r\x1b[K")
    assert screen.getvalue().count("\x1b[K") == 3


@pytest.mark.parametrize(("stream", "wanted"), [(io.StringIO, True), (Screen, False)])
def test_progress_is_for_terminals_that_want_it(
    clock: list[float], stream: type[io.StringIO], wanted: bool
) -> None:
    err = stream()
    progress = Progress(Terminal(io.StringIO(), err), wanted)
    clock[0] = 100.0
    progress(1, 2)
    progress.clear()
    assert err.getvalue() == ""
