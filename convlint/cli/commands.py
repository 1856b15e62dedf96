"""Which commands there are, and which of them a command line means."""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from convlint.cli.arguments import Parser
from convlint.cli.terminal import Terminal

COMMANDS = {
    "check": "lint files and folders; what `convlint PATH` does",
    "summary": "print a model as a table: layers, shapes, parameters, MACs",
    "explain": "print a rule's documentation",
    "rules": "list all rules",
    "server": "start the language server",
    "completion": "print a script that completes commands and options in a shell",
}


class Command(Protocol):
    """The module of a command."""

    def parser(self) -> Parser:
        """Its arguments."""
        ...

    def run(self, words: Sequence[str], terminal: Terminal) -> int:
        """Does its work and returns the exit code; raises UsageError."""
        ...


def load_command(name: str) -> Command:
    """The module of the command, imported only now: `convlint rules` need not load what `check` does."""
    module: Command = import_module(f"convlint.cli.{name}")
    return module


def split_command(words: Sequence[str]) -> tuple[str, list[str]]:
    """The command and its own arguments: the first word that is no option is the command, if it is one.

    Otherwise the command is `check`.
    """
    with_value: frozenset[str] | None = None
    position = 0
    while position < len(words):
        word = words[position]
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            if word in COMMANDS:
                return word, [*words[:position], *words[position + 1 :]]
            break
        if with_value is None:
            with_value = load_command("check").parser().options_with_value()
        position += 2 if word in with_value else 1
    return "check", list(words)


def overview() -> str:
    """What `convlint --help` prints."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {words}" for name, words in COMMANDS.items()]
    return "\n".join(
        [
            "usage: convlint [check] [PATH ...]",
            "       convlint COMMAND ...",
            "",
            "A linter for convolutional networks: follows every tensor's shape without running the code.",
            "",
            "commands:",
            *lines,
            "",
            "`convlint COMMAND --help` shows a command's options, `convlint --version` the version.",
            "Exit code: 0 nothing found at or above --fail-on, 1 findings, 2 convlint could not do its work.",
            "",
        ]
    )
