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
    "torch.Tensor.apply_": "takes a function",
    "torch.Tensor.map_": "takes a function",
    "torch.Tensor.data_ptr": "an address",
    "torch.Tensor.storage_offset": "an address",
    "torch.Tensor.is_pinned": "needs an accelerator",
    "torch.Tensor.__new__": "a constructor: tests/libs/torch/test_creation.py",
    "torch.device": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.finfo": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.iinfo": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.dtype": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.Size": "no tensor: tests/libs/torch/test_dtypes.py",
    "torch.utils._pytree": "takes trees: tests/libs/torch/test_pytrees.py",
}
for _name in ("BFloat16", "Bool", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short"):
    EXEMPT[f"torch.{_name}Tensor"] = "a constructor: tests/libs/torch/test_creation.py"

_NO_TENSOR = (
    "library", "func", "utils.tensorboard", "set_default_device", "set_default_tensor_type",
    "_assert", "_C", "_check", "_check_index", "_check_is_size", "_check_not_implemented",
    "_check_type", "_check_value", "_dynamo", "_prims_common", "accelerator", "amp",
    "are_deterministic_algorithms_enabled", "autocast", "autograd", "backends", "compile",
    "compiler", "cuda", "distributed", "enable_grad", "export", "fx", "Generator",
    "get_float32_matmul_precision", "get_num_interop_threads", "get_num_threads", "get_rng_state",
    "hub", "inference_mode", "initial_seed", "is_autocast_cache_enabled", "is_autocast_cpu_enabled",
    "is_autocast_enabled", "is_grad_enabled", "is_inference_mode_enabled", "is_mkldnn_enabled",
    "is_warn_always_enabled", "jit", "load", "manual_seed", "mps", "mtia", "multiprocessing",
    "nn.attention", "no_grad", "npu", "onnx", "ops.load_library", "optim", "overrides", "profiler",
    "random", "save", "seed", "set_autocast_enabled", "set_deterministic_debug_mode",
    "set_float32_matmul_precision", "set_flush_denormal", "set_grad_enabled",
    "set_num_interop_threads", "set_num_threads", "set_printoptions", "set_rng_state",
    "set_warn_always", "use_deterministic_algorithms", "utils.data", "utils.model_zoo", "xpu",
)  # fmt: skip
_TAKES_A_MODULE = (
    "nn.utils.stateless", "nn.utils.convert_conv2d_weight_memory_format",
    "nn.utils.convert_conv3d_weight_memory_format",
    "ao.nn.quantized", "ao.quantization", "nn.DataParallel", "nn.parallel",
    "nn.utils.fuse_conv_bn_eval", "nn.utils.fuse_linear_bn_eval", "nn.utils.fusion",
    "nn.utils.prune", "nn.utils.skip_init", "utils.checkpoint",
)  # fmt: skip
_HOOKED = ("backward", "buffer_registration", "forward", "forward_pre", "full_backward", "full_backward_pre")
for _name in (*_HOOKED, "module_registration", "parameter_registration"):
    EXEMPT[f"torch.nn.modules.module.register_module_{_name}_hook"] = (
        "changes every module of the process: fixtures/rules/CL111-bad-layer-argument/good_hooked.py"
    )
for _name in _NO_TENSOR:
    EXEMPT[f"torch.{_name}"] = "no tensor in or out: tests/libs/torch/test_surroundings.py"
for _name in _TAKES_A_MODULE:
    EXEMPT[f"torch.{_name}"] = "takes a module: tests/libs/torch/test_surroundings.py"
EXEMPT |= {
    "torch.nn.TransformerEncoder": "takes a layer: tests/libs/torch/test_attention.py",
    "torch.nn.TransformerDecoder": "takes a layer: tests/libs/torch/test_attention.py",
    "torch.nn.utils.rnn.pad_packed_sequence": "takes a packed sequence: tests/libs/torch/test_recurrent.py",
    "torch.nn.utils.rnn.PackedSequence": "tests/libs/torch/test_recurrent.py",
    "torch.nn.Parameter": "a constructor: tests/libs/torch/test_embedding.py",
    "torch.nn.Buffer": "a constructor",
    "torch.nn.LinearCrossEntropyOptions": "settings",
    "torch.nn.utils.clip_grad_value_": "needs gradients",
    "torch.nn.utils.clip_grads_with_norm_": "needs gradients",
    "torch.ops.torchvision": "needs torchvision: tests/libs/torch/test_surroundings.py",
}

BY_CONTENT = frozenset(
    f"torch.{form}{name}"
    for name in (
        "allclose",
        "argwhere",
        "bincount",
        "equal",
        "is_nonzero",
        "item",
        "masked_select",
        "nonzero",
        "tolist",
        "unique",
        "unique_consecutive",
    )
    for form in ("", "Tensor.")
)
"""Operations whose shape or answer the elements decide: convlint may leave all of them open."""

UNSAFE = frozenset({"torch.nn.LSTMCell"})
"""Spoiled calls of these end the process: a state of other rank than the input reads wild memory."""
