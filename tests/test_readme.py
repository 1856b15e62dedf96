"""The README's own examples are taken at their word."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from convlint.cli import main
from tests.test_documentation import write_models

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_it_begins_with_two_commands() -> None:
    first, second = blocks("")[0].splitlines()
    assert first.startswith("pip install . && convlint ")
    assert (ROOT / first.rsplit(" ", 1)[1]).exists()
    assert second.startswith("pip install '.[test]' && pytest")


def test_its_configuration_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (configuration,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(configuration, encoding="utf-8")
    (tmp_path / "plain.py").touch()
    write_models(tmp_path, tomllib.loads(configuration)["tool"]["convlint"])
    monkeypatch.chdir(tmp_path)
    assert main(["-q"]) == 0


def test_its_flags_and_rules_exist(capsys: pytest.CaptureFixture[str]) -> None:
    helps = []
    for command in ("check", "summary"):
        main([command, "--help"])
        helps.append(capsys.readouterr().out)
    flags = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", TEXT)) - {"--help"}
    assert flags
    assert {flag for flag in flags if not any(flag in shown for shown in helps)} == set()
    main(["rules"])
    listed = capsys.readouterr().out
    for code in re.findall(r"\bCL\d{3}\b", TEXT):
        assert code in listed
    for words in re.findall(r"`convlint (explain [^`]+)`", TEXT):
        assert main(shlex.split(words)) == 0
