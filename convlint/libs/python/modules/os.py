"""The module `os`: paths as texts are computed, the system itself is never touched."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import constants, function, no_operations, outside
from convlint.libs.python.host import attempt
from convlint.libs.python.modules.pathlib import path_text
from convlint.values import Caller, NotModelled, Value

SYSTEM = "what the operating system says is not known"
constants("os", {"sep": "/", "pathsep": ":", "linesep": "\n", "curdir": ".", "pardir": "..", "extsep": "."})
constants("os.path", {"sep": "/", "pathsep": ":", "curdir": ".", "pardir": "..", "extsep": "."})
outside(
    "os",
    "getcwd listdir scandir walk stat lstat getpid getppid cpu_count uname getlogin urandom popen system "
    "access getenv sched_getaffinity get_terminal_size readlink",
    SYSTEM,
)
outside(
    "os.path",
    "exists isfile isdir islink lexists getsize getmtime getctime getatime abspath realpath relpath "
    "expanduser expandvars samefile ismount",
    SYSTEM,
)
no_operations(
    "os",
    "makedirs mkdir remove unlink rmdir removedirs rename replace chmod chdir putenv unsetenv kill utime "
    "symlink register_at_fork nice umask",
)


@function("os.fspath")
def fspath(caller: Caller, path: Value, /) -> Value:
    return path_text(caller, path)


@function("os.path.join")
def join(caller: Caller, path: Value, /, *paths: Value) -> Value:
    return posixpath.join(*(path_text(caller, part) for part in (path, *paths)))


def _of_one(name: str, run: Callable[[str], Value]) -> None:
    """Declare a function of one path's text."""

    def body(caller: Caller, path: Value, /) -> Value:
        return attempt(caller, run, path_text(caller, path))

    function(f"os.path.{name}")(body)


for _name in ("basename", "dirname", "split", "splitext", "splitdrive", "normpath", "normcase", "isabs"):
    _of_one(_name, getattr(posixpath, _name))


@function("os.path.commonpath", "os.path.commonprefix")
def commonpath(caller: Caller, paths: Value, /) -> Value:
    texts = [content(path) for path in collect(caller, paths)]
    known = [text for text in texts if isinstance(text, str)]
    if len(known) < len(texts):
        raise NotModelled("paths that are not known")
    return attempt(caller, posixpath.commonpath, known)
