"""A layer built as one before is its equal in everything, and shares nothing with it."""

from __future__ import annotations

import textwrap

import pytest

from convlint.values import Instance, Tensor
from tests.libs.torch.program import Run, run

TWICE = """
first = {one}
second = {other}
"""


def content(layer: Instance) -> dict[str, object]:
    """Every attribute; tensors as what can be told of them."""
    return {name: _told(value) for name, value in layer.attrs.items()}


def program(text: str) -> Run:
    return run(textwrap.dedent(text))


def _told(value: object) -> object:
    if isinstance(value, Tensor):
        return value.shape, value.dtype, value.trainable, value.data, value.kind
    if isinstance(value, dict):
        return {key: _told(each) for key, each in value.items()}
    return type(value), value


@pytest.mark.parametrize(
    "layer",
    [
        "nn.Conv2d(16, 32, 3, padding=1, bias=False)",
        "nn.Conv2d(16, 32, (3, 5), padding='same', padding_mode='reflect')",
        "nn.ConvTranspose1d(16, 32, 4, 2, output_padding=1)",
        "nn.BatchNorm2d(8, momentum=None)",
        "nn.BatchNorm2d(8, track_running_stats=False)",
        "nn.LayerNorm((4, 4), elementwise_affine=False)",
        "nn.Linear(8, 4)",
        "nn.Embedding(10, 4, padding_idx=-1)",
        "nn.PReLU(4)",
        "nn.LSTM(8, 4, 2, bidirectional=True)",
        "nn.ReLU(inplace=True)",
    ],
)
def test_the_second_is_the_first_ones_equal(layer):
    result = run(TWICE.format(one=layer, other=layer))
    first, second = result.module("first"), result.module("second")
    assert content(first) == content(second)
    assert list(first.attrs) == list(second.attrs)
    assert first.arguments == second.arguments
    assert [built.layer for built in result.machine.trace.built] == [first, second]
    shared = {id(v) for v in first.attrs.values() if isinstance(v, (list, dict, set, Tensor))}
    assert shared.isdisjoint(map(id, second.attrs.values()))
    for store in ("_parameters", "_buffers"):
        for name, tensor in first.attrs[store].items():
            assert tensor is None or second.attrs[store][name] is not tensor


@pytest.mark.parametrize(
    ("one", "other", "name", "values"),
    [
        (
            "nn.KLDivLoss(reduce=False, reduction='mean')",
            "nn.KLDivLoss(size_average=False, reduction='mean')",
            "reduction",
            ("none", "sum"),
        ),
        ("nn.Dropout(0)", "nn.Dropout(0.0)", "p", (0, 0.0)),
        ("nn.Softmax(1)", "nn.Softmax(True)", "dim", (1, True)),
        ("nn.LeakyReLU(negative_slope=1)", "nn.LeakyReLU(inplace=1)", "negative_slope", (1, 0.01)),
    ],
)
def test_arguments_that_python_finds_equal_are_told_apart(one, other, name, values):
    result = run(TWICE.format(one=one, other=other))
    found = tuple(result.module(each).attrs[name] for each in ("first", "second"))
    assert [(type(v), v) for v in found] == [(type(v), v) for v in values]


def test_what_the_state_says_counts():
    result = program(
        """
        first = nn.Linear(2, 2)
        torch.set_default_dtype(torch.float64)
        second = nn.Linear(2, 2)
        """
    )
    dtypes = [result.module(each).attrs["_parameters"]["weight"].dtype for each in ("first", "second")]
    assert dtypes == ["float32", "float64"]


def test_what_is_changed_later_stays_with_its_layer():
    result = program(
        """
        first = nn.BatchNorm2d(4)
        second = nn.BatchNorm2d(4)
        second.weight = None
        second.running_mean = torch.zeros(9)
        del second.bias
        second.extra = nn.Parameter(torch.zeros(3))
        third = nn.BatchNorm2d(4)
        """
    )
    assert content(result.module("third")) == content(result.module("first"))


def test_every_layer_that_is_refused_is_reported():
    result = program(
        """
        first = nn.Conv2d(6, 8, 3, groups=4)
        second = nn.Conv2d(6, 8, 3, groups=4)
        """
    )
    assert [failure.words for failure in result.failures] == [
        "ValueError: in_channels must be divisible by groups"
    ] * 2


def test_a_class_of_the_program_runs_its_own_code():
    result = program(
        """
        class Halved(nn.Linear):
            def reset_parameters(self):
                self.weight = nn.Parameter(torch.zeros(1, 1))

        first = nn.Linear(2, 2)
        second = Halved(2, 2)
        third = Halved(2, 2)
        """
    )
    for name in ("second", "third"):
        assert result.module(name).attrs["_parameters"]["weight"].shape == (1, 1)
