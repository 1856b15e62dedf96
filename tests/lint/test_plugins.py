"""Plugins: the documented example built, installed and used; what cannot be used; what is never imported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convlint.cli import main
from convlint.lint import plugins

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "convlint-example"
NET = "from torch import nn\n\nnn.Conv2d(3, 50, 3, padding=1)\n"
RULE = """
from convlint.lint import Model, Severity
from convlint.lint.rule import rule

@rule("{code}", "{name}", Severity.ADVICE)
def a_rule(model: Model):
    yield from ()
"""
Rules = Callable[[str], tuple[int, str]]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs Python in a project folder with packages of its own; `plugins` go into its configuration."""

    def run(*words: str, plugins: str = "[]", first: tuple[str, ...] = ("-m", "convlint")) -> object:
        project = tmp_path / "project"
        project.mkdir(exist_ok=True)
        (project / "net.py").write_text(NET)
        (project / "convlint.toml").write_text(f"fail-on = 'advice'\nplugins = {plugins}\n")
        path = [str(tmp_path / "site"), os.environ.get("PYTHONPATH", ""), str(ROOT)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, path))}
        command = [sys.executable, *first, *words]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    return run  # type: ignore[return-value]


def install(folder: Path, name: str, text: str, *, module: str | None = None, version: str = "1.0") -> None:
    """Lay an installed package with one plugin into a folder, as pip would."""
    folder.mkdir(parents=True, exist_ok=True)
    module = module or f"{name}_rules"
    (folder / f"{module}.py").write_text(text)
    info = folder / f"{name}_package-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-package\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[convlint.rules]\n{name} = {module}\n")


def test_the_documented_example(run: Run, tmp_path: Path) -> None:
    setuptools = pytest.importorskip("setuptools")
    if int(setuptools.__version__.split(".")[0]) < 71:
        pytest.skip("this setuptools builds no wheels by itself")
    source = tmp_path / "convlint-example"
    shutil.copytree(EXAMPLE, source)
    pip = ["pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation", "--target"]
    built = run(*pip, str(tmp_path / "site"), str(source), first=("-m",))
    assert built.returncode == 0, built.stderr

    found = run("--output-format", "concise", "--no-cache", plugins="['example']")
    assert found.stdout.startswith("net.py:3:14: EX101 advice: 50 channels are no multiple of 8"), (
        found.stderr
    )
    assert found.returncode == 1
    assert "EX101" not in run("--no-cache").stdout
    assert run("explain", "EX101", plugins="['example']").stdout.startswith("EX101 uneven-channels (advice)")
    assert run("explain", "EX101").returncode == 2
    tested = run(first=(str(source / "test_example.py"),))
    assert tested.stdout == "the rule finds what its fixture expects\n", tested.stderr


@pytest.fixture
def rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Rules]:
    """`convlint rules` in this process: its exit code and what it writes, with these plugins configured."""
    site, project = tmp_path / "site", tmp_path / "project"
    for folder in (site, project):
        folder.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(str(site))
    before = set(sys.modules)

    def rules(named: str) -> tuple[int, str]:
        (project / "convlint.toml").write_text(f"fail-on = 'advice'\nplugins = {named}\n")
        plugins._load.cache_clear()
        code = main(["rules"])
        return code, "".join(capsys.readouterr())

    yield rules
    plugins._load.cache_clear()
    for name in set(sys.modules) - before:
        if name.endswith("_rules") and name != "convlint_rules":
            del sys.modules[name]


def test_a_plugin_that_is_not_installed(rules: Rules, tmp_path: Path) -> None:
    install(tmp_path / "site", "kernels", RULE.format(code="KE1", name="some"))
    code, said = rules("['kernel']")
    assert code == 2
    assert "convlint.toml:2: no plugin called kernel is installed (did you mean `kernels`?)" in said
    assert "take it out of `plugins`" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'; reinstall it"),
        ("def f(:", "SyntaxError: "),
        ("raise SystemExit('no')", "SystemExit: no"),
        ("x = 1", "has no rules"),
        (RULE.format(code="CL101", name="mine"), "CL101 is a rule convlint's own (CL101 linear-in-features)"),
        (
            RULE.format(code="KE1", name="even-kernel"),
            "even-kernel is a rule convlint's own (CL301 even-kernel)",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used(rules: Rules, tmp_path: Path, text: str, words: str) -> None:
    install(tmp_path / "site", "kernels", text)
    code, said = rules("['kernels']")
    assert code == 2
    assert "convlint.toml:2: the plugin kernels" in said
    assert words in said
    assert "Traceback" not in said
    assert rules("[]")[0] == 0


def test_two_plugins_of_one_code(rules: Rules, tmp_path: Path) -> None:
    install(tmp_path / "site", "one", RULE.format(code="KE1", name="a"))
    install(tmp_path / "site", "two", RULE.format(code="KE1", name="b"))
    code, said = rules("['one', 'two']")
    assert code == 2
    assert "the plugin two has a rule KE1 b, but KE1 is a rule of the plugin one (KE1 a)" in said
    assert rules("['two']")[0] == 0


def test_nothing_is_imported_that_no_configuration_names(rules: Rules, tmp_path: Path) -> None:
    install(tmp_path / "site", "kernels", "print('imported')")
    assert "imported" not in rules("[]")[1]


@pytest.mark.parametrize(
    "first", [("-m", "convlint"), ("-c", "import sys, convlint.cli as c; sys.exit(c.main())")]
)
def test_nothing_is_imported_from_the_working_folder(
    run: Run, tmp_path: Path, first: tuple[str, ...]
) -> None:
    project = tmp_path / "project"
    install(project, "evil", "print('imported')")
    result = run(plugins="['evil']", first=first)
    assert (result.returncode, result.stdout) == (2, "")
    assert "no plugin called evil is installed" in result.stderr

    install(tmp_path / "site", "kernels", RULE.format(code="KE1", name="some"))
    ours = ("tomli.py", "libcst.py") if first[0] == "-m" else ()
    for shadow in ("kernels_rules.py", *ours):
        (project / shadow).write_text("print('imported')")
    result = run("rules", plugins="['kernels']", first=first)
    assert "imported" not in result.stdout
    assert "KE1" in result.stdout
