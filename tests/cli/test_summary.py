"""`convlint summary`: what it asks of the model package, and how it writes the answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from convlint.model import TargetError


@dataclass(frozen=True)
class Layer:
    name: str = "fc"
    type: str = "Linear"
    input_shape: object = (1, 2)
    output_shape: object = (1, 3)
    params: int | None = 9
    macs: int | None = 6
    call: int = 1
    path: str | None = "net.py"
    line: int | None = 1
    column: int | None = 1
    connected_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    name: str = "Net"
    layers: tuple[Layer, ...] = (Layer(),)
    params: int | None = 9
    trainable_params: int | None = 9
    macs: int | None = 6
    input_shapes: object = field(default_factory=lambda: [(1, 2)])
    output_shape: object = (1, 3)
    contract: str | None = None
    unknown: tuple[object, ...] = ()

    def to_dict(self) -> dict[str, object]:
        return {"name": self.name}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the command asked for, in order; the answer is always the same."""
    questions: list[tuple[object, ...]] = []

    def summarize(
        target: str, inputs: object = None, search_path: Sequence[str] = (), python: str | None = None
    ) -> Summary:
        questions.append((target, inputs, list(search_path)))
        if "absent" in target:
            raise TargetError(f"{target}: not found")
        return Summary()

    monkeypatch.setattr("convlint.model.summarize", summarize)
    return questions


def test_inputs_by_position(convlint, asked) -> None:
    assert convlint("summary", "net.py:Net", "--input", "N,3,H,W", "--input=1,10").code == 0
    assert asked == [("net.py:Net", [("N", 3, "H", "W"), (1, 10)], [])]


def test_inputs_by_name(convlint, asked) -> None:
    convlint("summary", "net.py:Net", "--input", "left=N,3,64,64", "--input=right=1,10")
    assert asked == [("net.py:Net", {"left": ("N", 3, 64, 64), "right": (1, 10)}, [])]


def test_no_inputs_leave_them_to_the_code(convlint, asked) -> None:
    convlint("summary", "package.module:Net()")
    assert asked == [("package.module:Net()", None, [])]


def test_the_search_path_of_the_file_and_of_the_flags(convlint, asked, tmp_path: Path) -> None:
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "convlint.toml").write_text("search-path = ['lib']\n")
    convlint("summary", "src/net.py:Net")
    convlint("summary", "src/net.py:Net", "--search-path", "other")
    convlint("summary", "package:Net", "--isolated")
    assert [search_path for _, _, search_path in asked] == [
        [str(folder / "lib")],
        [str(tmp_path / "other")],
        [],
    ]


def test_the_formats(convlint, asked) -> None:
    assert "fc    Linear  (1, 2)  (1, 3)           9     6\n" in convlint("summary", "a.py:Net").out
    assert json.loads(convlint("summary", "a.py:Net", "--output-format", "json").out) == {"name": "Net"}
    assert convlint("summary", "a.py:Net", "--output-format=csv", "--columns", "name,params").out == (
        "model,name,params\nNet,fc,9\n"
    )
    assert convlint("summary", "a.py:Net", "--output-format=markdown").out.startswith("## Net\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: TARGET"),
        (["absent.py:Net"], "absent.py:Net: not found"),
        (
            ["a.py:Net", "--input", "1x3"],
            "argument --input: an extent is an integer of at least 1, or a symbol",
        ),
        (["a.py:Net", "--input", "a=1", "--input", "2"], "--input: give every input a name of its own"),
        (["a.py:Net", "--input", "a=1", "--input", "a=2"], "--input: give every input a name of its own"),
        (
            ["a.py:Net", "--columns", "name,size"],
            "argument --columns: `size` is no column; they are name, type",
        ),
        (["a.py:Net", "--output-format", "xml"], "argument --output-format: invalid choice: 'xml'"),
    ],
)
def test_mistakes_are_told_in_a_line(convlint, asked, words: list[str], message: str) -> None:
    outcome = convlint("summary", *words)
    assert outcome.code == 2
    assert message in outcome.err
    assert outcome.err.count("\n") == 1
