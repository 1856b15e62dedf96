"""Registered names that cannot be compared by shape, each with the reason."""

from __future__ import annotations

EXEMPT: dict[str, str] = {
    "torch.nn.Module": "the base class has no forward of its own",
    "torch.nn.Sequential": "a container: covered by the interpreter's and the model tests",
    "torch.nn.ModuleList": "a container",
    "torch.nn.ModuleDict": "a container",
    "torch.nn.ParameterList": "a container",
    "torch.nn.ParameterDict": "a container",
    "torch.nn.utils.weight_norm": "takes a module: tests/libs/torch/test_parametrize.py",
    "torch.nn.utils.remove_weight_norm": "takes a module",
    "torch.nn.utils.spectral_norm": "takes a module",
    "torch.nn.utils.remove_spectral_norm": "takes a module",
    "torch.nn.utils.parametrizations": "takes a module",
    "torch.nn.utils.parametrize": "takes a module",
}
