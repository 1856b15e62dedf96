"""Programs that use the standard library: each snippet runs in Python and in the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.libs.python.running import run

SNIPPETS = sorted((Path(__file__).parent / "snippets").glob("*.py"))


def parts(path: Path) -> list[tuple[str, str]]:
    """The snippets of a file: separated by lines that start with `# ---`, named by what follows."""
    found = []
    for chunk in ("\n" + path.read_text(encoding="utf-8")).split("\n# --- ")[1:]:
        name, _, source = chunk.partition("\n")
        found.append((name.strip(), source))
    return found


CASES = [pytest.param(source, id=f"{path.stem}: {name}") for path in SNIPPETS for name, source in parts(path)]


@pytest.mark.parametrize("source", CASES)
def test_same_result(source: str) -> None:
    expected: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source, "snippet.py", "exec", dont_inherit=True), expected)
    actual = run(source)["result"]
    assert repr(actual) == repr(expected["result"])  # repr tells 1 from 1.0 and True, and -0.0 from 0.0


def test_snippets_are_found() -> None:
    assert len(CASES) > 40
