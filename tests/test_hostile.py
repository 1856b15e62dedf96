"""Hostile files: text that is no program, programs that never end, numbers that fill memory.

Law: whatever a file holds, the command ends by itself with findings or cleanly; never with a traceback, a
kill, or an error about shapes (an infinite loop is none). Each text imports torch, to let the whole engine
in.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

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


def in_init(*lines: str) -> str:
    """A model whose constructor runs the lines before it builds its layer."""
    body = "".join(f"        {line}\n" for line in lines)
    return HEAD + MODEL.replace("        self.fc", f"{body}        self.fc")


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
    "forward-operations": in_forward("while True:", "    x = torch.relu(x) + 1"),
    "forward-layers": in_forward("while True:", "    x = nn.Linear(4, 4)(x)"),
    "layers-appended": in_init(
        "self.layers = nn.ModuleList()",
        "for _ in range(10**12):",
        "    self.layers.append(nn.Conv2d(3, 3, 3))",
    ),
    "layers-listed": in_init("self.layers = [nn.Conv2d(3, 3, 3) for _ in range(10**12)]"),
    "known-numbers": in_forward("x = torch.zeros(1, 3, 32, 32)", "while True:", "    x = x + 1"),
    "symbolic-windows": MODULE.replace(
        "        return",
        "        for i in range(10**6):\n"
        "            x = nn.functional.max_pool2d(nn.functional.pad(x, (1, 2, 3, 4)), 3, 2)\n"
        "        return",
    ),
    "classes-in-a-row": MODULE + "A = object\nwhile True:\n    A = type('A', (A,), {})\n",
    "tensors-kept": MODULE + "xs = [torch.arange(4000) for i in range(10**6)]\n",
    "sorting": MODULE + "a = list(range(90000))\nfor i in range(10**6):\n    a.sort()\n    b = sum(a)\n",
    "searching": MODULE + "a = 'a' * 900000\nfor i in range(10**6):\n    a.find('a' * 450000 + 'b')\n",
    "lists-kept": MODULE + "xs = []\nfor i in range(10**6):\n    xs.append([i] * 90000)\n",
    "texts-kept": MODULE + "xs = []\nfor i in range(10**6):\n    xs.append('x' * 900000 + str(i))\n",
    "sets-kept": MODULE + "xs = []\nfor i in range(10**6):\n    xs.append(set(range(50000)))\n",
    "joined-often": MODULE
    + "x = torch.zeros(1, 4)\nfor i in range(10**6):\n    y = torch.cat([x] * 90000)\n",
    "getattr-recursion": MODULE
    + "class A:\n    def __getattr__(self, n):\n        return getattr(self, n + 'x').y\n\nA().x\n",
    "calling-metaclass": MODULE
    + "class M(type):\n    def __call__(cls, *a):\n        return cls(*a)\n\n"
    + "class A(metaclass=M):\n    pass\n\nA()\n",
    "subclassing-hook": MODULE
    + "class A:\n    def __init_subclass__(cls):\n        class B(A):\n            pass\n\n"
    + "class C(A):\n    pass\n",
    "forward-recursion": in_forward("x = self.forward(x)"),
}
"""CL002 as well: a budget is spent, and the report says so."""

HARMLESS = {
    "very-many-axes": MODULE + "x = torch.zeros(*[1] * 100000)\ny = torch.zeros(1).reshape(*[1] * 100000)\n",
    "choices-about-sizes": MODULE.replace(
        "        return",
        "        for i in range(10**6):\n"
        "            if x.shape[-1] % (i + 2) == 0:\n                x = x[..., :-1]\n"
        "        return",
    ),
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
    "many-bases": HEAD
    + "".join(f"class B{n}: pass\n" for n in range(5_000))
    + f"class C({', '.join(f'B{n}' for n in range(5_000))}): pass\n",
    "tower-of-classes": HEAD
    + "class B0(nn.Module): pass\n"
    + "".join(f"class B{n + 1}(B{n}): pass\n" for n in range(1_000)),
    "translated-text": MODULE + "x = ('x' * 900000).translate(str.maketrans({'x': 'y' * 900000}))\n",
    "compared-tuples": MODULE
    + "a = b = ()\nfor i in range(200):\n    a, b = (a, a), (b, b)\nx = a == b\ny = a < b\nz = a in [b]\n",
    "long-equation": MODULE
    + "a = 'abcdefghijklmnopqrstuvwxyz'\n"
    + "x = torch.einsum(','.join([a] * 2000) + '->', *[torch.zeros([2] * 26)] * 2000)\n",
    "expanded": MODULE + "x = torch.zeros(1).expand(10**9)\ny = x.tolist()\nz = list(x)\n",
    "nines": MODULE + "x = int('9' * 10**6)\n",
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


SECONDS = 20
"""Of processor time: four times what a slow laptop takes for the worst of these."""
MEGABYTES = 500


def limited() -> None:
    """In the command's process: what passes these limits is killed."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def check(folder: Path, text: str | bytes) -> tuple[int, list[dict[str, object]]]:
    """The real command over one file: its exit code and findings."""
    file = folder / "hostile.py"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    command = [sys.executable, "-m", "convlint", "check", "--quiet", "--output-format", "json", str(file)]
    with TemporaryFile() as answer, TemporaryFile() as complaint:
        process = subprocess.Popen(command, stdout=answer, stderr=complaint, cwd=folder, preexec_fn=limited)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        complaint.seek(0)
        assert complaint.read() == b""
        assert used.ru_maxrss < MEGABYTES * 1024
        answer.seek(0)
        return process.returncode, json.loads(answer.read())


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_parser_should_see_is_one_finding(name: str, tmp_path: Path) -> None:
    code, findings = check(tmp_path, REFUSED[name])
    assert [finding["code"] for finding in findings] == ["CL002"]
    assert "internal" not in str(findings[0]["message"])
    assert code in (0, 1)


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_left_with_a_finding(name: str, tmp_path: Path) -> None:
    code, findings = check(tmp_path, ENDLESS[name])
    codes = [str(finding["code"]) for finding in findings]
    assert codes.count("CL002") == 1
    assert set(codes) <= {"CL002", "CL504", "CL506"}  # what is seen on the way holds
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
    assert [finding["code"] for finding in findings] == ["CL002"]
    assert any(" more spent its budget of steps" in str(finding["message"]) for finding in findings)
    assert len(findings) < 10


@pytest.mark.parametrize(
    "body", ["while True:\n    nn.Conv2d(3, 3, 3)\n", "for i in range(90000):\n    x = i\n"]
)
def test_what_is_imported_is_given_up_together(body: str, tmp_path: Path) -> None:
    for n in range(50):
        (tmp_path / f"m{n}.py").write_text(f"from torch import nn\n{body}")
    code, findings = check(tmp_path, MODULE + "".join(f"import m{n}\nm{n}.x\n" for n in range(50)))
    assert code == 0
    assert [finding["code"] for finding in findings] == ["CL002"]


def test_sources_are_not_read_without_end(tmp_path: Path) -> None:
    for n in range(20):
        (tmp_path / f"m{n}.py").write_text("x = [" + "1, " * 300_000 + "]\n")
    code, findings = check(
        tmp_path, MODULE + "".join(f"from m{n} import x as x{n}\nx{n}.a\n" for n in range(20))
    )
    assert code == 0
    assert {finding["code"] for finding in findings} <= {"CL002"}


def test_which_size_would_do_is_asked_within_the_budget(tmp_path: Path) -> None:
    models = "".join(
        f"class Net{n}(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.c = nn.Conv2d(3, 8, 3)\n        self.fc = nn.Linear(7, 2)\n    def forward(self, x):\n"
        "        for i in range(3000):\n            x = x.relu()\n"
        f"        return self.fc(self.c(x).flatten(1))\n\nNet{n}()(torch.ones(1, 3, 64, 64))\n"
        for n in range(30)
    )
    _, findings = check(tmp_path, HEAD + models)
    assert {finding["code"] for finding in findings} <= {"CL002", "CL101", "CL201"}
