"""Declaring einops' functions: on tensors of a functional Keras model, a call is a node of its graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from convlint.libs.registry import Body, declare_entry, native
from convlint.values import Caller, Native, Tensor, Value

_GRAPHED = "keras.KerasTensor"


def function(name: str, module: str, signature: str) -> Callable[[Body], Body]:
    """Declare `einops.NAME`, which is `einops.MODULE.NAME` too."""

    def declare(body: Body) -> Body:
        for full in (f"einops.{name}", f"einops.{module}.{name}"):
            declare_entry(full, _in_graph(native(full, signature, body)))
        return body

    return declare


def _in_graph(plain: Native) -> Native:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        result = plain.run(caller, args, kwargs)
        if _has_graphed(args) or _has_graphed(kwargs.values()):
            _record(caller, run, args, kwargs, result)
        return result

    return Native(plain.name, run)


def _has_graphed(values: Iterable[Value]) -> bool:
    for each in values:
        if isinstance(each, Tensor):
            if each.kind == _GRAPHED:
                return True
        elif isinstance(each, list | tuple) and _has_graphed(each):
            return True
    return False


def _record(
    caller: Caller,
    run: Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value],
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
    result: Value,
) -> None:
    from convlint.libs.keras.graph import Node, node_of, record, tensors_in

    given = list(tensors_in((args, kwargs)))
    if any(node_of(tensor) is not None for tensor in given):
        fresh = [t for t in tensors_in(result) if not any(t is each for each in given)]
        if fresh:
            record(Node(run, args, kwargs, site=caller.site), result)
