"""What a functional model takes: as many tensors as it has inputs, of the shapes that those were given.

Law (keras.src.layers.input_spec, keras.src.models.functional): known extents but for the batch are equal,
a last axis of extent 1 being left out on either side; an axis of 1 at the end may be missing or too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from convlint.dims import Expr
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.graph import Graph, node_of, replaced, tensors_in
from convlint.libs.keras.layer import NAMED
from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Caller, Instance, Tensor, Value


def accepted(op: Op, graph: Graph, given: Value, *, chain: bool = False) -> Value:
    """The inputs as the graph computes with them; a chain of layers (Sequential) looks at ranks only.

    Raises `NotModelled` after the fault of an input that is refused.
    """
    if isinstance(given, dict):
        return _accepted_by_name(op, graph, given)
    wanted, found = list(tensors_in(graph.inputs)), list(tensors_in(given))
    if isinstance(graph.inputs, dict) or not found or not _only_tensors(given):
        return given
    if len(wanted) != len(found):
        if not chain:
            _refuse_count(op, wanted, found)
        return given
    known: dict[int, Value] = {}
    for index, (old, new) in enumerate(zip(wanted, found, strict=True)):
        if old.shape is None or new.shape is None:
            continue
        if not chain:
            _check_extents(op, index, old, old.shape, new.shape)
        known[id(new)] = _of_rank(op, old, old.shape, new, new.shape)
    return replaced(given, known)


def _accepted_by_name(op: Op, graph: Graph, given: dict[Value, Value]) -> Value:
    """Inputs by their names: the keys that the model was made with, else the names of its `Input`s."""
    wanted = list(tensors_in(graph.inputs))
    made = graph.inputs
    names = sorted(made, key=str) if isinstance(made, dict) else [_source(each) for each in wanted]
    known: dict[int, Value] = {}
    for index, (name, old) in enumerate(zip(names, wanted, strict=False)):
        new = given.get(name)
        if len(names) != len(wanted) or not isinstance(new, Tensor):
            return given
        if old.shape is not None and new.shape is not None:
            _check_extents(op, index, old, old.shape, new.shape, str(name))
            known[id(new)] = _of_rank(op, old, old.shape, new, new.shape)
    return replaced(given, known)


def check_names(caller: Caller, model: Instance, layers: Sequence[Value]) -> None:
    """Two layers of a model may not have the same name; names that Keras gives are not looked at."""
    seen = set[str]()
    chain = model.cls.derives("keras.Sequential")
    for layer in layers:
        if not isinstance(layer, Instance) or not layer.attrs.get(NAMED) or "_name" in layer.attrs:
            continue  # Keras 2 had programs write `_name`
        name = layer.attrs.get("name")
        if not isinstance(name, str):
            continue
        if name in seen:
            words = f'The name "{name}" is used 2 times in the model. All operation names should be unique.'
            if chain:
                words = (
                    "All layers added to a Sequential model should have unique names. Name "
                    f"'{name}' is already the name of a layer in this model."
                )
            fault = Fault(Kind.ARGUMENT, detail=f"two of its layers are named `{name}`")
            caller.fault(fault, partial(_said, f"ValueError: {words}"), model)
            return
        seen.add(name)


def _only_tensors(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_only_tensors, value))
    return isinstance(value, Tensor)


def _refuse_count(op: Op, wanted: list[Tensor], found: list[Tensor]) -> None:
    names = [_source(each) for each in wanted]
    words = (
        f'ValueError: Layer "{_name(op)}" expects {len(wanted)} named input(s) with keys {names}, but it '
        f"received {len(found)} input tensors."
    )
    detail = f"it has {len(wanted)} inputs, {len(found)} arrive" + ("s" if len(found) == 1 else "")
    op.lawful(Fault(Kind.ARGUMENT, len(wanted), len(found), detail=detail), lambda _: words)


def _check_extents(
    op: Op, index: int, old: Tensor, expected: Shape, shape: Shape, name: str | None = None
) -> None:
    left = expected[:-1] if expected[-1:] == (1,) else expected
    right = shape[:-1] if shape[-1:] == (1,) else shape
    for one, other in list(zip(left, right, strict=False))[1:]:
        if not isinstance(one, Expr) and not isinstance(other, Expr) and one != other:
            shown = (None, *shown_shape(expected)[1:])
            words = (
                f"ValueError: Input {index} with name '{name or _source(old)}' of layer '{_name(op)}' is "
                f"incompatible with the layer: expected shape={shown}, found shape={shown_shape(right)}"
            )
            detail = f"its input is {_sample(expected)}, {_sample(shape)} arrives"
            fault = Fault(Kind.ARGUMENT, one, other, (shape, expected), detail=detail)
            op.lawful(fault, partial(_said, words))


def _of_rank(op: Op, old: Tensor, expected: Shape, new: Tensor, shape: Shape) -> Tensor:
    if len(shape) == len(expected):
        return new
    if len(shape) == len(expected) + 1 and shape[-1] == 1:
        return new.like(shape[:-1])
    if len(shape) == len(expected) - 1 and expected[-1] == 1:
        return new.like((*shape, 1))
    words = (
        f"Invalid input shape for input with name '{_source(old)}'. Expected shape {shown_shape(expected)}, "
        f"but input has incompatible shape {shown_shape(shape)}"
    )
    fault = Fault(Kind.RANK, len(expected), len(shape), (shape,))
    op.lawful(fault, lambda _: f"ValueError: {words}")
    return new


def _sample(shape: Shape) -> str:
    return "×".join(str(extent) for extent in shape[1:])


def _said(words: str, fault: Fault) -> str:
    return words


def _name(op: Op) -> Value:
    return op.self.attrs.get("name") if op.self is not None else "model"


def _source(tensor: Tensor) -> Value:
    node = node_of(tensor)
    owner = None if node is None else node.operation
    return owner.attrs.get("name") if isinstance(owner, Instance) else "None"
