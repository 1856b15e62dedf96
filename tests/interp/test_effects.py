"""A module that changes others is evaluated where it is imported; any other waits until it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint import check
from convlint.interp.effects import acts
from convlint.interp.finding import Files
from convlint.model import summarize

MODELS = """
from torch import nn

class Block(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 1)

    def forward(self, x):
        return self.conv(x)
"""
POOLED = "lambda self, x, tag=None: self.conv(x).mean((2, 3))"
TRAINING = """
import torch
from torch import nn
import {imported}
from models import Block

nn.Linear(8, 10)(Block()(torch.randn(1, 3, 32, 32), tag="x"))
"""
PATCHES = {
    "assigned": f"import models\nmodels.Block.forward = {POOLED}\n",
    "imported by name": f"from models import Block as B\nB.forward = {POOLED}\n",
    "setattr": f"import models\nsetattr(models.Block, 'forward', {POOLED})\n",
    "in a function": f"import models\ndef go():\n    models.Block.forward = {POOLED}\ngo()\n",
    "handed on": f"import models\ndef go(cls):\n    cls.forward = {POOLED}\ngo(models.Block)\n",
    "decorator": (
        "import models\ndef into(cls):\n    def put(f):\n        cls.forward = f\n        return f\n"
        "    return put\n@into(models.Block)\ndef forward(self, x, tag=None):\n"
        "    return self.conv(x).mean((2, 3))\n"
    ),
}


def codes(folder: Path, imported: str) -> list[str]:
    file = folder / "training.py"
    file.write_text(TRAINING.format(imported=imported))
    return [f.code for f in check([str(file)]) if f.code.startswith("CL1") and f.filename.endswith(file.name)]


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
def test_patches_apply_where_nothing_reads_their_module(tmp_path: Path, patch: str) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "patching.py").write_text(patch)
    assert codes(tmp_path, "patching") == []


def test_patches_apply_through_a_package(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "setup_all").mkdir()
    (tmp_path / "setup_all" / "__init__.py").write_text("from . import patching\n")
    (tmp_path / "setup_all" / "patching.py").write_text(PATCHES["assigned"])
    assert codes(tmp_path, "setup_all") == []


def test_without_the_patch_the_call_fails(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "patching.py").write_text("import models\n")
    assert codes(tmp_path, "patching") == ["CL111"]


def files(folder: Path) -> Files:
    return Files((str(folder),), folder / "training.py", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import torch\ntorch.nn.Linear.forward = None\n", True),
        ("import torch\ntorch.backends.cudnn.benchmark = True\n", False),
        ("import os\nos.environ['A'] = '1'\n", False),
        ("import torch\ntorch.set_default_dtype(torch.float64)\n", True),
        ("import torch\ndef go():\n    torch.nn.Linear.forward = None\n", False),
        ("class Net:\n    def __init__(self):\n        self.a = 1\n", False),
        ("from torch.nn.modules.module import register_module_forward_hook as r\nr(print)\n", False),
        ("def broken(:\n", False),
        ("import torch\ntorch.relu, torch.tanh = None, None\n", True),
        ("import torch\nold = torch.relu = None\n", True),
        ("import torch\ntorch.relu: object = None\n", True),
        ("import models\nmodels.TABLE['a'].width += 1\n", True),
        ("import torch; torch.relu = None\n", True),
        ("import torch\nif torch: torch.relu = None\n", True),
        ("import torch\nold = 1\ndel old, torch.relu\n", True),
        ("import torch\nsetattr (torch, 'relu', None)\n", True),
        ("import torch\nfrom patching import go\ntry:\n    go(torch)\nexcept ImportError:\n    pass\n", True),
        ("import torch\nfrom patching import go\nif go:\n\n    # why\n    go(torch)\n", True),
        ("import torch\nfrom patching import into\n@into('relu', torch.nn)\ndef relu(): pass\n", True),
        ("import torch\nfrom patching import into\n@into(\n    torch.nn,\n)\ndef relu(): pass\n", True),
        ("import torch\ndef go(x: torch.Tensor = None):\n    print(x.shape, x == 1)\n", False),
    ],
)
def test_what_changes_others(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "tried.py").write_text(text)
    assert acts(files(tmp_path), "tried", {}) is expected


@pytest.mark.parametrize(
    "imports",
    [
        "if True: import two\n",
        "from two import (a,  # (why)\n  b)\n",
        "import os; import two\n",
        "import os, \\\n  two\n",
    ],
)
def test_every_form_of_import_is_followed(tmp_path: Path, imports: str) -> None:
    (tmp_path / "one.py").write_text(imports)
    (tmp_path / "two.py").write_text("import torch\ntorch.nn.Linear.forward = None\n")
    assert acts(files(tmp_path), "one", {})


PARTS = {
    "blocks": "from torch import nn\nWIDTH = 8\nclass Block(nn.Conv2d):\n    pass\n",
    "patch": "from . import blocks\nblocks.WIDTH = 64\n",
    "__init__": "",
}
USE = """
from torch import nn
from {package} import two
from {package} import blocks

class Net(nn.Sequential):
    def __init__(self):
        super().__init__(blocks.Block(3, blocks.WIDTH, 1), nn.Conv2d(64, 2, 1))

Net()
"""


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("def setup():\n    from . import patch\n", "from .one import setup\nok = setup ()\n"),
        ("def setup(): from . import patch\n", "from .one import setup\nsetup()\n"),
        (
            "class Go:\n    def __init__(self):\n        from . import patch\n",
            "from .one import Go\nGO = Go()\n",
        ),
        (
            "def deco(c):\n    from . import patch\n    return c\n",
            "from .one import deco\n@deco\nclass A: pass\n",
        ),
        (
            "class Base:\n    def __init_subclass__(cls):\n        from . import patch\n",
            "from .one import Base\nclass A(Base): pass\n",
        ),
        ("", "if True:\n    def setup():\n        from . import patch\nok = [f() for f in (setup,)]\n"),
        ("", "from . \\\n  import patch\n"),
    ],
)
def test_what_a_function_imports_counts_for_it_may_be_called(tmp_path: Path, one: str, two: str) -> None:
    (tmp_path / "parts").mkdir()
    for name, text in {**PARTS, "one": one, "two": two}.items():
        (tmp_path / "parts" / f"{name}.py").write_text(text)
    file = tmp_path / "training.py"
    file.write_text(USE.format(package="parts"))
    summary = summarize(f"{file}:Net()", [(1, 3, 8, 8)])
    assert summary.params == (3 * 64 + 64) + (64 * 2 + 2)


KEEPING = """
TABLE = {}
def put(function, cls, *, twice=False):
    entries = TABLE.setdefault(function, {})
    if cls in entries and not twice:
        raise ValueError(f"{function} has one for {cls}")
    def decorator(kernel):
        entries[cls] = kernel if issubclass(cls, int) else [kernel]
        return kernel
    return decorator
"""


@pytest.mark.parametrize(
    ("text", "acting"),
    [
        (KEEPING, False),
        (KEEPING.replace("entries = ", "cls.entries = "), True),
        (KEEPING.replace("entries = ", "setattr(cls, 'a', 1); entries = "), True),
        (KEEPING.replace("entries = ", "other = cls; entries = "), False),
        (KEEPING.replace("entries = ", "function(); entries = "), True),
        (KEEPING.replace("entries[cls] = kernel", "cls.forward = kernel; entries[cls] = kernel"), True),
        (KEEPING.replace("entries[cls] = kernel", "change(cls, kernel); entries[cls] = kernel"), True),
        (KEEPING.replace("    def decorator", "    for cls.a in TABLE: pass\n    def decorator"), True),
        (KEEPING.replace("function, cls, *,", "function, *classes, cls=None,"), True),
        (KEEPING.replace("def put", "@print\ndef put"), True),
        (KEEPING.replace("TABLE = {}", "from other import TABLE"), True),
        (KEEPING.replace("entries = ", "a, b = cls, 1; change(a); entries = "), True),
        (KEEPING.replace("entries = ", "a = cls if twice else int; change(a); entries = "), True),
        (KEEPING.replace("entries = ", "[change(c) for c in (cls,)]; entries = "), True),
        (KEEPING.replace("(kernel):", "(kernel, c=cls):\n        change(c)"), True),
        (KEEPING.replace("        return kernel", "        change(entries)\n        return kernel"), True),
        (KEEPING.replace("        return kernel", "        change(TABLE)\n        return kernel"), True),
        (KEEPING + "def put(function, cls):\n    cls.a = 1\n", True),
        ("from other import put\n", True),
    ],
)
def test_a_decorator_that_only_keeps_what_it_is_given(tmp_path: Path, text: str, acting: bool) -> None:
    (tmp_path / "keeping.py").write_text(text)
    (tmp_path / "one.py").write_text(
        "import torch\nfrom keeping import put\n@put(torch.relu, torch.Tensor)\ndef relu(x): pass\n"
    )
    assert acts(files(tmp_path), "one", {}) is acting


def test_modules_that_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("import two\n")
    (tmp_path / "two.py").write_text("import one\nimport three\n")
    (tmp_path / "three.py").write_text("import one\none.value = 3\n")
    assert acts(files(tmp_path), "one", {})
    assert not acts(files(tmp_path), "four", {})


def test_a_module_that_is_imported_again_has_its_own_names(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    again = "import importlib, models\nmodels.Block = lambda: None\nimportlib.reload(models)\n"
    (tmp_path / "patching.py").write_text(again)
    assert codes(tmp_path, "patching") == ["CL111"]
