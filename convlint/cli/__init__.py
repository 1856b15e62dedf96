"""The command line: one file a command.

Exit codes: 0 nothing at or above `--fail-on`, 1 findings, 2 convlint itself could not do its work.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import convlint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_CRASH = "internal error; please report it with the lines above and the code that shows it"


def command() -> NoReturn:
    """The program: it ends without taking its memory apart, which would be a tenth of a run."""
    code = main()
    watched = sys.getprofile() is not None or sys.gettrace() is not None
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # whoever read the output has gone, or the language server has closed it
        watched = True
    if watched:
        sys.exit(code)
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line, without the program's name, and returns its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words in (["--version"], ["-V"]):
        print(f"convlint {convlint.__version__}")
        return 0
    collect_seldom()
    from convlint.cli.commands import load_command, overview, split_command
    from convlint.cli.error import UsageError
    from convlint.cli.terminal import Terminal
    from convlint.report.escape import visible

    terminal = Terminal(sys.stdout, sys.stderr)
    if words in (["--help"], ["-h"]):
        terminal.write(overview())
        return 0
    try:
        command, rest = split_command(words)
        return load_command(command).run(rest, terminal)
    except UsageError as error:
        terminal.remark(f"error: {visible(str(error))}")
        return 2
    except SystemExit as request:  # argparse has printed a command's help
        return request.code if isinstance(request.code, int) else 0
    except KeyboardInterrupt:
        terminal.remark("interrupted")
        return 130
    except Exception:
        import traceback

        terminal.err.write(traceback.format_exc())
        terminal.remark(_CRASH)
        return 2


def collect_seldom() -> None:
    """Let the collector of cycles look less often: a run makes many objects and few cycles."""
    gc.set_threshold(250_000, 20, 20)
