"""Recurrent layers: their parameters' names, what they multiply, symbolic sequences, packed sequences."""

from __future__ import annotations

from convlint.dims import symbol
from convlint.values import Instance, Tensor, Unknown, is_opaque
from tests.libs.torch.program import parameters, run

N, L = symbol("N"), symbol("L")


def test_parameters_are_named_as_torch_names_them() -> None:
    found = parameters(run("m = nn.LSTM(3, 5, 2, bidirectional=True, proj_size=2)").module("m"))
    assert list(found)[:5] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0"]
    assert found["weight_ih_l0"] == (20, 3) and found["weight_hh_l0"] == (20, 2)
    assert found["weight_hr_l1_reverse"] == (2, 5) and found["weight_ih_l1_reverse"] == (20, 4)
    assert len(found) == 20


def test_no_bias_registers_weights_only() -> None:
    found = parameters(run("m = nn.GRU(3, 5, bias=False)").module("m"))
    assert found == {"weight_ih_l0": (15, 3), "weight_hh_l0": (15, 5)}


def test_a_stack_reads_both_directions() -> None:
    ran = run("y, (h, c) = nn.LSTM(3, 5, 2, bidirectional=True, batch_first=True)(x)", x=Tensor((N, L, 3)))
    assert not ran.failures
    assert ran.shape("y") == (N, L, 10)
    assert ran.shape("h") == (4, N, 5) and ran.shape("c") == (4, N, 5)
    first, second = 20 * 3 + 20 * 5, 20 * 10 + 20 * 5
    assert ran.macs == 2 * (first + second) * N * L


def test_a_symbolic_state_must_have_the_batch() -> None:
    M = symbol("M")
    ran = run("nn.GRU(3, 5)(x, h)", x=Tensor((L, N, 3)), h=Tensor((1, M, 5)))
    assert not ran.failures
    assert [str(r.requirement.question) for r in ran.machine.trace.required] == ["N = M"]


def test_a_cell_keeps_its_state_through_a_loop() -> None:
    ran = run(
        "cell = nn.LSTMCell(3, 5)\nh, c = torch.zeros(2, 5), torch.zeros(2, 5)\n"
        "for step in torch.zeros(4, 2, 3):\n    h, c = cell(step, (h, c))"
    )
    assert ran.shape("h") == (2, 5)
    assert ran.macs == 4 * 2 * (20 * 3 + 20 * 5)


def test_wrong_features_go_on_with_the_right_output() -> None:
    ran = run("y, h = nn.RNN(4, 6)(torch.zeros(7, 2, 3))")
    (failure,) = ran.failures
    assert failure.words == "RuntimeError: input.size(-1) must be equal to input_size. Expected 4, got 3"
    assert failure.fault.arguments == ("input_size",)
    assert ran.shape("y") == (7, 2, 6)


def test_an_unknown_number_of_layers_leaves_the_output_known() -> None:
    depth = symbol("d")
    ran = run(
        "m = nn.LSTM(3, 5, depth, batch_first=True)\ny, (h, c) = m(x)", x=Tensor((N, L, 3)), depth=depth
    )
    assert not ran.failures
    assert ran.shape("y") == (N, L, 5) and ran.shape("h") == (depth, N, 5)
    assert isinstance(ran.macs, Unknown)


# -- packed sequences ----------------------------------------------------------------------------------------


def test_packing_known_lengths() -> None:
    ran = run(
        "p = pack_padded_sequence(torch.zeros(3, 5, 4), [5, 3, 2], batch_first=True)\n"
        "out, h = nn.GRU(4, 6)(p)\ny, lengths = pad_packed_sequence(out, batch_first=True)\n"
        "data, sizes, order, back = p"
    )
    assert not ran.failures
    assert ran.shape("data") == (10, 4) and ran.tensor("sizes").data == (3, 3, 2, 1, 1)
    assert ran.shape("y") == (3, 5, 6) and ran.tensor("lengths").data == (5, 3, 2)
    assert ran.shape("h") == (1, 3, 6)


def test_packing_unknown_lengths() -> None:
    ran = run(
        "p = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)\n"
        "out, h = nn.LSTM(4, 6, bidirectional=True)(p)\ny, n = pad_packed_sequence(out, batch_first=True)",
        x=Tensor((N, L, 4)),
        lengths=Tensor((N,), "int64"),
    )
    assert not ran.failures
    batch, length, features = ran.shape("y") or (0, 0, 0)
    assert (batch, features) == (N, 12) and is_opaque(length)
    assert isinstance(ran.names["out"], Instance)


def test_padding_to_a_total_length() -> None:
    ran = run(
        "p = pack_padded_sequence(torch.zeros(5, 2, 4), [4, 2])\n"
        "y, _ = pad_packed_sequence(p, total_length=9)\nz, _ = pad_packed_sequence(p, total_length=3)"
    )
    assert ran.shape("y") == (9, 2, 4)
    (failure,) = ran.failures
    assert "total_length=3 and max sequence length being 4" in failure.words


def test_padding_sequences_of_several_lengths() -> None:
    ran = run("y = pad_sequence([a, b], batch_first=True)", a=Tensor((3, 8)), b=Tensor((L, 8)))
    assert not ran.failures
    two, longest, features = ran.shape("y") or (0, 0, 0)
    assert (two, features) == (2, 8) and str(longest) == "max(3, L)"
