"""From the paths a user gives to the Python files they mean, in one order whatever the file system.

Law: a file that is named is taken; a folder is walked, and exclusion looks only at what lies below it, so
that a project may itself lie in a folder called `build`.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct, field

SUFFIXES = (".py", ".pyi", ".ipynb")

DEFAULT_EXCLUDES = (
    *(".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox"),
    *(".pants.d", ".pyenv", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv", ".vscode"),
    *("__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules"),
    *("site-packages", "venv"),
)

Ignored = Callable[[str, bool], bool]
"""Whether to leave out a path (relative to the root, with `/`), a folder or not; `.gitignore` is one."""


class Unreachable(Struct, frozen=True, order=True):
    """A path that was given or met and could not be entered."""

    path: str
    reason: str


class Discovery(Struct, frozen=True):
    """The files found, each once, in the order of their path's parts; and what could not be reached."""

    files: tuple[str, ...]
    unreachable: tuple[Unreachable, ...]


class Exclusion(Struct, frozen=True, dict=True):
    """Patterns of paths to leave out, each read against the path below `root`.

    A pattern without `/` fits any part of the path; one with `/` the path from the root on. `*` and `?` stay
    within a part, `**` does not.
    """

    patterns: tuple[str, ...] = DEFAULT_EXCLUDES
    root: str = "."
    ignored: Ignored | None = None

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        regexes = [_regex(pattern, self.root) for pattern in self.patterns if pattern.strip("/")]
        return re.compile("|".join(regexes) or r"(?!)")

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Whether the last part of a path, or the path as a whole, is excluded."""
        relative = _relative(path, self.root)
        if self._compiled.fullmatch(relative) is not None:
            return True
        return self.ignored is not None and self.ignored(relative, is_folder)

    def excludes_any_part(self, path: str) -> bool:
        """Whether the path or a folder that it lies in, below the root, is excluded."""
        parts = _relative(path, self.root).split("/")
        wholes = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return any(self._compiled.fullmatch(whole) for whole in wholes) or self.excludes(
            path, is_folder=False
        )


def discover(paths: Sequence[str], exclusion: Exclusion | None = None, force: bool = False) -> Discovery:
    """Find the Python files that paths mean.

    With `force`, exclusion holds for files that are named, too (as hooks that name files want it).
    """
    walk = _Walk(exclusion if exclusion is not None else Exclusion(), force)
    for path in paths:
        walk.take(os.path.normpath(path))
    files = sorted(walk.files.values(), key=lambda path: _slashed(path).split("/"))
    return Discovery(tuple(files), tuple(sorted(walk.unreachable)))


class _Walk(Struct):
    exclusion: Exclusion
    force: bool
    files: dict[str, str] = field(default_factory=dict)
    unreachable: list[Unreachable] = field(default_factory=list)
    entered: set[tuple[int, int]] = field(default_factory=set)

    def take(self, path: str) -> None:
        """A path that was given."""
        if os.path.isdir(path):
            if not (self.force and self.exclusion.excludes_any_part(path)):
                self._walk(path)
        elif not os.path.exists(path):
            reason = "broken symbolic link" if os.path.islink(path) else "no such file or folder"
            self.unreachable.append(Unreachable(path, reason))
        elif not (self.force and self.exclusion.excludes_any_part(path)):
            self._keep(path)

    def _keep(self, path: str) -> None:
        """A file once, by its own name rather than by a link's."""
        known = self.files.setdefault(os.path.realpath(path), path)
        if os.path.islink(known) and not os.path.islink(path):
            self.files[os.path.realpath(path)] = path

    def _walk(self, root: str) -> None:
        """Every folder below a root once; links that lead back into it are not followed."""
        real_root = os.path.realpath(root)
        pending = [root]
        while pending:
            folder = pending.pop()
            try:
                status = os.stat(folder)
                if (status.st_dev, status.st_ino) in self.entered:
                    continue
                self.entered.add((status.st_dev, status.st_ino))
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name, reverse=True)
            except OSError as error:
                self.unreachable.append(Unreachable(folder, error.strerror or str(error)))
                continue
            if folder != root and any(entry.name == "pyvenv.cfg" for entry in entries):
                continue
            pending.extend(self._subfolders(entries, real_root))

    def _subfolders(self, entries: Sequence[os.DirEntry[str]], real_root: str) -> Iterator[str]:
        """Keep the files among a folder's entries; the folders to go into."""
        for entry in entries:
            path = os.path.normpath(entry.path)
            if _is_folder(entry):
                if not self.exclusion.excludes(path, is_folder=True) and not _leads_back(entry, real_root):
                    yield path
            elif (
                path.endswith(SUFFIXES) and os.path.isfile(path) and not self.exclusion.excludes(path, False)
            ):
                self._keep(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _leads_back(entry: os.DirEntry[str], real_root: str) -> bool:
    if not entry.is_symlink():
        return False
    real = os.path.realpath(entry.path)
    return os.path.commonpath([real, real_root]) in (real, real_root)


def _relative(path: str, root: str) -> str:
    try:
        return _slashed(os.path.relpath(path, root))
    except ValueError:  # on another drive
        return _slashed(os.path.abspath(path))


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")


def _regex(pattern: str, root: str) -> str:
    """A pattern as a regular expression for the whole of a relative path."""
    pattern = _slashed(pattern).removesuffix("/")
    if os.path.isabs(pattern):
        pattern = _relative(pattern, root)
    elif "/" not in pattern:
        return rf"(?:.*/)?{_translate(pattern)}"
    return _translate(pattern.removeprefix("./").removeprefix("/"))


def _translate(pattern: str) -> str:
    """`**/` any folders or none, `**` anything, `*` and `?` within a part, `[…]` one character of a set."""
    result = []
    for piece in re.findall(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|[\s\S]", pattern):
        match piece:
            case "**/":
                result.append(r"(?:[^/]+/)*")
            case "**":
                result.append(r".*")
            case "*":
                result.append(r"[^/]*")
            case "?":
                result.append(r"[^/]")
            case _ if len(piece) > 1:
                inside = piece[1:-1].replace("\\", r"\\").replace("[", r"\[")
                result.append(f"[^{inside[1:]}]" if inside.startswith("!") else f"[{inside}]")
            case _:
                result.append(re.escape(piece))
    return "".join(result)
