"""`convlint check`: lint files and folders, the command that runs if none is named."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from convlint.cli.arguments import Parser, add_colour, add_settings, given_flags, settings_from
from convlint.cli.canvas import canvas_of
from convlint.cli.changing import add_ignores, diff, fix, remaining
from convlint.cli.engine import FOLDER, CheckResult, Engine, engine, known_rules, processors
from convlint.cli.error import UsageError
from convlint.cli.terminal import Progress, Terminal
from convlint.cli.watching import states_of, watch
from convlint.config import ConfigError, Refused, Settings, verify_flags, verify_models, verify_rules
from convlint.lint.baseline import Baseline, BaselineError
from convlint.lint.finding import Finding
from convlint.lint.folding import folded
from convlint.report import FORMATS, STATISTICS, Canvas, closing_line
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
    made.add_argument("--fix", action="store_true", help="apply the safe fixes, and show what is left")
    made.add_argument(
        "--unsafe-fixes", action="store_true", help="apply fixes that change shapes or weights, too"
    )
    made.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    made.add_argument(
        "--add-ignore", action="store_true", help="write a comment for each finding that suppresses it"
    )
    made.add_argument(
        "--update-baseline", action="store_true", help="write the baseline anew, with all that is found"
    )
    made.add_argument("--no-cache", action="store_true", help="keep no reports, and use none")
    made.add_argument(
        "--cache-dir", type=Path, metavar="FOLDER", help="where reports are kept; default: .convlint_cache"
    )
    made.add_argument(
        *("-j", "--jobs"),
        type=_jobs,
        default=0,
        metavar="N",
        help="how many processes analyse files, or auto; default: auto",
    )
    made.add_argument(
        "--force-exclude", action="store_true", help="exclude files that are named on the command line, too"
    )
    made.add_argument("--watch", action="store_true", help="check again whenever a file changes")
    made.add_argument("-q", "--quiet", action="store_true", help="write findings only")
    made.add_argument(
        "-v", "--verbose", action="store_true", help="tell which configuration is used, and the time"
    )
    add_colour(made)
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Checks, writes the findings, and returns the exit code that they make. Raises UsageError."""
    arguments = parser().parse_args(words)
    _verify_statistics(arguments)
    paths = _paths(arguments)
    settings = settings_from(arguments, paths)
    lint = engine()
    cache = _cache_folder(arguments, settings)
    _verify_rules(settings, arguments, cache)
    if arguments.verbose:
        logging.basicConfig(stream=terminal.err, level=logging.INFO, format="%(message)s")
        read = settings.source.path if settings.source else "none"
        terminal.remark(f"configuration: {read}")
    if arguments.show_files:
        files = lint.files_of(paths, settings, arguments.force_exclude)
        terminal.write("".join(f"{file}\n" for file in files))
        return 0
    if arguments.watch:
        return watch(
            states_of(lambda: lint.files_of(paths, settings, arguments.force_exclude)),
            lambda: _once(lint, paths, settings, arguments, terminal),
            terminal,
        )
    return _once(lint, paths, settings, arguments, terminal)


def _once(
    lint: Engine, paths: Sequence[Path], settings: Settings, arguments: argparse.Namespace, terminal: Terminal
) -> int:
    """One check with all that was asked for; its exit code."""
    started = time.monotonic()
    result = _check(lint, paths, settings, arguments, terminal)
    if arguments.verbose:
        terminal.remark(f"{len(result.files)} files in {time.monotonic() - started:.1f} s")
    if not result.files:
        terminal.remark("warning: no Python files or notebooks found")
    if arguments.add_ignore:
        terminal.remark(f"{add_ignores(lint, result, terminal)} findings suppressed")
        return 0
    if arguments.diff:
        _, changed = fix(
            lint, result, settings, unsafe=arguments.unsafe_fixes, write=False, terminal=terminal
        )
        terminal.write(diff(result.texts, changed))
        return 1 if changed and not arguments.exit_zero else 0
    if arguments.fix:
        result, changed = fix(
            lint, result, settings, unsafe=arguments.unsafe_fixes, write=True, terminal=terminal
        )
        terminal.remark(f"{len(changed)} file{'s' * (len(changed) != 1)} changed by fixes")
    if arguments.update_baseline:
        return _update_baseline(result, settings, terminal)
    findings = folded(_new(result, settings, terminal))
    canvas = canvas_of(result, lint, settings, terminal.environ)
    _write_files(findings, arguments.output, canvas)
    terminal.write(_output(findings, arguments, terminal, canvas))
    failing = any(finding.severity >= settings.fail_on for finding in findings)
    return 1 if failing and not arguments.exit_zero else 0


def _update_baseline(result: CheckResult, settings: Settings, terminal: Terminal) -> int:
    if settings.baseline is None:
        raise UsageError(
            "--update-baseline needs a file: --baseline FILE, or `baseline` in the configuration"
        )
    try:
        Baseline.of(settings.baseline, result.findings, result.lines).write()
    except BaselineError as error:
        raise UsageError(str(error)) from error
    terminal.remark(f"{settings.baseline}: {len(result.findings)} findings")
    return 0


def _new(result: CheckResult, settings: Settings, terminal: Terminal) -> Sequence[Finding]:
    """The findings that the baseline does not know. Raises UsageError."""
    if settings.baseline is None:
        return result.findings
    try:
        compared = Baseline.read(settings.baseline).compare(result.findings, result.files, result.lines)
    except BaselineError as error:
        raise UsageError(str(error)) from error
    for entry in compared.stale:
        terminal.remark(f"baseline: {entry.code} is no longer found in {entry.file}: {entry.line}")
    if compared.stale:
        terminal.remark("--update-baseline removes what is no longer found")
    return compared.new


def _jobs(text: str) -> int:
    """A number of processes; 0 for as many as can run at once."""
    if text == "auto":
        return 0
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expects a number from 1, or auto: {text}")
    return int(text)


def _format_and_file(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if name not in FORMATS or not (equals and file):
        raise argparse.ArgumentTypeError(
            f"expects FORMAT=FILE with a format out of {', '.join(FORMATS)}: {text}"
        )
    return name, Path(file)


def _verify_statistics(arguments: argparse.Namespace) -> None:
    """Raises UsageError for a format in which counts cannot be said."""
    if arguments.statistics and arguments.output_format not in STATISTICS:
        wanted = arguments.output_format
        raise UsageError(
            f"--statistics has no form in {wanted}, only in {', '.join(STATISTICS)}; "
            f"`--output {wanted}=FILE` writes the findings besides"
        )


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


def _verify_rules(settings: Settings, arguments: argparse.Namespace, cache: Path | None) -> None:
    known = known_rules(settings, cache)
    try:
        verify_flags(given_flags(arguments), known)
        verify_rules(settings, known)
        verify_models(settings)
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
        return lint.check_paths(
            paths,
            settings,
            progress,
            jobs=arguments.jobs or processors(),
            cache=_cache_folder(arguments, settings),
            force_exclude=arguments.force_exclude,
        )
    finally:
        progress.clear()


def _cache_folder(arguments: argparse.Namespace, settings: Settings) -> Path | None:
    """As asked for, else beside the configuration; None where nothing is to be kept."""
    if arguments.no_cache or "-" in arguments.paths:
        return None
    if arguments.cache_dir is not None:
        folder: Path = arguments.cache_dir
        return folder
    return (Path.cwd() if settings.source is None else settings.source.path.parent) / FOLDER


def _standard_input(name: str) -> str:
    """What is on standard input, decoded as the file of that name would be. Raises UsageError."""
    try:
        return decode_source(sys.stdin.buffer.read(), "standard input", notebook=name.endswith(".ipynb")).text
    except UnreadableSource as error:
        raise UsageError(str(error)) from error


def _output(
    findings: Sequence[Finding], arguments: argparse.Namespace, terminal: Terminal, canvas: Canvas
) -> str:
    palette = terminal.palette(arguments.color)
    people = arguments.output_format in _FOR_PEOPLE
    render = (STATISTICS if arguments.statistics else FORMATS)[arguments.output_format]
    text = render(findings, replace(canvas, palette=palette))
    if people and not arguments.quiet:
        text += closing_line(findings, palette) + "\n"
        fixable = remaining(findings, arguments.unsafe_fixes and arguments.fix)
        text += f"{fixable}.\n" if fixable else ""
    return text


def _write_files(findings: Sequence[Finding], outputs: Sequence[tuple[str, Path]], canvas: Canvas) -> None:
    for name, file in outputs:
        text = FORMATS[name](findings, canvas)
        try:
            file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise UsageError(f"{file}: {error.strerror}") from error
