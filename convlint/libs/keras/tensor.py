"""`keras.KerasTensor`: shapes with None for what is free, operators by NumPy's broadcasting."""

from __future__ import annotations

from convlint.dims import Dim, Expr, symbol
from convlint.libs.keras.declare import graph_function
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND
from convlint.libs.op import Op
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import content
from convlint.libs.python.methods.table import special
from convlint.libs.registry import alias, klass, method, tensor_protocol
from convlint.shapes.broadcast import broadcast, torn
from convlint.shapes.fault import Fault, Shape
from convlint.shapes.matrix import matrix_product, product_macs
from convlint.shapes.slicing import sliced
from convlint.values import Caller, NotModelled, Tensor, Unknown, Value

klass(KIND, "builtins.object")
alias("keras.backend.KerasTensor", KIND)


def operands(op: Op, names: tuple[str, ...] = ("x1", "x2")) -> list[Tensor]:
    """The operands as tensors; a number has no axes."""
    return [as_tensor(op, op[name]) for name in names]


def as_tensor(op: Op, value: Value) -> Tensor:
    """A tensor, a number, or nested lists of numbers."""
    if isinstance(value, Tensor):
        if value.shape is None:
            raise NotModelled("the rank of an operand is not known")
        return value
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if isinstance(value, (list, tuple)):
        inner = as_tensor(op, value[0]) if value else Tensor((), kind=KIND)
        return Tensor((len(value), *(inner.shape or ())), inner.dtype, kind=KIND)
    if isinstance(value, (int, float, complex, bool, Expr)):
        dtype = "float32" if isinstance(value, float) else "int32"
        return Tensor((), dtype, kind=KIND)
    raise NotModelled("an operand is no tensor")


def joined(op: Op, tensors: list[Tensor]) -> Shape:
    """The broadcast shape of operands."""
    shapes = tuple(t.shape or () for t in tensors)
    outcome = broadcast(*shapes)
    instead: Shape | None = None
    if isinstance(outcome, Fault):
        why = op.unknown("operands do not join on this axis")
        instead = tuple(
            why.derive(("axis", axis)).dim if extent is None else extent
            for axis, extent in enumerate(torn(*shapes))
        )
    return op.lawful(outcome, lambda fault: not_joining(fault, shapes), instead)


def not_joining(fault: Fault, shapes: tuple[Shape, ...]) -> str:
    """Keras' sentence for shapes that do not broadcast."""
    left, right = (shown_shape(s) for s in (*shapes, *shapes)[:2])
    return (
        f"ValueError: Cannot broadcast shape, the failure dim has value {fault.expected}, which cannot be "
        f"broadcasted to {fault.got}. Input shapes are: {list(left)} and {list(right)}."
    )


def elementwise(op: Op) -> Value:
    """A result of the operands' joint shape."""
    both = operands(op)
    first = next((t for t in both if t.shape), both[0])
    integer = all(t.dtype is not None and t.dtype.startswith("int") for t in both)
    return op.result(first, joined(op, both), kind=KIND, dtype=first.dtype if not integer else both[0].dtype)


def matmul(op: Op) -> Value:
    """A matrix product, and its multiply-accumulates."""
    left, right = operands(op)
    outcome = matrix_product(left.shape or (), right.shape or ())
    shape = op.lawful(outcome, _no_product)
    op.caller.count_macs(product_macs(left.shape or (), right.shape or (), shape))
    return op.result(left, shape, kind=KIND)


def _no_product(fault: Fault) -> str:
    left, right = (shown_shape(s) for s in (*fault.shapes, (), ())[:2])
    return (
        "ValueError: Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received "
        f"x1.shape={left} and x2.shape={right}"
    )


def compared(op: Op) -> Value:
    """A comparison, element by element."""
    both = operands(op)
    return op.result(both[0], joined(op, both), kind=KIND, dtype="bool")


_ELEMENTWISE = {
    operator: graph_function(f"{KIND}.{name}", "x1, x2", elementwise)
    for operator, name in (
        ("+", "add"), ("-", "subtract"), ("*", "multiply"), ("/", "true_divide"), ("//", "floor_divide"),
        ("%", "mod"), ("**", "power"), ("&", "logical_and"), ("|", "logical_or"), ("^", "logical_xor"),
    )
}  # fmt: skip
_OTHER = graph_function(f"{KIND}.other", "x1, x2", elementwise)
_MATMUL = graph_function(f"{KIND}.matmul", "x1, x2", matmul)
_COMPARED = {
    operator: graph_function(f"{KIND}.{name}", "x1, x2", compared)
    for operator, name in (
        ("==", "equal"), ("!=", "not_equal"), ("<", "less"), ("<=", "less_equal"), (">", "greater"),
        (">=", "greater_equal"),
    )
}  # fmt: skip
_UNARY = {
    operator: graph_function(f"{KIND}.{name}", "x1, x2", elementwise)
    for operator, name in (("-", "negative"), ("~", "logical_not"))
}


def subscript(op: Op) -> Value:
    """`x[index]`: integers, slices, None and Ellipsis."""
    x, index = op.tensor("x"), op["index"]
    shape = x.shape
    assert shape is not None
    parts = list(index) if isinstance(index, tuple) else [index]
    axes = sum(1 for part in parts if part is not None and part is not ...)
    if ... in [p for p in parts if not isinstance(p, (Tensor, Expr))]:
        at = next(i for i, p in enumerate(parts) if p is ...)
        parts[at : at + 1] = [slice(None)] * (len(shape) - axes)
    else:
        parts += [slice(None)] * (len(shape) - axes)
    result: list[Dim] = []
    axis = 0
    for part in parts:
        if part is None:
            result.append(1)
            continue
        if axis >= len(shape):
            raise op.caller.error("IndexError", "too many indices for the tensor")
        if isinstance(part, slice):
            result.append(_slice(op, shape[axis], part))
        elif not isinstance(part, (int, Expr)):
            raise NotModelled("this form of a subscript is not modelled")
        axis += 1
    return op.result(x, tuple(result), kind=KIND)


def _slice(op: Op, extent: Dim, part: slice) -> Dim:
    if (part.start, part.stop, part.step) == (None, None, None):
        return extent
    start, stop, step = (None if v is None else op.as_dim(v) for v in (part.start, part.stop, part.step))
    if step is None:
        step = 1
    if isinstance(step, int) and step < 0:
        if start is None and stop is None and step == -1:
            return extent
        raise NotModelled("a slice with a negative step is not modelled")
    ask = op.caller.holds
    return sliced(extent, start, stop, step, lambda q: bool(ask(q)), lambda q: ask(q) is True)[1]


_SUBSCRIPT = graph_function(f"{KIND}.get_item", "x, index", subscript)


class KerasTensors:
    """`TensorProtocol` of Keras' symbolic tensors."""

    channels_last = True
    free_batch = symbol("N")

    def get_attribute(self, caller: Caller, tensor: Tensor, name: str) -> Value:
        shape = tensor.shape
        match name:
            case "shape" | "_keras_shape" | "_shape_val":  # as Keras 1 and TensorFlow 1 call it, too
                return (
                    caller.unknown("the rank of a tensor is not known")
                    if shape is None
                    else shown_shape(shape)
                )
            case "dtype":
                return caller.unknown("the dtype is not known") if tensor.dtype is None else tensor.dtype
            case "ndim":
                return caller.unknown("the rank of a tensor is not known") if shape is None else len(shape)
            case "name":
                return "keras_tensor"
        return MISSING

    def set_attribute(self, caller: Caller, tensor: Tensor, name: str, value: Value) -> None:
        tensor.attrs = {**(tensor.attrs or {}), name: value}

    def binary(
        self, caller: Caller, operator: str, left: Value, right: Value, inplace: bool = False
    ) -> Value:
        if operator in ("in", "not in"):
            return caller.unknown("whether a tensor is among values is not followed")
        chosen = _MATMUL if operator == "@" else _COMPARED.get(operator) or _ELEMENTWISE.get(operator, _OTHER)
        return caller.call(chosen, (left, right))

    def unary(self, caller: Caller, operator: str, tensor: Tensor) -> Value:
        if operator == "not":
            return self.truth(caller, tensor)
        return caller.call(_UNARY.get(operator, _OTHER), (tensor, 1))

    def get_item(self, caller: Caller, tensor: Tensor, index: Value) -> Value:
        return caller.call(_SUBSCRIPT, (tensor, index))

    def set_item(self, caller: Caller, tensor: Tensor, index: Value, value: Value) -> None:
        raise caller.error("TypeError", "'KerasTensor' object does not support item assignment")

    def length(self, caller: Caller, tensor: Tensor) -> Value:
        if not tensor.shape:
            return caller.unknown("the length of a tensor is not known")
        return tensor.shape[0]

    def iterate(self, caller: Caller, tensor: Tensor) -> list[Value]:
        count = self.length(caller, tensor)
        if not isinstance(count, int):
            raise NotModelled("the number of rows of a tensor is not known")
        return [self.get_item(caller, tensor, i) for i in range(count)]

    def forget_content(self, tensor: Tensor) -> None:
        """No content is kept."""

    def truth(self, caller: Caller, tensor: Tensor) -> bool | Unknown:
        return caller.unknown("the content of a tensor is not known")


tensor_protocol(KIND, KerasTensors())


@method(KIND, "get_shape", "self")
def get_shape(op: Op) -> Value:
    """`x.get_shape()` of TensorFlow's tensors and of those of Keras 2."""
    return op.caller.getattr(op.args["self"], "shape")


@special(tuple)
def as_list(caller: Caller, receiver: Value, /) -> Value:
    """`TensorShape.as_list`, as Keras 2 has it: a shape is held as a tuple."""
    extents = content(receiver)
    if isinstance(extents, tuple) and all(n is None or isinstance(n, (int, Expr)) for n in extents):
        return list(extents)
    raise NotModelled("the extents of a shape are not known")
