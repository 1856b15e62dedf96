"""The law of a layer with the numbers of one call put in.

Law: a line is shown only where it gives the extent that the analysis found.
"""

from __future__ import annotations

from collections.abc import Iterator

from convlint.dims import Dim
from convlint.lint.gathering.around import spatial
from convlint.lint.gathering.windows import Axis, axes, family
from convlint.trace import Called, Tensor, is_opaque


def formulas(call: Called) -> Iterator[str]:
    """One line for each spatial axis of a convolution or pooling layer."""
    kind = family(call.module)
    given = call.inputs[0] if call.inputs else None
    if kind is None or not isinstance(given, Tensor) or not isinstance(call.output, Tensor):
        return
    if given.restated or call.output.restated:
        return
    before, after = spatial(given.shape, kind), spatial(call.output.shape, kind)
    if before is None or after is None:
        return
    for axis in axes(call.module, kind):
        n, out = before[axis.position], after[axis.position]
        if is_opaque(n) or is_opaque(out):
            continue
        line = _transposed(axis, n, out) if kind.transposed else _window(axis, n, out)
        if line is not None:
            yield f"{axis.name}: {line} = {out}"


def _window(axis: Axis, n: Dim, out: Dim) -> str | None:
    """(n + padding - reach)//stride + 1, where reach = dilation · (kernel - 1) + 1; n/stride rounded up for
    Keras' 'same'.
    """
    if axis.same:
        up = (n + (axis.stride - 1)) // axis.stride
        return f"⌈{_operand(n)}/{axis.stride}⌉" if up == out else None
    if axis.before is None or axis.after is None:
        return None
    room = n + axis.before + axis.after - axis.reach
    inside = f"{n}{_padding(axis)} − {_reach(axis)}"
    if room // axis.stride + 1 == out:
        return f"{inside} + 1" if axis.stride == 1 else f"⌊({inside})/{axis.stride}⌋ + 1"
    if (room + axis.stride - 1) // axis.stride + 1 == out:
        return f"⌈({inside})/{axis.stride}⌉ + 1"
    return None


def _transposed(axis: Axis, n: Dim, out: Dim) -> str | None:
    """(n - 1) · stride - padding + reach + output padding."""
    if axis.before is None or axis.after is None:
        return None
    bare = (n - 1) * axis.stride - axis.before - axis.after + axis.reach
    extra = out - bare
    if not isinstance(extra, int) or not 0 <= extra < max(axis.stride, axis.dilation):
        return None
    padding = f" − {axis.before + axis.after}" if axis.before + axis.after else ""
    added = f" + {extra}" if extra else ""
    return f"({n} − 1)·{axis.stride}{padding} + {_reach(axis)}{added}"


def _padding(axis: Axis) -> str:
    if not (axis.before or axis.after):
        return ""
    return f" + 2·{axis.before}" if axis.before == axis.after else f" + {axis.before} + {axis.after}"


def _reach(axis: Axis) -> str:
    """The extent that a window spans; spelt out where it is dilated."""
    if axis.dilation == 1:
        return str(axis.kernel)
    return f"({axis.dilation}·({axis.kernel} − 1) + 1)"


def _operand(n: Dim) -> str:
    return str(n) if isinstance(n, int) or str(n).isidentifier() else f"({n})"
