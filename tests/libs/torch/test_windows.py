"""Layers that slide, multiply and normalise, in whole programs: faults, what follows them, overrides."""

from __future__ import annotations

import ast

import pytest

from convlint.dims import symbol
from convlint.interp.compiled import Compiled
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.shapes.fault import Kind
from convlint.values import Namespace, Tensor, Unknown

IMPORTS = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n"


def run(source: str, *, training: bool = True) -> tuple[Machine, dict[str, object]]:
    machine = Machine(Loader(), training=training)
    namespace = run_main(machine, "program.py", Compiled(source, ast.parse(IMPORTS + source)))
    assert isinstance(namespace, Namespace)
    return machine, namespace.attrs


def called(source: str, *shape: object) -> object:
    """What `f` of the source makes of a tensor of the shape."""
    machine, names = run(source)
    result = machine.call(names["f"], [Tensor(shape)])  # type: ignore[arg-type]
    assert not machine.trace.failures, machine.trace.failures[0].words
    return result


def shown(value: object) -> str:
    assert isinstance(value, Tensor)
    assert value.shape is not None
    return " ".join(map(str, value.shape))


H, W = symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("nn.Conv2d(3, 8, 3, stride=2, padding=1)(x)", "1 8 (H+1)//2 (W+1)//2"),
        ("nn.Conv2d(3, 8, 4, padding='same')(x)", "1 8 H W"),
        ("nn.Conv2d(3, 8, 3, padding=1, padding_mode='reflect')(x)", "1 8 H W"),
        ("nn.Conv2d(3, 8, 5, padding=2, padding_mode='circular')(x)", "1 8 H W"),
        ("nn.ConvTranspose2d(3, 8, 2, 2)(x)", "1 8 2*H 2*W"),
        ("nn.ConvTranspose2d(3, 8, 3, 2, 1)(nn.Conv2d(3, 3, 3, 2, 1)(x), output_size=x.shape)", "1 8 H W"),
        ("F.max_pool2d(x, 3, 2, 1, ceil_mode=True)", "1 3 H//2+1 W//2+1"),
        ("F.avg_pool2d(x, 2)", "1 3 H//2 W//2"),
        ("F.adaptive_avg_pool2d(x, (None, 7))", "1 3 H 7"),
        ("F.interpolate(x, scale_factor=1.5)", "1 3 H+H//2 W+W//2"),
        ("F.interpolate(x, size=(x.shape[3], 5), mode='bilinear')", "1 3 W 5"),
        ("F.pad(x, (1, 2, 0, x.shape[3]))", "1 3 H+W W+3"),
        ("nn.PixelShuffle(2)(nn.Conv2d(3, 12, 1)(x))", "1 3 2*H 2*W"),
        ("nn.Fold(x.shape[2:], 3, padding=1)(nn.Unfold(3, padding=1)(x))", "1 3 H W"),
        ("nn.GroupNorm(3, 3)(nn.LocalResponseNorm(2)(nn.InstanceNorm2d(3)(x)))", "1 3 H W"),
    ],
)
def test_symbols_flow_through(expression: str, expected: str) -> None:
    assert shown(called(f"def f(x):\n    return {expression}\n", 1, 3, H, W)) == expected


def test_a_rounding_factor_leaves_the_size_open_but_the_same() -> None:
    source = "def f(x):\n    return F.interpolate(x, scale_factor=0.3) + F.interpolate(x, scale_factor=0.3)\n"
    assert shown(called(source, 1, 3, H, 10)).endswith(" 3")


# -- faults --------------------------------------------------------------------------------------------------


def test_the_features_of_a_flattened_map() -> None:
    machine, names = run(
        "net = nn.Sequential(nn.Conv2d(3, 16, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout())\n"
        "net.append(nn.Linear(400, 10))\n"
        "y = net(torch.zeros(2, 3, 30, 30))\n"
    )
    [failure] = machine.trace.failures
    fault = failure.fault
    assert (fault.kind, fault.expected, fault.got, fault.detail) == (Kind.FEATURES, 400, 2704, "16·13·13")
    assert failure.words.endswith("mat1 and mat2 shapes cannot be multiplied (2x2704 and 400x10)")
    assert shown(names["y"]) == "2 10"


def test_after_wrong_channels_the_shape_is_certain() -> None:
    machine, names = run("y = nn.MaxPool2d(2)(nn.Conv2d(4, 8, 3)(torch.zeros(1, 3, 10, 10)))\n")
    assert [f.fault.kind for f in machine.trace.failures] == [Kind.CHANNELS]
    assert shown(names["y"]) == "1 8 4 4"


def test_after_a_window_that_does_not_fit_nothing_is() -> None:
    machine, names = run("y = nn.Conv2d(8, 8, 3)(nn.AvgPool2d(7)(torch.zeros(1, 8, 6, 6)))\n")
    assert [f.fault.kind for f in machine.trace.failures] == [Kind.KERNEL]
    assert isinstance(names["y"], Unknown)


@pytest.mark.parametrize(("mode", "refused"), [("", True), (".eval()", False)])
def test_one_value_a_channel_is_refused_in_training(mode: str, refused: bool) -> None:
    source = "net = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(3))\n"
    machine, _ = run(f"{source}net{mode}(torch.zeros(1, 3, 9, 9))\n")
    assert [f.fault.kind for f in machine.trace.failures] == [Kind.NORM] * refused


@pytest.mark.parametrize(
    ("expression", "kind", "argument"),
    [
        ("nn.Conv2d(c / 2, 8, 3)", Kind.ARGUMENT, "in_channels"),
        ("nn.Conv2d(3, c / 2, 3)", Kind.ARGUMENT, "out_channels"),
        ("nn.Linear(c / 2, 8)", Kind.ARGUMENT, "in_features"),
        ("nn.Conv2d(3, 8, 3, padding='same', stride=2)", Kind.ARGUMENT, "padding"),
        ("nn.Conv2d(2 * c + 1, 8, 3, groups=2)", Kind.GROUPS, "groups"),
        ("nn.GroupNorm(2, 2 * c + 1)", Kind.GROUPS, "num_groups"),
    ],
)
def test_constructors_refuse(expression: str, kind: Kind, argument: str) -> None:
    machine, names = run(f"def f(c):\n    return {expression}\n")
    machine.call(names["f"], [symbol("c")])
    [failure] = machine.trace.failures
    assert (failure.fault.kind, failure.fault.arguments[0]) == (kind, argument)


def test_what_is_no_tensor_is_no_input() -> None:
    machine, _ = run("nn.Linear(5, 2)(nn.LSTM(4, 5)(torch.zeros(3, 2, 4)))\nnn.Conv2d(3, 8, 3)(None)\n")
    kinds = [failure.fault.kind for failure in machine.trace.failures]
    assert kinds == [Kind.RESULT, Kind.RESULT]


# -- programs that change or extend layers -------------------------------------------------------------------


def test_changed_attributes_are_followed() -> None:
    machine, names = run(
        "conv = nn.Conv2d(3, 8, 3, stride=2)\nconv.stride = (1, 1)\n"
        "conv.weight = nn.Parameter(torch.zeros(8, 3, 5, 5))\ny = conv(torch.zeros(1, 3, 9, 9))\n"
    )
    assert not machine.trace.failures
    assert shown(names["y"]) == "1 8 5 5"


def test_subclasses_override_what_they_like() -> None:
    machine, names = run(
        """
class Causal(nn.Conv1d):
    def forward(self, x):
        return super().forward(F.pad(x, ((self.kernel_size[0] - 1) * self.dilation[0], 0)))

class Standardized(nn.Conv2d):
    def forward(self, x):
        return self._conv_forward(x, self.weight - self.weight.mean(dim=[1, 2, 3], keepdim=True), self.bias)

class Any(nn.modules.batchnorm._BatchNorm):
    def _check_input_dim(self, x):
        pass

class Marked(nn.Linear):
    def reset_parameters(self):
        super().reset_parameters()
        self.mark = True

a = Causal(3, 8, 3, dilation=4)(torch.zeros(1, 3, 50))
b = Standardized(3, 8, 3, padding=1, padding_mode="reflect")(torch.zeros(1, 3, 9, 9))
c = Any(4)(torch.zeros(2, 4, 3, 3, 3))
mark = Marked(3, 4).mark
"""
    )
    assert not machine.trace.failures
    assert [shown(names[n]) for n in "abc"] == ["1 8 50", "1 8 9 9", "2 4 3 3 3"]
    assert names["mark"] is True


def test_each_layer_is_recorded_once() -> None:
    machine, _ = run("nn.UpsamplingNearest2d(2)\nnn.BatchNorm2d(3)\nnn.LazyConv2d(8, 3)\n")
    assert [b.layer.cls.name for b in machine.trace.built] == [
        "UpsamplingNearest2d",
        "BatchNorm2d",
        "LazyConv2d",
    ]


def test_multiply_accumulates() -> None:
    machine, _ = run(
        "nn.Conv2d(4, 8, 3, groups=2)(torch.zeros(2, 4, 6, 6))\n"
        "nn.ConvTranspose2d(4, 8, 2, 2)(torch.zeros(1, 4, 3, 3))\n"
        "nn.Linear(5, 7)(torch.zeros(2, 3, 5))\nnn.MaxPool2d(2)(torch.zeros(1, 4, 4, 4))\n"
    )
    assert sum(machine.trace.macs) == 2 * 8 * 16 * 2 * 9 + 4 * 9 * 8 * 4 + 2 * 3 * 5 * 7
