"""`--watch`: one check for each state of the files that differs from the one before, until the user stops.

The states come from the test: nothing here waits, or looks at a clock.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from convlint.cli.terminal import Terminal
from convlint.cli.watching import State, state_of, states_of, watch


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal() -> Terminal:
    return Terminal(io.StringIO(), io.StringIO(), {})


def watched(states: Sequence[State], codes: Sequence[int], place: Terminal | None = None) -> tuple[int, int]:
    """The exit code, and how many checks there were."""
    left = list(codes)
    code = watch(iter(states), lambda: left.pop(0), place or terminal())
    return code, len(codes) - len(left)


def test_a_state_that_stays_is_checked_once() -> None:
    a, b = {"a.py": (1, 10)}, {"a.py": (2, 10)}
    assert watched([a, a, a], [1]) == (1, 1)
    assert watched([a, b, b, a], [1, 0, 1]) == (1, 3)


@pytest.mark.parametrize(
    "after",
    [{"a.py": (2, 10)}, {"a.py": (1, 11)}, {"a.py": (1, 10), "b.py": (1, 1)}, {}, {"b.py": (1, 10)}],
    ids=["time", "size", "new file", "gone", "renamed"],
)
def test_every_kind_of_change_is_one(after: State) -> None:
    assert watched([{"a.py": (1, 10)}, after], [1, 0]) == (0, 2)


def test_no_files_are_checked_once_too() -> None:
    assert watched([{}, {}], [2]) == (2, 1)


def test_an_interrupt_ends_it_with_the_last_code() -> None:
    def states() -> Iterator[State]:
        yield {"a.py": (1, 1)}
        raise KeyboardInterrupt

    assert watch(states(), lambda: 1, terminal()) == 1


def test_an_interrupt_within_a_check_keeps_the_code_before() -> None:
    codes = iter([1])

    def once() -> int:
        for code in codes:
            return code
        raise KeyboardInterrupt

    assert watch([{"a": (1, 1)}, {"a": (2, 1)}], once, terminal()) == 1


def test_a_terminal_is_cleared_before_each_check_and_a_pipe_never() -> None:
    screen = Terminal(Screen(), io.StringIO(), {})
    watched([{"a": (1, 1)}, {"a": (2, 1)}], [0, 0], screen)
    assert screen.out.getvalue().count("\x1b[2J") == 2  # type: ignore[attr-defined]
    pipe = terminal()
    watched([{"a": (1, 1)}], [0], pipe)
    assert pipe.out.getvalue() == ""  # type: ignore[attr-defined]
    assert "watching for changes" in pipe.err.getvalue()  # type: ignore[attr-defined]


def test_states_are_looked_at_anew_after_each_wait(tmp_path: Path) -> None:
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("x")
    os.utime(file, ns=(5, 5))

    def edit() -> None:
        other.write_text("longer")
        os.utime(other, ns=(7, 7))

    states = states_of(lambda: sorted(str(path) for path in tmp_path.glob("*.py")), edit)
    assert next(states) == {str(file): (5, 1)}
    assert next(states) == {str(file): (5, 1), str(other): (7, 6)}


def test_a_file_that_went_away_is_in_no_state(tmp_path: Path) -> None:
    assert state_of([str(tmp_path / "gone.py")]) == {}
