"""`convlint server`: the language server on standard input and output."""

from collections.abc import Sequence

from convlint.cli.arguments import Parser
from convlint.cli.error import UsageError
from convlint.cli.terminal import Terminal


def parser() -> Parser:
    """The command takes no arguments."""
    return Parser("server", "Start the language server on standard input and output.")


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Says that this version has no language server."""
    parser().parse_args(words)
    raise UsageError("this version of convlint has no language server yet")
