"""`convlint completion`: the scripts, run in the shells that they are for."""

import shutil
import subprocess
from pathlib import Path

import pytest

FINDS = {
    ("",): {"check", "summary", "completion"},
    ("s",): {"summary", "server", "src"},
    ("check", "--out"): {"--output", "--output-format"},
    ("--output-format", "s"): {"sarif"},
    ("check", "--fail-on", ""): {"advice", "warning", "error"},
    ("--select", "CL2"): {"CL208"},
    ("explain", "dil"): {"dilation-gridding"},
    ("completion", "z"): {"zsh"},
    ("summary", "--output-format", "j"): {"json"},
    ("src", "--color", "n"): {"never"},
}
"""What is on the line, the last word still being written, and what is offered among others."""

CASES = pytest.mark.parametrize(("line", "wanted"), list(FINDS.items()), ids=[" ".join(key) for key in FINDS])


def in_shell(shell: str, code: str) -> list[str]:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} on this machine")
    ran = subprocess.run([program, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return ran.stdout.split("\n")


@pytest.fixture
def script(convlint, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The script of the shell that the test names, in a folder with a `src`."""
    outcome = convlint("completion", request.param)
    assert outcome.code == 0
    (tmp_path / "src").mkdir()
    (tmp_path / "script").write_text(outcome.out, encoding="utf-8")
    return tmp_path / "script"


@CASES
@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash(script: Path, line: tuple[str, ...], wanted: set[str]) -> None:
    words = " ".join(f"'{word}'" for word in ("convlint", *line))
    asked = f'COMP_WORDS=({words}); COMP_CWORD={len(line)}; _convlint; printf "%s\\n" "${{COMPREPLY[@]}}"'
    offered = set(in_shell("bash", f"cd {script.parent}; source {script}; {asked}"))
    assert wanted <= offered
    assert all(word.startswith(line[-1]) for word in offered - {""})


@pytest.mark.parametrize("script", ["bash"], indirect=True)
def test_bash_takes_an_equals_sign_for_a_word(script: Path) -> None:
    asked = 'COMP_WORDS=(convlint --color = n); COMP_CWORD=3; _convlint; echo "${COMPREPLY[@]}"'
    assert in_shell("bash", f"source {script}; {asked}") == ["never", ""]


@CASES
@pytest.mark.parametrize("script", ["fish"], indirect=True)
def test_fish(script: Path, line: tuple[str, ...], wanted: set[str]) -> None:
    asked = " ".join(("convlint", *line))
    rows = in_shell("fish", f"cd {script.parent}; source {script}; complete -C '{asked}'")
    offered = {row.partition("\t")[0].removesuffix("/") for row in rows}
    assert wanted <= offered


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_hands_the_command_of_the_line_to_its_own_function(script: Path) -> None:
    stub = '_arguments() { print -rl -- "$words" "$CURRENT" "$@" }; _describe() { print -l $commands }'
    asked = "words=(convlint summary --output-format j); CURRENT=4"
    lines = in_shell("zsh", f"{stub}; {asked}; source {script}")
    assert lines[:2] == ["convlint --output-format j", "3"]
    assert any(
        line.startswith("*--output-format=[") and line.endswith(":value:(table json csv markdown)")
        for line in lines
    )
    assert "check:lint files and folders; what `convlint PATH` does" not in lines


@pytest.mark.parametrize("script", ["zsh"], indirect=True)
def test_zsh_offers_commands_where_one_may_stand(script: Path) -> None:
    stub = "_arguments() { }; _describe() { print -l $commands }"
    lines = in_shell("zsh", f"{stub}; words=(convlint c); CURRENT=2; source {script}")
    assert "check:lint files and folders; what `convlint PATH` does" in lines


def test_an_unknown_shell_is_refused(convlint) -> None:
    outcome = convlint("completion", "tcsh")
    assert outcome.code == 2
    assert "tcsh" in outcome.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_option_of_check_is_in_the_script(convlint, shell: str) -> None:
    script = convlint("completion", shell).out
    for option in ("output-format", "stdin-filename", "extend-select", "exit-zero"):
        assert option in script
