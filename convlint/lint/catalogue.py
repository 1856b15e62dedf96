"""The rules by what a user may say of them, kept between runs: an unchanged run need not load the rules."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import astuple

from convlint.lint.options import Option, Scalar
from convlint.version import __version__

_FILE = "rules.json"
_BUILT_IN = "convlint_rules"


class Listed(Protocol):
    """What selecting a rule needs to know of it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def on(self) -> bool:
        """Whether it runs without being selected."""
        ...


class Entry(Struct, frozen=True):
    """A rule; `origin` says where it comes from and when that was changed, empty for built-in ones."""

    code: str
    name: str
    on: bool
    options: Mapping[str, Option]
    """The keys of its options, with their defaults."""
    origin: str = ""


def catalogue(plugins: Iterable[str], folder: Path | None) -> tuple[Entry, ...]:
    """Every rule, ordered by code; from the cache in `folder` where that is as new as convlint itself.

    Raises PluginError.
    """
    named = tuple(plugins)
    if folder is None or named:
        return _loaded(named)
    place, ground = folder / __version__ / _FILE, [__version__, newest()]
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        if kept["ground"] == ground:
            return tuple(
                Entry(code, name, on, _options(options), origin)
                for code, name, on, options, origin in kept["rules"]
            )
    except (OSError, ValueError, KeyError, TypeError):
        pass
    entries = _loaded(())
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(f".{os.getpid()}.tmp")
        unfinished.write_text(json.dumps({"ground": ground, "rules": [astuple(e) for e in entries]}))
        os.replace(unfinished, place)
    except OSError:
        pass
    return entries


def newest() -> int:
    """When a file of convlint or of its rules last changed."""
    spec = find_spec(_BUILT_IN)
    places = spec.submodule_search_locations if spec else None
    rules = [Path(place) for place in places or ()] or [Path(__file__).parents[2] / "rules"]
    folders = [Path(__file__).parents[1], *rules]
    times = (os.stat(file).st_mtime_ns for folder in folders for file in folder.rglob("*.py"))
    return max(times)


def _loaded(plugins: tuple[str, ...]) -> tuple[Entry, ...]:
    from convlint.lint.plugins import load

    return tuple(
        Entry(rule.code, rule.name, rule.on, dict(rule.defaults), _origin(rule.body.__code__.co_filename))
        for rule in load(plugins)
    )


def _options(kept: Mapping[str, Option | list[Scalar]]) -> Mapping[str, Option]:
    """JSON has no tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


def _origin(file: str) -> str:
    try:
        return f"{file}:{os.stat(file).st_mtime_ns}"
    except OSError:
        return file
