"""Recurrent cells: RNNCell, LSTMCell, GRUCell, one step over a batch or a single row."""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import product
from convlint.libs.op import Op
from convlint.libs.registry import Body, klass, method
from convlint.libs.torch.arguments import FIRST, channels, unpacked, weight
from convlint.libs.torch.layer import layer
from convlint.libs.torch.recurrent import GATES
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Outcome, Shape
from convlint.shapes.recurrent import Recurrence, sequence, state_fits
from convlint.values import NotModelled, Tensor, Unknown, Value

CELL_BASE = klass("torch.nn.RNNCellBase", "torch.nn.Module").qualname


def _build_cell(kind: str) -> Callable[[Op], None]:
    def build(op: Op) -> None:
        assert op.self is not None
        op.self.attrs["bias"] = op.args["bias"]
        cell = _cell(op, kind)
        bias = op.flag("bias")
        for role, shape in cell.weights(0):
            weight(
                op, role, shape if bias or role.startswith("weight") else None, "input_size", "hidden_size"
            )

    return build


def _cell(op: Op, kind: str) -> Recurrence:
    inputs, hidden = channels(op, "input_size", unpacked(2)), channels(op, "hidden_size", FIRST)
    return Recurrence(inputs, hidden, GATES[kind])


def _step(kind: str) -> Body:
    name = f"{kind}Cell"

    def body(op: Op) -> Value:
        cell = _cell(op, kind)
        x = op.tensor("input")
        assert x.shape is not None
        if len(x.shape) not in (1, 2):
            words = f"ValueError: {name}: Expected input to be 1D or 2D, got {len(x.shape)}D instead"
            op.lawful(Fault(Kind.RANK, 2, len(x.shape), (x.shape,)), lambda _: words)
        if (
            kind == "RNN"
            and isinstance(op["nonlinearity"], str)
            and op["nonlinearity"] not in ("tanh", "relu")
        ):
            op.refuse("RuntimeError", f"Unknown nonlinearity: {op['nonlinearity']}", "nonlinearity")
        shape = (*x.shape[:-1], cell.hidden)
        op.lawful(_reads(x.shape, cell), lambda _: _mismatch(x.shape or (), cell), shape)
        for index, state in enumerate(_cell_states(op, kind)):
            _check_cell_state(op, state, shape, f"hx[{index}]" if kind == "LSTM" else "hidden", name)
        op.caller.count_macs(cell.macs(product(x.shape[:-1]), 1))
        if kind == "LSTM":
            return op.result(x, shape), op.result(x, shape)
        return op.result(x, shape)

    return body


def _reads(shape: Shape, cell: Recurrence) -> Outcome:
    return sequence(shape if len(shape) == 2 else (1, *shape), cell)


def _mismatch(shape: Shape, cell: Recurrence) -> str:
    return f"RuntimeError: input has inconsistent input_size: got {shape[-1]} expected {cell.inputs}"


def _cell_states(op: Op, kind: str) -> list[Value]:
    hx = op["hx"]
    if hx is None or isinstance(hx, Unknown):
        return []
    return [op.caller.item(hx, 0), op.caller.item(hx, 1)] if kind == "LSTM" else [hx]


def _check_cell_state(op: Op, state: Value, expected: Shape, called: str, name: str) -> None:
    if not isinstance(state, Tensor) or state.shape is None:
        return
    shape = state.shape
    if len(shape) not in (1, 2):
        words = f"{name}: Expected {called} to be 1D or 2D, got {len(shape)}D instead"
        op.refuse("ValueError", words, "hx", kind=Kind.RANK)
    number = called[3] if called.startswith("hx[") else "0"
    if len(shape) != len(expected):
        if len(expected) == 2 or (isinstance(shape[0], int) and shape[0] != expected[-1]):
            _refuse_rank(op, shape, expected, number)
        raise NotModelled(f"{name} with a state of another rank than its input")
    if len(expected) == 2:
        demands = Demands()
        demands.equal(expected[0], shape[0], Fault(Kind.OTHER, expected[0], shape[0], (shape,), 0, ("hx",)))
        batch = f"Input batch size {expected[0]} doesn't match hidden{number} batch size {shape[0]}"
        op.lawful(demands.outcome(shape), lambda _: f"RuntimeError: {batch}", shape)
    words = (
        f"RuntimeError: hidden{number} has inconsistent hidden_size: got {shape[-1]}, expected {expected[-1]}"
    )
    op.lawful(state_fits(shape, expected), lambda _: words, shape)


def _refuse_rank(op: Op, shape: Shape, expected: Shape, number: str) -> None:
    if len(expected) == 2 and shape[0] == expected[0]:
        words = "Dimension out of range (expected to be in range of [-1, 0], but got 1)"
        op.refuse("IndexError", words, "hx", kind=Kind.RANK)
    if len(expected) == 2:
        words = f"Input batch size {expected[0]} doesn't match hidden{number} batch size {shape[0]}"
    else:
        words = f"hidden{number} has inconsistent hidden_size: got {shape[0]}, expected {expected[-1]}"
    op.refuse("RuntimeError", words, "hx", kind=Kind.RANK)


for _kind in GATES:
    _nonlinearity = "nonlinearity='tanh', " if _kind == "RNN" else ""
    layer(
        f"torch.nn.{_kind}Cell",
        f"input_size, hidden_size, bias=True, {_nonlinearity}device=None, dtype=None",
        build=_build_cell(_kind),
        base=CELL_BASE,
        call="input, hx=None",
    )(_step(_kind))


@method(CELL_BASE, "reset_parameters", "self")
def reset(op: Op) -> Value:
    """New random weights."""
    return None
