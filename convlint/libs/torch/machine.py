"""The machine a program runs on: no accelerator, one process, backends as they come.

Law: what a program asks of its machine is answered for a plain CPU; switches are accepted and change nothing.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias, constant, function, klass, method
from convlint.libs.torch.dtypes import DEFAULT
from convlint.libs.torch.tracing import constantly, declare
from convlint.values import Tensor, Value

# -- accelerators --------------------------------------------------------------------------------------------

for _module in ("torch.cuda", "torch.xpu", "torch.mps", "torch.mtia", "torch.npu", "torch.accelerator"):
    declare(
        "is_available is_initialized is_bf16_supported is_current_stream_capturing",
        _module,
        constantly(False),
    )
    declare("device_count", _module, constantly(0))
    declare(
        "synchronize empty_cache init manual_seed manual_seed_all seed seed_all reset_peak_memory_stats "
        "reset_max_memory_allocated set_device set_per_process_memory_fraction ipc_collect set_rng_state",
        _module,
        constantly(None),
    )
    declare(
        "memory_allocated memory_reserved max_memory_allocated max_memory_reserved",
        _module,
        constantly(0),
    )
for _module in ("torch.cuda", "torch.xpu"):
    constant(f"{_module}._initialized", False)
for _name in ("Stream", "Event", "CUDAGraph"):
    klass(f"torch.cuda.{_name}")
alias("torch.cuda.random", "torch.cuda")

# -- backends ------------------------------------------------------------------------------------------------

for _name, _answer in {
    "cudnn.benchmark": False,
    "cudnn.deterministic": False,
    "cudnn.enabled": True,
    "cudnn.allow_tf32": True,
    "cudnn.benchmark_limit": 10,
    "cuda.matmul.allow_tf32": False,
    "cuda.matmul.allow_fp16_reduced_precision_reduction": True,
    "mkldnn.enabled": True,
    "openmp.enabled": True,
    "quantized.engine": "x86",
}.items():
    constant(f"torch.backends.{_name}", _answer)
constant("torch.backends.quantized.supported_engines", ["qnnpack", "none", "onednn", "x86", "fbgemm"])
for _backend, _available in {
    "cudnn": False,
    "mps": False,
    "cuda": False,
    "mkldnn": True,
    "mkl": True,
    "openmp": True,
    "opt_einsum": True,
    "xeon": False,
}.items():
    declare("is_available", f"torch.backends.{_backend}", constantly(_available))
declare("is_built", "torch.backends.mps", constantly(False))
declare("is_macos13_or_newer is_macos_or_newer", "torch.backends.mps", constantly(False))
declare("is_acceptable", "torch.backends.cudnn", constantly(False))
declare("get_fastpath_enabled", "torch.backends.mha", constantly(True))
declare("set_fastpath_enabled", "torch.backends.mha", constantly(None))
declare(
    "flash_sdp_enabled mem_efficient_sdp_enabled math_sdp_enabled", "torch.backends.cuda", constantly(True)
)
declare(
    "enable_flash_sdp enable_mem_efficient_sdp enable_math_sdp enable_cudnn_sdp",
    "torch.backends.cuda",
    constantly(None),
)
declare("get_cpu_capability", "torch.backends.cpu", constantly("AVX2"))

# -- settings ------------------------------------------------------------------------------------------------

declare(
    "set_num_threads set_num_interop_threads set_float32_matmul_precision set_printoptions "
    "set_flush_denormal "
    "set_default_device use_deterministic_algorithms set_deterministic_debug_mode set_warn_always "
    "set_autocast_enabled",
    "torch",
    constantly(None),
)
declare("get_num_threads get_num_interop_threads", "torch", constantly(1))
declare("are_deterministic_algorithms_enabled is_warn_always_enabled", "torch", constantly(False))
declare("get_float32_matmul_precision", "torch", constantly("highest"))
declare("is_mkldnn_enabled", "torch", constantly(True))
declare("alert_not_deterministic", "torch._prims_common", constantly(None))
declare("set_sharing_strategy set_start_method freeze_support", "torch.multiprocessing", constantly(None))


@function("torch.set_default_tensor_type", signature="t")
def set_default_tensor_type(op: Op) -> Value:
    """Changes the dtype of new float tensors, to one that is not followed."""
    op.caller.state[DEFAULT] = None
    return None


# -- random numbers ------------------------------------------------------------------------------------------

klass("torch.Generator")


@method("torch.Generator", "__init__", "self, device=None")
@method("torch.Generator", "manual_seed", "self, seed")
@method("torch.Generator", "set_state", "self, new_state")
def generator(op: Op) -> Value:
    """A source of random numbers; its numbers are not followed."""
    return None if op.name.endswith("__init__") else op.self


for _name in ("seed", "initial_seed", "get_state"):
    method("torch.Generator", _name, "self")(
        lambda op: op.unknown("the state of a generator is not followed")
    )


@function("torch.manual_seed", "torch.random.manual_seed", signature="seed")
def manual_seed(op: Op) -> Value:
    """Gives the default generator."""
    return op.unknown("the default generator is not followed")


_RNG_STATE = 5056
"""The bytes of the state of a CPU's generator: a Mersenne twister, and the normal number it keeps."""
declare("seed initial_seed", "torch", lambda op: op.unknown("the seed is not known"))
declare("get_rng_state", "torch", lambda op: Tensor((_RNG_STATE,), "uint8"))
declare("set_rng_state", "torch", constantly(None))
alias("torch.random", "torch")

# -- processes -----------------------------------------------------------------------------------------------

declare(
    "is_available is_initialized is_nccl_available is_gloo_available is_mpi_available",
    "torch.distributed",
    constantly(False),
)
declare("is_torchelastic_launched", "torch.distributed", constantly(False))
declare("get_rank", "torch.distributed", constantly(0))
declare("get_world_size", "torch.distributed", constantly(1))
declare("init_process_group destroy_process_group barrier", "torch.distributed", constantly(None))
