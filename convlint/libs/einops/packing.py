"""`pack` and `unpack`: tensors of other ranks joined along one axis, and parted again."""

from __future__ import annotations

from convlint.dims import AtLeast, Dim, certain, floordiv, mod, product
from convlint.libs.einops.backend import Backend, tensor_of
from convlint.libs.einops.declaring import function
from convlint.libs.einops.errors import ERROR, refuse
from convlint.libs.op import Op
from convlint.shapes.axis_pattern import PatternError, starred
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value


@function("pack", "packing", signature="tensors, pattern")
def pack(op: Op) -> Value:
    """The tensors joined along the axis of the `*`, and for each the shape of its axes there."""
    before, after = _places(op, "pack")
    given = _members(op, "tensors")
    if not given:
        raise op.caller.error("IndexError", "list index out of range")
    found, backend = [tensor_of(op, each)[0] for each in given], tensor_of(op, given[0])[1]
    parts: list[Value] = []
    shapes: list[Value] = []
    for number, x in enumerate(found):
        shape = x.shape or ()
        if len(shape) < before + after:
            _too_few_axes(op, backend, number, shape, before + after)
        end = len(shape) - after
        shapes.append(op.caller.item(op.caller.getattr(x, "shape"), slice(before, end)))
        parts.append(_flat(op, backend, x, before, end))
    return backend.join(op, parts, before), shapes


def _flat(op: Op, backend: Backend, x: Tensor, before: int, end: int) -> Value:
    """The axes of the `*` as one, which the framework has to infer."""
    shape = x.shape or ()
    outside = (*shape[:before], *shape[end:])
    if any(isinstance(extent, int) and extent == 0 for extent in outside):
        return backend.reshape(op, x, (*shape[:before], -1, *shape[end:]))
    return backend.regroup(op, x, (*shape[:before], product(shape[before:end]), *shape[end:]))


def _too_few_axes(op: Op, backend: Backend, number: int, shape: Shape, least: int) -> None:
    words = (
        f"packed tensor #{number} (enumeration starts with 0) has shape {backend.shown(shape)}, "
        f"while pattern {op['pattern']} assumes at least {least} axes"
    )
    fault = Fault(Kind.RANK, None, len(shape), (shape,), arguments=("tensors",), detail=words)
    op.caller.fault(fault, lambda _: f"{ERROR}: {words}", op.self)
    raise NotModelled(f"{op.name} refuses: {words}")


def _members(op: Op, name: str) -> list[Value]:
    value = op.known(name)
    if isinstance(value, Instance):
        value = value.payload
    if not isinstance(value, (list, tuple)):
        raise NotModelled(f"`{name}` of {op.name} is no list")
    return list(op.caller.iterate(value))


def _places(op: Op, operation: str) -> tuple[int, int]:
    try:
        return starred(op.text("pattern"), operation)
    except PatternError as error:
        refuse(op, error)


@function("unpack", "packing", signature="tensor, packed_shapes, pattern")
def unpack(op: Op) -> Value:
    """A tensor for each packed shape, in the order in which they were packed."""
    before, after = _places(op, "unpack")
    x, backend = tensor_of(op, op["tensor"])
    shape = x.shape or ()
    if len(shape) != before + 1 + after:
        words = f"unpack(..., {op['pattern']}) received input of wrong dim with shape {backend.shown(shape)}"
        got, taken = len(shape), before + 1 + after
        fault = Fault(Kind.RANK, taken, got, (shape,), arguments=("tensor",), detail=words)
        op.caller.fault(fault, lambda _: f"{ERROR}: {words}", op.self)
        raise NotModelled(f"{op.name} refuses: {words}")
    shapes = [_shape(op, each) for each in _members(op, "packed_shapes")]
    parts = _split(op, shape, before, shapes)
    start: Dim = 0
    found: list[Value] = []
    for part, extents in zip(parts, shapes, strict=True):
        index = (*(slice(None),) * before, slice(start, start + part))
        piece = op.caller.item(x, index)
        if not isinstance(piece, Tensor) or piece.shape is None:
            raise NotModelled("a part of what is unpacked is not known")
        inner = _filled(op, part, extents)
        found.append(backend.regroup(op, piece, (*shape[:before], *inner, *shape[before + 1 :])))
        start = start + part
    return found


def _shape(op: Op, value: Value) -> Shape:
    if isinstance(value, Instance):
        value = value.payload
    if isinstance(value, Unknown) or not isinstance(value, (list, tuple)):
        raise NotModelled("a packed shape is not known")
    return tuple(op.as_dim(extent, "packed_shapes") for extent in value)


def _is_free(extents: Shape) -> bool:
    return any(isinstance(extent, int) and extent == -1 for extent in extents)


def _split(op: Op, shape: Shape, axis: int, shapes: list[Shape]) -> list[Dim]:
    """The extents of the parts; one whose shape has a -1 takes what the others leave."""
    sizes = [product(extents) for extents in shapes]
    free = [number for number, extents in enumerate(shapes) if _is_free(extents)]
    text = f"[{', '.join(map(_shown, shapes))}]"
    if len(free) > 1:
        words = f"unpack(..., {op['pattern']}) received more than one -1 in {text} and can't infer dimensions"
        op.refuse(ERROR, words, "packed_shapes")
    if not shapes:
        return []
    total = shape[axis]
    others: Dim = 0
    for number, size in enumerate(sizes):
        others = others if number in free else others + size
    words = (
        f'Error during unpack(..., "{op["pattern"]}"): could not split axis of size {total} '
        f"into requested {text}"
    )
    fault = Fault(Kind.RESHAPE, others, total, (shape,), axis, ("packed_shapes",), words)
    if not free:
        op.lawful(_sum(total, others, shape, fault), lambda _: f"{ERROR}: {words}")
        return sizes
    rest = total - others
    known = certain(AtLeast(rest, 0)) is True or op.caller.holds(AtLeast(rest, 0))
    if not known:
        raise NotModelled("the parts that are unpacked may overlap")
    sizes[free[0]] = rest
    given = product(extent for extent in shapes[free[0]] if extent != -1)
    demands = Demands()
    if isinstance(given, int) and given < 1:
        raise NotModelled("a part that is unpacked is empty")
    if mod(rest, given) != 0:
        demands.divides(given, rest, fault)
    op.lawful(demands.outcome(shape), lambda _: f"{ERROR}: {words}")
    return sizes


def _sum(total: Dim, parts: Dim, shape: Shape, fault: Fault) -> Outcome:
    demands = Demands()
    demands.equal(total, parts, fault)
    return demands.outcome(shape)


def _filled(op: Op, part: Dim, extents: Shape) -> Shape:
    """The shape of a part, with its -1 replaced."""
    given = product(extent for extent in extents if extent != -1)
    return tuple(floordiv(part, given) if isinstance(e, int) and e == -1 else e for e in extents)


def _shown(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
