"""What start-up costs: the source package brings no parser and nothing of a third party."""

import subprocess
import sys


def test_nothing_heavy_is_imported() -> None:
    program = (
        "import sys\n"
        "from convlint.source import comments, discovery, files, positions, prefilter\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    extra = {
        name for name in done.stdout.split() if not name.startswith(("_", "sitecustomize", "usercustomize"))
    }
    assert extra == {"convlint"}
