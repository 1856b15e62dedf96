"""Which command a command line means, and the small commands."""

import subprocess
import sys
from pathlib import Path

import pytest

from convlint import __version__
from convlint.cli.commands import COMMANDS, load_command, split_command


@pytest.mark.parametrize(
    ("words", "command", "rest"),
    [
        ([], "check", []),
        (["src/"], "check", ["src/"]),
        (["check", "src/"], "check", ["src/"]),
        (["check", "check"], "check", ["check"]),
        (["rules"], "rules", []),
        (["./rules"], "check", ["./rules"]),
        (["src", "rules"], "check", ["src", "rules"]),
        (["-q", "check", "src"], "check", ["-q", "src"]),
        (["--color", "never", "explain", "CL1"], "explain", ["--color", "never", "CL1"]),
        (["--color=never", "explain", "CL1"], "explain", ["--color=never", "CL1"]),
        (["--select", "rules", "src"], "check", ["--select", "rules", "src"]),
        (["--select", "rules", "summary", "a.py"], "summary", ["--select", "rules", "a.py"]),
        (["-", "rules"], "check", ["-", "rules"]),
        (["--", "rules"], "check", ["--", "rules"]),
    ],
)
def test_the_first_word_that_is_a_command_is_the_command(
    words: list[str], command: str, rest: list[str]
) -> None:
    assert split_command(words) == (command, rest)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(convlint, name: str) -> None:
    outcome = convlint(name, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith(f"usage: convlint {name}")
    assert load_command(name).parser().description in " ".join(outcome.out.split())


def test_the_overview_names_every_command(convlint) -> None:
    outcome = convlint("--help")
    assert outcome.code == 0
    assert all(f"\n  {name} " in outcome.out for name in COMMANDS)


def test_the_version_is_told_without_loading_anything_heavy() -> None:
    heavy = {"argparse", "libcst", "tomli", "convlint.config", "convlint.report"}
    code = (
        f"import sys; from convlint.cli import main; main(['--version']); print({heavy} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == f"convlint {__version__}\nset()\n"


def test_the_module_runs_as_the_command_does(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "convlint", "--frobnicate"]
    told = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith("convlint: error: unrecognized arguments: --frobnicate")


def test_rules_are_listed_with_the_first_sentence_of_their_page(convlint) -> None:
    assert convlint("rules").out.splitlines() == [
        "CL101  linear-in-features     error    A linear layer gets another number of features.",
        "CL208  dilation-gridding      advice   Equal dilations leave gaps. (off by default)",
        "CL401  parameter-heavy-layer  warning  Too heavy.",
    ]


@pytest.mark.parametrize("name", ["CL401", "cl401", "parameter-heavy-layer", "Parameter-Heavy-Layer"])
def test_a_rule_is_explained_by_code_or_name(convlint, name: str) -> None:
    assert convlint("explain", name).out == (
        "CL401 parameter-heavy-layer (warning)\n\nToo heavy.\n\n## What it does\nCounts.\n\n"
        "## Options\n`max-params` in `[tool.convlint.rules.parameter-heavy-layer]`\n"
    )


def test_a_rule_that_is_off_says_so(convlint) -> None:
    assert convlint("explain", "CL208").out.startswith("CL208 dilation-gridding (advice, off by default)\n")


def test_a_rule_that_does_not_exist_gets_a_suggestion(convlint) -> None:
    outcome = convlint("explain", "linear-features")
    assert outcome.code == 2
    assert outcome.err == (
        "convlint: error: no rule is called `linear-features` (did you mean `linear-in-features`?);"
        " `convlint rules` lists them\n"
    )


def test_the_language_server_needs_its_extra(convlint, monkeypatch) -> None:
    for name in [name for name in sys.modules if name.startswith("convlint.server")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    outcome = convlint("server")
    assert outcome.code == 2
    assert "convlint[lsp]" in outcome.err
