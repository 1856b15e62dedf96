"""Attention, multi-head attention and the Transformer composites."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.draw import some

F = "torch.nn.functional."


def _off(rng: Random, number: int, share: float = 0.05) -> int:
    """The number, seldom another one."""
    return number + 1 if some(rng, share) else number


@cases(F + "scaled_dot_product_attention")
def dot_product(rng: Random) -> Case:
    """Operands of 2 to 4 axes whose leading ones broadcast, grouped queries, masks."""
    lead = [rng.randint(1, 4) for _ in range(rng.randint(0, 2))]
    features, values, targets, sources = (rng.randint(1, 4) for _ in range(4))
    query = (*lead, targets, features)
    key = (*_leading(rng, lead), _off(rng, sources), _off(rng, features))
    value = (*_leading(rng, lead), sources, values)
    keywords: dict[str, object] = {}
    if some(rng, 0.4):
        keywords["attn_mask"] = T(_mask(rng, lead, targets, sources))
    if some(rng, 0.1) and len(lead) == 2:
        keywords["enable_gqa"] = True
        query = (lead[0], lead[1] * rng.choice([2, 1, 3]), *query[2:])
        keywords.pop("attn_mask", None)
    if some(rng, 0.1):
        keywords["is_causal"] = "attn_mask" not in keywords
    if some(rng, 0.1):
        keywords["scale"] = 0.5
    if some(rng, 0.1):
        keywords["dropout_p"] = rng.choice([0.0, 0.5])
    if some(rng, 0.03):
        query = query[-1:]
    return Case((T(query), T(key), T(value)), keywords)


def _leading(rng: Random, lead: list[int]) -> list[int]:
    """Leading axes that mostly broadcast with the query's."""
    kept = [1 if some(rng, 0.1) else _off(rng, n, 0.04) for n in lead]
    return kept[1:] if some(rng, 0.1) else kept


def _mask(rng: Random, lead: list[int], targets: int, sources: int) -> tuple[int, ...]:
    full = (*lead, 1 if some(rng, 0.2) else targets, 1 if some(rng, 0.1) else _off(rng, sources, 0.1))
    return full if some(rng) else full[-2:]


# -- multi-head attention ------------------------------------------------------------------------------------


def _sequences(rng: Random, embed: int, key: int, value: int, batch_first: bool) -> tuple[T, T, T]:
    """Queries, keys and values; without a batch at times, now and then one of them wrong."""
    targets, sources, batch = (rng.randint(1, 4) for _ in range(3))
    shapes = [
        [targets, batch, _off(rng, embed)],
        [sources, _off(rng, batch, 0.04), _off(rng, key, 0.04)],
        [_off(rng, sources, 0.04), batch, _off(rng, value, 0.04)],
    ]
    if some(rng, 0.2):
        for shape in shapes:
            del shape[1]
    elif batch_first:
        for shape in shapes:
            shape[0], shape[1] = shape[1], shape[0]
    if some(rng, 0.04):
        rng.choice(shapes).append(2)
    first, second, third = (T(tuple(shape)) for shape in shapes)
    return first, second, third


def _masks(rng: Random, query: T, key: T, heads: int, batch_first: bool) -> dict[str, object]:
    batched = len(query.shape) == 3
    at = 1 if batched and batch_first else 0
    targets, sources = query.shape[at], key.shape[at % len(key.shape)]
    batch = query.shape[1 - at] if batched else 1
    found: dict[str, object] = {}
    if some(rng, 0.25):
        pairs = (targets, _off(rng, sources))
        found["attn_mask"] = T(pairs if some(rng) else (_off(rng, batch * heads), *pairs), _mask_dtype(rng))
    if some(rng, 0.25):
        length = _off(rng, sources)
        lead = (batch,) if batched != some(rng, 0.03) else ()
        found["key_padding_mask"] = T((*lead, length), _mask_dtype(rng))
    return found


def _mask_dtype(rng: Random) -> str:
    return rng.choice(["float32", "bool"])


@cases("torch.nn.MultiheadAttention")
def multihead(rng: Random) -> Case:
    heads = rng.randint(1, 3)
    embed = heads * rng.randint(1, 3)
    options: dict[str, object] = {}
    batch_first = some(rng)
    if batch_first:
        options["batch_first"] = True
    for name, share in (("add_bias_kv", 0.2), ("add_zero_attn", 0.2)):
        if some(rng, share):
            options[name] = True
    if some(rng, 0.2):
        options["bias"] = False
    key, value = embed, embed
    if some(rng, 0.3):
        key = options["kdim"] = rng.choice([embed, rng.randint(1, 5)])
    if some(rng, 0.2):
        value = options["vdim"] = rng.randint(1, 5)
    query, keys, values = _sequences(rng, embed, key, value, batch_first)
    if some(rng, 0.2) and key == value == embed:
        keys = values = query
    keywords = _masks(rng, query, keys, heads, batch_first)
    for name in ("need_weights", "average_attn_weights"):
        if some(rng, 0.4):
            keywords[name] = some(rng)
    if some(rng, 0.05):
        keywords["is_causal"] = True
    number = rng.choice([0, heads + 1]) if some(rng, 0.05) else heads
    return Case((query, keys, values), keywords, init=(embed, number), init_kwargs=options)


@cases(F + "multi_head_attention_forward")
def multihead_forward(rng: Random) -> Case:
    heads = rng.randint(1, 3)
    embed = heads * rng.randint(1, 3)
    separate = some(rng, 0.3)
    key, value = (rng.randint(1, 5), rng.randint(1, 5)) if separate else (embed, embed)
    query, keys, values = _sequences(rng, embed, key, value, False)
    row, extra = T((1, 1, embed)), some(rng, 0.2)
    out = rng.randint(1, 5) if some(rng, 0.3) else embed
    positional = (
        query,
        keys,
        values,
        embed,
        heads,
        None if separate else T((3 * embed, embed)),
        T((3 * embed,)) if some(rng, 0.7) else None,
        row if extra else None,
        row if extra else None,
        some(rng, 0.2),
        0.0,
        T((out, embed)),
        T((out,)),
    )
    keywords = _masks(rng, query, keys, heads, False)
    keywords |= {
        name: some(rng) for name in ("need_weights", "average_attn_weights", "training") if some(rng, 0.3)
    }
    if separate:
        keywords["use_separate_proj_weight"] = True
        keywords |= {
            "q_proj_weight": T((embed, embed)),
            "k_proj_weight": T((embed, key)),
            "v_proj_weight": T((embed, value)),
        }
    return Case(positional, keywords)


# -- Transformer ---------------------------------------------------------------------------------------------


def _layer_options(rng: Random) -> dict[str, object]:
    options: dict[str, object] = {"dim_feedforward": rng.randint(1, 6), "dropout": 0.0}
    for name, values in {
        "activation": ["relu", "gelu", "gelu", "tanh"],
        "batch_first": [True, False],
        "norm_first": [True, False],
        "bias": [True, False],
    }.items():
        if some(rng, 0.4):
            options[name] = rng.choice(values)
    return options


def _sequence(length: int, batch: int, features: int, batch_first: object, batched: bool) -> T:
    if not batched:
        return T((length, features))
    return T((batch, length, features) if batch_first else (length, batch, features))


def _width(rng: Random) -> tuple[int, int]:
    heads = rng.randint(1, 2)
    return heads * rng.randint(1, 3), _off(rng, heads)


@cases("torch.nn.TransformerEncoderLayer")
def encoder_layer(rng: Random) -> Case:
    width, heads = _width(rng)
    options = _layer_options(rng)
    length, batch, batched = rng.randint(1, 4), rng.randint(1, 3), some(rng, 0.8)
    x = _sequence(length, batch, _off(rng, width, 0.1), options.get("batch_first"), batched)
    keywords: dict[str, object] = {}
    if some(rng, 0.3):
        keywords["src_mask"] = T((length, _off(rng, length, 0.1)))
    if some(rng, 0.2):
        keywords["src_key_padding_mask"] = T((batch, length) if batched else (length,), "bool")
    return Case((x,), keywords, init=(width, heads), init_kwargs=options)


@cases("torch.nn.TransformerDecoderLayer")
def decoder_layer(rng: Random) -> Case:
    width, heads = _width(rng)
    options = _layer_options(rng)
    first, batched, batch = options.get("batch_first"), some(rng, 0.8), rng.randint(1, 3)
    length, memory_length = rng.randint(1, 4), rng.randint(1, 4)
    x = _sequence(length, batch, _off(rng, width), first, batched)
    memory = _sequence(memory_length, _off(rng, batch), _off(rng, width), first, batched)
    keywords: dict[str, object] = {}
    if some(rng, 0.2):
        keywords["tgt_mask"] = T((length, length))
    if some(rng, 0.2):
        keywords["memory_mask"] = T((length, _off(rng, memory_length, 0.1)))
    return Case((x, memory), keywords, init=(width, heads), init_kwargs=options)


@cases("torch.nn.Transformer")
def transformer(rng: Random) -> Case:
    width, heads = _width(rng)
    options = _layer_options(rng)
    options |= {
        "d_model": width,
        "nhead": heads,
        "num_encoder_layers": 1,
        "num_decoder_layers": rng.randint(1, 2),
    }
    first, batched, batch = options.get("batch_first"), some(rng, 0.8), rng.randint(1, 3)
    source = _sequence(rng.randint(1, 4), batch, _off(rng, width), first, batched)
    target = _sequence(rng.randint(1, 4), _off(rng, batch), _off(rng, width), first, batched)
    return Case((source, target), init_kwargs=options)


@cases("torch.nn.modules.transformer._generate_square_subsequent_mask")
def square_mask(rng: Random) -> Case:
    return Case((rng.choice([0, 1, 3, 7, -1 if some(rng) else 2]),))
