"""EinsumDense: a product with a kernel whose axes an equation names; ReversibleEmbedding
(keras.io/api/layers/core_layers/einsum_dense).

Law (keras.src.layers.core.einsum_dense): the output's shape is the batch, the elided axes and `output_shape`;
a kernel's axis has the extent that its letter has in the output, else in the input.
"""

from __future__ import annotations

import re

from msgspec import Struct

from convlint.dims import Dim, product
from convlint.libs.keras.core import add_lora
from convlint.libs.keras.declare import layer, made, tensor
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import add_weight
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank
from convlint.libs.op import Op
from convlint.shapes.contract import dense
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.values import NotModelled, Unknown, Value

_FORMS = (
    (r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)", False),
    (r"0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)", True),
    (r"([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0", False),
)


class Product(Struct, frozen=True):
    """The letters of an equation, and whether an ellipsis stands on the left."""

    inputs: str
    kernel: str
    output: str
    left: bool


def _parsed(op: Op) -> Product:
    equation = op.text("equation")
    text = equation.replace("...", "0")
    for pattern, left in _FORMS:
        if (found := re.match(pattern, text)) is not None:
            inputs, kernel, output = found.groups()
            return Product(inputs, kernel, output, left)
    words = (
        f"Invalid einsum equation '{equation}'. Equations must be in the form [X],[Y]->[Z], "
        "...[X],[Y]->...[Z], or [X]...,[Y]->[Z]...."
    )
    op.refuse("ValueError", words, "equation")


def _partial(op: Op) -> tuple[Dim | None, ...]:
    wanted = held(op, "output_shape")
    if isinstance(wanted, Unknown):
        raise NotModelled(wanted.reason)
    members = wanted if isinstance(wanted, (list, tuple)) else (wanted,)
    return tuple(None if each is None else op.as_dim(each, "output_shape") for each in members)


def _extents(op: Op, shape: Shape) -> tuple[Product, dict[str, Dim], Shape]:
    """The equation, the extent of each letter, and the full shape of the output."""
    asked = _parsed(op)
    elided = len(shape) - len(asked.inputs)
    if elided < 0:
        op.refuse("IndexError", "tuple index out of range", kind=Kind.RANK)
    full: list[Dim | None] = [shape[0], *_partial(op)]
    if asked.left:
        full[1:1] = shape[1:elided]
    elif elided:
        full += shape[len(shape) - elided :]
    start = elided if asked.left else 0
    into = {letter: shape[start + i] for i, letter in enumerate(asked.inputs)}
    if len(asked.output) + start > len(full):
        op.refuse("IndexError", "list index out of range", "output_shape", kind=Kind.RANK)
    outof = {letter: full[start + i] for i, letter in enumerate(asked.output)}
    sizes: dict[str, Dim] = {}
    for letter, extent in into.items():
        other = outof.get(letter)
        if isinstance(other, int) and isinstance(extent, int) and other != extent:
            words = (
                f"Input shape and output shape do not match at shared dimension '{letter}'. Input shape is "
                f"{extent}, and output shape is {other}."
            )
            op.refuse("ValueError", words, "output_shape", kind=Kind.FEATURES)
        sizes[letter] = extent
    for letter, made_of in outof.items():
        if letter not in into and letter not in asked.kernel:
            words = (
                f"Dimension '{letter}' was specified in the output '{asked.output}' but has no corresponding "
                f"dim in the input spec '{asked.inputs}' or weight spec '{asked.output}'"
            )
            op.refuse("ValueError", words, "equation")
        if made_of is not None and letter not in into:
            sizes[letter] = made_of
    return asked, sizes, _joined(op, full, asked, sizes, start)


def _joined(op: Op, full: list[Dim | None], asked: Product, sizes: dict[str, Dim], start: int) -> Shape:
    named = dict(zip(range(start, start + len(asked.output)), asked.output, strict=False))
    result: list[Dim] = []
    for place, extent in enumerate(full):
        if extent is None and place in named and named[place] in sizes:
            extent = sizes[named[place]]
        if extent is None:
            raise NotModelled("an extent of the output of EinsumDense is not known")
        result.append(extent)
    return tuple(result)


def _build(op: Op, shape: Shape) -> None:
    assert op.self is not None
    asked, sizes, _ = _extents(op, shape)
    for letter in asked.kernel:
        if letter not in asked.output and letter not in asked.inputs:
            words = (
                f"Weight dimension '{letter}' did not have a match in either the input spec '{asked.inputs}' "
                f"or the output spec '{asked.output}'. For this layer, the weight must be fully specified."
            )
            op.refuse("ValueError", words, "equation")
    add_weight(op.self, tuple(sizes[letter] for letter in asked.kernel))
    axes = held(op, "bias_axes")
    if isinstance(axes, Unknown):
        raise NotModelled(axes.reason)
    if isinstance(axes, str):
        _add_bias(op, asked, sizes, axes, len(shape) - len(asked.inputs))
    add_lora(op)
    op.self.attrs["_rank"] = len(shape)


def _add_bias(op: Op, asked: Product, sizes: dict[str, Dim], axes: str, elided: int) -> None:
    for letter in axes:
        if letter not in asked.output:
            words = (
                f"Bias dimension '{letter}' was requested, but is not part of the output spec "
                f"'{asked.output}'"
            )
            op.refuse("ValueError", words, "bias_axes")
    assert op.self is not None
    if not axes:
        op.refuse("ValueError", "min() iterable argument is empty", "bias_axes")
    spec = asked.output[min(asked.output.find(letter) for letter in axes) :]
    shape = tuple(sizes[letter] if letter in axes else 1 for letter in spec)
    add_weight(op.self, shape if asked.left else (*shape, *(1,) * elided))


@layer(
    "EinsumDense",
    signature="equation, output_shape, activation=None, bias_axes=None, "
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None, "
    "bias_regularizer=None, kernel_constraint=None, bias_constraint=None, lora_rank=None, lora_alpha=None, "
    "gptq_unpacked_column_size=None, quantization_config=None",
    build=_build,
    call="inputs, training=None",
)
def einsum_dense(op: Op) -> Value:
    """The product that the equation names."""
    x = tensor(op)
    xs = x.shape or ()
    rank = held(op, "_rank")
    if isinstance(rank, int):
        check_rank(op, xs, rank)
    asked, sizes, shape = _extents(op, xs)
    letters = dict.fromkeys(asked.inputs + asked.kernel)
    elided = len(xs) - len(asked.inputs)
    outside = xs[:elided] if asked.left else xs[len(asked.inputs) :]
    op.caller.count_macs(product([sizes[letter] for letter in letters]) * product(outside))
    return made(op, x, shape)


# -- an embedding that goes both ways ------------------------------------------------------------------------


def _build_reversible(op: Op, shape: Shape) -> None:
    assert op.self is not None
    add_weight(op.self, (op.dim("input_dim"), op.dim("output_dim")))
    if not op.flag("tie_weights"):
        add_weight(op.self, (op.dim("output_dim"), op.dim("input_dim")))


@layer(
    "ReversibleEmbedding",
    signature="input_dim, output_dim, tie_weights=True, embeddings_initializer='uniform', "
    "embeddings_regularizer=None, embeddings_constraint=None, mask_zero=False, reverse_dtype=None, "
    "logit_soft_cap=None",
    build=_build_reversible,
    call="inputs, reverse=False",
    base="keras.layers.Embedding",
)
def reversible(op: Op) -> Value:
    """A row of the table for each number, or the likeness of each row with a vector."""
    x = tensor(op)
    xs = x.shape or ()
    if not op.flag("reverse"):
        return op.result(x, (*xs, op.dim("output_dim")), dtype="float32")
    outcome = dense(xs, op.dim("output_dim"), op.dim("input_dim"))
    op.caller.count_macs(product(xs) * op.dim("input_dim"))
    return made(op, x, op.lawful(outcome, lambda fault: _unequal(fault, xs)))


def _unequal(fault: Fault, shape: Shape) -> str:
    return (
        "ValueError: Inner dimensions (`x1.shape[-1]` and `x2.shape[-2]`) must be equal, but received "
        f"x1.shape={shown_shape(shape)} and {fault.expected} features"
    )
