"""Registered names that cannot be compared by shape, each with the reason."""

from __future__ import annotations

EXEMPT: dict[str, str] = {
    "torch.nn.Module": "the base class has no forward of its own",
    "torch.nn.Sequential": "a container: covered by the interpreter's and the model tests",
    "torch.nn.ModuleList": "a container",
    "torch.nn.ModuleDict": "a container",
    "torch.nn.ParameterList": "a container",
    "torch.nn.ParameterDict": "a container",
}
