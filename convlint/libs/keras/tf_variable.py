"""`tf.Variable` (tensorflow.org/api_docs/python/tf/Variable).

Law: it has the shape of its first value. A layer whose attribute holds one has a weight in Keras 2 and none
in Keras 3, so its parameters are not counted.
"""

from __future__ import annotations

from convlint.libs.keras.layer import KIND, UNCOUNTED
from convlint.libs.keras.ops_shaping import listed
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Value

VARIABLE = "tensorflow.Variable"

klass(VARIABLE, "builtins.object")
alias("tensorflow.compat.v1.Variable", VARIABLE)


@method(
    VARIABLE,
    "__new__",
    "cls, initial_value=None, trainable=None, validate_shape=True, caching_device=None, name=None, "
    "variable_def=None, dtype=None, import_scope=None, constraint=None, synchronization=None, "
    "aggregation=None, shape=None, **kwargs",
)
def new(op: Op) -> Value:
    """A variable; its first value may be given by a function."""
    value = op["initial_value"]
    if value is None:
        op.refuse("ValueError", "initial_value must be specified.", "initial_value", kind=Kind.ARGUMENT)
    x = as_tensor(op, value)
    dtype = op["dtype"] if isinstance(op["dtype"], str) else x.dtype
    made = Tensor(x.shape if op["shape"] is None else listed(op, "shape"), dtype, kind=KIND)
    made.attrs = {UNCOUNTED: "tf.Variable"}
    return made


@method(VARIABLE, "__instancecheck__", "cls, obj")
def instance_check(op: Op) -> Value:
    value = op["obj"]
    if isinstance(value, Tensor):
        return value.attrs is not None and UNCOUNTED in value.attrs
    return op.unknown("whether a value is a variable is not known")
