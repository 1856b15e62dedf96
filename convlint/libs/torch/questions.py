"""What a tensor is asked: size, item, tolist, and whether it is this or that."""

from __future__ import annotations

from math import prod

from convlint.dims import Dim, Expr
from convlint.libs.op import Op
from convlint.libs.registry import function, method
from convlint.libs.torch import splitting
from convlint.libs.torch.axes import axis
from convlint.libs.torch.between import Between
from convlint.libs.torch.content import overwrite
from convlint.libs.torch.tensor import BACKWARD, KIND, TORCH, bytes_of
from convlint.shapes.fault import Kind
from convlint.values import NotModelled, Tensor, Unknown, Value

# -- questions about a tensor --------------------------------------------------------------------------------


@method(KIND, "size", "self, dim=None")
def size(op: Op) -> Value:
    """The shape, or the extent of one axis."""
    x = op.tensor("self")
    assert x.shape is not None
    if op["dim"] is None:
        return x.shape
    if not x.shape:
        raise op.caller.error("IndexError", "Dimension specified as 0 but tensor has no dimensions")
    return x.shape[axis(op, "dim", len(x.shape))]


@method(KIND, "dim", "self")
@method(KIND, "ndimension", "self")
def dim(op: Op) -> Value:
    """The number of axes."""
    return len(op.tensor("self").shape or ())


@function("torch.numel", signature="input", method="numel, nelement")
def numel(op: Op) -> Value:
    """The number of elements."""
    found: Dim | None = op.tensor("input").elements
    return found


@method(KIND, "element_size", "self")
def element_size_(op: Op) -> Value:
    """Bytes an element takes."""
    return bytes_of(op, op.tensor("self"))


@method(KIND, "item", "self")
def item(op: Op) -> Value:
    """The number of a tensor that has one."""
    x = op.tensor("self")
    if isinstance(x.elements, int) and x.elements != 1:
        op.refuse(
            "RuntimeError", f"a Tensor with {x.elements} elements cannot be converted to Scalar", "self"
        )
    return op.unknown("the content of a tensor is not known") if x.data is None else _certain(op, x.data[0])


@method(KIND, "tolist", "self")
def tolist(op: Op) -> Value:
    """Nested lists; of unknown numbers where the content is not known."""
    x = op.tensor("self")
    assert x.shape is not None
    count = x.elements
    if (
        not isinstance(count, int)
        or any(isinstance(n, Expr) for n in x.shape)
        or count > splitting.MAX_PIECES
    ):
        raise NotModelled("the size of a list depends on the input")
    if x.data is not None:
        data: list[Value] = [_certain(op, value) for value in x.data]
    else:
        why = op.unknown("the content of a tensor is not known")
        data = [why.derive(i) for i in range(count)]
    return _nested(data, [n for n in x.shape if isinstance(n, int)])


def _certain(op: Op, value: Value) -> Value:
    return op.unknown("a number known only up to rounding") if isinstance(value, Between) else value


def _nested(data: list[Value], shape: list[int]) -> Value:
    if not shape:
        return data[0]
    inner = prod(shape[1:])
    return [_nested(data[i * inner : (i + 1) * inner], shape[1:]) for i in range(shape[0])]


@method(KIND, "numpy", "self, *, force=False")
@method(KIND, "__array__", "self, dtype=None")
def numpy(op: Op) -> Value:
    """The same memory as an array."""
    return op.unknown("NumPy arrays are not followed")


@function("torch.is_tensor", signature="obj")
def is_tensor(op: Op) -> Value:
    """Whether the value is a tensor."""
    value = op["obj"]
    return value if isinstance(value, Unknown) else isinstance(value, Tensor)


@function("torch.is_nonzero", signature="input", method=True)
def is_nonzero(op: Op) -> Value:
    """The truth of a tensor of one number."""
    return TORCH.truth(op.caller, op.tensor("input"))


@function("torch.is_same_size", signature="input, other", method=True)
def is_same_size(op: Op) -> Value:
    """Whether two shapes are equal."""
    a, b = op.tensor("input").shape, op.tensor("other").shape
    return op.caller.binary("==", a, b)


@method(KIND, "backward", "self, gradient=None, retain_graph=None, create_graph=False, inputs=None")
def backward(op: Op) -> Value:
    """Gradients exist from here on; their numbers are not followed. Only one number can be differentiated."""
    op.caller.state[BACKWARD] = True
    count = op.tensor("self").elements
    if op["gradient"] is None and isinstance(count, int) and count != 1:
        op.refuse("RuntimeError", "grad can be implicitly created only for scalar outputs", kind=Kind.RESULT)
    return None


@method(KIND, "register_hook", "self, hook")
@method(KIND, "register_post_accumulate_grad_hook", "self, hook")
def register_hook(op: Op) -> Value:
    """Hooks on gradients do not change shapes."""
    return op.unknown("hooks on gradients are not followed")


@method(KIND, "is_shared", "self")
@method(KIND, "is_pinned", "self, device=None")
@function("torch.is_conj", signature="input", method=True)
@function("torch.is_neg", signature="input", method=True)
@function("torch.is_inference", signature="input", method=True)
def is_special(op: Op) -> Value:
    """No tensor of an analysis is shared, pinned, or lazily conjugated."""
    return False


@method(KIND, "apply_", "self, callable")
@method(KIND, "map_", "self, tensor, callable")
def apply_(op: Op) -> Value:
    """A function of Python on each element, in place; the content is not followed."""
    x = op.tensor("self")
    overwrite(x)
    return x


@method(KIND, "data_ptr", "self")
@method(KIND, "storage_offset", "self")
def address(op: Op) -> Value:
    """Where the elements lie is not followed."""
    return op.unknown("the memory of a tensor is not followed")


@method(KIND, "get_device", "self")
def get_device(op: Op) -> Value:
    """-1: the CPU."""
    return -1
