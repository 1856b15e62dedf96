"""Mutants of torchvision's own models: one number of a model's source changed, and run by torch.

Needs torchvision, the version of the recorded truth. Law: nine in ten of the mutants that torch refuses are
errors, at the changed line or at a line that torch blames; what torch accepts is no error. What a
`raise` of the source's own refuses is counted apart: that is no error of shapes.

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
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import pytest

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_paths
from tests.truth.mutants import Fate, changed, fate, first, only

ROOT = Path(__file__).parents[2]
TRUTH = json.loads((ROOT / "fixtures" / "models" / "torchvision.truth.json").read_text())
WANTED = TRUTH["info"]["torchvision"].partition("+")[0]
MODELS = 20
MUTANTS = 12
LEAST_SHARE = 0.9

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


@dataclass
class Tally:
    """The fates of all mutants."""

    models: int
    fates: Counter[Fate]
    missed: list[str]


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally(0, Counter(), [])


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of torchvision's sources that may be changed; its folder."""
    spec = find_spec("torchvision")
    assert spec is not None and spec.origin is not None
    folder = tmp_path_factory.mktemp("sources")
    source = Path(spec.origin).parent
    shutil.copytree(source, folder / "torchvision", ignore=_all_but_python)
    return folder


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def answers(module: str, texts: list[str]) -> list[dict[str, Any]]:
    """What torch does with each text in place of the module, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.truth.vision_worker"],
        input=json.dumps({"module": module, "texts": texts}),
        capture_output=True, text=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def numbers(text: str, called: list[int]) -> set[ast.Constant]:
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


def errors(package: Path, module: str, text: str) -> set[int]:
    """The rows of convlint's errors in the module with this text."""
    file = package.joinpath(*module.split(".")).with_suffix(".py")
    kept = file.read_text()
    file.write_text(text)
    try:
        found = check_paths([file], Settings()).findings
    finally:
        file.write_text(kept)
    return {finding.location.row for finding in found if finding.severity is Severity.ERROR}


@pytest.mark.parametrize("name", picked())
def test_model(name: str, package: Path, tally: Tally) -> None:
    truth = TRUTH["models"][name]
    module = truth["module"]
    source = package.joinpath(*module.split(".")).with_suffix(".py").read_text()
    arguments = ", ".join(f"{key}={value!r}" for key, value in truth["kwargs"].items())
    shape = tuple(truth["input_shape"])
    call = f"\n\nmodel = {truth['entry']}({arguments})\nmodel.eval()\nmodel(torch.zeros{shape})\n"
    whole = f"{source}\n\nimport torch\n{call}"
    first = answers(module, [whole])[0]
    assert first["error"] is None
    text = only(whole, first["called"])
    assert errors(package, module, text) == set()
    everything = list(changed(text, numbers(text, first["called"])))
    drawn = Random(name).sample(everything, min(MUTANTS, len(everything)))
    reals = answers(module, [mutant.text for mutant in drawn])
    fates: Counter[Fate] = Counter()
    alarms = []
    for mutant, real in zip(drawn, reals, strict=True):
        rows = errors(package, module, mutant.text)
        refused = real["error"] is not None
        found = fate(mutant, rows, refused=refused, own=real["own"], blamed=real["blamed"])
        fates[found] += 1
        said = f"{name}:{mutant.row}: {mutant.change}: {found.value} {sorted(rows)} {real['error']}"
        if found in (Fate.MISPLACED, Fate.SILENT, Fate.FALSE_ALARM):
            tally.missed.append(said)
        if found is Fate.FALSE_ALARM:
            alarms.append(said)
    tally.models += 1
    tally.fates += fates
    print(name, {each.name: count for each, count in fates.items()})
    assert not alarms, "\n".join(alarms)


def test_totals(tally: Tally) -> None:
    """Last, so that it sees what the others counted."""
    if tally.models < MODELS:
        pytest.skip("only some of the models were mutated")
    caught = tally.fates[Fate.CAUGHT] + tally.fates[Fate.CAUGHT_AT_OTHER]
    refused = caught + tally.fates[Fate.MISPLACED] + tally.fates[Fate.SILENT]
    counts = [f"{tally.fates[each]} {each.value}" for each in Fate]
    total = tally.fates.total()
    report = "\n".join([f"{tally.models} models, {total} mutants, {refused} refused", *counts, *tally.missed])
    print(report)
    assert caught >= LEAST_SHARE * refused, report
