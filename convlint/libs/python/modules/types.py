"""The module `types`: the classes of functions, modules and iterators, and SimpleNamespace."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python import operators
from convlint.libs.python.declare import function, method, native
from convlint.values import (
    BoundMethod,
    Caller,
    Class,
    Function,
    Instance,
    Namespace,
    Native,
    Property,
    StaticMethod,
    Stream,
    Value,
)

_HOSTS: dict[str, type] = {
    "FunctionType": Function,
    "BuiltinFunctionType": Native,
    "MethodType": BoundMethod,
    "ModuleType": Namespace,
    "GeneratorType": Stream,
}
for _name, _host in _HOSTS.items():
    registry.klass(f"types.{_name}", "builtins.object", host=_host)
for _name in [
    "AsyncGeneratorType",
    "CellType",
    "CodeType",
    "CoroutineType",
    "FrameType",
    "GenericAlias",
    "GetSetDescriptorType",
    "MemberDescriptorType",
    "MethodWrapperType",
    "TracebackType",
    "UnionType",
    "WrapperDescriptorType",
]:
    registry.klass(f"types.{_name}", "builtins.object")
registry.alias("types.LambdaType", "types.FunctionType")
registry.alias("types.BuiltinMethodType", "types.BuiltinFunctionType")


def _new_method(caller: Caller, cls: Value, func: Value, obj: Value, /) -> Value:
    return BoundMethod(func, obj)


def _new_module(caller: Caller, cls: Value, name: Value, doc: Value = None, /) -> Value:
    return Namespace(str(name), {"__name__": name, "__doc__": doc})


for _name, _body in (("MethodType", _new_method), ("ModuleType", _new_module)):
    _cls = registry.lookup(f"types.{_name}")
    assert isinstance(_cls, Class)
    _cls.namespace["__new__"] = StaticMethod(native(f"types.{_name}", _body, absorbs=False))

NAMESPACE = registry.klass("types.SimpleNamespace", "builtins.object")


@method(NAMESPACE, "__init__")
def _init(caller: Caller, receiver: Value, mapping: Value = (), /, **kwargs: Value) -> Value:
    assert isinstance(receiver, Instance)
    if isinstance(mapping, dict):
        receiver.attrs.update({str(key): value for key, value in mapping.items()})
    receiver.attrs.update(kwargs)
    return None


@method(NAMESPACE, "__eq__")
def _eq(caller: Caller, receiver: Value, other: Value, /) -> Value:
    if (
        isinstance(receiver, Instance)
        and isinstance(other, Instance)
        and other.cls.derives(NAMESPACE.qualname)
    ):
        return operators.equal(caller, receiver.attrs, other.attrs)
    return NotImplemented


@method(NAMESPACE, "__repr__")
def _repr(caller: Caller, receiver: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    parts = []
    for name, value in receiver.attrs.items():
        shown = operators.representation(caller, value)
        if not isinstance(shown, str):
            return shown
        parts.append(f"{name}={shown}")
    return f"namespace({', '.join(parts)})"


@function("types.MappingProxyType", absorbs=False)
def proxy(caller: Caller, mapping: Value, /) -> Value:
    return mapping


@function("types.DynamicClassAttribute", absorbs=False)
def dynamic_attribute(caller: Caller, fget: Value = None, fset: Value = None, fdel: Value = None) -> Value:
    return Property(fget, fset, fdel)


@function("types.new_class", "types.resolve_bases", "types.prepare_class", absorbs=False)
def new_class(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
    return caller.unknown("classes made by the module types are not modelled")
