"""Configuration files: which one counts, what it may say, and how mistakes in it are told."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from convlint.config import ConfigError, InputShape, ModelSettings, Settings, load


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def error_of(folder: Path, text: str) -> str:
    """The message, without the folder, for a pyproject.toml with this `[tool.convlint]`."""
    write(folder / "pyproject.toml", "[tool.convlint]\n" + text)
    with pytest.raises(ConfigError) as caught:
        load([folder])
    return str(caught.value).removeprefix(f"{folder}/")


def test_every_key_is_read(tmp_path: Path) -> None:
    write(
        tmp_path / "pyproject.toml",
        """
[tool.convlint]
select = ["CL1", "even-kernel"]
ignore = ["CL103"]
extend-select = ["CL208"]
fail-on = "error"
search-path = ["lib", "/opt/models"]
python = ".venv"
[tool.convlint.rules.parameter-heavy-layer]
max-params = "10M"
share = 0.5
on = true
names = ["a", 1]
[tool.convlint.models."src/unet.py:UNet"]
input = ["N", 3, 256, 256]
[tool.convlint.models]
"a.py:Siamese".input = [["N", 3, 64, 64], ["N", 10]]
"a.py:Named".input = {left = ["N", 3, "H", "W"], right = [1]}
"a.py:Unsaid" = {}
"a.py:Limited" = {max-params = "8M", max-macs = "1.5G", max-memory = "32 MiB"}
"a.py:Counted" = {max-params = 8000, max-memory = "30MB"}
""",
    )
    settings = load([tmp_path])
    assert replace(settings, source=None) == Settings(
        select=("CL1", "even-kernel"),
        ignore=("CL103",),
        extend_select=("CL208",),
        fail_on="error",
        search_path=(tmp_path / "lib", Path("/opt/models")),
        python=tmp_path / ".venv",
        rules={"parameter-heavy-layer": {"max-params": "10M", "share": 0.5, "on": True, "names": ("a", 1)}},
        models={
            "src/unet.py:UNet": ModelSettings((InputShape(("N", 3, 256, 256)),)),
            "a.py:Siamese": ModelSettings((InputShape(("N", 3, 64, 64)), InputShape(("N", 10)))),
            "a.py:Named": ModelSettings((InputShape(("N", 3, "H", "W"), "left"), InputShape((1,), "right"))),
            "a.py:Unsaid": ModelSettings(),
            "a.py:Limited": ModelSettings(max_params=8e6, max_macs=1.5e9, max_memory=32 * 2**20),
            "a.py:Counted": ModelSettings(max_params=8000, max_memory=30e6),
        },
    )
    assert settings.source is not None
    assert settings.source.path == tmp_path / "pyproject.toml"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "\nextend_select = []",
            "pyproject.toml:3: unknown key `extend_select` (did you mean `extend-select`?)",
        ),
        ("Select = []", "pyproject.toml:2: unknown key `Select` (did you mean `select`?)"),
        ("colour = 1", "pyproject.toml:2: unknown key `colour`"),
        (
            "select = 'CL1'",
            "pyproject.toml:2: `select`: expects a list of rule codes, code prefixes or rule names",
        ),
        (
            "ignore = [\n'CL1',\n7,\n]",
            "pyproject.toml:4: `ignore`: expects a list of rule codes, code prefixes or rule names",
        ),
        (
            "ignore = ['']",
            "pyproject.toml:2: `ignore`: expects a list of rule codes, code prefixes or rule names",
        ),
        (
            "fail-on = 'eror'",
            'pyproject.toml:2: `fail-on`: expects "advice", "warning" or "error" (did you mean `error`?)',
        ),
        ("python = ['a']", "pyproject.toml:2: `python`: expects a path"),
        ("search-path = 'src'", "pyproject.toml:2: `search-path`: expects a list of paths"),
        ("rules = []", "pyproject.toml:2: `rules`: expects a table of tables, one a rule"),
        ("rules.CL301 = 1", "pyproject.toml:2: `rules.CL301`: expects a table of the rule's options"),
        (
            "[tool.convlint.rules.a]\nb = 1\nc = {d = 1}",
            "pyproject.toml:4: `rules.a.c`: expects a string, a number, true or false, or a list of these",
        ),
        (
            "[tool.convlint.models.'a.py:A']\nmax-params = 'many'",
            'pyproject.toml:3: `models."a.py:A".max-params`: expects a number, or a text such as "8M"',
        ),
        (
            "[tool.convlint.models.'a.py:A']\nmax-memory = '8 apples'",
            'pyproject.toml:3: `models."a.py:A".max-memory`: expects a number, or a text such as "30MB"',
        ),
        (
            "[tool.convlint.models.'a.py:A']\nmax-macs = -1",
            'pyproject.toml:3: `models."a.py:A".max-macs`: expects a number, or a text such as "8M"',
        ),
        (
            "[tool.convlint.models.'a.py:A']\nmax-macs = true",
            'pyproject.toml:3: `models."a.py:A".max-macs`: expects a number, or a text such as "8M"',
        ),
        (
            "[tool.convlint.models.'a.py:A']\nmax-param = 1",
            'pyproject.toml:3: `models."a.py:A".max-param`: unknown key `max-param`'
            " (did you mean `max-params`?)",
        ),
        (
            "[tool.convlint.models.UNet]",
            'pyproject.toml:2: `models.UNet`: a model is named "path/to/file.py:Name", not "UNet"',
        ),
        (
            "[tool.convlint.models.'a.py:A']\ninputs = [1]",
            'pyproject.toml:3: `models."a.py:A".inputs`: unknown key `inputs` (did you mean `input`?)',
        ),
        (
            "[tool.convlint.models.'a.py:A']\n\ninput = [1, 0]",
            'pyproject.toml:4: `models."a.py:A".input`: an extent is an integer of at least 1,'
            " or a symbol such as H; 0 is neither",
        ),
        (
            "models.'a.py:A'.input = []",
            'pyproject.toml:2: `models."a.py:A".input`: an input is a list such as ["N", 3, 224, 224],'
            " a list of them, or a table of them by name",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert error_of(tmp_path, text) == message


@pytest.mark.parametrize("extent", ["0", "-1", "true", "2.5", "'-1'", "'H/2'", "''", "[1]", "'²'"])
def test_what_is_no_extent_is_refused(tmp_path: Path, extent: str) -> None:
    message = error_of(tmp_path, f"models.'a.py:A'.input = ['N', {extent}, 3]")
    assert message.startswith('pyproject.toml:2: `models."a.py:A".input`: an extent is an integer')


def test_the_nearest_file_that_speaks_of_convlint_counts(tmp_path: Path) -> None:
    source = write(tmp_path / "project" / "src" / "net.py")
    write(tmp_path / "pyproject.toml", "[tool.convlint]\nselect = ['CL1']\n")
    assert load([source]).select == ("CL1",)
    write(tmp_path / "project" / "pyproject.toml", "[tool.ruff]\n# convlint is not configured here\n")
    assert load([source]).select == ("CL1",)
    write(tmp_path / "project" / "convlint.toml", "select = ['CL2']\n")
    assert load([source]).select == ("CL2",)
    write(tmp_path / "project" / "src" / "pyproject.toml", "[tool.convlint]\nselect = ['CL3']\n")
    assert load([source]).select == ("CL3",)
    write(tmp_path / "project" / "src" / "convlint.toml", "select = ['CL4']\n")
    assert load([source]).select == ("CL4",)
    assert load([source], isolated=True) == Settings()


def test_several_paths_share_the_file_above_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = write(tmp_path / "left" / "a.py")
    right = write(tmp_path / "right" / "deep" / "b.py")
    write(tmp_path / "left" / "convlint.toml", "select = ['CL2']\n")
    write(tmp_path / "convlint.toml", "select = ['CL1']\n")
    assert load([left, right]).select == ("CL1",)
    assert load([left, left.parent]).select == ("CL2",)
    monkeypatch.chdir(left.parent)
    assert load([]).select == ("CL2",)
    assert load([Path("../right/deep/b.py")]).select == ("CL1",)


def test_a_named_file_counts_wherever_the_code_is(tmp_path: Path) -> None:
    source = write(tmp_path / "a" / "net.py")
    write(tmp_path / "a" / "convlint.toml", "select = ['CL1']\n")
    named = write(tmp_path / "b" / "strict.toml", "select = ['CL2']\nsearch-path = ['x']\n")
    assert load([source], config=named).select == ("CL2",)
    assert load([source], config=named).search_path == (tmp_path / "b" / "x",)
    with pytest.raises(ConfigError, match="No such file"):
        load([source], config=tmp_path / "absent.toml")


def test_tool_convlint_inside_convlint_toml_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "convlint.toml", "[tool.convlint]\nselect = []\n")
    with pytest.raises(ConfigError, match=r"convlint\.toml:1: in convlint\.toml the keys stand at the top"):
        load([tmp_path])


def test_broken_toml_that_is_not_ours_is_not_our_concern(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.other\n")
    assert load([tmp_path]) == Settings()
