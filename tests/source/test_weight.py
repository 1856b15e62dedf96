"""What start-up costs: of third parties only what plain data is made of, before a file needs more."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "program",
    [
        "from convlint.source import comments, discovery, files, positions, prefilter",
        "from convlint.syntax import nodes, parse_fast; parse_fast('class A: x = 1')",
    ],
)
def test_nothing_heavy_is_imported(program: str) -> None:
    program = (
        f"{program}\nimport sys\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    extra = {
        name for name in done.stdout.split() if not name.startswith(("_", "sitecustomize", "usercustomize"))
    }
    assert extra <= {"convlint", "msgspec", "typing_extensions"}
