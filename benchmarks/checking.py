"""The cost of `convlint check`: against parsing the same files with LibCST, and as files grow in number."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Taken, best, take

_PARSE = """
import sys
from pathlib import Path
import libcst
for path in sorted(Path(sys.argv[1]).rglob("*.py")):
    libcst.parse_module(path.read_bytes())
"""
_QUIETLY = ("--quiet", "--isolated", "--exit-zero", "--output-format", "concise", "--jobs", "1")
_CHECK = ("-m", "convlint", "check", *_QUIETLY)
_COLD = (*_CHECK, "--no-cache")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A cold check of a folder, and LibCST's parsing of the same files."""

    files: int
    check: Taken
    parse: Taken

    @property
    def times(self) -> float:
        """How many times as long the check takes."""
        return self.check.seconds / self.parse.seconds


@dataclass(frozen=True, slots=True)
class Growth:
    """A check of so many copies of the same files."""

    copies: int
    files: int
    taken: Taken


def ratio(folder: Path, repeats: int) -> Ratio:
    """Check and parse a folder in turn, each in fresh processes: the pair whose ratio is the median.

    A machine's speed may change between two runs, so the two are taken beside each other.
    """
    files = sum(1 for _ in folder.rglob("*.py"))
    pairs = [
        Ratio(files, take([*_COLD, str(folder)]), take(["-c", _PARSE, str(folder)])) for _ in range(repeats)
    ]
    return sorted(pairs, key=lambda pair: pair.times)[len(pairs) // 2]


@dataclass(frozen=True, slots=True)
class Start:
    """What a run costs that has nothing to analyse, beside Python's own start and LibCST's import."""

    bare: Taken
    version: Taken
    unrelated: Taken
    unchanged: Taken
    files: int
    libcst: Taken


def start(folder: Path, repeats: int) -> Start:
    """Runs that do nothing, in fresh processes; the unchanged tree is checked once before."""
    with tempfile.TemporaryDirectory() as room:
        plain = Path(room) / "plain.py"
        plain.write_text("import os\n\nprint(os.getcwd())\n")
        again = [*_CHECK, "--cache-dir", f"{room}/kept", str(folder)]
        best(again, 1)
        return Start(
            best(["-c", "pass"], repeats),
            best(["-m", "convlint", "--version"], repeats),
            best([*_COLD, str(plain)], repeats),
            best(again, repeats),
            sum(1 for _ in folder.rglob("*.py")),
            best(["-c", "import libcst"], repeats),
        )


def growth(file: Path, copies: tuple[int, ...]) -> Iterator[Growth]:
    """Check one package with so many copies of a file in it."""
    with tempfile.TemporaryDirectory() as room:
        for number in copies:
            folder = Path(room) / f"times{number}"
            folder.mkdir()
            for index in range(number):
                shutil.copyfile(file, folder / f"copy{index}_{file.name}")
            yield Growth(number, number, best([*_COLD, str(folder)], 1))
