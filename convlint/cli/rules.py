"""`convlint rules`: every rule in a line."""

import json
from collections.abc import Sequence

from convlint.cli.arguments import Parser, add_colour, add_settings, settings_from
from convlint.cli.engine import RuleInfo, known_rules, rules
from convlint.cli.terminal import Terminal
from convlint.config import Settings
from convlint.config.schema import schema
from convlint.report.headline import ROLES
from convlint.report.palette import Palette, Role


def parser() -> Parser:
    """The arguments of `rules`."""
    made = Parser("rules", "List all rules: code, name, severity, what the rule finds.")
    add_settings(made, only=())
    made.add_argument(
        "--schema", action="store_true", help="print the JSON schema of the configuration instead"
    )
    add_colour(made)
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Writes a line a rule, ordered by code; a rule that has to be selected says so."""
    arguments = parser().parse_args(words)
    if arguments.schema:
        found = schema(known_rules(Settings(), None))
        terminal.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        return 0
    palette = terminal.palette(arguments.color)
    listed = rules(settings_from(arguments, []))
    width = max((len(rule.name) for rule in listed), default=0)
    terminal.write("".join(_line(rule, width, palette) for rule in listed))
    return 0


def _line(rule: RuleInfo, width: int, palette: Palette) -> str:
    code = palette.paint(Role.KEYWORD, rule.code)
    severity = palette.paint(ROLES[rule.severity], f"{rule.severity.value:<7}")
    off = "" if rule.on else " (off by default)"
    return f"{code}  {rule.name:<{width}}  {severity}  {first_sentence(rule.doc)}{off}\n"


def first_sentence(doc: str) -> str:
    """The first paragraph of a rule's page, on one line."""
    return " ".join(doc.strip().partition("\n\n")[0].split())
