"""Where linters run: the pre-commit hooks, flake8's plugin, and the files for CI services."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from convlint.cli import main
from convlint.flake8 import Plugin

ROOT = Path(__file__).parent.parent
BUGGY = (ROOT / "fixtures" / "models" / "lenet5_broken.py").read_text(encoding="utf-8")
CLEAN = "from torch import nn\n\nmodel = nn.Conv2d(3, 8, 3, padding=1)\n"
UNRELATED = "import json\n\nprint(json.dumps({}))\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a buggy, a clean and an unrelated file, which is the current one."""
    for name, text in (("buggy", BUGGY), ("clean", CLEAN), ("unrelated", UNRELATED)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- pre-commit ----------------------------------------------------------------------------------------------


def hooks() -> dict[str, str]:
    """The blocks of the manifest by their ids."""
    manifest = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    return {
        block.split("\n", 1)[0]: block for block in re.split(r"^- id: ", manifest, flags=re.MULTILINE)[1:]
    }


@pytest.mark.parametrize("hook", ["convlint", "convlint-fix"])
@pytest.mark.parametrize(("file", "code"), [("buggy", 1), ("clean", 0), ("unrelated", 0)])
def test_the_entry_of_a_hook_runs_on_a_file(
    project: Path, hook: str, file: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    block = hooks()[hook]
    (entry,) = re.findall(r"^  entry: convlint (.*)$", block, re.MULTILINE)
    assert main([*entry.split(), f"{file}.py"]) == code
    assert ("buggy.py:13:30: CL101 error" in capsys.readouterr().out) is (code == 1)
    for line in ("types_or: [python, pyi, jupyter]", "require_serial: true", "verbose: true"):
        assert f"  {line}\n" in block


@pytest.mark.long
def test_pre_commit_installs_and_runs_the_hook(project: Path) -> None:
    """Needs a package registry, for pre-commit installs this checkout and what it depends on."""
    program = shutil.which("pre-commit", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if program is None:
        pytest.skip("pre-commit is not installed")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(project / ".home"), "PRE_COMMIT_COLOR": "never"}
    environment.pop("PYTHONPATH", None)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, env=environment, cwd=project, capture_output=True, text=True, check=False
        )

    for words in (["git", "init", "-q"], ["git", "add", "*.py"]):
        assert run(*words).returncode == 0
    buggy = run(program, "try-repo", str(ROOT), "convlint", "--files", "buggy.py")
    assert buggy.returncode == 1, buggy.stdout + buggy.stderr
    assert "buggy.py:13:30: CL101 error: `fc1` expects 400 features, 256 arrive" in buggy.stdout
    rest = run(program, "try-repo", str(ROOT), "convlint", "--files", "clean.py", "unrelated.py")
    assert rest.returncode == 0, rest.stdout + rest.stderr
    assert "Passed" in rest.stdout
    assert "All checks passed." in rest.stdout


# -- flake8 --------------------------------------------------------------------------------------------------


def test_flake8_finds_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = project["entry-points"]["flake8.extension"].items()
    assert entry == ("CL", f"{Plugin.__module__}:{Plugin.__name__}")


def test_the_plugin_tells_rows_from_1_and_columns_from_0(project: Path) -> None:
    lines = BUGGY.splitlines(keepends=True)
    told = list(Plugin(ast.parse(BUGGY), "buggy.py", lines).run())
    assert (13, 29, "CL101 `fc1` expects 400 features, 256 arrive (16·4·4)", Plugin) in told
    assert list(Plugin(ast.parse(CLEAN), "stdin", [CLEAN]).run()) == []


# -- CI services ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["action.yml", "gitlab.yml"])
def test_the_files_for_services_use_options_that_exist(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "ci" / file).read_text(encoding="utf-8")
    main(["check", "--help"])
    shown = capsys.readouterr().out
    lines = [line for line in text.splitlines() if re.search(r"convlint\"? check|--output", line)]
    flags = {flag for line in lines for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    assert flags
    assert [flag for flag in flags if flag not in shown] == []


def test_the_action_runs_its_script_on_hostile_inputs(project: Path) -> None:
    """The script of its last step, with a convlint that prints its arguments."""
    text = (ROOT / "docs" / "ci" / "action.yml").read_text(encoding="utf-8")
    script = "\n".join(line.strip() for line in text.rpartition("run: |\n")[2].splitlines())
    echo = project / "convlint" / "bin" / "convlint"
    echo.parent.mkdir(parents=True)
    echo.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n', encoding="utf-8")
    echo.chmod(0o755)
    inputs = {
        "CONVLINT_PATHS": "src *.py $(touch x)",
        "CONVLINT_ARGS": "--fail-on error",
        "CONVLINT_SARIF": "a b",
    }
    ran = subprocess.run(
        ["bash", "-e", "-c", script],
        env={**os.environ, **inputs, "CONVLINT_SARIF": "a b", "RUNNER_TEMP": str(project)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == (
        "<check><--output-format><github><--output><sarif=a b><--fail-on><error><--><src><*.py><$(touch><x)>"
    )
    assert not (project / "x").exists()
