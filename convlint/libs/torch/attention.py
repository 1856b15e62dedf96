"""`scaled_dot_product_attention`: the sentences are those of the matrix products it is made of."""

from __future__ import annotations

from convlint.dims import product
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.wording import by, sizes
from convlint.shapes import attention as law
from convlint.shapes.broadcast import broadcast
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.values import NotModelled, Tensor, Value


@function(
    "torch.nn.functional.scaled_dot_product_attention",
    signature="query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, "
    "enable_gqa=False",
)
def scaled_dot_product_attention(op: Op) -> Value:
    """softmax(q kᵀ · scale + mask) v over the last two axes."""
    tensors = [op.tensor(name) for name in ("query", "key", "value")]
    query, key, value = (t.shape or () for t in tensors)
    if min(len(query), len(key), len(value)) < 2:
        words = (
            "Expected query, key, and value to all be  at least 2 dimensional, but got "
            f"query.dim: {len(query)} key.dim: {len(key)} and value.dim: {len(value)} instead."
        )
        op.refuse("RuntimeError", words, "query", kind=Kind.RANK)
    if op.flag("enable_gqa"):
        key, value = (_repeated(op, query, each) for each in (key, value))
    weights = op.lawful(law.scores(query, key), lambda fault: _words(fault, (*key[:-2], key[-1], key[-2])))
    mask = op["attn_mask"]
    if isinstance(mask, Tensor) and mask.shape is not None:
        _check_mask(op, mask.shape, weights)
    shape = op.lawful(
        law.weighted(weights, value), lambda fault: _words(fault, value), (*query[:-1], value[-1])
    )
    op.caller.count_macs(law.macs(query, weights, shape))
    return op.result(tensors[0], shape, strides=None)


def _check_mask(op: Op, mask: Shape, weights: Shape) -> None:
    if len(mask) < 2 and len(weights) > len(mask):
        raise NotModelled("an attention mask of fewer than two axes")
    joined = broadcast(weights, mask)
    stretched = joined.shape if isinstance(joined, Lawful) else ()
    in_place = f"output with shape {sizes(weights)} doesn't match the broadcast shape {sizes(stretched)}"

    def words(fault: Fault) -> str:
        return f"RuntimeError: {in_place}" if isinstance(fault.expected, tuple) else not_joining(fault)

    op.lawful(law.mask_fits(mask, weights), words, weights)


def _repeated(op: Op, query: Shape, heads: Shape) -> Shape:
    """Grouped queries: every key and value head serves as many query heads as there are to one."""
    if len(query) < 3 or len(heads) < 3:
        words = "Dimension out of range (expected to be in range of [-2, 1], but got -3)"
        op.refuse("IndexError", words, "query", "enable_gqa", kind=Kind.RANK)
    demands = Demands()
    fault = Fault(Kind.OTHER, query[-3], heads[-3], (query, heads), -3, ("key", "value"))
    demands.divides(heads[-3], query[-3], fault)
    words = "RuntimeError: Number of heads in key and value must divide the number of heads in "
    return op.lawful(demands.outcome((*heads[:-3], query[-3], *heads[-2:])), lambda _: words)


def _words(fault: Fault, right: Shape) -> str:
    """The sentence of the matrix product that fails, of `fault.shapes[0]` with `right`."""
    if fault.kind is Kind.JOIN:
        return not_joining(fault)
    left = fault.shapes[0]
    if len(left) == 2:
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({by(left)} and {by(right)})"
    batch = product(left[:-2])
    return (
        "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: "
        f"[{batch}, {left[-1]}] but got: [{batch}, {right[-2]}]."
    )
