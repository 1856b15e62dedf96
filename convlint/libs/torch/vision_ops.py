"""`torch.ops.torchvision`: region pooling, suppression of boxes, deformable convolution.

Law: one map a region; how many boxes survive depends on their content. Source:
torchvision/_meta_registrations.py.
"""

from __future__ import annotations

from convlint.dims import Dim, floordiv, product
from convlint.libs.op import Op
from convlint.libs.registry import alias, function
from convlint.shapes.cost import weight_macs
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.window import Window, extent
from convlint.values import NotModelled, Tensor, Value

OPS = "torch.ops.torchvision"


def _regions(op: Op) -> tuple[Tensor, Shape, Dim]:
    """The map, its shape, and the number of regions: rows of an image index and four corners."""
    x, rois = op.tensor("input"), op.tensor("rois")
    maps, boxes = x.shape or (), rois.shape or ()
    if len(maps) != 4 or len(boxes) != 2:
        raise NotModelled(f"{op.name} of a map with {len(maps)} axes and regions with {len(boxes)}")
    demands = Demands()
    demands.equal(5, boxes[1], Fault(Kind.OTHER, 5, boxes[1], (boxes,), 1, ("rois",)))
    op.lawful(demands.outcome(boxes), lambda _: "RuntimeError: rois must have shape as Tensor[K, 5]", boxes)
    return x, maps, boxes[0]


_SIZES = "input, rois, spatial_scale, pooled_height, pooled_width"


@function(f"{OPS}.roi_align", signature=f"{_SIZES}, sampling_ratio, aligned")
def roi_align(op: Op) -> Value:
    """A map of the pooled size for each region."""
    x, maps, regions = _regions(op)
    return op.result(x, (regions, maps[1], op.dim("pooled_height"), op.dim("pooled_width")))


@function(f"{OPS}.roi_pool", signature=_SIZES)
def roi_pool(op: Op) -> Value:
    """As `roi_align`, with the places of the maxima."""
    x, maps, regions = _regions(op)
    shape = (regions, maps[1], op.dim("pooled_height"), op.dim("pooled_width"))
    return op.result(x, shape), op.result(x, shape, dtype="int32")


@function(f"{OPS}.ps_roi_align", signature=f"{_SIZES}, sampling_ratio")
@function(f"{OPS}.ps_roi_pool", signature=_SIZES)
def position_sensitive(op: Op) -> Value:
    """Each place of the pooled map reads channels of its own."""
    x, maps, regions = _regions(op)
    height, width = op.dim("pooled_height"), op.dim("pooled_width")
    demands = Demands()
    fault = Fault(Kind.CHANNELS, height * width, maps[1], (maps,), 1, ("output_size",))
    demands.divides(height * width, maps[1], fault)
    shape = (regions, floordiv(maps[1], height * width), height, width)
    words = "RuntimeError: input channels must be a multiple of pooling height * pooling width"
    op.lawful(demands.outcome(shape), lambda _: words, shape)
    return op.result(x, shape), op.result(x, shape, dtype="int32")


@function(f"{OPS}._cuda_version", signature="")
def cuda_version(op: Op) -> Value:
    """No CUDA."""
    return -1


@function(f"{OPS}.nms", signature="dets, scores, iou_threshold")
def nms(op: Op) -> Value:
    """The indices of the boxes that survive; how many there are depends on the boxes."""
    boxes = op.tensor("dets")
    kept = op.unknown("how many boxes survive suppression depends on the boxes")
    return op.result(boxes, (kept.dim,), dtype="int64")


@function(
    f"{OPS}.deform_conv2d",
    signature="input, weight, offset, mask, bias, stride_h, stride_w, pad_h, pad_w, dilation_h, "
    "dilation_w, groups, "
    "offset_groups, use_mask",
)
def deform_conv2d(op: Op) -> Value:
    """A convolution whose every tap reads at an offset of its own: the extents of an ordinary one."""
    x, weight = op.tensor("input"), op.tensor("weight")
    maps, filters = x.shape or (), weight.shape or ()
    if len(maps) != 4 or len(filters) != 4:
        raise NotModelled("a deformable convolution of anything but batched maps")
    windows = [
        Window(kernel, op.dim(f"stride_{axis}"), op.dim(f"dilation_{axis}"), pad, pad)
        for kernel, axis in zip(filters[2:], "hw", strict=True)
        for pad in [op.dim(f"pad_{axis}")]
    ]
    places = tuple(extent(n, w) for n, w in zip(maps[2:], windows, strict=True))
    demands = Demands()
    inputs = filters[1] * op.dim("groups")
    demands.equal(
        inputs, maps[1], Fault(Kind.CHANNELS, inputs, maps[1], (maps, filters), 1, ("in_channels",))
    )
    _offsets(op, demands, filters, places, maps[0])
    shape = (maps[0], filters[0], *places)
    words = (
        f"RuntimeError: input.size(1) and weight.size(1) * n_weight_grps do not match: {maps[1]} and {inputs}"
    )
    op.lawful(demands.outcome(shape), lambda _: words, shape)
    op.caller.count_macs(weight_macs(filters, (maps[0], *places)))
    return op.result(x, shape)


def _offsets(op: Op, demands: Demands, filters: Shape, places: Shape, batch: Dim) -> None:
    offset = op["offset"]
    if not isinstance(offset, Tensor) or offset.shape is None or len(offset.shape) != 4:
        return
    expected = (batch, op.dim("offset_groups") * 2 * product(filters[2:]), *places)
    for want, have in zip(expected, offset.shape, strict=True):
        demands.equal(
            want, have, Fault(Kind.OTHER, expected, offset.shape, (offset.shape,), None, ("offset",))
        )


alias("torch.ops.aten", "torch")
