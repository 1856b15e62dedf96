"""Whole programs against torch: an error is reported where torch raises, with its words, and nowhere else."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path

import pytest

import convlint
from convlint.lint.finding import Finding, NoteKind

pytestmark = pytest.mark.truth
SEEDS = range(300)


def drawn(seed: int) -> tuple[str, str]:
    path = Path(__file__).with_name("programs.py")
    spec = importlib.util.spec_from_file_location("programs", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    definition, call = module.program(seed)
    return definition, call


def raised(text: str) -> str | None:
    """What torch says of the program; None where it runs."""
    pytest.importorskip("torch")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text, "<program>", "exec"), {})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def errors(text: str) -> list[Finding]:
    found = convlint.check_source(text)
    assert all(finding.code != "CL002" for finding in found), found
    return [finding for finding in found if finding.severity == "error"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_program_with_its_input(seed: int) -> None:
    text = "".join(drawn(seed))
    words, found = raised(text), errors(text)
    assert bool(found) == (words is not None), words
    if words is not None:
        notes = [
            note.message for finding in found for note in finding.notes if note.kind is NoteKind.RUN_TIME
        ]
        empty = (
            "Output size is too small"  # convlint lets empty maps pass where only some backends refuse them
        )
        assert empty in words or any(note[:60] == words[:60] for note in notes)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_class_that_works_for_some_input(seed: int) -> None:
    definition, call = drawn(seed)
    if raised(definition + call) is None:
        assert errors(definition) == []
        assert errors(definition + "\n\nnet = Net()\n") == []
