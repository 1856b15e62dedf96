"""The few operations that einops asks of a framework. What they are given fits: the laws have seen to that.

Law: a reduction, a join and a product are the framework's own, with its dtypes and its refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, Protocol

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import lookup
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Unknown, Value


class Backend(Protocol):
    """One framework, as einops uses it."""

    def shown(self, shape: Shape) -> str:
        """A shape as the framework prints it."""

    def regroup(self, op: Op, x: Tensor, shape: Shape) -> Tensor:
        """The tensor in another shape of as many elements."""

    def reorder(self, op: Op, x: Tensor, order: Sequence[int]) -> Tensor:
        """The tensor with its axes in another order."""

    def stretch(self, op: Op, x: Tensor, added: Sequence[tuple[int, Dim]]) -> Tensor:
        """The tensor with new axes at these places (ascending), repeated along them."""

    def reduce(self, op: Op, x: Tensor, operation: str, axes: tuple[int, ...]) -> Value:
        """A reduction by its name."""

    def stack(self, op: Op, tensors: list[Value]) -> Value:
        """Tensors along a new first axis."""

    def join(self, op: Op, tensors: list[Value], axis: int) -> Value:
        """Tensors one after another along an axis."""

    def product(self, op: Op, equation: str, tensors: Sequence[Value]) -> Value:
        """A sum of products by its equation."""

    def reshape(self, op: Op, x: Value, shape: tuple[Value, ...]) -> Value:
        """The framework's own reshape, with its refusals."""

    def array(self, op: Op, x: Value) -> Value:
        """The tensor as an array of NumPy's."""


class Torch:
    """PyTorch's tensors. Its files are imported at need: einops is there without them."""

    def shown(self, shape: Shape) -> str:
        return f"torch.Size([{', '.join(map(str, shape))}])"

    def regroup(self, op: Op, x: Tensor, shape: Shape) -> Tensor:
        from convlint.libs.torch.reshaping import in_sizes

        return in_sizes(op, x, shape, copies=True)

    def reorder(self, op: Op, x: Tensor, order: Sequence[int]) -> Tensor:
        from convlint.libs.torch.views import reordered

        return reordered(op, x, order)

    def stretch(self, op: Op, x: Tensor, added: Sequence[tuple[int, Dim]]) -> Tensor:
        from convlint.libs.torch.stretching import expanded
        from convlint.libs.torch.views import with_axes

        wide = with_axes(op, x, tuple(place for place, _ in added))
        sizes: list[Dim] = [-1] * len(wide.shape or ())
        for place, extent in added:
            sizes[place] = extent
        return expanded(op, wide, tuple(sizes))

    def reduce(self, op: Op, x: Tensor, operation: str, axes: tuple[int, ...]) -> Value:
        if operation == "mean" and x.dtype is not None and "float" not in x.dtype:
            op.refuse("NotImplementedError", "reduce_mean is not available for non-floating tensors")
        if operation in ("any", "all", "prod"):
            found: Value = x
            for axis in sorted(axes, reverse=True):
                found = op.call(op.caller.getattr(found, operation), dim=axis)
            return found
        name = {"min": "amin", "max": "amax"}.get(operation, operation)
        return op.call(op.caller.getattr(x, name), dim=axes)

    def stack(self, op: Op, tensors: list[Value]) -> Value:
        return op.call(lookup("torch.stack"), tensors)

    def join(self, op: Op, tensors: list[Value], axis: int) -> Value:
        return op.call(lookup("torch.cat"), tensors, dim=axis)

    def product(self, op: Op, equation: str, tensors: Sequence[Value]) -> Value:
        return op.call(lookup("torch.einsum"), equation, *tensors)

    def reshape(self, op: Op, x: Value, shape: tuple[Value, ...]) -> Value:
        return op.call(op.caller.getattr(x, "reshape"), shape)

    def array(self, op: Op, x: Value) -> Value:
        for name in ("detach", "cpu", "numpy"):
            x = op.call(op.caller.getattr(x, name))
        return x


class Keras:
    """Keras' and TensorFlow's tensors."""

    def shown(self, shape: Shape) -> str:
        return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"

    def regroup(self, op: Op, x: Tensor, shape: Shape) -> Tensor:
        return self._made(op, x, shape)

    def reorder(self, op: Op, x: Tensor, order: Sequence[int]) -> Tensor:
        assert x.shape is not None
        return self._made(op, x, tuple(x.shape[axis] for axis in order))

    def stretch(self, op: Op, x: Tensor, added: Sequence[tuple[int, Dim]]) -> Tensor:
        shape = list(x.shape or ())
        for place, extent in added:
            shape.insert(place, extent)
        return self._made(op, x, tuple(shape))

    def _made(self, op: Op, x: Tensor, shape: Shape) -> Tensor:
        return op.result(x, shape)

    def reduce(self, op: Op, x: Tensor, operation: str, axes: tuple[int, ...]) -> Value:
        if operation == "mean" and x.dtype is not None and "float" not in x.dtype:
            op.refuse("NotImplementedError", "reduce_mean is not available for non-floating tensors")
        return op.call(lookup(f"tensorflow.reduce_{operation}"), x, axis=axes)

    def stack(self, op: Op, tensors: list[Value]) -> Value:
        return op.call(lookup("tensorflow.stack"), tensors)

    def join(self, op: Op, tensors: list[Value], axis: int) -> Value:
        return op.call(lookup("tensorflow.concat"), tensors, axis=axis)

    def product(self, op: Op, equation: str, tensors: Sequence[Value]) -> Value:
        return op.call(lookup("tensorflow.einsum"), equation, *tensors)

    def reshape(self, op: Op, x: Value, shape: tuple[Value, ...]) -> Value:
        return op.call(lookup("tensorflow.reshape"), x, shape)

    def array(self, op: Op, x: Value) -> Value:
        return op.call(op.caller.getattr(x, "numpy"))


_BACKENDS: dict[str, Backend] = {"torch.Tensor": Torch(), "keras.KerasTensor": Keras()}


def tensor_of(op: Op, value: Value) -> tuple[Tensor, Backend]:
    """A tensor of known rank with its framework. Anything that is none of any framework is refused."""
    if isinstance(value, Tensor):
        if value.kind not in _BACKENDS:
            raise NotModelled(f"einops on a {value.kind} is not modelled")
        if value.shape is None:
            raise NotModelled("the rank of a tensor is not known")
        return value, _BACKENDS[value.kind]
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if value is None or type(value) in (int, float, bool, str, tuple, dict):
        unknown_type(op, value)
    raise NotModelled(f"what {op.name} is given is not known to be a tensor")


def unknown_type(op: Op, value: Value) -> NoReturn:
    """einops' words for what is no tensor."""
    words = f"Tensor type unknown to einops {type(value)}"
    fault = Fault(Kind.ARGUMENT, arguments=("tensor",), detail=words)
    op.caller.fault(fault, lambda _: f"RuntimeError: {words}", op.self)
    raise NotModelled(f"{op.name} refuses: {words}")
