"""`convlint server`: the language server on standard input and output."""

from collections.abc import Sequence

from convlint.cli.arguments import Parser
from convlint.cli.error import UsageError
from convlint.cli.terminal import Terminal

_NEEDED = ("pygls", "lsprotocol")


def parser() -> Parser:
    """The command takes no arguments."""
    made = Parser("server", "Start the language server on standard input and output.")
    made.add_argument("--stdio", action="store_true", help="what it does anyway; some editors say so")
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Serves an editor until it says to stop. Raises UsageError where the extra `lsp` is not installed."""
    parser().parse_args(words)
    try:
        from convlint.server.start import start
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise UsageError("the language server needs the extra `lsp`: pip install 'convlint[lsp]'") from error
    start()
    return 0
