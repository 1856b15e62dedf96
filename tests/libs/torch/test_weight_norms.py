"""What weight norms, parametrizations and lazy layers register, and when."""

from __future__ import annotations

import ast

import pytest

from convlint.interp.compiled import Compiled
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.values import Instance, Namespace, Tensor

IMPORTS = """
import torch
from torch import nn
from torch.nn.utils import remove_weight_norm, spectral_norm, weight_norm
from torch.nn.utils import parametrizations as ready
from torch.nn.utils import parametrize
"""


def run(source: str) -> dict[str, object]:
    machine = Machine(Loader())
    namespace = run_main(machine, "program.py", Compiled(source, ast.parse(IMPORTS + source)))
    assert isinstance(namespace, Namespace)
    assert not machine.trace.failures, machine.trace.failures[0].words
    return namespace.attrs


def shapes(
    module: object, kind: str = "_parameters", prefix: str = ""
) -> dict[str, tuple[object, ...] | None]:
    """Everything that the module and its children register, by dotted name."""
    assert isinstance(module, Instance)
    found: dict[str, tuple[object, ...] | None] = {}
    for name, tensor in module.attrs[kind].items():  # type: ignore[attr-defined]
        if isinstance(tensor, Tensor):
            found[prefix + name] = tensor.shape
    for name, child in module.attrs["_modules"].items():  # type: ignore[attr-defined]
        found |= shapes(child, kind, f"{prefix}{name}.")
    return found


def shape(value: object) -> object:
    assert isinstance(value, Tensor)
    return value.shape


@pytest.mark.parametrize(
    ("source", "parameters", "buffers"),
    [
        (
            "weight_norm(nn.Conv2d(3, 8, 3))",
            {"bias": (8,), "weight_g": (8, 1, 1, 1), "weight_v": (8, 3, 3, 3)},
            {},
        ),
        ("weight_norm(nn.Linear(3, 8), dim=None)", {"bias": (8,), "weight_g": (), "weight_v": (8, 3)}, {}),
        ("weight_norm(nn.Linear(3, 8), dim=1)", {"bias": (8,), "weight_g": (1, 3), "weight_v": (8, 3)}, {}),
        (
            "spectral_norm(nn.ConvTranspose2d(3, 8, 3))",
            {"bias": (8,), "weight_orig": (3, 8, 3, 3)},
            {"weight_u": (8,), "weight_v": (27,)},
        ),
        ("remove_weight_norm(weight_norm(nn.Linear(3, 8)))", {"bias": (8,), "weight": (8, 3)}, {}),
        (
            "ready.weight_norm(nn.Conv2d(3, 8, 3))",
            {
                "bias": (8,),
                "parametrizations.weight.original0": (8, 1, 1, 1),
                "parametrizations.weight.original1": (8, 3, 3, 3),
            },
            {},
        ),
        (
            "ready.spectral_norm(nn.Conv2d(3, 8, 3))",
            {"bias": (8,), "parametrizations.weight.original": (8, 3, 3, 3)},
            {"parametrizations.weight.0._u": (8,), "parametrizations.weight.0._v": (27,)},
        ),
        (
            "parametrize.remove_parametrizations(ready.weight_norm(nn.Linear(3, 8)), 'weight')",
            {"bias": (8,), "weight": (8, 3)},
            {},
        ),
    ],
)
def test_what_is_registered(source: str, parameters: dict[str, object], buffers: dict[str, object]) -> None:
    module = run(f"layer = {source}\n")["layer"]
    assert shapes(module) == parameters
    assert shapes(module, "_buffers") == buffers


@pytest.mark.parametrize(
    "wrapper",
    ["weight_norm", "spectral_norm", "ready.weight_norm", "ready.spectral_norm", "ready.orthogonal"],
)
def test_the_layer_still_works(wrapper: str) -> None:
    result = run(f"y = {wrapper}(nn.Conv2d(3, 8, 3, stride=2))(torch.zeros(1, 3, 9, 9))\n")
    assert shape(result["y"]) == (1, 8, 4, 4)


def test_the_class_changes_its_name_only() -> None:
    result = run("layer = ready.weight_norm(nn.Linear(3, 8))\nok = isinstance(layer, nn.Linear)\n")
    layer = result["layer"]
    assert isinstance(layer, Instance)
    assert (layer.cls.name, result["ok"]) == ("ParametrizedLinear", True)


def test_a_parametrization_of_the_program() -> None:
    result = run(
        """
class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)

layer = parametrize.register_parametrization(nn.Linear(4, 4), "weight", Symmetric())
w = layer.weight
y = layer(torch.zeros(2, 4))
known = parametrize.is_parametrized(layer, "weight"), parametrize.is_parametrized(layer, "bias")
"""
    )
    assert shapes(result["layer"]) == {"bias": (4,), "parametrizations.weight.original": (4, 4)}
    assert (shape(result["w"]), shape(result["y"]), result["known"]) == ((4, 4), (2, 4), (True, False))


# -- lazy layers ---------------------------------------------------------------------------------------------


def test_a_lazy_layer_learns_its_input_once() -> None:
    result = run(
        """
net = nn.Sequential(nn.LazyConv2d(8, 3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(10))
before = [type(m).__name__ for m in net]
y = net(torch.zeros(2, 3, 6, 6))
after = [type(m).__name__ for m in net]
"""
    )
    assert result["before"] == ["LazyConv2d", "LazyBatchNorm2d", "Flatten", "LazyLinear"]
    assert result["after"] == ["Conv2d", "BatchNorm2d", "Flatten", "Linear"]
    assert shape(result["y"]) == (2, 10)
    assert shapes(result["net"]) == {
        "0.weight": (8, 3, 3, 3),
        "0.bias": (8,),
        "1.weight": (8,),
        "1.bias": (8,),
        "3.weight": (10, 128),
        "3.bias": (10,),
    }


def test_a_lazy_layer_has_no_shapes_before() -> None:
    layer = run("layer = nn.LazyConvTranspose2d(8, 3)\n")["layer"]
    assert shapes(layer) == {"weight": None, "bias": None}


def test_a_materialized_layer_keeps_its_channels() -> None:
    machine = Machine(Loader())
    source = "layer = nn.LazyConv2d(8, 3)\nlayer(torch.zeros(1, 3, 6, 6))\nlayer(torch.zeros(1, 4, 6, 6))\n"
    run_main(machine, "program.py", Compiled(source, ast.parse(IMPORTS + source)))
    [failure] = machine.trace.failures
    assert "to have 3 channels, but got 4 channels" in failure.words
