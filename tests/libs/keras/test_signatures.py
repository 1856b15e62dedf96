"""The declared constructors against those of Keras 3.15.1, as `inspect.signature` gave them."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from convlint.libs import registry
from convlint.libs.keras.layer import COMMON
from convlint.libs.signature import REQUIRED
from convlint.values import Class

RECORDED = json.loads(Path(__file__).with_name("signatures.json").read_text())["layers"]
BASES = {"Layer": "the base class", "Wrapper": "the base of wrappers"}


def recorded(text: str) -> dict[str, object]:
    """Parameters with their defaults, but for those that every layer takes."""
    arguments = ast.parse(f"def f({text}): pass").body[0].args  # type: ignore[attr-defined]
    names = [a.arg for a in arguments.args]
    missing = [REQUIRED] * (len(names) - len(arguments.defaults))
    defaults = [*missing, *(ast.literal_eval(d) for d in arguments.defaults)]
    return {n: d for n, d in zip(names, defaults, strict=True) if n not in COMMON or n == "weights"}


@pytest.mark.parametrize("name", sorted(set(RECORDED) - set(BASES)))
def test_layer_takes_what_keras_takes(name: str) -> None:
    assert isinstance(registry.lookup(f"keras.layers.{name}"), Class), "Keras has it, convlint does not"
    qualified = registry.canonical(f"keras.layers.{name}")
    found = registry.signature(qualified)
    assert found is not None
    expected = recorded(RECORDED[name])
    positional = [n for n in found.positional if n not in COMMON or n == "weights"]
    assert positional == list(expected)
    declared = {p.name: p.default for p in found.parameters if not p.keyword_only}
    assert {n: declared[n] for n in expected} == expected
