"""`torch.Tensor`: properties, operators, iteration and truth, as the interpreter asks for them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from convlint.dims import Expr, TooComplex
from convlint.libs.op import Op
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import content
from convlint.libs.python.host import attempt
from convlint.libs.python.methods.table import special
from convlint.libs.registry import klass, lookup, tensor_protocol
from convlint.libs.torch import assignment, dtypes, indexing, splitting
from convlint.libs.torch.content import overwrite, share
from convlint.libs.torch.conversion import set_requires_grad
from convlint.libs.torch.device import CPU
from convlint.libs.torch.dtypes import dtype_object, element_size
from convlint.libs.torch.orders import last_two_exchanged
from convlint.libs.torch.views import reordered, strides_of, view
from convlint.shapes.fault import Fault, Kind
from convlint.values import Caller, Condition, NotModelled, Raised, Tensor, Unknown, Value

KIND = "torch.Tensor"

# -- properties ----------------------------------------------------------------------------------------------

Property = Callable[[Op, Tensor], Value]


def _dtype(op: Op, x: Tensor) -> Value:
    return op.unknown("the dtype is not known") if x.dtype is None else dtype_object(x.dtype)


def _transposed(op: Op, x: Tensor) -> Value:
    return reordered(op, x, range(len(x.shape or ()))[::-1])


def _matrices(op: Op, x: Tensor) -> Value:
    return last_two_exchanged(op, x, op.name)


def _hermitian(op: Op, x: Tensor) -> Value:
    rank = len(x.shape or ())
    if rank != 2 and rank != 0:
        words = f"tensor.H is only supported on matrices (2-D tensors). Got {rank}-D tensor."
        words += " For batches of matrices, consider using tensor.mH" if rank > 2 else ""
        op.lawful(Fault(Kind.RANK, 2, rank, (x.shape or (),)), lambda _: f"RuntimeError: {words}")
    return _transposed(op, x)


def _data(op: Op, x: Tensor) -> Value:
    return share(op.result(x, x.shape, strides=x.strides, data=x.data), x)


BACKWARD = "torch.backward"


def _grad(op: Op, x: Tensor) -> Value:
    if op.caller.state.get(BACKWARD):
        return op.unknown("gradients are not followed")
    return None


def _requires_grad(op: Op, x: Tensor) -> Value:
    if x.trainable is not None:
        return x.trainable
    if x.origin is None or (x.origin.before is None and x.origin.layer is None):
        return False  # made, not computed
    return op.unknown("whether a result requires a gradient is not followed")


def _real(op: Op, x: Tensor) -> Value:
    if x.dtype is None:
        return op.unknown("the dtype is not known")
    return view(op, x, x.shape or (), None if dtypes.is_complex(x.dtype) else strides_of(x), x.data).like(
        x.shape, dtype=dtypes.real_of(x.dtype), strides=None if dtypes.is_complex(x.dtype) else x.strides
    )


def _imag(op: Op, x: Tensor) -> Value:
    if x.dtype is not None and not dtypes.is_complex(x.dtype):
        op.refuse(
            "RuntimeError", "imag is not implemented for tensors with non-complex dtypes.", kind=Kind.OTHER
        )
    return _real(op, x)


def bytes_of(op: Op, x: Tensor) -> Value:
    return op.unknown("the dtype is not known") if x.dtype is None else element_size(x.dtype)


def _all_bytes(op: Op, x: Tensor) -> Value:
    return (
        op.unknown("the dtype is not known")
        if x.dtype is None
        else element_size(x.dtype) * prod(x.shape or ())
    )


_PROPERTIES: dict[str, Property] = {
    "shape": lambda op, x: x.shape,
    "ndim": lambda op, x: len(x.shape or ()),
    "dtype": _dtype,
    "T": _transposed,
    "mT": _matrices,
    "mH": _matrices,
    "H": _hermitian,
    "data": _data,
    "grad": _grad,
    "requires_grad": _requires_grad,
    "real": _real,
    "imag": _imag,
    "itemsize": bytes_of,
    "nbytes": _all_bytes,
}
_CONSTANTS: dict[str, Value] = {
    "is_cuda": False, "is_cpu": True, "is_meta": False, "is_mps": False, "is_xpu": False, "is_sparse": False,
    "is_sparse_csr": False, "is_quantized": False, "is_mkldnn": False, "is_nested": False, "is_xla": False,
    "is_ipu": False, "is_vulkan": False, "is_mtia": False, "is_maia": False, "device": CPU, "output_nr": 0,
    "retains_grad": False, "volatile": False,
}  # fmt: skip


def _unknown_rank(name: str, x: Tensor) -> bool:
    return x.shape is None and name not in ("dtype", "grad", "requires_grad", "itemsize", "data")


# -- operators -----------------------------------------------------------------------------------------------

_BINARY = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floor_divide", "%": "remainder", "**": "pow",
    "@": "matmul", "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "&": "bitwise_and",
    "|": "bitwise_or", "^": "bitwise_xor", "<<": "bitwise_left_shift", ">>": "bitwise_right_shift",
}  # fmt: skip
_ORDER = ("<", "<=", ">", ">=")


class TorchTensors:
    """The protocol of `torch.Tensor`. What is not modelled is an unknown value, with the reason."""

    channels_last = False
    free_batch = None

    def get_attribute(self, caller: Caller, tensor: Tensor, name: str) -> Value:
        """A property, `MISSING` for anything else."""
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name == "layout":
            return lookup("torch.strided")
        if name == "is_leaf":
            return tensor.origin is None or caller.unknown("whether a tensor is a leaf is not followed")
        if name == "grad_fn":
            return None if tensor.origin is None else caller.unknown("gradients are not followed")
        found = _PROPERTIES.get(name)
        if found is None:
            return MISSING
        if _unknown_rank(name, tensor):
            return caller.unknown("the rank of a tensor is not known")
        return _guarded(caller, lambda: found(Op(caller, f"{KIND}.{name}", {"self": tensor}), tensor))

    def set_attribute(self, caller: Caller, tensor: Tensor, name: str, value: Value) -> None:
        """`data` takes another tensor's shape and numbers; everything else is kept as it is."""
        match name, value:
            case "data", Tensor():
                tensor.restate(value.shape)
                tensor.dtype, tensor.strides = value.dtype, value.strides
                overwrite(tensor, value.data)
                share(tensor, value)
            case "data", _:
                tensor.restate(None)
                tensor.dtype = tensor.strides = None
                overwrite(tensor)
            case "requires_grad", _:
                set_requires_grad(tensor, value)
            case _:
                tensor.attrs = {} if tensor.attrs is None else tensor.attrs
                tensor.attrs[name] = value

    def binary(
        self, caller: Caller, operator: str, left: Value, right: Value, inplace: bool = False
    ) -> Value:
        """Operators are the functions of the same meaning."""
        if operator in ("in", "not in"):
            return self._contains(caller, operator, left, right)
        if refusal := _refusal(caller, operator, left, right):
            if operator in ("==", "!="):
                return operator == "!="
            raise refusal
        if inplace and isinstance(right, Unknown) and isinstance(left, Tensor):
            overwrite(left)  # whatever is written, shape and dtype stay
            return left
        name = _BINARY[operator] + ("_" if inplace and isinstance(left, Tensor) and operator != "@" else "")
        target = lookup(f"{KIND}.{name}")
        assert target is not None
        result = caller.call(target, (left, right))
        if inplace and isinstance(left, Tensor) and isinstance(result, Unknown) and operator != "@":
            overwrite(left)
            return left
        return result

    def _contains(self, caller: Caller, operator: str, item: Value, container: Value) -> Value:
        if not isinstance(container, Tensor):
            return caller.unknown("whether a tensor is among values is not followed")
        same = self.binary(caller, "==", container, item)
        if not isinstance(same, Tensor) or same.data is None:
            return caller.unknown("the content of a tensor is not known")
        return any(same.data) is (operator == "in")

    def unary(self, caller: Caller, operator: str, tensor: Tensor) -> Value:
        """`-x`, `+x`, `~x`, `not x`."""
        if operator == "not":
            truth = self.truth(caller, tensor)
            return not truth if isinstance(truth, bool) else truth.derive("not")
        if (
            operator == "~"
            and tensor.dtype is not None
            and (dtypes.is_float(tensor.dtype) or dtypes.is_complex(tensor.dtype))
        ):
            raise caller.error(
                "TypeError", "~ (operator.invert) is only implemented on integer and Boolean-type tensors"
            )
        target = lookup(f"{KIND}." + {"-": "neg", "+": "positive", "~": "bitwise_not"}[operator])
        return caller.call(target, (tensor,))

    def forget_content(self, tensor: Tensor) -> None:
        """Its family of views forgets, too."""
        overwrite(tensor)

    def get_item(self, caller: Caller, tensor: Tensor, index: Value) -> Value:
        """`x[…]`."""
        return _guarded(caller, lambda: indexing.get_item(caller, tensor, index))

    def set_item(self, caller: Caller, tensor: Tensor, index: Value, value: Value) -> None:
        """`x[…] = value`."""
        _guarded(caller, lambda: assignment.set_item(caller, tensor, index, value))

    def length(self, caller: Caller, tensor: Tensor) -> Value:
        """The extent of the first axis."""
        if tensor.shape is None:
            return caller.unknown("the rank of a tensor is not known")
        if not tensor.shape:
            raise caller.error("TypeError", "len() of a 0-d tensor")
        return tensor.shape[0]

    def iterate(self, caller: Caller, tensor: Tensor) -> list[Value]:
        """One view for each index of the first axis."""
        if tensor.shape is None:
            raise NotModelled("the rank of a tensor is not known")
        if not tensor.shape:
            raise caller.error("TypeError", "iteration over a 0-d tensor")
        rows = _guarded(caller, lambda: self._rows(caller, tensor))
        if isinstance(rows, Unknown):
            raise NotModelled(rows.reason)
        assert isinstance(rows, list)
        return rows

    def _rows(self, caller: Caller, tensor: Tensor) -> list[Value]:
        return list(splitting.rows(Op(caller, f"{KIND}.unbind", {"input": tensor}), tensor, 0))

    def truth(self, caller: Caller, tensor: Tensor) -> bool | Unknown:
        """Of one number; several have none."""
        count = tensor.elements
        if isinstance(count, int) and count != 1:
            many = "more than one value" if count else "no values"
            raise caller.error("RuntimeError", f"Boolean value of Tensor with {many} is ambiguous")
        if tensor.data is None or isinstance(tensor.data[0], Condition):
            return caller.unknown("the content of a tensor is not known")
        return caller.truth(tensor.data[0])


def _guarded(caller: Caller, run: Callable[[], Value]) -> Value:
    try:
        return run()
    except NotModelled as why:
        return caller.unknown(why.reason)
    except TooComplex as error:
        return caller.unknown(f"an extent grows beyond the limits: {error}")


def _refusal(caller: Caller, operator: str, left: Value, right: Value) -> Raised | None:
    """The TypeError for an operand that is neither tensor nor number."""
    for side in (left, right):
        bad = side is None or isinstance(side, (str, bytes, list, tuple, dict, set))
        if bad or (operator == "@" and isinstance(side, (int, float, Expr))):
            names = [_type_name(each) for each in (left, right)]
            if operator in _ORDER:
                return caller.error(
                    "TypeError",
                    f"'{operator}' not supported between instances of '{names[0]}' and '{names[1]}'",
                )
            return caller.error(
                "TypeError", f"unsupported operand type(s) for {operator}: '{names[0]}' and '{names[1]}'"
            )
    return None


def _type_name(value: Value) -> str:
    return "int" if isinstance(value, Expr) else type(value).__name__


@special(tuple)
def numel(caller: Caller, receiver: Value, /) -> Value:
    """`torch.Size.numel`: a shape is held as a tuple."""
    extents = content(receiver)
    if isinstance(extents, tuple) and all(isinstance(extent, (int, Expr)) for extent in extents):
        return attempt(caller, prod, extents)
    raise NotModelled("the extents of a shape are not known")


TORCH = TorchTensors()
tensor_protocol(KIND, TORCH)
klass(KIND, "builtins.object")
