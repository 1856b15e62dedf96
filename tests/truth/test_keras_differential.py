"""Every registered Keras layer and the commonest functions against real Keras, on seeded random cases.

Needs keras and a backend (tensorflow on CPU serves). Both sides give the same shapes and numbers of
parameters, or both refuse; an answer left open is counted and limited. A layer that is registered without a
generator of cases fails.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from convlint.libs import registry
from convlint.values import Class
from tests.truth.case import Case
from tests.truth.compare import Agreement, Result
from tests.truth.keras_case import FUNCTIONS, LAYERS
from tests.truth.keras_exempt import BACKEND_EXEMPT, EXEMPT, MOSTLY_OPEN

pytest.importorskip("keras", reason="real Keras is not installed: pip install keras tensorflow-cpu")
pytestmark = pytest.mark.truth

from tests.truth.keras_compare import compare  # noqa: E402

CASES = 50
LEAST_CASES = 5_000
LEAST_REFUSED = 0.2
for _file in sorted(Path(__file__).parent.glob("keras_cases_*.py")):
    import_module(f"tests.truth.{_file.stem}")


def registered() -> list[str]:
    """Layers with a constructor of their own, but for those that are exempt, with a reason."""
    found = []
    for name in registry.names("keras.layers."):
        value = registry.lookup(name)
        if isinstance(value, Class) and registry.signature(name) is not None and name not in EXEMPT:
            found.append(name)
    return found


@dataclass
class Tally:
    """What the cases of all names came to."""

    names: int = 0
    agreements: Counter[Agreement] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


def agrees(name: str, draw: object, tally: Tally) -> None:
    """Compare the cases of one name."""
    assert callable(draw), "registered without a generator of cases"
    rng = Random(name)
    found: Counter[Agreement] = Counter()
    different: list[tuple[Case, Result]] = []
    for _ in range(CASES):
        case = draw(rng)
        result = compare(name, case)
        found[result.agreement] += 1
        if result.agreement is Agreement.DIFFERENT:
            different.append((case, result))
    tally.names += 1
    tally.agreements += found
    assert not different, f"{len(different)} of {CASES} differ\n{shown(different)}"
    left_open = found[Agreement.OPEN]
    assert left_open <= CASES // 2 or name in MOSTLY_OPEN, f"{left_open} of {CASES} answers left open"


@pytest.mark.parametrize("name", registered())
def test_layer_agrees(name: str, tally: Tally) -> None:
    agrees(name, LAYERS.get(name), tally)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_function_agrees(name: str, tally: Tally) -> None:
    agrees(name, FUNCTIONS[name], tally)


def test_every_function_of_the_old_backend_is_compared() -> None:
    """Those that are declared, and that Keras itself still has; but for those that ask for no tensor."""
    from keras.src.legacy import backend

    declared = {name.rpartition(".")[2] for name in registry.names("keras.backend.")}
    there = {name for name in declared if callable(getattr(backend, name, None))}
    compared = {name.rpartition(".")[2] for name in FUNCTIONS if name.startswith("keras.backend.")}
    assert there - compared == set(BACKEND_EXEMPT)


def shown(different: list[tuple[Case, Result]]) -> str:
    """The first of the differences."""
    return "\n".join(f"{case}\n   ours {r.ours}\n   real {r.theirs}" for case, r in different[:4])


def test_totals(tally: Tally) -> None:
    """Enough cases, a fifth of them refused by both; last, so that it sees what the others counted."""
    if tally.names < len(registered()) + len(FUNCTIONS):
        pytest.skip("only some of the names were compared")
    both = tally.agreements
    total, refused = both.total(), both[Agreement.BOTH_REFUSE]
    report = (
        f"{tally.names} names, {total} cases: {both[Agreement.SAME]} alike, {refused} refused by both, "
        f"{both[Agreement.OPEN]} left open, {both[Agreement.DIFFERENT]} different"
    )
    print(report)
    assert total >= LEAST_CASES, report
    assert refused >= LEAST_REFUSED * total, report
