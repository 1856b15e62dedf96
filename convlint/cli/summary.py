"""`convlint summary`: a model as a table of layers, shapes, parameters and MACs."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from convlint.cli.arguments import Parser, add_colour, add_settings, settings_from
from convlint.cli.error import UsageError
from convlint.cli.terminal import Terminal
from convlint.config import InputShape, Refused, Settings, shape_from_text
from convlint.report.summary_view import COLUMNS, Column, SummaryView

Inputs = Sequence[Sequence[int | str]] | dict[str, Sequence[int | str]]


class Found(Struct, frozen=True):
    """What a target denotes: one model, or every model of a file, of which there may be one or none too."""

    summaries: Sequence[SummaryView]
    several: bool


def parser() -> Parser:
    """The arguments of `summary`."""
    made = Parser(
        "summary", "Print a model as a table: layers, shapes, parameters, MACs. No framework is needed."
    )
    made.add_argument(
        "target",
        metavar="TARGET",
        help="file.py, file.py:EXPR or package.module:EXPR, where EXPR is a name or a call",
    )
    made.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="SHAPE",
        type=_shape,
        help="an input's shape, batch first: 1,3,224,224 or N,3,H,W or left=N,3,64,64; may be repeated",
    )
    made.add_argument("--output-format", choices=("table", "json", "csv", "markdown"), default="table")
    made.add_argument(
        "--columns", type=_columns, metavar="NAMES", help=f"the columns to show, out of {','.join(COLUMNS)}"
    )
    add_settings(made, only=("search_path",))
    add_colour(made)
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Writes the summary. Raises UsageError for a target that cannot be found or is no model."""
    arguments = parser().parse_args(words)
    file, _, _ = arguments.target.partition(":")
    settings = settings_from(arguments, [Path(file)] if file.endswith(".py") else [])
    found = _summarize(arguments.target, _inputs(arguments.input), settings)
    terminal.write(_rendered(found, arguments, terminal))
    return 0


def _rendered(found: Found, arguments: argparse.Namespace, terminal: Terminal) -> str:
    summaries, columns, palette = found.summaries, arguments.columns, terminal.palette(arguments.color)
    match arguments.output_format:
        case "json":
            from convlint.report.summary_json import render_summaries, render_summary

            return render_summaries(summaries) if found.several else render_summary(summaries[0])
        case "csv":
            from convlint.report.summary_csv import render_csv

            return render_csv(summaries, columns, palette)
        case "markdown":
            from convlint.report.summary_markdown import render_markdown

            return render_markdown(summaries, columns, palette)
        case _:
            from convlint.report.summary_table import render_table

            return render_table(summaries, columns, palette)


def _summarize(target: str, inputs: Inputs | None, settings: Settings) -> Found:
    from convlint.model import TargetError, summarize, summarize_file
    from convlint.model.target import parse_target

    search_path = [str(path) for path in settings.search_path]
    python = None if settings.python is None else str(settings.python)
    try:
        if parse_target(target).expression is None:
            return Found(summarize_file(target, inputs, search_path, python=python), several=True)
        return Found((summarize(target, inputs, search_path, python=python),), several=False)
    except TargetError as error:
        raise UsageError(str(error)) from error


def _inputs(shapes: Sequence[InputShape]) -> Inputs | None:
    """The inputs by position or by name; None where none are given: the code is asked then."""
    if not shapes:
        return None
    names = [shape.name for shape in shapes if shape.name is not None]
    if not names:
        return [shape.extents for shape in shapes]
    if len(set(names)) < len(shapes):
        raise UsageError("--input: give every input a name of its own, or none a name")
    return {name: shape.extents for name, shape in zip(names, shapes, strict=True)}


def _shape(text: str) -> InputShape:
    try:
        return shape_from_text(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(refused.message) from refused


def _columns(text: str) -> tuple[Column, ...]:
    keys = [key.strip() for key in text.split(",")]
    for key in keys:
        if key not in COLUMNS:
            raise argparse.ArgumentTypeError(f"`{key}` is no column; they are {', '.join(COLUMNS)}")
    return tuple(COLUMNS[key] for key in keys)
