"""What the old `keras.backend` keeps: variables, the phase of learning, sessions, settings.

Law (keras.src.legacy.backend, tf_keras.src.backend): no shape depends on what is kept, but a variable's is
that of its value.
"""

from __future__ import annotations

from convlint.dims import product
from convlint.libs.keras import ops_making
from convlint.libs.keras.declare import function
from convlint.libs.keras.layer import KIND
from convlint.libs.keras.ops_elementwise import axes_of
from convlint.libs.keras.renaming import also
from convlint.libs.keras.tensor import as_tensor
from convlint.libs.op import Op
from convlint.libs.registry import function as plain
from convlint.libs.registry import lookup
from convlint.values import Value

_K = "keras.backend."


# -- variables and tensors -----------------------------------------------------------------------------------

also([f"{_K}eye"], "size, dtype=None, name=None", ops_making.eye, "size=N", M=None, k=0)


@function(f"{_K}variable", signature="value, dtype=None, name=None, constraint=None")
def same(op: Op) -> Value:
    """A tensor of the value's shape."""
    x = as_tensor(op, op["value"])
    return op.result(x, x.shape, kind=KIND)


also([f"{_K}to_dense"], "tensor", same, "tensor=value")
also([f"{_K}print_tensor"], "x, message='', summarize=3", same, "x=value")
also([f"{_K}cast_to_floatx"], "x", same, "x=value")


@function(f"{_K}reverse", signature="x, axes")
def reverse(op: Op) -> Value:
    """Some axes backwards."""
    x = as_tensor(op, op["x"])
    axes = axes_of(op, "axes", len(x.shape or ()))
    if len(set(axes)) != len(axes):
        op.refuse("InvalidArgumentError", f"axis {axes} specified more than once", "axes")
    return op.result(x, x.shape, kind=KIND)


@plain(f"{_K}count_params", signature="x")
def count_params(op: Op) -> Value:
    return product(as_tensor(op, op["x"]).shape or ())


@plain(f"{_K}dtype", signature="x")
def dtype(op: Op) -> Value:
    found = as_tensor(op, op["x"]).dtype
    return op.unknown("the dtype is not known") if found is None else found


@plain(f"{_K}is_sparse", signature="tensor")
def is_sparse(op: Op) -> Value:
    return False


# -- what is changed -----------------------------------------------------------------------------------------


@plain(f"{_K}update", signature="x, new_x")
@plain(f"{_K}update_add", signature="x, increment")
@plain(f"{_K}update_sub", signature="x, decrement")
@plain(f"{_K}moving_average_update", signature="x, value, momentum")
def updated(op: Op) -> Value:
    """The variable that was changed."""
    return op["x"]


@plain(f"{_K}get_value", f"{_K}eval", signature="x")
@plain(f"{_K}batch_get_value", signature="tensors")
@plain(f"{_K}gradients", signature="loss, variables")
@plain(f"{_K}function", signature="inputs, outputs, updates=None, name=None, **kwargs")
@plain(f"{_K}ctc_label_dense_to_sparse", signature="labels, label_lengths")
@plain(f"{_K}get_session", signature="op_input_list=()")
def computed(op: Op) -> Value:
    """Numbers, or what gives them: unknown, since no value is computed."""
    return op.unknown(f"what {op.name} gives is not followed")


@plain(f"{_K}set_value", signature="x, value")
@plain(f"{_K}batch_set_value", signature="tuples")
@plain(f"{_K}set_session", signature="session")
@plain(f"{_K}manual_variable_initialization", signature="value")
@plain(f"{_K}set_epsilon", f"{_K}set_floatx", f"{_K}set_learning_phase", signature="value")
def kept(op: Op) -> None:
    """Changes no shape."""


@plain(f"{_K}learning_phase", signature="")
def learning_phase(op: Op) -> Value:
    """1 while the model learns, else 0."""
    op.caller.asks_mode()
    return int(op.caller.training)


@plain(f"{_K}learning_phase_scope", signature="value")
def learning_phase_scope(op: Op) -> Value:
    return op.call(lookup(f"{_K}name_scope"), "")


@plain(f"{_K}epsilon", "keras.config.epsilon", signature="")
def epsilon(op: Op) -> Value:
    return 1e-07
