"""`keras.datasets` and one-hot labels: arrays of known shape and unknown content (keras.io/api/datasets).

Law: how many samples there are stays a symbol, so that a loop over them is no loop of fifty thousand rounds.
"""

from __future__ import annotations

from convlint.dims import Dim, symbol
from convlint.libs.keras.training import CLASSES
from convlint.libs.op import Op
from convlint.libs.registry import function
from convlint.values import NotModelled, Tensor, Value

ARRAY = "numpy.ndarray"
_DATASETS: dict[str, tuple[tuple[int, ...], tuple[int, ...], int | None]] = {
    "mnist": ((28, 28), (), 10),
    "fashion_mnist": ((28, 28), (), 10),
    "cifar10": ((32, 32, 3), (1,), 10),
    "cifar100": ((32, 32, 3), (1,), 100),
    "boston_housing": ((13,), (), None),
    "california_housing": ((8,), (), None),
}
"""The axes of a sample, those of its label, and the classes."""


def _dataset(name: str) -> None:
    sample, label, classes = _DATASETS[name]

    @function(f"keras.datasets.{name}.load_data", signature="*args, **kwargs")
    def load_data(op: Op) -> Value:
        number = _classes(op, classes)
        return tuple(
            (_array((symbol(count), *sample), None), _array((symbol(count), *label), number))
            for count in ("TRAIN", "TEST")
        )


def _classes(op: Op, classes: int | None) -> int | None:
    """The classes of the labels; CIFAR-100 has twenty coarse ones, too."""
    args, kwargs = op["args"], op["kwargs"]
    given = args[0] if isinstance(args, tuple) and args else None
    if isinstance(kwargs, dict):
        given = kwargs.get("label_mode", given)
    if classes != 100 or given in (None, "fine"):
        return classes
    return 20 if given == "coarse" else None


def _array(shape: tuple[Dim, ...], classes: int | None) -> Tensor:
    made = Tensor(shape, "uint8", kind=ARRAY)
    if classes is not None:
        made.attrs = {CLASSES: classes}
    return made


for _name in _DATASETS:
    _dataset(_name)


@function(
    "keras.utils.to_categorical", "keras.utils.np_utils.to_categorical", signature="x, num_classes=None"
)
def to_categorical(op: Op) -> Value:
    """Labels as rows of zeros with a one: the classes become the last axis."""
    x = op["x"]
    if isinstance(x, list) and all(isinstance(each, int) for each in x):
        x = Tensor((len(x),), "int64", data=tuple(x), kind=ARRAY)
    if not isinstance(x, Tensor) or x.shape is None:
        raise NotModelled("labels of unknown shape")
    shape = x.shape[:-1] if len(x.shape) > 1 and x.shape[-1] == 1 else x.shape
    count: Value = op["num_classes"]
    if count is None:
        known = [value for value in x.data or () if isinstance(value, int)]
        count = (x.attrs or {}).get(CLASSES) or (
            max(known) + 1 if known and len(known) == x.elements else None
        )
    if count is None:
        raise NotModelled("the number of classes follows from labels that are not known")
    return Tensor((*shape, op.as_dim(count, "num_classes")), "float32", kind=x.kind)
