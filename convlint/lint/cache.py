"""Reports kept between runs, in JSON, one file for each linted file.

Law: a kept report is used only where all that it rests on is as it was: convlint, its rules, Python, the
configuration, the search path, the file's text, every file that the analysis read (and whether it is linted,
too), and the absence of every file that it looked for in vain. What cannot be read is no report; what cannot
be written is not kept.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from convlint.config import Settings
from convlint.lint.catalogue import Entry, newest
from convlint.lint.filereport import FileReport
from convlint.lint.kept import from_json, to_json
from convlint.lint.sources import Sources
from convlint.version import __version__

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of convlint.\n"
_BAD = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


def digest(text: str) -> str:
    """A text's fingerprint."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Cache:
    """The reports of one folder; `ground` is what all of them rest on."""

    def __init__(self, folder: Path, settings: Settings, rules: Iterable[Entry], sources: Sources) -> None:
        self._folder = folder
        self._sources = sources
        self._ground = _ground(settings, rules)
        self._digests: dict[str, str | None] = {}

    def get(self, name: str, text: str) -> FileReport | None:
        """The kept report of a file, where it still holds."""
        try:
            kept = json.loads(self._place(name).read_text(encoding="utf-8"))
            if kept["ground"] != self._ground or kept["name"] != name or kept["text"] != digest(text):
                return None
            if any(self._digest(path) != known for path, known in kept["read"].items()):
                return None
            if self._linted(kept["read"]) != kept["linted"]:
                return None
            if self._versions(name, kept["read"]) != kept["versions"]:
                return None
            if any(os.path.isfile(path) for path in kept["absent"]):
                return None
            return from_json(kept["report"], tuple(kept["read"]), kept["absent"])
        except _BAD:
            return None

    def put(self, name: str, text: str, report: FileReport) -> None:
        """Keep a report. Other runs may write the same file: the last whole one stays."""
        if report.comments is None:
            return
        kept = {
            "ground": self._ground,
            "name": name,
            "text": digest(text),
            "read": {path: self._digest(path) for path in report.read},
            "linted": self._linted(report.read),
            "versions": self._versions(name, report.read),
            "absent": report.absent,
            "report": to_json(report),
        }
        import tempfile

        try:
            place = self._place(name)
            place.parent.mkdir(parents=True, exist_ok=True)
            self._mark()
            handle, unfinished = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(kept, stream)
            os.replace(unfinished, place)
        except OSError:
            return

    def _linted(self, paths: Iterable[str]) -> dict[str, str]:
        """Those files that are linted, with the names they are shown under."""
        return {path: name for path in paths if (name := self._sources.shown(path)) is not None}

    def _versions(self, name: str, paths: Iterable[str]) -> dict[str, list[int]]:
        """What the projects of the linted files say of their versions of Keras."""
        linted = (name, *self._linted(paths))
        return {path: sorted(self._sources.keras_majors(path)) for path in linted}

    def _place(self, name: str) -> Path:
        return self._folder / __version__ / f"{digest(os.path.abspath(name))}.json"

    def _mark(self) -> None:
        """Backups and version control leave the folder out."""
        for file, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            if not (self._folder / file).exists():
                (self._folder / file).write_text(text, encoding="utf-8")

    def _digest(self, path: str) -> str | None:
        """The fingerprint of a file's bytes, read once a run; None where there is none."""
        if path not in self._digests:
            try:
                with open(path, "rb") as stream:
                    self._digests[path] = blake2b(stream.read(), digest_size=16).hexdigest()
            except (OSError, ValueError):
                self._digests[path] = None
        return self._digests[path]


def _ground(settings: Settings, rules: Iterable[Entry]) -> str:
    """What every report rests on."""
    variables = [os.environ.get(name, "") for name in ("VIRTUAL_ENV", "CONDA_PREFIX")]
    place = [os.getcwd(), sys.prefix, *variables]
    chosen = [(rule.code, rule.origin) for rule in rules]
    source = "" if settings.source is None else str(settings.source.path)
    return digest(repr((__version__, newest(), sys.version, place, chosen, source, settings)))
