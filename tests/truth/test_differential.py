"""Every registered layer, function and method of PyTorch against the framework itself, on seeded random
cases.

Needs torch (the extra `truth`). Both sides give the same shapes, or both refuse; an answer left open is
counted and limited. A name that is registered without a generator of cases fails.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from convlint.libs import registry
from convlint.libs.torch.layer import MODULE
from convlint.values import Class, Native
from tests.truth.case import GENERATORS
from tests.truth.exempt import BY_CONTENT, EXEMPT, UNSAFE
from tests.truth.spoil import spoiled

pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

from tests.truth.compare import Agreement, Result, compare  # noqa: E402

CASES = 40
SPOILED = 10
LEAST_CASES = 20_000
LEAST_REFUSED = 0.2
MOST_UNNOTICED = 0.02
for _file in sorted(Path(__file__).parent.glob("cases_*.py")):
    import_module(f"tests.truth.{_file.stem}")


for _name in registry.names("torch."):
    # Another name of a function has the same cases: both are asked of the framework.
    if _name not in GENERATORS and registry.canonical(_name) in GENERATORS:
        GENERATORS[_name] = GENERATORS[registry.canonical(_name)]


def registered() -> list[str]:
    """Layers with a constructor and functions or methods of their own; what cannot be compared is exempt,
    with a reason.
    """
    found = []
    for name in registry.names("torch."):
        value = registry.lookup(name)
        owner = registry.lookup(name.rpartition(".")[0])
        if isinstance(owner, Class) and owner.derives(MODULE):
            continue  # a layer's method: its call is compared
        layer = isinstance(value, Class) and value.derives(MODULE) and registry.signature(name) is not None
        if (layer or isinstance(value, Native)) and not any(
            name == e or name.startswith(e + ".") for e in EXEMPT
        ):
            found.append(name)
    return found


@dataclass
class Tally:
    """What the cases of all names came to."""

    names: int = 0
    agreements: Counter[Agreement] = field(default_factory=Counter)
    spoiled: Counter[Agreement] = field(default_factory=Counter)
    unnoticed: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest.mark.parametrize("name", registered())
def test_agrees(name: str, tally: Tally) -> None:
    assert name in GENERATORS, "registered without a generator of cases"
    rng = Random(name)
    found: Counter[Agreement] = Counter()
    different: list[tuple[object, Result]] = []
    for _ in range(CASES):
        case = GENERATORS[name](rng)
        result = compare(name, case)
        found[result.agreement] += 1
        if result.agreement is Agreement.DIFFERENT:
            different.append((case, result))
    tally.names += 1
    tally.agreements += found
    assert not different, shown(different)
    left_open = found[Agreement.OPEN]
    assert left_open <= CASES // 2 or name in BY_CONTENT, f"{left_open} of {CASES} answers left open"


@pytest.mark.parametrize("name", [name for name in registered() if name not in UNSAFE])
def test_agrees_on_spoiled_calls(name: str, tally: Tally) -> None:
    """What torch refuses may go unnoticed now and then, wrong types above all; nothing else may differ."""
    rng = Random(f"{name} spoiled")
    different: list[tuple[object, Result]] = []
    for _ in range(SPOILED):
        case = spoiled(rng, GENERATORS[name](rng))
        result = compare(name, case)
        if result.agreement is Agreement.DIFFERENT and result.unnoticed:
            tally.unnoticed.append(f"{name}: {case}: {result.theirs}")
            continue
        tally.spoiled[result.agreement] += 1
        if result.agreement is Agreement.DIFFERENT:
            different.append((case, result))
    assert not different, shown(different)


def shown(different: list[tuple[object, Result]]) -> str:
    """The first of the differences."""
    return "\n".join(f"{case}\n   ours {r.ours}\n   real {r.theirs}" for case, r in different[:3])


def test_totals(tally: Tally) -> None:
    """Enough cases, a fifth of them refused by both; last, so that it sees what the others counted."""
    if tally.names < len(registered()):
        pytest.skip("only some of the names were compared")
    both = tally.agreements + tally.spoiled
    unnoticed = len(tally.unnoticed)
    total, refused = both.total() + unnoticed, both[Agreement.BOTH_REFUSE]
    report = (
        f"{tally.names} names, {total} cases: {both[Agreement.SAME]} alike, {refused} refused by both, "
        f"{both[Agreement.OPEN]} left open, {unnoticed} refused by torch alone, "
        f"{both[Agreement.DIFFERENT]} different"
    )
    print("\n".join([report, *tally.unnoticed]))
    assert total >= LEAST_CASES, report
    assert refused >= LEAST_REFUSED * total, report
    assert unnoticed <= MOST_UNNOTICED * refused, report
