"""The fixes of wiring rules: what the text is afterwards, and that nothing is left to find in it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from convlint.config import Settings
from convlint.lint.engine import check_source
from convlint.lint.finding import Applicability, Finding, Location

HEADER = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"


def findings(text: str, code: str) -> list[Finding]:
    return [each for each in check_source(text, "net.py", Settings()).findings if each.code == code]


def fixed(body: str, code: str) -> tuple[Finding, str]:
    """The only finding of a rule, and the text with its fix applied."""
    text = HEADER + dedent(body)
    (finding,) = findings(text, code)
    assert finding.fix is not None
    lines = text.splitlines(keepends=True)

    def offset(place: Location) -> int:
        return sum(map(len, lines[: place.row - 1])) + place.column - 1

    for edit in sorted(finding.fix.edits, key=lambda e: e.location, reverse=True):
        text = text[: offset(edit.location)] + edit.content + text[offset(edit.end_location) :]
    compile(text, "net.py", "exec")
    assert not findings(text, code)
    return finding, text.removeprefix(HEADER)


def net(constructor: str, forward: str = "return x") -> str:
    indent = " " * 8
    body = "\n".join(indent + line for line in constructor.split("\n"))
    rest = "\n".join(indent + line for line in forward.split("\n"))
    return f"class Net(nn.Module):\n    def __init__(self):\n{body}\n\n    def forward(self, x):\n{rest}\n"


@pytest.mark.parametrize(
    ("value", "better"),
    [
        ("[nn.Linear(8, 8), nn.Linear(8, 8)]", "nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8)])"),
        ("[nn.Linear(8, 8) for _ in 'ab']", "nn.ModuleList([nn.Linear(8, 8) for _ in 'ab'])"),
        ("(nn.Linear(8, 8), nn.ReLU())", "nn.ModuleList((nn.Linear(8, 8), nn.ReLU()))"),
        ("{'a': nn.Linear(8, 8), 'b': nn.ReLU()}", "nn.ModuleDict({'a': nn.Linear(8, 8), 'b': nn.ReLU()})"),
    ],
)
def test_container_is_wrapped(value: str, better: str) -> None:
    finding, text = fixed(net(f"super().__init__()\nself.layers = {value}"), "CL501")
    assert finding.fix is not None and finding.fix.applicability is Applicability.UNSAFE
    assert text == net(f"super().__init__()\nself.layers = {better}")


@pytest.mark.parametrize(
    "value",
    [
        "[[nn.Linear(8, 8)], [nn.ReLU()]]",
        "[nn.Linear(8, 8), None]",
        "{1: nn.Linear(8, 8), 2: nn.ReLU()}",
        "{'a.b': nn.Linear(8, 8)}",
        "{'type': nn.Linear(8, 8)}",
        "list((nn.Linear(8, 8), nn.ReLU()))",
    ],
)
def test_container_that_no_module_holds_is_left(value: str) -> None:
    (finding,) = findings(HEADER + net(f"super().__init__()\nself.layers = {value}"), "CL501")
    assert finding.fix is None


def test_constructor_of_the_base_is_added() -> None:
    finding, text = fixed(net("self.fc = nn.Linear(8, 8)", "return self.fc(x)"), "CL505")
    assert finding.fix is not None and finding.fix.applicability is Applicability.SAFE
    assert text == net("super().__init__()\nself.fc = nn.Linear(8, 8)", "return self.fc(x)")


def test_constructor_of_the_base_moves_behind_the_docstring() -> None:
    before = '"""Words."""\nself.fc = nn.Linear(8, 8)\nsuper(Net, self).__init__()'
    _, text = fixed(net(before, "return self.fc(x)"), "CL505")
    assert text == net(
        '"""Words."""\nsuper(Net, self).__init__()\nself.fc = nn.Linear(8, 8)', "return self.fc(x)"
    )


@pytest.mark.parametrize(
    "constructor",
    [
        "self.fc = nn.Linear(8, 8)\nsuper().__init__(8)",
        "self.fc = nn.Linear(8, 8)\nif self.fc:\n    super().__init__()",
        "self.fc = nn.Linear(8, 8); super().__init__()",
    ],
)
def test_constructor_that_cannot_simply_move_stays(constructor: str) -> None:
    (finding,) = findings(HEADER + net(constructor, "return self.fc(x)"), "CL505")
    assert finding.fix is None


def test_misspelt_constructor_is_renamed() -> None:
    before = net("super().__init__()\nself.fc = nn.Linear(8, 8)", "return self.fc(x)")
    _, text = fixed(
        before.replace("__init__(self)", "_init_(self)") + "\n\nNet()(torch.zeros(1, 8))\n", "CL505"
    )
    assert text == before + "\n\nNet()(torch.zeros(1, 8))\n"


@pytest.mark.parametrize(
    ("statement", "better"),
    [
        ("x.view(-1, 8)", "x = x.view(-1, 8)"),
        ("x.squeeze()", "x = x.squeeze()"),
        ("F.relu(x)", "x = F.relu(x)"),
        ("torch.reshape(x, (-1, 8))", "x = torch.reshape(x, (-1, 8))"),
    ],
)
def test_discarded_result_is_bound(statement: str, better: str) -> None:
    constructor = "super().__init__()\nself.fc = nn.Conv2d(3, 8, 1)"
    finding, text = fixed(net(constructor, f"x = self.fc(x)\n{statement}\nreturn x"), "CL507")
    assert finding.fix is not None and finding.fix.applicability is Applicability.UNSAFE
    assert text == net(constructor, f"x = self.fc(x)\n{better}\nreturn x")


def test_discarded_result_of_no_name_has_no_fix() -> None:
    constructor = "super().__init__()\nself.fc = nn.Conv2d(3, 8, 1)"
    (finding,) = findings(HEADER + net(constructor, "F.relu(self.fc(x))\nreturn x"), "CL507")
    assert finding.fix is None
