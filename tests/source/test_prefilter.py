"""The prefilter passes over nothing that matters, and reads imports as Python does."""

import ast
import os
import tokenize
from pathlib import Path

import pytest

from convlint.source.prefilter import Import, imports, mentions_framework


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("import torch\n", True),
        ("from torch.nn import functional as F\n", True),
        ("tf.keras.layers\n", True),
        ("import tf_keras\n", True),
        ("import pytorch_lightning as pl\n", True),
        ("import torchvision.models\n", True),
        ("import tensorflow as tf\n", True),
        ("# convlint: input=(N, 3, H, W)\n", True),
        ("x='torch'\n", True),
        ("import torch_geometric\n", True),
        ("storch = 1\n", False),
        ("torches = blowtorch = kerastase = 1\n", False),
        ("import numpy\n", False),
        ("Torch Keras\n", False),
        ("étorch = 1\n", True),
        ("", False),
    ],
)
def test_words(text: str, mentioned: bool) -> None:
    assert mentions_framework(text) is mentioned
    assert mentions_framework(text.encode()) is mentioned


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a", [Import("a")]),
        ("import a.b as c, d , e.f", [Import("a.b"), Import("d"), Import("e.f")]),
        ("  import a  # b, c", [Import("a")]),
        ("x = 1; import a; import b", [Import("a"), Import("b")]),
        ("try: import a\nexcept: from b import c", [Import("a"), Import("b", ("c",))]),
        ("from a import b as c, d", [Import("a", ("b", "d"))]),
        ("from a.b import *", [Import("a.b", ("*",))]),
        ("from . import a", [Import("", ("a",), 1)]),
        ("from .import a", [Import("", ("a",), 1)]),
        ("from ... a . b import c", [Import("a.b", ("c",), 3)]),
        ("from .... import(a)", [Import("", ("a",), 4)]),
        ("from a import (  # x, y\n    b,\n    c as d,  # )\n)", [Import("a", ("b", "c"))]),
        ("from a import \\\n    b, \\\n    c\n", [Import("a", ("b", "c"))]),
        ("from a \\\n import b", [Import("a", ("b",))]),
        ("if x:\r\n\timport a\r\n", [Import("a")]),
        ("lazy import a\nlazy from b import c", [Import("a"), Import("b", ("c",))]),
        ("important = 1\nfrom_ = 2\nx.import_ = 3", []),
        ("raise E from importer", []),
        ("yield from imports", []),
        ("from a import", []),
        ("import é.日", [Import("é.日")]),
    ],
)
def test_imports(text: str, found: list[Import]) -> None:
    assert list(imports(text)) == found


def imports_by_python(text: str) -> list[Import]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [Import(alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append(Import(node.module or "", tuple(alias.name for alias in node.names), node.level))
    return found


def test_no_import_of_the_standard_library_is_missed() -> None:
    invented = 0
    for path in sorted(Path(os.__file__).parent.rglob("*.py"))[::11]:
        if not {"site-packages", "test", "tests"} & set(path.parts):
            with tokenize.open(path) as stream:
                text = stream.read()
            expected, actual = set(imports_by_python(text)), set(imports(text))
            assert not expected - actual, path
            invented += len(actual - expected)
    assert invented < 30  # examples in docstrings


@pytest.mark.parametrize(
    "text",
    [
        "from " + " " * 200_000,
        "import " + "a." * 100_000,
        "from a import (\n" * 50_000,
        ";" * 200_000 + "import",
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    assert len(imports(text)) <= 1
