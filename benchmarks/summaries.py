"""The cost of `convlint summary`, one fresh process a model of the zoo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Taken, take

_TRUTH = Path(__file__).parents[1] / "fixtures" / "models" / "torchvision.truth.json"


@dataclass(frozen=True, slots=True)
class Summarized:
    """What the summary of one model took."""

    model: str
    taken: Taken


def summaries(library: Path, sample: int | None) -> Iterator[Summarized]:
    """Summarize the models of the zoo whose input is one image or clip; of a sample, evenly spread ones."""
    models = json.loads(_TRUTH.read_text())["models"]
    names = sorted(name for name, model in models.items() if model["kind"] != "detection")
    chosen = names if sample is None else names[:: max(1, len(names) // sample)][:sample]
    for name in chosen:
        model = models[name]
        given = model["input_shape"]
        shapes = given if isinstance(given[0], list) else [given]
        inputs = [word for shape in shapes for word in ("--input", ",".join(map(str, shape)))]
        arguments = ", ".join(f"{key}={value!r}" for key, value in model["kwargs"].items())
        target = f"{model['module']}:{model['entry']}({arguments})"
        command = ["-m", "convlint", "summary", target, "--isolated", "--output-format", "json"]
        yield Summarized(name, take([*command, "--search-path", str(library), *inputs]))
