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
    "torch.Tensor.cuda": "needs an accelerator",
    "torch.Tensor.xpu": "needs an accelerator",
    "torch.Tensor.pin_memory": "needs an accelerator",
    "torch.Tensor.numpy": "arrays are not followed from tensors",
    "torch.Tensor.__array__": "arrays are not followed from tensors",
    "torch.from_numpy": "takes an array",
    "torch.Tensor.retain_grad": "needs a gradient",
    "torch.Tensor.register_hook": "needs a gradient",
    "torch.Tensor.register_post_accumulate_grad_hook": "needs a gradient",
    "torch.Tensor.__new__": "a constructor: tests/libs/torch/test_creation.py",
    "torch.device": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.finfo": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.iinfo": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.dtype": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.Size": "no tensor: tests/libs/torch/test_dtypes.py",
}
for _name in "BFloat16 Bool Byte Char Double Float Half Int Long Short".split():
    EXEMPT[f"torch.{_name}Tensor"] = "a constructor: tests/libs/torch/test_creation.py"

BY_CONTENT = frozenset(
    f"torch.{form}{name}"
    for name in "allclose argwhere bincount equal masked_select nonzero unique unique_consecutive".split()
    for form in ("", "Tensor.")
)
"""Operations whose shape or answer the elements decide: convlint may leave all of them open."""
