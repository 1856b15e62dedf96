"""Pooling functions as rules see pooling layers: `F.max_pool2d(x, 2)` slides a window, too.

Law: the calls at one place with the same windows are one pool, named by the function.
"""

from __future__ import annotations

from collections.abc import Iterator

from convlint.lint.gathering.flow import Flow, Step
from convlint.lint.gathering.windows import Family, axes
from convlint.lint.sources import Sources
from convlint.lint.subjects import WindowLayer
from convlint.lint.subjects.layer import Shape
from convlint.trace import Called, Class, Instance, Pooling, Site, Span, argument_node, call_in

_OF_KERAS = "keras.layers.Layer"
_Key = tuple[tuple[Span, ...], Pooling]


class PoolingCall(WindowLayer, frozen=True, kw_only=True):
    """Calls of a pooling function; nothing but the call says its arguments, and no fix rewrites it."""

    def literal(self, *names: str) -> bool:
        """Never: a fix of a layer gives arguments that a function calls otherwise."""
        return False

    def collapses_for(self) -> tuple[Shape, list[tuple[int, ...]]] | None:
        """Never: a collapse by a function is told of the convolution behind it."""
        return None


def pools(flow: Flow, sources: Sources, root: str) -> Iterator[tuple[_Key, PoolingCall]]:
    """The pooling functions that a run called in linted files, in the order of their places."""
    found: dict[_Key, list[Step]] = {}
    for step in flow.steps:
        origin = step.result.origin
        if origin is None or origin.pooling is None or origin.site is None or step.layer is not None:
            continue
        if step.operands and call_in(origin.site, sources.accepts) is not None:
            spans = tuple(site.span for site in origin.site.chain())
            found.setdefault((spans, origin.pooling), []).append(step)
    for key in sorted(found, key=lambda key: [(s.filename, s.row, s.column) for s in key[0]]):
        steps, pooling = found[key], key[1]
        origin = steps[0].result.origin
        assert origin is not None
        instance = _as_layer(steps[0].what, pooling, origin.site)
        kind = Family("Pool", len(pooling.windows), pooling.channels_last)
        yield (
            key,
            PoolingCall(
                sources=sources,
                root=root,
                instance=instance,
                calls=tuple(_called(instance, number, step) for number, step in enumerate(steps, 1)),
                flow=flow,
                kind=kind,
                windows=tuple(axes(instance, kind)),
            ),
        )


def _called(instance: Instance, number: int, step: Step) -> Called:
    site = None if step.result.origin is None else step.result.origin.site
    return Called(instance, 0, number, site, tuple(step.operands[:1]), step.result)


def _as_layer(name: str, pooling: Pooling, site: Site | None) -> Instance:
    """The function with its windows as a layer holds them."""
    bases = (Class(_OF_KERAS),) if pooling.channels_last else ()
    layer = Instance(Class(name, bases), site)
    windows = pooling.windows
    layer.attrs = {
        "kernel_size": tuple(each.kernel for each in windows),
        "stride": tuple(each.stride for each in windows),
        "dilation": tuple(each.dilation for each in windows),
        "padding": tuple(each.before if each.before == each.after else None for each in windows),
    }
    if any(each.same for each in windows):
        layer.attrs["padding"] = "same" if pooling.channels_last else None
    layer.arguments = dict(layer.attrs)
    if site is not None and not any(argument_node(site, name) for name in ("stride", "strides")):
        layer.arguments["stride"] = None  # as a layer that moves by its kernel
    return layer
