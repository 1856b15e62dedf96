"""Fractional max pooling: windows at random distances, to an asked size (arXiv 1412.6071).

The checks are those of torch.nn.functional and ATen's FractionalMaxPool2d.cpp and FractionalMaxPool3d.cpp.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.op import Op
from convlint.libs.registry import Body, function
from convlint.libs.torch.arguments import below, floating, items, kind_of, operand, repeated, whole
from convlint.libs.torch.factors import scaled
from convlint.libs.torch.layer import layer
from convlint.libs.torch.module import store
from convlint.libs.torch.pooling import with_indices
from convlint.libs.torch.wording import sizes
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Tensor, Value

SIDES = ("time", "height", "width")


def _body(rank: int, indices: bool | None = None) -> Body:
    what = f"fractional_max_pool{rank}d"

    def body(op: Op) -> Value:
        x = operand(op, "input", what)
        xs = x.shape
        assert xs is not None
        if len(xs) <= rank:
            index = -rank - 1
            message = (
                f"IndexError: Dimension out of range (expected to be in range of [{-len(xs)}, "
                f"{len(xs) - 1}], but got {index})"
            )
            op.lawful(Fault(Kind.RANK, (rank + 1, rank + 2), len(xs), (xs,)), lambda _: message)
        wanted = _sizes(op, what, rank, xs)
        kernel = _each(op, what, rank, "kernel_size", repeated(op, "kernel_size", rank))
        shape = _pooled(op, what, xs, wanted, kernel)
        _check_samples(op, rank)
        if 0 not in xs:
            floating(op, x, "check_uniform_bounds")
        return with_indices(op, x, shape, op.flag("return_indices") if indices is None else indices)

    return body


def _sizes(op: Op, what: str, rank: int, xs: Shape) -> Shape:
    if op["output_size"] is not None:
        return _each(op, what, rank, "output_size", repeated(op, "output_size", rank))
    ratio = op["output_ratio"]
    if ratio is None:
        message = f"{what} requires specifying either an output_size or an output_ratio"
        op.refuse("ValueError", message, "output_size", "output_ratio")
    members = items(op, "output_ratio")
    if members is None:
        if rank == 2 and isinstance(ratio, (int, float)):
            op.refuse("TypeError", f"object of type '{kind_of(ratio)}' has no len()", "output_ratio")
        members = (ratio,) * rank
    if rank == 2 and len(members) > 2:
        message = f"{what} requires output_ratio to either be a single Int or tuple of Ints."
        op.refuse("ValueError", message, "output_ratio")
    if len(members) < rank:
        op.refuse("IndexError", "tuple index out of range", "output_ratio")
    return tuple(scaled(op, n, r, "the output ratio") for n, r in zip(xs[-rank:], members, strict=False))


def _each(op: Op, what: str, rank: int, name: str, values: tuple[Value, ...]) -> Shape:
    if len(values) != rank:
        form = "tuple of three Ints" if rank == 3 else "tuple of Ints"
        op.refuse("RuntimeError", f"{what}: {name} must either be a single Int or {form}", name)
    return tuple(whole(op, v, name) for v in values)


def _pooled(op: Op, what: str, xs: Shape, wanted: Shape, kernel: Shape) -> Shape:
    rank = len(wanted)
    printed = what if rank == 2 else f"{what}_out"
    if len(xs) not in (rank + 1, rank + 2):
        message = (
            f"RuntimeError: {printed}(): Expected {rank + 1}D or {rank + 2}D tensor, but got: {sizes(xs)}"
        )
        op.lawful(Fault(Kind.RANK, (rank + 1, rank + 2), len(xs), (xs,)), lambda _: message)
    if 0 in xs[1:]:
        axis = xs.index(0, 1)
        message = (
            f"RuntimeError: {printed}(): Expected input to have non-zero size for non-batch dimensions, "
            f"but got{sizes(xs)} with dimension {axis} being empty."
        )
        op.lawful(Fault(Kind.KERNEL, 1, 0, (xs,), axis, detail="an empty axis"), lambda _: message)
    if below(wanted, 0):
        made = sizes((*xs[: len(xs) - rank], *wanted))
        worst = next(n for n in wanted if isinstance(n, int) and n < 0)
        op.refuse(
            "RuntimeError", f"Trying to create tensor with negative dimension {worst}: {made}", "output_size"
        )
    demands = Demands()
    for axis, (places, k) in enumerate(zip(wanted, kernel, strict=True), len(xs) - rank):
        least = places + k - 1 + (rank == 3)  # ATen's check for three axes is stricter by one
        fault = Fault(Kind.KERNEL, least, xs[axis], (xs,), axis, ("kernel_size", "output_size"))
        demands.at_least(xs[axis], least, fault)

    def words(fault: Fault) -> str:
        back = (fault.axis or 0) - len(xs)
        return (
            f"RuntimeError: {printed}(): pool {SIDES[back]} {kernel[back]} too large relative to input "
            f"{SIDES[back]} {fault.got}"
        )

    return op.lawful(demands.outcome((*xs[: len(xs) - rank], *wanted)), words)


def _check_samples(op: Op, rank: int) -> None:
    samples = op["_random_samples"]
    if isinstance(samples, Tensor) and samples.shape is not None and len(samples.shape) == 3:
        last = samples.shape[2]
        if isinstance(last, int) and last != rank:
            message = f"Expect _random_samples.size(2) equals to {rank}; got {last}."
            op.refuse("RuntimeError", message, "_random_samples")


def _build(rank: int) -> Callable[[Op], None]:
    name = f"FractionalMaxPool{rank}d"

    def build(op: Op) -> None:
        assert op.self is not None
        attrs = op.self.attrs
        kernel = repeated(op, "kernel_size", rank)
        if rank == 3 and any(isinstance(k, int) and k <= 0 for k in kernel):
            message = f"kernel_size must be greater than zero, but got {op['kernel_size']}"
            op.refuse("ValueError", message.replace("zero", "0"), "kernel_size")
        attrs["kernel_size"] = kernel
        store(op.self, "_buffers")["_random_samples"] = attrs.pop("_random_samples", None)
        size, ratio = op["output_size"], op["output_ratio"]
        for key, value in (("output_size", size), ("output_ratio", ratio)):
            attrs[key] = None if value is None else repeated(op, key, rank)
        if size is None and ratio is None:
            message = f"{name} requires specifying either an output size, or a pooling ratio"
            op.refuse("ValueError", message, "output_size", "output_ratio")
        if size is not None and ratio is not None:
            message = "only one of output_size and output_ratio may be specified"
            op.refuse("ValueError", message, "output_ratio", "output_size")
        if ratio is not None:
            _check_ratio(op, rank, ratio)

    return build


def _check_ratio(op: Op, rank: int, ratio: Value) -> None:
    members = repeated(op, "output_ratio", rank)
    if len(members) < rank:
        op.refuse("IndexError", "tuple index out of range", "output_ratio")
    if any(isinstance(r, (int, float)) and not 0 < r < 1 for r in members[:rank]):
        op.refuse("ValueError", f"output_ratio must be between 0 and 1 (got {ratio})", "output_ratio")


for _rank in (2, 3):
    _arguments = (
        "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None"
    )
    layer(f"torch.nn.FractionalMaxPool{_rank}d", _arguments, build=_build(_rank))(_body(_rank))
    _name = f"torch.nn.functional.fractional_max_pool{_rank}d"
    function(_name, signature=f"input, {_arguments}")(_body(_rank))
    function(f"{_name}_with_indices", signature=f"input, {_arguments}")(_body(_rank, True))
