"""The Transformer composites: layers made of the layers that torch makes them of, called as torch calls them.

Law: each computation is the layer's slow path, in which every child is called; torch's fast path gives the
same shapes, and is not taken where hooks are attached.
"""

from __future__ import annotations

from collections.abc import Sequence

from convlint.libs.op import Op
from convlint.libs.registry import alias, function, lookup, method
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import sizes
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Class, NotModelled, StaticMethod, Tensor, Unknown, Value

ENCODER_LAYER, DECODER_LAYER = "torch.nn.TransformerEncoderLayer", "torch.nn.TransformerDecoderLayer"
ENCODER, DECODER = "torch.nn.TransformerEncoder", "torch.nn.TransformerDecoder"


def _make(op: Op, cls: str, *args: Value, **kwargs: Value) -> Value:
    found = lookup(cls)
    if found is None:
        raise NotModelled(f"{cls} is not described")
    return op.call(found, *args, **kwargs)


def _set(op: Op, **children: Value) -> None:
    assert op.self is not None
    for name, child in children.items():
        op.caller.setattr(op.self, name, child)


def _child(op: Op, name: str, *args: Value, **kwargs: Value) -> Value:
    """Call a child, or a method of the layer, by its name: what a subclass overrides counts."""
    return op.call(op[name], *args, **kwargs)


def _add(op: Op, left: Value, right: Value) -> Value:
    return op.caller.binary("+", left, right)


# -- layers --------------------------------------------------------------------------------------------------


def _activation(op: Op) -> Value:
    value = op["activation"]
    if not isinstance(value, str):
        return lookup("torch.nn.functional.relu") if value is None else value
    if value not in ("relu", "gelu"):
        op.refuse("RuntimeError", f"activation should be relu/gelu, not {value}", "activation")
    return lookup(f"torch.nn.functional.{value}")


def _build(op: Op, attentions: Sequence[str], norms: int) -> None:
    """The children that both kinds of layer have, in torch's order of construction."""
    assert op.self is not None
    width, bias, p = op["d_model"], op.args["bias"], op["dropout"]
    heads, first = op["nhead"], op["batch_first"]
    for name in ("d_model", "nhead", "dim_feedforward", "layer_norm_eps", "batch_first"):
        op.self.attrs.pop(name, None)
    op.self.attrs.pop("dropout", None)
    for name in attentions:
        child = _make(
            op, "torch.nn.MultiheadAttention", width, heads, dropout=p, bias=bias, batch_first=first
        )
        _set(op, **{name: child})
    feedforward, eps = op.args["dim_feedforward"], op.args["layer_norm_eps"]
    _set(op, linear1=_make(op, "torch.nn.Linear", width, feedforward, bias=bias))
    _set(op, dropout=_make(op, "torch.nn.Dropout", p))
    _set(op, linear2=_make(op, "torch.nn.Linear", feedforward, width, bias=bias))
    for number in range(1, norms + 1):
        _set(op, **{f"norm{number}": _make(op, "torch.nn.LayerNorm", width, eps=eps, bias=bias)})
    for number in range(1, norms + 1):
        _set(op, **{f"dropout{number}": _make(op, "torch.nn.Dropout", p)})
    op.self.attrs.pop("activation", None)
    _set(op, activation=_activation(op))


_LAYER = (
    "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=None, layer_norm_eps=1e-05, "
    "batch_first=False, "
    "norm_first=False, bias=True, device=None, dtype=None"
)


@layer(
    ENCODER_LAYER,
    _LAYER,
    build=lambda op: _build(op, ("self_attn",), 2),
    call="src, src_mask=None, src_key_padding_mask=None, is_causal=False",
)
def encoder_layer(op: Op) -> Value:
    """Self-attention and a feed-forward block, each added to its input and normalised, before or after."""
    x, masks = op["src"], (op["src_mask"], op["src_key_padding_mask"], op["is_causal"])
    if op.flag("norm_first"):
        x = _add(op, x, _child(op, "_sa_block", _child(op, "norm1", x), *masks))
        return _add(op, x, _child(op, "_ff_block", _child(op, "norm2", x)))
    x = _child(op, "norm1", _add(op, x, _child(op, "_sa_block", x, *masks)))
    return _child(op, "norm2", _add(op, x, _child(op, "_ff_block", x)))


@layer(
    DECODER_LAYER,
    _LAYER,
    build=lambda op: _build(op, ("self_attn", "multihead_attn"), 3),
    call="tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, "
    "memory_key_padding_mask=None, "
    "tgt_is_causal=False, memory_is_causal=False",
)
def decoder_layer(op: Op) -> Value:
    """Self-attention, attention to the memory, and a feed-forward block."""
    x, memory = op["tgt"], op["memory"]
    own = (op["tgt_mask"], op["tgt_key_padding_mask"], op["tgt_is_causal"])
    other = (op["memory_mask"], op["memory_key_padding_mask"], op["memory_is_causal"])
    if op.flag("norm_first"):
        x = _add(op, x, _child(op, "_sa_block", _child(op, "norm1", x), *own))
        x = _add(op, x, _child(op, "_mha_block", _child(op, "norm2", x), memory, *other))
        return _add(op, x, _child(op, "_ff_block", _child(op, "norm3", x)))
    x = _child(op, "norm1", _add(op, x, _child(op, "_sa_block", x, *own)))
    x = _child(op, "norm2", _add(op, x, _child(op, "_mha_block", x, memory, *other)))
    return _child(op, "norm3", _add(op, x, _child(op, "_ff_block", x)))


def _attend(op: Op, name: str, x: Value, memory: Value) -> Value:
    output = _child(
        op,
        name,
        x,
        memory,
        memory,
        attn_mask=op["attn_mask"],
        key_padding_mask=op["key_padding_mask"],
        is_causal=op["is_causal"],
        need_weights=False,
    )
    return op.caller.item(output, 0)


for _cls in (ENCODER_LAYER, DECODER_LAYER):

    @method(_cls, "_sa_block", "self, x, attn_mask, key_padding_mask, is_causal=False")
    def self_attention_block(op: Op) -> Value:
        """Attention of a sequence to itself, with dropout."""
        return _child(op, "dropout1", _attend(op, "self_attn", op["x"], op["x"]))


@method(DECODER_LAYER, "_mha_block", "self, x, mem, attn_mask, key_padding_mask, is_causal=False")
def memory_block(op: Op) -> Value:
    """Attention of the target to the memory, with dropout."""
    return _child(op, "dropout2", _attend(op, "multihead_attn", op["x"], op["mem"]))


def _feed_forward(op: Op, last: str) -> Value:
    hidden = op.call(op["activation"], _child(op, "linear1", op["x"]))
    return _child(op, last, _child(op, "linear2", _child(op, "dropout", hidden)))


method(ENCODER_LAYER, "_ff_block", "self, x")(lambda op: _feed_forward(op, "dropout2"))
method(DECODER_LAYER, "_ff_block", "self, x")(lambda op: _feed_forward(op, "dropout3"))


# -- stacks --------------------------------------------------------------------------------------------------


def _build_stack(op: Op, model: str) -> None:
    assert op.self is not None
    number, norm = op.integer("num_layers"), op["norm"]
    op.self.attrs.pop(model, None)
    op.self.attrs.pop("norm", None)
    clones = [_make(op, "copy.deepcopy", op.args[model]) for _ in range(number)]
    _set(op, layers=_make(op, "torch.nn.ModuleList", clones), norm=norm)


def _stack(op: Op, x: Value, *args: Value, **kwargs: Value) -> Value:
    op.caller.item(op["layers"], 0)
    for child in op.caller.iterate(op["layers"]):
        x = op.call(child, x, *args, **kwargs)
    return x if op["norm"] is None else _child(op, "norm", x)


@layer(
    ENCODER,
    "encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True",
    build=lambda op: _build_stack(op, "encoder_layer"),
    call="src, mask=None, src_key_padding_mask=None, is_causal=None",
)
def encoder(op: Op) -> Value:
    """The layers one after the other."""
    return _stack(
        op,
        op["src"],
        src_mask=op["mask"],
        is_causal=_causal(op, "mask", "is_causal"),
        src_key_padding_mask=op["src_key_padding_mask"],
    )


@layer(
    DECODER,
    "decoder_layer, num_layers, norm=None",
    build=lambda op: _build_stack(op, "decoder_layer"),
    call="tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, "
    "memory_key_padding_mask=None, "
    "tgt_is_causal=None, memory_is_causal=False",
)
def decoder(op: Op) -> Value:
    """The layers one after the other, each reading the memory."""
    return _stack(
        op,
        op["tgt"],
        op["memory"],
        tgt_mask=op["tgt_mask"],
        memory_mask=op["memory_mask"],
        tgt_key_padding_mask=op["tgt_key_padding_mask"],
        memory_key_padding_mask=op["memory_key_padding_mask"],
        tgt_is_causal=_causal(op, "tgt_mask", "tgt_is_causal"),
        memory_is_causal=op["memory_is_causal"],
    )


def _causal(op: Op, mask: str, hint: str) -> Value:
    """The hint; without one a mask may or may not turn out to be causal, which changes no shape."""
    value = op[hint]
    return False if value is None or isinstance(value, Unknown) else value


# -- the whole -----------------------------------------------------------------------------------------------


def _build_transformer(op: Op) -> None:
    assert op.self is not None
    shared = ("d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first")
    options = {name: op.args[name] for name in (*shared, "norm_first", "bias")}
    for name in (*shared[2:6], "norm_first", "num_encoder_layers", "num_decoder_layers"):
        op.self.attrs.pop(name, None)
    for role, cls, stack in (("encoder", ENCODER_LAYER, ENCODER), ("decoder", DECODER_LAYER, DECODER)):
        op.self.attrs.pop(f"custom_{role}", None)
        child = op.args[f"custom_{role}"]
        if child is None:
            one = _make(op, cls, **options)
            eps, bias = options["layer_norm_eps"], options["bias"]
            norm = _make(op, "torch.nn.LayerNorm", options["d_model"], eps=eps, bias=bias)
            child = _make(op, stack, one, op.args[f"num_{role}_layers"], norm)
        _set(op, **{role: child})


@layer(
    "torch.nn.Transformer",
    "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, "
    "activation=None, custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, "
    "norm_first=False, bias=True, device=None, dtype=None",
    build=_build_transformer,
    call="src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, "
    "tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None, "
    "memory_is_causal=False",
)
def transformer(op: Op) -> Value:
    """The decoder's reading of the target and of what the encoder makes of the source."""
    _check_inputs(op)
    source = {
        "mask": "src_mask",
        "src_key_padding_mask": "src_key_padding_mask",
        "is_causal": "src_is_causal",
    }
    memory = _child(op, "encoder", op["src"], **{name: op[given] for name, given in source.items()})
    names = ("tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask", "tgt_is_causal")
    options = {name: op[name] for name in (*names, "memory_is_causal")}
    return _child(op, "decoder", op["tgt"], memory, **options)


def _check_inputs(op: Op) -> None:
    src, tgt = op["src"], op["tgt"]
    if not (isinstance(src, Tensor) and isinstance(tgt, Tensor)) or not src.shape or not tgt.shape:
        return
    width = op.dim("d_model")
    if len(src.shape) == 3 and len(tgt.shape) > 1:
        axis = 0 if op.flag("batch_first") else 1
        _agree(op, src.shape, tgt.shape, axis, "the batch number of src and tgt must be equal")
    for shape in (src.shape, tgt.shape):
        words = "RuntimeError: the feature number of src and tgt must be equal to d_model"
        demands = Demands()
        wrong = Fault(Kind.FEATURES, width, shape[-1], (shape,), len(shape) - 1, ("d_model",))
        demands.equal(width, shape[-1], wrong)
        op.lawful(demands.outcome(shape), lambda _, words=words: words, shape)  # type: ignore[misc]


def _agree(op: Op, left: Shape, right: Shape, axis: int, words: str) -> None:
    demands = Demands()
    demands.equal(left[axis], right[axis], Fault(Kind.OTHER, left[axis], right[axis], (left, right), axis))
    op.lawful(demands.outcome(left), lambda _: f"RuntimeError: {words}", left)


@function(
    "torch.nn.modules.transformer._generate_square_subsequent_mask", signature="sz, device=None, dtype=None"
)
def square_subsequent_mask(op: Op) -> Value:
    """The mask `(sz, sz)` in which no position sees a later one."""
    extent = op.dim("sz")
    if isinstance(extent, int) and extent < 0:
        words = f"Trying to create tensor with negative dimension {extent}: {sizes((extent, extent))}"
        op.refuse("RuntimeError", words, "sz")
    return Tensor((extent, extent), "float32")


_TRANSFORMER = lookup("torch.nn.Transformer")
assert isinstance(_TRANSFORMER, Class)
_TRANSFORMER.namespace["generate_square_subsequent_mask"] = StaticMethod(
    lookup("torch.nn.modules.transformer._generate_square_subsequent_mask")
)
alias("torch.nn.modules.transformer", "torch.nn")
