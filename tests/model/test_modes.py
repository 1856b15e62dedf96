"""The training run is left out only where it shows nothing, and leaves the evaluation's records alone."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest

from convlint.dims import symbol
from convlint.interp.taints import Taints
from convlint.model import modes, roots
from convlint.model.files import analyse_tree, parse_text
from convlint.model.modes import likeness
from convlint.trace import Called
from convlint.values import Class, Instance, Tensor, Unknown, Value

MODEL = """
import torch
import unheard
from torch import nn
from torch.nn import functional as F

class Held:
    def __init__(self, x):
        self.x = x

class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.drop = nn.Dropout()
        self.seen = {{"a": []}}

    def forward(self, x):
{part}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.part = Part()

    def forward(self, x):
        x = self.stem(x)
{whole}
        return x

def net():
    return Net()
"""
DEEP = "return F.dropout(self.conv(x), training=self.training)"
CALL = "x = self.part(x)"


def shown(part: str, whole: str) -> dict[bool, list[tuple[object, ...]]]:
    """By the mode: the output, the failures and the calls of each way through."""
    text = MODEL.format(part=textwrap.indent(part, " " * 8), whole=textwrap.indent(whole, " " * 8))
    found: dict[bool, list[tuple[object, ...]]] = {False: [], True: []}
    for run in analyse_tree(parse_text(text, "net.py"), "net.py").runs:
        if run.name == "net()":
            found[run.training] += [
                (
                    str(o.value),
                    [failure.words for failure in o.trace.failures],
                    [(c.module.cls.name, str(c.inputs), str(c.output)) for c in o.trace.calls],
                )
                for o in run.outcomes
            ]
    return found


@pytest.mark.parametrize(
    ("part", "whole", "left_out"),
    [
        (DEEP, CALL, True),
        (f"if self.training:\n    F.pad(x, (0, 1))\n{DEEP}", CALL, True),
        (f"y = self.conv(x)\ny.view(-1)\n{DEEP}", CALL, True),
        (f"y = unheard.of(x)\n{DEEP}", CALL, True),
        (f"if unheard.asks(1):\n    x = F.relu(x)\n{DEEP}", CALL, True),
        (f"if self.training and unheard.asks(1):\n    x = F.relu(x)\n{DEEP}", CALL, False),
        (f"y = unheard.of(x) if self.training else x\n{DEEP}", CALL, False),
        ("x = self.drop(x)\nreturn unheard.of(x) if self.training else unheard.of(x)", CALL, False),
        (f"if self.training:\n    self.conv(x)\n{DEEP}", CALL, False),
        (f"if self.training:\n    F.conv2d(x, torch.zeros(4, 9, 3, 3))\n{DEEP}", CALL, False),
        (f"if self.training:\n    self.seen.get('a').append(x)\n{DEEP}", CALL, False),
        ("x = self.drop(x)\nif self.training:\n    x.half()\n    return x.half()\nreturn x", CALL, False),
        ("x.append(x[0]) if self.training else None\nreturn x[0]", "y = [x]\nself.part(y)\nx = y[-1]", False),
        (
            "if self.training:\n    x['x'] = F.pad(x['x'], (0, 1))\nreturn x['x']",
            "y = {'x': x}\nself.part(y)\nx = y['x']",
            False,
        ),
        ("if self.training:\n    x.resize_(1, 8, 20, 20)\nreturn x", "self.part(x)", False),
        (
            "if self.training:\n    x.unsqueeze_(0)\nreturn 1",
            "self.part(x)\nx = F.pad(x, (0, x.dim()))",
            False,
        ),
        (
            "if self.training:\n    x.x.resize_(1, 8, 9, 9)\nreturn 1",
            "y = Held(x)\nself.part(y)\nx = y.x",
            False,
        ),
    ],
)
def test_training_is_left_out_where_it_shows_nothing(
    part: str, whole: str, left_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = shown(part, whole)
    assert bool(short[True]) is not left_out
    monkeypatch.setattr(roots, "alike", lambda *_: False)
    monkeypatch.setattr("convlint.model.standing.Standing.serves", lambda *_, **__: False)
    full = shown(part, whole)
    assert short[False] == full[False]
    one_way = len(full[True])  # training goes one way where that does not fail
    assert (full[False][:one_way] if left_out else short[True]) == full[True]


INEXACT = "y = torch.log(torch.tensor([1.5, 2.5]))\nreturn (x + 1 if self.training else x), y"


def test_numbers_known_up_to_rounding_are_compared_by_what_is_known_of_them() -> None:
    found = shown(INEXACT, "x, _ = self.part(x)")
    assert found[False] and not found[True]


BLOCKS = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, width, rate, more=()):
        super().__init__()
        self.conv = nn.Conv2d(8, width, 1)
        self.rate, self.more = rate, more

    def forward(self, x):
        if self.training and self.rate:
            x = x * torch.rand(1)
        x = self.conv(x)
        for layer in self.more:
            x = layer(x) if self.training else x
        return x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential({blocks})

    def forward(self, x):
        return self.blocks(x)

def net():
    return Net()
"""


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The modules that were called in training by themselves."""
    calls: list[object] = []
    repeats = modes._Training._repeats

    def counted(self: modes._Training, there: Sequence[Called]) -> bool:
        calls.append(there[0].module)
        return repeats(self, there)

    monkeypatch.setattr(modes._Training, "_repeats", counted)
    return calls


@pytest.mark.parametrize(
    ("blocks", "made", "left_out"),
    [
        ("*[Block(8, 0.1) for _ in range(5)]", 5, True),
        ("Block(8, 0.1), Block(8, 0.1), Block(8, 0.1, [nn.Conv2d(8, 8, 1)])", 3, False),
    ],
)
def test_each_module_of_the_program_is_called_in_training(
    blocks: str, made: int, left_out: bool, repeated: list[object]
) -> None:
    runs = analyse_tree(parse_text(BLOCKS.format(blocks=blocks), "net.py"), "net.py").runs
    assert len(repeated) == made
    assert any(run.training for run in runs if run.name == "net()") is not left_out


OWN = """
import torch
from torch import nn

class Block(nn.Module):
    last = None
    every = []

    def __init__(self, some):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 1)
        self.narrow = nn.Conv2d(8, 4, 1)
        self.some = some
        Block.last = self
        Block.every.append(self)

    def forward(self, x):
        x = self.conv(x)
        return self.narrow(x) if self.training and {asks} else x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        some = set()
        self.blocks = nn.Sequential(*[Block(some) for _ in range(3)])
        some.add(self.blocks[-1])
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        return self.head(self.blocks(x))

def net():
    return Net()
"""


@pytest.mark.parametrize(
    "asks",
    [
        "self is Block.last",
        "self in self.some",
        "Block.every.index(self) % 3 == 2",
        "{b: i for i, b in enumerate(Block.every)}[self] % 3 == 2",
        "id(self) == id(Block.last)",
    ],
)
def test_a_module_of_the_program_may_ask_which_one_it_is(asks: str) -> None:
    runs = analyse_tree(parse_text(OWN.replace("{asks}", asks), "net.py"), "net.py").runs
    (trained,) = (run for run in runs if run.name == "net()" and run.training)
    assert [failure.fault.kind.name for failure in trained.outcomes[0].trace.failures] == ["CHANNELS"]


HOOKED = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(4, 8)
        self.a = nn.MultiheadAttention(8, 2, 0.1)
        self.b = nn.MultiheadAttention(8, 2, 0.1)
        self.c = nn.MultiheadAttention(8, 2, 0.1)
        names = {module: name for name, module in self.named_modules()}

        def hook(module, given, output):
            assert not (module.training and names[module] == "b")

        {hooks}
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        x = self.stem(x)
        seen = [layer(x, x, x)[0] for layer in (self.a, self.b, self.c)]
        return self.head(torch.stack(seen).mean(0))

def net():
    return Net()
"""


@pytest.mark.parametrize(
    ("hooks", "made", "left_out"),
    [
        ("pass", 1, True),
        ("self.b.extra = Net", 2, True),
        ("self.a.register_forward_hook(hook); self.b.register_forward_hook(hook)", 2, False),
        ("nn.modules.module.register_module_forward_hook(hook)", 0, False),
        ("self.c.forward = self.c.forward", 2, True),
        ("nn.Linear.extra_repr = lambda self: ''", 3, True),
    ],
)
def test_of_a_library_s_layers_that_hold_the_same_one_is_called_in_training(
    hooks: str, made: int, left_out: bool, repeated: list[object]
) -> None:
    text = HOOKED.replace("{hooks}", hooks)
    runs = analyse_tree(parse_text(text, "net.py"), "net.py").runs
    assert len(repeated) == made
    assert any(run.training for run in runs if run.name == "net()") is not left_out


CLASS = Class("net.Part")


def part(**attrs: Value) -> Instance:
    made = Instance(CLASS)
    made.attrs = attrs
    return made


SHARED = [1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (part(a=1), part(a=1), True),
        (part(a=1), part(a=1.0), False),
        (part(a=1), part(b=1), False),
        (part(a=[1, 2]), part(a=(1, 2)), False),
        (part(a=[1], b=[2]), part(a=[1, 2], b=[]), False),
        (part(a=SHARED, b=SHARED), part(a=[1], b=[1]), False),
        (part(a=SHARED, b=SHARED), part(a=SHARED, b=SHARED), True),
        (part(a={"x": ("y",)}), part(a={"x": ("y",)}), True),
        (part(a={"y"}), part(a={"y"}), True),
        (part(a=CLASS), part(a=CLASS), False),
        (part(a={1: None}), part(a={True: None}), False),
        (Tensor((symbol("N"), 3)), Tensor((symbol("N"), 3)), True),
        (Tensor((symbol("N"), 3)), Tensor((symbol("N"), 3), "int64"), False),
        (Tensor((2,), data=(1, 2)), Tensor((2,), data=(1, 2)), True),
        (Tensor((2,), data=(1, 2)), Tensor((2,), data=(1, 3)), False),
        (Unknown("why"), Unknown("why"), False),
    ],
)
def test_what_can_be_told_apart_is_not_alike(one: Value, other: Value, same: bool) -> None:
    found = likeness([one], Taints())
    assert (found is not None and found == likeness([other], Taints())) is same


def test_what_holds_itself_has_an_end() -> None:
    one: list[Value] = []
    one.append(one)
    assert likeness([one], Taints()) is not None


def test_nothing_is_said_of_what_is_uncertain() -> None:
    taints, held = Taints(), [1]
    taints.taint(held, Unknown("why"))
    assert likeness([part(a=held)], taints) is None
