"""The module `os`: paths as texts are computed, the system itself is never touched.

Law: a variable of the environment that a program asks for is not set, as on a fresh machine, unless the
program sets it; one that it reads without asking has an unknown value.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from convlint.libs import registry
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import constants, function, method, no_operations, outside
from convlint.libs.python.host import attempt
from convlint.libs.python.modules.pathlib import path_text
from convlint.values import Caller, Instance, NotModelled, Value

ENVIRONMENT = "the environment of the process is not known"
SYSTEM = "what the operating system says is not known"
constants("os", {"name": "posix", "sep": "/", "pathsep": ":", "linesep": "\n"})
constants("os", {"curdir": ".", "pardir": "..", "extsep": "."})
constants("os.path", {"sep": "/", "pathsep": ":", "curdir": ".", "pardir": "..", "extsep": "."})
outside(
    "os",
    "getcwd listdir scandir walk stat lstat getpid getppid cpu_count uname getlogin urandom popen system "
    "access sched_getaffinity get_terminal_size readlink",
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


ENVIRON = registry.klass("os._Environ", "builtins.object")
constants("os", {"environ": Instance(ENVIRON)})


def _variables(caller: Caller) -> dict[Value, Value]:
    """What the program itself has set."""
    found = caller.state.setdefault("os.environ", {})
    assert isinstance(found, dict)
    return found


@method(ENVIRON, "__getitem__", absorbs=True)
def _variable(caller: Caller, receiver: Value, name: Value, /) -> Value:
    variables = _variables(caller)
    return variables[name] if isinstance(name, str) and name in variables else caller.unknown(ENVIRONMENT)


@method(ENVIRON, "get", "pop", absorbs=True)
def _asked_for(caller: Caller, receiver: Value, name: Value, default: Value = None, /) -> Value:
    return getenv(caller, name, default)


@function("os.getenv")
def getenv(caller: Caller, key: Value, default: Value = None) -> Value:
    if not isinstance(key, str):
        return caller.unknown(ENVIRONMENT)
    return _variables(caller).get(key, default)


@method(ENVIRON, "__contains__", absorbs=True)
def _is_set(caller: Caller, receiver: Value, name: Value, /) -> Value:
    return name in _variables(caller) if isinstance(name, str) else caller.unknown(ENVIRONMENT)


@method(ENVIRON, "__setitem__")
def _set(caller: Caller, receiver: Value, name: Value, value: Value, /) -> Value:
    if isinstance(name, str):
        _variables(caller)[name] = value
    return None


@method(ENVIRON, "setdefault")
def _setdefault(caller: Caller, receiver: Value, name: Value, value: Value, /) -> Value:
    return (
        _variables(caller).setdefault(name, value) if isinstance(name, str) else caller.unknown(ENVIRONMENT)
    )


@method(ENVIRON, "__delitem__", "update")
def _forget(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return None


@method(ENVIRON, "__iter__", "__len__")
def _all(caller: Caller, receiver: Value, /) -> Value:
    return caller.unknown(ENVIRONMENT)


@method(ENVIRON, "__getattr__")
def _other(caller: Caller, receiver: Value, name: Value, /) -> Value:
    return caller.unknown(ENVIRONMENT)
