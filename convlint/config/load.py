"""Finding and reading the configuration: `convlint.toml`, or `[tool.convlint]` in `pyproject.toml`."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from convlint.config.error import ConfigError, Refused, did_you_mean, dotted
from convlint.config.settings import Settings, options
from convlint.config.toml import TomlFile
from convlint.config.versions import admits
from convlint.version import __version__

_IN_PYPROJECT = ("tool", "convlint")


def load(paths: Sequence[Path], config: Path | None = None, isolated: bool = False) -> Settings:
    """The settings for analysing `paths`: of the file `config` if given, else of the nearest configuration.

    Nearest means: in the deepest folder that contains all the paths, or the first above it; no path means the
    current folder. Raises ConfigError for a file that cannot be read, is not TOML, or holds what convlint
    does not know.
    """
    if isolated:
        return Settings()
    file = _named(config) if config is not None else _nearest(_common_folder(paths))
    return Settings() if file is None else settings_of(file)


def settings_of(file: TomlFile) -> Settings:
    """The settings that a file's table states; the others have their defaults. Raises ConfigError."""
    values = _values(file, ())
    settings = Settings(**values, source=file)  # type: ignore[arg-type]
    _require(settings.required_version, file)
    return settings


def _values(file: TomlFile, extended: tuple[Path, ...]) -> dict[str, object]:
    """What the file states, by field, on top of what it extends. Raises ConfigError."""
    table = file.table()
    if table is None:
        return {}
    known = {option.key: option for option in options()}
    values: dict[str, object] = {}
    if "extend" in table:
        values = _values(_extended(file, table["extend"], extended), (*extended, file.path.resolve()))
        values.pop("required_version", None)
    for key, value in table.items():
        if key == "extend":
            continue
        if key not in known:
            raise ConfigError(_unknown_key(file, key, table, known), file.path, file.line_of((key,)))
        try:
            read = known[key].reader.read(value, file.path.parent)
            values[known[key].field] = _joined(key, values.get(known[key].field), read)
        except Refused as refused:
            keys = (key, *refused.keys)
            line = file.line_of(keys, refused.word)
            raise ConfigError(f"`{dotted(keys)}`: {refused.message}", file.path, line) from refused
    return values


def _joined(key: str, before: object, now: object) -> object:
    """A key that another configuration states, too: `extend-…` lists and tables add to it, others replace."""
    if isinstance(before, tuple) and isinstance(now, tuple) and key.startswith("extend-"):
        return (*before, *now)
    if isinstance(before, dict) and isinstance(now, dict):
        return {**before, **now}
    return now


def _extended(file: TomlFile, value: object, extended: tuple[Path, ...]) -> TomlFile:
    """The configuration that this one builds on. Raises ConfigError."""
    line = file.line_of(("extend",))
    if not isinstance(value, str) or not value:
        raise ConfigError("`extend`: expects the path of another configuration", file.path, line)
    path = (file.path.parent / Path(value).expanduser()).resolve()
    if path == file.path.resolve() or path in extended:
        raise ConfigError(f"`extend`: {value} extends this file in turn", file.path, line)
    if not path.is_file():
        raise ConfigError(f"`extend`: there is no file {value}", file.path, line)
    return _named(path)


def _require(wanted: str | None, file: TomlFile) -> None:
    """Raises ConfigError where the configuration is for other versions of convlint."""
    if wanted is None or admits(wanted, __version__):
        return
    line = file.line_of(("required-version",))
    raise ConfigError(
        f"this is convlint {__version__}; `required-version` asks for {wanted}", file.path, line
    )


def _unknown_key(file: TomlFile, key: str, table: Mapping[str, object], known: Mapping[str, object]) -> str:
    tool = table.get("tool")
    if not file.prefix and key == "tool" and isinstance(tool, dict) and "convlint" in tool:
        return f"in {file.path.name} the keys stand at the top, without [tool.convlint]"
    return f"unknown key `{key}`{did_you_mean(key, (*known, 'extend'))}"


def _named(path: Path) -> TomlFile:
    return TomlFile.read(path, _IN_PYPROJECT if path.name == "pyproject.toml" else ())


def _nearest(folder: Path) -> TomlFile | None:
    for place in (folder, *folder.parents):
        own = place / "convlint.toml"
        if own.is_file():
            return _named(own)
        shared = place / "pyproject.toml"
        if shared.is_file():
            file = _named(shared)
            if "convlint" in file.text and file.table() is not None:
                return file
    return None


def _common_folder(paths: Sequence[Path]) -> Path:
    if not paths:
        return Path.cwd()
    folders = [
        path if path.is_dir() else path.parent for path in (Path(os.path.abspath(path)) for path in paths)
    ]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:  # different drives have no folder in common
        return folders[0]
