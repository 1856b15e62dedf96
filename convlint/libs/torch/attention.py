"""`scaled_dot_product_attention`: the sentences are those of the matrix products it is made of."""

from __future__ import annotations

from convlint.dims import product
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.libs.torch.broadcasting import not_joining
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.attention import Scores, attend, mask_fits
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Lawful, Shape
from convlint.values import NotModelled, Tensor, Value


@function(
    "torch.nn.functional.scaled_dot_product_attention",
    signature="query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, enable_gqa=False",
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
    scores = attend(query, key, value)
    if isinstance(scores, Fault):
        shape = op.lawful(scores, lambda fault: _products(fault, query, key, value))
        return op.result(tensors[0], shape)
    shape = op.lawful(
        Lawful(scores.result, scores.requires), lambda fault: _products(fault, query, key, value)
    )
    mask = op["attn_mask"]
    if isinstance(mask, Tensor) and mask.shape is not None:
        _check_mask(op, mask.shape, scores)
    op.caller.count_macs(scores.macs)
    return op.result(tensors[0], shape, strides=None)


def _check_mask(op: Op, mask: Shape, scores: Scores) -> None:
    if len(mask) < 2 and len(scores.weights) > len(mask):
        raise NotModelled("an attention mask of fewer than two axes")
    op.lawful(
        mask_fits(mask, scores.weights), lambda fault: _mask_words(fault, scores.weights), scores.weights
    )


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


def _products(fault: Fault, query: Shape, key: Shape, value: Shape) -> str:
    """The sentence of the matrix product that fails: the first is query · keyᵀ, the second weights · value."""
    if fault.kind is Kind.JOIN:
        return not_joining(fault)
    second = fault.detail == "length"
    left = (query[-2], key[-2]) if second else query[-2:]
    right = value[-2:] if second else (key[-1], key[-2])
    if len(query) == 2:
        return f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({by(left)} and {by(right)})"
    batch = product(query[:-2])
    return (
        "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: "
        f"[{batch}, {left[1]}] but got: [{batch}, {right[0]}]."
    )


def _mask_words(fault: Fault, weights: Shape) -> str:
    if isinstance(fault.expected, tuple):
        mask = fault.got if isinstance(fault.got, tuple) else ()
        return f"RuntimeError: output with shape {sizes(weights)} doesn't match the broadcast shape {sizes(mask)}"
    return not_joining(fault)
