"""Analysed code never runs: traps at module level stay shut, and an audit hook sees none of it executed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TRAPS = """
import os
import subprocess
import a_module_that_is_not_there
import trap_helper

open("written.txt", "w").write("it ran")
os.system("touch system.txt")
subprocess.run(["touch", "process.txt"])
exec("open('executed.txt', 'w')")
eval("open('evaluated.txt', 'w')")
__import__("trap_imported")

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        open("built.txt", "w").write("it ran")
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.next = nn.Conv2d(9, 8, 3, padding=1)

    def forward(self, x):
        os.system("touch called.txt")
        return self.next(self.conv(x))


Net()(torch.zeros(1, 3, 8, 8))
raise SystemExit("the end")
"""

WATCH = """
import json, sys
seen = []

def hook(event, args):
    if event in ("exec", "open", "import", "os.system", "subprocess.Popen", "os.exec", "os.posix_spawn",
    "socket.connect"):
        first = args[0] if args else None
        name = getattr(first, "co_filename", first)
        mode = args[1] if event == "open" and len(args) > 1 else None
        seen.append((event, str(name), str(mode)))

sys.addaudithook(hook)
import convlint

findings = convlint.check([sys.argv[1]])
codes = [finding.code for finding in findings]
print(json.dumps({"seen": seen, "codes": codes, "modules": sorted(sys.modules)}))
"""


def watched(folder: Path) -> tuple[list[list[str]], list[str], list[str]]:
    run = subprocess.run(
        [sys.executable, "-c", WATCH, str(folder / "trap.py")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer = json.loads(run.stdout)
    return answer["seen"], answer["codes"], answer["modules"]


def test_traps_stay_shut(tmp_path: Path) -> None:
    (tmp_path / "trap.py").write_text(TRAPS)
    (tmp_path / "trap_helper.py").write_text("open('helper.txt', 'w')\n")
    (tmp_path / "trap_imported.py").write_text("open('imported.txt', 'w')\n")
    seen, codes, modules = watched(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "trap.py",
        "trap_helper.py",
        "trap_imported.py",
    ]
    assert "CL102" in codes, "the code was analysed all the same"
    assert not {"trap", "trap_helper", "trap_imported", "torch"} & set(modules)
    for event, name, mode in seen:
        assert event not in ("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "socket.connect")
        if event == "exec":
            assert not name.startswith(str(tmp_path)), name
        if event == "open" and name.startswith(str(tmp_path)):
            assert mode in ("r", "rb", "None"), (name, mode)
