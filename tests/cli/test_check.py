"""`convlint check`: what it hands to the engine, what it writes, and its exit code."""

import io
import json
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from convlint.config import Settings
from convlint.lint.finding import Severity
from convlint.report import FORMATS
from tests.cli.conftest import RULES

ALL = (Severity.ADVICE, Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize(
    ("severities", "words", "code"),
    [
        ((), [], 0),
        (("advice",), [], 0),
        (("warning",), [], 1),
        (("error",), [], 1),
        (("advice", "error"), [], 1),
        (("advice",), ["--fail-on", "advice"], 1),
        (("warning",), ["--fail-on", "error"], 0),
        (("error",), ["--fail-on=error"], 1),
        (("error",), ["--exit-zero"], 0),
    ],
)
def test_the_exit_code_follows_from_the_worst_finding(convlint, engine, severities, words, code) -> None:
    engine.severities = tuple(map(Severity, severities))
    assert convlint(*words).code == code


def test_text_is_the_default_and_ends_with_a_count(convlint, engine) -> None:
    engine.severities = (Severity.ERROR,)
    outcome = convlint()
    assert outcome.out == (
        "net.py:1:2: CL101 error: some error\n  |\n1 | abc\n  |  ^\n  |\n\nFound 1 error.\n"
    )
    assert outcome.err == ""


def test_nothing_found_says_so(convlint) -> None:
    assert convlint().out == "All checks passed.\n"
    assert convlint("-q").out == ""


def test_no_files_to_check_is_remarked(convlint, engine) -> None:
    engine.files = ()
    outcome = convlint()
    assert outcome.code == 0
    assert outcome.err == "convlint: warning: no Python files or notebooks found\n"


def test_concise_and_json(convlint, engine) -> None:
    engine.severities = ALL
    assert convlint("--output-format", "concise", "-q").out.splitlines() == [
        "net.py:1:2: CL208 advice: some advice",
        "net.py:1:2: CL401 warning: some warning",
        "net.py:1:2: CL101 error: some error",
    ]
    read = json.loads(convlint("--output-format=json").out)
    assert [finding["severity"] for finding in read] == ["advice", "warning", "error"]


def test_statistics_replace_the_findings(convlint, engine) -> None:
    engine.severities = (Severity.ERROR,)
    assert convlint("--statistics").out == "1  CL101  linear-in-features\nFound 1 error.\n"
    assert json.loads(convlint("--statistics", "--output-format=json").out)[0]["count"] == 1


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab", "junit", "rdjson", "checkstyle"])
def test_statistics_are_refused_in_formats_made_of_findings(convlint, engine, name: str) -> None:
    engine.severities = (Severity.ERROR,)
    outcome = convlint("--statistics", "--output-format", name)
    assert outcome.code == 2
    assert f"`--output {name}=FILE`" in outcome.err
    assert (
        convlint("--statistics", "--output", f"{name}=x").out
        == "1  CL101  linear-in-features\nFound 1 error.\n"
    )
    assert Path("x").read_text() != ""


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_goes_to_standard_output_and_to_files_alike(convlint, engine, name: str) -> None:
    engine.severities = ALL
    outcome = convlint("--output-format", name, "--output", f"{name}=a", "--output", f"{name}=b", "-q")
    assert outcome.code == 1
    assert Path("a").read_text(encoding="utf-8") == Path("b").read_text(encoding="utf-8") == outcome.out
    assert convlint("--output-format", name, "--show-files").out == "./net.py\n"


def test_sarif_knows_the_pages_of_the_rules(convlint, engine) -> None:
    engine.severities = (Severity.ERROR,)
    (run,) = json.loads(convlint("--output-format", "sarif").out)["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["help"]["markdown"] == RULES[0].doc.strip()


def test_paths_are_those_of_the_checkout_that_the_service_tells(
    convlint, engine, monkeypatch, tmp_path
) -> None:
    engine.severities = (Severity.ERROR,)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    assert json.loads(convlint("--output-format", "gitlab").out)[0]["location"]["path"] == "sub/net.py"
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path / "elsewhere"))
    assert json.loads(convlint("--output-format", "gitlab").out)[0]["location"]["path"] == "net.py"


def test_junit_fails_what_fails_the_run(convlint, engine) -> None:
    engine.severities = (Severity.WARNING,)
    assert 'failures="1"' in convlint("--output-format", "junit").out
    assert 'failures="0"' in convlint("--output-format", "junit", "--fail-on", "error").out


def test_output_files_are_written_besides(convlint, engine, tmp_path: Path) -> None:
    engine.severities = (Severity.ERROR,)
    outcome = convlint("--output", "json=a.json", "--output=concise=b=c.txt", "--color", "always", "-q")
    assert outcome.code == 1
    assert "\x1b[" in outcome.out
    assert json.loads((tmp_path / "a.json").read_text())[0]["code"] == "CL101"
    assert (tmp_path / "b=c.txt").read_text() == "net.py:1:2: CL101 error: some error\n"


def test_paths_are_handed_on_and_default_to_the_current_folder(convlint, engine, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.py").touch()
    convlint("a", "b.py")
    assert engine.paths == [Path("a"), Path("b.py")]
    convlint("check")
    assert engine.paths == [Path()]


def test_settings_come_from_the_file_and_the_flags(convlint, engine, tmp_path: Path) -> None:
    (tmp_path / "convlint.toml").write_text("select = ['CL1']\nignore = ['CL4']\nfail-on = 'error'\n")
    convlint()
    assert replace(engine.settings, source=None) == Settings(
        select=("CL1",), ignore=("CL4",), fail_on="error"
    )
    convlint(
        "--ignore", "CL101,CL208", "--extend-select=CL401", "--search-path", "lib", "--search-path", "/x"
    )
    assert replace(engine.settings, source=None) == Settings(
        select=("CL1",),
        ignore=("CL4", "CL101", "CL208"),
        extend_select=("CL401",),
        fail_on="error",
        search_path=(tmp_path / "lib", Path("/x")),
    )
    convlint("--isolated")
    assert replace(engine.settings, source=None) == Settings()
    (tmp_path / "other.toml").write_text("select = ['CL2']\n")
    convlint("--config", "other.toml")
    assert replace(engine.settings, source=None) == Settings(select=("CL2",))


def test_show_files_lists_and_checks_nothing(convlint, engine, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert convlint("--show-files", "a").out == "a/net.py\n"
    assert engine.settings is None


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_has_the_name_it_is_given(convlint, engine, monkeypatch) -> None:
    engine.severities = (Severity.ERROR,)
    stdin(monkeypatch, b"x = 1\r\n")
    assert convlint("-", "-q", "--output-format=concise").out == "<stdin>:1:2: CL101 error: some error\n"
    assert engine.text == "x = 1\r\n"
    stdin(monkeypatch, "# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    outcome = convlint("-", "-q", "--output-format=concise", "--stdin-filename", "src/a.py")
    assert outcome.out == "src/a.py:1:2: CL101 error: some error\n"
    assert engine.text == "# coding: latin-1\nx = 'é'\n"


def test_the_name_of_standard_input_decides_its_configuration(
    convlint, engine, monkeypatch, tmp_path
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "convlint.toml").write_text("select = ['CL1']\n")
    stdin(monkeypatch, b"")
    convlint("-", "--stdin-filename", "src/a.py")
    assert replace(engine.settings, source=None) == Settings(select=("CL1",))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--frobnicate"],
            "unrecognized arguments: --frobnicate (`convlint check --help` lists the options)",
        ),
        (["--sel", "CL1"], "unrecognized arguments: --sel (`convlint check --help` lists the options)"),
        (["absent.py"], "absent.py: No such file or directory"),
        (["nul\0"], "embedded null"),
        (["new\nline"], "new\\nline: No such file or directory"),
        (["-", "a.py"], "standard input (-) cannot be checked together with paths"),
        (["--select", "CL9"], "--select: no rule is called `CL9`"),
        (["--ignore", "CL101,linear-features"], "--ignore: no rule is called `linear-features`"),
        (["--fail-on", "eror"], '--fail-on expects "advice", "warning" or "error" (did you mean `error`?)'),
        (["--config", "absent.toml"], "absent.toml: cannot be read: No such file or directory"),
        (
            ["--output", "xml=a"],
            "argument --output: expects FORMAT=FILE with a format out of text, concise, json",
        ),
        (["--output", "json"], "argument --output: expects FORMAT=FILE"),
        (["--output", "json=no/such/folder.json"], "no/such/folder.json: No such file or directory"),
        (["--output-format", "xml"], "argument --output-format: invalid choice: 'xml'"),
    ],
)
def test_mistakes_are_told_in_a_line_with_exit_code_2(convlint, words, message) -> None:
    outcome = convlint(*words)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("convlint: error: ")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_mistake_in_the_configuration_names_its_line(convlint, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.convlint]\n\nignore = ['CL402']\n")
    outcome = convlint()
    assert outcome.code == 2
    assert outcome.err == (
        f"convlint: error: {tmp_path}/pyproject.toml:3: `ignore`: no rule is called `CL402`"
        " (did you mean `CL401`?)\n"
    )


def test_input_that_is_no_text_is_the_users_to_mend(convlint, monkeypatch) -> None:
    stdin(monkeypatch, b"x = '\xff'\n")
    outcome = convlint("-")
    assert outcome.code == 2
    assert outcome.err.startswith("convlint: error: standard input: ")


def test_verbose_tells_the_configuration_and_the_time(convlint, tmp_path: Path) -> None:
    assert convlint("-v").err.startswith("convlint: configuration: none\nconvlint: 1 files in ")
    (tmp_path / "convlint.toml").touch()
    assert convlint("-v").err.startswith(f"convlint: configuration: {tmp_path}/convlint.toml\n")


def test_a_crash_is_exit_code_2_and_asks_for_a_report(convlint, engine) -> None:
    engine.crash = RecursionError("deep")
    outcome = convlint()
    assert outcome.code == 2
    assert "RecursionError: deep" in outcome.err
    assert "internal error" in outcome.err


def test_an_interruption_leaves_no_traceback(convlint, engine) -> None:
    engine.crash = KeyboardInterrupt()
    outcome = convlint()
    assert (outcome.code, outcome.err) == (130, "convlint: interrupted\n")
