"""`convlint explain`: a rule's documentation, which is its file's docstring."""

from collections.abc import Sequence
from inspect import cleandoc

from convlint.cli.arguments import Parser, add_colour, add_settings, settings_from
from convlint.cli.engine import RuleInfo, rules
from convlint.cli.error import UsageError
from convlint.cli.terminal import Terminal
from convlint.config.error import did_you_mean
from convlint.report.palette import Palette, Role


def parser() -> Parser:
    """The arguments of `explain`."""
    made = Parser("explain", "Print what a rule does, why it matters, and when to ignore it.")
    made.add_argument(
        "rule", metavar="CODE|NAME", help="the rule's code or name, such as CL301 or even-kernel"
    )
    add_settings(made, only=())
    add_colour(made)
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Writes the rule's page. Raises UsageError for a rule that does not exist."""
    arguments = parser().parse_args(words)
    rule = _find(arguments.rule, rules(settings_from(arguments, [])))
    terminal.write(page(rule, terminal.palette(arguments.color)))
    return 0


def page(rule: RuleInfo, palette: Palette) -> str:
    """The rule's code, name and severity above its documentation."""
    off = "" if rule.on else ", off by default"
    title = palette.paint(Role.KEYWORD, f"{rule.code} {rule.name}")
    lines = [f"{title} ({rule.severity.value}{off})", ""]
    for line in cleandoc(rule.doc).splitlines():
        lines.append(palette.paint(Role.KEYWORD, line) if line.startswith("## ") else line)
    if rule.options:
        options = ", ".join(f"`{option}`" for option in rule.options)
        lines += [
            "",
            palette.paint(Role.KEYWORD, "## Options"),
            f"{options} in `[tool.convlint.rules.{rule.name}]`",
        ]
    return "\n".join(lines) + "\n"


def _find(wanted: str, known: Sequence[RuleInfo]) -> RuleInfo:
    for rule in known:
        if wanted.casefold() in (rule.code.casefold(), rule.name.casefold()):
            return rule
    names = [word for rule in known for word in (rule.code, rule.name)]
    raise UsageError(
        f"no rule is called `{wanted}`{did_you_mean(wanted, names)}; `convlint rules` lists them"
    )
