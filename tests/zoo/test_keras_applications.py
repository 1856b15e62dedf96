"""Every model of keras.applications 3.15.1, with and without its top, from Keras' own source, against what
the real framework answered.

The library's source is fetched by pip into a cache; nothing of it is installed or imported.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from convlint.model import Summary, summarize
from tests.library_source import require

ROOT = Path(__file__).parents[2]
TRUTH: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "fixtures" / "models" / "keras_applications.truth.json").read_text()
)["models"]
VARIANTS = ("top_default", "notop_none")
JOINS_CANNOT_FIT = ("NASNetLarge", "NASNetMobile")
"""With free extents Keras builds them; every call of what it built fails, and the summary says so."""


@pytest.fixture(scope="session")
def keras() -> str:
    return str(require("keras==3.15.1"))


def summary(name: str, truth: dict[str, Any], folder: str) -> Summary:
    arguments = ", ".join(
        f"{key}={tuple(value) if isinstance(value, list) else value!r}"
        for key, value in truth["kwargs"].items()
    )
    return summarize(f"{TRUTH[name]['module']}:{name}({arguments})", None, [folder])


def plain(value: object) -> object:
    """A shape as Keras shows it: None for every free extent."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return None if isinstance(value, str) else value


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", sorted(TRUTH))
def test_model(name: str, variant: str, keras: str) -> None:
    truth = TRUTH[name][variant]
    found = summary(name, truth, keras)
    assert (found.params, found.trainable_params) == (truth["params"], truth["trainable"]), found.unknown
    assert plain(found.input_shapes) == [truth["input_shape"]]
    assert plain(found.output_shape) == truth["output_shape"], found.unknown
    assert len(found.layers) == truth["n_layers"]
    if "rows" in truth:
        assert [[r.name, r.type, plain(r.output_shape), r.params] for r in found.layers] == truth["rows"]
    if variant == "notop_none" and name in JOINS_CANNOT_FIT:
        assert any("incompatible shapes" in gap.reason for gap in found.unknown)
    else:
        assert not found.unknown


def test_macs_of_one_sample(keras: str) -> None:
    """VGG16's are those of the Sequential written out by hand, which Keras' own profiler counted."""
    found = summary("VGG16", TRUTH["VGG16"]["top_default"], keras)
    assert found.macs == 15_470_264_320


def test_every_model_is_there() -> None:
    assert len(TRUTH) == 40
    assert all(variant in truth for truth in TRUTH.values() for variant in VARIANTS)
    assert all("rows" in truth["top_default"] for truth in TRUTH.values())
