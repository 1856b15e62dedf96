"""Patterns of einops, drawn with a tensor that they fit, and ways to make one of the two wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from random import Random

NAMES = ("b", "c", "h", "w", "h1", "w2", "d", "head", "t")
Group = list[str]


@dataclass(frozen=True)
class Drawn:
    """A pattern, the shape that it fits, and the extents that are given for names."""

    left: list[Group]
    right: list[Group]
    shape: tuple[int, ...]
    given: dict[str, object] = field(default_factory=dict)

    @property
    def pattern(self) -> str:
        """The pattern as text."""
        return f"{written(self.left)} -> {written(self.right)}"


def written(groups: list[Group]) -> str:
    """One side of a pattern: a group of one name stands without parentheses."""
    return " ".join(
        group[0] if len(group) == 1 and group[0] != "()" else f"({' '.join(group)})" if group else "()"
        for group in groups
    )


def grouped(rng: Random, names: list[str], alone: float = 0.5) -> list[Group]:
    """The names in groups, in their order; now and then an empty one or a 1 among them."""
    groups: list[Group] = []
    for name in names:
        if groups and groups[-1] and rng.random() > alone and "..." not in groups[-1]:
            groups[-1].append(name)
        else:
            groups.append([name])
    for one in (["1"], []):
        if rng.random() < 0.15:
            groups.insert(rng.randint(0, len(groups)), list(one))
    return groups


def sizes(rng: Random, names: list[str]) -> dict[str, int]:
    """An extent for each name."""
    return {name: rng.choice([1, 2, 2, 3, 4, 5]) for name in names}


def drawn(rng: Random, *, gone: int = 0, new: int = 0, numbers: bool = False) -> Drawn:
    """A pattern with as many names on the left side alone, and on the right side alone."""
    names = rng.sample(NAMES, rng.randint(max(1, gone), 5))
    extents = sizes(rng, list(NAMES))
    left = grouped(rng, names)
    hidden = tuple(rng.choice([1, 2, 3]) for _ in range(rng.randint(0, 2)))
    ellipsis = rng.random() < 0.25
    if ellipsis:
        left.insert(rng.randint(0, len(left)), ["..."])
    kept = [name for name in names if name not in rng.sample(names, gone)]
    added = [name for name in NAMES if name not in names][:new]
    order = rng.sample(kept + added, len(kept + added))
    if numbers and rng.random() < 0.3:
        order.insert(rng.randint(0, len(order)), rng.choice(["2", "3"]))
    right = grouped(rng, order)
    if ellipsis and (gone == 0 or rng.random() < 0.5):
        if right and right[-1] and rng.random() < 0.3:
            right[-1].append("...")
        else:
            right.insert(rng.randint(0, len(right)), ["..."])
    shape: list[int] = []
    given: dict[str, object] = {name: extents[name] for name in added}
    for group in left:
        if group == ["..."]:
            shape += hidden
            continue
        shape.append(prod(extents.get(name, 1) for name in group))
        free = rng.choice(group) if group and group != ["1"] else ""
        given |= {name: extents[name] for name in group if name != free and name != "1"}
    return Drawn(left, right, tuple(shape), given)


def wronged(rng: Random, found: Drawn) -> Drawn:
    """The same with one thing changed: an extent, a name, a group, the rank, a given number."""
    shape, given = list(found.shape), dict(found.given)
    left, right = [list(g) for g in found.left], [list(g) for g in found.right]
    match rng.randrange(9):
        case 0 if shape:
            shape[rng.randrange(len(shape))] += rng.choice([1, 2, 3])
        case 1 if shape:
            shape.pop(rng.randrange(len(shape)))
        case 2:
            shape.insert(rng.randint(0, len(shape)), rng.choice([1, 2]))
        case 3 if given:
            del given[rng.choice(list(given))]
        case 4 if given:
            name = rng.choice(list(given))
            given[name] = rng.choice([7, 2, 3, 1.0, 2.0])
        case 5:
            given[rng.choice(["zz", "_a", "b", "h"])] = rng.choice([2, 3])
        case 6:
            side = rng.choice([left, right])
            side.append([rng.choice(["b", "x", "2", "c_", "9d", "d)", "a.b", "...", "h-w", "1"])])
        case 7 if right:
            right.pop(rng.randrange(len(right)))
        case _ if left:
            left.pop(rng.randrange(len(left)))
    return replace(found, left=left, right=right, shape=tuple(shape), given=given)
