"""Every model of torchvision 0.29.1, from its own source, against what the real framework answered when
it ran.

The library's source is fetched by pip into a cache; nothing of it is installed or imported.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from convlint.model import Summary, summarize
from tests.library_source import require

ROOT = Path(__file__).parents[2]
TRUTH: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "fixtures" / "models" / "torchvision.truth.json").read_text()
)["models"]
WITH_FORWARD = sorted(name for name, truth in TRUTH.items() if "input_shape" in truth)
SECOND = sorted(name for name, truth in TRUTH.items() if "second_size" in truth)
SAMPLE = SECOND if os.environ.get("CONVLINT_LONG") else SECOND[::8]


@pytest.fixture(scope="session")
def torchvision() -> str:
    return str(require("torchvision==0.29.1"))


def summary(name: str, folder: str, shape: list[Any] | None) -> Summary:
    truth = TRUTH[name]
    arguments = ", ".join(f"{key}={value!r}" for key, value in truth["kwargs"].items())
    inputs = None if shape is None else [shape] if isinstance(shape[0], int) else shape
    return summarize(f"{truth['module']}:{truth['entry']}({arguments})", inputs, [folder])


def plain(value: object) -> object:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("name", sorted(TRUTH))
def test_model(name: str, torchvision: str) -> None:
    truth = TRUTH[name]
    found = summary(name, torchvision, truth.get("input_shape"))
    assert (found.params, found.trainable_params) == (truth["params"], truth["trainable_params"]), (
        found.unknown
    )
    if "input_shape" not in truth:
        return
    assert plain(found.output_shape) == truth["output_shape"], found.unknown
    rows = [[r.name, r.type, r.input_shape, r.output_shape, r.params, r.macs, r.call] for r in found.layers]
    assert plain(rows) == truth["rows"]
    assert found.macs == truth["macs"], found.unknown


@pytest.mark.parametrize("name", SAMPLE)
def test_second_size(name: str, torchvision: str) -> None:
    truth = TRUTH[name]["second_size"]
    found = summary(name, torchvision, truth["input_shape"])
    if "error" in truth:
        assert found.output_shape is None
        assert any(truth["error"].partition(":")[0] in gap.reason for gap in found.unknown)
    else:
        assert plain(found.output_shape) == truth["output_shape"], found.unknown


def test_every_model_is_there() -> None:
    assert len(TRUTH) == 109
    assert len(WITH_FORWARD) > 90
