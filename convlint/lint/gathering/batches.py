"""Batch sizes in a run: of loaders, of `fit`, and of tensors with literal extents that models are given."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from convlint.trace import Called, Span, Tensor, Trace, call_in, span_of, written_at

Accepts = Callable[[str], bool]
_MOST_STEPS = 100
_WITH_BATCH = (2, 4, 5)
"""Ranks whose first axis is the batch; three axes may be an image alone."""


def batch_sizes(trace: Trace, accepts: Accepts) -> Iterator[tuple[int, Span]]:
    """Each size with the place where it was written."""
    for batch in trace.batches:
        site = batch.site
        span = None if site is None else written_at(site, batch.argument, accepts) or call_in(site, accepts)
        if span is not None:
            yield batch.size, span
    for call in trace.calls:
        if call.parent is None and call.module.cls.node is not None:
            yield from _literal(call, accepts)


def _literal(call: Called, accepts: Accepts) -> Iterator[tuple[int, Span]]:
    for value in call.inputs:
        made = _made(value) if isinstance(value, Tensor) else None
        if made is None or made.origin is None or made.origin.site is None:
            continue
        site, shape = made.origin.site, made.shape
        if made.origin.before is not None or shape is None or len(shape) not in _WITH_BATCH:
            continue
        node = _first_extent(site.node)
        batch = shape[0]
        if node is not None and isinstance(batch, int) and node.value == batch and accepts(site.filename):
            yield batch, span_of(node, site.filename)


def _made(tensor: Tensor) -> Tensor:
    """The tensor that another was moved or converted from, in the same shape."""
    for _ in range(_MOST_STEPS):
        before = None if tensor.origin is None else tensor.origin.before
        if before is None or before.shape != tensor.shape:
            break
        tensor = before
    return tensor


def _first_extent(node: ast.AST) -> ast.Constant | None:
    """The literal that a call such as `torch.randn(48, 3, 224, 224)` gives its first axis."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    first = node.args[0]
    if isinstance(first, (ast.Tuple, ast.List)) and first.elts:
        first = first.elts[0]
    return first if isinstance(first, ast.Constant) and type(first.value) is int else None
