"""The process that analyses documents, one task at a time, until its input ends.

Law: what it reads is text, never code to run: no module of the workspace is imported. Whatever goes wrong
with a task is its answer; what kills the process costs the server nothing but that task.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections import OrderedDict
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from convlint.config import ConfigError, KnownRule, Settings, load, verify_rules
from convlint.lint import engine
from convlint.lint.document import Looked, look
from convlint.lint.error import PluginError
from convlint.server.tasks import (
    SIZE,
    Answer,
    Done,
    Explain,
    Failed,
    FilesOf,
    FixAll,
    Look,
    Names,
    Preferences,
    Problem,
    Reply,
    Seen,
    Task,
    Text,
)
from convlint.source import UnreadableSource, read_source

_ROUND = 8
"""Tasks after which memory in cycles is given back."""
MOST_KEPT = 32
"""Documents whose last analysis is kept; the least recently used go first."""


def main() -> None:
    """Answer tasks on standard input; what anything prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    gc.set_threshold(100_000, 20, 20)
    bench, done = Bench(), 0
    while (task := _read(sys.stdin.buffer)) is not None:
        answer = bench.do(task)
        body = pickle.dumps(Reply(answer, memory()), pickle.HIGHEST_PROTOCOL)
        answers.write(len(body).to_bytes(SIZE, "big") + body)
        answers.flush()
        del task, answer, body
        done += 1
        # Nobody waits now: what a task left in cycles is given back here, not in the midst of the next one.
        gc.collect() if done % _ROUND == 0 else gc.collect(0)
        if done == _ROUND:
            gc.freeze()  # what is loaded by now stays: later rounds need not look at it


def _read(stream: BinaryIO) -> Task | None:
    """The next task; None at the end of the input."""
    size = stream.read(SIZE)
    if len(size) < SIZE:
        return None
    body = stream.read(int.from_bytes(size, "big"))
    task: Task = pickle.loads(body)
    return task


def memory() -> int:
    """The bytes of memory that the process holds; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


class Bench(Struct):
    """What the worker keeps between tasks: settings by folder, and the last analyses."""

    preferences: Preferences = field(default_factory=Preferences)
    _settings: dict[str, tuple[Settings, Problem | None]] = field(default_factory=dict)
    _looked: OrderedDict[str, Looked] = field(default_factory=OrderedDict)

    def do(self, task: Task) -> Answer:
        """The answer to a task; an error is one, too."""
        try:
            match task:
                case Look():
                    return self._look(task)
                case FixAll():
                    return self._fix_all(task)
                case FilesOf(folder=folder):
                    return self._files(folder)
                case Explain(code=code):
                    return Text(_page(code))
                case Preferences():
                    self.preferences = task
                    self._settings.clear()
                    self._looked.clear()
                    return Done()
        except (Exception, RecursionError, MemoryError) as error:
            return Failed(f"{type(error).__name__}: {error}")

    def _look(self, task: Look) -> Seen:
        text = task.text
        if text is None:
            try:
                text = read_source(task.name).text
            except UnreadableSource:
                return Seen((), None, True, "")
        settings, problem = self._enter(task.name, task.root)
        if _excluded(task.name, settings):
            return Seen((), None, True, text, problem=problem)
        looked = self._keep(task.name, text, settings, task.unsaved)
        own = tuple(f for f in looked.findings if f.filename == task.name)
        read = frozenset(name for name in looked.read if not _installed(name))
        return Seen(
            own, looked.sheet, looked.parsed, text, read, problem, cells=looked.cells, broken=looked.broken
        )

    def _keep(self, name: str, text: str, settings: Settings, unsaved: Mapping[str, str]) -> Looked:
        looked = look(name, text, settings, unsaved, self._looked.pop(name, None))
        self._looked[name] = looked
        while len(self._looked) > MOST_KEPT:
            self._looked.popitem(last=False)
        return looked

    def _fix_all(self, task: FixAll) -> Text:
        settings, _ = self._enter(task.name, task.root)
        looked = self._keep(task.name, task.text, settings, task.unsaved)
        fixed = engine.fixed(looked.checked, settings, unsafe=False)
        return Text(fixed.texts.get(task.name, task.text))

    def _files(self, folder: str) -> Names:
        settings, _ = self._enter(os.path.join(folder, "x.py"), folder)
        return Names(tuple(os.path.abspath(name) for name in engine.files_of([Path(folder)], settings)))

    def _enter(self, name: str, root: str | None) -> tuple[Settings, Problem | None]:
        """The settings for a document. The current folder becomes its workspace's: imports start there."""
        folder = os.path.dirname(name) if os.path.isabs(name) else (root or os.getcwd())
        if root is not None and os.path.isdir(root):
            os.chdir(root)
        if folder not in self._settings:
            self._settings[folder] = self._load(folder)
        return self._settings[folder]

    def _load(self, folder: str) -> tuple[Settings, Problem | None]:
        asked = self.preferences
        problem: Problem | None = None
        try:
            settings = load([Path(folder)], None if asked.config is None else Path(asked.config))
            if not asked.trusted:
                settings = replace(settings, plugins=(), python=None)
            rules = [KnownRule(r.code, r.name, r.options) for r in engine.known_rules(settings, None)]
            verify_rules(settings, rules)
        except (ConfigError, PluginError) as error:
            settings = Settings()
            path, row = getattr(error, "file", None), getattr(error, "line", None)
            problem = Problem(getattr(error, "message", str(error)), str(path or folder), row or 1)
        search = tuple(Path(each) for each in asked.search_path)
        return replace(
            settings,
            python=Path(asked.python) if asked.python else settings.python,
            search_path=(*search, *settings.search_path),
            select=asked.select or settings.select,
            ignore=(*settings.ignore, *asked.ignore),
        ), problem


def _excluded(name: str, settings: Settings) -> bool:
    """Whether the configuration excludes a file."""
    if not os.path.isfile(name):
        return False
    return not engine.files_of([Path(name)], settings, force_exclude=True)


def _installed(name: str) -> bool:
    return f"{os.sep}site-packages{os.sep}" in name


def _page(code: str) -> str:
    """A rule's documentation as Markdown; empty for a code that no rule has."""
    for rule in engine.all_rules():
        if code in (rule.code, rule.name):
            return f"# {rule.code} {rule.name}\n\n{cleandoc(rule.doc)}\n"
    return ""


if __name__ == "__main__":
    main()
