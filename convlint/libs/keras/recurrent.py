"""Recurrent cells and the layers that run them over a sequence (keras.io/api/layers/recurrent_layers).

Law: a cell of G gates has a kernel (features, G·units), a recurrent kernel (units, G·units) and a bias of
G·units (two of them in a GRU that resets after the product); a sequence (N, L, features) gives (N, units), or
(N, L, units), and its states beside it.
"""

from __future__ import annotations

from typing import cast

from convlint.dims import Dim, Expr, product
from convlint.libs.keras.declare import Check, layer, made, tensor
from convlint.libs.keras.layer import add_weight, is_layer, weights_of
from convlint.libs.keras.setting import held
from convlint.libs.keras.wording import check_rank, wrong_axis
from convlint.libs.op import Op
from convlint.shapes.contract import dense
from convlint.shapes.fault import Fault, Shape
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value

GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
STATES = {"SimpleRNN": 1, "GRU": 1, "LSTM": 2}
CALL = "sequences, initial_state=None, mask=None, training=False"
_INITIAL = (
    "use_bias=True, kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', "
    "bias_initializer='zeros', {forget}kernel_regularizer=None, recurrent_regularizer=None, "
    "bias_regularizer=None, {activity}kernel_constraint=None, recurrent_constraint=None, "
    "bias_constraint=None, dropout=0.0, recurrent_dropout=0.0"
)


def _signature(kind: str, *, cell: bool) -> str:
    gate = "" if kind == "SimpleRNN" else "recurrent_activation='sigmoid', "
    activity = "" if cell else "activity_regularizer=None, "
    forget = "unit_forget_bias=True, " if kind == "LSTM" else ""
    rest = _INITIAL.format(forget=forget, activity=activity)
    start = f"units, activation='tanh', {gate}{rest}"
    old = "" if kind == "SimpleRNN" else ", *, implementation=2"
    after = ", reset_after=True" if kind == "GRU" else ""
    if cell:
        return f"{start}{after}, seed=None{old}"
    modes = "return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False"
    if kind == "SimpleRNN":
        return f"{start}, {modes}, seed=None"
    return f"{start}, seed=None, {modes}{after}, use_cudnn='auto'{old}"


# -- cells ---------------------------------------------------------------------------------------------------


def _check_units(op: Op) -> None:
    units = held(op, "units")
    if isinstance(units, str) or units is None:
        kind = type(units).__name__
        op.refuse("TypeError", f"'<=' not supported between instances of '{kind}' and 'int'", "units")
    if isinstance(units, (int, float)) and units <= 0:
        words = f"Received an invalid value for argument `units`, expected a positive integer, got {units}."
        op.refuse("ValueError", words, "units")
    if isinstance(units, float):
        op.refuse("ValueError", f"Cannot convert `units` of {units} to the extent of a weight", "units")


def _kind(layer: Instance) -> str:
    """The family of a cell or layer of this file."""
    for name in GATES:
        if layer.cls.derives(f"keras.layers.{name}") or layer.cls.derives(f"keras.layers.{name}Cell"):
            return name
    raise NotModelled(f"a recurrent cell of the class {layer.cls.name} is not modelled")


def _build_cell(op: Op, shape: Shape) -> None:
    """The weights of one cell, from the shape of a step or of a sequence."""
    assert op.self is not None
    if not shape:
        raise NotModelled("a step without features")
    kind = _kind(op.self)
    rows = GATES[kind] * op.dim("units")
    add_weight(op.self, (shape[-1], rows))
    add_weight(op.self, (op.dim("units"), rows))
    if op.flag("use_bias"):
        add_weight(op.self, (2, rows) if kind == "GRU" and op.flag("reset_after") else (rows,))
    op.self.attrs["_features"] = shape[-1]


def _cell(op: Op) -> Value:
    """One step: the output, and the new states."""
    x = tensor(op, "sequence" if "sequence" in op.args else "inputs")
    assert op.self is not None
    shape = _step(op, x.shape or ())
    output = made(op, x, shape)
    states: list[Value] = [made(op, x, shape) for _ in range(STATES[_kind(op.self)])]
    return output, states if isinstance(op["states"], (list, tuple)) or len(states) > 1 else states[0]


def _step(op: Op, xs: Shape) -> Shape:
    outcome = dense(xs, op.dim("_features"), op.dim("units"))
    right = (*xs[:-1], op.dim("units")) if isinstance(outcome, Fault) else None
    return op.lawful(outcome, lambda fault: wrong_axis(op, -1, fault.expected, xs), right)


# -- layers --------------------------------------------------------------------------------------------------


def _check_layer(kind: str) -> Check:
    def check(op: Op) -> None:
        _check_units(op)
        given = held(op, "use_cudnn", "auto")
        if kind != "SimpleRNN" and not isinstance(given, Unknown) and given not in ("auto", True, False):
            words = (
                "Invalid valid received for argument `use_cudnn`. Expected one of {'auto', True, False}. "
                f"Received: use_cudnn={given}"
            )
            op.refuse("ValueError", words, "use_cudnn")

    return check


def _build_layer(op: Op, shape: Shape) -> None:
    check_rank(op, shape, 3)
    _check_batch(op, shape)
    _build_cell(op, shape)


def _check_batch(op: Op, shape: Shape) -> None:
    """The states of a stateful layer are variables, of a batch that must be known (and are no weights)."""
    if op.flag("stateful") and isinstance(shape[0], Expr):
        raise NotModelled("a stateful layer needs a batch of known size")


def _recurrent(op: Op) -> Value:
    """All steps of a sequence."""
    x = tensor(op, "sequences")
    xs = x.shape or ()
    check_rank(op, xs, 3)
    assert op.self is not None
    units = op.dim("units")
    _step(op, xs)
    if op.flag("unroll") and isinstance(xs[1], Expr):
        raise NotModelled("a layer that is unrolled needs a known number of steps")
    macs: Dim = 0
    for kernel in _kernels(op.self):
        macs = macs + product(kernel)
    op.caller.count_macs(macs * xs[0] * xs[1])
    return answered(op, x, units, [units] * STATES[_kind(op.self)])


def _kernels(layer: Instance) -> list[Shape]:
    """The matrices that every step multiplies by."""
    return [w.shape for w in weights_of(layer)[:2] if isinstance(w, Tensor) and w.shape is not None]


def answered(op: Op, x: Tensor, output: Dim, states: list[Dim]) -> Value:
    """The last output or all of them, and the states where they are asked for."""
    xs = x.shape or ()
    shape = (xs[0], xs[1], output) if op.flag("return_sequences") else (xs[0], output)
    result = made(op, x, shape)
    if not op.flag("return_state"):
        return result
    return (result, *(made(op, x, (xs[0], size)) for size in states))


for _name in GATES:
    layer(
        f"{_name}Cell",
        signature=_signature(_name, cell=True),
        check=_check_units,
        build=_build_cell,
        call=f"{'sequence' if _name == 'SimpleRNN' else 'inputs'}, states, training=False",
    )(_cell)
    layer(
        _name,
        *((f"CuDNN{_name}",) if _name != "SimpleRNN" else ()),
        signature=_signature(_name, cell=False),
        check=_check_layer(_name),
        build=_build_layer,
        call=CALL,
    )(_recurrent)


# -- cells by hand -------------------------------------------------------------------------------------------


def sizes_of(cell: Value) -> tuple[Dim, list[Dim]]:
    """The output's features of a cell and those of its states. Raises `NotModelled`."""
    if not isinstance(cell, Instance):
        raise NotModelled("the cell of a recurrent layer is not known")
    if cell.cls.derives("keras.layers.StackedRNNCells"):
        cells = cell.attrs.get("cells")
        if not isinstance(cells, (list, tuple)) or len(cells) == 0:
            raise NotModelled("the cells of a stack are not known")
        return sizes_of(cells[-1])[0], []
    units = cell.attrs.get("units")
    if not isinstance(units, (int, Expr)):
        raise NotModelled("the units of a recurrent cell are not known")
    return units, [units] * STATES[_kind(cell)]


def _check_cell(op: Op) -> None:
    cell = held(op, "cell")
    if isinstance(cell, (list, tuple)):
        from convlint.libs import registry

        assert op.self is not None
        stack = registry.lookup("keras.layers.StackedRNNCells")
        op.self.attrs["cell"] = op.call(stack, cell)
        return
    if cell is None or isinstance(cell, (int, float, str)):
        words = f"`cell` should have a `call` method. Received: cell={cell}"
        op.refuse("ValueError", words, "cell")
    if isinstance(cell, Instance) and is_layer(cell) and not _has_state(op, cell):
        op.refuse("ValueError", "The RNN cell should have a `state_size` attribute", "cell")


def _has_state(op: Op, cell: Instance) -> bool:
    if any(cell.cls.derives(f"keras.layers.{name}Cell") for name in (*GATES, "")) or cell.cls.derives(
        "keras.layers.StackedRNNCells"
    ):
        return True
    if _is_own(cell):
        if "state_size" not in cell.attrs and not cell.cls.has("state_size"):
            raise NotModelled("the states of a recurrent cell are not known")
        return True
    return cell.cls.qualname == "keras.layers.RNN"


def _is_own(cell: Value) -> bool:
    """Whether the cell is of a class of the program's own, none of whose bases is a cell of Keras."""
    if not isinstance(cell, Instance) or cell.cls.qualname.startswith("keras."):
        return False
    return not any(cell.cls.derives(f"keras.layers.{name}Cell") for name in GATES)


def _by_own(op: Op, cell: Instance, x: Tensor) -> Value:
    """A cell of the program, called for the first step: the other steps give the same shapes."""
    xs = x.shape or ()
    sizes = op.caller.getattr(cell, "state_size")
    each = sizes if isinstance(sizes, (list, tuple)) else [sizes]
    shapes = [size if isinstance(size, (list, tuple)) else (size,) for size in each]
    given = [made(op, x, (xs[0], *(op.as_dim(n, "state_size") for n in shape))) for shape in shapes]
    found = op.call(cell, made(op, x, (xs[0], *xs[2:])), given)
    op.caller.lost("the steps of a recurrent cell of the program are not counted")
    if not isinstance(found, (list, tuple)) or len(found) != 2 or not isinstance(found[0], Tensor):
        raise NotModelled("what a recurrent cell gives is not known")
    last, after = found
    one = last.shape or ()
    result = made(op, x, (*one[:1], xs[1], *one[1:]) if op.flag("return_sequences") else one)
    if not op.flag("return_state"):
        return result
    return (result, *(after if isinstance(after, (list, tuple)) else [after]))


def build_cell(op: Op, cell: Value, shape: Shape) -> None:
    """Build a cell of the library for a step's shape."""
    if not isinstance(cell, Instance) or not is_layer(cell):
        raise NotModelled("the cell of a recurrent layer is not known")
    op.call(op.caller.getattr(cell, "build"), cast(Value, shape))
    cell.attrs["built"] = True
    if cell.tainted is not None:
        raise NotModelled(cell.tainted.reason)


def _build_rnn(op: Op, shape: Shape) -> None:
    if len(shape) < 3:
        raise NotModelled("a sequence without features")
    _check_batch(op, shape)
    if not _is_own(held(op, "cell")):  # which is built when it is called
        build_cell(op, held(op, "cell"), (shape[0], *shape[2:]))


@layer(
    "RNN",
    signature="cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, "
    "unroll=False, zero_output_for_mask=False",
    check=_check_cell,
    build=_build_rnn,
    call=CALL,
)
def rnn(op: Op) -> Value:
    """A cell of one's own choice, over all steps."""
    x = tensor(op, "sequences")
    cell = held(op, "cell")
    if isinstance(cell, Instance) and _is_own(cell):
        return _by_own(op, cell, x)
    output, states = sizes_of(cell)
    if not states and op.flag("return_state"):
        return op.unknown("the nested states of stacked cells are not modelled")
    first = cell.attrs.get("cells") if isinstance(cell, Instance) else None
    one = first[0] if isinstance(first, (list, tuple)) else cell
    expected = one.attrs.get("_features") if isinstance(one, Instance) else None
    xs = x.shape or ()
    if isinstance(expected, (int, Expr)):
        outcome = dense(xs, expected, expected)
        op.lawful(outcome, lambda fault: wrong_axis(op, -1, fault.expected, xs))
    return answered(op, x, output, states)


def _build_stack(op: Op, shape: Shape) -> None:
    cells = held(op, "cells")
    if not isinstance(cells, (list, tuple)):
        raise NotModelled("the cells of a stack are not known")
    for cell in cells:
        build_cell(op, cell, shape)
        shape = (shape[0], sizes_of(cell)[0])


def _check_cells(op: Op) -> None:
    cells = held(op, "cells")
    for cell in cells if isinstance(cells, (list, tuple)) else ():
        if isinstance(cell, (int, str, float)) or cell is None:
            words = f"All cells must have a `call` method. Received cell without a `call` method: {cell}"
            op.refuse("ValueError", words, "cells")
        if isinstance(cell, Instance) and is_layer(cell) and not _has_state(op, cell):
            words = f"All cells must have a `state_size` attribute. Received cell: {cell.cls.name}"
            op.refuse("ValueError", words, "cells")


@layer(
    "StackedRNNCells",
    signature="cells",
    check=_check_cells,
    build=_build_stack,
    call="inputs, states, training=False, **kwargs",
)
def stacked(op: Op) -> Value:
    """Each cell takes the output of the one before it."""
    return op.unknown("the nested states of stacked cells are not modelled")
