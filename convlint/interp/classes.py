"""Classes: bodies, bases, what happens when one is finished, and making instances."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from convlint.interp.budget import Cost
from convlint.interp.expressions import Context, expression
from convlint.interp.frame import Frame, Statement
from convlint.interp.functions import own_method
from convlint.interp.scope import Kind, Scope, bindings
from convlint.libs import registry
from convlint.values import (
    BoundMethod,
    Class,
    ClassMethod,
    Function,
    Instance,
    Native,
    Property,
    Site,
    StaticMethod,
    Unknown,
    Value,
)
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def definition(node: ast.ClassDef, context: Context) -> Statement:
    """`class Name(bases, keywords): body`, with its decorators."""
    from convlint.interp.statements import block
    from convlint.interp.targets import target

    scope = Scope(Kind.CLASS, context.scope, bindings(node.body).bound)
    inner = context.inside(scope, node.name)
    body = block(node.body, inner)
    bases = [expression(b.value if isinstance(b, ast.Starred) else b, context) for b in node.bases]
    keywords = [(k.arg, expression(k.value, context)) for k in node.keywords]
    decorators = [expression(d, context) for d in node.decorator_list]
    assign = target(ast.Name(node.name, ast.Store()), context)
    prefix = f"{context.class_name}." if context.class_name else ""

    def run(frame: Frame) -> None:
        machine = frame.machine
        functions = [d(frame) for d in decorators]
        parents = [b(frame) for b in bases]
        options = {k: v(frame) for k, v in keywords if k is not None}
        namespace: dict[str, Value] = {}
        inside = Frame(machine, frame.module, namespace, frame, frame.site, frame.code)
        body(inside)
        name = f"{frame.module.name}.{prefix}{node.name}"
        machine.site = Site(node, context.filename, frame.site)
        value: Value = build(machine, name, parents, namespace, options, node, context.filename)
        inside.defines = value if isinstance(value, Class) else None
        for decorate, place in zip(reversed(functions), reversed(node.decorator_list), strict=True):
            value = machine.decorate(decorate, value, place, frame)
        assign(frame, value)

    return run


def build(
    machine: Machine,
    name: str,
    parents: list[Value],
    namespace: dict[str, Value],
    options: dict[str, Value],
    node: ast.ClassDef | None,
    filename: str,
) -> Value:
    """The class, after the hooks of its bases have seen it. A base that is no class leaves the class with
    an unknown base.
    """
    known: dict[Class, None] = {}
    unknown: Unknown | None = None
    for parent in parents:
        entries = machine.class_bases(parent)
        if entries is None:
            unknown = (
                parent if isinstance(parent, Unknown) else machine.unknown("a base class that is not known")
            )
        else:
            known |= dict.fromkeys(entries)
    machine.budget.charge(Cost.CLASS + len(known) * sum(len(base.mro) for base in known) // 8)
    for implicit in ("__init_subclass__", "__class_getitem__"):
        if isinstance(namespace.get(implicit), Function):
            namespace[implicit] = ClassMethod(namespace[implicit])
    metaclass = options.pop("metaclass", None)
    try:
        cls = Class(
            name,
            tuple(known) or (machine.object_class,),
            namespace,
            node=node,
            filename=filename,
            metaclass=metaclass if isinstance(metaclass, Class) else _inherited_metaclass(known),
            unknown_base=unknown,
        )
    except TypeError as error:
        raise machine.error("TypeError", str(error)) from None
    if isinstance(metaclass, Unknown):
        cls.unknown_base = metaclass
    for key, value in namespace.items():
        inner = value
        while isinstance(inner, (StaticMethod, ClassMethod)):
            inner = inner.function
        for each in (inner.getter, inner.setter, inner.deleter) if isinstance(inner, Property) else (inner,):
            own_method(cls, each)
        if (set_name := machine.lookup(value, "__set_name__", None)) is not None and isinstance(
            value, Instance
        ):
            machine.call(set_name, (cls, key))
    for base in cls.mro[1:]:
        hook = registry.class_hooks.get(base.qualname)
        if hook is not None:
            replaced = hook(machine, cls)
            return cls if replaced is None else replaced
    subclass_hook = next(
        (c.namespace["__init_subclass__"] for c in cls.mro[1:] if "__init_subclass__" in c.namespace), None
    )
    if subclass_hook is not None:
        inner = subclass_hook.function if isinstance(subclass_hook, ClassMethod) else subclass_hook
        machine.call(inner, (cls,), options)
    return cls


def _inherited_metaclass(bases: Iterable[Class]) -> Class | None:
    return next((base.metaclass for base in bases if base.metaclass is not None), None)


def instantiate(machine: Machine, cls: Class, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """`cls(*args, **kwargs)`: through a metaclass's `__call__` where it has one."""
    if cls.metaclass is not None:
        call = cls.metaclass.find("__call__")
        if call is not None:
            return machine.call(call, (cls, *args), kwargs)
    return construct(machine, cls, args, kwargs)


def construct(machine: Machine, cls: Class, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """`type.__call__`: `__new__`, then `__init__` on what it gave if that is an instance of the class."""
    new = cls.find("__new__")
    obj: Value
    if new is not None:
        obj = machine.call(new.function if isinstance(new, StaticMethod) else new, (cls, *args), kwargs)
        if not (isinstance(obj, Instance) and cls in obj.cls.mro):
            return obj
    else:
        obj = machine.made(Instance(cls, machine.site))
    init = cls.find("__init__")
    if isinstance(init, Instance):  # a descriptor
        machine.call(bind_attribute(machine, init, obj, cls), args, kwargs)
    elif init is not None:
        machine.call(init, (obj, *args), kwargs)
    elif cls.unknown_base is None and (args or kwargs) and new is None:
        raise machine.error("TypeError", f"{cls.name}() takes no arguments")
    return obj


MISSING = object()
BINDING = frozenset((Function, Native))
"""What an instance has as a method where its class has it as a function."""


def class_attribute(machine: Machine, cls: Class, name: str) -> Value:
    """The attribute found on the class itself, bound as `cls.name` binds it; `MISSING` where there is
    none.
    """
    for base in cls.mro:
        if name in base.namespace:
            value = base.namespace[name]
            if value.__class__ is Lazy:
                value = value.resolve()
            match value:
                case StaticMethod(function=function):
                    return function
                case ClassMethod(function=function):
                    return BoundMethod(function, cls)
            return value
    if cls.metaclass is not None and cls.metaclass.has(name):
        return bind_attribute(machine, cls.metaclass.find(name), cls, cls.metaclass)
    return MISSING


def bind_attribute(machine: Machine, value: Value, obj: Value, cls: Class) -> Value:
    """A class attribute as reading it through an instance gives it (howto/descriptor.html)."""
    if value.__class__ in BINDING:
        return BoundMethod(value, obj)
    match value:
        case Property(getter=getter, cached=cached):
            result = machine.call(getter, (obj,))
            if cached and isinstance(obj, Instance):
                name = getter.name if isinstance(getter, Function) else ""
                machine.changing(obj)
                obj.attrs[name] = result
            return result
        case StaticMethod(function=function):
            return function
        case ClassMethod(function=function):
            return BoundMethod(function, cls)
        case Instance(cls=descriptor) if descriptor.has("__get__"):
            return machine.call(machine.getattr(value, "__get__"), (obj, cls))
    return value


__all__ = [
    "BINDING",
    "MISSING",
    "bind_attribute",
    "build",
    "class_attribute",
    "construct",
    "definition",
    "instantiate",
]
