"""Embeddings: rows of a table picked by index, one each or a bag of them together; one-hot vectors.

Law: an index tensor of shape S gives `(*S, features)`, a bag one row of features; indices of known content
must be rows of the table.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.op import Op
from convlint.libs.registry import alias, function, lookup, method
from convlint.libs.torch.arguments import FIRST, channels, unpacked, weight
from convlint.libs.torch.layer import layer
from convlint.libs.torch.wording import size
from convlint.shapes.fault import Kind, Shape
from convlint.values import Class, ClassMethod, Native, Tensor, Value


def _build(op: Op) -> None:
    rows, features = channels(op, "num_embeddings", FIRST), channels(op, "embedding_dim", unpacked(2))
    assert op.self is not None
    given = op.self.attrs.pop("_weight", None)
    trainable = op.args.get("_freeze") is not True
    op.self.attrs.pop("_freeze", None)
    op.self.attrs.pop("device", None)
    _check_padding(op, rows, "Padding_idx" if "Bag" not in op.name else "padding_idx")
    if isinstance(given, Tensor) and given.shape is not None and given.shape != (rows, features):
        _refuse_weight(op, given.shape, (rows, features))
    table = weight(op, "weight", (rows, features), "num_embeddings", "embedding_dim")
    assert table is not None
    table.trainable = trainable


def _refuse_weight(op: Op, given: Shape, expected: Shape) -> None:
    numbers = all(isinstance(n, int) for n in (*given, *expected))
    if len(given) != 2 or numbers:
        words = "Shape of weight does not match num_embeddings and embedding_dim"
        op.refuse("AssertionError", words, "_weight")


def _check_padding(op: Op, rows: Dim, called: str) -> None:
    """A padding index must be a row; a negative one counts from the end."""
    index = op["padding_idx"]
    if not isinstance(index, int) or not isinstance(rows, int):
        return
    if index >= rows > 0 or (index > 0 and rows == 0) or index < -rows:
        op.refuse(
            "AssertionError", f"{called} must be within num_embeddings", "padding_idx", "num_embeddings"
        )
    if index < 0 and op.self is not None:
        op.self.attrs["padding_idx"] = rows + index


def _check_indices(op: Op, indices: Tensor, rows: Dim) -> None:
    if indices.data is None or not isinstance(rows, int):
        return
    if any(isinstance(i, int) and not 0 <= i < rows for i in indices.data):
        op.refuse("IndexError", "index out of range in self", "num_embeddings", kind=Kind.OTHER)


@layer(
    "torch.nn.Embedding",
    "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, "
    "scale_grad_by_freq=False, "
    "sparse=False, _weight=None, _freeze=False, device=None, dtype=None",
    build=_build,
)
@function(
    "torch.nn.functional.embedding",
    signature="input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
    "sparse=False",
)
def embedding(op: Op) -> Value:
    """One row of the table for each index."""
    indices, table = op.tensor("input"), op.tensor("weight")
    assert indices.shape is not None and table.shape is not None
    if len(table.shape) != 2:
        op.refuse("RuntimeError", "'weight' must be 2-D", "weight", kind=Kind.RANK)
    _check_padding(op, table.shape[0], "Padding_idx")
    _check_indices(op, indices, table.shape[0])
    return op.result(indices, (*indices.shape, table.shape[1]), dtype=table.dtype)


# -- bags ----------------------------------------------------------------------------------------------------


@layer(
    "torch.nn.EmbeddingBag",
    "num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', "
    "sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None",
    build=_build,
    call="input, offsets=None, per_sample_weights=None",
)
@function(
    "torch.nn.functional.embedding_bag",
    signature="input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, "
    "mode='mean', "
    "sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
)
def embedding_bag(op: Op) -> Value:
    """One row a bag; a bag is a row of a 2-D input, or lies between two offsets of a 1-D one."""
    indices, table = op.tensor("input"), op.tensor("weight")
    assert indices.shape is not None and table.shape is not None
    _check_weights(op, indices.shape)
    if len(table.shape) != 2:
        words = f"weight has to be a 2D Tensor, but got Tensor of dimension {len(table.shape)}"
        op.refuse("ValueError", words, "weight", kind=Kind.RANK)
    bags = _bags(op, indices.shape)
    _check_mode(op)
    _check_bag_padding(op, table.shape[0])
    _check_bag_indices(op, indices, table.shape[0])
    return op.result(indices, (bags, table.shape[1]), dtype=table.dtype)


def _check_weights(op: Op, shape: Shape) -> None:
    weights = op.optional_tensor("per_sample_weights")
    if weights is None or weights.shape is None or weights.shape == shape:
        return
    if len(weights.shape) != len(shape) or all(isinstance(n, int) for n in (*shape, *weights.shape)):
        words = (
            f"embedding_bag: If per_sample_weights ({size(weights.shape)}) is not None, then it must have "
            "the same "
            f"shape as the input ({size(shape)})"
        )
        op.refuse("ValueError", words, "per_sample_weights", kind=Kind.OTHER)


def _bags(op: Op, shape: Shape) -> Dim:
    offsets = op["offsets"]
    if len(shape) not in (1, 2):
        words = f"input has to be 1D or 2D Tensor, but got Tensor of dimension {len(shape)}"
        op.refuse("ValueError", words, "input", kind=Kind.RANK)
    if len(shape) == 2:
        if offsets is not None:
            words = (
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed "
                "length "
                "sequences. However, found offsets of type <class 'torch.Tensor'>"
            )
            op.refuse("ValueError", words, "offsets")
        if shape[1] == 0:
            op.refuse("RuntimeError", "step must be nonzero", "input", kind=Kind.OTHER)
        return shape[0]
    if offsets is None:
        op.refuse("ValueError", "offsets has to be a 1D Tensor but got None", "offsets")
    given = op.tensor("offsets").shape or ()
    if len(given) != 1:
        op.refuse("ValueError", "offsets has to be a 1D Tensor", "offsets", kind=Kind.RANK)
    if not op.flag("include_last_offset"):
        return given[0]
    if given[0] == 0:
        words = "include_last_offset: number of offset should be at least 1"
        op.refuse("RuntimeError", words, "offsets", "include_last_offset")
    return given[0] - 1


def _check_mode(op: Op) -> None:
    mode = op["mode"]
    if not isinstance(mode, str):
        return
    if mode not in ("sum", "mean", "max"):
        op.refuse("ValueError", "mode has to be one of sum, mean or max", "mode")
    if mode == "max" and op["scale_grad_by_freq"] is True:
        words = "max mode does not support scaling the gradient by the frequency"
        op.refuse("ValueError", words, "mode", "scale_grad_by_freq")
    if mode == "max" and op["sparse"] is True:
        op.refuse("ValueError", "max mode does not support sparse weights", "mode", "sparse")
    if mode != "sum" and isinstance(op["per_sample_weights"], Tensor):
        words = (
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for "
            "mode='sum' "
            f"(got mode='{mode}'). Please open a feature request on GitHub."
        )
        op.refuse("NotImplementedError", words, "mode", "per_sample_weights")


def _check_bag_padding(op: Op, rows: Dim) -> None:
    index = op["padding_idx"]
    if isinstance(index, int) and isinstance(rows, int) and not -rows <= index < rows:
        words = (
            f"padding_idx must be within the number of embeddings, {-rows} through {rows - 1}, but got "
            f"{index}"
        )
        op.refuse("RuntimeError", words, "padding_idx")


def _check_bag_indices(op: Op, indices: Tensor, rows: Dim) -> None:
    if indices.data is None or not isinstance(rows, int):
        return
    for place, index in enumerate(indices.data):
        if isinstance(index, int) and not 0 <= index < rows:
            words = f"Index {place} of input takes value {index} which is not in the valid range [0, {rows})"
            op.refuse("RuntimeError", words, "num_embeddings", kind=Kind.OTHER)


# -- from_pretrained -----------------------------------------------------------------------------------------


def _from_pretrained(name: str, options: str) -> None:
    @method(name, "from_pretrained", f"cls, embeddings, freeze=True, {options}")
    def from_pretrained(op: Op) -> Value:
        """A layer around a given table, frozen unless asked otherwise."""
        table = op.tensor("embeddings")
        assert table.shape is not None
        if len(table.shape) != 2:
            words = "Embeddings parameter is expected to be 2-dimensional"
            op.refuse("AssertionError", words, "embeddings", kind=Kind.RANK)
        passed = {k: v for k, v in op.args.items() if k not in ("cls", "embeddings", "freeze")}
        made = op.call(op["cls"], *table.shape, **passed)
        parameter = op.caller.getattr(made, "weight")
        if isinstance(parameter, Tensor):
            parameter.trainable = not op.flag("freeze")
        return made

    cls = lookup(name)
    assert isinstance(cls, Class)
    native = cls.namespace["from_pretrained"]
    assert isinstance(native, Native)
    cls.namespace["from_pretrained"] = ClassMethod(native)
    method(name, "reset_parameters", "self")(lambda op: None)


_from_pretrained(
    "torch.nn.Embedding",
    "padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
)
_from_pretrained(
    "torch.nn.EmbeddingBag",
    "max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, "
    "include_last_offset=False, padding_idx=None",
)


# -- one-hot -------------------------------------------------------------------------------------------------


@function("torch.nn.functional.one_hot", signature="tensor, num_classes=-1")
def one_hot(op: Op) -> Value:
    """`(*, classes)`; without a number of classes the largest index decides, where it is known."""
    x, classes = op.tensor("tensor"), op.dim("num_classes")
    assert x.shape is not None
    if x.dtype not in ("int64", None):
        words = "one_hot is only applicable to index tensor of type LongTensor."
        op.refuse("RuntimeError", words, "tensor", kind=Kind.OTHER)
    known = [v for v in x.data or () if isinstance(v, int)]
    if known and min(known) < 0:
        op.refuse("RuntimeError", "Class values must be non-negative.", "tensor", kind=Kind.OTHER)
    if 0 in x.shape:
        if isinstance(classes, int) and classes <= 0:
            words = "Can not infer total number of classes from empty tensor."
            op.refuse("RuntimeError", words, "num_classes")
    elif classes == -1:
        classes = max(known) + 1 if known else op.unknown("the greatest class index is not known").dim
    elif isinstance(classes, int) and (classes < 1 or (known and max(known) >= classes)):
        op.refuse("RuntimeError", "Class values must be smaller than num_classes.", "num_classes")
    data = None
    if known and isinstance(classes, int):
        data = tuple(int(index == column) for index in known for column in range(classes))
    return op.result(x, (*x.shape, classes), dtype="int64", data=data)


alias("torch.nn.modules.sparse", "torch.nn")
