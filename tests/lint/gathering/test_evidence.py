"""When a failure is an error: on every way through the code, for every input and argument that it admits."""

from __future__ import annotations

import textwrap

import convlint

HEAD = "import sys\nimport torch\nfrom torch import nn\n\n\n"
GOOD, BAD = "nn.Conv2d(8, 4, 1)", "nn.Conv2d(9, 4, 1)"


def errors(body: str) -> list[str]:
    found = convlint.check_source(HEAD + body)
    return [finding.code for finding in found if finding.severity == "error"]


def net(last: str, before: str = "", signature: str = "self", inside: str = "") -> str:
    return (
        f"class Net(nn.Module):\n    def __init__({signature}):\n        super().__init__()\n"
        f"        self.a = nn.Conv2d(3, 8, 1)\n        {before or 'pass'}\n        self.b = {last}\n\n"
        f"    def forward(self, x):\n        x = self.a(x)\n"
        f"        {inside or 'pass'}\n        return self.b(x)\n\n\n"
    )


def test_a_class_that_nobody_builds() -> None:
    assert errors(net(BAD)) == ["CL102"]
    assert errors(net(GOOD)) == []


def test_a_default_proves_nothing() -> None:
    assert errors(net("nn.Conv2d(width, 4, 1)", signature="self, width=9")) == []
    assert errors(
        net("nn.Conv2d(width, 4, 1)", signature="self, width=9") + "Net()(torch.zeros(1, 3, 8, 8))\n"
    ) == ["CL102"]


def test_a_flag_must_not_help() -> None:
    either = "width = 8 if flag else 9"
    assert errors(net("nn.Conv2d(width, 4, 1)", either, "self, flag")) == []
    neither = "width = 7 if flag else 9"
    assert errors(net("nn.Conv2d(width, 4, 1)", neither, "self, flag")) == ["CL102"]


def test_a_word_may_be_any() -> None:
    kinds = "width = 9\n        if kind == 'wide':\n            width = 8"
    assert errors(net("nn.Conv2d(width, 4, 1)", kinds, "self, kind")) == []
    assert errors(net("nn.Conv2d(width, 4, 1)", kinds, "self, kind='narrow'")) == []


def test_what_the_program_forbids_is_no_way_through() -> None:
    guard = "if x.shape[1] == 8:\n            raise ValueError('no')"
    assert errors(net(BAD, inside=guard)) == []
    odd = "if x.shape[2] % 2 == 0:\n            raise ValueError('even')"
    assert errors(net(BAD, inside=odd)) == ["CL102"]


def test_a_caught_failure_is_none() -> None:
    body = net(BAD) + (
        "x = torch.zeros(1, 3, 8, 8)\ntry:\n    Net()(x)\nexcept RuntimeError:\n    print('as expected')\n"
    )
    assert errors(body) == []


def test_unknown_values_touch_nothing() -> None:
    assert errors("from nowhere import width\n\n\n" + net("nn.Conv2d(width, 4, 1)")) == []
    assert errors("from nowhere import wrap\n\n\n" + net(f"wrap({BAD})")) == []


def test_an_unknown_choice_in_a_program() -> None:
    body = (
        f"a = nn.Conv2d(3, 8, 1)\nif len(sys.argv) > 1:\n    b = {GOOD}\nelse:\n    b = {BAD}\n"
        "b(a(torch.zeros(1, 3, 8, 8)))\n"
    )
    assert errors(body) == []


def test_a_choice_that_changes_nothing() -> None:
    body = net(BAD) + (
        "model = Net()\nif torch.cuda.is_available():\n    model = model.cuda()\n"
        "model(torch.zeros(1, 3, 8, 8))\n"
    )
    assert errors(body) == ["CL102"]


def test_only_one_mode_fails() -> None:
    aux = "if self.training:\n            self.c(x)"
    body = net(GOOD, "self.c = nn.Conv2d(9, 1, 1)", inside=aux)
    assert errors(body) == ["CL102"]


def test_a_padding_may_be_zero() -> None:
    joined = "x = x + nn.functional.pad(self.c(x), (0, 0))"
    assert errors(net(GOOD, "self.c = nn.Conv2d(8, 8, 1, padding=p)", "self, p", joined)) == []


def test_a_size_that_fits_is_enough() -> None:
    flat = "return nn.functional.linear(x.flatten(1), torch.zeros(10, 800))"
    assert errors(net(GOOD, inside=flat)) == []
    never = "x = x.flatten(1)\n        return nn.functional.linear(x, torch.zeros(10, 801))"
    assert errors(
        net(GOOD, "self.n = nn.BatchNorm2d(3)", inside="x = self.a(self.n(x[:, :3]))\n        " + never)
    ) == ["CL101"]


def test_a_subclass_decides() -> None:
    body = (
        "class Base(nn.Module):\n    width = 9\n\n    def __init__(self):\n        super().__init__()\n"
        "        self.b = nn.Conv2d(self.width, 4, 1)\n\n"
        "    def forward(self, x):\n        return self.b(x)\n\n\n"
        "class Net(Base):\n    width = 8\n\n\nNet()(torch.zeros(1, 8, 4, 4))\n"
    )
    assert errors(body) == []


def test_keywords_that_nobody_knows() -> None:
    source = "class Net(nn.Module):\n    def __init__(self, inputs, outputs, **kwargs):\n"
    source += "        super().__init__()\n"
    source += "        self.conv = nn.Conv2d(inputs, outputs, bias=False, **kwargs)\n\n"
    source += "    def forward(self, x):\n        return self.conv(x)\n"
    assert errors(source) == []


def test_how_many_axes_an_inferred_input_has_is_not_sure() -> None:
    lines = "self.lin = nn.Linear(8, 4)", "n, t, c = self.lin(y).shape"
    body = net(GOOD, lines[0]).replace("forward(self, x):", f"forward(self, x, y):\n        {lines[1]}")
    assert errors(body) == []
    assert errors(body + "Net()(torch.zeros(1, 3, 8, 8), torch.zeros(2, 8))\n") == ["CL111"]
    assert errors(body + "Net()(torch.zeros(1, 3, 8, 8), torch.zeros(2, 5, 8))\n") == []


def test_unpacking_in_a_try_is_the_programs_own() -> None:
    body = "x = torch.zeros(2, 3)\ntry:\n    a, b, c = x.shape\nexcept ValueError:\n    a = 1\n"
    assert errors(body) == []
    assert errors(body.replace("ValueError", "KeyError")) == ["CL111"]
    assert (
        errors("x = torch.zeros(2, 3)\na, *b = x.shape\nfor c, d in (x.shape, x.T.shape):\n    pass\n") == []
    )
    assert errors("x = torch.zeros(2, 3)\na, b, c, *d = x.chunk(2)\n") == ["CL111"]


def test_what_every_class_has_is_not_missing() -> None:
    """`__subclasses__` is not followed, but it is there: no handler for its absence runs."""
    body = """
        class Base:
            pass

        try:
            Base.__subclasses__, Base.mro, Base.__base__
            size = 8
        except AttributeError:
            size = 9
        nn.Conv2d(size, 8, 1)(torch.zeros(1, 8, 4, 4))
        """
    assert errors(textwrap.dedent(body)) == []
