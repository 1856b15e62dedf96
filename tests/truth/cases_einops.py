"""einops: functions and layers, on tensors of PyTorch."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case, T, cases
from tests.truth.draw_patterns import NAMES, Drawn, drawn, written, wronged

REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")
DTYPES = ("float32", "float32", "float64", "int64", "bool")


def _maybe_wrong(rng: Random, found: Drawn, share: float = 0.3) -> Drawn:
    return wronged(rng, found) if rng.random() < share else found


def _tensor(rng: Random, found: Drawn) -> object:
    """The tensor, or at times a list of the tensors along its first axis."""
    dtype = rng.choice(DTYPES)
    if found.shape and found.shape[0] and rng.random() < 0.15:
        return [T(found.shape[1:], dtype) for _ in range(found.shape[0])]
    return T(found.shape, dtype)


@cases("einops.rearrange", "einops.einops.rearrange")
def rearrange(rng: Random) -> Case:
    found = _maybe_wrong(rng, drawn(rng))
    return Case((_tensor(rng, found), found.pattern), found.given)


@cases("einops.repeat", "einops.einops.repeat")
def repeat(rng: Random) -> Case:
    found = _maybe_wrong(rng, drawn(rng, new=rng.randint(0, 2), numbers=True))
    return Case((_tensor(rng, found), found.pattern), found.given)


@cases("einops.reduce", "einops.einops.reduce")
def reduce(rng: Random) -> Case:
    found = _maybe_wrong(rng, drawn(rng, gone=rng.randint(0, 1)))
    how = rng.choice((*REDUCTIONS, "median")) if rng.random() < 0.95 else None
    return Case((_tensor(rng, found), found.pattern, how), found.given)


@cases("einops.parse_shape", "einops.einops.parse_shape")
def parse_shape(rng: Random) -> Case:
    shape = tuple(rng.choice([1, 2, 3]) for _ in range(rng.randint(0, 4)))
    names: list[str] = rng.sample(NAMES, len(shape))
    for place, extent in enumerate(shape):
        if rng.random() < 0.3:
            names[place] = rng.choice(["_", str(extent), "1", "()", "...", "2"])
    if rng.random() < 0.15:
        names.append("x")
    return Case((T(shape), " ".join(names)))


@cases("einops.einsum", "einops.einops.einsum")
def einsum(rng: Random) -> Case:
    extents = {name: rng.choice([1, 2, 3]) for name in NAMES}
    operands: list[object] = []
    terms: list[str] = []
    for _ in range(rng.randint(1, 3)):
        names = [rng.choice(NAMES[:5]) for _ in range(rng.randint(1, 3))]
        operands.append(T(tuple(extents[name] for name in names)))
        terms.append(" ".join(names))
    used = sorted({name for term in terms for name in term.split()})
    output = rng.sample(used, rng.randint(0, len(used)))
    pattern = f"{', '.join(terms)} -> {' '.join(output)}"
    match rng.randrange(14):
        case 0:
            pattern = pattern.replace("->", ",")
        case 1:
            pattern += " q"
        case 2:
            pattern = pattern.replace(" -> ", " (h w) -> ")
        case 3:
            operands.pop()
        case 4:
            operands[0] = T((7, 7))
        case 5:
            pattern = pattern.replace(" -> ", " 1 -> ")
        case 6:
            pattern = pattern.replace(", ", ", ... ").replace("-> ", "-> ... ")
    return Case((*operands, pattern))


def _packed(rng: Random) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]], str]:
    before, after = rng.randint(0, 2), rng.randint(0, 1)
    names = rng.sample(NAMES, before + after)
    outside = [rng.choice([1, 2, 3]) for _ in names]
    inner = [tuple(rng.choice([1, 2, 3]) for _ in range(rng.randint(0, 2))) for _ in range(rng.randint(1, 3))]
    shapes = [(*outside[:before], *each, *outside[before:]) for each in inner]
    return shapes, inner, " ".join([*names[:before], "*", *names[before:]])


def _other_pattern(rng: Random, pattern: str) -> str:
    return rng.choice([pattern.replace("*", "q"), pattern + " *", pattern + " z", pattern + " b_", pattern])


@cases("einops.pack", "einops.packing.pack")
def pack(rng: Random) -> Case:
    shapes, _, pattern = _packed(rng)
    if rng.random() < 0.3:
        pattern = _other_pattern(rng, pattern)
    if rng.random() < 0.15:
        shapes[0] = (*shapes[0], 5)
    return Case(([T(shape) for shape in shapes], pattern))


@cases("einops.unpack", "einops.packing.unpack")
def unpack(rng: Random) -> Case:
    shapes, inner, pattern = _packed(rng)
    place = pattern.split().index("*")
    total = sum(_count(each) for each in inner) + (rng.choice([1, 2]) if rng.random() < 0.15 else 0)
    shape = (*shapes[0][:place], total, *shapes[0][place + len(inner[0]) :])
    parts: list[object] = [list(each) if rng.random() < 0.5 else each for each in inner]
    if rng.random() < 0.4:
        number = rng.randrange(len(parts))
        parts[number] = rng.choice([[-1], [-1, *inner[number][1:]], [-1, 1]])
    if rng.random() < 0.2:
        pattern = _other_pattern(rng, pattern)
    return Case((T(shape), parts, pattern))


def _count(shape: tuple[int, ...]) -> int:
    found = 1
    for extent in shape:
        found *= extent
    return found


@cases("einops.layers.torch.Rearrange")
def rearrange_layer(rng: Random) -> Case:
    found = _maybe_wrong(rng, drawn(rng))
    return Case((T(found.shape),), init=(found.pattern,), init_kwargs=found.given)


@cases("einops.layers.torch.Reduce")
def reduce_layer(rng: Random) -> Case:
    found = _maybe_wrong(rng, drawn(rng, gone=rng.randint(0, 1)))
    how = rng.choice((*REDUCTIONS[:5], "median"))
    return Case((T(found.shape),), init=(found.pattern, how), init_kwargs=found.given)


@cases("einops.layers.torch.EinMix")
def einmix(rng: Random) -> Case:
    names = rng.sample(NAMES, rng.randint(2, 4))
    extents = {name: rng.choice([1, 2, 3]) for name in names}
    mixed, new = names[-1], "z"
    extents[new] = rng.choice([1, 2, 4])
    left = [[name] for name in names]
    right = [[name] for name in names[:-1]] + [[new]]
    if rng.random() < 0.5 and len(names) > 2:
        left = [*left[:-2], [names[-2], mixed]]
        right = [*right[:-2], [names[-2], new]]
    weight = [mixed, new] + ([names[0]] if rng.random() < 0.4 else [])
    bias = rng.choice([None, new, f"{new}", " ".join([names[0], new]), "q"])
    given: dict[str, object] = {n: extents[n] for n in {*weight, *(bias or "").split()} if n in extents}
    if len(left[-1]) > 1:
        given.setdefault(names[-2], extents[names[-2]])
    shape = tuple(_count(tuple(extents[n] for n in group)) for group in left)
    if rng.random() < 0.15:
        shape = (*shape[:-1], shape[-1] + 1)
    if rng.random() < 0.1:
        given.pop(rng.choice(list(given)))
    if rng.random() < 0.1:
        given["t2"] = 3
    rng.shuffle(weight)
    pattern = f"{written(left)} -> {written(right)}"
    return Case((T(shape),), init=(pattern, " ".join(weight), bias), init_kwargs=given)
