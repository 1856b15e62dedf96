"""Small Keras models, Sequential, functional and subclassed, from source alone against what real Keras
answered; and the U-Net of the article.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_source
from convlint.model import Summary, summarize

SEEDS = Path(__file__).parents[2] / "fixtures" / "models" / "keras"
TRUTH: dict[str, dict[str, Any]] = json.loads((SEEDS / "truth.json").read_text())["models"]
UNET_PARAMS = 7_759_521


def seed(name: str) -> Summary:
    """A model that is built late is given the input that the recording gave it."""
    truth = TRUTH[name]
    given = [("N", *truth["build_shape"][1:])] if "build_shape" in truth else None
    return summarize(f"{SEEDS / name}.py:model", given)


def plain(value: object) -> object:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_seed(name: str) -> None:
    truth, found = TRUTH[name], seed(name)
    assert (found.params, found.trainable_params) == (truth["params"], truth["trainable"]), found.unknown
    assert found.macs == truth["macs"]["macs"]
    expected = truth["output_shape"] or [None, *truth["called_output_shape"][1:]]
    assert plain(found.output_shape) == expected
    assert [[r.name, r.type, r.params] for r in found.layers] == [
        [name, kind, params] for name, kind, _, params in truth["rows"]
    ]
    shapes = {name: shape for name, _, shape, _ in truth["rows"] if shape is not None}
    assert {r.name: plain(r.output_shape) for r in found.layers if r.name in shapes} == shapes
    assert not found.unknown


def test_rows_add_up_to_the_macs() -> None:
    found = seed("residual_functional")
    assert sum(row.macs for row in found.layers if isinstance(row.macs, int)) == found.macs


def test_the_articles_unet() -> None:
    found = summarize(f"{SEEDS / 'unet_article.py'}:getnetwork()")
    assert (found.params, found.trainable_params) == (UNET_PARAMS, UNET_PARAMS)
    convolutions = [row for row in found.layers if row.type == "Conv2D"]
    assert [row.params for row in convolutions[:3]] == [320, 9_248, 18_496]
    first_pool = next(row for row in found.layers if row.type == "MaxPooling2D")
    assert first_pool.output_shape == (None, 48, 48, 32)
    assert found.output_shape == (None, 96, 96, 1)
    assert not any(row.params is None for row in found.layers)
    assert not found.unknown


def test_the_articles_unet_has_no_error() -> None:
    file = SEEDS / "unet_article.py"
    findings = check_source(file.read_text(), str(file), Settings()).findings
    assert [finding for finding in findings if finding.severity.value == "error"] == []


def test_names_of_the_layers_that_a_layer_takes() -> None:
    rows = {row.name: row.connected_to for row in seed("residual_functional").layers}
    assert rows["input_layer"] == ()
    assert rows["add"] == ("batch_normalization_1[0][0]", "max_pooling2d[0][0]")


def test_lenet5_connections_neurons_and_receptive_fields() -> None:
    rows = seed("lenet5_seq").layers
    counted = [(r.neurons, r.connections) for r in rows if r.type != "Flatten"]
    assert counted == [
        (4704, 122304),
        (1176, 5880),
        (1600, 241600),
        (400, 2000),
        (120, 48120),
        (84, 10164),
        (10, 850),
    ]
    assert [r.receptive_field for r in rows[:4]] == [5, 6, 14, 16]
    assert all(r.receptive_field is None for r in rows[4:])
