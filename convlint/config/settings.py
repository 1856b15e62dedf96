"""All settings, each declared once: the field carries its type, key, words and flag, and the rest derives.

The key in TOML is the field's name with hyphens. Configuration and command line read `options()`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

from msgspec import Struct, field
from msgspec.structs import replace

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


class Flag(Struct, frozen=True):
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


class Option(Struct, frozen=True):
    """One key of the configuration: what its field is annotated with, and the field's own name."""

    field: str
    reader: Reader[object]
    doc: str
    flag: Flag | None

    @property
    def key(self) -> str:
        """The key in TOML: `extend-select` for the field `extend_select`."""
        return self.field.replace("_", "-")


class Setting(Struct, frozen=True):
    """What a field of `Settings` is annotated with: how its value is read, what it is for, its flag."""

    reader: Reader[object]
    doc: str
    flag: Flag | None = None


def _codes(name: str) -> Flag:
    return Flag(name, "CODES", repeats=True, separator=",")


class Settings(Struct, frozen=True):
    """What the configuration file and the flags ask for; immutable, so that results can be keyed by it."""

    select: Annotated[
        tuple[str, ...] | None,
        Setting(
            SELECTORS,
            "rules to run, by code, code prefix or name; without it, every rule that is on by default",
            _codes("--select"),
        ),
    ] = None
    ignore: Annotated[
        tuple[str, ...],
        Setting(SELECTORS, "rules not to run, out of the selected ones", _codes("--ignore")),
    ] = ()
    extend_select: Annotated[
        tuple[str, ...],
        Setting(SELECTORS, "rules to run on top of the selected ones", _codes("--extend-select")),
    ] = ()
    extend_ignore: Annotated[
        tuple[str, ...],
        Setting(SELECTORS, "rules not to run, on top of `ignore`, for a configuration that extends another"),
    ] = ()
    per_file_ignores: Annotated[
        Mapping[str, tuple[str, ...]],
        Setting(PER_FILE, "rules whose findings are left out in files, by path pattern"),
    ] = field(default_factory=dict)
    severity: Annotated[
        Mapping[str, Level],
        Setting(SEVERITIES, "severities of rules instead of their own, by code, code prefix or name"),
    ] = field(default_factory=dict)
    exclude: Annotated[
        tuple[str, ...] | None,
        Setting(PATTERNS, "path patterns that are not walked into; without it, the usual folders"),
    ] = None
    extend_exclude: Annotated[
        tuple[str, ...],
        Setting(PATTERNS, "path patterns that are not walked into, on top of `exclude`"),
    ] = ()
    required_version: Annotated[
        str | None,
        Setting(VERSION, 'the versions of convlint that may use this configuration: ">=0.2,<1"'),
    ] = None
    baseline: Annotated[
        Path | None,
        Setting(PATH, "a file of known findings, which are left out", Flag("--baseline", "FILE")),
    ] = None
    fail_on: Annotated[
        Level,
        Setting(
            LEVEL,
            "the mildest severity that makes the exit code 1: advice, warning or error; default: warning",
            Flag("--fail-on", "SEVERITY"),
        ),
    ] = "warning"
    search_path: Annotated[
        tuple[Path, ...],
        Setting(
            PATHS,
            "folders in which imported modules are found, after the file's own project",
            Flag("--search-path", "FOLDER", repeats=True),
        ),
    ] = ()
    python: Annotated[
        Path | None,
        Setting(PATH, "the Python environment whose packages are read when the code imports them"),
    ] = None
    plugins: Annotated[
        tuple[str, ...],
        Setting(NAMES, "installed plugins whose rules are loaded, by the names of their entry points"),
    ] = ()
    rules: Annotated[
        Mapping[str, Mapping[str, RuleOption]],
        Setting(RULES, "options of single rules, a table a rule"),
    ] = field(default_factory=dict)
    models: Annotated[
        Mapping[str, ModelSettings],
        Setting(
            MODELS, 'the `input` and the limits of single models, a table a model, "path/to/file.py:Name"'
        ),
    ] = field(default_factory=dict)
    source: TomlFile | None = None
    """The file the settings were read from, for messages and for paths that count from its folder."""


def options() -> tuple[Option, ...]:
    """Every setting that a configuration file may hold, in the order of their declaration."""
    return tuple(
        Option(name, note.reader, note.doc, note.flag)
        for name, annotation in Settings.__annotations__.items()
        for note in getattr(annotation, "__metadata__", ())
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
    return replace(settings, **changes)
