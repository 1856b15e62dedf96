"""Mutants against silence: one number of a working program changed, so that the real framework refuses it.

Needs torch (the extra `truth`). Law: nine in ten of the mutants that torch refuses are errors, at the
changed line or at a line that torch blames; what torch accepts is no error.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_source
from tests.truth.mutants import FILE, Fate, fate, mutants, run
from tests.truth.programs import program

pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = FIXTURES / "models" / "seeds"
DRAWN = range(100)
LEAST_SHARE = 0.9
LEAST_REFUSED = 500


def programs() -> dict[str, str]:
    """Programs that build and call their models, by name."""
    found = {}
    for name, truth in json.loads((SEEDS / "truth.json").read_text())["models"].items():
        shape = ", ".join(map(str, truth["input_shape"]))
        source = (SEEDS / f"{name}.py").read_text()
        found[name] = f"{source}\n\nimport torch\nNet().eval()(torch.zeros({shape}))\n"
    for file in sorted((FIXTURES / "rules").glob("*/*.py")):
        if "keras" not in file.stem:
            found[f"{file.parent.name}/{file.stem}"] = file.read_text()
    return found | {f"drawn/{seed}": "".join(program(seed)) for seed in DRAWN}


def errors(text: str) -> set[int]:
    """The rows of convlint's errors."""
    found = check_source(text, FILE, Settings()).findings
    return {finding.location.row for finding in found if finding.severity is Severity.ERROR}


def test_mutants_that_torch_refuses_are_errors() -> None:
    fates: Counter[Fate] = Counter()
    missed: list[str] = []
    used = 0
    for name, text in programs().items():
        real = run(text)
        if real.refused or not real.ran or errors(text):
            continue
        used += 1
        for mutant in mutants(text, real.ran):
            answer = run(mutant.text)
            result = fate(
                mutant, errors(mutant.text), refused=answer.refused, own=answer.own, blamed=answer.blamed
            )
            fates[result] += 1
            if result in (Fate.MISPLACED, Fate.SILENT, Fate.FALSE_ALARM):
                missed.append(f"{name}:{mutant.row}: {mutant.change}: {result.value}")
    caught = fates[Fate.CAUGHT] + fates[Fate.CAUGHT_AT_OTHER]
    refused = caught + fates[Fate.MISPLACED] + fates[Fate.SILENT]
    counts = [f"{fates[each]} {each.value}" for each in Fate]
    report = "\n".join([f"{used} programs, {fates.total()} mutants, {refused} refused", *counts, *missed])
    print(report)
    assert refused >= LEAST_REFUSED, report
    assert caught >= LEAST_SHARE * refused, report
    assert not fates[Fate.FALSE_ALARM], report
