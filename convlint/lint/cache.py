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
import tempfile
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

from convlint.config import Settings
from convlint.lint.examiner import FileReport
from convlint.lint.kept import from_json, to_json
from convlint.lint.rule import Rule
from convlint.lint.sources import Sources
from convlint.version import __version__

_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of convlint.\n"
_BAD = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


def digest(text: str) -> str:
    """A text's fingerprint."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Cache:
    """The reports of one folder; `ground` is what all of them rest on."""

    def __init__(self, folder: Path, settings: Settings, rules: Iterable[Rule], sources: Sources) -> None:
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
            "absent": report.absent,
            "report": to_json(report),
        }
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


def _ground(settings: Settings, rules: Iterable[Rule]) -> str:
    """What every report rests on."""
    variables = [os.environ.get(name, "") for name in ("VIRTUAL_ENV", "CONDA_PREFIX")]
    place = [os.getcwd(), sys.prefix, *variables]
    rules = tuple(rules)
    chosen = [(rule.code, rule.name, rule.severity.value, rule.doc) for rule in rules]
    source = "" if settings.source is None else str(settings.source.path)
    return digest(repr((__version__, _newest(rules), sys.version, place, chosen, source, settings)))


def _newest(rules: Iterable[Rule]) -> int:
    """When convlint's own files or those of the rules last changed, for those who work on them."""
    package = Path(__file__).parent.parent
    homes = {getattr(sys.modules.get(rule.body.__module__), "__file__", None) for rule in rules}
    files = [*package.rglob("*.py"), *(Path(home) for home in homes if home is not None)]
    return max(file.stat().st_mtime_ns for file in files if file.exists())
