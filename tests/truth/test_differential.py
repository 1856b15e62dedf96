"""Every registered layer, function and method of PyTorch against the framework itself, on seeded random
cases.

Needs torch (the extra `truth`). Both sides give the same shapes, or both refuse; an answer left open is
counted and
limited. A name that is registered without a generator of cases fails.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from convlint.libs import registry
from convlint.libs.registry import MODULE
from convlint.values import Class, Native
from tests.truth.case import GENERATORS
from tests.truth.exempt import BY_CONTENT, EXEMPT

pytest.importorskip("torch", reason="the real framework is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

from tests.truth.compare import Agreement, Result, compare  # noqa: E402

CASES = 40
for _file in sorted(Path(__file__).parent.glob("cases_*.py")):
    import_module(f"tests.truth.{_file.stem}")


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


@pytest.mark.parametrize("name", registered())
def test_agrees(name: str) -> None:
    assert name in GENERATORS, "registered without a generator of cases"
    rng = Random(name)
    left_open = 0
    different: list[tuple[object, Result]] = []
    for _ in range(CASES):
        case = GENERATORS[name](rng)
        result = compare(name, case)
        if result.agreement is Agreement.DIFFERENT:
            different.append((case, result))
        left_open += result.agreement is Agreement.OPEN
    assert not different, "\n".join(
        f"{case}\n   ours {r.ours}\n   real {r.theirs}" for case, r in different[:3]
    )
    assert left_open <= CASES // 2 or name in BY_CONTENT, f"{left_open} of {CASES} answers left open"
