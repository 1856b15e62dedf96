"""A module is evaluated once for all paths: what it decides by an unknown condition is not taken as known."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.model import TargetError, summarize

SOURCE = """
import os
import torch.nn.functional as F
from torch import nn

def chosen():
    if os.environ["WIDE"]:
        return 3
    return 5

by_expression = 3 if os.environ["WIDE"] else 5
by_function = chosen()
untouched = 7
by_name = 3 if "silu" in dir(F) else 5

class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(128, width)

    def forward(self, x):
        return self.layer(x)
"""


@pytest.mark.parametrize(
    ("width", "extent"),
    [("by_expression", None), ("by_function", None), ("untouched", 7), ("by_name", 3)],
)
def test_width(tmp_path: Path, width: str, extent: int | None) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    summary = summarize(f"{tmp_path}/net.py:Net({width})", [(1, 128)])
    assert summary.output_shape == (1, extent)


MODEL = """
from torch import nn
{}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(128, width)

    def forward(self, x):
        return self.layer(x)
"""


@pytest.mark.parametrize(
    ("name", "line", "extent"),
    [
        ("statistics.py", "from statistics import width", 7),
        ("statistics/__init__.py", "import statistics\nwidth = statistics.width", 7),
        ("itertools.py", "from itertools import chain\nwidth = len(list(chain([1, 2], [3])))", 3),
    ],
)
def test_a_module_beside_the_script_hides_one_of_the_standard_library(
    tmp_path: Path, name: str, line: str, extent: int
) -> None:
    """What is built into Python (itertools) is not hidden."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("width = 7\n")
    (tmp_path / "net.py").write_text(MODEL.format(line))
    assert summarize(f"{tmp_path}/net.py:Net", [(1, 128)]).output_shape == (1, extent)


def test_a_module_of_a_package_hides_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "statistics.py").write_text("raise ImportError\n")
    (folder / "net.py").write_text(MODEL.format("from math import floor\nimport statistics\nwidth = 3"))
    assert summarize(f"{folder}/net.py:Net", [(1, 128)]).output_shape == (1, 3)


def test_a_module_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    (tmp_path / "sizes.py").write_bytes("# coding: latin-1\nwidth = len('é')\n".encode("latin-1"))
    (tmp_path / "net.py").write_text(MODEL.format("from sizes import width"))
    assert summarize(f"{tmp_path}/net.py:Net", [(1, 128)], [str(tmp_path)]).output_shape == (1, 1)


def test_a_module_imported_by_its_name(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "widths.py").write_text("WIDTH = 9\n")
    (package / "net.py").write_text(
        "import importlib\nfrom torch import nn\n"
        "wide = importlib.import_module('shop.widths').WIDTH\n"
        "also = importlib.import_module('.widths', 'shop').WIDTH\n"
        "def net():\n    return nn.Linear(wide, also)\n"
    )
    assert summarize("shop.net:net()", [(1, 9)], search_path=[str(tmp_path)]).output_shape == (1, 9)


REGISTERED = """
import sys
from torch import nn

__all__ = ["Net"]


def register(function):
    sys.modules[function.__module__].__all__.append(function.__name__)
    return function


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layer = nn.Linear(128, width)

    def forward(self, x):
        return self.layer(x)


@register
def net_small():
    return Net(9)


def hidden():
    return Net(5)
"""


def test_a_name_that_code_adds_to_what_a_module_exports(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    (tmp_path / "zoo" / "__init__.py").write_text("from .nets import *\nlater = lambda: net_small()\n")
    (tmp_path / "zoo" / "nets.py").write_text(REGISTERED)
    for call in ("net_small()", "later()"):
        summary = summarize(f"zoo:{call}", [(1, 128)], search_path=[str(tmp_path)])
        assert summary.output_shape == (1, 9)
    with pytest.raises(TargetError, match="zoo has no name hidden"):
        summarize("zoo:hidden()", [(1, 128)], search_path=[str(tmp_path)])


def test_what_a_default_imports_is_read_when_a_call_needs_it(tmp_path: Path) -> None:
    """A name that is bound anew later stays what it was."""
    (tmp_path / "sizes.py").write_text("class Sizes:\n    small = 3\n    large = 1 / 0 if missing else 4\n")
    (tmp_path / "net.py").write_text(
        MODEL.format(
            "from sizes import Sizes\n"
            "def made(width=Sizes.small): return width\n"
            "Sizes = None\n"
            "width = made()\n"
        )
    )
    assert summarize(f"{tmp_path}/net.py:Net", [(1, 128)]).output_shape == (1, None)
    (tmp_path / "sizes.py").write_text("class Sizes:\n    small = 3\n")
    assert summarize(f"{tmp_path}/net.py:Net", [(1, 128)]).output_shape == (1, 3)


SETTING = """
import config

def made(width=config.WIDTH): return width

config.WIDTH = 32
width = made()
"""
RESET = """
from config import WIDTH, Sizes

def made(width=Sizes.width): return width

Sizes.width = 32
width = made()
"""
CAUGHT = """
import config

try:
    def made(width=config.NOTHING): return width
except AttributeError:
    def made(width=9): return width

width = made()
"""


@pytest.mark.parametrize(("program", "extent"), [(SETTING, 64), (RESET, 16), (CAUGHT, 9)])
def test_a_default_has_the_value_that_it_had_at_the_definition(
    tmp_path: Path, program: str, extent: int
) -> None:
    (tmp_path / "config.py").write_text("WIDTH = 64\nclass Sizes:\n    width = 16\n")
    (tmp_path / "net.py").write_text(MODEL.format(program))
    assert summarize(f"{tmp_path}/net.py:Net", [(1, 128)]).output_shape == (1, extent)
