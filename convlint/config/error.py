"""Mistakes in the configuration, reported in one line that says where, what, and the likely cure."""

import re
from collections.abc import Iterable
from pathlib import Path


class ConfigError(Exception):
    """A configuration that cannot be used; its text is one line, `pyproject.toml:12: unknown key …`."""

    def __init__(self, message: str, file: Path | None = None, line: int | None = None) -> None:
        self.message = message
        self.file = file
        self.line = line
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + message)


class Refused(Exception):
    """A reader's refusal of a value: what is wrong, under which keys below the one it reads, and which word.

    Whoever knows the file turns it into a `ConfigError` with a line.
    """

    def __init__(self, message: str, keys: tuple[str, ...] = (), word: str | None = None) -> None:
        self.message = message
        self.keys = keys
        self.word = word
        super().__init__(message)

    def below(self, key: str) -> "Refused":
        """The same refusal, seen from the table that holds `key`."""
        return Refused(self.message, (key, *self.keys), self.word)


def dotted(keys: Iterable[str]) -> str:
    """The keys as TOML writes them, dotted and quoted where they have to be."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"' for key in keys)


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """` (did you mean `x`?)` for the candidate nearest to `word`, letter case aside; else nothing."""
    from difflib import get_close_matches

    by_fold: dict[str, str] = {}
    for candidate in candidates:
        by_fold.setdefault(candidate.casefold(), candidate)
    near = get_close_matches(word.casefold(), by_fold, n=1)
    return f" (did you mean `{by_fold[near[0]]}`?)" if near else ""
