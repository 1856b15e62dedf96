"""The module `pathlib`: pure paths; every question to the file system is left open."""

from __future__ import annotations

from pathlib import PurePosixPath

from convlint.libs import registry
from convlint.libs.python.content import content
from convlint.libs.python.declare import method, native
from convlint.libs.python.host import attempt
from convlint.values import Caller, Class, ClassMethod, Instance, NotModelled, Property, Unknown, Value

PURE = registry.klass("pathlib.PurePath", "builtins.object")
PATH = registry.klass("pathlib.Path", "pathlib.PurePath")
for _name, _base in (
    ("PurePosixPath", "PurePath"),
    ("PureWindowsPath", "PurePath"),
    ("PosixPath", "Path"),
    ("WindowsPath", "Path"),
):
    registry.klass(f"pathlib.{_name}", f"pathlib.{_base}")
FILES = "what lies on the disk is not known"


def path_text(caller: Caller, value: Value) -> str:
    """The text of a path given as str or Path. Raises NotModelled where it is not known."""
    data = content(value)
    if isinstance(data, str):
        return data
    if isinstance(data, Unknown):
        raise NotModelled(data.reason)
    if isinstance(data, Instance):
        text = data.attrs.get("_text")
        if isinstance(text, str):
            return text
        if PURE in data.cls.mro:
            raise NotModelled("a path that is not known")
        if data.cls.has("__fspath__"):
            return path_text(caller, caller.call(caller.getattr(data, "__fspath__")))
    raise caller.error("TypeError", "expected str, bytes or os.PathLike object")


def _like(caller: Caller, receiver: Value, path: PurePosixPath) -> Value:
    cls = receiver.cls if isinstance(receiver, Instance) else PATH
    made = Instance(cls, caller.site)
    made.attrs["_text"] = str(path)
    return made


@method(PURE, "__init__")
def _init(caller: Caller, receiver: Value, /, *parts: Value) -> Value:
    assert isinstance(receiver, Instance)
    unknown = next((part for part in parts if isinstance(part, Unknown)), None)
    if unknown is not None:
        caller.taint(receiver, unknown)
        return None
    receiver.attrs["_text"] = str(PurePosixPath(*(path_text(caller, part) for part in parts)))
    return None


def _host(caller: Caller, receiver: Value) -> PurePosixPath:
    return PurePosixPath(path_text(caller, receiver))


@method(PURE, "__truediv__", "joinpath", absorbs=True)
def _join(caller: Caller, receiver: Value, /, *parts: Value) -> Value:
    joined = _host(caller, receiver).joinpath(*(path_text(caller, part) for part in parts))
    return _like(caller, receiver, joined)


@method(PURE, "__rtruediv__", absorbs=True)
def _joined(caller: Caller, receiver: Value, start: Value, /) -> Value:
    return _like(caller, receiver, PurePosixPath(path_text(caller, start)) / _host(caller, receiver))


@method(PURE, "__str__", "__fspath__", "as_posix")
def _str(caller: Caller, receiver: Value, /) -> Value:
    return path_text(caller, receiver)


@method(PURE, "__eq__", absorbs=True)
def _eq(caller: Caller, receiver: Value, other: Value, /) -> Value:
    if isinstance(other, Instance) and PURE in other.cls.mro:
        return path_text(caller, receiver) == path_text(caller, other)
    return NotImplemented


def _texts(name: str) -> None:
    @method(PURE, name, absorbs=True)
    def run(caller: Caller, receiver: Value, part: Value, /) -> Value:
        if not isinstance(part, str):
            raise NotModelled("a part of a path is not known")
        path = _host(caller, receiver)
        return _like(caller, receiver, attempt(caller, getattr(path, name), part))


def _attribute(name: str) -> None:
    def get(caller: Caller, receiver: Value, /) -> Value:
        value: Value = getattr(_host(caller, receiver), name)
        return _like(caller, receiver, value) if isinstance(value, PurePosixPath) else value

    PURE.namespace[name] = Property(native(f"pathlib.{name}", get, absorbs=False))


for _name in ("with_suffix", "with_name", "with_stem"):
    _texts(_name)
for _name in ("name", "stem", "suffix", "suffixes", "parts", "parent", "anchor", "root", "drive"):
    _attribute(_name)


@method(PURE, "is_absolute")
def _is_absolute(caller: Caller, receiver: Value, /) -> Value:
    return _host(caller, receiver).is_absolute()


@method(PURE, "match", "full_match", "relative_to", "is_relative_to", absorbs=True)
def _relation(caller: Caller, receiver: Value, other: Value, /) -> Value:
    raise NotModelled("relations of paths are not modelled")


def _outside(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return caller.unknown(FILES)


for _name in [
    "exists",
    "is_file",
    "is_dir",
    "is_symlink",
    "stat",
    "lstat",
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "iterdir",
    "glob",
    "rglob",
    "mkdir",
    "rmdir",
    "unlink",
    "rename",
    "replace",
    "touch",
    "resolve",
    "absolute",
    "expanduser",
    "samefile",
    "owner",
    "symlink_to",
    "walk",
    "chmod",
]:
    method(PATH, _name)(_outside)


def _elsewhere(caller: Caller, cls: Value, /) -> Value:
    assert isinstance(cls, Class)
    return caller.unknown(FILES)


for _name in ("cwd", "home"):
    PATH.namespace[_name] = ClassMethod(native(f"pathlib.Path.{_name}", _elsewhere))
