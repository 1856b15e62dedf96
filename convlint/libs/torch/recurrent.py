"""Recurrent layers and cells: RNN, LSTM, GRU over tensors (with a batch or without) and packed sequences.

Law: `shapes.recurrent`; parameters are named as torch names them, `weight_ih_l0`, `weight_hh_l0_reverse` …
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.dims import Dim, Expr, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, klass, method
from convlint.libs.torch.layer import layer, parameter
from convlint.libs.torch.packed import Packed, packed_of, repacked
from convlint.libs.torch.wording import by, sizes
from convlint.shapes.demand import Demands
from convlint.shapes.fault import Fault, Kind, Shape
from convlint.shapes.recurrent import Recurrence, batch_of, sequence, state_fits
from convlint.values import NotModelled, Tensor, Unknown, Value

GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}

RNN_BASE = klass("torch.nn.RNNBase", "torch.nn.Module").qualname


# -- construction --------------------------------------------------------------------------------------------


def _build(kind: str) -> Callable[[Op], None]:
    def build(op: Op) -> None:
        assert op.self is not None
        op.self.attrs["bias"] = op.args["bias"]
        op.self.attrs["dropout"] = op.args["dropout"]
        op.self.attrs.setdefault("proj_size", 0)
        op.self.attrs["mode"] = _mode(op) if kind == "RNN" else kind
        _check_dropout(op)
        for name in ("bias", "batch_first"):
            _check_bool(op, name)
        for name in ("input_size", "hidden_size", "num_layers"):
            _check_size(op, name)
        _check_projection(op)
        _weights(op, kind)

    return build


def _mode(op: Op) -> str:
    name = op["nonlinearity"]
    if isinstance(name, Unknown):
        return "RNN_TANH"
    if name not in ("tanh", "relu"):
        words = f"Unknown nonlinearity '{name}'. Select from 'tanh' or 'relu'."
        op.refuse("ValueError", words, "nonlinearity")
    return "RNN_TANH" if name == "tanh" else "RNN_RELU"


def _check_dropout(op: Op) -> None:
    p = op["dropout"]
    wrong = isinstance(p, (bool, str)) or p is None or (isinstance(p, (int, float)) and not 0 <= p <= 1)
    if wrong:
        words = (
            "dropout should be a number in range [0, 1] representing the probability of an element "
            "being zeroed"
        )
        op.refuse("ValueError", words, "dropout")


def _check_bool(op: Op, name: str) -> None:
    value = op.args[name]
    if value is None or (isinstance(value, (int, float, str)) and not isinstance(value, bool)):
        op.refuse("TypeError", f"{name} should be of type bool, got: {type(value).__name__}", name)


def _check_size(op: Op, name: str) -> None:
    value = op[name]
    if name != "num_layers" and (value is None or isinstance(value, (float, str))):
        op.refuse("TypeError", f"{name} should be of type int, got: {type(value).__name__}", name)
    if isinstance(value, float):
        op.refuse("TypeError", "'float' object cannot be interpreted as an integer", name)
    if isinstance(value, int) and value <= 0:
        op.refuse("ValueError", f"{name} must be greater than zero", name)


def _check_projection(op: Op) -> None:
    projection, hidden = op["proj_size"], op["hidden_size"]
    if not isinstance(projection, int):
        return
    if projection < 0:
        words = "proj_size should be a positive integer or zero to disable projections"
        op.refuse("ValueError", words, "proj_size")
    if isinstance(hidden, int) and projection >= hidden:
        op.refuse("ValueError", "proj_size has to be smaller than hidden_size", "proj_size", "hidden_size")


def _weights(op: Op, kind: str) -> None:
    cells = _cells(op, kind)
    bias = op.flag("bias")
    names: list[Value] = []
    assert op.self is not None
    if isinstance(cells.layers, Expr):
        why = op.unknown(f"the number of layers of {op.name} is not a known number")
        op.caller.taint(op.self.attrs["_parameters"], why)
        return
    for layer_number in range(cells.layers):
        for suffix in ("", "_reverse")[: cells.directions]:
            group = [w for w in cells.weights(layer_number) if bias or not w[0].startswith("bias")]
            for role, shape in group:
                parameter(op, f"{role}_l{layer_number}{suffix}", shape)
            names.append([f"{role}_l{layer_number}{suffix}" for role, _ in group])
    op.self.attrs["_all_weights"] = names


def _cells(op: Op, kind: str) -> Recurrence:
    projection = op.dim("proj_size")
    directions = 2 if op.flag("bidirectional") else 1
    return Recurrence(
        inputs=op.dim("input_size"),
        hidden=op.dim("hidden_size"),
        gates=GATES[kind],
        layers=op.dim("num_layers"),
        directions=directions,
        projection=None if projection == 0 else projection,
        batch_first=op.flag("batch_first"),
    )


# -- the call ------------------------------------------------------------------------------------------------


def _forward(kind: str) -> Body:
    def body(op: Op) -> Value:
        cells = _cells(op, kind)
        packed = packed_of(op["input"])
        if packed is not None:
            return _over_packed(op, packed, cells, kind)
        x = op.tensor("input")
        assert x.shape is not None
        if len(x.shape) not in (2, 3):
            of = " tensor" if kind == "RNN" else ""
            words = f"ValueError: {kind}: Expected input to be 2D or 3D, got {len(x.shape)}D{of} instead"
            op.lawful(Fault(Kind.RANK, 3, len(x.shape), (x.shape,)), lambda _: words)
        mismatch = _features(cells, x.shape)
        features = cells.output * cells.directions
        shape = op.lawful(sequence(x.shape, cells), lambda _: mismatch, (*x.shape[:-1], features))
        batch = batch_of(x.shape, cells)
        _states(op, cells, kind, batch)
        _not_empty(op, x.shape, cells)
        _count(op, cells, product(x.shape[:-1]))
        return op.result(x, shape), _final(op, x, cells, kind, batch)

    return body


def _features(cells: Recurrence, shape: Shape) -> str:
    return (
        f"RuntimeError: input.size(-1) must be equal to input_size. Expected {cells.inputs}, got {shape[-1]}"
    )


def _not_empty(op: Op, shape: Shape, cells: Recurrence) -> None:
    length = shape[1] if cells.batch_first and len(shape) == 3 else shape[0]
    demands = Demands()
    demands.at_least(length, 1, Fault(Kind.OTHER, 1, length, (shape,), None, (), "an empty sequence"))
    words = "RuntimeError: Expected sequence length to be larger than 0 in RNN"
    op.lawful(demands.outcome(shape), lambda _: words)


def _over_packed(op: Op, packed: Packed, cells: Recurrence, kind: str) -> Value:
    data = packed.data
    assert data.shape is not None
    words = _features(cells, data.shape)
    if kind == "LSTM" and op["hx"] is None:
        gates = cells.gates * cells.hidden
        words = (
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied "
            f"({by(data.shape)} and {by((cells.inputs, gates))})"
        )
    features = cells.output * cells.directions
    shape = op.lawful(sequence(data.shape, cells), lambda _: words, (*data.shape[:-1], features))
    batch: Shape = (packed.batch,)
    _states(op, cells, kind, batch)
    _count(op, cells, data.shape[0])
    output = op.result(data, shape)
    return repacked(packed, output), _final(op, data, cells, kind, batch)


def _count(op: Op, cells: Recurrence, steps: Dim) -> None:
    if isinstance(cells.layers, Expr):
        op.caller.count_macs(op.unknown(f"the number of layers of {op.name} is not a known number"))
    else:
        op.caller.count_macs(cells.macs(steps, cells.layers))


def _final(op: Op, x: Tensor, cells: Recurrence, kind: str, batch: Shape) -> Value:
    hidden = op.result(x, cells.state(batch))
    if kind != "LSTM":
        return hidden
    return hidden, op.result(x, cells.state(batch, cell=True))


def _states(op: Op, cells: Recurrence, kind: str, batch: Shape) -> None:
    """Check the states that the call passes."""
    hx = op["hx"]
    if hx is None or isinstance(hx, Unknown):
        return
    if kind == "LSTM":
        if isinstance(hx, Tensor):
            raise NotModelled("an LSTM whose state is one tensor")
        both = [op.caller.item(hx, 0), op.caller.item(hx, 1)]
        shapes = [s.shape if isinstance(s, Tensor) else None for s in both]
        _check_ranks(op, shapes, batch, "hx and cx")
        _check_state(op, shapes[0], cells.state(batch), "Expected hidden[0] size {}, got {}")
        _check_state(op, shapes[1], cells.state(batch, cell=True), "Expected hidden[1] size {}, got {}")
    elif isinstance(hx, Tensor):
        _check_ranks(op, [hx.shape], batch, "hx")
        _check_state(op, hx.shape, cells.state(batch), "Expected hidden size {}, got {}")


def _check_ranks(op: Op, shapes: list[Shape | None], batch: Shape, what: str) -> None:
    ranks = [len(s) for s in shapes if s is not None]
    wanted = 3 if batch else 2
    if len(ranks) < len(shapes) or all(rank == wanted for rank in ranks):
        return
    form = "batched 3-D" if batch else "unbatched 2-D"
    got = ", ".join(f"{rank}-D" for rank in ranks)
    shown = f"({got}) tensors" if len(ranks) > 1 else f"{got} tensor"
    words = f"For {form} input, {what} should also be {wanted}-D but got {shown}"
    op.refuse("RuntimeError", words, "hx", kind=Kind.RANK)


def _check_state(op: Op, state: Shape | None, expected: Shape, form: str) -> None:
    if state is None:
        return
    if len(state) != len(expected):
        _check_ranks(op, [state], expected[1:-1], "hx")
        return
    batched = len(expected) == 3
    shown = [s if batched else (s[0], 1, s[1]) for s in (expected, state)]
    words = "RuntimeError: " + form.format(f"({', '.join(map(str, shown[0]))})", sizes(shown[1]))
    op.lawful(state_fits(state, expected), lambda _: words, state)


_COMMON = "bias=True, batch_first=False, dropout=0.0, bidirectional=False"
_FORMS = {
    "RNN": f"input_size, hidden_size, num_layers=1, nonlinearity='tanh', {_COMMON}, device=None, dtype=None",
    "LSTM": f"input_size, hidden_size, num_layers=1, {_COMMON}, proj_size=0, device=None, dtype=None",
    "GRU": f"input_size, hidden_size, num_layers=1, {_COMMON}, device=None, dtype=None",
}
for _kind, _signature in _FORMS.items():
    layer(f"torch.nn.{_kind}", _signature, build=_build(_kind), base=RNN_BASE, call="input, hx=None")(
        _forward(_kind)
    )


@method(RNN_BASE, "flatten_parameters", "self")
@method(RNN_BASE, "reset_parameters", "self")
def nothing(op: Op) -> Value:
    """Weights stay where they are."""
    return None


alias("torch.nn.modules.rnn", "torch.nn")
