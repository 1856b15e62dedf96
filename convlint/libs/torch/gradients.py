"""`torch.nn.utils` on parameters: clipping, vectors of all parameters, pruning, fusing a convolution with its
norm.

Law: a vector of parameters has as many elements as they have together.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import alias, function, lookup
from convlint.libs.torch.module import store
from convlint.libs.torch.tracing import constantly, declare
from convlint.values import Instance, NotModelled, Tensor, Value

UTILS = "torch.nn.utils"


def _tensors(op: Op, name: str) -> list[Tensor]:
    value = op.known(name)
    found = [value] if isinstance(value, Tensor) else list(op.caller.iterate(value))
    tensors = [t for t in found if isinstance(t, Tensor)]
    if len(tensors) < len(found):
        raise NotModelled("the tensors are not all known")
    return tensors


@function(
    f"{UTILS}.clip_grad_norm_",
    f"{UTILS}.clip_grad_norm",
    signature="parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None",
)
def clip_grad_norm(op: Op) -> Value:
    """The norm that all gradients had, a scalar."""
    return Tensor((), "float32")


@function(
    f"{UTILS}.get_total_norm", signature="tensors, norm_type=2.0, error_if_nonfinite=False, foreach=None"
)
def total_norm(op: Op) -> Value:
    """The norm of all tensors together, a scalar."""
    tensors = _tensors(op, "tensors")
    return Tensor((), tensors[0].dtype if tensors else "float32")


for _name in ("convert_conv2d_weight_memory_format", "convert_conv3d_weight_memory_format"):
    function(f"{UTILS}.{_name}", signature="module, memory_format")(lambda op: op["module"])
declare("clip_grad_value_ clip_grads_with_norm_", UTILS, constantly(None))


@function(f"{UTILS}.parameters_to_vector", signature="parameters")
def parameters_to_vector(op: Op) -> Value:
    """All parameters in one row."""
    total: Dim = 0
    tensors = _tensors(op, "parameters")
    for tensor in tensors:
        elements = tensor.elements
        if elements is None:
            raise NotModelled("the shapes of the parameters are not all known")
        total = total + elements
    return Tensor((total,), tensors[0].dtype if tensors else "float32")


@function(f"{UTILS}.vector_to_parameters", signature="vec, parameters")
def vector_to_parameters(op: Op) -> Value:
    """The parameters take their content from the vector."""
    return None


alias(f"{UTILS}.clip_grad", UTILS)
alias(f"{UTILS}.convert_parameters", UTILS)


# -- pruning -------------------------------------------------------------------------------------------------

PRUNE = f"{UTILS}.prune"


def _pruned(op: Op) -> Value:
    """The parameter becomes `<name>_orig` with a mask `<name>_mask`; the name itself is their product."""
    module, name = op.known("module"), op.text("name")
    if not isinstance(module, Instance):
        raise NotModelled("what is pruned is not a known module")
    parameters = store(module, "_parameters")
    weight = parameters.get(name)
    if isinstance(weight, Tensor):
        del parameters[name]
        parameters[f"{name}_orig"] = weight
        store(module, "_buffers")[f"{name}_mask"] = Tensor(weight.shape, weight.dtype)
        module.attrs[name] = Tensor(weight.shape, weight.dtype)
    return module


for _name, _arguments in {
    "identity": "",
    "random_unstructured": ", amount",
    "l1_unstructured": ", amount, importance_scores=None",
    "random_structured": ", amount, dim",
    "ln_structured": ", amount, n, dim, importance_scores=None",
    "custom_from_mask": ", mask",
}.items():
    function(f"{PRUNE}.{_name}", signature=f"module, name{_arguments}")(_pruned)


@function(f"{PRUNE}.remove", signature="module, name")
def remove(op: Op) -> Value:
    """The masked parameter takes its old name."""
    module, name = op.known("module"), op.text("name")
    if not isinstance(module, Instance):
        raise NotModelled("what was pruned is not a known module")
    parameters = store(module, "_parameters")
    if f"{name}_orig" in parameters:
        module.attrs.pop(name, None)
        parameters[name] = parameters.pop(f"{name}_orig")
        store(module, "_buffers").pop(f"{name}_mask", None)
    return module


# -- fusing --------------------------------------------------------------------------------------------------


def _fused(op: Op) -> Value:
    """A copy of the layer with a bias, in which the norm's scale and shift are folded."""
    first = next(iter(op.args.values()))
    copy = lookup("copy.deepcopy")
    if copy is None or not isinstance(first, Instance):
        raise NotModelled("what is fused is not a known layer")
    fused = op.call(copy, first)
    weight = op.caller.getattr(first, "weight")
    if not (isinstance(fused, Instance) and isinstance(weight, Tensor) and weight.shape):
        raise NotModelled("the weight of a fused layer is not known")
    parameters = store(fused, "_parameters")
    if parameters.get("bias") is None:
        transposed = op.args.get("transpose") is True
        outputs = weight.shape[1] if transposed else weight.shape[0]
        parameters["bias"] = Tensor((outputs,), weight.dtype, trainable=weight.trainable)
    return fused


function(
    f"{UTILS}.fuse_conv_bn_eval", f"{UTILS}.fusion.fuse_conv_bn_eval", signature="conv, bn, transpose=False"
)(_fused)
function(f"{UTILS}.fuse_linear_bn_eval", f"{UTILS}.fusion.fuse_linear_bn_eval", signature="linear, bn")(
    _fused
)
