"""How numbers and shapes read in messages: 1×256×6×6, 256·6·6, 9,216, "2 rows and 2 columns"."""

from __future__ import annotations

from collections.abc import Sequence

from convlint.dims import Dim
from convlint.trace import is_opaque

_LONGEST = 40
_PLACES = {"H": ("row", "rows"), "W": ("column", "columns"), "D": ("slice", "slices"), "L": ("step", "steps")}


def extent(dim: Dim) -> str:
    """One extent, in brackets where it is a sum."""
    text = "?" if is_opaque(dim) else str(dim)
    if (
        text == "?"
        or isinstance(dim, int)
        or text.isidentifier()
        or (text.startswith("(") and text.endswith(")"))
    ):
        return text
    return f"({text})"


def shape(dims: Sequence[Dim]) -> str:
    """A shape: 1×3×224×224; () for one without axes."""
    return "×".join(extent(dim) for dim in dims) if dims else "()"


def factors(dims: Sequence[Dim]) -> str:
    """A product: 256·6·6."""
    return "·".join(extent(dim) for dim in dims)


def number(dim: Dim | Sequence[Dim] | None) -> str:
    """A number as it stands in a sentence; a shape as one."""
    if dim is None:
        return "an unknown number"
    return shape(dim) if isinstance(dim, Sequence) else str(dim)


def count(amount: Dim, one: str, many: str = "") -> str:
    """`1 channel`, `3 channels`."""
    return f"{amount} {one if amount == 1 else many or one + 's'}"


def lines(axis: str, amount: Dim) -> str:
    """`2 rows`, `1 column`: places along the axis H, W, D or L."""
    return count(amount, *_PLACES[axis])


def window(kernel: Sequence[int]) -> str:
    """A kernel: 5×5, 3×1; `of 5` where there is a single axis."""
    return "×".join(map(str, kernel)) if len(kernel) != 1 else f"of {kernel[0]}"


def per_axis(values: Sequence[int]) -> str:
    """One number for all axes, or a tuple: `1`, `(1, 0)`."""
    return str(values[0]) if len(set(values)) == 1 else f"({', '.join(map(str, values))})"


def grouped(value: int) -> str:
    """9216 as 9,216."""
    return f"{value:,}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def shortened(text: str, longest: int = _LONGEST) -> str:
    """The text, cut where it is too long to read."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def millions(value: int) -> str:
    """11.7 M, 640 k, 512."""
    for size, word in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:.3g} {word}"
    return str(value)
