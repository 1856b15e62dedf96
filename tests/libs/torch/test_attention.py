"""Attention: what the layers register, which children are called, what is multiplied, symbolic lengths."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.shapes.fault import Kind
from convlint.values import Tensor
from tests.libs.torch.program import modules, parameters, run

N, L, S = symbol("N"), symbol("L"), symbol("S")


def test_one_packed_projection_or_three() -> None:
    ran = run(
        "a = nn.MultiheadAttention(4, 2)\nb = nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True)"
    )
    assert parameters(ran.module("a")) == {
        "in_proj_weight": (12, 4),
        "in_proj_bias": (12,),
        "out_proj.weight": (4, 4),
        "out_proj.bias": (4,),
    }
    assert parameters(ran.module("b")) == {
        "q_proj_weight": (4, 4),
        "k_proj_weight": (4, 3),
        "v_proj_weight": (4, 5),
        "in_proj_bias": (12,),
        "bias_k": (1, 1, 4),
        "bias_v": (1, 1, 4),
        "out_proj.weight": (4, 4),
        "out_proj.bias": (4,),
    }


def test_the_output_projection_is_not_a_call() -> None:
    ran = run("x = torch.zeros(5, 2, 8)\ny, w = nn.MultiheadAttention(8, 2)(x, x, x)")
    assert ran.calls() == ["MultiheadAttention"]
    assert ran.shape("y") == (5, 2, 8) and ran.shape("w") == (2, 5, 5)


@pytest.mark.parametrize(("options", "extra"), [("", 0), (", add_bias_kv=True, add_zero_attn=True", 2)])
def test_macs_count_projections_and_both_products(options: str, extra: int) -> None:
    ran = run(
        f"q, k = torch.zeros(3, 2, 8), torch.zeros(5, 2, 8)\nnn.MultiheadAttention(8, 2{options})(q, k, k)"
    )
    projections = 2 * (3 * 8 * 8 * 2 + 5 * 8 * 8 * 2)
    assert ran.macs == projections + 2 * 2 * (3 * (5 + extra) * 8)


def test_symbolic_lengths_flow_through() -> None:
    ran = run(
        "m = nn.MultiheadAttention(8, 2, batch_first=True)\ny, w = m(q, k, k, average_attn_weights=False)",
        q=Tensor((N, L, 8)),
        k=Tensor((N, S, 8)),
    )
    assert not ran.failures
    assert ran.shape("y") == (N, L, 8) and ran.shape("w") == (N, 2, L, S)
    assert ran.macs == N * (L * 128 + S * 128 + L * S * 16)


def test_a_mismatch_names_the_argument_and_the_sentence() -> None:
    ran = run(
        "q, k = torch.zeros(3, 2, 8), torch.zeros(5, 2, 6)\ny, _ = nn.MultiheadAttention(8, 2)(q, k, k)"
    )
    (failure,) = ran.failures
    assert failure.words == "RuntimeError: mat1 and mat2 shapes cannot be multiplied (10x6 and 8x16)"
    assert failure.fault.arguments == ("kdim",) and failure.fault.expected == 8 and failure.fault.got == 6
    assert ran.shape("y") == (3, 2, 8)


def test_unequal_symbolic_batches_become_a_requirement() -> None:
    M = symbol("M")
    ran = run("nn.MultiheadAttention(8, 2)(q, k, k)", q=Tensor((L, N, 8)), k=Tensor((S, M, 8)))
    assert not ran.failures
    assert [str(r.requirement.question) for r in ran.machine.trace.required] == ["N = M"]


def test_dot_product_broadcasts_leading_axes_and_counts() -> None:
    ran = run(
        "y = F.scaled_dot_product_attention(q, k, v, attn_mask=m)",
        q=Tensor((N, 4, L, 16)),
        k=Tensor((N, 1, S, 16)),
        v=Tensor((N, 1, S, 32)),
        m=Tensor((1, 1, L, S), "bool"),
    )
    assert not ran.failures and ran.shape("y") == (N, 4, L, 32)
    assert ran.macs == N * 4 * L * S * (16 + 32)


# -- Transformer: the tree and the order of calls were recorded from torch 2.13 ------------------------------

_ENCODER = ["self_attn", "self_attn.out_proj", "linear1", "dropout", "linear2", "norm1", "norm2"]
_ENCODER += ["dropout1", "dropout2"]


def test_encoder_layer_has_torchs_children() -> None:
    assert modules(run("m = nn.TransformerEncoderLayer(16, 2, 32)").module("m")) == _ENCODER


@pytest.mark.parametrize(
    ("first", "order"),
    [
        (False, "MultiheadAttention Dropout LayerNorm Linear Dropout Linear Dropout LayerNorm"),
        (True, "LayerNorm MultiheadAttention Dropout LayerNorm Linear Dropout Linear Dropout"),
    ],
)
def test_encoder_layer_calls_its_children(first: bool, order: str) -> None:
    ran = run(f"y = nn.TransformerEncoderLayer(16, 2, 32, norm_first={first})(torch.zeros(5, 3, 16))")
    assert ran.calls() == ["TransformerEncoderLayer", *order.split()]
    assert ran.shape("y") == (5, 3, 16)


def test_a_whole_transformer_counts_its_parameters() -> None:
    ran = run("m = nn.Transformer()\nn = sum(p.numel() for p in m.parameters())")
    assert ran.names["n"] == 44_140_544


def test_decoder_reads_the_memory() -> None:
    ran = run(
        "m = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)\ny = m(src, tgt)",
        src=Tensor((N, S, 16)),
        tgt=Tensor((N, L, 16)),
    )
    assert not ran.failures and ran.shape("y") == (N, L, 16)
    assert ran.calls().count("MultiheadAttention") == 3


def test_layers_of_a_stack_are_copies() -> None:
    ran = run(
        "layer = nn.TransformerEncoderLayer(8, 2, 16)\nm = nn.TransformerEncoder(layer, 3)\n"
        "same = m.layers[0].linear1.weight is m.layers[1].linear1.weight\n"
        "n = sum(p.numel() for p in m.parameters())\none = sum(p.numel() for p in layer.parameters())"
    )
    one = ran.names["one"]
    assert isinstance(one, int) and ran.names["n"] == 3 * one
    assert ran.names["same"] is False


def test_overridden_blocks_are_called() -> None:
    ran = run(
        "class Mine(nn.TransformerEncoderLayer):\n"
        "    def _ff_block(self, x):\n"
        "        return x\n"
        "y = Mine(8, 2, 16)(torch.zeros(5, 3, 8))"
    )
    assert "Linear" not in ran.calls() and ran.shape("y") == (5, 3, 8)


def test_heads_must_divide_the_width() -> None:
    (failure,) = run("nn.MultiheadAttention(10, 4)").failures
    assert failure.fault.kind is Kind.ARGUMENT
    assert failure.words == "AssertionError: embed_dim must be divisible by num_heads"


def test_the_causal_mask() -> None:
    ran = run("m = nn.Transformer.generate_square_subsequent_mask(7)")
    assert ran.shape("m") == (7, 7) and ran.tensor("m").dtype == "float32"
