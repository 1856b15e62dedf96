"""Weight and spectral normalisation by hooks: `torch.nn.utils.weight_norm`, `spectral_norm`.

Law: the weight stops being a parameter; its direction and length (or the raw weight) are registered
instead, and the weight itself stays as a plain attribute of the same shape.
"""

from __future__ import annotations

from convlint.dims import Dim, product
from convlint.libs.op import Op
from convlint.libs.registry import alias, function
from convlint.libs.torch.module import is_module, store
from convlint.shapes.fault import Shape
from convlint.values import Instance, NotModelled, Tensor, Value

alias("torch.nn.utils.weight_norm.weight_norm", "torch.nn.utils.weight_norm")
alias("torch.nn.utils.spectral_norm.spectral_norm", "torch.nn.utils.spectral_norm")
TRANSPOSED = tuple(f"torch.nn.ConvTranspose{rank}d" for rank in (1, 2, 3))


def module_of(op: Op) -> Instance:
    """The module that is changed; raises `NotModelled` for what is none, or no longer certain."""
    module = op["module"]
    if not isinstance(module, Instance) or not is_module(module):
        raise NotModelled(f"{op.name} of something that is not a known module")
    if module.tainted is not None:
        raise NotModelled(module.tainted.reason)
    return module


def lengths(shape: Shape, dim: Value) -> Shape:
    """The shape of the weight's lengths: one number an index of `dim`, one in all for None or -1."""
    if dim is None or dim == -1:
        return ()
    if not isinstance(dim, int):
        raise NotModelled("the axis of a weight norm is not known")
    axis = dim % len(shape) if shape else 0
    return tuple(n if i == axis else 1 for i, n in enumerate(shape))


def plane(module: Instance, shape: Shape, dim: Value) -> tuple[Dim, Dim]:
    """Rows and columns of the weight as the matrix whose spectral norm is taken."""
    if dim is None:
        dim = 1 if any(module.cls.derives(name) for name in TRANSPOSED) else 0
    if not isinstance(dim, int) or not shape:
        raise NotModelled("the axis of a spectral norm is not known")
    axis = dim % len(shape)
    return shape[axis], product(n for i, n in enumerate(shape) if i != axis)


def _weight(op: Op, module: Instance, name: str) -> Tensor | None:
    found = store(module, "_parameters").get(name)
    if isinstance(found, Tensor):
        if found.shape is None:
            message = "The module passed to `WeightNorm` can't have uninitialized parameters. "
            raise op.caller.error(
                "ValueError", message + "Make sure to run the dummy forward before applying it"
            )
        return found
    return None


def _plain(weight: Tensor) -> Tensor:
    return Tensor(weight.shape, weight.dtype)


def _parameter(shape: Shape | None, weight: Tensor) -> Tensor:
    return Tensor(shape, weight.dtype, trainable=weight.trainable)


@function("torch.nn.utils.weight_norm", signature="module, name='weight', dim=0")
def weight_norm(op: Op) -> Value:
    """Registers `name_g` and `name_v` for the parameter `name`."""
    module, name, dim = module_of(op), op.text("name"), op["dim"]
    parameters = store(module, "_parameters")
    if f"{name}_g" in parameters:
        message = f"Cannot register two weight_norm hooks on the same parameter {name}"
        raise op.caller.error("RuntimeError", message)
    weight = _weight(op, module, name)
    if weight is None or weight.shape is None:
        message = f"'{module.cls.name}' object has no attribute '{name}'"
        raise op.caller.error("AttributeError", message)
    if isinstance(dim, int) and not -len(weight.shape) <= dim < len(weight.shape):
        bounds = f"[{-len(weight.shape)}, {len(weight.shape) - 1}]"
        message = f"Dimension out of range (expected to be in range of {bounds}, but got {dim})"
        raise op.caller.error("IndexError", message)
    del parameters[name]
    parameters[f"{name}_g"] = _parameter(lengths(weight.shape, dim), weight)
    parameters[f"{name}_v"] = _parameter(weight.shape, weight)
    module.attrs[name] = _plain(weight)
    return module


@function("torch.nn.utils.remove_weight_norm", signature="module, name='weight'")
def remove_weight_norm(op: Op) -> Value:
    """Makes the weight a parameter again."""
    module, name = module_of(op), op.text("name")
    parameters = store(module, "_parameters")
    direction = parameters.pop(f"{name}_v", None)
    if not isinstance(direction, Tensor):
        raise op.caller.error("ValueError", f"weight_norm of '{name}' not found in {module.cls.name}()")
    del parameters[f"{name}_g"]
    module.attrs.pop(name, None)
    parameters[name] = direction
    return module


@function(
    "torch.nn.utils.spectral_norm",
    signature="module, name='weight', n_power_iterations=1, eps=1e-12, dim=None",
)
def spectral_norm(op: Op) -> Value:
    """Registers `name_orig`, and the buffers `name_u` and `name_v`, for the parameter `name`."""
    module, name = module_of(op), op.text("name")
    parameters = store(module, "_parameters")
    check_iterations(op)
    if f"{name}_orig" in parameters:
        message = f"Cannot register two spectral_norm hooks on the same parameter {name}"
        raise op.caller.error("RuntimeError", message)
    weight = _weight(op, module, name)
    if weight is None or weight.shape is None:
        if name in parameters:
            message = f"`SpectralNorm` cannot be applied as parameter `{name}` is None"
            raise op.caller.error("ValueError", message)
        raise op.caller.error("KeyError", name)
    rows, columns = plane(module, weight.shape, op["dim"])
    del parameters[name]
    parameters[f"{name}_orig"] = weight
    module.attrs[name] = _plain(weight)
    store(module, "_buffers").update({f"{name}_u": Tensor((rows,)), f"{name}_v": Tensor((columns,))})
    return module


def check_iterations(op: Op) -> None:
    """The power iteration runs at least once."""
    count = op["n_power_iterations"]
    if isinstance(count, int) and count <= 0:
        message = f"Expected n_power_iterations to be positive, but got n_power_iterations={count}"
        raise op.caller.error("ValueError", message)


@function("torch.nn.utils.remove_spectral_norm", signature="module, name='weight'")
def remove_spectral_norm(op: Op) -> Value:
    """Makes the weight a parameter again."""
    module, name = module_of(op), op.text("name")
    parameters = store(module, "_parameters")
    weight = parameters.pop(f"{name}_orig", None)
    if not isinstance(weight, Tensor):
        raise op.caller.error("ValueError", f"spectral_norm of '{name}' not found in {module.cls.name}()")
    for suffix in ("_u", "_v"):
        store(module, "_buffers").pop(name + suffix, None)
    module.attrs.pop(name, None)
    parameters[name] = weight
    return module
