"""Tensors as a program meets them: operators, properties, in-place changes, and faults in torch's words."""

from __future__ import annotations

import pytest

from convlint.dims import Equal, symbol
from convlint.shapes.fault import Kind
from convlint.values import CONTIGUOUS, Tensor, Unknown, is_opaque
from tests.libs.torch.program import run

N, C, H, W = (symbol(name) for name in "NCHW")


@pytest.mark.parametrize(
    ("expression", "shape", "dtype"),
    [
        ("x + 1", (2, 3), "float32"),
        ("2 ** x", (2, 3), "float32"),
        ("x / i", (2, 3), "float32"),
        ("i / 2", (3,), "float32"),
        ("i // 2", (3,), "int64"),
        ("i * 0.5", (3,), "float32"),
        ("x > i", (2, 3), "bool"),
        ("1 - x", (2, 3), "float32"),
        ("-x", (2, 3), "float32"),
        ("~(x > 0)", (2, 3), "bool"),
        ("(x > 0) & (x < 1)", (2, 3), "bool"),
        ("i << 1", (3,), "int64"),
        ("x @ x.T", (2, 2), "float32"),
        ("x @ i.float()", (2,), "float32"),
        ("x.double() + x", (2, 3), "float64"),
        ("x.half() + torch.tensor(1.0)", (2, 3), "float16"),
        ("i + torch.tensor(1.0)", (3,), "float32"),
        ("x.sum()", (), "float32"),
        ("(i > 0).sum()", (), "int64"),
        ("x.mean(axis=-1, keepdims=True)", (2, 1), "float32"),
        ("x.max(1).values", (2,), "float32"),
        ("x.max(1)[1]", (2,), "int64"),
        ("torch.max(x, i.float())", (2, 3), "float32"),
        ("torch.where(x > 0, x, 0.0)", (2, 3), "float32"),
        ("x.clamp(min=0)", (2, 3), "float32"),
        ("torch.cat([x, x], axis=1)", (2, 6), "float32"),
        ("x.T", (3, 2), "float32"),
        ("x[None].mT", (1, 3, 2), "float32"),
        ("x.type(torch.LongTensor)", (2, 3), "int64"),
        ("x.to(i)", (2, 3), "int64"),
        ("x.view(torch.int32)", (2, 3), "int32"),
        ("torch.view_as_real(torch.fft.rfft(x))", (2, 2, 2), "float32"),
    ],
)
def test_expressions(expression: str, shape: tuple[int, ...], dtype: str) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ni = torch.ones(3, dtype=torch.long)\ny = {expression}")
    assert ran.raised is None and not ran.failures
    assert ran.shape("y") == shape and ran.tensor("y").dtype == dtype


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x.shape", (2, 3)),
        ("x.size(-1)", 3),
        ("x.dim() + x.ndim", 4),
        ("x.numel()", 6),
        ("x.nbytes", 24),
        ("x.stride()", (3, 1)),
        ("x.T.stride(1)", 3),
        ("x.T.is_contiguous()", False),
        ("x.is_cuda", False),
        ("x.device.type", "cpu"),
        ("x.dtype == torch.float32", True),
        ("x.dtype.is_floating_point", True),
        ("torch.is_tensor(x) and isinstance(x, torch.Tensor)", True),
        ("x == None", False),
        ("torch.tensor([[1, 2], [3, 4]]).tolist()", [[1, 2], [3, 4]]),
        ("torch.arange(3).sum().item()", 3),
        ("bool(torch.tensor(0))", False),
        ("3 in torch.arange(5)", True),
        ("x.requires_grad", False),
        ("x.type()", "torch.FloatTensor"),
    ],
)
def test_answers(expression: str, value: object) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ny = {expression}")
    assert ran.raised is None and ran.names["y"] == value


@pytest.mark.parametrize(
    ("expression", "kind", "words"),
    [
        (
            "x + torch.zeros(2, 4)",
            Kind.JOIN,
            "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
        ),
        ("x.view(4, 2)", Kind.RESHAPE, "shape '[4, 2]' is invalid for input of size 6"),
        (
            "x.T.view(6)",
            Kind.RESHAPE,
            "view size is not compatible with input tensor's size and stride (at least one dimension "
            "spans across two "
            "contiguous subspaces). Use .reshape(...) instead.",
        ),
        (
            "x @ torch.zeros(4, 5)",
            Kind.FEATURES,
            "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)",
        ),
        (
            "torch.bmm(x[None], torch.zeros(1, 4, 5))",
            Kind.FEATURES,
            "Expected size for first two dimensions of batch2 tensor to be: [1, 3] but got: [1, 4].",
        ),
        (
            "torch.cat([x, torch.zeros(3, 4)], 1)",
            Kind.CONCAT,
            "Sizes of tensors must match except in dimension 1. Expected size 2 but got size 3 for tensor "
            "number 1 in the list.",
        ),
        ("torch.cat([x, x[0]])", Kind.RANK, "Tensors must have same number of dimensions: got 2 and 1"),
        (
            "torch.stack([x, x.T])",
            Kind.CONCAT,
            "stack expects each tensor to be equal size, but got [2, 3] at entry 0 and [3, 2] at entry 1",
        ),
        (
            "x.split([1, 1], 1)",
            Kind.RESHAPE,
            "split_with_sizes expects split_sizes to sum exactly to 3 (input tensor's size at dimension "
            "1), but got split_sizes=[1, 1]",
        ),
        (
            "x.expand(4, 3)",
            Kind.JOIN,
            "The expanded size of the tensor (4) must match the existing size (2) at non-singleton "
            "dimension 0.  Target "
            "sizes: [4, 3].  Tensor sizes: [2, 3]",
        ),
        (
            "torch.einsum('ij,jk->ik', x, torch.zeros(4, 5))",
            Kind.FEATURES,
            "einsum(): subscript j has size 4 for operand 1 which does not broadcast with previously seen "
            "size 3",
        ),
        (
            "x.permute(0, 2, 1)",
            Kind.RANK,
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
            "the desired ordering of dimensions i.e. input.dim() = 2 is not equal to len(dims) = 3",
        ),
        ("x.topk(5)", Kind.OTHER, "selected index k out of range"),
    ],
)
def test_faults_quote_torch(expression: str, kind: Kind, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ny = {expression}")
    assert [(f.fault.kind, f.words) for f in ran.failures] == [(kind, f"RuntimeError: {words}")]


def test_an_axis_out_of_range() -> None:
    ran = run("y = torch.zeros(2, 3).sum(2)")
    assert [f.words for f in ran.failures] == [
        "IndexError: Dimension out of range (expected to be in range of [-2, 1], but got 2)"
    ]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("x + [1]", "TypeError: unsupported operand type(s) for +: 'Tensor' and 'list'"),
        ("x < None", "TypeError: '<' not supported between instances of 'Tensor' and 'NoneType'"),
        ("x @ 2", "TypeError: unsupported operand type(s) for @: 'Tensor' and 'int'"),
        ("bool(x)", "RuntimeError: Boolean value of Tensor with more than one value is ambiguous"),
        ("len(x.sum())", "TypeError: len() of a 0-d tensor"),
        ("~x", "TypeError: ~ (operator.invert) is only implemented on integer and Boolean-type tensors"),
    ],
)
def test_what_raises(expression: str, words: str) -> None:
    assert run(f"x = torch.zeros(2, 3)\ny = {expression}").raised == words


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("x.item()", "RuntimeError: a Tensor with 6 elements cannot be converted to Scalar"),
        ("x[torch.tensor([0, 2])]", "IndexError: index 2 is out of bounds for dimension 0 with size 2"),
        ("x[:, torch.tensor(-4)]", "IndexError: index -4 is out of bounds for dimension 1 with size 3"),
    ],
)
def test_what_is_refused(expression: str, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 3)\ny = {expression}")
    assert [failure.words for failure in ran.failures] == [words]


def test_after_a_failed_join_only_the_axis_in_question_is_unknown() -> None:
    ran = run("y = torch.zeros(2, 8, 7) + torch.zeros(2, 8, 6)")
    two, eight, odd = ran.shape("y") or ()
    assert (two, eight) == (2, 8) and is_opaque(odd)


def test_in_place_operators_change_the_tensor_itself() -> None:
    ran = run("x = torch.zeros(2, 3)\ny = x\nx += 1\nx.unsqueeze_(0)\nsame = x is y")
    assert ran.names["same"] is True and ran.shape("y") == (1, 2, 3)
    ran = run("x = torch.zeros(3, 1)\nx += torch.zeros(3, 4)")
    assert [f.words for f in ran.failures] == [
        "RuntimeError: output with shape [3, 1] doesn't match the broadcast shape [3, 4]"
    ]
    assert ran.shape("x") == (3, 1)


def test_in_place_with_something_unknown_keeps_the_shape() -> None:
    ran = run("x += unknown", x=Tensor((2, 3)), unknown=Tensor(None))
    assert ran.shape("x") == (2, 3)


def test_a_residual_join_of_symbols_is_required_of_the_path() -> None:
    ran = run("y = x + nn.functional.interpolate(x[..., ::2], scale_factor=2)", x=Tensor((N, C, H)))
    questions = [r.requirement.question for r in ran.machine.trace.required]
    assert Equal(H, 2 * ((H + 1) // 2)) in questions


def test_strides_follow_the_axes() -> None:
    ran = run(
        "x = torch.zeros(2, 3, 4)\na = x.permute(2, 0, 1)\nb = a.contiguous()\nc = x.expand(5, 2, 3, 4)\n"
        "d = x.transpose(1, 2)\ne = d + 1\nf = d.reshape(2, 12)\ng = "
        "x.to(memory_format=torch.preserve_format)"
    )
    assert ran.tensor("a").strides == (1, 12, 4)
    assert ran.tensor("b").strides is CONTIGUOUS and ran.tensor("g").strides is CONTIGUOUS
    assert ran.tensor("c").strides == (0, 12, 4, 1)
    assert ran.tensor("e").strides == (12, 1, 4)
    assert ran.tensor("f").strides is CONTIGUOUS


def test_channels_last_is_a_layout_not_a_shape() -> None:
    ran = run("x = torch.zeros(2, 3, 4, 5).to(memory_format=torch.channels_last)\ny = x.view(2, -1)")
    assert ran.tensor("x").shape == (2, 3, 4, 5) and ran.tensor("x").strides == (60, 1, 15, 3)
    assert [f.fault.detail for f in ran.failures] == ["strides"]


def test_products_count_multiply_accumulates() -> None:
    assert run("torch.zeros(5, 2, 3) @ torch.zeros(3, 4)").macs == 5 * 2 * 3 * 4
    assert run("torch.einsum('bhid,bhjd->bhij', x, x)", x=Tensor((2, 8, 10, 16))).macs == 2 * 8 * 10 * 10 * 16
    assert run("torch.addmm(torch.zeros(4), torch.zeros(2, 3), torch.zeros(3, 4))").macs == 24
    assert run("torch.zeros(3) * torch.zeros(3)").macs == 0
    assert isinstance(run("torch.einsum('ij,jk,kl->il', x, x, x)", x=Tensor((2, 2))).macs, Unknown)


def test_a_concatenation_knows_what_its_neighbours_say() -> None:
    ran = run(
        "y = torch.cat([x, unknown_function(x)], 1)", x=Tensor((N, 8, 4)), unknown_function=Unknown("a test")
    )
    batch, channels, width = ran.shape("y") or ()
    assert (batch, width) == (N, 4) and is_opaque(channels)


def test_out_takes_the_result() -> None:
    ran = run("o = torch.empty(0)\ny = torch.add(torch.ones(3), 1, out=o)\nsame = o is y\nv = o.tolist()")
    assert ran.names["same"] is True and ran.names["v"] == [2.0, 2.0, 2.0]
