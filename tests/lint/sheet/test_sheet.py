"""Sheets of whole sources: what stands in them holds, and what does not hold is not there."""

from __future__ import annotations

from textwrap import dedent

from convlint.config import Settings
from convlint.lint.editor import hints
from convlint.lint.engine import check_source
from convlint.lint.sheet.data import Sheet

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def sheet(text: str) -> Sheet:
    """The sheet of a source, below three lines of imports."""
    checked = check_source(HEAD + dedent(text), "<text>", Settings(), sheets=True)
    report = checked.report("<text>")
    assert report is not None and report.sheet is not None
    return report.sheet


def formula(layer: str, shape: str) -> tuple[str, ...]:
    found = sheet(f"layer = {layer}\nlayer(torch.zeros({shape}))\n")
    return found.layers[0].facts[0].formula


def names(text: str) -> dict[tuple[int, int], tuple[str, ...]]:
    """Shapes by row (from 1 below the imports) and column from 1."""
    seen = sheet(text).shapes
    return {(s.place.start.row - 3, s.place.start.column): s.shapes for s in seen if s.end is None}


def test_the_law_of_a_convolution() -> None:
    assert formula("nn.Conv2d(3, 8, 7, stride=2, padding=3)", "1, 3, 224, 200") == (
        "H: ⌊(224 + 2·3 − 7)/2⌋ + 1 = 112",
        "W: ⌊(200 + 2·3 − 7)/2⌋ + 1 = 100",
    )
    assert formula("nn.Conv1d(3, 8, 3, dilation=4)", "1, 3, 50") == ("L: 50 − (4·(3 − 1) + 1) + 1 = 42",)


def test_the_law_of_pooling_that_rounds_up() -> None:
    assert formula("nn.MaxPool2d(2, ceil_mode=True)", "1, 3, 7, 8")[0] == "H: ⌈(7 − 2)/2⌉ + 1 = 4"


def test_the_law_of_a_transposed_convolution() -> None:
    layer = "nn.ConvTranspose2d(3, 8, 3, stride=2, padding=1, output_padding=1)"
    assert formula(layer, "1, 3, 10, 10")[0] == "H: (10 − 1)·2 − 2 + 3 + 1 = 20"


def test_names_of_one_row_have_their_own_shapes() -> None:
    found = names("a, b = torch.zeros(2, 3), torch.zeros(4, 5)\n")
    assert found[1, 1] == ("(2, 3)",)
    assert found[1, 4] == ("(4, 5)",)


def test_a_comprehension_says_nothing_of_the_statement_around_it() -> None:
    found = sheet("xs = [x for x in (torch.zeros(2), torch.zeros(3))]\n")
    assert not list(hints(found))


def test_a_name_is_read_as_it_was_bound_last() -> None:
    found = names("x = torch.zeros(2)\ny = x + 1\nx = torch.zeros(3)\nz = x + 1\n")
    assert found[2, 5] == ("(2,)",)
    assert found[4, 5] == ("(3,)",)


def test_a_name_that_a_branch_may_bind_is_not_told() -> None:
    found = names("import os\nx = torch.zeros(2)\nif os.getenv('A'):\n    x = torch.zeros(3)\ny = x\n")
    assert (5, 5) not in found


def test_a_layer_built_in_a_loop_has_all_its_shapes() -> None:
    found = sheet(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(n, n + 1) for n in (4, 5)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return x

        Net()(torch.zeros(1, 4))
        """
    )
    [layer] = [each for each in found.layers if each.name == "Linear"]
    assert [facts.output for facts in layer.facts] == ["(1, 5)", "(1, 6)"]
    assert next(hint.label for hint in hints(found) if "parameters" in hint.label) == "25 … 36 parameters"


def test_two_models_of_one_class_agree_on_what_they_share() -> None:
    found = sheet(
        """
        class Net(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.a = nn.Linear(8, width)
                self.b = nn.Linear(width, 2)

            def forward(self, x):
                return self.b(self.a(x))

        small = Net(4)
        small(torch.zeros(1, 8))
        large = Net(16)
        large(torch.zeros(1, 8))
        """
    )
    rows = {model.place.start.row - 3: model for model in found.models}
    assert (rows[2].params, rows[2].macs, rows[2].output) == (None, None, "(1, 2)")
    assert (rows[11].params, rows[11].macs) == (46, 40)
    assert (rows[13].params, rows[13].macs) == (178, 160)


def test_a_model_that_must_fail_has_no_output() -> None:
    found = sheet(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(8, 4)
                self.b = nn.Linear(5, 2)

            def forward(self, x):
                return self.b(self.a(x))

        Net()(torch.zeros(1, 8))
        """
    )
    assert {(model.params, model.macs, model.output) for model in found.models} == {(48, None, None)}


def test_a_free_batch_of_keras_is_none() -> None:
    found = sheet(
        """
        import keras
        from keras import layers
        inputs = keras.Input((32, 32, 3))
        x = layers.Conv2D(8, 3)(inputs)
        """
    )
    labels = [hint.label for hint in hints(found) if hint.where.row == 8]
    assert labels[-1:] == ["(None, 30, 30, 8)"]


def test_nothing_comes_after_what_must_fail() -> None:
    seen = sheet("""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.stem = nn.Conv2d(3, 8, 3, padding=1)
                self.head = nn.Linear(100, 10)
                self.last = nn.Linear(10, 2)

            def forward(self, x):
                x = self.stem(x)
                y = self.head(x.flatten(1))
                return self.last(y)

        z = Net()(torch.zeros(1, 3, 8, 8))
        """)
    by_row = {shape.place.start.row - 4: shape.shapes for shape in seen.shapes if shape.end is not None}
    assert by_row == {9: ("(1, 8, 8, 8)",)}
    first, last = (layer.facts[0] for layer in seen.layers if layer.name == "Linear")
    assert (first.input, first.output, first.macs) == ("(1, 512)", "", "")
    assert (last.input, last.output) == ("", "")


def test_a_shape_that_is_changed_in_place_is_not_told() -> None:
    found = sheet(
        """\
        conv = nn.Conv2d(3, 8, 3)
        a = conv(torch.zeros(1, 3, 8, 8))
        b = torch.zeros(2)
        kept = conv(torch.zeros(1, 3, 9, 9))
        a.unsqueeze_(0)
        torch.add(kept, 1, out=b)
        same = torch.add(kept, 1, out=kept)
        c = torch.zeros(3)
        c.data = torch.zeros(4)
        """
    )
    told = {hint.where.row - 3: hint.label for hint in hints(found) if hint.kind == "shape"}
    assert told == {4: "(1, 8, 7, 7)", 7: "(1, 8, 7, 7)"}
    assert all("6" not in facts.output for layer in found.layers for facts in layer.facts)


def test_a_list_that_may_have_been_changed_since_is_not_told() -> None:
    found = sheet(
        """\
        class Body(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Conv2d(3, 8, 3)

            def forward(self, x):
                return [self.a(x), x]

        body = Body()
        found = body(torch.zeros(1, 3, 8, 8))
        """
    )
    assert [hint.label for hint in hints(found) if hint.where.row == 13] == []
    assert [model.output for model in found.models] == ["[(1, 8, 6, 6), (1, 3, 8, 8)]"] * 2
