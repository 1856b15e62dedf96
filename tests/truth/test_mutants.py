"""Mutants against silence: one number of a working program changed, so that the real framework refuses it.

Needs torch (the extra `truth`). Law: nine in ten of the mutants that torch refuses are errors, at the
changed line or at the line of the number that conflicts with it; what torch accepts is no error.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_source

torch = pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = FIXTURES / "models" / "seeds"
LEAST_SHARE = 0.9


class Fate(Enum):
    """What became of a mutant."""

    CAUGHT = "an error at the changed line"
    CAUGHT_AT_OTHER = "an error at the line of a number that conflicts"
    MISPLACED = "an error elsewhere"
    SILENT = "no error though torch refuses"
    ACCEPTED = "torch accepts it"
    FALSE_ALARM = "an error though torch accepts"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one number changed."""

    text: str
    row: int
    change: str


def programs() -> dict[str, str]:
    """Clean programs that build and call their models, by name."""
    found = {}
    for name, truth in json.loads((SEEDS / "truth.json").read_text())["models"].items():
        shape = ", ".join(map(str, truth["input_shape"]))
        source = (SEEDS / f"{name}.py").read_text()
        found[name] = f"{source}\n\nimport torch\nNet().eval()(torch.zeros({shape}))\n"
    for folder in sorted((FIXTURES / "rules").glob("CL1*")):
        found[folder.name] = (folder / "good.py").read_text()
    return found


def mutants(text: str) -> Iterator[Mutant]:
    """Each number in the call of a layer's constructor, doubled, or one more."""
    tree = ast.parse(text)
    lines = text.splitlines(keepends=True)
    for number in sorted(_numbers(tree), key=lambda n: (n.lineno, n.col_offset)):
        value = number.value
        assert isinstance(value, int) and number.end_col_offset is not None
        for new in sorted({value + 1, value * 2} - {value}):
            row = number.lineno - 1
            line = lines[row].encode()
            changed = line[: number.col_offset] + str(new).encode() + line[number.end_col_offset :]
            mutated = [*lines[:row], changed.decode(), *lines[row + 1 :]]
            yield Mutant("".join(mutated), number.lineno, f"{value} to {new} in {line.decode().strip()}")


def _numbers(tree: ast.Module) -> set[ast.Constant]:
    return {
        each
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("nn.", "torch.nn."))
        for each in ast.walk(call)
        if isinstance(each, ast.Constant) and type(each.value) is int
    }


def refused(text: str) -> bool:
    """Whether the framework raises when the program runs."""
    torch.manual_seed(0)
    try:
        with torch.no_grad():
            exec(compile(text, "mutant", "exec"), {"__name__": "__main__"})
    except Exception:
        return True
    return False


def fate(mutant: Mutant) -> Fate:
    """What convlint says of a mutant, and torch."""
    found = check_source(mutant.text, "mutant.py", Settings()).findings
    rows = {finding.location.row for finding in found if finding.severity is Severity.ERROR}
    if not refused(mutant.text):
        return Fate.FALSE_ALARM if rows else Fate.ACCEPTED
    if not rows:
        return Fate.SILENT
    if mutant.row in rows:
        return Fate.CAUGHT
    written = {number.lineno for number in _numbers(ast.parse(mutant.text))}
    return Fate.CAUGHT_AT_OTHER if rows & written else Fate.MISPLACED


def test_mutants_that_torch_refuses_are_errors() -> None:
    fates: Counter[Fate] = Counter()
    missed: list[str] = []
    for name, text in programs().items():
        if refused(text) or not _clean(text):
            continue
        for mutant in mutants(text):
            result = fate(mutant)
            fates[result] += 1
            if result not in (Fate.CAUGHT, Fate.CAUGHT_AT_OTHER, Fate.ACCEPTED):
                missed.append(f"{name}:{mutant.row}: {mutant.change}: {result.value}")
    caught = fates[Fate.CAUGHT] + fates[Fate.CAUGHT_AT_OTHER]
    kept = caught + fates[Fate.MISPLACED] + fates[Fate.SILENT]
    report = "\n".join([*(f"{count} {each.value}" for each, count in fates.items()), *missed])
    print(report)
    assert kept >= 60, report
    assert caught >= LEAST_SHARE * kept, report
    assert not fates[Fate.FALSE_ALARM], report


def _clean(text: str) -> bool:
    found = check_source(text, "mutant.py", Settings()).findings
    return all(finding.severity is not Severity.ERROR for finding in found)
