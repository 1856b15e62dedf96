"""Lines of keys in TOML files, whatever the way they are written."""

from pathlib import Path

import pytest

from convlint.config.error import ConfigError
from convlint.config.toml import TomlFile

TEXT = '''\
# tool.convlint.select = 1
[build-system]
text = """
[tool.convlint]
select = ["CL9"]
"""

[tool]
convlint.ignore = [
  # the next line names a rule
  "CL1",
  "CL2", "CL301",
]
"convlint".'extend-select' = []
[tool.convlint.rules . "parameter-heavy-layer"]
max-params = "10M"
[tool.convlint.models]
"src/unet.py:UNet" = {input = [1, 3]}
'''
FILE = TomlFile(Path("pyproject.toml"), TEXT, ("tool", "convlint"))


@pytest.mark.parametrize(
    ("keys", "word", "line"),
    [
        (("ignore",), None, 9),
        (("ignore",), "CL1", 11),
        (("ignore",), "CL301", 12),
        (("ignore",), "not there", 9),
        (("extend-select",), None, 14),
        (("rules",), None, 15),
        (("rules", "parameter-heavy-layer"), None, 15),
        (("rules", "parameter-heavy-layer", "max-params"), None, 16),
        (("models",), None, 17),
        (("models", "src/unet.py:UNet"), None, 18),
        (("models", "src/unet.py:UNet", "input"), None, 18),
        ((), None, 9),
        (("select",), None, None),
        (("ignore", "CL1"), None, None),
    ],
)
def test_line_of_a_key(keys: tuple[str, ...], word: str | None, line: int | None) -> None:
    assert FILE.line_of(keys, word) == line


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", range(4))
def test_every_line_of_a_file_is_found(blank: int, newline: str) -> None:
    keys = [f"key{number}" for number in range(20)]
    lines = [line for key in keys for line in (*[""] * blank, f"{key} = 1")]
    file = TomlFile(Path("x.toml"), newline.join(lines))
    assert [file.line_of((key,)) for key in keys] == [lines.index(f"{key} = 1") + 1 for key in keys]


def test_a_file_without_the_table_has_none() -> None:
    assert TomlFile(Path("p"), "[tool.ruff]\n", ("tool", "convlint")).table() is None
    assert TomlFile(Path("p"), "tool = 1\n", ("tool", "convlint")).table() is None
    assert TomlFile(Path("p"), "[tool.convlint]\n", ("tool", "convlint")).table() == {}


def test_what_is_not_toml_is_an_error_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"^p\.toml:2: not valid TOML: ") as caught:
        TomlFile(Path("p.toml"), "a = 1\nb == 2\n").table()
    assert caught.value.line == 2


def test_the_table_has_to_be_one() -> None:
    with pytest.raises(ConfigError, match=r"^p\.toml:3: `tool.convlint` has to be a table$"):
        TomlFile(Path("p.toml"), "\n[tool]\nconvlint = 3\n", ("tool", "convlint")).table()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        TomlFile.read(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"a = '\xe9'\n")
    with pytest.raises(ConfigError, match=r"not UTF-8 \(byte 5\)"):
        TomlFile.read(latin)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbfselect = []\n")
    assert TomlFile.read(file).table() == {"select": []}
