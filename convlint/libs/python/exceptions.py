"""The hierarchy of builtin exceptions, each a class with `args`."""

from __future__ import annotations

import builtins

from convlint.libs import registry
from convlint.libs.python.classes import OBJECT
from convlint.libs.python.declare import method
from convlint.values import Caller, Class, Instance, Value

_declared: dict[str, Class] = {OBJECT.qualname: OBJECT}


def _declare(host: type) -> Class:
    """Declare a builtin exception after its bases."""
    name = f"builtins.{host.__name__}"
    if name not in _declared:
        for base in host.__bases__:
            if base is not object:
                _declare(base)
        _declared[name] = registry.klass(name, *(f"builtins.{base.__name__}" for base in host.__bases__))
    return _declared[name]


for _found in list(vars(builtins).values()):
    if isinstance(_found, type) and issubclass(_found, BaseException):
        _declare(_found)
for _alias, _target in {"IOError": "OSError", "EnvironmentError": "OSError"}.items():
    registry.alias(f"builtins.{_alias}", f"builtins.{_target}")

BASE = _declare(BaseException)
_KEY_ERROR = _declare(KeyError)


@method(BASE, "__new__")
def _new(caller: Caller, cls: Value, /, *args: Value, **kwargs: Value) -> Value:
    """`args` are there whatever the program's own `__init__` does."""
    assert isinstance(cls, Class)
    made = Instance(cls, caller.site)
    made.attrs["args"] = args
    made.attrs["__cause__"] = made.attrs["__context__"] = made.attrs["__traceback__"] = None
    return made


@method(BASE, "__init__")
def _init(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    assert isinstance(receiver, Instance)
    receiver.attrs["args"] = args
    if receiver.cls.derives("builtins.StopIteration"):
        receiver.attrs["value"] = args[0] if args else None
    if receiver.cls.derives("builtins.OSError") and len(args) >= 2:
        receiver.attrs.update(errno=args[0], strerror=args[1], filename=args[2] if len(args) > 2 else None)
    if receiver.cls.derives("builtins.ImportError"):
        receiver.attrs.update(name=kwargs.get("name"), path=kwargs.get("path"), msg=args[0] if args else None)
    return None


def _args(receiver: Value) -> tuple[Value, ...]:
    args = receiver.attrs.get("args", ()) if isinstance(receiver, Instance) else ()
    return args if isinstance(args, tuple) else ()


@method(BASE, "__str__")
def _str(caller: Caller, receiver: Value, /) -> Value:
    args = _args(receiver)
    if len(args) == 1:
        return caller.text(args[0])
    return caller.text(args) if args else ""


@method(_KEY_ERROR, "__str__")
def _key_str(caller: Caller, receiver: Value, /) -> Value:
    from convlint.libs.python.text import representation

    args = _args(receiver)
    return representation(caller, args[0]) if len(args) == 1 else _str(caller, receiver)


@method(BASE, "__repr__")
def _repr(caller: Caller, receiver: Value, /) -> Value:
    from convlint.libs.python.text import representation

    assert isinstance(receiver, Instance)
    args = _args(receiver)
    shown = representation(caller, args[0] if len(args) == 1 else args)
    if not isinstance(shown, str):
        return shown
    return f"{receiver.cls.name}({shown})" if len(args) == 1 else f"{receiver.cls.name}{shown}"


@method(BASE, "with_traceback")
def _with_traceback(caller: Caller, receiver: Value, traceback: Value, /) -> Value:
    return receiver


@method(BASE, "add_note")
def _add_note(caller: Caller, receiver: Value, note: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    notes = receiver.attrs.setdefault("__notes__", [])
    if isinstance(notes, list):
        notes.append(note)
    return None
