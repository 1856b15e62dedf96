"""Parametrizations: `torch.nn.utils.parametrize` and the ready ones of `torch.nn.utils.parametrizations`.

Law: the parameter moves into `module.parametrizations.<name>` as `original` (or `original0`, `original1`
…), the class becomes `Parametrized…`, and reading the attribute calls the parametrizations in turn, which
are modules as any.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import Body, function, klass, lookup, method
from convlint.libs.torch.containers import DICT, LIST
from convlint.libs.torch.module import is_module, store
from convlint.libs.torch.weight_norm import check_iterations, lengths, module_of, plane
from convlint.values import Class, Instance, Native, NotModelled, Property, Tensor, Value

PREFIX = "torch.nn.utils.parametrize"
PARAMETRIZATIONS = klass(f"{PREFIX}.ParametrizationList", LIST)
WEIGHT_NORM = klass("torch.nn.utils.parametrizations._WeightNorm", "torch.nn.Module")
SPECTRAL_NORM = klass("torch.nn.utils.parametrizations._SpectralNorm", "torch.nn.Module")
ORTHOGONAL = klass("torch.nn.utils.parametrizations._Orthogonal", "torch.nn.Module")


def instance(op: Op, cls: Class) -> Instance:
    """A module of a class that takes no arguments."""
    made = op.call(cls)
    if not isinstance(made, Instance):
        raise NotModelled(f"{cls.name} could not be built")
    return made


def originals(lists: Instance) -> list[Tensor]:
    """The parameters that a list of parametrizations holds, in order."""
    return [t for t in store(lists, "_parameters").values() if isinstance(t, Tensor)]


def held(module: Instance, name: str) -> Instance | None:
    """The list of parametrizations of an attribute, where it has one."""
    everything = store(module, "_modules").get("parametrizations")
    found = store(everything, "_modules").get(name) if isinstance(everything, Instance) else None
    return found if isinstance(found, Instance) else None


def parametrized(op: Op, module: Instance, name: str, by: Instance, shapes: list[Tensor]) -> Instance:
    """Put the attribute under a parametrization; `shapes` are the parameters that take its place."""
    lists = held(module, name)
    if lists is None:
        lists = _first(op, module, name, shapes)
    children = store(lists, "_modules")
    children[str(len(children))] = by
    return module


def _first(op: Op, module: Instance, name: str, shapes: list[Tensor]) -> Instance:
    if "parametrizations" not in store(module, "_modules"):
        store(module, "_modules")["parametrizations"] = instance(op, cast(Class, lookup(DICT)))
        module.cls = Class(f"{PREFIX}.Parametrized{module.cls.name}", (module.cls,))
    everything = cast(Instance, store(module, "_modules")["parametrizations"])
    lists = instance(op, PARAMETRIZATIONS)
    store(everything, "_modules")[name] = lists
    plain = len(shapes) == 1
    for index, tensor in enumerate(shapes):
        store(lists, "_parameters")["original" if plain else f"original{index}"] = tensor
    for kind in ("_parameters", "_buffers"):
        store(module, kind).pop(name, None)
    module.cls.namespace[name] = Property(Native(name, lambda caller, args, kwargs: caller.call(lists)))
    return lists


@method(PARAMETRIZATIONS.qualname, "forward", "self")
def forward(op: Op) -> Value:
    """The originals through every parametrization."""
    assert op.self is not None
    children = list(store(op.self, "_modules").values())
    if not children:
        raise NotModelled("a list of parametrizations without any")
    value = op.call(children[0], *originals(op.self))
    for child in children[1:]:
        value = op.call(child, value)
    return value


def _shaped(last: bool) -> Body:
    """The forward of a ready parametrization: a tensor shaped like its last, or only, argument."""

    def body(op: Op) -> Value:
        tensors = op["tensors"]
        source = tensors[-1 if last else 0] if isinstance(tensors, tuple) and tensors else None
        if not isinstance(source, Tensor):
            raise NotModelled("a parametrization of something that is not a tensor")
        return op.result(source, source.shape)

    return body


for _class in (WEIGHT_NORM, SPECTRAL_NORM, ORTHOGONAL):
    method(_class.qualname, "forward", "self, *tensors")(_shaped(_class is WEIGHT_NORM))


def _target(op: Op, name: str) -> tuple[Instance, Tensor]:
    module = module_of(op)
    found = store(module, "_parameters").get(name, store(module, "_buffers").get(name))
    if held(module, name) is not None:
        found = op.caller.getattr(module, name)
    if not isinstance(found, Tensor):
        message = (
            f"Module '{module.cls.name}()' does not have a parameter, a buffer, or a parametrized element "
            f"with name '{name}'"
        )
        raise op.caller.error("ValueError", message)
    if found.shape is None:
        raise NotModelled("a parametrization of a parameter that has no shape yet")
    return module, found


@function("torch.nn.utils.parametrizations.weight_norm", signature="module, name='weight', dim=0")
def weight_norm(op: Op) -> Value:
    """Lengths and direction take the place of the weight."""
    module, weight = _target(op, op.text("name"))
    length = Tensor(lengths(weight.shape or (), op["dim"]), weight.dtype, trainable=weight.trainable)
    direction = Tensor(weight.shape, weight.dtype, trainable=weight.trainable)
    return parametrized(op, module, op.text("name"), instance(op, WEIGHT_NORM), [length, direction])


@function(
    "torch.nn.utils.parametrizations.spectral_norm",
    signature="module, name='weight', n_power_iterations=1, eps=1e-12, dim=None",
)
def spectral_norm(op: Op) -> Value:
    """The weight over its largest singular value; two singular vectors are kept as buffers."""
    module, weight = _target(op, op.text("name"))
    check_iterations(op)
    by = instance(op, SPECTRAL_NORM)
    shape = weight.shape or ()
    if len(shape) > 1:
        rows, columns = plane(module, shape, op["dim"])
        store(by, "_buffers").update({"_u": Tensor((rows,)), "_v": Tensor((columns,))})
    return parametrized(op, module, op.text("name"), by, [weight])


@function(
    "torch.nn.utils.parametrizations.orthogonal",
    signature="module, name='weight', orthogonal_map=None, *, use_trivialization=True",
)
def orthogonal(op: Op) -> Value:
    """An orthogonal matrix of the weight's shape. The buffer of its trivialization is not followed."""
    module, weight = _target(op, op.text("name"))
    if len(weight.shape or ()) < 2:
        message = (
            f"Expected a matrix or batch of matrices. Got a tensor of {len(weight.shape or ())} dimensions."
        )
        raise op.caller.error("ValueError", message)
    return parametrized(op, module, op.text("name"), instance(op, ORTHOGONAL), [weight])


@function(
    f"{PREFIX}.register_parametrization", signature="module, tensor_name, parametrization, *, unsafe=False"
)
def register_parametrization(op: Op) -> Value:
    """A module of the program computes the attribute from the original, or its `right_inverse`."""
    name, by = op.text("tensor_name"), op["parametrization"]
    module, weight = _target(op, name)
    if not isinstance(by, Instance) or not is_module(by):
        raise NotModelled("a parametrization that is not a known module")
    inverse = op.caller.lookup(by, "right_inverse", None)
    value = weight if inverse is None else op.call(inverse, weight)
    tensors = list(value) if isinstance(value, (tuple, list)) else [value]
    if not all(isinstance(t, Tensor) for t in tensors):
        raise NotModelled("the right_inverse of a parametrization is not known")
    kept = [
        t if t is weight else Tensor(t.shape, t.dtype, trainable=weight.trainable)
        for t in tensors
        if isinstance(t, Tensor)
    ]
    return parametrized(op, module, name, by, kept)


@function(f"{PREFIX}.remove_parametrizations", signature="module, tensor_name, leave_parametrized=True")
def remove_parametrizations(op: Op) -> Value:
    """The attribute becomes a parameter again, of its parametrized shape."""
    module, name = module_of(op), op.text("tensor_name")
    lists = held(module, name)
    if lists is None:
        message = f"Module {module.cls.name}() does not have a parametrization on {name}"
        raise op.caller.error("ValueError", message)
    weight = op.caller.getattr(module, name) if op.flag("leave_parametrized") else originals(lists)[0]
    if not isinstance(weight, Tensor):
        raise NotModelled("a parametrized attribute is not known")
    everything = cast(Instance, store(module, "_modules")["parametrizations"])
    del store(everything, "_modules")[name]
    module.cls.namespace.pop(name, None)
    if not store(everything, "_modules"):
        del store(module, "_modules")["parametrizations"]
        module.cls = module.cls.bases[0]
    store(module, "_parameters")[name] = Tensor(weight.shape, weight.dtype, trainable=True)
    return module


@function(f"{PREFIX}.is_parametrized", signature="module, tensor_name=None")
def is_parametrized(op: Op) -> Value:
    """Whether an attribute, or any, is under a parametrization."""
    module = module_of(op)
    name = op["tensor_name"]
    if name is None:
        return "parametrizations" in store(module, "_modules")
    return held(module, op.text("tensor_name")) is not None
