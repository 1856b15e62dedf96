"""`python -m benchmarks`: run the benchmarks and print their figures as Markdown."""

from __future__ import annotations

import argparse
import platform
from pathlib import Path
from statistics import median

from benchmarks.checking import growth, ratio, start
from benchmarks.summaries import summaries
from benchmarks.torchinfo import compared
from tests.library_source import library

REQUIREMENT = "torchvision==0.29.1"
SECTIONS = ("start", "check", "growth", "summary", "torchinfo", "edit")


def main() -> None:
    """Read the arguments and run the sections that they name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"out of {', '.join(SECTIONS)}")
    parser.add_argument("--library", type=Path, help=f"a folder that holds {REQUIREMENT}'s source")
    parser.add_argument("--models", type=int, help="summarize so many models only")
    parser.add_argument("--repeats", type=int, default=1, help="runs of which the cheapest counts")
    parser.add_argument("--torch", type=Path, help="a Python with torch, torchvision and torchinfo installed")
    given = parser.parse_args()
    source = given.library or library(REQUIREMENT)
    if isinstance(source, str):
        parser.exit(1, f"{source}\n")
    wanted = given.sections or list(SECTIONS)
    if unknown := set(wanted) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {REQUIREMENT}\n", flush=True)
    for section in wanted:
        if section == "torchinfo":
            _print_torchinfo(source.resolve(), given.torch, given.repeats)
        else:
            _print(section, source.resolve(), given.models, given.repeats)


def _print(section: str, source: Path, models: int | None, repeats: int) -> None:
    folder = source / "torchvision" / "models"
    match section:
        case "start":
            _print_start(folder, max(repeats, 5))
        case "check":
            _print_ratio(folder, repeats)
        case "edit":
            _print_edits(source)
        case "growth":
            _print_growth(folder / "densenet.py")
        case _:
            _print_summaries(source, models)


def _print_start(folder: Path, repeats: int) -> None:
    found = start(folder, repeats)
    bare, libcst = found.bare.seconds, found.libcst.seconds
    print("| run | CPU s | peak MB | against |\n| --- | --- | --- | --- |")
    rows = (
        ("`convlint --version`", found.version, f"{found.version.seconds / bare:.1f} × `python -c pass`"),
        ("an unrelated file", found.unrelated, f"{found.unrelated.seconds / bare:.1f} × `python -c pass`"),
        (
            f"{found.files} unchanged files",
            found.unchanged,
            f"{found.unchanged.seconds / libcst:.2f} × `import libcst`",
        ),
    )
    for name, taken, against in rows:
        print(f"| {name} | {taken.seconds:.2f} | {taken.megabytes:.0f} | {against} |")
    print(flush=True)


def _print_ratio(folder: Path, repeats: int) -> None:
    found = ratio(folder, repeats)
    print(f"| {found.files} files of torchvision/models | CPU s | peak MB |\n| --- | --- | --- |")
    print(f"| cold `convlint check` | {found.check.seconds:.2f} | {found.check.megabytes:.0f} |")
    print(f"| `libcst.parse_module` | {found.parse.seconds:.2f} | {found.parse.megabytes:.0f} |")
    print(f"\nratio: {found.times:.1f}\n", flush=True)


def _print_edits(source: Path) -> None:
    from benchmarks.editing import waited  # it needs the extra `lsp`

    print("| from an edit to diagnostics, ms | median | p95 | LibCST | p95 | ratio | of p95 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for found in waited(source):
        print(found.row(), flush=True)
    print()


def _print_growth(file: Path) -> None:
    print(f"| copies of {file.name} | CPU s | CPU s a file | peak MB |\n| --- | --- | --- | --- |")
    for step in growth(file, (1, 4, 16)):
        seconds, each = step.taken.seconds, step.taken.seconds / step.files
        print(f"| {step.copies} | {seconds:.2f} | {each:.2f} | {step.taken.megabytes:.0f} |", flush=True)
    print()


def _print_summaries(source: Path, models: int | None) -> None:
    found = list(summaries(source, models))
    seconds = [each.taken.seconds for each in found]
    slowest = max(found, key=lambda each: each.taken.seconds)
    largest = max(found, key=lambda each: each.taken.megabytes)
    failed = [each.model for each in found if each.taken.code]
    print(f"| `convlint summary`, {len(found)} models | |\n| --- | --- |")
    print(f"| median CPU s | {median(seconds):.2f} |")
    print(f"| most CPU s | {slowest.taken.seconds:.2f} ({slowest.model}) |")
    print(f"| peak MB | {largest.taken.megabytes:.0f} ({largest.model}) |")
    print(f"| did not end with 0 | {', '.join(failed) or 'none'} |\n", flush=True)


def _print_torchinfo(source: Path, python: Path | None, repeats: int) -> None:
    if python is None:
        print("torchinfo: not compared, for no Python that has it is given (--torch)\n")
        return
    found = compared(source, python, repeats)
    print("| resnet50, 1×3×224×224 | CPU s | peak MB |\n| --- | --- | --- |")
    for name, taken in (("`convlint summary`", found.ours), ("`torchinfo.summary`", found.theirs)):
        print(f"| {name} | {taken.seconds:.2f} | {taken.megabytes:.0f} |")
    print(f"\nratio: {found.ours.seconds / found.theirs.seconds:.2f}\n", flush=True)


main()
