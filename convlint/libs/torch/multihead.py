"""`MultiheadAttention` and `multi_head_attention_forward`.

Law: `shapes.multihead`. The layer's own call does the output projection: its child `out_proj` holds the
weights and is not called, so it is not a call of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from convlint.dims import Dim, floordiv, product
from convlint.libs.op import Op
from convlint.libs.registry import function, klass, method
from convlint.libs.torch.arguments import weight
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import by, size
from convlint.shapes import multihead as law
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.multihead import MultiHead, Sequences
from convlint.values import NotModelled, Tensor, Value

OUT_PROJECTION = klass("torch.nn.modules.linear.NonDynamicallyQuantizableLinear", "torch.nn.Linear")


def _build(op: Op) -> None:
    assert op.self is not None
    attrs = op.self.attrs
    embed, heads = op.dim("embed_dim"), op.dim("num_heads")
    if any(isinstance(n, int) and n <= 0 for n in (embed, heads)):
        got = f"got embed_dim={embed} and num_heads={heads} instead"
        words = f"embed_dim and num_heads must be greater than 0, {got}"
        op.refuse("ValueError", words, "embed_dim", "num_heads")
    for name in ("kdim", "vdim"):
        if attrs[name] is None or attrs[name] == embed:  # torch compares, so that 4.0 will do for 4
            attrs[name] = embed
        elif isinstance(attrs[name], float):
            words = f"empty() received an invalid combination of arguments, {name} is a float"
            op.refuse("TypeError", words, name)
    demands = Demands()
    demands.divides(heads, embed, Fault(Kind.ARGUMENT, heads, embed, (), None, ("embed_dim", "num_heads")))
    op.lawful(demands.outcome(()), lambda _: "AssertionError: embed_dim must be divisible by num_heads", ())
    key, value = (op.as_dim(attrs[name], name) for name in ("kdim", "vdim"))
    attrs["head_dim"] = floordiv(embed, heads)
    attrs["_qkv_same_embed_dim"] = key == embed and value == embed
    _projections(op, embed, key, value)
    bias = op.flag("bias")
    weight(op, "in_proj_bias", (3 * embed,) if bias else None, "embed_dim")
    op.caller.setattr(op.self, "out_proj", op.call(OUT_PROJECTION, embed, embed, bias))
    if op.flag("add_bias_kv"):
        for name in ("bias_k", "bias_v"):
            weight(op, name, (1, 1, embed), "embed_dim")
    else:
        attrs["bias_k"] = attrs["bias_v"] = None


def _projections(op: Op, embed: Dim, key: Dim, value: Dim) -> None:
    """One packed matrix where all three read `embed` features, else one each."""
    if key == embed and value == embed:
        weight(op, "in_proj_weight", (3 * embed, embed), "embed_dim")
        for name in ("q_proj_weight", "k_proj_weight", "v_proj_weight"):
            weight(op, name, None)
        return
    weight(op, "q_proj_weight", (embed, embed), "embed_dim")
    weight(op, "k_proj_weight", (embed, key), "embed_dim", "kdim")
    weight(op, "v_proj_weight", (embed, value), "embed_dim", "vdim")
    weight(op, "in_proj_weight", None)


@layer(
    "torch.nn.MultiheadAttention",
    "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, "
    "vdim=None, "
    "batch_first=False, device=None, dtype=None",
    build=_build,
    call="query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, "
    "average_attn_weights=True, is_causal=False",
)
def multihead_attention(op: Op) -> Value:
    """The layer: the weights are None unless they are asked for."""
    embed, number, key, value = (op.dim(name) for name in ("embed_dim", "num_heads", "kdim", "vdim"))
    heads = MultiHead(embed, number, key, value, _extra(op), op["_qkv_same_embed_dim"] is True)
    return _attended(op, heads, op.flag("batch_first"))


def _extra(op: Op) -> int:
    return int(op["bias_k"] is not None) + int(op.flag("add_zero_attn"))


@function(
    "torch.nn.functional.multi_head_attention_forward",
    signature="query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, "
    "bias_v, "
    "add_zero_attn, dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, "
    "need_weights=True, attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, "
    "k_proj_weight=None, "
    "v_proj_weight=None, static_k=None, static_v=None, average_attn_weights=True, is_causal=False",
)
def multi_head_attention_forward(op: Op) -> Value:
    """The layer's computation with weights given; lengths come before the batch."""
    if op["static_k"] is not None or op["static_v"] is not None:
        raise NotModelled("multi-head attention with static keys or values")
    embed, separate = op.dim("embed_dim_to_check"), op.flag("use_separate_proj_weight")
    features = (
        (_reads(op, "k_proj_weight", embed), _reads(op, "v_proj_weight", embed))
        if separate
        else (embed, embed)
    )
    expected = {"q_proj_weight" if separate else "in_proj_weight": (embed if separate else 3 * embed, embed)}
    out = (op.tensor("out_proj_weight").shape or (embed,))[0]
    for name, shape in (expected | {"out_proj_weight": (out, embed)}).items():
        if op.tensor(name).shape != shape:
            raise NotModelled(f"`{name}` of another shape than multi-head attention asks for")
    demands = Demands()
    heads = op.dim("num_heads")
    demands.divides(heads, embed, Fault(Kind.ARGUMENT, heads, embed, (), None, ("num_heads",)))
    op.lawful(
        demands.outcome(()), lambda _: f"AssertionError: embed_dim {embed} not divisible by num_heads {heads}"
    )
    return _attended(op, MultiHead(embed, heads, *features, _extra(op), not separate, out), False)


def _reads(op: Op, name: str, embed: Dim) -> Dim:
    """How many features a projection to `embed` features reads."""
    shape = op.tensor(name).shape or ()
    if len(shape) != 2 or shape[0] != embed:
        raise NotModelled(f"`{name}` of another shape than multi-head attention asks for")
    return shape[1]


# -- the call ------------------------------------------------------------------------------------------------


def _attended(op: Op, heads: MultiHead, batch_first: bool) -> Value:
    query, key, value = (op.tensor(name) for name in ("query", "key", "value"))
    given = Sequences(query.shape or (), key.shape or (), value.shape or (), batch_first)
    _check_ranks(op, given)
    _check_hint(op, _native(op, given, query is key and key is value))
    columns = heads.embed * 2 if key is value and given.batch else heads.embed
    shape = op.lawful(
        law.attended(given, heads), _words(given, heads, columns), (*given.query[:-1], heads.features)
    )
    _check_masks(op, given, heads)
    _check_dropout(op)
    batch = given.batch[0] if given.batch else 1
    op.caller.count_macs(heads.macs(given.targets, given.sources, batch))
    output = op.result(query, shape, strides=None)
    if not op.flag("need_weights"):
        return output, None
    averaged = op.flag("average_attn_weights")
    return output, op.result(query, law.weights(given, heads, averaged=averaged))


def _native(op: Op, given: Sequences, same: bool) -> bool:
    """Whether torch may take its fast path, which ignores `is_causal`: self-attention, eval, batch first."""
    return op.self is not None and same and given.batch_first and bool(given.batch) and not op.caller.training


def _check_dropout(op: Op) -> None:
    p = op["dropout"] if op.self is not None else op["dropout_p"]
    training = op.caller.training if op.self is not None else op["training"] is True
    least = (
        -math.inf if op.args.get("need_weights") is True else 0
    )  # weights: what is not above 0 is left out
    if training and isinstance(p, (int, float)) and not least <= p <= 1:
        op.refuse("ValueError", f"dropout probability has to be between 0 and 1, but got {p}", "dropout")


def _check_ranks(op: Op, given: Sequences) -> None:
    query, key, value = len(given.query), len(given.key), len(given.value)
    if query not in (2, 3):
        words = f"query should be unbatched 2D or batched 3D tensor but received {query}-D query tensor"
        op.refuse("AssertionError", words, "query", kind=Kind.RANK)
    if (key, value) != (query, query):
        words = (
            f"expected `key` and `value` to be {query}-D but found {key}-D and {value}-D tensors respectively"
        )
        op.refuse("AssertionError", f"{_form(given)}, {words}", "key", "value", kind=Kind.RANK)


def _form(given: Sequences) -> str:
    return f"For {'batched (3-D)' if given.batch else 'unbatched (2-D)'} `query`"


def _words(given: Sequences, heads: MultiHead, columns: Dim) -> Callable[[Fault], str]:
    query, key, value = (given.lengths_first(s) for s in (given.query, given.key, given.value))

    def words(fault: Fault) -> str:
        match fault.detail:
            case law.EMBED:
                return (
                    f"AssertionError: was expecting embedding dimension of {heads.embed}, but got {query[-1]}"
                )
            case law.PAIR if heads.packed:
                return f"AssertionError: key shape {size(key)} does not match value shape {size(value)}"
            case law.PAIR:
                pair = f"{size(key[:2])} do not match value's {size(value[:2])}"
                return f"AssertionError: key's sequence and batch dims {pair}"
            case law.BATCH:
                wanted = [key[0], query[1] * heads.heads, floordiv(heads.embed, heads.heads)]
                elements = key[0] * key[1] * heads.embed
                return (
                    f"RuntimeError: shape '{list(map(_plain, wanted))}' is invalid for input of size "
                    f"{elements}"
                )
        return _projection_words(fault, key if fault.detail == law.KEY else value, heads, columns)

    return words


def _projection_words(fault: Fault, shape: Shape, heads: MultiHead, columns: Dim) -> str:
    if heads.packed:
        rows = product(shape[:-1])
        return (
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied "
            f"({by((rows, shape[-1]))} and {by((heads.embed, columns))})"
        )
    expected = f"({heads.embed}, {fault.got})"
    got = size((heads.embed, fault.expected if isinstance(fault.expected, int) else 0))
    return f"AssertionError: expecting {fault.detail} weights shape of {expected}, but got {got}"


def _plain(extent: Dim) -> object:
    return extent if isinstance(extent, int) else str(extent)


# -- masks ---------------------------------------------------------------------------------------------------


def _check_hint(op: Op, native: bool) -> None:
    if op["attn_mask"] is None and op["is_causal"] is True and not native:
        words = (
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
        op.refuse("RuntimeError", words, "is_causal", "attn_mask")


def _check_masks(op: Op, given: Sequences, heads: MultiHead) -> None:
    padding, mask, causal = op["key_padding_mask"], op["attn_mask"], op["is_causal"] is True
    if isinstance(padding, Tensor) and padding.shape is not None:
        _check_padding(op, padding.shape, given, heads.extra)
    if isinstance(mask, Tensor) and mask.shape is not None:
        dropped = causal and padding is None and op["need_weights"] is False and bool(given.batch)
        _check_mask(op, mask.shape, given, heads, dropped)


def _check_padding(op: Op, mask: Shape, given: Sequences, extra: int) -> None:
    wanted = 2 if given.batch else 1
    if len(mask) != wanted:
        words = (
            f"expected `key_padding_mask` to be `None` or {wanted}-D but found {len(mask)}-D tensor instead"
        )
        op.refuse("AssertionError", f"{_form(given)}, {words}", "key_padding_mask", kind=Kind.RANK)
    got = mask if given.batch else (1, *mask)
    expected = (*(given.batch or (1,)), given.sources)
    axis = next((i for i, (a, b) in enumerate(zip(expected, got, strict=True)) if a != b), 0)
    more = extra if axis else 0
    words = (
        f"AssertionError: Expected key_padded_mask.shape[{axis}] to be {expected[axis] + more}, "
        f"but got {got[axis] + more}"
    )
    op.lawful(law.padding_mask(mask, given), lambda _: words, mask)


def _check_mask(op: Op, mask: Shape, given: Sequences, heads: MultiHead, dropped: bool) -> None:
    """A mask that the causal hint replaces is `dropped` before its extents are looked at."""
    if len(mask) not in (2, 3):
        found = f"expected `attn_mask` to be `None`, 2-D or 3-D but found {len(mask)}-D tensor instead"
        op.refuse("AssertionError", f"{_form(given)}, {found}", "attn_mask", kind=Kind.RANK)
    if dropped:
        return

    def words(fault: Fault) -> str:
        expected = f"({', '.join(map(str, fault.expected))})" if isinstance(fault.expected, tuple) else ""
        if len(mask) == 3 and not given.batch:
            return f"AssertionError: Expected `attn_mask` shape to be {expected} but got {size(mask)}"
        return (
            f"RuntimeError: The shape of the {len(mask)}D attn_mask is {size(mask)}, but should be "
            f"{expected}."
        )

    op.lawful(law.attention_mask(mask, given, heads), words, mask)


@method("torch.nn.MultiheadAttention", "_reset_parameters", "self")
def _reset(op: Op) -> Value:
    return None


@method("torch.nn.MultiheadAttention", "merge_masks", "self, attn_mask, key_padding_mask, query")
def merge_masks(op: Op) -> Value:
    """The mask of the fast path and its kind: 1 padding, 2 attention, None none."""
    mask, padding = op["attn_mask"], op["key_padding_mask"]
    if mask is None:
        return padding, None if padding is None else 1
    batch, length = (op.tensor("query").shape or (0, 0))[:2]
    return op.result(op.tensor("attn_mask"), (batch, op.dim("num_heads"), length, length)), 2
