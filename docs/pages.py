"""The pages that write themselves: one a rule from its docstring, the list of rules, every configuration key.

mkdocs runs this file as a hook (`mkdocs.yml`); the functions that make the text need convlint alone. A new
rule or key appears without anything being touched here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convlint.cli.rules import first_sentence
from convlint.config import Option, Settings, options
from convlint.lint.engine import all_rules
from convlint.lint.rule import Rule
from convlint.version import DOCUMENTATION

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

FAMILIES = {
    "CL0": "Meta",
    "CL1": "Shape errors: it will crash",
    "CL2": "Spatial geometry",
    "CL3": "Kernels",
    "CL4": "Parameters and compute",
    "CL5": "Structure and wiring",
    "CL6": "Traps of the frameworks",
}
KEYS = "<!-- every key -->"


# -- text ----------------------------------------------------------------------------------------------------


def rule_page(rule: Rule) -> str:
    """What `convlint explain` prints, as a page: title, severity, the docstring, the options."""
    default = "on by default" if rule.on else "off by default: select it"
    lines = [f"# {rule.code} {rule.name}", "", f"*{rule.severity.value.capitalize()}, {default}.*", ""]
    lines.append(fenced(rule.doc))
    if rule.defaults:
        lines += ["", "## Options", "", "```toml", f"[tool.convlint.rules.{rule.name}]"]
        lines += [f"{key} = {toml(value)}" for key, value in rule.defaults.items()]
        lines += ["```", "", "The values are the defaults."]
    return "\n".join(lines) + "\n"


def fenced(doc: str) -> str:
    """The docstring with its indented examples as blocks of Python, and blank lines around headings."""
    result: list[str] = []
    code: list[str] = []
    for line in [*doc.splitlines(), ""]:
        if line.startswith("    ") or (code and not line.strip()):
            code.append(line[4:])
            continue
        if code:
            result += [*_block(code), ""]
            code = []
        if line.startswith("## "):
            result += ["", line, ""]
        else:
            result.append(line)
    if code:
        result += _block(code)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(result)).strip()


def _block(code: list[str]) -> list[str]:
    text = "\n".join(code).rstrip()
    return [f"```{'toml' if text.startswith('[') else 'python'}", text, "```"]


def rules_index(rules: Iterable[Rule]) -> str:
    """Every rule in a table a family."""
    lines = ["# Rules", "", "`convlint explain CODE` prints a rule's page, `convlint rules` this list.", ""]
    family = None
    for rule in rules:
        if rule.code[:3] != family:
            family = rule.code[:3]
            lines += ["", f"## {FAMILIES.get(family, family)}", "", "| code | name | severity | finds |"]
            lines.append("| --- | --- | --- | --- |")
        found = first_sentence(rule.doc).replace("|", "\\|")
        off = "" if rule.on else " *(off by default)*"
        severity = rule.severity.value
        lines.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {severity} | {found}{off} |")
    return "\n".join(lines) + "\n"


def keys(settings: Iterable[Option]) -> str:
    """Every key of the configuration: what it says, what it expects, its default and its flag."""
    defaults = Settings()
    parts = []
    for option in settings:
        default = getattr(defaults, option.field)
        words = option.doc[0].upper() + option.doc[1:]
        facts = [f"expects {option.reader.expected}"]
        if default not in (None, (), {}) and "default" not in option.doc:
            facts.append(f"default: `{toml(default)}`")
        if option.flag is not None:
            facts.append(f"on the command line `{option.flag.name} {option.flag.metavar}`")
        parts.append(f"### `{option.key}`\n\n{words}.\n\n*{'; '.join(facts)}.*\n".replace("..", "."))
    return "\n".join(parts)


def toml(value: object) -> str:
    """A value as TOML writes it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case tuple() | list():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return str(value)


# -- mkdocs --------------------------------------------------------------------------------------------------


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The rules take their place in the navigation, and so do pages that are not named in it, at its end; the
    address is the one that findings point at.
    """
    config.site_url = DOCUMENTATION
    pages = ["rules/index.md", *(f"rules/{rule.code}.md" for rule in all_rules())]
    config.nav = [{"Rules": pages} if "Rules" in entry else entry for entry in config.nav or []]
    named = str(config.nav)
    others = sorted(page.name for page in Path(config.docs_dir).glob("*.md"))
    config.nav[-1]["Evidence"] += [name for name in others if f"'{name}'" not in named]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the rules."""
    from mkdocs.structure.files import File

    made = {f"rules/{rule.code}.md": rule_page(rule) for rule in all_rules()}
    made["rules/index.md"] = rules_index(all_rules())
    for place, text in made.items():
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, **context: Any) -> str:
    """Put the keys where the page on configuration has a place for them."""
    return markdown.replace(KEYS, keys(options())) if KEYS in markdown else markdown
