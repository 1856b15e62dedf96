"""Attention: Luong's, Bahdanau's, many-headed, with grouped queries (keras.io/api/layers/attention_layers).

Law: queries (…, T, E) and values (…, S, V) give (…, T, V); many heads project in and out, so that the answer
has the queries' features, or those of `output_shape`.
"""

from __future__ import annotations

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.declare import layer, made
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import KIND, add_weight
from convlint.libs.keras.naming import unique
from convlint.libs.keras.setting import held
from convlint.libs.op import Op
from convlint.shapes.attention import scores as scores_law
from convlint.shapes.attention import weighted
from convlint.shapes.broadcast import broadcast
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Tensor, Unknown, Value

# -- without weights of their own ----------------------------------------------------------------------------


def _inputs(op: Op) -> list[Tensor]:
    """Query, value and key. Keras refuses anything but a list of two or three."""
    assert op.self is not None
    value, name = op["inputs"], op.self.cls.name
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if not isinstance(value, list):
        words = (
            f"{name} layer must be called on a list of inputs, namely [query, value] or [query, value, key]. "
            f"Received: inputs={'a tensor' if isinstance(value, Tensor) else value}."
        )
        op.refuse("ValueError", words, kind=Kind.RANK)
    if (why := op.caller.taint_of(value)) is not None:
        raise NotModelled(why.reason)
    if not 2 <= len(value) <= 3:
        words = (
            f"{name} layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, "
            "key]. "
            f"Received length: {len(value)}."
        )
        op.refuse("ValueError", words, kind=Kind.RANK)
    found = [t for t in value if isinstance(t, Tensor) and t.shape is not None]
    if len(found) != len(value):
        raise NotModelled("the inputs of an attention are not known")
    return found


def _build_scores(op: Op, shape: Shape) -> None:
    assert op.self is not None
    if not shape:
        raise NotModelled("an attention over no axes")
    additive = op.self.cls.derives("keras.layers.AdditiveAttention")
    if op.flag("use_scale"):
        add_weight(op.self, (shape[-1],) if additive else ())
    if not additive and held(op, "score_mode") == "concat":
        add_weight(op.self, ())


def _check_mode(op: Op) -> None:
    mode = held(op, "score_mode")
    if not isinstance(mode, Unknown) and mode not in ("dot", "concat"):
        words = (
            "Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. Received: "
            f"score_mode={mode}"
        )
        op.refuse("ValueError", words, "score_mode")


def _attended(op: Op) -> Value:
    found = _inputs(op)
    query, value, key = found[0], found[1], found[-1]
    q, v, k = (t.shape or () for t in (query, value, key))
    if min(len(q), len(v), len(k)) < 2:
        raise NotModelled("an attention over a single axis is not modelled")
    assert op.self is not None
    dot = not op.self.cls.derives("keras.layers.AdditiveAttention") and held(op, "score_mode") == "dot"
    pairs = _scores(op, q, k, dot=dot)
    outcome = weighted(pairs, v)
    shape = op.lawful(outcome, lambda fault: _unequal(fault, "scores", "value"))
    if dot:
        op.caller.count_macs(product(pairs) * q[-1])
    op.caller.count_macs(product(shape) * pairs[-1])
    result = op.result(query, (*q[:-1], v[-1]), kind=KIND)
    if not op.flag("return_attention_scores"):
        return result
    return result, op.result(query, (*q[:-1], k[-2]), kind=KIND)


def _scores(op: Op, q: Shape, k: Shape, *, dot: bool) -> Shape:
    """A product, or a sum of all pairs, whose features need only join."""
    if dot:
        return op.lawful(scores_law(q, k), lambda fault: _unequal(fault, "query", "key"))
    joined = broadcast((*q[:-1], 1, q[-1]), (*k[:-2], 1, *k[-2:]))
    return op.lawful(joined, lambda fault: _unequal(fault, "query", "key"))[:-1]


def _unequal(fault: Fault, left: str, right: str) -> str:
    shown = [shown_shape(s) for s in (*fault.shapes, (), ())[:2]]
    return f"ValueError: {left} and {right} do not fit: {shown[0]} and {shown[1]}"


_SCORES = "inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False"
layer(
    "Attention",
    signature="use_scale=False, score_mode='dot', dropout=0.0, seed=None",
    check=_check_mode,
    build=_build_scores,
    call=_SCORES,
)(_attended)
layer(
    "AdditiveAttention",
    signature="use_scale=True, dropout=0.0, *, score_mode='dot', seed=None",
    check=_check_mode,
    build=_build_scores,
    call=_SCORES,
)(_attended)


# -- many heads ----------------------------------------------------------------------------------------------

_HEADS = (
    "sliding_window=None, flash_attention=None, kernel_initializer='glorot_uniform', "
    "bias_initializer='zeros', kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "kernel_constraint=None, bias_constraint=None, use_gate=False, seed=None"
)
_CALL = (
    "query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None, "
    "return_attention_scores=False, training=None, use_causal_mask=False"
)


def _check_window(op: Op) -> None:
    window = held(op, "sliding_window")
    wrong = isinstance(window, (str, float)) or (isinstance(window, int) and window <= 0)
    if wrong:
        words = f"`sliding_window` must be `None` or a positive integer. Received: sliding_window={window}"
        op.refuse("ValueError", words, "sliding_window")
    dropout = held(op, "dropout")
    if held(op, "flash_attention") is True and isinstance(dropout, (int, float)) and dropout > 0:
        words = (
            "Dropout is not supported when flash attention is enabled. Please set dropout to 0.0 to use "
            "flash "
            "attention."
        )
        op.refuse("ValueError", words, "dropout", "flash_attention")


def _check_heads(op: Op) -> None:
    for name, optional in (("num_heads", False), ("key_dim", False), ("value_dim", True)):
        value = held(op, name)
        if value is None and optional:
            continue
        wrong = isinstance(value, (str, float, list, tuple)) or value is None
        if wrong or (isinstance(value, int) and value <= 0):
            or_none = " or `None`" if optional else ""
            words = (
                f"Received an invalid value for argument `{name}`, expected a positive integer{or_none}. "
                f"Received: {name}={value}"
            )
            op.refuse("ValueError", words, name)
    axes = held(op, "attention_axes")
    if isinstance(axes, (str, float)) and axes:
        words = f"`attention_axes` must be an int, list, or tuple.Received: attention_axes={axes}"
        op.refuse("ValueError", words, "attention_axes")
    _check_window(op)


def _given(op: Op) -> tuple[Tensor, Tensor, Tensor]:
    query, value = op.tensor("query"), op.tensor("value")
    key = op.optional_tensor("key")
    return query, value, value if key is None else key


def _output(op: Op, query: Shape) -> Shape:
    """The features of the answer."""
    wanted = held(op, "output_shape")
    if isinstance(wanted, Unknown):
        raise NotModelled(wanted.reason)
    if not wanted:
        return query[-1:]
    members = wanted if isinstance(wanted, (list, tuple)) else (wanted,)
    return tuple(op.as_dim(each, "output_shape") for each in members)


def _make_weights(op: Op, query: Shape, key: Shape, value: Shape) -> None:
    """Keras builds the projections from the shapes of all three at the first call."""
    assert op.self is not None
    if op.self.attrs.get("_features") is not None:
        return
    heads, wide = op.dim("num_heads"), op.dim("key_dim")
    high = wide if held(op, "value_dim") is None else op.dim("value_dim")
    bias = op.flag("use_bias")
    parts = [(query[-1], wide), (key[-1], wide)]
    if op.flag("use_gate"):
        parts.append((query[-1], high))
    parts.append((value[-1], high))
    for features, size in parts:
        add_weight(op.self, (features, heads, size))
        if bias:
            add_weight(op.self, (heads, size))
    last = _output(op, query)
    add_weight(op.self, (heads, high, *last))
    if bias:
        add_weight(op.self, last)
    op.self.attrs["_features"] = (query[-1], key[-1], value[-1])
    _name_inner(op)


def _name_inner(op: Op) -> None:
    """The layers inside an attention take names, too: a softmax and a dropout."""
    for name in ("softmax", "dropout"):
        unique(op.caller, name)


def _check_sources(op: Op, key: Shape, value: Shape) -> None:
    known = zip(key[1:-1], value[1:-1], strict=False)
    if len(key) != len(value) or any(isinstance(a, int) and isinstance(b, int) and a != b for a, b in known):
        words = (
            "All dimensions of `value` and `key`, except the last one, must be equal. Received: "
            f"value_shape={shown_shape(value)} and key_shape={shown_shape(key)}"
        )
        op.refuse("ValueError", words, "key", kind=Kind.JOIN)


def _check_features(op: Op, given: tuple[Shape, Shape, Shape]) -> None:
    """The projections keep the features that they were made for."""
    assert op.self is not None
    made_for = op.self.attrs.get("_features")
    if not isinstance(made_for, tuple):
        return
    for name, expected, shape in zip(("query", "key", "value"), made_for, given, strict=True):
        assert isinstance(expected, (int, Expr))
        if isinstance(expected, int) and isinstance(shape[-1], int) and expected != shape[-1]:
            fault = Fault(Kind.FEATURES, expected, shape[-1], (shape,), len(shape) - 1)
            words = (
                f"ValueError: the projection of `{name}` expects {expected} features, shape "
                f"{shown_shape(shape)} arrives"
            )
            op.lawful(fault, lambda _, text=words: text)  # type: ignore[misc]


@layer(
    "MultiHeadAttention",
    signature="num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None, "
    f"attention_axes=None, {_HEADS}",
    check=_check_heads,
    call=_CALL,
)
def multi_head(op: Op) -> Value:
    """Every head attends to its own projections; all of them are projected out together."""
    query, value, key = _given(op)
    q, v, k = (t.shape or () for t in (query, value, key))
    if min(map(len, (q, v, k))) < 2:
        raise NotModelled("an attention over a single axis is not modelled")
    _check_sources(op, k, v)
    _make_weights(op, q, k, v)
    _check_features(op, (q, k, v))
    result = made(op, query, (*q[:-1], *_output(op, q)))
    _count(op, q, k, v)
    if not op.flag("return_attention_scores"):
        return result
    if len(q) != 3 or held(op, "attention_axes") is not None:
        return result, op.unknown("the scores over other axes than the second are not modelled")
    return result, op.result(query, (q[0], op.dim("num_heads"), q[1], k[1]), kind=KIND)


def _count(op: Op, q: Shape, k: Shape, v: Shape) -> None:
    """Projections in and out, and two products of all pairs."""
    if len(q) != 3 or len(k) != 3 or held(op, "attention_axes") is not None:
        op.caller.lost("the products of an attention over several axes are not counted")
        return
    heads, wide = op.dim("num_heads"), op.dim("key_dim")
    high = wide if held(op, "value_dim") is None else op.dim("value_dim")
    gate = high if op.flag("use_gate") else 0
    targets, sources = q[0] * q[1], k[0] * k[1]
    per_target: Dim = q[-1] * (wide + gate) + high * product(_output(op, q))
    per_source: Dim = k[-1] * wide + v[-1] * high
    pairs: Dim = targets * k[1] * (wide + high)
    op.caller.count_macs(heads * (targets * per_target + sources * per_source + pairs))


# -- grouped queries -----------------------------------------------------------------------------------------


def _check_groups(op: Op) -> None:
    queries, keys = held(op, "num_query_heads"), held(op, "num_key_value_heads")
    if isinstance(keys, int) and keys == 0:
        op.refuse("ZeroDivisionError", "integer modulo by zero", "num_key_value_heads", kind=Kind.GROUPS)
    if isinstance(queries, int) and isinstance(keys, int) and queries % keys:
        words = "`num_query_heads` must be divisible by `num_key_value_heads`."
        op.refuse("ValueError", words, "num_key_value_heads", "num_query_heads", kind=Kind.GROUPS)
    _check_window(op)


def _make_grouped(op: Op, query: Shape, key: Shape, value: Shape) -> None:
    assert op.self is not None
    if op.self.attrs.get("_features") is not None:
        return
    size, many, few = op.dim("head_dim"), op.dim("num_query_heads"), op.dim("num_key_value_heads")
    parts = [(query[-1], many), (key[-1], few)]
    if op.flag("use_gate"):
        parts.append((query[-1], many))
    parts.append((value[-1], few))
    for features, heads in parts:
        add_weight(op.self, (features, heads, size))
        if op.flag("use_bias"):
            add_weight(op.self, (heads, size))
    add_weight(op.self, (many, size, query[-1]))
    if op.flag("use_bias"):
        add_weight(op.self, (query[-1],))
    op.self.attrs["_features"] = (query[-1], key[-1], value[-1])
    _name_inner(op)


@layer(
    "GroupQueryAttention",
    "GroupedQueryAttention",
    signature=f"head_dim, num_query_heads, num_key_value_heads, dropout=0.0, use_bias=True, {_HEADS}",
    check=_check_groups,
    call=_CALL,
)
def grouped(op: Op) -> Value:
    """Several query heads share a head of keys and values."""
    query, value, key = _given(op)
    q, v, k = (t.shape or () for t in (query, value, key))
    if {len(q), len(v), len(k)} != {3}:
        raise NotModelled("a grouped attention over other ranks than three is not modelled")
    if isinstance(q[-1], int) and isinstance(v[-1], int) and q[-1] != v[-1]:
        words = (
            f"The last dimension of `query_shape` and `value_shape` must be equal, but are {q[-1]}, {v[-1]}. "
            f"Received: query_shape={shown_shape(q)}, value_shape={shown_shape(v)}"
        )
        op.refuse("ValueError", words, "value", kind=Kind.FEATURES)
    _check_sources(op, k, v)
    _make_grouped(op, q, k, v)
    _check_features(op, (q, k, v))
    size, many, few = op.dim("head_dim"), op.dim("num_query_heads"), op.dim("num_key_value_heads")
    gate = 1 if op.flag("use_gate") else 0
    targets, sources = q[0] * q[1], k[0] * k[1]
    macs: Dim = targets * q[-1] * many * size * (2 + gate) + sources * (k[-1] + v[-1]) * few * size
    op.caller.count_macs(macs + targets * k[1] * many * size * 2)
    result = made(op, query, q)
    if not op.flag("return_attention_scores"):
        return result
    return result, op.result(query, (q[0], many, q[1], k[1]), kind=KIND)
