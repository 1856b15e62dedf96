"""Without given inputs a summary calls the model with the very arguments that the code passes."""

from pathlib import Path

import pytest

from convlint.model import Summary, summarize

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 5)

    def forward(self, x, mask=None, *, scale=1, parts=()):
        x = self.fc(x) * scale
        if mask is not None:
            x = x.masked_fill(~mask, 0)
        return torch.cat([x, *parts], 1)


net = Net()
x = torch.randn(2, 7, 4)
"""


def summary(folder: Path, source: str, target: str = "net") -> Summary:
    file = folder / "program.py"
    file.write_text(source)
    return summarize(f"{file}:{target}")


@pytest.mark.parametrize(
    ("call", "output"),
    [
        ("net(x)", (2, 7, 5)),
        ("net(x, torch.ones(2, 7, 1).bool())", (2, 7, 5)),
        ("net(x, mask=torch.ones(2, 7, 1, dtype=torch.bool), scale=2)", (2, 7, 5)),
        ("net(x, parts=[torch.zeros(2, 3, 5), torch.zeros(2, 1, 5)])", (2, 11, 5)),
        ("net(x, scale=frobnicate())\nnet(torch.randn(1, 2, 4))", (1, 2, 5)),
        ("def run():\n    return net(torch.randn(3, 1, 4))\nrun()", (3, 1, 5)),
    ],
)
@pytest.mark.parametrize("target", ["net", "Net", "Net()"])
def test_what_the_code_passes(tmp_path: Path, call: str, output: tuple[int, ...], target: str) -> None:
    source = NET.replace("net = Net()", "from elsewhere import frobnicate\nnet = Net()")
    found = summary(tmp_path, source + call + "\n", target)
    assert found.output_shape == output
    assert found.macs == output[0] * (7 if output[1] > 3 else output[1]) * 4 * 5


def test_ids_keep_their_numbers(tmp_path: Path) -> None:
    source = (
        "import torch\nfrom torch import nn\n\n\nclass Cut(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.table = nn.Embedding(10, 4)\n\n"
        "    def forward(self, ids, length):\n        return self.table(ids)[:, : int(length.max())]\n\n\n"
        "net = Cut()\nnet(torch.zeros(2, 9).long(), torch.tensor([3, 6]))\n"
    )
    assert summary(tmp_path, source).output_shape == (2, 6, 4)


def test_a_call_without_tensors(tmp_path: Path) -> None:
    source = (
        "import torch\nfrom torch import nn\n\n\nclass Table(nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.fc = nn.Linear(1, 4)\n\n"
        "    def forward(self, sizes):\n        return [self.fc(torch.ones(n, 1)) for n in sizes]\n\n\n"
        "net = Table()\nnet((3, 5))\n"
    )
    assert summary(tmp_path, source).output_shape == [(3, 4), (5, 4)]


def test_the_calls_of_the_very_object_come_before_those_of_its_class(tmp_path: Path) -> None:
    source = NET + "other = Net()\nother(torch.randn(1, 1, 4))\nnet(x)\n"
    assert summary(tmp_path, source).output_shape == (2, 7, 5)
    assert summary(tmp_path, source, "other").output_shape == (1, 1, 5)


def test_a_library_container_and_a_layer_inside_it(tmp_path: Path) -> None:
    source = (
        "import torch\nfrom torch import nn\n\ninner = nn.Linear(4, 5)\n"
        "net = nn.Sequential(inner, nn.Linear(5, 6))\nnet(torch.randn(2, 7, 4))\n"
    )
    assert summary(tmp_path, source).output_shape == (2, 7, 6)
    assert summary(tmp_path, source, "inner").output_shape == (2, 7, 5)


def test_a_comment_comes_before_a_call(tmp_path: Path) -> None:
    source = NET.replace("class Net", "# convlint: input=(3, 4)\nclass Net") + "net(x)\n"
    assert summary(tmp_path, source).input_shapes == [(3, 4)]


def test_what_the_program_does_after_the_call_does_not_matter(tmp_path: Path) -> None:
    assert summary(tmp_path, NET + "net(x)\nraise SystemExit\n").output_shape == (2, 7, 5)


REFUSING = """\
import torch
from torch import nn
from elsewhere import known


class Net(nn.Module):
    def __init__(self, kind="a"):
        super().__init__()
        if not known(kind):
            raise ValueError(kind)
        self.fc = nn.Linear(4, 5)

    def forward(self, x):
        for _ in range(30):
            y = self.fc(x)
            if y.sum() > 3:
                raise RuntimeError("too large")
        return y
"""


def test_a_condition_that_only_refuses_is_taken_not_to_hold(tmp_path: Path) -> None:
    found = summary(tmp_path, REFUSING, "Net")
    assert found.params == 25 and found.output_shape == ("N", 5) and found.unknown == ()


@pytest.mark.parametrize(
    "around",
    [
        "try:\n            width = self.width()\n        except ValueError:\n            width = 9",
        "width = 9\n        with contextlib.suppress(ValueError):\n            width = self.width()",
        "width = next(self.widths())",
    ],
)
def test_a_refusal_that_may_be_caught_is_an_answer(tmp_path: Path, around: str) -> None:
    source = f"""\
import contextlib
from torch import nn
from elsewhere import known


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {around}
        self.fc = nn.Linear(4, width)

    def widths(self):
        try:
            yield self.width()
        except ValueError:
            yield 9

    def width(self):
        if known():
            raise ValueError
        return 5

    def forward(self, x):
        return self.fc(x)
"""
    assert summary(tmp_path, source, "Net").params is None


def test_one_way_that_raises_does_not_hide_the_other(tmp_path: Path) -> None:
    source = REFUSING.replace("raise ValueError(kind)", "kind.no_such_method()")
    assert summary(tmp_path, source, "Net").params == 25


@pytest.mark.parametrize(
    ("use", "shapes", "output"),
    [
        ("x.masked_fill(~y, 0)", [(2, 7, 4), (2, 7, 1)], (2, 7, 5)),
        ("x[:, y]", [(2, 7, 4), (3,)], (2, 3, 5)),
        ("x.masked_fill(y > 1, 0)", [(2, 7, 4), (2, 7, 1)], (2, 7, 5)),
    ],
)
def test_given_shapes_may_be_those_of_ids_or_masks(
    tmp_path: Path, use: str, shapes: list[tuple[int, ...]], output: tuple[int, ...]
) -> None:
    source = f"""\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 5)

    def forward(self, x, y):
        return self.fc({use})
"""
    (tmp_path / "net.py").write_text(source)
    found = summarize(f"{tmp_path}/net.py:Net", shapes)
    assert found.output_shape == output and found.unknown == ()
