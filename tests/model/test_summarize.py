"""What a summary says of a model that fails."""

from __future__ import annotations

from pathlib import Path

from convlint.model import summarize


def test_nothing_is_said_of_what_comes_after_a_failure(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from torch import nn\n\n\nclass Net(nn.Sequential):\n    def __init__(self):\n"
        "        super().__init__(nn.Conv2d(3, 8, 3), nn.Conv2d(9, 4, 3), nn.ReLU())\n"
    )
    found = summarize(f"{tmp_path}/net.py:Net", [(1, 3, 8, 8)])
    assert (found.output_shape, found.macs, found.params) == (None, None, 552)
    assert [(row.name, row.output_shape) for row in found.layers] == [("0", (1, 8, 6, 6)), ("1", None)]


def test_what_is_not_known_has_its_cause_and_place(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from keras import Input, Model, layers\nfrom elsewhere import stem\n\n\ndef net():\n"
        "    x = Input((32,))\n    return Model(x, stem(layers.Dense(3)(x)))\n"
    )
    (gap,) = summarize(f"{tmp_path}/net.py:net").unknown
    assert gap.reason == "an output of the model's graph is not known: the module elsewhere was not found"
    assert (gap.path, gap.line) == (f"{tmp_path}/net.py", 7)


def test_an_attribute_that_an_unknown_base_may_set_otherwise(tmp_path: Path) -> None:
    """What takes assignments after `nn.Module` is not known: neither is what was assigned."""
    (tmp_path / "net.py").write_text(
        "from torch import nn\n"
        "from unheard import Base\n\n"
        "class Net(Base, nn.Module):\n"
        "    def __init__(self):\n"
        "        nn.Module.__init__(self)\n"
        "        self.width = 8\n"
        "        self.fc = nn.Linear(4, self.width)\n\n"
        "    def forward(self, x):\n"
        "        return self.fc(x)\n"
    )
    summary = summarize(f"{tmp_path}/net.py:Net()", [(2, 4)])
    assert summary.params is None
    assert "unheard" in summary.unknown[0].reason


def test_a_lazy_layer_accepts_any_number_of_channels(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from torch import nn\n\nnet = nn.Sequential(nn.LazyConv2d(8, 3), nn.Conv2d(8, 4, 1))\n"
    )
    found = summarize(f"{tmp_path}/net.py:net")
    assert str(found.contract).startswith("C × H × W;")
    assert (found.params, [row.params for row in found.layers]) == (None, [None, 36])
