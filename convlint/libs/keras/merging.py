"""Layers and functions that merge several tensors (keras.io/api/layers/merging_layers)."""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs import registry
from convlint.libs.keras.declare import layer, made
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.setting import held
from convlint.libs.op import Op
from convlint.shapes.broadcast import broadcast, torn
from convlint.shapes.combine import certain_concatenation, concatenate
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import Caller, Class, NotModelled, Tensor, Unknown, Value


def tensors(op: Op, name: str = "inputs", *, least: int = 2) -> list[Tensor]:
    """The tensors of a list. Keras refuses anything else."""
    value = op[name]
    if isinstance(value, Unknown):
        raise NotModelled(value.reason)
    if not isinstance(value, (list, tuple)):
        words = f"A merge layer should be called on a list of at least {least} input. Got a single tensor."
        op.refuse("ValueError", words, kind=Kind.RANK)
    if (why := op.caller.taint_of(value)) is not None:
        raise NotModelled(why.reason)
    found = [each for each in value if isinstance(each, Tensor) and each.shape is not None]
    if len(found) != len(value):
        raise NotModelled("a tensor that is merged is not known")
    if len(found) < least:
        words = f"A merge layer should be called on a list of at least {least} input. Received {len(found)}"
        op.refuse("ValueError", words, kind=Kind.RANK)
    return found


def _merged(op: Op) -> Value:
    """Element by element, by broadcasting; where ranks differ, axes of 1 stand after the batch."""
    found = tensors(op, least=1)
    shapes = [t.shape or () for t in found]
    rank = max(map(len, shapes))
    batches = {s[0] for s in shapes if s and isinstance(s[0], int)}
    if len(batches) > 1:
        shown_shapes = [shown_shape(s) for s in shapes]
        words = (
            f"Cannot merge tensors with different batch sizes. Received tensors with shapes {shown_shapes}"
        )
        op.refuse("ValueError", words, kind=Kind.JOIN)
    aligned: list[Shape] = [(*s[:1], *(1,) * (rank - len(s)), *s[1:]) for s in shapes]
    outcome = broadcast(*aligned)
    instead: Shape | None = None
    if isinstance(outcome, Fault):
        why = op.unknown("operands do not join on this axis")
        instead = tuple(
            why.derive(("axis", axis)).dim if extent is None else extent
            for axis, extent in enumerate(torn(*aligned))
        )
    words = "ValueError: Inputs have incompatible shapes. Received shapes {} and {}"
    shown = [shown_shape(s[1:]) for s in (*shapes, *shapes)[:2]]
    shape = op.lawful(outcome, lambda _: words.format(*shown), instead)
    return made(op, found[0], shape)


def _subtracted(op: Op) -> Value:
    """The first less the second; Keras takes exactly two."""
    found = tensors(op, least=1)
    if len(found) != 2:
        shown = [shown_shape(t.shape or ()) for t in found]
        words = f"A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={shown}"
        op.refuse("ValueError", words, kind=Kind.RANK)
    return _merged(op)


NAMES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
for _name in NAMES:
    layer(_name, signature="")(_subtracted if _name == "Subtract" else _merged)


@layer("Concatenate", signature="axis=-1")
def concatenated(op: Op) -> Value:
    """Along one axis; all others must agree."""
    found = tensors(op, least=1)
    shapes = [t.shape or () for t in found]
    axis = op.integer("axis")
    rank = len(shapes[0])
    if not -rank <= axis < rank:
        words = f"Invalid value for `axis` argument: axis={axis} for tensors of rank {rank}"
        op.refuse("ValueError", words, "axis", kind=Kind.CONCAT)
    outcome = concatenate(shapes, axis % rank)
    instead: tuple[Dim, ...] | None = None
    if isinstance(outcome, Fault) and outcome.kind is Kind.CONCAT:
        why = op.unknown("the tensors do not agree on this axis")
        instead = tuple(
            why.derive(("axis", i)).dim if extent is None else extent
            for i, extent in enumerate(certain_concatenation(shapes, axis % rank))
        )
    shown = [shown_shape(s) for s in shapes]
    words = (
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation "
        f"axis. Received: input_shape={shown}"
    )
    return made(op, found[0], op.lawful(outcome, lambda _: words, instead))


@layer("Dot", signature="axes, normalize=False")
def dot(op: Op) -> Value:
    """A product along an axis of each, the batch kept."""
    found = tensors(op)
    left, right = (t.shape or () for t in found[:2])
    axes = held(op, "axes")
    pair = axes if isinstance(axes, (list, tuple)) else (axes, axes)
    if len(pair) != 2:
        raise NotModelled("the axes of a product are no pair")
    if len(found) != 2:
        shown = [shown_shape(t.shape or ()) for t in found]
        words = f"A `Dot` layer should be called on a list of 2 inputs. Received: input_shape={shown}"
        op.refuse("ValueError", words, kind=Kind.RANK)
    a, b = (op.as_dim(axis, "axes") for axis in pair)
    if not isinstance(a, int) or not isinstance(b, int):
        raise NotModelled("the axes of a product are not known")
    if not (-len(left) <= a < len(left) and -len(right) <= b < len(right)):
        op.refuse("IndexError", "tuple index out of range", "axes", kind=Kind.RANK)
    a, b = a % len(left), b % len(right)
    words = (
        f"ValueError: Incompatible input shapes: axis values {left[a]} (at axis {a}) != {right[b]} (at axis "
        f"{b})."
    )
    if isinstance(left[a], int) and isinstance(right[b], int) and left[a] != right[b]:
        fault = Fault(Kind.JOIN, left[a], right[b], (left, right), a, ("axes",))
        op.lawful(fault, lambda _: words)
    kept = (*left[:a], *left[a + 1 :]), tuple(e for i, e in enumerate(right) if i not in (0, b))
    shape = (*kept[0], *kept[1])
    macs: Dim = left[a]
    for extent in shape:
        macs = macs * extent
    op.caller.count_macs(macs)
    return made(op, found[0], shape if len(shape) > 1 else (*shape, 1))


def _lower(name: str, layer_name: str, text: str) -> None:
    """`keras.layers.add([a, b])` builds the layer and calls it."""

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        cls = registry.lookup(f"keras.layers.{layer_name}")
        assert isinstance(cls, Class)
        given = dict(kwargs)
        names = [part.partition("=")[0].strip() for part in text.split(",")]
        given.update(zip(names, args, strict=False))
        inputs = given.pop("inputs", None)
        return caller.call(caller.call(cls, (), given), (inputs,))

    from convlint.values import Native

    registry.declare_entry(f"keras.layers.{name}", Native(f"keras.layers.{name}", run))


for _name in NAMES:
    _lower(_name.lower(), _name, "inputs")
_lower("concatenate", "Concatenate", "inputs, axis")
_lower("dot", "Dot", "inputs, axes, normalize")
