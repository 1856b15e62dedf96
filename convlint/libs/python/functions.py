"""Builtin functions about objects: attributes, kinds, texts; and those that reach outside, never executed."""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.content import content, held, is_host, is_plain, is_symbolic
from convlint.libs.python.declare import constants, function, method
from convlint.libs.python.host import attempt
from convlint.libs.python.methods import bound_method
from convlint.libs.python.text import ascii_of, formatted, representation
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    Function,
    Instance,
    Namespace,
    Native,
    NotModelled,
    Super,
    Tensor,
    Unknown,
    Value,
)

constants("builtins", {"NotImplemented": NotImplemented, "Ellipsis": ..., "__debug__": True})


@function("builtins.getattr", absorbs=False)
def getattr_(caller: Caller, obj: Value, name: Value, default: Value = MISSING, /) -> Value:
    if isinstance(name, Unknown):
        return name.derive(("names an attribute of", id(obj)))
    attribute = content(name)
    if not isinstance(attribute, str):
        raise caller.error("TypeError", "attribute name must be string")
    return caller.getattr(obj, attribute) if default is MISSING else caller.lookup(obj, attribute, default)


@function("builtins.hasattr", absorbs=False)
def hasattr_(caller: Caller, obj: Value, name: Value, /) -> Value:
    if isinstance(name, Unknown):
        return name.derive(("names an attribute of", id(obj)))
    attribute = content(name)
    if not isinstance(attribute, str):
        raise caller.error("TypeError", "attribute name must be string")
    if isinstance(obj, Instance) and (attribute in obj.attrs or obj.cls.has(attribute)):
        return True
    if is_host(obj):
        return bound_method(caller, obj, attribute) is not MISSING or attribute == "__class__"
    found = caller.lookup(obj, attribute, MISSING)
    return found if isinstance(found, Unknown) else found is not MISSING


@function("builtins.setattr", absorbs=False)
def setattr_(caller: Caller, obj: Value, name: Value, value: Value, /) -> Value:
    attribute = content(name)
    if isinstance(attribute, Unknown):
        caller.taint(obj, attribute)
    elif isinstance(attribute, str):
        caller.setattr(obj, attribute, value)
    else:
        raise caller.error("TypeError", "attribute name must be string")
    return None


@function("builtins.delattr", absorbs=False)
def delattr_(caller: Caller, obj: Value, name: Value, /) -> Value:
    if isinstance(name, Unknown):
        caller.taint(obj, name)
    elif isinstance(name, str):
        caller.delattr(obj, name)
    else:
        raise caller.error("TypeError", "attribute name must be string")
    return None


@function("builtins.vars", absorbs=False)
def vars_(caller: Caller, obj: Value = MISSING, /) -> Value:
    if isinstance(obj, Instance):
        return obj.attrs
    if isinstance(obj, Class):
        return obj.namespace
    if isinstance(obj, Namespace) and not obj.library:
        return obj.attrs
    raise NotModelled("vars() of this object is not modelled")


@function("builtins.dir", absorbs=False)
def dir_(caller: Caller, obj: Value = MISSING, /) -> Value:
    if isinstance(obj, Instance) and obj.tainted is None and obj.cls.unknown_base is None:
        return sorted(set(obj.attrs).union(*(cls.namespace for cls in obj.cls.mro)))
    if isinstance(obj, Namespace) and not obj.library:
        return sorted(obj.attrs)
    if isinstance(obj, Namespace):
        names = Instance(_NAMES)
        names.attrs["of"] = obj
        return names
    raise NotModelled("dir() of this object is not modelled")


_NAMES = registry.klass("builtins._names_of_library", "builtins.object")
"""What `dir` gives of a library's module: whether a name is among them is known, all of them are not."""


@method(_NAMES, "__contains__", absorbs=True)
def _is_named(caller: Caller, receiver: Instance, name: Value, /) -> Value:
    return hasattr_(caller, held(receiver, "of"), name)


@method(_NAMES, "__iter__", "__len__", "__getitem__")
def _all_names(caller: Caller, receiver: Instance, /, *args: Value) -> Value:
    return caller.unknown("not every name of a library is known")


def classes_in(info: Value) -> tuple[Value, ...]:
    """The classes that `isinstance` is asked about: nested tuples and unions opened, None as its type."""
    if isinstance(info, tuple):
        return tuple(each for part in info for each in classes_in(part))
    return (registry.lookup("types.NoneType"),) if info is None or info is NoneType else (info,)


@function("builtins.isinstance", absorbs=False)
def isinstance_(caller: Caller, obj: Value, info: Value, /) -> Value:
    found = classes_in(info)
    return caller.is_instance(obj, found[0] if len(found) == 1 else found)


@function("builtins.issubclass", absorbs=False)
def issubclass_(caller: Caller, cls: Value, info: Value, /) -> Value:
    if isinstance(cls, Unknown):
        return cls.derive(("issubclass", id(info)))
    if not isinstance(cls, Class):
        raise caller.error("TypeError", "issubclass() arg 1 must be a class")
    doubt: Value = False
    for parent in classes_in(info):
        if isinstance(parent, Class) and (check := parent.namespace.get("__subclasscheck__")) is not None:
            answer = caller.call(check, (parent, cls))
        elif isinstance(parent, Class):
            answer = parent in cls.mro or (cls.unknown_base or False)
        else:
            answer = parent if isinstance(parent, Unknown) else caller.unknown("a class that is not known")
        if answer is True:
            return True
        doubt = answer if isinstance(answer, Unknown) else doubt
    return doubt


@function("builtins.callable")
def callable_(caller: Caller, obj: Value, /) -> Value:
    if isinstance(obj, Function | Native | Class | BoundMethod):
        return True
    if isinstance(obj, Instance):
        if obj.cls.has("__call__"):
            return True
        return obj.tainted or obj.cls.unknown_base or False
    return False


@function("builtins.id")
def id_(caller: Caller, obj: Value, /) -> Value:
    """An integer that is equal for the same object and for no other one; which one is the host's secret."""
    return caller.unknown("the address of an object is not known") if is_host(obj) else id(obj)


@function("builtins.hash")
def hash_(caller: Caller, obj: Value, /) -> Value:
    method = bound_method(caller, obj, "__hash__")
    if method is not MISSING:
        return caller.call(method)
    if isinstance(obj, Instance) and obj.cls.has("__hash__"):
        return caller.call(caller.getattr(obj, "__hash__"))
    raise NotModelled("the hash of an object is its address")


@function("builtins.repr")
def repr_(caller: Caller, obj: Value, /) -> Value:
    return representation(caller, obj)


@function("builtins.ascii")
def ascii_(caller: Caller, obj: Value, /) -> Value:
    shown = representation(caller, obj)
    return ascii_of(shown) if isinstance(shown, str) else shown


@function("builtins.format")
def format_(caller: Caller, obj: Value, spec: Value = "", /) -> Value:
    if isinstance(obj, Tensor | Class | Function):
        return caller.text(obj)
    return formatted(caller, obj, "", spec)


@function("builtins.print", absorbs=False)
def print_(caller: Caller, *args: Value, **options: Value) -> Value:
    return None


@function("builtins.super", absorbs=False)
def super_(caller: Caller, start: Value, receiver: Value, /) -> Value:
    """`super(cls, obj)`; without arguments it is the interpreter's."""
    if isinstance(start, Class) and isinstance(receiver, Instance | Class):
        return Super(start, receiver)
    raise NotModelled("super() of an object that is not known")


def _on_host(name: str, run: Callable[..., Value]) -> None:
    """Declare a function of one plain argument that the host computes."""

    def body(caller: Caller, value: Value, /) -> Value:
        data = content(value)
        if is_symbolic(data) or not is_plain(data):
            raise NotModelled(f"{name}() of a value that is not known")
        return attempt(caller, run, data)

    function(f"builtins.{name}")(body)


for _name, _run in (("chr", chr), ("ord", ord), ("bin", bin), ("hex", hex), ("oct", oct)):
    _on_host(_name, _run)


def _outside(name: str, reason: str) -> None:
    """Declare a function that reaches outside the program: it is never executed."""
    function(f"builtins.{name}", absorbs=False)(lambda caller, *args, **kwargs: caller.unknown(reason))


for _name in ("eval", "exec", "compile", "__import__"):
    _outside(_name, f"{_name}() runs code that is not in the source")
for _name in ("open", "input"):
    _outside(_name, f"{_name}() reads from outside the program")
for _name in ("locals", "memoryview", "aiter", "anext"):
    _outside(_name, f"{_name}() is not modelled")
for _name in ("breakpoint", "help"):
    function(f"builtins.{_name}", absorbs=False)(lambda caller, *args, **kwargs: None)


@function("builtins.exit", "builtins.quit", "sys.exit", "os._exit", absorbs=False)
def exit_(caller: Caller, code: Value = None, /) -> Value:
    raise caller.error("SystemExit", "" if code is None else str(code) if is_plain(code) else "?")
