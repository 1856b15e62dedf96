"""`x[…] = value`: the value broadcasts to what is selected."""

from __future__ import annotations

from convlint.dims import Expr
from convlint.libs.op import Op
from convlint.libs.torch.content import overwrite
from convlint.libs.torch.indexing import placed, selected
from convlint.libs.torch.wording import sizes as shown
from convlint.shapes.broadcast import fits_into
from convlint.shapes.fault import Fault, Shape
from convlint.values import Caller, Tensor, Value


def set_item(caller: Caller, tensor: Tensor, index: Value, value: Value) -> None:
    """`tensor[index] = value`: the value has to broadcast to what is selected. The content is forgotten."""
    op = Op(caller, "torch.Tensor.__setitem__", {"self": tensor})
    overwrite(tensor)
    selection = selected(op, op.tensor("self"), index)
    shape = placed(op, selection) if selection.advanced else selection.base.shape
    overwrite(tensor)
    if index is False:
        return
    if not isinstance(value, Tensor) or value.shape is None or shape is None:
        return
    given, wanted = value.shape, shape
    while given and given[0] == 1 and not isinstance(given[0], Expr):
        given = given[1:]

    def words(_: Fault) -> str:
        if selection.advanced:
            return (
                f"RuntimeError: shape mismatch: value tensor of shape {shown(given)} cannot be broadcast to "
                f"indexing result of shape {shown(wanted)}"
            )
        return _not_expanded(wanted, given)

    op.lawful(fits_into(shape, given), words, shape)


def _not_expanded(shape: Shape, given: Shape) -> str:
    """torch expands the value to what is selected."""
    if len(given) > len(shape):
        return (
            f"RuntimeError: expand(torch.FloatTensor{{{shown(given)}}}, size={shown(shape)}): the number "
            "of sizes "
            f"provided ({len(shape)}) must be greater or equal to the number of dimensions in the tensor "
            f"({len(given)})"
        )
    pairs = list(zip(reversed(shape), reversed(given), strict=False))
    back, (a, b) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1] and pair[1] != 1)
    return (
        f"RuntimeError: The expanded size of the tensor ({a}) must match the existing size ({b}) at "
        f"non-singleton dimension {len(shape) - back}.  Target sizes: {shown(shape)}.  Tensor sizes: "
        f"{shown(given)}"
    )
