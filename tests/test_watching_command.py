"""`convlint check --watch`, with the changes of the files handed to it: what was edited is checked again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from convlint.cli import check
from convlint.cli.terminal import Terminal
from convlint.cli.watching import State

CLEAN = "import torch.nn as nn\nlayer = nn.Conv2d(3, 8, 3, padding=1)\n"
BROKEN = "import torch.nn as nn\nlayer = nn.Conv2d(3, 8 / 2, 3, padding=1)\n"


def test_the_command_checks_again_what_was_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "net.py"
    file.write_text(BROKEN)

    def edited(files: object) -> Iterator[State]:
        yield {"net.py": (1, 1)}
        file.write_text(CLEAN)
        yield {"net.py": (2, 1)}
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "states_of", edited)
    place = Terminal(io.StringIO(), io.StringIO(), {})
    code = check.run([str(file), "--watch", "--isolated", "--no-cache", "-j", "1"], place)
    shown = place.out.getvalue()  # type: ignore[attr-defined]
    assert shown.count("CL111") == 1, place.err.getvalue()  # type: ignore[attr-defined]
    assert shown.endswith("All checks passed.\n")
    assert code == 0
