"""`convlint check`: lint files and folders, the command that runs if none is named."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from convlint.cli.arguments import Parser, add_colour, add_settings, given_flags, settings_from
from convlint.cli.engine import CheckResult, Engine, engine, known_rules
from convlint.cli.error import UsageError
from convlint.cli.terminal import Progress, Terminal
from convlint.config import ConfigError, Refused, Settings, verify_flags, verify_rules
from convlint.report import FORMATS, PLAIN, Canvas, closing_line, statistics_json, statistics_text
from convlint.source import UnreadableSource, decode_source

_FOR_PEOPLE = ("text", "concise")


def parser() -> Parser:
    """The arguments of `check`."""
    made = Parser("check", "Lint Python files, notebooks and folders of them.")
    made.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders, or - for standard input; default: ."
    )
    add_settings(made)
    made.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    made.add_argument(
        "--output-format", choices=FORMATS, default="text", help="the format of standard output"
    )
    made.add_argument(
        "--output",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        type=_format_and_file,
        help="write this format to a file besides; may be repeated",
    )
    made.add_argument(
        "--statistics", action="store_true", help="write how often each rule found something instead"
    )
    made.add_argument(
        "--show-files", action="store_true", help="list the files that would be checked, and stop"
    )
    made.add_argument(
        "--stdin-filename", metavar="FILE", default="<stdin>", help="the name of standard input"
    )
    made.add_argument("-q", "--quiet", action="store_true", help="write findings only")
    made.add_argument(
        "-v", "--verbose", action="store_true", help="tell which configuration is used, and the time"
    )
    add_colour(made)
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Checks, writes the findings, and returns the exit code that they make. Raises UsageError."""
    started = time.monotonic()
    arguments = parser().parse_args(words)
    paths = _paths(arguments)
    settings = settings_from(arguments, paths)
    lint = engine()
    _verify_rules(settings, arguments)
    if arguments.verbose:
        logging.basicConfig(stream=terminal.err, level=logging.INFO, format="%(message)s")
        read = settings.source.path if settings.source else "none"
        terminal.remark(f"configuration: {read}")
    if arguments.show_files:
        terminal.write("".join(f"{file}\n" for file in lint.files_of(paths, settings)))
        return 0
    result = _check(lint, paths, settings, arguments, terminal)
    _write_files(result, arguments.output)
    terminal.write(_output(result, arguments, terminal))
    if not result.files:
        terminal.remark("warning: no Python files or notebooks found")
    if arguments.verbose:
        terminal.remark(f"{len(result.files)} files in {time.monotonic() - started:.1f} s")
    failing = any(finding.severity >= settings.fail_on for finding in result.findings)
    return 1 if failing and not arguments.exit_zero else 0


def _format_and_file(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if name not in FORMATS or not (equals and file):
        raise argparse.ArgumentTypeError(
            f"expects FORMAT=FILE with a format out of {', '.join(FORMATS)}: {text}"
        )
    return name, Path(file)


def _paths(arguments: argparse.Namespace) -> list[Path]:
    """The paths to check; for standard input, where its file would be. Raises UsageError."""
    if "-" in arguments.paths:
        if len(arguments.paths) > 1:
            raise UsageError("standard input (-) cannot be checked together with paths")
        return [] if arguments.stdin_filename.startswith("<") else [Path(arguments.stdin_filename)]
    paths = [Path(text) for text in arguments.paths] or [Path()]
    for path in paths:
        try:
            path.stat()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise UsageError(f"{path}: {reason}") from error
        if not os.access(path, os.R_OK):
            raise UsageError(f"{path}: cannot be read")
    return paths


def _verify_rules(settings: Settings, arguments: argparse.Namespace) -> None:
    known = known_rules()
    try:
        verify_flags(given_flags(arguments), known)
        verify_rules(settings, known)
    except (ConfigError, Refused) as error:
        raise UsageError(str(error)) from error


def _check(
    lint: Engine, paths: Sequence[Path], settings: Settings, arguments: argparse.Namespace, terminal: Terminal
) -> CheckResult:
    if "-" in arguments.paths:
        return lint.check_source(
            _standard_input(arguments.stdin_filename), arguments.stdin_filename, settings
        )
    progress = Progress(terminal, wanted=not arguments.quiet)
    try:
        return lint.check_paths(paths, settings, progress)
    finally:
        progress.clear()


def _standard_input(name: str) -> str:
    """What is on standard input, decoded as the file of that name would be. Raises UsageError."""
    try:
        return decode_source(sys.stdin.buffer.read(), "standard input", notebook=name.endswith(".ipynb")).text
    except UnreadableSource as error:
        raise UsageError(str(error)) from error


def _output(result: CheckResult, arguments: argparse.Namespace, terminal: Terminal) -> str:
    palette = terminal.palette(arguments.color)
    people = arguments.output_format in _FOR_PEOPLE
    if arguments.statistics:
        text = statistics_text(result.findings) if people else statistics_json(result.findings)
    else:
        text = FORMATS[arguments.output_format](result.findings, Canvas(result.lines, palette))
    if people and not arguments.quiet:
        text += closing_line(result.findings, palette) + "\n"
    return text


def _write_files(result: CheckResult, outputs: Sequence[tuple[str, Path]]) -> None:
    for name, file in outputs:
        text = FORMATS[name](result.findings, Canvas(result.lines, PLAIN))
        try:
            file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise UsageError(f"{file}: {error.strerror}") from error
