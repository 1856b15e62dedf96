"""A registry is filled by the modules that come by it, before it is read; others are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.interp.budget import Limits
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.model import summarize

FILES = {
    "__init__.py": "from . import far, near, other, through\nfrom .make import build\n",
    "names.py": "WIDTHS = {}\n\ndef register(name, width):\n    WIDTHS[name] = width\n",
    "helping.py": "from .names import register\n\ndef add(name):\n    register(name, len(name))\n",
    "near.py": "from .names import WIDTHS\nWIDTHS['near'] = 7\n",
    "through.py": "from . import helping\nhelping.add('through')\n",
    "far.py": "import {package}\n{package}.names.WIDTHS['far'] = 9\n",
    "other.py": "import math\nfrom .helper import VALUE\nOWN = dict(a=VALUE)\n",
    "helper.py": "VALUE = 3\n",
    "make.py": """
from torch import nn
from .names import WIDTHS

def build(name):
    return nn.Linear(4, WIDTHS[name])
""",
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    for name, text in FILES.items():
        (tmp_path / "kept" / name).write_text(text.replace("{package}", "kept"))
    (tmp_path / "run.py").write_text("from kept import build\n")
    return tmp_path


@pytest.mark.parametrize(("name", "width"), [("near", 7), ("through", 7), ("far", 9)])
def test_whoever_comes_by_a_registry_fills_it(program: Path, name: str, width: int) -> None:
    summary = summarize(f"{program}/run.py:build('{name}')", [(1, 4)])
    assert summary.output_shape == (1, width)


def test_others_are_not_read_for_it(program: Path) -> None:
    loader = Loader((str(program),), script=program / "run.py")
    machine = Machine(loader)
    loader.module(machine, "kept")
    names = loader.module(machine, "kept.names")
    assert {"kept.near", "kept.other"} <= loader.pending.keys()
    loader.fill(machine, names.attrs["WIDTHS"])  # type: ignore[attr-defined]
    assert loader.modules.keys() >= {"kept.near", "kept.through", "kept.far"}
    assert "kept.other" in loader.pending
    assert sorted(names.attrs["WIDTHS"]) == ["far", "near", "through"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("module", "leads"),
    [("near", True), ("through", True), ("far", True), ("other", False), ("helper", False), ("names", True)],
)
def test_who_comes_by_it(program: Path, module: str, leads: bool) -> None:
    loader = Loader((str(program),), script=program / "run.py")
    assert loader.leads_to(f"kept.{module}", "kept.names") is leads


def test_a_module_that_is_imported_asks_for_its_own_key(program: Path) -> None:
    """What mentions the key is read; what else may register waits until the registry itself is read."""
    text = "from .names import WIDTHS\nif 'near' not in WIDTHS:\n    WIDTHS['near'] = 5\n"
    (program / "kept" / "late.py").write_text(f"from . import far, near, other\n{text}")
    loader = Loader((str(program),), script=program / "kept" / "late.py")
    machine = Machine(loader)
    run_main(
        machine, str(program / "kept" / "late.py"), loader.read(program / "kept" / "late.py"), "kept.late"
    )
    widths = loader.modules["kept.names"].attrs["WIDTHS"]
    assert widths == {"near": 7}
    assert {"kept.far", "kept.other"} <= loader.pending.keys()
    assert machine.item(widths, "far") == 9


def test_what_fills_a_registry_takes_no_steps_from_other_modules(program: Path) -> None:
    """A package too large to read for a registry is still followed where it is used."""
    heavy = "from .names import WIDTHS\nfor i in range(2000):\n    WIDTHS['heavy'] = i\n"
    (program / "kept" / "far.py").write_text(heavy)
    loader = Loader((str(program),), script=program / "run.py")
    machine = Machine(loader, limits=Limits(module_steps=1000))
    loader.module(machine, "kept")
    machine.item(loader.module(machine, "kept.names").attrs["WIDTHS"], "near")  # type: ignore[attr-defined]
    assert machine.trace.exhausted == "steps"
    assert loader.module(machine, "kept.helper").attrs["VALUE"] == 3  # type: ignore[attr-defined]
