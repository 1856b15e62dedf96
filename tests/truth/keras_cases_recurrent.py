"""Recurrent cells and layers, what wraps them, attention, EinsumDense."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import per_axis, some, wrong_per_axis
from tests.truth.keras_case import Generator, K, L, called, layers
from tests.truth.keras_draw import FORMATS, anything, batch, chosen, image

KINDS = ("SimpleRNN", "GRU", "LSTM")


def _sequence(rng: Random, features: int = 4) -> K:
    shape = (batch(rng), rng.choice([None, 1, 3, 5]), features)
    return K(shape if some(rng, 0.85) else rng.choice([shape[:2], (*shape, 2), (2, *shape)]))


def _modes(rng: Random) -> dict[str, object]:
    return chosen(
        rng,
        0.4,
        return_sequences=some(rng),
        return_state=some(rng),
        go_backwards=some(rng),
        use_bias=some(rng),
        activation=rng.choice(["relu", "tanh", "tenh"]) if some(rng, 0.5) else "relu",
        dropout=0.2,
    )


def _units(rng: Random) -> object:
    return rng.randint(1, 6) if some(rng, 0.9) else rng.choice([0, -2, None, 2.5, "3"])


def _recurrent(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = _modes(rng)
        if kind == "GRU":
            keywords |= chosen(rng, reset_after=some(rng))
        if some(rng, 0.1):
            keywords["implementation"] = rng.choice([1, 2])
        if kind != "SimpleRNN" and some(rng, 0.1):
            keywords["use_cudnn"] = rng.choice([True, "yes"])
        if some(rng, 0.06):
            keywords["output_dim"] = 3
        return called(_sequence(rng), _units(rng), **keywords)

    return draw


def _cell(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        units = _units(rng)
        size = units if isinstance(units, int) and units > 0 else 3
        x = K((batch(rng), rng.randint(1, 5)))
        state = K((x.shape[0], size))
        states = [state, state] if kind == "LSTM" else rng.choice([[state], state])
        keywords = chosen(rng, use_bias=some(rng), recurrent_dropout=0.1)
        if kind == "GRU":
            keywords |= chosen(rng, reset_after=some(rng))
        if some(rng, 0.15):
            keywords["return_state"] = True
        return Case((x, states), {}, (units,), keywords)

    return draw


for _kind in KINDS:
    layers(_kind)(_recurrent(_kind))
    layers(f"{_kind}Cell")(_cell(_kind))


def _one_cell(rng: Random) -> object:
    if some(rng, 0.12):
        return rng.choice([3, "LSTM", None, L("Dense", (3,))])
    return L(f"{rng.choice(KINDS)}Cell", (rng.randint(1, 5),), chosen(rng, use_bias=some(rng)))


@layers("RNN")
def _rnn(rng: Random) -> Case:
    cell = _one_cell(rng)
    if some(rng, 0.3):
        cells = [_one_cell(rng) for _ in range(rng.randint(1, 3))]
        cell = cells if some(rng) else L("StackedRNNCells", (cells,))
    keywords = chosen(rng, return_sequences=some(rng), return_state=some(rng), go_backwards=some(rng))
    return called(_sequence(rng), cell, **keywords)


@layers("StackedRNNCells")
def _stack(rng: Random) -> Case:
    cells = [_one_cell(rng) for _ in range(rng.randint(1, 2))]
    x = K((2, 4))
    states = [[K((2, 3)), K((2, 3))] for _ in cells]
    return Case((x, states), {}, (cells,), {"units": 3} if some(rng, 0.3) else {})


@layers("Bidirectional")
def _both(rng: Random) -> Case:
    modes = chosen(rng, 0.4, return_sequences=some(rng), return_state=some(rng))
    if some(rng, 0.05):
        modes["go_backwards"] = True
    inner: object = L(rng.choice(KINDS), (rng.randint(1, 5),), modes)
    if some(rng, 0.1):
        inner = rng.choice([L("Dense", (3,)), 3, None])
    if some(rng, 0.15):
        inner = L("RNN", (L(f"{rng.choice(KINDS)}Cell", (3,)),), modes)
    keywords = chosen(rng, 0.6, merge_mode=rng.choice(["sum", "mul", "ave", "concat", None, None, "add"]))
    if some(rng, 0.2):
        back = {**modes, "go_backwards": some(rng, 0.7)}
        if some(rng, 0.2):
            back["return_sequences"] = some(rng)
        keywords["backward_layer"] = L(rng.choice(KINDS), (rng.randint(1, 5),), back)
    return called(_sequence(rng), inner, **keywords)


@layers("TimeDistributed")
def _every_step(rng: Random) -> Case:
    inner, x = rng.choice(
        [
            (L("Dense", (3,)), anything(rng, low=3)),
            (L("Conv2D", (4, rng.choice([1, 3]))), K((batch(rng), rng.choice([None, 3]), 6, 6, 2))),
            (L("Flatten"), K((batch(rng), rng.choice([None, 3]), 4, 2))),
            (L("GlobalAveragePooling2D"), K((batch(rng), 3, 4, 4, 2))),
            (L("LSTM", (3,)), K((batch(rng), 3, 5, 2))),
            (L("Conv2D", (4, 3)), K((batch(rng), 6, 6, 2))),
            (L("Dense", (3,)), K((batch(rng), 4))),
            (rng.choice([3, None]), K((2, 3, 4))),
        ]
    )
    return called(x, inner, **({"steps": 3} if some(rng, 0.05) else {}))


@layers("Wrapper")
def _wrapper(rng: Random) -> Case:
    return called(K((2, 3, 4)), rng.choice([L("Dense", (3,)), 3]))


@layers("SpectralNormalization")
def _spectral(rng: Random) -> Case:
    inner, x = rng.choice(
        [
            (L("Dense", (3,)), K((batch(rng), 4))),
            (L("Conv2D", (4, 3)), K((batch(rng), 6, 6, 2))),
            (L("Embedding", (10, 3)), K((batch(rng), 4), "int32")),
            (L("ReLU"), K((batch(rng), 4))),
            (3, K((batch(rng), 4))),
        ]
    )
    return called(x, inner, **chosen(rng, power_iterations=rng.choice([1, 2, 0, -1])))


@layers("Pipeline")
def _pipeline(rng: Random) -> Case:
    parts = [L("Dense", (4,)), L("ReLU"), L("Dropout", (0.5,)), L("LayerNormalization")]
    chain: list[object] = rng.sample(parts, rng.randint(1, 3))
    if some(rng, 0.25):
        chain.append(L("Conv2D", (3, 9)))
    return called(anything(rng), chain)


def _convolutional(rank: int) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = chosen(
            rng,
            0.4,
            strides=per_axis(rng, rank, 1, 2),
            padding=rng.choice(["same", "valid", "full"]) if some(rng, 0.3) else "same",
            data_format=rng.choice(FORMATS),
            return_sequences=some(rng),
            return_state=some(rng),
            use_bias=some(rng),
        )
        if "strides" not in keywords or some(rng, 0.1):
            keywords |= chosen(rng, 0.3, dilation_rate=per_axis(rng, rank, 1, 2))
        size = per_axis(rng, rank, 1, 3) if some(rng, 0.9) else wrong_per_axis(rng, rank)
        still = image(rng, rank, rng.randint(1, 3), keywords.get("data_format"), 3, 6).shape
        still = tuple(n if n is not None or i == 0 else 5 for i, n in enumerate(still))
        x = (still[0], rng.choice([None, 2, 3]), *still[1:])
        return called(
            K(x if some(rng, 0.85) else rng.choice([still, (*x, 2)])), rng.randint(1, 4), size, **keywords
        )

    return draw


for _rank in (1, 2, 3):
    layers(f"ConvLSTM{_rank}D")(_convolutional(_rank))


# -- attention -----------------------------------------------------------------------------------------------


def _three(rng: Random, features: int = 4) -> tuple[list[K], int | None]:
    n = batch(rng)
    sources = rng.randint(1, 5)
    query = K((n, rng.randint(1, 5), features))
    value = K((n, sources, rng.choice([features, features, 6])))
    key = K((n, sources if some(rng, 0.9) else sources + 1, features))
    return [query, value, key], n


@layers("Attention", "AdditiveAttention")
def _attention(rng: Random) -> Case:
    parts, _ = _three(rng)
    if some(rng):
        parts = [parts[0], K((*parts[1].shape[:2], 4))]
    given: object = parts
    if some(rng, 0.2):
        given = rng.choice([parts[:1], parts[0], tuple(parts), [*parts, parts[0]]])
    kwargs = chosen(rng, 0.3, return_attention_scores=some(rng), use_causal_mask=some(rng))
    keywords = chosen(
        rng, 0.4, use_scale=some(rng), dropout=0.1, score_mode=rng.choice(["dot", "concat", "sum"])
    )
    return Case((given,), kwargs, (), keywords)


@layers("MultiHeadAttention")
def _heads(rng: Random) -> Case:
    parts, _ = _three(rng)
    args = parts if some(rng) else parts[:2]
    if some(rng, 0.15):
        args = [K((2, 3, 3, 4)), K((2, 3, 3, 4))]
    numbers: list[object] = [rng.randint(1, 4), rng.randint(1, 5)]
    if some(rng, 0.2):
        numbers[rng.randrange(2)] = rng.choice([0, -1, 2.5, None, "2"])
    wide = rng.choice([None, 3, 2, 0, 1.5]) if some(rng, 0.4) else rng.choice([None, 3])
    keywords = chosen(
        rng,
        0.3,
        value_dim=wide,
        use_bias=some(rng),
        output_shape=rng.choice([None, 3, (3,), [2, 3]]),
        attention_axes=rng.choice([None, 1, (1,)]),
        use_gate=some(rng),
        dropout=0.1,
        sliding_window=rng.choice([None, 2, 0, -1]),
    )
    return Case(tuple(args), {}, tuple(numbers), keywords)


@layers("GroupQueryAttention")
def _grouped(rng: Random) -> Case:
    parts, _ = _three(rng)
    args = parts if some(rng) else parts[:2]
    queries, keys = rng.choice([(4, 2), (4, 4), (6, 3), (4, 1), (4, 3), (2, 4)])
    keywords = chosen(rng, 0.3, use_bias=some(rng), use_gate=some(rng), sliding_window=rng.choice([2, 0]))
    kwargs = chosen(rng, 0.2, return_attention_scores=some(rng))
    return Case(tuple(args), kwargs, (rng.randint(1, 4), queries, keys), keywords)


@layers("EinsumDense")
def _einsum(rng: Random) -> Case:
    n = batch(rng)
    equation, output, bias, shape = rng.choice(
        [
            ("ab,bc->ac", 6, "c", (n, 4)),
            ("abc,cd->abd", (None, 6), "d", (n, 3, 4)),
            ("...x,xy->...y", 6, "y", (n, 3, 4)),
            ("abc,cde->abde", (None, 2, 3), "de", (n, 3, 4)),
            ("abc,bcd->ad", 5, "d", (n, 3, 4)),
            ("abc,cd->abd", (3, 6), "bd", (n, 3, 4)),
            ("ab...,bc->ac...", 5, "c", (n, 4, 3)),
            ("abc,cd->adb", (6, None), "d", (n, 3, 4)),
            ("ab,bc->acd", (6, 2), "c", (n, 4)),
            ("ab,cd->ad", 6, "d", (n, 4)),
            ("ab,bc->ad", 6, None, (n, 4)),
            ("a b,bc->ac", 6, None, (n, 4)),
        ]
    )
    keywords = chosen(rng, 0.5, bias_axes=bias if some(rng, 0.85) else "z")
    if some(rng, 0.1):
        shape = (*shape, 2)
    return called(K(shape), equation, output, **keywords, **chosen(rng, 0.1, lora_rank=2))
