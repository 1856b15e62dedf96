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


@pytest.mark.parametrize(
    ("test", "filled"),
    [
        ("if 'far' in WIDTHS:\n    raise ValueError('again')\n", False),
        ("if 'far' in WIDTHS:\n    pass\n", True),
        ("found = 1 if 'far' in WIDTHS else 0\n", True),
        ("if 'far' not in WIDTHS:\n    raise ValueError('never')\n", True),
        ("try:\n    if 'far' in WIDTHS:\n        raise ValueError\nexcept ValueError:\n    pass\n", True),
    ],
)
def test_who_refuses_to_register_twice_fills_nothing(program: Path, test: str, filled: bool) -> None:
    late = program / "kept" / "late.py"
    late.write_text(f"from . import far, near, other\nfrom .names import WIDTHS\n{test}WIDTHS['late'] = 5\n")
    loader = Loader((str(program),), script=late)
    machine = Machine(loader)
    run_main(machine, str(late), loader.read(late), "kept.late")
    widths = loader.modules["kept.names"].attrs["WIDTHS"]
    assert ("far" in widths) is filled  # type: ignore[operator]
    assert machine.item(widths, "far") == 9


WAYS = {
    "far": "from .names import register",
    "a row goes on": "from .names \\\n    import register",
    "bound by others": "import kept\nregister = kept.names.register",
    "by its name": "import importlib\nregister = importlib.import_module('kept.names').register",
    "sys.modules": "import sys\nregister = sys.modules['kept.names'].register",
    "in a row": "def register(n, w): from .names import register; register(n, w)",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_to_come_by_a_registry(program: Path, way: str) -> None:
    (program / "kept" / "far.py").write_text(f"{way}\nregister('found', 11)\n")
    summary = summarize(f"{program}/run.py:build('found')", [(1, 4)])
    assert summary.output_shape == (1, 11)


def test_the_package_around_a_module_is_imported_with_it(program: Path) -> None:
    (program / "run.py").write_text("from kept.make import build\n")
    assert summarize(f"{program}/run.py:build('near')", [(1, 4)]).output_shape == (1, 7)


def test_a_name_that_the_package_has_is_no_module(program: Path) -> None:
    package = program / "kept" / "__init__.py"
    package.write_text(
        "from .names import register\nfrom .make import build\ndef near(): pass\nregister('n', 5)\n"
    )
    (program / "kept" / "near.py").write_text("from .names import WIDTHS\nWIDTHS['n'] = 7\n")
    (program / "run.py").write_text("from kept import near, build\n")
    assert summarize(f"{program}/run.py:build('n')", [(1, 4)]).output_shape == (1, 5)


def test_a_registry_is_known_while_it_is_one(program: Path) -> None:
    """Containers that are gone leave their place, and its number, to others."""
    many = "".join(f"t{i} = {{}}\n" for i in range(300))
    reset = "def reset():\n" + "".join(f"    global t{i}\n    t{i} = 1\n" for i in range(300))
    (program / "many.py").write_text(many + reset)
    (program / "run.py").write_text("import many\nmany.reset()\nfrom kept import build\n")
    assert summarize(f"{program}/run.py:build('near')", [(1, 4)]).output_shape == (1, 7)


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
