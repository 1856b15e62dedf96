"""Mutants of torchvision's own models: one number of a model's source changed, and run by torch.

Needs torchvision, the version of the recorded truth. The law is that of `judging`. What a `raise` of the
source's own refuses is counted apart: that is no error of shapes.

Measured with torchvision 0.29.1 and torch 2.14.1, 240 mutants of 20 models: torch refuses 107 of them by
itself and 7 by a `raise` of the source's own. Of the 107, 50 are errors at the changed line and 54 at a line
that torch blames; none is an error elsewhere, and none of the 126 that torch accepts is an error. Silent
remain an attribute that is missing by its name, and the two that `torch._assert` refuses: the source's own
check, though not counted as one here.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Collection
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from random import Random

import pytest

from tests.truth.judging import Tally, errors_in, judged
from tests.truth.mutants import Answer, Fate, changed, first, only
from tests.truth.sources import copied, module_file

ROOT = Path(__file__).parents[2]
TRUTH = json.loads((ROOT / "fixtures" / "models" / "torchvision.truth.json").read_text())
WANTED = TRUTH["info"]["torchvision"].partition("+")[0]
MODELS = 20
MUTANTS = 12

pytestmark = pytest.mark.truth


def installed() -> str | None:
    """The version of torchvision that is installed."""
    try:
        return version("torchvision").partition("+")[0]
    except PackageNotFoundError:
        return None


if installed() != WANTED:
    pytest.skip(
        f"torchvision {WANTED} is not installed (found: {installed()}): pip install torchvision=={WANTED}",
        allow_module_level=True,
    )


def picked() -> list[str]:
    """Classification models by an even stride over the sorted names."""
    names = sorted(
        name
        for name, truth in TRUTH["models"].items()
        if truth["kind"] == "classification" and "input_shape" in truth
    )
    return [names[i * len(names) // MODELS] for i in range(MODELS)]


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a copy of torchvision's sources."""
    return copied("torchvision", tmp_path_factory.mktemp("sources"))


def answers(module: str, texts: list[str]) -> list[Answer]:
    """What torch does with each text in place of the module, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.truth.vision_worker"],
        input=json.dumps({"module": module, "texts": texts}),
        capture_output=True, text=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    return [Answer.read(plain) for plain in json.loads(done.stdout)]


def numbers(text: str, called: Collection[int]) -> set[ast.Constant]:
    """Integers that stand as arguments or in lists, in functions that were called."""
    found: set[ast.Constant] = set()
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef) and first(function) in called:
            for node in (each for statement in function.body for each in ast.walk(statement)):
                match node:
                    case ast.Call(args=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                        found |= {v for v in values if isinstance(v, ast.Constant) and type(v.value) is int}
                    case ast.keyword(value=ast.Constant() as value) if type(value.value) is int:
                        found.add(value)
    return found


@pytest.mark.parametrize("name", picked())
def test_model(name: str, package: Path, tally: Tally) -> None:
    truth = TRUTH["models"][name]
    module = truth["module"]
    file = module_file(package, module)
    arguments = ", ".join(f"{key}={value!r}" for key, value in truth["kwargs"].items())
    shape = tuple(truth["input_shape"])
    call = f"\n\nmodel = {truth['entry']}({arguments})\nmodel.eval()\nmodel(torch.zeros{shape})\n"
    whole = f"{file.read_text()}\n\nimport torch\n{call}"
    ran = answers(module, [whole])[0]
    assert ran.error is None
    text = only(whole, ran.called)
    assert errors_in(file, text) == set()
    everything = list(changed(text, numbers(text, ran.called)))
    drawn = Random(name).sample(everything, min(MUTANTS, len(everything)))
    reals = answers(module, [mutant.text for mutant in drawn])
    found = judged(name, drawn, reals, lambda mutated: errors_in(file, mutated))
    tally.add(found)
    print(found.report())
    assert not found.fates[Fate.FALSE_ALARM], found.report()


def test_totals(tally: Tally) -> None:
    """Last, so that it sees what the others counted."""
    if tally.programs < MODELS:
        pytest.skip("only some of the models were mutated")
    tally.demand(0)
