"""Subscripts of tensors: what basic entries, index tensors and masks give, and what torch refuses."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.values import CONTIGUOUS, Tensor, is_opaque
from tests.libs.torch.program import run

N, H, W = symbol("N"), symbol("H"), symbol("W")


@pytest.mark.parametrize(
    ("index", "shape"),
    [
        ("0, 1", (4,)),
        ("..., 0", (2, 3)),
        ("..., 0, ...", (2, 3)),
        ("None, 0", (1, 3, 4)),
        ("[[0, 1]]", (2, 3, 4)),
        ("[[0, 1]], ", (1, 2, 3, 4)),
        ("[[0, 1], [1, 0]]", (2, 4)),
        ("0, :, [1, 2]", (3, 2)),
        ("[0], :, [1, 2]", (2, 3)),
        ("torch.tensor(0), :, [1, 2]", (3, 2)),
        ("[True, False]", (1, 3, 4)),
        ("True", (1, 2, 3, 4)),
        ("False", (0, 2, 3, 4)),
        ("0, True", (1, 3, 4)),
        ("None, [0, 1], None, [1, 2]", (2, 1, 1, 4)),
        (":, None, [0, 1], None, [1, 2]", (2, 2, 1, 1)),
        ("1:, 0, None, ..., [0]", (1, 1, 1)),
        ("[[0, 1, 0], slice(None), torch.tensor(1)]", (3, 3)),
        (":, [0, 1, 2, 0, 1]", (2, 5, 4)),
        ("-1, ::2, -3:-1", (2, 2)),
        ("torch.zeros(2, 3, dtype=torch.bool)", (0, 4)),
        ("torch.ones(2, 3, dtype=torch.bool), 1", (6,)),
        ("[]", (0, 3, 4)),
        ("range(2)", (2, 3, 4)),
        ("torch.tensor([0, 1], dtype=torch.uint8)", (1, 3, 4)),
        ("0:torch.tensor(1)", (1, 3, 4)),
        ("...", (2, 3, 4)),
    ],
)
def test_shapes(index: str, shape: tuple[int, ...]) -> None:
    ran = run(f"x = torch.zeros(2, 3, 4)\ny = x[{index}]")
    assert ran.raised is None and not ran.failures
    assert ran.shape("y") == shape


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (
            "1.0",
            "IndexError: only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables "
            "are valid",
        ),
        ("::-1", "ValueError: step must be greater than zero"),
        ("0:1.5", "TypeError: slice indices must be integers or None or have an __index__ method"),
        (
            "torch.tensor([0.5])",
            "IndexError: tensors used as indices must be long, int, byte or bool tensors",
        ),
    ],
)
def test_what_raises(index: str, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 3, 4)\ny = x[{index}]")
    assert ran.raised is not None and ran.raised.startswith(words)


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ("5", "IndexError: index 5 is out of bounds for dimension 0 with size 2"),
        ("0, -4", "IndexError: index -4 is out of bounds for dimension 0 with size 3"),
        ("[5]", "IndexError: index 5 is out of bounds for dimension 0 with size 2"),
        ("0, 0, 0, 0", "IndexError: too many indices for tensor of dimension 3"),
        (
            ":, [0, 1], [0, 1, 2]",
            "IndexError: shape mismatch: indexing tensors could not be broadcast together with shapes "
            "[2], [3]",
        ),
        (
            "torch.zeros(3, dtype=torch.bool)",
            "IndexError: The shape of the mask [3] at index 0 does not match the shape of the indexed tensor "
            "[2, 3, 4] at index 0",
        ),
    ],
)
def test_what_does_not_fit(index: str, words: str) -> None:
    ran = run(f"x = torch.zeros(2, 3, 4)\ny = x[{index}]")
    assert [f.words for f in ran.failures] == [words]


def test_an_index_error_that_the_program_catches_is_no_failure() -> None:
    ran = run("x = torch.zeros(2)\ntry:\n    y = x[5]\nexcept IndexError:\n    y = 'caught'")
    assert ran.names["y"] == "caught" and not ran.failures


@pytest.mark.parametrize(
    ("index", "shape"),
    [
        (":, 0", (N, H, W)),
        ("..., 1:", (N, 3, H, W - 1)),
        ("..., ::2, ::2", (N, 3, (H + 1) // 2, (W + 1) // 2)),
        (":, [2, 1, 0]", (N, 3, H, W)),
        ("0, 1, :, None", (H, 1, W)),
        (":, :, :x.shape[2] // 2", (N, 3, H // 2, W)),
        ("..., -1", (N, 3, H)),
    ],
)
def test_symbolic_extents(index: str, shape: tuple[object, ...]) -> None:
    ran = run(f"y = x[{index}]", x=Tensor((N, 3, H, W)))
    assert ran.shape("y") == shape


def test_what_a_mask_selects_is_not_known() -> None:
    ran = run("y = x[x > 0]\nz = x[:, x[0] > 0]", x=Tensor((4, 5)))
    (length,) = ran.shape("y") or ()
    assert is_opaque(length)
    four, columns = ran.shape("z") or ()
    assert four == 4 and is_opaque(columns)


def test_a_crop_by_the_difference_of_two_maps() -> None:
    ran = run(
        "d = (skip.shape[2] - x.shape[2]) // 2\ny = torch.cat([skip[:, :, d:d + x.shape[2]], x], 1)",
        skip=Tensor((N, 8, 24)),
        x=Tensor((N, 4, 10)),
    )
    assert ran.shape("y") == (N, 12, 10) and not ran.failures


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("x[0] = torch.zeros(3, 4)", None),
        ("x[:, 0] = 1.0", None),
        ("x[..., 0] = torch.zeros(1, 1, 2, 3)", None),
        ("x[[0, 1], 0] = torch.zeros(4)", None),
        ("x[False] = torch.zeros(7)", None),
        (
            "x[0] = torch.zeros(2, 4)",
            "RuntimeError: The expanded size of the tensor (3) must match the existing size (2) at "
            "non-singleton dimension 0.  Target sizes: [3, 4].  Tensor sizes: [2, 4]",
        ),
        (
            "x[[0, 1], 0] = torch.zeros(5)",
            "RuntimeError: shape mismatch: value tensor of shape [5] cannot be broadcast to indexing "
            "result of shape "
            "[2, 4]",
        ),
    ],
)
def test_assignment(statement: str, words: str | None) -> None:
    ran = run(f"x = torch.zeros(2, 3, 4)\n{statement}")
    assert [f.words for f in ran.failures] == ([] if words is None else [words])
    assert ran.shape("x") == (2, 3, 4)


def test_basic_entries_give_views_with_their_strides() -> None:
    ran = run("x = torch.zeros(4, 6, 8)\ny = x[1:3, ::2]\nz = x[:, 0]\nw = x[0]\nv = x[:, [0, 1]]")
    assert ran.tensor("y").strides == (48, 16, 1)
    assert ran.tensor("z").strides == (48, 1)
    assert ran.tensor("w").strides is CONTIGUOUS
    assert ran.tensor("v").strides is None


def test_iteration_takes_the_first_axis_apart() -> None:
    ran = run(
        "a, b, c = torch.zeros(3, 4)\nn = len(torch.zeros(3, 4))\nk = [r.shape for r in torch.zeros(2, 5)]"
    )
    assert ran.shape("b") == (4,) and ran.names["n"] == 3 and ran.names["k"] == [(5,), (5,)]
    assert run("n = len(x)", x=Tensor((N, 4))).names["n"] is N
    assert run("for r in torch.tensor(1.0):\n    pass").raised == "TypeError: iteration over a 0-d tensor"
