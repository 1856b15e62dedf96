"""A TOML file that can say on which line a key stands; tomli keeps no positions."""

from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import tomli
from msgspec import Struct

from convlint.config.error import ConfigError, dotted


class TomlFile(Struct, frozen=True):
    """The text of a configuration file, and the keys under which convlint's own table lies in it."""

    path: Path
    text: str
    prefix: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path, prefix: tuple[str, ...] = ()) -> "TomlFile":
        """Raises ConfigError if the file cannot be read or is not UTF-8."""
        try:
            return cls(path, path.read_bytes().decode("utf-8-sig"), prefix)
        except OSError as error:
            raise ConfigError(f"cannot be read: {error.strerror}", path) from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"is not UTF-8 (byte {error.start})", path) from error

    def table(self) -> Mapping[str, object] | None:
        """convlint's table, or None if the file has none; raises ConfigError where the file is not TOML."""
        try:
            found: object = tomli.loads(self.text)
        except tomli.TOMLDecodeError as error:
            raise ConfigError(f"not valid TOML: {error.msg}", self.path, error.lineno) from error
        for key in self.prefix:
            if not isinstance(found, dict) or key not in found:
                return None
            found = found[key]
        if not isinstance(found, dict):
            raise ConfigError(f"`{dotted(self.prefix)}` has to be a table", self.path, self.line_of(()))
        return found

    def line_of(self, keys: tuple[str, ...], word: str | None = None) -> int | None:
        """The line, from 1, of the statement or header that first makes `keys` exist below the prefix.

        With `word`, the line inside that statement on which the word stands. A key exists from the first
        prefix of the file that contains it; a prefix that ends inside a value does not parse, and is
        counted to the statement's end.
        """
        lines = self.text.split("\n")
        sought = self.prefix + keys

        @cache
        def parsed(count: int) -> object:
            try:
                return tomli.loads("\n".join(lines[:count]) + "\n")
            except tomli.TOMLDecodeError:
                return None

        def end_of_statement(count: int) -> int:
            while count < len(lines) and parsed(count) is None:
                count += 1
            return count

        def present(count: int) -> bool:
            return _contains(parsed(end_of_statement(count)), sought)

        first = bisect_left(range(1, len(lines) + 1), True, key=present) + 1
        if first > len(lines):
            return None
        if word is not None:
            for row in range(first, end_of_statement(first) + 1):
                if word in lines[row - 1]:
                    return row
        return first


def _contains(found: object, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(found, dict) or key not in found:
            return False
        found = found[key]
    return found is not None
