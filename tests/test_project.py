"""What the project says of itself: its packaging."""

import importlib.util
import subprocess
import sys
from importlib.metadata import distribution, entry_points
from pathlib import Path

import pytest

import convlint

ROOT = Path(__file__).parent.parent


def test_the_version_is_the_distributions() -> None:
    assert distribution("convlint").version == convlint.__version__


def test_the_built_in_rules_come_through_the_entry_point_of_plugins() -> None:
    assert "convlint_rules" in {entry.value for entry in entry_points(group="convlint.rules")}
    assert importlib.util.find_spec("convlint_rules") is not None


def test_no_package_called_rules_is_installed(tmp_path: Path) -> None:
    code = "import importlib.util as u; print(u.find_spec('rules'))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout == "None\n"


@pytest.mark.parametrize(("folder", "name"), [("convlint", "convlint"), ("rules", "convlint_rules")])
def test_every_module_of_the_checkout_is_installed(folder: str, name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent
    here = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*.py")}
    there = {path.relative_to(installed) for path in installed.rglob("*.py")}
    assert here == there
    assert (installed / "py.typed").is_file()
