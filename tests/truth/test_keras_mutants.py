"""Mutants of Keras programs: one number of a working program changed, so that real Keras refuses it.

The programs are the fixtures (models, and the rules' Keras files that work), some that are drawn, and models
of keras.applications, whose numbers are changed in Keras' own files. Needs keras 3.15.1 and a backend. A
mutant is refused where Keras refuses to build its model or to call it on data (one of an application is
built only, which computes every shape); the law is that of `judging`. What Keras said is kept
(`remembering`), so that a run that was broken off goes on where it was.
"""

from __future__ import annotations

import json
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from random import Random

import pytest

from tests.truth.judging import Tally, errors, errors_in, judged, some
from tests.truth.keras_programs import program
from tests.truth.mutants import Answer, Fate, changed, only
from tests.truth.remembering import remembered
from tests.truth.sources import copied, module_file

keras = pytest.importorskip(
    "keras", reason="real Keras is not installed: pip install keras==3.15.1 tensorflow-cpu"
)
pytestmark = pytest.mark.truth

from keras.src.backend.common.stateless_scope import StatelessScope  # noqa: E402

from tests.truth.keras_mutants import numbers, run  # noqa: E402

FIXTURES = Path(__file__).parents[2] / "fixtures"
SEEDS = FIXTURES / "models" / "keras"
APPLICATIONS = json.loads((FIXTURES / "models" / "keras_applications.truth.json").read_text())["models"]
MANY_LAYERS = 500
"""Models with more take long to build."""
MUTANTS = 16
MOST_OF_PROGRAM = 40
DRAWN = range(12)
LEAST_REFUSED = 150


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a copy of Keras' sources."""
    return copied("keras", tmp_path_factory.mktemp("sources"))


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


def answer(text: str, module: str | None = None, *, noting: bool = False) -> Answer:
    """What Keras says of a text; kept, since it takes seconds. With `noting`, which functions ran, too.

    The weights of an application's mutant are never filled: one number can make tens of gigabytes of them.
    """

    def ask() -> Answer:
        called = set[int]() if noting else None
        with nullcontext() if module is None else StatelessScope(initialize_variables=False):
            return run(text, module, called).answer(called or ())

    framework = f"keras {version('keras')} {keras.backend.backend()} {module} {noting}"
    return remembered(framework, text, ask)


@pytest.mark.parametrize("name", sorted(programs()))
def test_program(name: str, tally: Tally) -> None:
    text = programs()[name]
    real = answer(text, noting=True)
    if real.error is not None or errors(text):
        tally.programs += 1
        pytest.skip("Keras refuses it as it stands")
    everything = list(changed(text, numbers(text, real.called)))
    drawn = Random(name).sample(everything, min(MOST_OF_PROGRAM, len(everything)))
    found = judged(name, drawn, (answer(mutant.text) for mutant in drawn), errors)
    tally.add(found)
    print(found.report())
    assert not found.fates[Fate.FALSE_ALARM], found.report()


@pytest.mark.parametrize("name", applications())
def test_application(name: str, package: Path, tally: Tally) -> None:
    truth = APPLICATIONS[name]
    module = truth["module"]
    file = module_file(package, module)
    whole = f"{file.read_text()}\n\nmodel = {name}(weights=None)\n"
    called = answer(whole, module, noting=True).called
    text = only(whole, called)
    assert answer(text, module).error is None
    assert errors_in(file, text) == set()
    last = text.count("\n")  # where the model is built: none of Keras' own rows
    everything = (each for each in changed(text, numbers(text, called)) if each.row != last)
    drawn = some(name, everything, MUTANTS)
    answers = (answer(mutant.text, module) for mutant in drawn)
    found = judged(name, drawn, answers, lambda mutated: errors_in(file, mutated))
    tally.add(found)
    found.demand(0, spared=1)


def test_totals(tally: Tally) -> None:
    """Last, so that it sees what the others counted; of some of the programs, only their share."""
    everything = tally.programs == len(programs()) + len(applications())
    tally.demand(LEAST_REFUSED if everything else 0)
