"""Recurrent layers and cells, and sequences of several lengths."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, Generator, T, cases
from tests.truth.draw import some

RNN = "torch.nn.utils.rnn."


def _off(rng: Random, number: int, share: float = 0.04) -> int:
    """The number, seldom another one."""
    return max(0, number + rng.choice([1, -1])) if some(rng, share) else number


def _options(rng: Random, kind: str, hidden: int) -> dict[str, object]:
    options: dict[str, object] = {}
    for name, values in {
        "num_layers": [1, 2, 3],
        "bias": [True, False],
        "batch_first": [True, False],
        "bidirectional": [True, False],
    }.items():
        if some(rng):
            options[name] = rng.choice(values)
    if kind == "RNN" and some(rng, 0.3):
        options["nonlinearity"] = rng.choice(["tanh", "relu", "relu"])
    if kind == "LSTM" and some(rng, 0.3):
        options["proj_size"] = rng.randint(0, max(1, hidden - 1))
    if some(rng, 0.06):
        wrong = {
            "num_layers": 0,
            "bias": 1,
            "dropout": 1.5,
            "nonlinearity": "sigmoid",
            "proj_size": -1,
            "unheard": 1,
        }
        name = rng.choice(sorted(wrong))
        options[name] = wrong[name]
    return options


def _state(rng: Random, options: dict[str, object], batch: int | None, features: int) -> T:
    layers = options.get("num_layers", 1)
    assert isinstance(layers, int)
    depth = layers * (2 if options.get("bidirectional") else 1)
    shape = (_off(rng, depth), *(() if batch is None else (_off(rng, batch),)), features)
    return T(shape[1:] if some(rng, 0.04) else shape)


def _layer(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        inputs, hidden = rng.randint(1, 4), rng.randint(1, 4)
        options = _options(rng, kind, hidden)
        batch = None if some(rng, 0.25) else rng.choice([0, 1, 2, 3])
        length, features = rng.choice([0, 1, 2, 3, 4, 5]), _off(rng, inputs)
        shape: tuple[int, ...] = (length, features)
        if batch is not None:
            shape = (batch, *shape) if options.get("batch_first") else (length, batch, features)
        if some(rng, 0.04):
            shape = shape[1:] if len(shape) == 2 else (1, *shape)
        args: tuple[object, ...] = (T(shape),)
        if some(rng, 0.4):
            projection = options.get("proj_size") or hidden
            assert isinstance(projection, int)
            state = _state(rng, options, batch, _off(rng, projection))
            args = (*args, (state, _state(rng, options, batch, hidden)) if kind == "LSTM" else state)
        return Case(args, init=(_wrong_size(rng, inputs), hidden), init_kwargs=options)

    return draw


def _wrong_size(rng: Random, size: int) -> object:
    return rng.choice([0, -1, 2.0]) if some(rng, 0.03) else size


def _cell(kind: str) -> Generator:
    def draw(rng: Random) -> Case:
        inputs, hidden = rng.randint(1, 4), rng.randint(1, 4)
        batch = () if some(rng, 0.3) else (rng.randint(0, 3),)
        x = T((*batch, _off(rng, inputs)) if not some(rng, 0.05) else (1, *batch, inputs))
        args: tuple[object, ...] = (x,)
        if some(rng, 0.6):
            states = [T((*(_off(rng, n, 0.06) for n in batch), _off(rng, hidden, 0.06))) for _ in range(2)]
            if some(rng, 0.04):
                states = [T(s.shape[1:] or (hidden + 1, *s.shape)) for s in states]
            args = (x, tuple(states) if kind == "LSTM" else states[0])
        options: dict[str, object] = {}
        if some(rng, 0.3):
            options["bias"] = some(rng)
        if kind == "RNN" and some(rng, 0.3):
            options["nonlinearity"] = rng.choice(["tanh", "relu", "relu", "gelu"])
        return Case(args, init=(inputs, _off(rng, hidden, 0.03)), init_kwargs=options)

    return draw


for _kind in ("RNN", "LSTM", "GRU"):
    cases(f"torch.nn.{_kind}")(_layer(_kind))
    cases(f"torch.nn.{_kind}Cell")(_cell(_kind))


# -- sequences of several lengths ----------------------------------------------------------------------------


@cases(RNN + "pack_padded_sequence")
def pack_padded(rng: Random) -> Case:
    batch, longest = rng.randint(1, 3), rng.randint(1, 4)
    lengths = [rng.randint(1, longest) for _ in range(_off(rng, batch, 0.1))]
    if some(rng, 0.85):
        lengths.sort(reverse=True)
    if some(rng, 0.05) and lengths:
        lengths[-1] = 0
    batch_first = some(rng)
    lead = (batch, longest) if batch_first else (longest, batch)
    rest = tuple(rng.randint(1, 3) for _ in range(rng.choice([0, 1, 1, 2])))
    keywords: dict[str, object] = {"batch_first": batch_first} if batch_first or some(rng) else {}
    if some(rng, 0.3):
        keywords["enforce_sorted"] = some(rng, 0.2)
    return Case((T((*lead, *rest)), lengths), keywords)


@cases(RNN + "pad_sequence", RNN + "pack_sequence")
def sequences(rng: Random) -> Case:
    rest = tuple(rng.randint(1, 3) for _ in range(rng.randint(0, 2)))
    lengths = sorted((rng.randint(1, 4) for _ in range(rng.choice([1, 2, 3]))), reverse=some(rng, 0.8))
    return Case(([T((n, *(_off(rng, extent, 0.06) for extent in rest))) for n in lengths],))
