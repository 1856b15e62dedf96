"""The formats of a summary, compared with pictures of them."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from convlint.report import PLAIN
from convlint.report.summary_csv import render_csv
from convlint.report.summary_json import render_summaries, render_summary
from convlint.report.summary_markdown import render_markdown
from convlint.report.summary_table import render_table
from convlint.report.summary_view import COLUMNS, shape_text


@dataclass(frozen=True)
class Layer:
    name: str
    type: str
    input_shape: object
    output_shape: object
    params: int | None = 0
    macs: int | str | None = None
    call: int = 1
    path: str | None = "net.py"
    line: int | None = 7
    column: int | None = 18
    connected_to: tuple[str, ...] = ()
    neurons: int | None = None
    connections: int | None = None
    receptive_field: int | None = None


@dataclass(frozen=True)
class Gap:
    what: str
    reason: str
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Summary:
    name: str
    layers: Sequence[Layer]
    params: int | None = 1234567
    trainable_params: int | None = 1234567
    macs: int | str | None = "432*H*W"
    input_shapes: object = field(default_factory=lambda: [("N", 3, "H", "W")])
    output_shape: object = ("N", 10)
    contract: str | None = None
    unknown: Sequence[Gap] = ()

    def to_dict(self) -> Mapping[str, object]:
        return {"name": self.name, "params": self.params}


NET = Summary(
    "Net",
    (
        Layer("stem.conv", "Conv2d", ("N", 3, "H", "W"), ("N", 16, "(H+1)//2", "(W+1)//2"), 448, "432*H*W"),
        Layer("act", "ReLU", ("N", 16, "(H+1)//2", "(W+1)//2"), ("N", 16, "(H+1)//2", "(W+1)//2")),
        Layer("图|层", "Mystery", [("N", 16), None], None, None, None, 1, None, None, None),
    ),
    contract="3 × H × W",
    unknown=(Gap("params, macs", "`mystery` was not found", "net.py", 3), Gap("output_shape", "so")),
)


def test_the_table() -> None:
    assert (
        render_table([NET], None, PLAIN)
        == """\
Net
Name       Type     Input                        Output                       Parameters     MACs
─────────────────────────────────────────────────────────────────────────────────────────────────
stem.conv  Conv2d   (N, 3, H, W)                 (N, 16, (H+1)//2, (W+1)//2)         448  432*H*W
act        ReLU     (N, 16, (H+1)//2, (W+1)//2)  (N, 16, (H+1)//2, (W+1)//2)           0
图|层      Mystery  [(N, 16), ?]                 ?                                     ?
─────────────────────────────────────────────────────────────────────────────────────────────────
Input       (N, 3, H, W)
Output      (N, 10)
Accepts     3 × H × W
Parameters  1,234,567
Weights     4.71 MiB as float32
MACs        432*H*W
Unknown     params, macs: `mystery` was not found (net.py:3)
Unknown     output_shape: so
"""
    )


def test_a_layer_called_again_brings_the_number_of_its_calls() -> None:
    again = Summary("Net", [Layer("act", "ReLU", (1,), (1,)), Layer("act", "ReLU", (1,), (1,), call=2)])
    assert "Call" not in render_table([NET], None, PLAIN)
    lines = render_table([again], None, PLAIN).splitlines()
    assert [line[-1] for line in lines[3:5]] == ["1", "2"]


def test_columns_that_are_asked_for() -> None:
    text = render_table([NET], [COLUMNS["params"], COLUMNS["name"], COLUMNS["line"]], PLAIN)
    assert text.splitlines()[1:5] == [
        "Parameters  Name       Line",
        "─" * 27,
        "       448  stem.conv  7",
        "         0  act        7",
    ]


def test_trainable_parameters_are_told_where_they_differ() -> None:
    frozen = Summary("Net", [], params=1000, trainable_params=10, macs=None)
    text = render_table([frozen], None, PLAIN)
    assert "Parameters  1,000\nTrainable   10\nWeights     3.91 KiB as float32\n" in text


def test_a_model_of_which_nothing_is_known_has_no_table() -> None:
    lost = Summary("Net", [], None, None, None, [], None, None, [Gap("everything", "not found")])
    assert render_table([lost], None, PLAIN) == (
        "Net\nInput       ?\nOutput      ?\nParameters  ?\nMACs        ?\nUnknown     everything: not found\n"
    )


def test_several_inputs_stand_side_by_side() -> None:
    text = render_table([Summary("Net", [], input_shapes=[(1, 2), [(3,), None]])], None, PLAIN)
    assert "Input       (1, 2), [(3,), ?]\n" in text


def test_several_models_stand_below_each_other() -> None:
    text = render_table([NET, Summary("Other", [])], None, PLAIN)
    assert "\n\nOther\n" in text


def test_connections_show_by_themselves_where_layers_are_no_chain() -> None:
    chain = [Layer("a", "InputLayer", None, (1,)), Layer("b", "Dense", (1,), (1,), connected_to=("a[0][0]",))]
    assert "Connected to" not in render_table([Summary("Chain", chain)], None, PLAIN)
    joined = [*chain, Layer("c", "Add", (1,), (1,), connected_to=("b[0][0]", "a[0][0]"))]
    table = render_table([Summary("Joined", joined)], None, PLAIN)
    assert "Connected to" in table and "b[0][0], a[0][0]" in table


def test_markdown_escapes_what_would_be_markup() -> None:
    text = render_markdown([NET], [COLUMNS["name"], COLUMNS["params"], COLUMNS["macs"]], PLAIN)
    assert text.splitlines()[:8] == [
        "## Net",
        "",
        "| Name | Parameters | MACs |",
        "| --- | ---: | ---: |",
        "| stem.conv | 448 | 432\\*H\\*W |",
        "| act | 0 |  |",
        "| 图\\|层 | ? |  |",
        "",
    ]
    assert "- Unknown: params, macs: \\`mystery\\` was not found (net.py:3)" in text


def test_csv_is_read_back() -> None:
    rows = list(csv.DictReader(io.StringIO(render_csv([NET, NET], None, PLAIN))))
    assert len(rows) == 6
    assert rows[0] == {
        "model": "Net",
        "name": "stem.conv",
        "type": "Conv2d",
        "input_shape": "(N, 3, H, W)",
        "output_shape": "(N, 16, (H+1)//2, (W+1)//2)",
        "params": "448",
        "macs": "432*H*W",
        "call": "1",
        "path": "net.py",
        "line": "7",
        "column": "18",
        "connected_to": "",
        "neurons": "",
        "connections": "",
        "receptive_field": "",
    }
    assert (rows[2]["params"], rows[2]["output_shape"], rows[2]["path"]) == ("", "", "")


def test_json_is_an_object_for_one_model_and_an_array_for_a_file() -> None:
    assert json.loads(render_summary(NET)) == {"name": "Net", "params": 1234567}
    assert json.loads(render_summaries([NET])) == [{"name": "Net", "params": 1234567}]


def test_shapes_as_people_read_them() -> None:
    assert shape_text((None, 96, 96, 1)) == "(None, 96, 96, 1)"
    assert shape_text((5,)) == "(5,)"
    assert shape_text(()) == "()"
    assert shape_text({"logits": ("N", 10), "aux": [(1,), None]}) == "{logits: (N, 10), aux: [(1,), ?]}"


def test_hostile_names_stay_on_their_line() -> None:
    evil = Summary(
        "Net\n\x1b[2J", [Layer("a\nb", "T\u202e", None, None)], unknown=[Gap("x", "a\nb", "c\nd", 1)]
    )
    table = render_table([evil], None, PLAIN)
    assert "Net\\n\\x1b[2J\n" in table
    assert "a\\nb  T\\u202e" in table
    assert "x: a\\nb (c\\nd:1)\n" in table
