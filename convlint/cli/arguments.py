"""The arguments that commands share; those that are settings derive from the settings' own declarations."""

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NoReturn

from convlint.cli.error import UsageError
from convlint.config import ConfigError, Refused, Settings, load, options, with_flags


class Parser(argparse.ArgumentParser):
    """An argument parser that raises UsageError, and takes options only as they are written in full."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"convlint {command}", description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Refuses the command line."""
        raise UsageError(f"{message} (`{self.prog} --help` lists the options)")

    def options_with_value(self) -> frozenset[str]:
        """The options after which the next word is a value."""
        return frozenset(text for text, action in self._option_string_actions.items() if action.nargs != 0)


def add_settings(parser: Parser, only: Collection[str] | None = None) -> None:
    """Adds the flags of the settings, or of some, and those that choose the configuration file."""
    for option in options():
        if option.flag is None or (only is not None and option.field not in only):
            continue
        parser.add_argument(
            option.flag.name,
            dest=option.field,
            metavar=option.flag.metavar,
            action="append",
            help=option.doc + ("; may be repeated" if option.flag.repeats else ""),
        )
    parser.add_argument("--config", metavar="FILE", type=Path, help="read this configuration file")
    parser.add_argument("--isolated", action="store_true", help="read no configuration file")


def add_colour(parser: Parser) -> None:
    """Adds `--color`."""
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the output; auto: on a terminal, unless NO_COLOR is set",
    )


def settings_from(arguments: argparse.Namespace, paths: Sequence[Path]) -> Settings:
    """The configuration for these paths, with the flags on top. Raises UsageError."""
    try:
        settings = load(paths, arguments.config, arguments.isolated)
        return with_flags(settings, given_flags(arguments), Path.cwd())
    except (ConfigError, Refused) as error:
        raise UsageError(str(error)) from error


def given_flags(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """The settings that the command line states: the texts after each flag, by field name."""
    fields = (option.field for option in options() if option.flag is not None)
    values = {field: getattr(arguments, field, None) for field in fields}
    return {field: texts for field, texts in values.items() if texts is not None}
