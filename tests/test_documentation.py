"""The documentation: pages that write themselves, examples that are accepted, links that lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from convlint.cli import main
from convlint.config import Settings, options
from convlint.lint.engine import all_rules, check_source
from convlint.lint.rule import Rule
from convlint.version import DOCUMENTATION

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
RULES = all_rules()


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """The hook that makes pages."""
    spec = importlib.util.spec_from_file_location("pages", DOCS / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(text: str) -> list[str]:
    """The text without the marks of Markdown."""
    return re.sub(r"```\w*|^ *#+ ", "", text, flags=re.MULTILINE).split()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_the_page_that_explain_prints(
    rule: Rule, pages: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    page = pages.rule_page(rule)
    assert page.startswith(f"# {rule.code} {rule.name}\n")
    assert main(["explain", rule.code, "--isolated"]) == 0
    printed = capsys.readouterr().out.partition("\n")[2].partition("## Options")[0]
    assert " ".join(words(printed)) in " ".join(words(page))
    assert page.count("```") % 2 == 0
    assert all(f"\n{option} = " in page for option in rule.options)
    assert rule.url == f"{DOCUMENTATION}rules/{rule.code}/"


def test_what_is_said_of_neovim_is_what_was_tried_there() -> None:
    tried = (ROOT / "editors" / "neovim" / "convlint.lua").read_text()
    assert f"```lua\n{tried}```\n" in (DOCS / "editors.md").read_text()


def test_the_list_has_every_rule(pages: ModuleType) -> None:
    listed = re.findall(r"^\| \[(\w+)\]\(\1\.md\) \| ([\w-]+) \|", pages.rules_index(RULES), re.MULTILINE)
    assert listed == [(rule.code, rule.name) for rule in RULES]
    assert {rule.code[:3] for rule in RULES} <= set(pages.FAMILIES)


def test_every_key_of_the_configuration_is_told(pages: ModuleType) -> None:
    text = pages.on_page_markdown((DOCS / "configuration.md").read_text(encoding="utf-8"))
    assert re.findall(r"^### `(.*)`$", text, re.MULTILINE) == [option.key for option in options()]
    assert pages.KEYS not in text


def test_a_finding_points_at_its_page() -> None:
    (finding,) = check_source(
        "import torch\ntorch.nn.Linear(9, 4)(torch.zeros(2, 8))\n", "a.py", Settings()
    ).findings
    assert finding.url == f"{DOCUMENTATION}rules/CL101/"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_configurations_shown_are_accepted(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.py").touch()
    for block in re.findall(
        r"^```toml\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ):
        table = tomllib.loads(block).get("tool", {}).get("convlint", {})
        if table and "plugins" not in table:
            (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
            write_models(tmp_path, table)
            assert main(["-q", "--no-cache"]) == 0


def write_models(folder: Path, table: dict[str, dict[str, object]]) -> None:
    """The files and classes of the models that a configuration names."""
    for target in table.get("models", {}):
        file, _, name = target.rpartition(":")
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        with (folder / file).open("a", encoding="utf-8") as source:
            source.write(f"class {name}: pass\n")


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    made = {f"rules/{rule.code}.md" for rule in RULES} | {"rules/index.md"}
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert target in made or (path.parent / target).exists(), target
