"""Plain Python programs mean to the interpreter what they mean to Python: each snippet runs in both."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from convlint.interp.compiled import Compiled
from convlint.interp.loader import Loader
from convlint.interp.machine import Machine
from convlint.interp.program import run_main
from convlint.values import Namespace

SNIPPETS = sorted((Path(__file__).parent / "snippets").glob("*.py"))


def interpreted(source: str) -> dict[str, object]:
    machine = Machine(Loader())
    namespace = run_main(machine, "snippet.py", Compiled(source, ast.parse(source)))
    assert isinstance(namespace, Namespace)
    return namespace.attrs


def parts(path: Path) -> list[tuple[str, str]]:
    """The snippets of a file: separated by lines that start with `# ---`, named by what follows."""
    found = []
    for chunk in ("\n" + path.read_text()).split("\n# --- ")[1:]:
        name, _, source = chunk.partition("\n")
        found.append((name.strip(), source))
    return found


@pytest.mark.parametrize(
    "source",
    [pytest.param(source, id=f"{path.stem}: {name}") for path in SNIPPETS for name, source in parts(path)],
)
def test_same_result(source: str) -> None:
    expected: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source, "snippet.py", "exec"), expected)
    actual = interpreted(source)
    assert actual["result"] == expected["result"]
    assert type(actual["result"]) is type(expected["result"])


def test_snippets_are_found() -> None:
    assert len(SNIPPETS) >= 5
    assert all("result" in source for path in SNIPPETS for _, source in parts(path))
