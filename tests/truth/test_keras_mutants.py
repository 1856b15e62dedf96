"""Mutants of Keras programs: one number of a working program changed, so that real Keras refuses it.

The programs are the fixtures (models, and the rules' Keras files that work), some that are drawn, and models
of keras.applications, whose numbers are changed in Keras' own files. Needs keras 3.15.1 and a backend. Law:
nine in ten of the mutants that Keras refuses to build or to call on data are errors, at the changed line or
at a line that Keras blames; what Keras accepts is no error.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_paths, check_source
from tests.truth.keras_programs import program
from tests.truth.mutants import FILE, Fate, Mutant, changed, fate, only

pytest.importorskip("keras", reason="real Keras is not installed: pip install keras==3.15.1 tensorflow-cpu")
pytestmark = pytest.mark.truth

from tests.truth.keras_mutants import numbers, run  # noqa: E402

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = FIXTURES / "models" / "keras"
APPLICATIONS = json.loads((FIXTURES / "models" / "keras_applications.truth.json").read_text())["models"]
MANY_LAYERS = 500
"""Models with more take long to build."""
MUTANTS = 8
MOST_OF_PROGRAM = 40
DRAWN = range(12)
LEAST_SHARE = 0.9
LEAST_REFUSED = 150
Rows = Callable[[str], set[int]]


@dataclass
class Tally:
    """The fates of all mutants."""

    programs: int
    fates: Counter[Fate]
    missed: list[str]


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally(0, Counter(), [])


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of Keras' sources that may be changed; the folder that it lies in."""
    spec = find_spec("keras")
    assert spec is not None and spec.origin is not None
    folder = tmp_path_factory.mktemp("sources")
    shutil.copytree(Path(spec.origin).parent, folder / "keras", ignore=_all_but_python)
    return folder


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def called_on(source: str, model: str, shape: list[int | None]) -> str:
    """The source, and a call of its model on zeros."""
    extents = [1, *(224 if n is None else n for n in shape[1:])]
    return f"{source}\n\nimport numpy\n\n{model}(numpy.zeros({extents}, 'float32'))\n"


def programs() -> dict[str, str]:
    """Programs that build and call their models, by name."""
    found = {}
    for name, truth in json.loads((SEEDS / "truth.json").read_text())["models"].items():
        source = (SEEDS / f"{name}.py").read_text()
        found[name] = called_on(source, "model", truth["input_shape"] or truth["build_shape"])
    for file in sorted((FIXTURES / "rules").glob("*/*keras*.py")):
        found[f"{file.parent.name}/{file.stem}"] = file.read_text()
    return found | {f"drawn/{seed}": program(seed) for seed in DRAWN}


def applications() -> list[str]:
    """The model of fewest layers of each file of keras.applications."""
    least: dict[str, tuple[int, str]] = {}
    for name, truth in APPLICATIONS.items():
        size = truth["top_default"]["n_layers"], name
        least[truth["module"]] = min(size, least.get(truth["module"], size))
    return [name for layers, name in sorted(least.values()) if layers < MANY_LAYERS]


def errors(text: str) -> set[int]:
    """The rows of convlint's errors in a script."""
    found = check_source(text, FILE, Settings()).findings
    return {finding.location.row for finding in found if finding.severity is Severity.ERROR}


def errors_in(file: Path, text: str) -> set[int]:
    """The rows of convlint's errors in a file that has this text."""
    kept = file.read_text()
    file.write_text(text)
    try:
        found = check_paths([file], Settings()).findings
    finally:
        file.write_text(kept)
    return {finding.location.row for finding in found if finding.severity is Severity.ERROR}


def judge(name: str, mutants: list[Mutant], rows: Rows, module: str | None, tally: Tally) -> None:
    """Count what becomes of the mutants; a false alarm fails at once."""
    fates: Counter[Fate] = Counter()
    missed, alarms = [], []
    for mutant in mutants:
        real, found = run(mutant.text, module), rows(mutant.text)
        result = fate(mutant, found, refused=real.refused, own=real.own, blamed=real.blamed)
        fates[result] += 1
        error = "" if real.error is None else f"{type(real.error).__name__}: {str(real.error)[:300]!r}"
        place = f"{name}:{mutant.row}: {mutant.change}"
        said = f"{place}: {result.name} {sorted(found)} {sorted(real.blamed)} {error}"
        if result in (Fate.MISPLACED, Fate.SILENT, Fate.FALSE_ALARM):
            missed.append(said)
        if result is Fate.FALSE_ALARM:
            alarms.append(said)
    tally.programs += 1
    tally.fates += fates
    print(name, {each.name: count for each, count in fates.items()}, *missed, sep="\n")
    tally.missed += missed
    assert not alarms, "\n".join(alarms)


@pytest.mark.parametrize("name", sorted(programs()))
def test_program(name: str, tally: Tally) -> None:
    text, called = programs()[name], set[int]()
    if run(text, called=called).refused or errors(text):
        tally.programs += 1
        pytest.skip("Keras refuses it as it stands")
    everything = list(changed(text, numbers(text, called)))
    drawn = Random(name).sample(everything, min(MOST_OF_PROGRAM, len(everything)))
    judge(name, drawn, errors, None, tally)


@pytest.mark.parametrize("name", applications())
def test_application(name: str, package: Path, tally: Tally) -> None:
    truth = APPLICATIONS[name]
    module = truth["module"]
    file = package.joinpath(*module.split(".")).with_suffix(".py")
    shape = truth["top_default"]["input_shape"]
    whole, called = called_on(file.read_text(), f"{name}(weights=None)", shape), set[int]()
    assert run(whole, module, called).error is None
    text = only(whole, called)

    def rows(mutated: str) -> set[int]:
        return errors_in(file, mutated)

    assert rows(text) == set()
    last = text.count("\n")  # where the model is called: none of Keras' own rows
    everything = [each for each in changed(text, numbers(text, called)) if each.row != last]
    drawn = Random(name).sample(everything, min(MUTANTS, len(everything)))
    judge(name, drawn, rows, module, tally)


def test_totals(tally: Tally) -> None:
    """Last, so that it sees what the others counted."""
    if tally.programs < len(programs()) + len(applications()):
        pytest.skip("only some of the programs were mutated")
    caught = tally.fates[Fate.CAUGHT] + tally.fates[Fate.CAUGHT_AT_OTHER]
    refused = caught + tally.fates[Fate.MISPLACED] + tally.fates[Fate.SILENT]
    counts = [f"{tally.fates[each]} {each.value}" for each in Fate]
    total = tally.fates.total()
    report = "\n".join(
        [f"{tally.programs} programs, {total} mutants, {refused} refused", *counts, *tally.missed]
    )
    print(report)
    assert refused >= LEAST_REFUSED, report
    assert caught >= LEAST_SHARE * refused, report
