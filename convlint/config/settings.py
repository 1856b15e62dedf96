"""All settings, each declared once: the field carries its type, key, words and flag, and the rest derives.

The key in TOML is the field's name with hyphens. Configuration and command line read `options()`.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from convlint.config.error import Refused
from convlint.config.readers import (
    LEVEL,
    MODELS,
    NAMES,
    PATH,
    PATHS,
    PATTERNS,
    PER_FILE,
    RULES,
    SELECTORS,
    SEVERITIES,
    VERSION,
    Level,
    ModelSettings,
    Reader,
    RuleOption,
)
from convlint.config.toml import TomlFile

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Flag:
    """How a setting is given on the command line; a list's flag may be repeated, and split at a separator."""

    name: str
    metavar: str
    repeats: bool = False
    separator: str | None = None

    def value(self, texts: Sequence[str]) -> object:
        """What a reader is given for the texts that stood after the flag: the last, or the list of all."""
        if not self.repeats:
            return texts[-1]
        if self.separator is None:
            return list(texts)
        return [part for text in texts for part in text.split(self.separator)]


@dataclass(frozen=True, slots=True)
class Option:
    """One key of the configuration: what stands in a field's metadata, and the field's own name."""

    field: str
    reader: Reader[object]
    doc: str
    flag: Flag | None

    @property
    def key(self) -> str:
        """The key in TOML: `extend-select` for the field `extend_select`."""
        return self.field.replace("_", "-")


def _option(reader: Reader[T], default: Callable[[], D], doc: str, flag: Flag | None = None) -> T | D:
    metadata = {"reader": reader, "doc": doc, "flag": flag}
    return cast("T | D", dataclasses.field(default_factory=default, metadata=metadata))


def _codes(name: str) -> Flag:
    return Flag(name, "CODES", repeats=True, separator=",")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration file and the flags ask for; immutable, so that results can be keyed by it."""

    select: tuple[str, ...] | None = _option(
        SELECTORS,
        lambda: None,
        "rules to run, by code, code prefix or name; without it, every rule that is on by default",
        _codes("--select"),
    )
    ignore: tuple[str, ...] = _option(
        SELECTORS, tuple, "rules not to run, out of the selected ones", _codes("--ignore")
    )
    extend_select: tuple[str, ...] = _option(
        SELECTORS, tuple, "rules to run on top of the selected ones", _codes("--extend-select")
    )
    extend_ignore: tuple[str, ...] = _option(
        SELECTORS, tuple, "rules not to run, on top of `ignore`, for a configuration that extends another"
    )
    per_file_ignores: Mapping[str, tuple[str, ...]] = _option(
        PER_FILE, dict, "rules whose findings are left out in files, by path pattern"
    )
    severity: Mapping[str, Level] = _option(
        SEVERITIES, dict, "severities of rules instead of their own, by code, code prefix or name"
    )
    exclude: tuple[str, ...] | None = _option(
        PATTERNS, lambda: None, "path patterns that are not walked into; without it, the usual folders"
    )
    extend_exclude: tuple[str, ...] = _option(
        PATTERNS, tuple, "path patterns that are not walked into, on top of `exclude`"
    )
    required_version: str | None = _option(
        VERSION, lambda: None, 'the versions of convlint that may use this configuration: ">=0.2,<1"'
    )
    baseline: Path | None = _option(
        PATH,
        lambda: None,
        "a file of known findings, which are left out",
        Flag("--baseline", "FILE"),
    )
    fail_on: Level = _option(
        LEVEL,
        lambda: "warning",
        "the mildest severity that makes the exit code 1: advice, warning or error; default: warning",
        Flag("--fail-on", "SEVERITY"),
    )
    search_path: tuple[Path, ...] = _option(
        PATHS,
        tuple,
        "folders in which imported modules are found, after the file's own project",
        Flag("--search-path", "FOLDER", repeats=True),
    )
    python: Path | None = _option(
        PATH, lambda: None, "the Python environment whose packages are read when the code imports them"
    )
    plugins: tuple[str, ...] = _option(
        NAMES, tuple, "installed plugins whose rules are loaded, by the names of their entry points"
    )
    rules: Mapping[str, Mapping[str, RuleOption]] = _option(
        RULES, dict, "options of single rules, a table a rule"
    )
    models: Mapping[str, ModelSettings] = _option(
        MODELS,
        dict,
        'the `input` and the limits of single models, a table a model, "path/to/file.py:Name"',
    )
    source: TomlFile | None = dataclasses.field(default=None, compare=False, repr=False)
    """The file the settings were read from, for messages and for paths that count from its folder."""


def options() -> tuple[Option, ...]:
    """Every setting that a configuration file may hold, in the order of their declaration."""
    return tuple(
        Option(field.name, field.metadata["reader"], field.metadata["doc"], field.metadata["flag"])
        for field in dataclasses.fields(Settings)
        if "reader" in field.metadata
    )


def with_flags(settings: Settings, flags: Mapping[str, Sequence[str]], base: Path) -> Settings:
    """The settings with those of the command line on top, given as the texts after each flag, by field name.

    A flag replaces what the configuration says, but `--ignore` and `--extend-select` add to it. What
    `--select` names is what runs: the configuration's `ignore` and `extend-select` do not change it.
    Raises Refused.
    """
    fresh = "select" in flags
    added: dict[str, tuple[str, ...]] = {
        "ignore": () if fresh else settings.ignore,
        "extend_select": () if fresh else settings.extend_select,
    }
    changes: dict[str, object] = dict(added)
    for option in options():
        if option.flag is None or option.field not in flags:
            continue
        try:
            value = option.reader.read(option.flag.value(flags[option.field]), base)
        except Refused as refused:
            raise Refused(f"{option.flag.name} {refused.message}") from refused
        before = added.get(option.field)
        changes[option.field] = value if before is None else (*before, *cast("tuple[str, ...]", value))
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
