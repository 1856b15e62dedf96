"""A summary counts the model's own call: not what its constructor or the module's code tried out before."""

from pathlib import Path

import pytest

from convlint.model import Summary, summarize

MODULE_CALLS = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x):
        return self.conv(x)


net = Net()
net(torch.randn(1, 3, 32, 32))
"""

CONSTRUCTOR_CALLS = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        features = self.conv(torch.zeros(1, 3, 32, 32)).flatten(1).shape[1]
        self.fc = nn.Linear(features, 10)

    def forward(self, x):
        x = self.conv(x) + self.conv(x)
        return self.fc(x.flatten(1)) @ torch.zeros(10, 7)
"""


def summary(folder: Path, source: str, target: str = "Net") -> Summary:
    file = folder / "net.py"
    file.write_text(source)
    return summarize(f"{file}:{target}", [(1, 3, 32, 32)])


@pytest.mark.parametrize("target", ["Net", "Net()", "net"])
def test_calls_that_the_module_makes_do_not_count(tmp_path: Path, target: str) -> None:
    found = summary(tmp_path, MODULE_CALLS, target)
    assert found.macs == 32 * 32 * 3 * 3 * 3 * 8
    assert [(row.name, row.call, row.macs) for row in found.layers] == [("conv", 1, found.macs)]


def test_calls_that_the_constructor_makes_do_not_count(tmp_path: Path) -> None:
    found = summary(tmp_path, CONSTRUCTOR_CALLS)
    conv, dense, product = 32 * 32 * 3 * 3 * 3 * 8, 8 * 32 * 32 * 10, 10 * 7
    assert found.macs == 2 * conv + dense + product
    assert [(row.name, row.call, row.macs) for row in found.layers] == [
        ("conv", 1, conv),
        ("conv", 2, conv),
        ("fc", 1, dense),
    ]


RESTATED = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, padding=1)
        self.b = nn.Conv2d(8, 4, 3, padding=1)

    def forward(self, x):
        y = self.a(x)
        y.unsqueeze_(0)
        y.squeeze_(0)
        return self.b(y).unsqueeze_(0)
"""


def test_a_shape_that_was_changed_in_place_is_not_that_of_a_row(tmp_path: Path) -> None:
    found = summary(tmp_path, RESTATED)
    assert [(row.name, row.output_shape) for row in found.layers] == [("a", None), ("b", None)]
    assert found.output_shape == (1, 1, 4, 32, 32)
    assert found.macs == 32 * 32 * 3 * 3 * (3 * 8 + 8 * 4)


LISTS = """\
import torch
from torch import nn


class Join(nn.Module):
    def forward(self, maps):
        return torch.cat(maps, 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.join = Join()
        self.conv = nn.Conv2d(3, 5, 1)

    def forward(self, x):
        maps = [x]
        y = self.join(maps)
        maps.append(self.conv(y))
        z = self.join(maps)
        maps.clear()
        return z
"""


def test_a_list_that_is_changed_after_a_call_stays_what_the_call_was_given(tmp_path: Path) -> None:
    found = [row.input_shape for row in summary(tmp_path, LISTS).layers if row.name == "join"]
    image, features = (1, 3, 32, 32), (1, 5, 32, 32)
    assert found == [[image], [image, features]]


CHANGED = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 2)

    def forward(self, x, memory):
        memory.append(x)
        return self.layer(x.unsqueeze_(0))


net = Net()
net(torch.randn(5, 3), [])
"""


def test_a_call_of_the_code_is_not_made_with_what_it_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(CHANGED)
    found = summarize(f"{file}:net")
    assert found.output_shape != (1, 1, 5, 2)
    assert found.params == 8


def test_lists_that_hold_each_other_end(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    knot = "lists = [[] for _ in range(12)]\nfor each in lists:\n    each += lists\n"
    source = LISTS.replace("y = self.join(maps)", "y = self.join(maps, lists)")
    file.write_text(knot + source.replace("def forward(self, maps):", "def forward(self, maps, also=None):"))
    assert summarize(f"{file}:Net", [(1, 3, 32, 32)]).output_shape == (1, 8, 32, 32)


SEVERAL_CALLS = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, channels=3, width=8):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, 1)

    def forward(self, x):
        return self.conv(x)


def narrow():
    return Net(1, 4)


Net()(torch.randn(1, 3, 32, 32))
Net(1)(torch.randn(1, 1, 28, 28))
Net(1, 16)(torch.randn(1, 1, 24, 24))
narrow()(torch.randn(2, 1, 20, 20))
Net(7)(torch.randn(1, 3, 32, 32))
"""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Net", (1, 3, 32, 32)),
        ("Net()", (1, 3, 32, 32)),
        ("Net(1)", (1, 1, 28, 28)),
        ("Net(channels=1)", (1, 1, 28, 28)),  # the same parameters
        ("Net(1,  16)", (1, 1, 24, 24)),
        ("narrow()", (2, 1, 20, 20)),
        ("narrow", (2, 1, 20, 20)),
        ("Net(1, 5)", (1, 1, 28, 28)),  # the first that runs
        ("Net(4)", ("N", 4, "H", "W")),  # none runs: from use
        ("Net(7)", (1, 3, 32, 32)),  # that very call fails
    ],
)
def test_the_call_that_fits_gives_the_inputs(
    tmp_path: Path, target: str, expected: tuple[object, ...]
) -> None:
    file = tmp_path / "net.py"
    file.write_text(SEVERAL_CALLS)
    found = summarize(f"{file}:{target}")
    assert found.input_shapes == [expected]
    assert (found.output_shape is None) is (target == "Net(7)")
