"""The module `inspect`: signatures and kinds of objects; source and frames are not to be seen."""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

from convlint.libs import registry
from convlint.libs.python.declare import constants, function, method
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    Function,
    Instance,
    Namespace,
    Native,
    NotModelled,
    StaticMethod,
    Value,
)

KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY", "VAR_KEYWORD")
EMPTY = registry.klass("inspect._empty", "builtins.object")
PARAMETER = registry.klass("inspect.Parameter", "builtins.object")
SIGNATURE = registry.klass("inspect.Signature", "builtins.object")
for _cls in (PARAMETER, SIGNATURE):
    _cls.namespace["empty"] = EMPTY
for _kind, _name in enumerate(KINDS):
    PARAMETER.namespace[_name] = _kind
constants("inspect", {"_empty": EMPTY})


def _parameter(name: str, kind: int, default: Value = EMPTY) -> Instance:
    made = Instance(PARAMETER)
    made.attrs.update(name=name, kind=kind, default=default, annotation=EMPTY)
    return made


def _parameters(caller: Caller, obj: Value) -> list[Instance]:
    """The parameters of a callable as `inspect.signature` shows them; `NotModelled` for native code."""
    match obj:
        case Function() if "__wrapped__" in obj.attrs:
            return _parameters(caller, obj.attrs["__wrapped__"])
        case Native() if isinstance(obj.attrs.get("__wrapped__"), Function):
            return _parameters(caller, obj.attrs["__wrapped__"])
        case Function():
            return _of_function(obj)
        case BoundMethod(function=inner):
            return _parameters(caller, inner)[1:]
        case StaticMethod(function=inner):
            return _parameters(caller, inner)
        case Class():
            init = obj.find("__init__")
            return [] if init is None else _parameters(caller, init)[1:]
        case Instance(cls=cls) if cls.derives("functools.partial"):
            return _of_partial(caller, obj)
        case Instance(cls=cls) if (call := cls.find("__call__")) is not None:
            return _parameters(caller, call)[1:]
    raise NotModelled("the signature of native code is not modelled")


def _of_function(function_: Function) -> list[Instance]:
    code = function_.code
    positional = cast(tuple[str, ...], code.parameters)  # type: ignore[attr-defined]
    first = len(positional) - len(function_.defaults)
    only = len(code.node.args.posonlyargs)  # type: ignore[attr-defined]
    found = [
        _parameter(name, int(i >= only), function_.defaults[i - first] if i >= first else EMPTY)
        for i, name in enumerate(positional)
    ]
    if code.star:  # type: ignore[attr-defined]
        found.append(_parameter(code.star, 2))  # type: ignore[attr-defined]
    found += [_parameter(n, 3, function_.kw_defaults.get(n, EMPTY)) for n in code.keyword_only]  # type: ignore[attr-defined]
    if code.stars:  # type: ignore[attr-defined]
        found.append(_parameter(code.stars, 4))  # type: ignore[attr-defined]
    return found


def _of_partial(caller: Caller, obj: Instance) -> list[Instance]:
    """Bound positional parameters are gone; bound keywords became keyword-only with that default."""
    inner = _parameters(caller, obj.attrs["func"])[len(cast(tuple[Value, ...], obj.attrs["args"])) :]
    keywords = cast(dict[str, Value], obj.attrs["keywords"])
    found, after = [], False
    for each in inner:
        name, kind = cast(str, each.attrs["name"]), cast(int, each.attrs["kind"])
        after = after or name in keywords
        if kind == 2 and after:
            continue
        default = keywords.get(name, each.attrs["default"])
        found.append(_parameter(name, 3 if after and kind < 2 else kind, default))
    return found


@function("inspect.signature", absorbs=True)
def signature(caller: Caller, obj: Value, /, **options: Value) -> Value:
    made = Instance(SIGNATURE)
    parameters = _parameters(caller, obj)
    made.attrs["parameters"] = OrderedDict((p.attrs["name"], p) for p in parameters)
    made.attrs["return_annotation"] = EMPTY
    return made


@method(SIGNATURE, "bind", "bind_partial")
def bind(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    raise NotModelled("binding arguments to a signature is not modelled")


@function("inspect.getfullargspec")
def getfullargspec(caller: Caller, func: Value, /) -> Value:
    parameters = _parameters(caller, func.function if isinstance(func, BoundMethod) else func)
    spec = Instance(registry.klass("inspect.FullArgSpec", "builtins.object"))

    def of(*kinds: int) -> list[Value]:
        return [p.attrs["name"] for p in parameters if p.attrs["kind"] in kinds]

    defaults = tuple(
        p.attrs["default"]
        for p in parameters
        if p.attrs["kind"] in (0, 1) and p.attrs["default"] is not EMPTY
    )
    spec.attrs.update(
        args=of(0, 1),
        varargs=next(iter(of(2)), None),
        varkw=next(iter(of(4)), None),
        defaults=defaults or None,
        kwonlyargs=of(3),
        kwonlydefaults={p.attrs["name"]: p.attrs["default"] for p in parameters if p.attrs["kind"] == 3}
        or None,
        annotations={},
    )
    return spec


_TESTS: dict[str, tuple[type, ...]] = {
    "isclass": (Class,),
    "isfunction": (Function,),
    "ismethod": (BoundMethod,),
    "ismodule": (Namespace,),
    "isbuiltin": (Native,),
    "isroutine": (Function, Native, BoundMethod),
}
for _name, _kinds in _TESTS.items():

    def _declare(name: str, kinds: tuple[type, ...]) -> None:
        @function(f"inspect.{name}")
        def test(caller: Caller, obj: Value, /) -> Value:
            return isinstance(obj, kinds)

    _declare(_name, _kinds)


@function("inspect.isgeneratorfunction")
def isgeneratorfunction(caller: Caller, obj: Value, /) -> Value:
    inner = obj.function if isinstance(obj, BoundMethod) else obj
    return isinstance(inner, Function) and bool(inner.code.generator)  # type: ignore[attr-defined]


@function("inspect.iscoroutinefunction", "inspect.isabstract", "inspect.iscoroutine")
def never(caller: Caller, obj: Value, /) -> Value:
    return False


@function("inspect.getmro")
def getmro(caller: Caller, cls: Value, /) -> Value:
    return cls.mro if isinstance(cls, Class) else caller.unknown("the bases of this object are not known")


@function("inspect.getdoc", "inspect.cleandoc", absorbs=False)
def getdoc(caller: Caller, obj: Value, /) -> Value:
    return caller.unknown("documentation strings are not kept")


@function("inspect.unwrap")
def unwrap(caller: Caller, func: Value, /, **options: Value) -> Value:
    while isinstance(func, Function) and "__wrapped__" in func.attrs:
        func = func.attrs["__wrapped__"]
    return func
