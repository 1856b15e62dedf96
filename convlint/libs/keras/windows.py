"""Convolutions of every rank: plain, transposed, depthwise, separable
(keras.io/api/layers/convolution_layers).

All end in the window law that torch's layers end in; channels stand last unless `data_format` says otherwise.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.arguments import each, layout, many, padding, positive, windows
from convlint.libs.keras.declare import Body, Build, Check, layer, made, tensor
from convlint.libs.keras.extents import shown_shape
from convlint.libs.keras.layer import add_weight, weights_of
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank, no_room, wrong_axis
from convlint.libs.op import Op
from convlint.shapes.cost import weight_macs
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Filters, convolve, convolve_transposed
from convlint.values import Tensor, Value

_REST = (
    "activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None"
)
_DEPTHWISE_REST = _REST.replace("kernel_", "depthwise_")
_SEPARABLE_REST = (
    "activation=None, use_bias=True, depthwise_initializer='glorot_uniform', "
    "pointwise_initializer='glorot_uniform', bias_initializer='zeros', depthwise_regularizer=None, "
    "pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None"
)


def channels(op: Op, shape: Shape, rank: int) -> Dim:
    """The extent of the channel axis of an input that the layer is built for."""
    return shape[layout(op).channel(rank)]


def _ones(rank: int) -> str:
    return str((1,) * rank) if rank > 1 else "1"


# -- plain ---------------------------------------------------------------------------------------------------


def _check(rank: int, *, transposed: bool = False) -> Check:
    def check(op: Op) -> None:
        for name in ("kernel_size", "strides", "dilation_rate"):
            positive(op, name, rank)
        padding(op, causal_too=rank == 1 and not transposed)
        _check_counts(op, ("filters", "groups") if not transposed else ("filters",))
        if transposed and held(op, "output_padding") is not None:
            _check_extras(op, each(op, "output_padding", rank), each(op, "strides", rank))
        filters, groups = held(op, "filters"), held(op, "groups", 1)
        if isinstance(filters, int) and isinstance(groups, int) and groups > 0 and filters % groups:
            words = (
                "The number of filters must be evenly divisible by the number of groups. Received: "
                f"groups={groups}, filters={filters}."
            )
            fault = Fault(Kind.GROUPS, groups, filters, arguments=("groups", "filters"))
            op.lawful(fault, lambda _: f"ValueError: {words}")
        _check_strides(op, rank)
        if transposed:
            _check_output_padding(op, rank)

    return check


def _check_output_padding(op: Op, rank: int) -> None:
    if held(op, "output_padding") is None:
        return
    positive(op, "output_padding", rank, zero=True)
    extra, strides = each(op, "output_padding", rank), each(op, "strides", rank)
    for axis, (more, stride) in enumerate(zip(extra, strides, strict=True)):
        if isinstance(more, int) and isinstance(stride, int) and more >= stride:
            words = (
                "`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                f"{axis}, `output_padding` is {more} but `strides` is {stride}. Received: "
                f"output_padding={extra}, strides={strides}"
            )
            op.refuse("ValueError", words, "output_padding", "strides")


def _check_counts(op: Op, names: tuple[str, ...]) -> None:
    for name in names:
        value = held(op, name)
        words = "The number of groups must be a positive integer. Received: groups={}."
        if name == "filters":
            words = (
                "Invalid value for argument `filters`. Expected a strictly positive value. Received "
                "filters={}."
            )
        if isinstance(value, int) and value <= 0:
            op.refuse("ValueError", words.format(value), name)
        if isinstance(value, float) and not value.is_integer() and name == "filters":
            words = (
                "The number of filters must be evenly divisible by the number of groups. Received: "
                f"groups={held(op, 'groups', 1)}, filters={value}."
            )
            op.refuse("ValueError", words, name)
        if name != "filters" and isinstance(value, float):
            words = f"Cannot convert `{name}` of {value} to the extent of a weight"
            op.refuse("ValueError", words, name)


def _check_filters(op: Op) -> None:
    """A constructor takes None, for subclasses that make their own weights; a weight does not."""
    if held(op, "filters") is None:
        words = "Shapes used to initialize variables must be fully-defined (no `None` dimensions)."
        op.refuse("ValueError", f"{words} Received: filters=None", "filters")


def _check_strides(op: Op, rank: int) -> None:
    strides, dilations = each(op, "strides", rank), each(op, "dilation_rate", rank)
    if any(map(many, strides)) and any(map(many, dilations)):
        words = (
            "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: "
            f"strides={strides} and dilation_rate={dilations}"
        )
        op.refuse("ValueError", words, "dilation_rate", "strides")


def _build(rank: int) -> Build:
    def build(op: Op, shape: Shape) -> None:
        check_rank(op, shape, rank + 2)
        assert op.self is not None
        inputs, groups = channels(op, shape, rank), op.dim("groups")
        _check_filters(op)
        if isinstance(count := held(op, "filters"), float):
            kernel = (*each(op, "kernel_size", rank), inputs, count)
            words = f"Cannot convert '{kernel}' to a shape. Found invalid dimension '{count}' of type "
            op.refuse("ValueError", f"{words}'<class 'float'>'.", "filters")
        filters = op.dim("filters")
        if isinstance(inputs, int) and isinstance(groups, int) and inputs % groups:
            words = (
                "The number of input channels must be evenly divisible by the number of groups. Received "
                f"groups={groups}, but the input has {inputs} channels "
                f"(full input shape is {shown_shape(shape)})."
            )
            fault = Fault(Kind.GROUPS, groups, inputs, (shape,), arguments=("groups", "the input's channels"))
            op.lawful(fault, lambda _: f"ValueError: {words}")
        add_weight(op.self, (*each(op, "kernel_size", rank), inputs // groups, filters))
        if op.flag("use_bias"):
            add_weight(op.self, (filters,))
        op.self.attrs["_channels"] = inputs

    return build


def _convolution(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        assert op.self is not None
        filters = Filters(
            op.dim("_channels"),
            op.dim("filters"),
            windows(op, rank, "kernel_size", causal_too=rank == 1),
            op.dim("groups"),
            layout(op),
            (rank + 2,),
        )
        shape = _lawful(op, xs, filters)
        kernel = weights_of(op.self)[0]
        if isinstance(kernel, Tensor) and kernel.shape is not None:
            places = (shape[0], *(shape[axis] for axis in filters.layout.spatial(rank)))
            op.caller.count_macs(weight_macs(kernel.shape, places))
        return made(op, x, shape)

    return body


def _lawful(op: Op, xs: Shape, filters: Filters) -> Shape:
    """The shape of a convolution; after wrong channels the map goes on as if they were right."""
    outcome = convolve(xs, filters)
    instead: Shape | None = None
    if isinstance(outcome, Fault) and outcome.kind is Kind.CHANNELS:
        axis = filters.layout.channel(len(filters.windows)) % len(xs)
        right = convolve((*xs[:axis], filters.inputs, *xs[axis + 1 :]), filters)
        instead = None if isinstance(right, Fault) else right.shape
    return op.lawful(outcome, lambda fault: _words(op, fault, filters), instead)


def _words(op: Op, fault: Fault, filters: Filters) -> str:
    shape = fault.shapes[0]
    if fault.kind is Kind.CHANNELS:
        return wrong_axis(op, filters.layout.channel(len(filters.windows)), fault.expected, shape)
    return no_room(op, shape)


for _rank in (1, 2, 3):
    layer(
        f"Conv{_rank}D",
        f"Convolution{_rank}D",
        signature=f"filters, kernel_size, strides={_ones(_rank)}, padding='valid', data_format=None, "
        f"dilation_rate={_ones(_rank)}, groups=1, {_REST}",
        check=_check(_rank),
        build=_build(_rank),
    )(_convolution(_rank))


# -- transposed ----------------------------------------------------------------------------------------------


_FORMATS = {
    1: "output_padding=None, data_format=None",
    2: "output_padding=None, data_format=None",
    3: "data_format=None, output_padding=None",
}
"""Keras has these two the other way round in three dimensions."""


def _build_transposed(rank: int) -> Build:
    def build(op: Op, shape: Shape) -> None:
        check_rank(op, shape, rank + 2)
        assert op.self is not None
        _check_filters(op)
        inputs, filters = channels(op, shape, rank), op.dim("filters")
        add_weight(op.self, (*each(op, "kernel_size", rank), filters, inputs))
        if op.flag("use_bias"):
            add_weight(op.self, (filters,))
        op.self.attrs["_channels"] = inputs

    return build


def _check_extras(op: Op, extras: tuple[Dim, ...], strides: tuple[Dim, ...]) -> None:
    for axis, (extra, stride) in enumerate(zip(extras, strides, strict=True)):
        if isinstance(extra, int) and isinstance(stride, int) and extra >= stride:
            words = (
                "`output_padding` must be strictly less than `strides` for all dimensions. At dimension "
                f"{axis}, `output_padding` is {extra} but `strides` is {stride}. Received: "
                f"output_padding={extras}, strides={strides}"
            )
            op.refuse("ValueError", words, "output_padding", "strides")


def _transposed(rank: int) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        assert op.self is not None
        extra = held(op, "output_padding")
        extras: tuple[Dim | None, ...] = (None,) * rank if extra is None else each(op, "output_padding", rank)
        filters = Filters(
            op.dim("_channels"),
            op.dim("filters"),
            windows(op, rank, "kernel_size"),
            1,
            layout(op),
            (rank + 2,),
        )
        outcome = convolve_transposed(xs, filters, extras)
        shape = op.lawful(outcome, lambda fault: _words(op, fault, filters))
        kernel = weights_of(op.self)[0]
        if isinstance(kernel, Tensor) and kernel.shape is not None:
            places = (xs[0], *(xs[axis] for axis in filters.layout.spatial(rank)))
            op.caller.count_macs(weight_macs(kernel.shape, places))
        return made(op, x, shape)

    return body


for _rank in (1, 2, 3):
    layer(
        f"Conv{_rank}DTranspose",
        f"Convolution{_rank}DTranspose",
        f"Deconvolution{_rank}D",
        signature=f"filters, kernel_size, strides={_ones(_rank)}, padding='valid', {_FORMATS[_rank]}, "
        f"dilation_rate={_ones(_rank)}, {_REST}",
        check=_check(_rank, transposed=True),
        build=_build_transposed(_rank),
    )(_transposed(_rank))


# -- depthwise and separable ---------------------------------------------------------------------------------


def _check_depthwise(rank: int) -> Check:
    def check(op: Op) -> None:
        for name in ("kernel_size", "strides", "dilation_rate"):
            positive(op, name, rank)
        padding(op)
        multiplier = held(op, "depth_multiplier")
        if isinstance(multiplier, int) and multiplier <= 0:
            words = (
                "Invalid value for argument `depth_multiplier`. Expected a strictly positive value. Received "
                f"depth_multiplier={multiplier}."
            )
            op.refuse("ValueError", words, "depth_multiplier", kind=Kind.GROUPS)
        if held(op, "filters") is not None:
            _check_counts(op, ("filters",))
        _check_strides(op, rank)

    return check


def _build_depthwise(rank: int, separable: bool) -> Build:
    def build(op: Op, shape: Shape) -> None:
        check_rank(op, shape, rank + 2)
        assert op.self is not None
        inputs, multiplier = channels(op, shape, rank), op.dim("depth_multiplier")
        add_weight(op.self, (*each(op, "kernel_size", rank), inputs, multiplier))
        if separable:
            _check_filters(op)
        outputs = op.dim("filters") if separable else inputs * multiplier
        if separable:
            add_weight(op.self, (*(1,) * rank, inputs * multiplier, outputs))
        if op.flag("use_bias"):
            add_weight(op.self, (outputs,))
        op.self.attrs["_channels"] = inputs

    return build


def _depthwise(rank: int, separable: bool) -> Body:
    def body(op: Op) -> Value:
        x = tensor(op)
        xs = x.shape or ()
        check_rank(op, xs, rank + 2)
        assert op.self is not None
        inputs = op.dim("_channels")
        outputs = inputs * op.dim("depth_multiplier")
        filters = Filters(inputs, outputs, windows(op, rank, "kernel_size"), inputs, layout(op), (rank + 2,))
        shape = _lawful(op, xs, filters)
        places = (shape[0], *(shape[axis] for axis in filters.layout.spatial(rank)))
        kernels = [w.shape for w in weights_of(op.self) if isinstance(w, Tensor) and w.shape is not None]
        op.caller.count_macs(weight_macs(kernels[0], places))
        if separable:
            op.caller.count_macs(weight_macs(kernels[1], places))
            leading = shape[: len(shape) - rank - 1]
            spatial = tuple(shape[axis] for axis in filters.layout.spatial(rank))
            shape = filters.layout.placed(leading, op.dim("filters"), spatial)
        return made(op, x, shape)

    return body


for _rank in (1, 2):
    layer(
        f"DepthwiseConv{_rank}D",
        signature=f"kernel_size, strides={_ones(_rank)}, padding='valid', depth_multiplier=1, "
        f"data_format=None, dilation_rate={_ones(_rank)}, {_DEPTHWISE_REST}",
        check=_check_depthwise(_rank),
        build=_build_depthwise(_rank, False),
    )(_depthwise(_rank, False))
    layer(
        f"SeparableConv{_rank}D",
        f"SeparableConvolution{_rank}D",
        signature=f"filters, kernel_size, strides={_ones(_rank)}, padding='valid', data_format=None, "
        f"dilation_rate={_ones(_rank)}, depth_multiplier=1, {_SEPARABLE_REST}",
        check=_check_depthwise(_rank),
        build=_build_depthwise(_rank, True),
    )(_depthwise(_rank, True))
