"""IPython's syntax replaced: what is Python keeps its row and column, what is not becomes a statement.

The cells were compared with what `IPython.core.inputtransformer2` (9.18) makes of them.
"""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.source.notebooks.magics import ANYTHING, plain

CASES = {
    # lines
    "%matplotlib inline": "pass",
    "%unheard_of x": ANYTHING,
    "%run setup.py": "from setup import *",
    "%run -i ./setup": "from setup import *",
    "%run ../setup.py": ANYTHING,
    "%time x = f(1)": "1;    x = f(1)",
    "%timeit -n 10 -r 3 f(x)": "1;                 f(x)",
    "%timeit x = f()": "pass",
    "%time for x in y: f(x)": ANYTHING,
    "!pip install 'x": "pass",
    "!!ls": "pass",
    "%pip install \\\n  torch \\\n  x\ny = 1": "pass\n\n\ny = 1",
    "?f": "pass",
    "f.a[0].b??\nx": "pass\nx",
    ",f a b": "pass",
    "if x:\n    !ls \"it's\n    y = !ls\nelse:\n    %cd x": ""
    "if x:\n    pass\n    y = get_ipython()\nelse:\n    pass",
    "x = %sql select '\ny = 2": "x = get_ipython()\ny = 2",
    "a, b = !ls": "a, b = get_ipython()",
    "x = !ls \\\n  -la\ny": "x = get_ipython()\n\ny",
    "pip install torch": "pass",
    "time x = f(1)": "1;   x = f(1)",
    # no magics
    '"""\n%foo\n!bar\nfoo?\n"""\nx = 1': None,
    "x = (1\n % 2)": None,
    "x = y \\\n  % z": None,
    "x = 5 % 3; y = a != b": None,
    'f"""\n%a {x\n} !b\n"""': None,
    "x %= 2  # !ls\n#%ls\nls = 3\nls": None,
    "y = b'%d' % x": None,
    "f(a=1)\nawait g()": None,
    # cells
    "%%bash\nfoo (\n": "\n\n",
    "%%writefile net.py\nimport torch": "\n",
    "%%unheard\nfoo (": f"{ANYTHING}\n",
    "%%bash --out x\nls": f"{ANYTHING}\n",
    "\n# why\n%%time\nx = 1\n!ls": "\n# why\n\nx = 1\npass",
    "%%capture --no-stderr out\nx = 1": "out = get_ipython()\nx = 1",
    "%%timeit\nf(1)": "\nf(1)",
    "%%timeit\nx = f(1)": "\n",
    "%%time?": "pass",
    "%%": ANYTHING,
}


@pytest.mark.parametrize("cell", CASES)
def test_a_cell(cell: str) -> None:
    wanted = CASES[cell]
    assert "\n".join(plain(tuple(cell.split("\n"))).lines) == (cell if wanted is None else wanted)


@pytest.mark.parametrize(
    ("cell", "wanted", "cut"),
    [
        ("    x = 1\n    y = 2", "x = 1\ny = 2", (4, 4)),
        ("\n\tx = 1\ny", "\nx = 1\ny", (0, 1, 0)),
        (">>> x = 1\n>>> for y in x:\n...     f(y)", "x = 1\nfor y in x:\n    f(y)", (4, 4, 4)),
        ("In [1]: x = 1\n   ...: y = 2", "x = 1\ny = 2", (8, 8)),
    ],
)
def test_prompts_and_indentation(cell: str, wanted: str, cut: tuple[int, ...]) -> None:
    made = plain(tuple(cell.split("\n")))
    assert ("\n".join(made.lines), made.cut) == (wanted, cut)


def test_long_strings_hide_their_lines_wherever_the_scan_begins() -> None:
    long = ['x = """', *["% no magic\n!none\nwhat?"] * 60, '"""', "!magic", *["y = 1"] * 80, "%pwd"]
    made = plain(tuple("\n".join(long).split("\n")))
    wanted = "\n".join(long).replace("!magic", "pass").replace("%pwd", "pass")
    assert "\n".join(made.lines) == wanted


_LINES = st.sampled_from(
    (
        "x = 1",
        "if x:",
        "    !ls",
        "%cd",
        "%%bash",
        "y = !a",
        "z?",
        '"""',
        "f(",
        ")",
        "'",
        "\\",
        "",
        "    x",
        "#",
    )
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(_LINES, min_size=1, max_size=8))
def test_what_is_python_stays_as_it_is(lines: list[str]) -> None:
    made = plain(tuple(lines))
    assert len(made.lines) == len(lines) == len(made.cut)
    try:
        ast.parse("\n".join(lines))
    except SyntaxError:
        return
    assert made.lines == tuple(lines)
