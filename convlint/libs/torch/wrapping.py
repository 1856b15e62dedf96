"""Modules around a module: data parallelism, quantization stubs, functional operations as modules.

Law: a wrapper calls what it wraps with the arguments it was given; parameters stay where they are.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import alias, function, lookup, method
from convlint.libs.torch.layer import MODULE, layer
from convlint.values import Class, NotModelled, Value


def _make(op: Op, name: str, *args: Value) -> Value:
    found = lookup(name)
    if found is None:
        raise NotModelled(f"{name} is not described")
    return op.call(found, *args)


def _child(op: Op, name: str, value: Value) -> None:
    assert op.self is not None
    op.self.attrs.pop(name, None)
    op.caller.setattr(op.self, name, value)


# -- several devices -----------------------------------------------------------------------------------------


def _keep_module(op: Op) -> None:
    _child(op, "module", op.args["module"])


def _through(op: Op) -> Value:
    args, kwargs = cast(tuple[Value, ...], op["inputs"]), cast(dict[str, Value], op["kwargs"])
    return op.caller.call(op["module"], args, kwargs)


for _name, _options in {
    "torch.nn.DataParallel": "module, device_ids=None, output_device=None, dim=0",
    "torch.nn.parallel.DistributedDataParallel": (
        "module, device_ids=None, output_device=None, dim=0, broadcast_buffers=True, init_sync=True, "
        "process_group=None, bucket_cap_mb=None, find_unused_parameters=False, check_reduction=False, "
        "gradient_as_bucket_view=False, static_graph=False, delay_all_reduce_named_params=None, "
        "param_to_hook_all_reduce=None, mixed_precision=None, device_mesh=None, "
        "skip_all_reduce_unused_params=False"
    ),
}.items():
    layer(_name, _options, build=_keep_module, call="*inputs, **kwargs")(_through)
alias("torch.nn.parallel.DataParallel", "torch.nn.DataParallel")
alias("torch.nn.parallel.distributed", "torch.nn.parallel")
alias("torch.nn.parallel.data_parallel", "torch.nn")


# -- quantization --------------------------------------------------------------------------------------------

QUANTIZATION = "torch.ao.quantization"
for _name in ("QuantStub", "DeQuantStub"):
    layer(f"{QUANTIZATION}.{_name}", "qconfig=None", call="x")(lambda op: op["x"])
alias("torch.quantization", QUANTIZATION)
alias(f"{QUANTIZATION}.stubs", QUANTIZATION)


def _keep_wrapped(op: Op) -> None:
    for name, stub in (("quant", "QuantStub"), ("dequant", "DeQuantStub")):
        _child(op, name, _make(op, f"{QUANTIZATION}.{stub}"))
    _child(op, "module", op.args["module"])


@layer(f"{QUANTIZATION}.QuantWrapper", "module", build=_keep_wrapped, call="X")
def quant_wrapper(op: Op) -> Value:
    """dequant(module(quant(x)))."""
    return op.call(op["dequant"], op.call(op["module"], op.call(op["quant"], op["X"])))


FUNCTIONAL = "torch.ao.nn.quantized.FloatFunctional"


def _observer(op: Op) -> None:
    _child(op, "activation_post_process", _make(op, "torch.nn.Identity"))


@layer(FUNCTIONAL, "", build=_observer, call="x")
def float_functional(op: Op) -> Value:
    """It is called by its operations, never itself."""
    words = "FloatFunctional is not intended to use the 'forward'. Please use the underlying operation"
    raise op.caller.error("RuntimeError", words)


def _operation(name: str, signature: str, *functions: str, observed: bool = True) -> None:
    @method(FUNCTIONAL, name, f"self, {signature}")
    def run(op: Op) -> Value:
        given = {key: value for key, value in op.args.items() if key != "self"}
        first, *rest = functions
        dim = given.pop("dim", None)
        result = _make(op, first, *given.values(), *([] if dim is None else [dim]))
        for each in rest:
            result = _make(op, each, result)
        return op.call(op["activation_post_process"], result) if observed else result


_operation("add", "x, y", "torch.add")
_operation("mul", "x, y", "torch.mul")
_operation("matmul", "x, y", "torch.matmul")
_operation("cat", "x, dim=0", "torch.cat")
_operation("add_relu", "x, y", "torch.add", "torch.nn.functional.relu")
_operation("add_scalar", "x, y", "torch.add", observed=False)
_operation("mul_scalar", "x, y", "torch.mul", observed=False)
alias("torch.nn.quantized.FloatFunctional", FUNCTIONAL)
alias("torch.nn.quantized.modules.FloatFunctional", FUNCTIONAL)
alias("torch.nn.quantized.modules.functional_modules.FloatFunctional", FUNCTIONAL)


# -- helpers of torch.nn -------------------------------------------------------------------------------------


@function("torch.nn.utils.skip_init", signature="module_cls, *args, **kwargs")
def skip_init(op: Op) -> Value:
    """The module, its parameters left as they come."""
    cls = op["module_cls"]
    args, kwargs = cast(tuple[Value, ...], op["args"]), cast(dict[str, Value], op["kwargs"])
    if not (isinstance(cls, Class) and cls.derives(MODULE)):
        raise NotModelled("skip_init of a class that is not known")
    return op.caller.call(cls, args, kwargs)


def _ntuple(count: int | None, name: str) -> None:
    @function(f"torch.nn.modules.utils.{name}", signature="x")
    def repeat(op: Op) -> Value:
        """A sequence as a tuple, a lone value so many times."""
        value = op.known("x")
        if isinstance(value, (str, list, tuple, range)):
            return tuple(value)
        return (value,) * (count or 1)


for _count, _name in enumerate(("_single", "_pair", "_triple", "_quadruple"), 1):
    _ntuple(_count, _name)
