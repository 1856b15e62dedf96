"""Hostile files: text that is no program, programs that never end, numbers that fill memory.

Law: whatever a file holds, the command ends by itself with findings or cleanly; never with a traceback, a
kill, or an error about shapes (an infinite loop is none). Each text imports torch, to let the whole engine
in.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = "import torch\nfrom torch import nn\n\n"
MODEL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)

"""
MODULE = f"{HEAD}{MODEL}"


def in_forward(*lines: str) -> str:
    """A model whose forward runs the lines before its layer."""
    body = "".join(f"        {line}\n" for line in lines)
    return HEAD + MODEL.replace("        return", f"{body}        return") + "\nNet()(torch.zeros(1, 4))\n"


REFUSED = {
    "open-brackets": HEAD + "x = " + "(" * 100_000,
    "nested-brackets": HEAD + "x = " + "[" * 3_000 + "]" * 3_000 + "\n",
    "nested-calls": HEAD + "x = " + "f(" * 1_000 + ")" * 1_000 + "\n",
    "long-sum": HEAD + "x = " + " + ".join(["1"] * 5_000) + "\n",
    "attribute-chain": HEAD + "x = torch" + ".nn" * 5_000 + "\n",
    "unary-chain": HEAD + "x = " + "-" * 20_000 + "1\n",
    "not-chain": HEAD + "x = " + "not " * 20_000 + "1\n",
    "lambda-chain": HEAD + "x = " + "lambda: " * 5_000 + "1\n",
    "comparison-chain": HEAD + "x = " + " < ".join(["1"] * 5_000) + "\n",
    "conditional-chain": HEAD + "x = " + "1 if 0 else " * 5_000 + "1\n",
    "deep-blocks": HEAD + "".join(f"{' ' * depth}if 1:\n" for depth in range(150)) + " " * 150 + "pass\n",
    "many-elifs": HEAD + "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 5_000,
    "unterminated-text": HEAD + "x = '''" + "a" * 100_000,
    "above-5-MB": MODULE + "# padding\n" * 510_000,
    "2-MB-of-statements": MODULE + "x = 1\n" * 330_000,
    "NUL": MODULE + "x = 'a\0b'\n",
    "surrogate": (MODULE + "x = '").encode() + "\ud800".encode("utf-8", "surrogatepass") + b"'\n",
    "invalid-UTF-8": MODULE.encode() + b"x = '\xff\xfe'\n",
    "unknown-encoding": b"# coding: no-such-encoding\n" + MODULE.encode(),
    "random-bytes": HEAD.encode() + bytes(range(256)) * 200,
}
"""One finding each, CL002."""

ENDLESS = {
    "while-loop": MODULE + "while True:\n    pass\n",
    "counting-loop": MODULE + "n = 0\nwhile True:\n    n += 1\n",
    "long-range": MODULE + "for i in range(10**12):\n    pass\n",
    "long-range-of-layers": MODULE + "layers = [nn.Linear(4, 4) for i in range(10**12)]\n",
    "growing-list": MODULE + "xs = [1]\nfor x in xs:\n    xs.append(x)\n",
    "generator": MODULE + "def each():\n    while True:\n        yield 1\n\nlast = list(each())\n",
    "generator-in-sum": MODULE + "def each():\n    while True:\n        yield 1\n\nlast = sum(each())\n",
    "recursion": MODULE + "def down(n):\n    return down(n + 1)\n\ndown(0)\n",
    "forked-recursion": MODULE
    + "def fork(n):\n    return fork(n - 1) + fork(n - 2) if n else 1\n\nfork(90)\n",
    "forward-loop": in_forward("while True:", "    x = x + 1"),
    "forward-recursion": in_forward("x = self.forward(x)"),
}
"""CL002 as well: a budget is spent, and the report says so."""

HARMLESS = {
    "tower": MODULE + "x = 10**10**9\n",
    "tower-of-unknown": MODULE + "import os\nx = 10**10**int(os.environ['N'])\n",
    "shift": MODULE + "x = 1 << 10**12\n",
    "product": MODULE + "x = 7\nfor i in range(200):\n    x = x * x\n",
    "factorial": MODULE + "import math\nx = math.factorial(10**9)\n",
    "long-list": MODULE + "x = [0] * 10**12\n",
    "long-tuple": MODULE + "x = (0,) * 10**12\n",
    "long-text": MODULE + "x = 'x' * 10**12\n",
    "long-bytes": MODULE + "x = bytes(10**12)\ny = bytearray(10**12)\n",
    "wide-format": MODULE
    + "x = f'{1:>1000000000000}'\ny = '%1000000000000d' % 1\nz = '{:1000000000000}'.format(1)\n",
    "padded-text": MODULE + "x = 'x'.ljust(10**12).center(10**12).zfill(10**12)\n",
    "tabs": MODULE + "x = '\\t'.expandtabs(10**12)\n",
    "list-of-range": MODULE + "x = list(range(10**12))\ny = sum(range(10**12))\nz = sorted(range(10**12))\n",
    "text-doubling": MODULE + "s = 'x'\nfor i in range(200):\n    s = s + s\n",
    "text-joining": MODULE + "s = 'x'\nfor i in range(200):\n    s = s.join([s, s, s])\n",
    "text-replacing": MODULE + "s = 'x'\nfor i in range(200):\n    s = s.replace('x', 'xx')\n",
    "text-formatting": MODULE + "s = 'x'\nfor i in range(200):\n    s = f'{s}{s}'\n",
    "list-doubling": MODULE + "s = [1]\nfor i in range(200):\n    s = s + s\n",
    "list-extending": MODULE + "s = [1]\nfor i in range(200):\n    s.extend(s)\n",
    "list-nesting": MODULE + "s = []\nfor i in range(300):\n    s = [s, s]\nt = repr(s)\nu = s == [s]\n",
    "list-in-itself": MODULE
    + "s = []\ns.append(s)\nt = repr(s)\nu = s == s\nimport copy\nv = copy.deepcopy(s)\n",
    "products-of-lists": MODULE
    + "from itertools import product\nx = list(product(range(100), repeat=100))\n",
    "permutations": MODULE + "from itertools import permutations\nx = list(permutations(range(100)))\n",
    "endless-count": MODULE
    + "from itertools import count, cycle, repeat\nx = zip(count(), cycle([1]), repeat(2))\n",
    "backtracking": MODULE + "import re\nx = re.match('(a+)+$', 'a' * 5000 + 'b')\n",
    "huge-literal": MODULE + f"x = {'9' * 100_000}\n",
    "huge-layer": MODULE + "net = nn.Linear(10**12, 10**12)\nnet(torch.zeros(1, 10**12))\n",
    "many-axes": MODULE + "x = torch.zeros(*[2] * 1000)\ny = x.sum()\n",
    "huge-tensor": MODULE + "x = torch.zeros(10**12).tolist()\ny = torch.arange(10**12).tolist()\n",
    "many-ways": in_forward(*(f"if x.sum() > {n}:\n            x = x + {n}" for n in range(60))),
    "class-in-itself": HEAD + "class A(A):\n    pass\n",
    "own-getattr": MODULE
    + "class A:\n    def __getattr__(self, n):\n        return getattr(self, n)\n\nA().x\n",
    "decorated-by-itself": MODULE + "@f\ndef f():\n    return f\n\nf()\n",
    "import-of-itself": MODULE + "from hostile import *\nimport hostile\n",
    "module-in-itself": MODULE + "net = Net()\nnet.child = net\nnet(torch.zeros(1, 4))\n",
    "long-line": MODULE + "x = [" + "1, " * 200_000 + "]\n",
    "many-statements": MODULE + "x = 1\n" * 50_000,
    "one-comment": MODULE + "# " + "x" * 4_000_000 + "\n",
    "many-functions": MODULE + "".join(f"def f{n}(a):\n    return a\n\n" for n in range(3_000)),
}
"""Followed as far as can be: nothing found, or CL002 where a budget was spent."""


def check(folder: Path, text: str | bytes) -> tuple[int, list[dict[str, object]]]:
    """The real command over one file: its exit code and findings."""
    file = folder / "hostile.py"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    command = [sys.executable, "-m", "convlint", "check", "--quiet", "--output-format", "json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_parser_should_see_is_one_finding(name: str, tmp_path: Path) -> None:
    code, findings = check(tmp_path, REFUSED[name])
    assert [finding["code"] for finding in findings] == ["CL002"]
    assert "internal" not in str(findings[0]["message"])
    assert code in (0, 1)


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_left_with_a_finding(name: str, tmp_path: Path) -> None:
    code, findings = check(tmp_path, ENDLESS[name])
    assert {finding["code"] for finding in findings} == {"CL002"}
    assert not any("internal" in str(finding["message"]) for finding in findings)
    assert code in (0, 1)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_fills_memory_is_not_computed(name: str, tmp_path: Path) -> None:
    code, findings = check(tmp_path, HARMLESS[name])
    assert {finding["code"] for finding in findings} <= {"CL002", "CL401"}  # CL401: a large layer indeed
    assert not any("internal" in str(finding["message"]) for finding in findings)
    assert code in (0, 1)


def test_a_file_of_endless_functions_is_given_up_as_a_whole(tmp_path: Path) -> None:
    loops = "".join(f"def f{n}():\n    while True:\n        pass\n\n" for n in range(100))
    code, findings = check(tmp_path, MODULE + loops)
    assert code == 0
    assert {finding["code"] for finding in findings} == {"CL002"}
    assert any(" more spent its budget of steps" in str(finding["message"]) for finding in findings)
    assert len(findings) < 10
