"""What unknown values do to tensors: no number is kept that may have changed, and no shape is guessed."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.libs import registry
from convlint.libs.torch.free import FREE
from convlint.values import Tensor, Unknown
from tests.libs.torch.program import run

UNKNOWN = "import elsewhere\n"


def test_an_unknown_callee_may_write_into_a_tensor_and_its_views() -> None:
    found = run(UNKNOWN + "x = torch.arange(4)\nv = x.view(2, 2)\nelsewhere.f(x)\n")
    assert found.shape("x") == (4,)
    assert found.tensor("x").data is None and found.tensor("v").data is None


def test_an_unknown_callee_may_replace_the_elements_of_a_list() -> None:
    found = run(UNKNOWN + "xs = [torch.zeros(1), 2]\nelsewhere.f(xs)\ny = xs[1]\n")
    assert isinstance(found.names["y"], Unknown)
    assert all(isinstance(each, Unknown) for each in found.names["xs"])  # type: ignore[attr-defined]


def test_members_of_an_enum_do_not_change() -> None:
    source = "from enum import Enum\nclass E(Enum):\n    A = 3\nelsewhere.f(E.A)\ny = E.A.value\n"
    assert run(UNKNOWN + source).names["y"] == 3


@pytest.mark.parametrize("operator", ["+=", "-=", "*=", "/=", "**=", "//=", "%="])
def test_an_unknown_operand_in_place_keeps_the_shape(operator: str) -> None:
    found = run(UNKNOWN + f"x = torch.ones(2, 3)\ny = x\nx {operator} elsewhere.z\n")
    assert found.shape("x") == (2, 3)
    assert found.names["x"] is found.names["y"]
    assert found.tensor("x").data is None


def test_a_product_in_place_makes_a_new_tensor() -> None:
    found = run(UNKNOWN + "x = torch.ones(2, 3)\nx @= elsewhere.z\n")
    assert isinstance(found.names["x"], Unknown)


@pytest.mark.parametrize(
    "call",
    [
        "x.clamp(0, elsewhere.z)", "x.clamp(min=elsewhere.z, max=1.0)", "x.clamp_(min=elsewhere.z)",
        "x.masked_fill(x > 0, elsewhere.z)", "F.leaky_relu(x, elsewhere.z)", "F.dropout(x, elsewhere.z)",
        "x.add_(elsewhere.z)", "torch.add(x, 1, alpha=elsewhere.z)", "x.fill_(elsewhere.z)",
    ],
)  # fmt: skip
def test_an_unknown_number_keeps_the_shape(call: str) -> None:
    found = run(UNKNOWN + f"x = torch.ones(2, 3)\ny = {call}\n")
    assert found.shape("y") == (2, 3)


@pytest.mark.parametrize("call", ["x.clamp(min=elsewhere.z)", "x + elsewhere.z", "x.clamp(x, elsewhere.z)"])
def test_an_unknown_operand_that_may_be_larger_gives_no_shape(call: str) -> None:
    assert isinstance(run(UNKNOWN + f"x = torch.ones(2, 3)\ny = {call}\n").names["y"], Unknown)


def test_the_size_of_a_shape() -> None:
    n = symbol("n")
    found = run("y = x.shape.numel()\nz = torch.zeros(2, 3).size().numel()\n", x=Tensor((n, 4)))
    assert (found.names["y"], found.names["z"]) == (4 * n, 6)


def test_the_environment_is_a_fresh_one() -> None:
    source = "import os\na = 'X' in os.environ\nos.environ['Y'] = '1'\nb = 'Y' in os.environ\n"
    source += "c, d, e = os.environ.get('X', '3'), os.getenv('X'), os.environ['HOME']\n"
    names = run(source).names
    assert (names["a"], names["b"], names["c"], names["d"]) == (False, True, "3", None)
    assert isinstance(names["e"], Unknown)


def test_equal_symbolic_keys_are_one() -> None:
    n = symbol("n")
    assert run("d = {n: 1, n + 0: 2, 'a': 3}\n", n=n).names["d"] == {n: 2, "a": 3}


def test_how_many_batches_a_loader_has_is_unknown() -> None:
    found = run(
        "from torch.utils.data import DataLoader, TensorDataset\n"
        "count, seen = 0, []\n"
        "for x, in DataLoader(TensorDataset(torch.zeros(9, 3, 8, 8)), 4):\n"
        "    y = nn.Conv2d(3, 8, 3)(x)\n    count += 1\n    seen.append(x)\n"
        "first, = next(iter(DataLoader(TensorDataset(torch.zeros(9, 3, 8, 8)), 4)))\n"
        "after = nn.Linear(len(seen), 3)\n"
    )
    for name in ("x", "y", "count"):
        assert isinstance(found.names[name], Unknown) and "loader" in found.names[name].reason
    first = found.names["first"]
    assert isinstance(first, Tensor) and first.shape == (4, 3, 8, 8) and first.data is None
    assert not found.failures and found.raised is None


@pytest.mark.parametrize(
    ("dataset", "options"),
    [
        ("TensorDataset(torch.zeros(3, 2))", "4"),
        ("TensorDataset(torch.zeros(9, 2))", "4, collate_fn=print"),
        ("TensorDataset(torch.zeros(9, 2))", "batch_sampler=[[0]]"),
        ("list(range(9))", "4"),
    ],
)
def test_batches_that_are_not_followed(dataset: str, options: str) -> None:
    found = run(
        "from torch.utils.data import DataLoader, TensorDataset\n"
        f"for x in DataLoader({dataset}, {options}):\n    y = nn.Linear(7, 3)(x)\n"
    )
    assert isinstance(found.names["x"], Unknown) and not found.failures


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("torch.relu(x, 1, 2, 3)", "relu() takes 1 positional argument but 4 were given"),
        ("x.flatten(1, 2, 3)", "flatten() takes from 0 to 2 positional arguments but 3 were given"),
        ("nn.Linear(4, 2)(x, x)", "Linear.forward() takes 2 positional arguments but 3 were given"),
        ("nn.Sequential()(x, x)", "Sequential.forward() takes 2 positional arguments but 3 were given"),
        ("nn.Linear(4, 2).eval(1)", "Module.eval() takes 1 positional argument but 2 were given"),
        ("F.relu(x, 1, 2, 3)", "relu() takes from 1 to 2 positional arguments but 4 were given"),
        (
            "nn.MultiheadAttention(4, 2)(x)",
            "MultiheadAttention.forward() missing 2 required positional arguments: 'key' and 'value'",
        ),
    ],
)
def test_wrong_numbers_of_arguments_are_told_as_torch_does(call: str, words: str) -> None:
    assert run(f"x = torch.zeros(2, 4)\n{call}\n").raised == f"TypeError: {words}"


LOSSES = [
    ("x.clamp(min=elsewhere.z)", False),
    ("torch.mul(x, elsewhere.z)", False),
    ("torch.matmul(x, elsewhere.z)", True),
    ("nn.Linear(3, 2)(elsewhere.z)", True),
    ("elsewhere.f(x)", True),
]


@pytest.mark.parametrize(("call", "hides"), LOSSES)
def test_only_what_may_multiply_hides_multiply_accumulates(call: str, hides: bool) -> None:
    source = (
        f"class Net(nn.Module):\n    def forward(self, x):\n        y = {call}\n        return x\nNet()(x)\n"
    )
    found = run(UNKNOWN + source, x=Tensor((2, 3)))
    assert bool(found.machine.trace.unknowns) is hides


def test_modules_that_are_declared_free_count_and_call_nothing() -> None:
    from importlib import import_module
    from inspect import getsource

    for name in FREE:
        source = getsource(import_module(f"convlint.libs.torch.{name}"))
        assert "count_macs" not in source and ".call(" not in source, name
    assert registry.lookup("torch.clamp") is not None


def test_different_values_are_counted() -> None:
    source = (
        "a, b, c = torch.unique(torch.tensor([48, 104, 48, 208]), return_inverse=True, return_counts=True)\n"
    )
    found = run(source)
    assert [found.tensor(name).data for name in "abc"] == [(48, 104, 208), (0, 1, 0, 2), (2, 1, 1)]


def test_an_object_whose_constructor_is_not_modelled_is_not_known() -> None:
    """It lacks no attributes: which it has, nothing shows."""
    ran = run("limit = torch.finfo(x.dtype).max\nlow = -limit", x=Tensor((2,), None))
    assert ran.raised is None and isinstance(ran.names["low"], Unknown)


@pytest.mark.parametrize(
    "made",
    [
        *(
            "torch.FloatTensor(u)",
            "torch.Tensor(u)",
            "torch.LongTensor(u)",
            "torch.tensor(u)",
            "torch.as_tensor(u)",
        ),
        *(
            "torch.zeros(u)",
            "torch.randn(u)",
            "torch.empty(u)",
            "torch.full(u, 1.0)",
            "x.new_zeros(u)",
            "x.new(u)",
        ),
        *(
            "x.view(u)",
            "x.reshape(u)",
            "x.expand(u)",
            "x.repeat(u)",
            "x.new_tensor(u)",
            "torch.from_numpy(u)",
        ),
        *("torch.stack(u)", "torch.cat(u)", "torch.randint(0, 3, u)", "torch.rand(size=u)"),
    ],
)
def test_what_is_made_of_something_unknown_has_no_known_rank(made: str) -> None:
    value = run(f"y = {made}", x=Tensor((2, 3)), u=Unknown("a test")).names["y"]
    assert not isinstance(value, Tensor) or value.shape is None
