"""The figures that the project was founded on, from source alone: small models against what the real
framework
answered, the classic counts of LeNet-5, and ResNet-18 with symbols for its input.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convlint.dims import evaluate, parse
from convlint.model import Summary, summarize
from tests.library_source import require

SEEDS = Path(__file__).parents[2] / "fixtures" / "models" / "seeds"
TRUTH: dict[str, dict[str, Any]] = json.loads((SEEDS / "truth.json").read_text())["models"]


def seed(name: str) -> Summary:
    return summarize(f"{SEEDS / name}.py:Net", [TRUTH[name]["input_shape"]])


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_seed(name: str) -> None:
    truth, found = TRUTH[name], seed(name)
    rows = [[r.name, r.type, r.input_shape, r.output_shape, r.params, r.macs, r.call] for r in found.layers]
    assert json.loads(json.dumps(rows)) == truth["rows"]
    assert (found.params, found.trainable_params) == (truth["params"], truth["trainable_params"])
    assert found.macs == truth["macs"]
    assert list(found.output_shape) == truth["output_shape"]  # type: ignore[call-overload]
    assert not found.unknown


def test_lenet5_connections_and_neurons() -> None:
    rows = seed("s10_lenet5").layers
    assert [(r.neurons, r.connections) for r in rows[:6]] == [
        (4704, 122304),
        (1176, 5880),
        (1600, 241600),
        (400, 2000),
        (120, 48120),
        (84, 10164),
    ]


def test_faithful_lenet5_has_60000_parameters_and_151600_connections_in_c3() -> None:
    found = seed("s12_lenet5_faithful")
    assert found.params == 60_000
    by_name = {row.name: row for row in found.layers}
    c3 = [row for name, row in by_name.items() if name.startswith("c3.")]
    assert sum(row.connections or 0 for row in c3) == 151_600
    assert sum(row.neurons or 0 for row in c3) == 1600
    assert (by_name["c1"].connections, by_name["c5"].connections, by_name["f6"].connections) == (
        122304,
        48120,
        10164,
    )


def test_two_3x3_see_what_one_5x5_sees() -> None:
    two = seed("s04_two_conv32_k3p1_relu").layers
    one = seed("s03_conv32_32_k5p2").layers
    assert two[2].receptive_field == one[0].receptive_field == 5


def test_bad_input_is_told_and_not_counted() -> None:
    found = summarize(f"{SEEDS / 's10_lenet5.py'}:Net", [(1, 1, 28, 28)])
    assert found.params == 61_706
    assert found.macs is None
    assert any("kernel" in gap.reason.lower() for gap in found.unknown)


def test_lenet5_accepts_32_to_35() -> None:
    assert summarize(f"{SEEDS / 's10_lenet5.py'}:Net").contract == "1 × H × W; H = W = 32..35"


@pytest.fixture(scope="module")
def resnet18() -> Summary:
    folder = str(require("torchvision==0.29.1"))
    return summarize("torchvision.models.resnet:resnet18()", [("N", 3, "H", "W")], [folder])


def test_symbolic_resnet18(resnet18: Summary) -> None:
    assert resnet18.output_shape == ("N", 1000)
    maps = [row.output_shape for row in resnet18.layers if row.name.startswith("layer4")]
    assert maps[-1] == ("N", 512, "(H+31)//32", "(W+31)//32")


@pytest.mark.parametrize(("height", "width"), [(224, 224), (256, 320)])
def test_symbols_substituted_give_the_recorded_rows(resnet18: Summary, height: int, width: int) -> None:
    folder = str(require("torchvision==0.29.1"))
    concrete = summarize("torchvision.models.resnet:resnet18()", [(1, 3, height, width)], [folder])
    values = {"N": 1, "H": height, "W": width}

    def filled(shape: Any) -> list[int]:
        return [d if isinstance(d, int) else evaluate(parse(d), values) for d in shape]

    assert [filled(r.output_shape) for r in resnet18.layers] == [
        list(r.output_shape)  # type: ignore[call-overload]
        for r in concrete.layers
    ]
    assert evaluate(parse(str(resnet18.macs)), values) == concrete.macs
