"""einops' layers for Keras against themselves: the cases of the layers for PyTorch, on symbolic tensors.

Needs keras, tensorflow and einops. A batch is free in half of the cases.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from tests.truth import cases_einops  # noqa: F401
from tests.truth.case import GENERATORS, Case, T
from tests.truth.compare import Agreement
from tests.truth.keras_case import K

pytest.importorskip("tensorflow", reason="TensorFlow is not installed: pip install tensorflow-cpu")
pytest.importorskip("keras", reason="real Keras is not installed: pip install keras")
pytest.importorskip("einops", reason="einops is not installed: pip install '.[truth]'")
pytestmark = pytest.mark.truth

from tests.truth.keras_compare import compare  # noqa: E402

CASES = 120
LEAST_REFUSED = 0.2
MOST_OPEN = 0.1


def symbolic(rng: Random, case: Case) -> Case:
    """The case with a symbolic tensor in place of its own."""
    (x,) = case.args
    assert isinstance(x, T)
    shape: tuple[int | None, ...] = x.shape
    if shape and rng.random() < 0.5:
        shape = (None, *shape[1:])
    return replace(case, args=(K(shape),))


@pytest.mark.parametrize("layer", ["Rearrange", "Reduce", "EinMix"])
def test_agrees(layer: str) -> None:
    rng = Random(layer)
    found: Counter[Agreement] = Counter()
    different = []
    for _ in range(CASES):
        case = symbolic(rng, GENERATORS[f"einops.layers.torch.{layer}"](rng))
        result = compare(f"einops.layers.tensorflow.{layer}", case)
        found[result.agreement] += 1
        if result.agreement is Agreement.DIFFERENT:
            different.append(f"{case}\n   ours {result.ours}\n   real {result.theirs}")
    print(layer, {each.value: count for each, count in found.items()})
    assert not different, "\n".join(different[:4])
    assert found[Agreement.BOTH_REFUSE] >= LEAST_REFUSED * CASES
    assert found[Agreement.OPEN] <= MOST_OPEN * CASES
