"""einops on tensors of PyTorch and Keras: shapes, symbols, refusals in einops' own words."""

from __future__ import annotations

import pytest

from convlint.dims import Divides, symbol
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.libs import registry
from convlint.shapes.fault import Kind
from convlint.values import Tensor, Unknown
from tests.libs.keras import program as keras
from tests.libs.torch.program import Run
from tests.libs.torch.program import run as run_torch

IMPORTS = """
from einops import *
from einops import EinopsError, asnumpy, einsum, pack, parse_shape, rearrange, reduce, repeat, unpack
from einops.layers.torch import EinMix, Rearrange, Reduce
"""


def run(source: str) -> Run:
    return run_torch(IMPORTS + source)


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        ("rearrange(x, 'b c h w -> b (h w) c')", (2, 48, 4)),
        ("rearrange(x, 'b c (h p) (w q) -> b (h w) (p q c)', p=3, q=4)", (2, 4, 48)),
        ("rearrange(x, '... h w -> ... (h w)')", (2, 4, 48)),
        ("rearrange(x, 'b ... -> (b ...)')", (384,)),
        ("rearrange(x, 'b c h w -> b 1 c (h w) ()')", (2, 1, 4, 48, 1)),
        ("rearrange([x, x, x], 'n b ... -> b n ...')", (2, 3, 4, 6, 8)),
        ("repeat(x, 'b c h w -> b c (h 2) (w s)', s=3)", (2, 4, 12, 24)),
        ("repeat(x[0, 0, 0], 'd -> b d', b=5)", (5, 8)),
        ("reduce(x, 'b c (h 2) (w 2) -> b c h w', 'max')", (2, 4, 3, 4)),
        ("reduce(x, 'b c h w -> b c () ()', 'mean')", (2, 4, 1, 1)),
        ("reduce(x, 'b c h w -> c', lambda t, axes: t.amax(axes))", (4,)),
        ("einsum(x, torch.zeros(8, 5), 'b c h w, w out -> b c h out')", (2, 4, 6, 5)),
        ("pack([x[:, 0], x], 'b * w')[0]", (2, 30, 8)),
        ("unpack(x, [[1], [-1]], 'b * h w')[1]", (2, 3, 6, 8)),
    ],
)
def test_shapes(call: str, shape: tuple[int, ...]) -> None:
    ran = run(f"x = torch.zeros(2, 4, 6, 8)\ny = {call}")
    assert ran.shape("y") == shape
    assert not ran.failures


def test_packing_and_unpacking_are_inverse() -> None:
    ran = run(
        "a, b, c = torch.zeros(2, 5), torch.zeros(2, 7, 5), torch.zeros(2, 7, 9, 5)\n"
        "x, ps = pack([a, b, c], 'i * k')\n"
        "p, q, r = unpack(x, ps, 'i * k')"
    )
    assert ran.shape("x") == (2, 71, 5)
    assert [ran.shape(name) for name in "pqr"] == [(2, 5), (2, 7, 5), (2, 7, 9, 5)]


def test_parse_shape_names_extents() -> None:
    ran = run("d = parse_shape(torch.zeros(2, 3, 1, 5), 'batch _ 1 w')")
    assert ran.names["d"] == {"batch": 2, "w": 5}


def test_a_free_extent_is_divided_under_a_condition() -> None:
    machine = Machine(Loader())
    x = Tensor((symbol("N"), 3, symbol("H"), 32))
    pattern = "b c (h p) w -> b h (p w c)"
    found = machine.call(registry.lookup("einops.rearrange"), (x, pattern), {"p": 4})
    assert isinstance(found, Tensor)
    assert found.shape == (symbol("N"), symbol("H") // 4, 384)
    assert machine.path.assumptions == [Divides(4, symbol("H"))]


def test_content_and_memory_follow() -> None:
    ran = run(
        "x = torch.arange(6).reshape(2, 3)\n"
        "y = rearrange(x, 'a b -> b a')\n"
        "numbers = y.tolist()\n"
        "z = y.view(6)"
    )
    assert ran.names["numbers"] == [[0, 3], [1, 4], [2, 5]]
    assert [failure.fault.detail for failure in ran.failures] == ["strides"]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (
            "rearrange(x, 'b (h p) -> b h p', p=5)",
            Kind.RESHAPE,
            'einops.EinopsError:  Error while processing rearrange-reduction pattern "b (h p) -> b h p". '
            "Input tensor shape: torch.Size([2, 12]). Additional info: {'p': 5}. "
            "Shape mismatch, can't divide axis of length 12 in chunks of 5",
        ),
        ("rearrange(x, 'b (h p) -> b h p', h=2, p=5)", Kind.RESHAPE, "Shape mismatch, 12 != 10"),
        ("rearrange(x, 'b c d -> b')", Kind.ARGUMENT, "Identifiers only on one side of expression"),
        (
            "rearrange(x, 'b c d -> b (c d)')",
            Kind.RANK,
            "Wrong shape: expected 3 dims. Received 2-dim tensor.",
        ),
        ("rearrange(x, 'b (c d) -> b c d')", Kind.ARGUMENT, "Could not infer sizes for {'c', 'd'}"),
        ("rearrange(x, 'b c -> c b', z=2)", Kind.ARGUMENT, "Axis z is not used in transform"),
        ("rearrange(x, 'b (c', z=2)", Kind.ARGUMENT, "ValueError: not enough values to unpack"),
        ("rearrange(x, 'b (c -> b c')", Kind.ARGUMENT, "Imbalanced parentheses in expression"),
        ("rearrange(x, 'b (c d) -> b c d', d=4.0)", Kind.ARGUMENT, "TypeError: reshape(): argument 'shape'"),
        ("repeat(x, 'b c -> b c d')", Kind.ARGUMENT, "Specify sizes for new axes in repeat: {'d'}"),
        ("reduce(x, 'b c -> b', 'median')", Kind.ARGUMENT, "Unknown reduction median"),
        ("reduce(x.long(), 'b c -> b', 'mean')", Kind.ARGUMENT, "reduce_mean is not available"),
        ("rearrange((x, x), 'a b c -> b')", Kind.ARGUMENT, "Tensor type unknown to einops <class 'tuple'>"),
        ("einsum(x, 'b c')", Kind.ARGUMENT, "Einsum pattern must contain '->'."),
        ("einsum(x, x, 'b c, c b -> b')", Kind.FEATURES, "subscript"),
        ("pack([x, x[0]], 'a b *')", Kind.RANK, "packed tensor #1 (enumeration starts with 0) has shape"),
        ("unpack(x, [[5], [6]], 'b *')", Kind.RESHAPE, "could not split axis of size 12 into requested"),
        ("parse_shape(x, 'a b c')", Kind.RANK, "Can't parse shape with different number of dimensions"),
        ("Rearrange('b c -> b')", Kind.ARGUMENT, "Error while preparing Rearrange('b c -> b')"),
        ("Rearrange('b c d -> b (c d)')(x)", Kind.RANK, "KeyError: 2"),
        ("Rearrange('b (c d) -> b c d', d=5)(x)", Kind.RESHAPE, "can't divide axis of length 12"),
        ("EinMix('b c -> b d', 'c d', c=12)", Kind.ARGUMENT, "Dimension d of weight should be specified"),
        ("EinMix('b c -> b d', 'c d', c=11, d=3)(x)", Kind.FEATURES, "einsum()"),
    ],
)
def test_refusals(call: str, kind: Kind, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 12)\ny = {call}")
    assert [failure.fault.kind for failure in ran.failures] == [kind]
    assert words in ran.failures[0].words


def test_the_error_is_caught_by_its_name() -> None:
    ran = run(
        "try:\n    rearrange(torch.zeros(2, 3), 'a -> a')\nexcept EinopsError:\n    y = 1\n"
        "try:\n    rearrange(torch.zeros(2, 3), 'a -> a')\nexcept RuntimeError:\n    z = 2"
    )
    assert (ran.names["y"], ran.names["z"], ran.failures) == (1, 2, [])


def test_unknown_arguments_give_unknown() -> None:
    ran = run(
        "import os\np = os.environ['P']\nx = torch.zeros(2, 12)\n"
        "a = rearrange(x, p)\nb = reduce(x, 'b c -> b', p)\nc = rearrange(p, 'b c -> c b')"
    )
    assert all(isinstance(ran.names[name], Unknown) for name in "abc")
    assert not ran.failures


def test_einmix_has_parameters_and_inner_layers() -> None:
    ran = run(
        "m = EinMix('b (h d) n -> b n h e', weight_shape='h d e', bias_shape='e', h=2, d=6, e=5)\n"
        "y = m(torch.zeros(3, 12, 7))\n"
        "total = sum(p.numel() for p in m.parameters())"
    )
    assert ran.shape("y") == (3, 7, 2, 5)
    assert ran.names["total"] == 2 * 6 * 5 + 5
    assert ran.calls() == ["EinMix", "Rearrange"]


def test_on_a_functional_keras_model() -> None:
    ran = keras.run(
        "from einops import rearrange, repeat\n"
        "from einops.layers.keras import EinMix, Rearrange, Reduce\n"
        "i = Input((32, 32, 3))\n"
        "x = Rearrange('b (h p) (w q) c -> b (h w) (p q c)', p=8, q=8)(i)\n"
        "x = EinMix('b n (h d) -> b n h e', weight_shape='h d e', bias_shape='h e', h=2, d=96, e=5)(x)\n"
        "x = Reduce('b n h e -> b h e', 'mean')(x)\n"
        "model = Model(i, x)\n"
        "y = model(keras.ops.zeros((4, 32, 32, 3)))\n"
        "n = model.count_params()"
    )
    assert ran.words == []
    assert ran.shape("x") == (None, 2, 5)
    assert ran.shape("y") == (4, 2, 5)
    assert ran["n"] == 2 * 96 * 5 + 10
