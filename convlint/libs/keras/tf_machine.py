"""What a program asks TensorFlow of its machine (tensorflow.org/api_docs/python/tf/config).

Law: the answers are those of a plain CPU, as for the other framework; switches change nothing.
"""

from __future__ import annotations

from convlint.libs.keras.declare import function
from convlint.libs.op import Op
from convlint.values import Value

_CONFIG = ("tensorflow.config", "tensorflow.config.experimental")
_ABSENT = ("GPU", "TPU", "XPU")


def _config(*names: str) -> list[str]:
    return [f"{place}.{name}" for place in _CONFIG for name in names]


@function(*_config("list_physical_devices", "list_logical_devices"), signature="device_type=None")
@function(*_config("get_visible_devices"), signature="device_type=None")
def devices(op: Op) -> Value:
    """No accelerator; how many processors there are, nothing shows."""
    if op["device_type"] in _ABSENT:
        return []
    return op.unknown("the devices of the machine are not known")


@function(
    "tensorflow.test.is_gpu_available",
    "tensorflow.test.is_built_with_cuda",
    "tensorflow.test.is_built_with_gpu_support",
    signature="cuda_only=False, min_cuda_compute_capability=None",
)
def has_accelerator(op: Op) -> Value:
    """None is there."""
    return False


@function("tensorflow.test.gpu_device_name", signature="")
def device_name(op: Op) -> Value:
    """That of no device."""
    return ""


@function(
    *_config("set_memory_growth", "set_visible_devices", "set_logical_device_configuration"),
    *_config("set_virtual_device_configuration", "set_soft_device_placement", "run_functions_eagerly"),
    *_config("experimental_run_functions_eagerly", "optimizer.set_jit", "enable_tensor_float_32_execution"),
    *_config("threading.set_inter_op_parallelism_threads", "threading.set_intra_op_parallelism_threads"),
    signature="*args, **kwargs",
)
def switch(op: Op) -> None:
    """How the machine is used changes no shape."""
