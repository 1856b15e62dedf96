"""einops against itself, on seeded random cases of which at least a fifth is refused by both.

Needs torch and einops (the extra `truth`). Both sides give the same shapes, or both refuse; what is left open
is counted and limited. A name that is registered without a generator of cases fails.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from convlint.libs import registry
from convlint.values import Class, Native
from tests.truth import cases_einops  # noqa: F401
from tests.truth.case import GENERATORS, Case
from tests.truth.spoil import spoiled

pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytest.importorskip("einops", reason="einops is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

from tests.truth.compare import Agreement, Result, compare  # noqa: E402

CASES = 400
SPOILED = 80
LEAST_REFUSED = 0.2
MOST_OPEN = 0.03
NOT_COMPARED = {
    "einops.asnumpy": "gives an array",
    "einops.einops.asnumpy": "gives an array",
    "einops.EinopsError": "an exception",
}


def registered() -> list[str]:
    """Functions and the layers for PyTorch."""
    registry.lookup("einops.layers.torch.Rearrange")
    found = []
    for name in registry.names("einops."):
        value, owner = registry.lookup(name), registry.lookup(name.rpartition(".")[0])
        of_keras = name.startswith(("einops.layers.keras", "einops.layers.tensorflow"))
        own = isinstance(value, (Class, Native)) and not isinstance(owner, Class)
        if own and not of_keras and name not in NOT_COMPARED:
            found.append(name)
    return found


@pytest.fixture(scope="module")
def tally() -> Counter[Agreement]:
    return Counter()


@pytest.mark.parametrize("name", registered())
def test_agrees(name: str, tally: Counter[Agreement]) -> None:
    assert name in GENERATORS, "registered without a generator of cases"
    rng = Random(name)
    drawn = [GENERATORS[name](rng) for _ in range(CASES)]
    drawn += [spoiled(rng, case) for case in drawn[:SPOILED]]
    found = [(case, compared(name, case)) for case in drawn]
    tally.update(result.agreement for _, result in found)
    different = [(case, result) for case, result in found if result.agreement is Agreement.DIFFERENT]
    unnoticed = [pair for pair in different if pair[1].unnoticed]
    wrong = [pair for pair in different if not pair[1].unnoticed]
    assert not wrong, "\n".join(f"{c}\n   ours {r.ours}\n   real {r.theirs}" for c, r in wrong[:3])
    assert len(unnoticed) <= 0.01 * len(drawn), "\n".join(f"{c}: {r.theirs}" for c, r in unnoticed)


def compared(name: str, case: Case) -> Result:
    """The case in both worlds. einops remembers calls, and a 2.0 works after a 2: here each is the first."""
    from einops import einops

    einops._reconstruct_from_shape.cache_clear()
    return compare(name, case)


def test_totals(tally: Counter[Agreement]) -> None:
    """Last, so that it sees what the others counted."""
    if tally.total() < len(registered()) * CASES:
        pytest.skip("only some of the names were compared")
    report = ", ".join(f"{count} {each.value}" for each, count in tally.items())
    print(report)
    assert tally[Agreement.BOTH_REFUSE] >= LEAST_REFUSED * tally.total(), report
    assert tally[Agreement.OPEN] <= MOST_OPEN * tally.total(), report
