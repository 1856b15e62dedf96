"""The module `sys`: a Python 3.12 on Linux; what the command line or the machine decides is not known."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.declare import constants, method, no_operations, outside
from convlint.libs.python.named import named_tuple
from convlint.values import Caller, Instance, NotModelled, Value

VERSION = (3, 12, 0, "final", 0)
_INFO = named_tuple("version_info", ["major", "minor", "micro", "releaselevel", "serial"], {})
constants(
    "sys",
    {
        "version_info": Instance(_INFO, payload=VERSION),
        "version": "3.12.0 (main)",
        "hexversion": 0x030C00F0,
        "maxsize": 2**63 - 1,
        "maxunicode": 0x10FFFF,
        "byteorder": "little",
        "platform": "linux",
        "dont_write_bytecode": False,
        "float_info": Instance(
            named_tuple("float_info", ["max", "min", "epsilon"], {}),
            payload=(1.7976931348623157e308, 2.2250738585072014e-308, 2.220446049250313e-16),
        ),
    },
)
no_operations("sys", "setrecursionlimit settrace setprofile")
outside(
    "sys",
    "getsizeof getrefcount exc_info _getframe getrecursionlimit gettrace",
    "what the interpreter says is not known",
)

MODULES = registry.klass("sys._Modules", "builtins.object")
constants("sys", {"modules": Instance(MODULES)})


def _module(caller: Caller, name: Value) -> Value | None:
    return caller.module(name) if isinstance(name, str) else None


@method(MODULES, "__getitem__", absorbs=True)
def _getitem(caller: Caller, receiver: Value, name: Value, /) -> Value:
    found = _module(caller, name)
    if found is None:
        raise NotModelled("which modules are loaded is not known")
    return found


@method(MODULES, "get", absorbs=True)
def _get(caller: Caller, receiver: Value, name: Value, default: Value = None, /) -> Value:
    return _getitem(caller, receiver, name)


@method(MODULES, "__contains__", absorbs=True)
def _contains(caller: Caller, receiver: Value, name: Value, /) -> Value:
    """A module that the program did not import may still be loaded by another one."""
    return _module(caller, name) is not None or caller.unknown("which modules are loaded is not known")


@method(MODULES, "__iter__", "__len__")
def _all(caller: Caller, receiver: Value, /) -> Value:
    return caller.unknown("which modules are loaded is not known")


@method(MODULES, "__getattr__")
def _other(caller: Caller, receiver: Value, name: Value, /) -> Value:
    return caller.unknown("which modules are loaded is not known")


@method(MODULES, "__setitem__", "setdefault")
def _change(caller: Caller, receiver: Value, name: Value, module: Value = None, /) -> Value:
    if isinstance(name, str):
        caller.replace_module(name, module)
    return module


@method(MODULES, "__delitem__", "pop")
def _remove(caller: Caller, receiver: Value, name: Value, default: Value = None, /) -> Value:
    return caller.unknown("which modules are loaded is not known")
