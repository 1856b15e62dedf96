"""Mutants against silence: one number of a working program changed, so that the real framework refuses it.

Needs torch (the extra `truth`). The law is that of `judging`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.truth.judging import Tally, errors, judged
from tests.truth.mutants import mutants, run
from tests.truth.programs import program

pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = FIXTURES / "models" / "seeds"
DRAWN = range(100)
LEAST_REFUSED = 500
CHANGING = ("_hooked", "_patched_library", "_rebound")
"""Fixtures that change torch itself, for all programs that this process runs after them."""


def programs() -> dict[str, str]:
    """Programs that build and call their models, by name."""
    found = {}
    for name, truth in json.loads((SEEDS / "truth.json").read_text())["models"].items():
        shape = ", ".join(map(str, truth["input_shape"]))
        source = (SEEDS / f"{name}.py").read_text()
        found[name] = f"{source}\n\nimport torch\nNet().eval()(torch.zeros({shape}))\n"
    for file in sorted((FIXTURES / "rules").glob("*/*.py")):
        if "keras" not in file.stem and not file.stem.endswith(CHANGING):
            found[f"{file.parent.name}/{file.stem}"] = file.read_text()
    return found | {f"drawn/{seed}": "".join(program(seed)) for seed in DRAWN}


FACTORIES = """from torch import nn, zeros
def called():
    return nn.Linear(3, 4)
def left():
    return nn.Linear(5, 6)
def built():
    return nn.Linear(7, 8)
built()
called()(zeros(1, 3))
"""


def test_only_numbers_are_changed_that_torch_saw_at_work() -> None:
    """A function that no call reaches may be wrong, and torch accepts the text."""
    assert {mutant.row for mutant in mutants(FACTORIES, run(FACTORIES))} == {3}


def test_mutants_that_torch_refuses_are_errors() -> None:
    tally = Tally()
    for name, text in programs().items():
        real = run(text)
        if real.refused or not real.ran or errors(text):
            continue
        drawn = list(mutants(text, real))
        tally.add(judged(name, drawn, (run(mutant.text).answer() for mutant in drawn), errors))
    tally.demand(LEAST_REFUSED)
