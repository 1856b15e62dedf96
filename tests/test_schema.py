"""The JSON schema of the configuration: fresh, and of one mind with what reads the configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
from jsonschema import Draft7Validator

from convlint.cli.engine import known_rules as known
from convlint.config import ConfigError, Settings, load, verify_rules
from convlint.lint.engine import known_rules

FILE = Path(__file__).parents[1] / "docs" / "convlint.schema.json"


def test_it_is_fresh() -> None:
    command = [sys.executable, "-m", "convlint", "rules", "--schema"]
    made = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert FILE.read_text(encoding="utf-8") == made, "convlint rules --schema > docs/convlint.schema.json"


GOOD = """
select = ["CL1", "even-kernel"]
extend-ignore = ["CL4"]
fail-on = "error"
required-version = ">=0.1,<99"
baseline = "known.json"
[per-file-ignores]
"tests/*" = ["CL2"]
[severity]
CL3 = "advice"
[rules.parameter-heavy-layer]
max-params = "40M"
[rules.CL401]
max-params = 4
[models."src/unet.py:UNet"]
input = ["N", 3, 256, 256]
max-params = "8M"
max-memory = 1000
[models."src/two.py:Two"]
input = { left = [1, 3, "H", "W"], right = [1, 10] }
"""
BAD = (
    "selct = []",
    'select = "CL1"',
    'fail-on = "never"',
    "[severity]\nCL1 = 3",
    "[rules.CL401]\nmax-parms = 3",
    "[rules.CL401]\nmax-params = [3]",
    "[rules.CL999]\na = 1",
    '[models."a.py"]\ninput = [1]',
    '[models."a.py:A"]\nimput = [1]',
    '[models."a.py:A"]\ninput = [0]',
    '[models."a.py:A"]\nmax-params = -1',
    'required-version = "newest"',
)


def accepted(folder: Path, text: str) -> bool:
    (folder / "convlint.toml").write_text(text)
    try:
        verify_rules(load([folder]), known(Settings(), None))
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(("text", "right"), [(GOOD, True), *((text, False) for text in BAD)])
def test_of_one_mind(tmp_path: Path, text: str, right: bool) -> None:
    validator = Draft7Validator(json.loads(FILE.read_text(encoding="utf-8")))
    assert validator.is_valid(tomli.loads(text)) is right
    assert accepted(tmp_path, text) is right


def test_a_rules_option_has_a_value_of_its_kind(tmp_path: Path) -> None:
    (tmp_path / "convlint.toml").write_text('\n[rules.CL401]\nmax-params = "lots"\n')
    with pytest.raises(
        ConfigError, match=r"convlint.toml:3: .*rules.CL401.max-params.: expects a number, or a text"
    ):
        verify_rules(load([tmp_path]), known(Settings(), None))


def test_every_rule_and_option_is_in_it() -> None:
    tables = json.loads(FILE.read_text(encoding="utf-8"))["properties"]["rules"]["properties"]
    for rule in known_rules(Settings(), None):
        assert (
            set(tables[rule.code]["properties"]) == set(tables[rule.name]["properties"]) == set(rule.options)
        )
