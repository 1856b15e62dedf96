"""`torch.nn.Module`: what it registers, and its attributes
(docs.pytorch.org/docs/stable/generated/torch.nn.Module.html).

Registration is what decides a parameter count, so it is followed as the framework does it: `_parameters`,
`_buffers` and `_modules` are real dictionaries, filled by `__setattr__` and read by `__getattr__`.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method, own_binding
from convlint.libs.torch import everywhere
from convlint.libs.torch.hidden import refuse_taken
from convlint.libs.torch.layer import MODULE
from convlint.shapes.fault import Fault, Kind
from convlint.values import (
    Caller,
    Instance,
    NotModelled,
    Super,
    Tensor,
    Unknown,
    Value,
)

Store = dict[str, Value]
STORES = ("_parameters", "_buffers", "_modules")
_REGISTERING = {
    "_parameters": everywhere.PARAMETER,
    "_buffers": everywhere.BUFFER,
    "_modules": everywhere.MODULE,
}
UNCERTAIN = "_uncertain"
"""Attributes with a value that is not known: each may be a parameter or a module, so the module's content
is not certain.
"""
PASSING = "_non_persistent_buffers_set"
"""The names of the buffers that a state dict leaves out."""
FORWARD_HOOKS, PRE_HOOKS = "_forward_hooks", "_forward_pre_hooks"

MODULE_CLASS = klass(MODULE, "builtins.object")
alias("torch.nn.modules", "torch.nn")
alias("torch.nn.modules.module.Module", MODULE)
alias("torch.nn.modules.Module", MODULE)


def module_of(args: tuple[Value, ...]) -> Instance:
    """The receiver of a method. Raises `NotModelled` where it is not known."""
    if not args or not isinstance(args[0], Instance):
        raise NotModelled("a method of a module that is not known")
    return args[0]


def receiver(op: Op) -> Instance:
    """The module that a method was called on."""
    if op.self is None:
        raise NotModelled(f"{op.name} of an object that is not known")
    return op.self


def is_module(value: Value) -> bool:
    """Whether the value is an instance of a `torch.nn.Module`."""
    return isinstance(value, Instance) and MODULE in value.cls.lineage


def store(module: Instance, name: str) -> Store:
    """One of the registration dictionaries; empty where the base constructor has not run."""
    found = module.attrs.get(name)
    return found if isinstance(found, dict) else {}


def certain(caller: Caller, module: Instance, name: str) -> Store:
    """A registration dictionary whose content is known; raises `NotModelled` where code that could not be
    followed had it.
    """
    if module.tainted is not None:
        raise NotModelled(module.tainted.reason)
    found = module.attrs.get(name)
    if not isinstance(found, dict):
        return {}
    if (why := caller.uncertainty(found)) is not None:
        raise NotModelled(why.reason)
    return found


def refuse_uncertain(module: Instance) -> None:
    """Raises `NotModelled` where an attribute of unknown value may be a parameter or hold some."""
    for name, value in store(module, UNCERTAIN).items():
        if isinstance(value, Unknown):
            raise NotModelled(f"`{name}` may hold parameters: {value.reason}")


@own_binding(MODULE, "__init__")
def init(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    module = module_of(args)
    if (args[1:] or kwargs) and any(c.node is None and c.derives(MODULE) for c in module.cls.mro[:-2]):
        caller.taint(module, caller.unknown("a base of a layer's class that is not modelled builds it"))
    attrs = module.attrs
    attrs["training"] = True
    for name in STORES:
        attrs[name] = {}
    attrs[PASSING] = set()
    attrs[UNCERTAIN] = {}
    attrs[FORWARD_HOOKS] = {}
    attrs[PRE_HOOKS] = {}


@own_binding(MODULE, "__setattr__")
def set_attribute(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> None:
    """Parameters and modules are registered; None keeps a name registered as absent."""
    if len(args) != 3 or not isinstance(args[1], str):
        raise NotModelled("an attribute whose name is not known is set")
    module, name, value = module_of(args), args[1], args[2]
    attrs = module.attrs
    if isinstance(value, Tensor) and value.trainable is not None:
        kind = "_parameters"
    elif is_module(value):
        kind = "_modules"
    elif isinstance(value, (Tensor, Unknown)) or value is None:
        kind = _registered_as(module, name)
    else:
        kind = ""
    if (
        kind in ("_parameters", "_modules")
        and value is not None
        and kind not in attrs
        and module.tainted is None
    ):
        what = "parameters" if kind == "_parameters" else "module"
        words = f"cannot assign {what} before Module.__init__() call"
        fault = Fault(Kind.UNINITIALIZED, detail=name)
        caller.fault(fault, lambda _: f"AttributeError: {words}", module)
        raise caller.error("AttributeError", words)
    if kind == "_parameters" and value is not None and not isinstance(value, Unknown):
        refuse_taken(caller, module, name, kind)
    if kind:
        value = everywhere.registered(caller, _REGISTERING[kind], module, name, value)
    if kind in ("_parameters", "_modules") and value is not None and not isinstance(value, Unknown):
        for other in (attrs, *(store(module, s) for s in STORES if s != kind)):
            other.pop(name, None)
    if kind:
        store(module, kind)[name] = value
        store(module, UNCERTAIN).pop(name, None)
        return
    uncertain = store(module, UNCERTAIN)
    if isinstance(value, Unknown):
        uncertain[name] = value
    else:
        uncertain.pop(name, None)
    cls = module.cls
    if cls.mro[-2] is MODULE_CLASS and cls.unknown_base is None and cls.find(name) is None:
        attrs[name] = value  # as `object.__setattr__` does, which alone comes next
        return
    caller.call(caller.getattr(Super(MODULE_CLASS, module), "__setattr__"), (name, value))


def _registered_as(module: Instance, name: str) -> str:
    """Which of the registration dictionaries has the name; empty where none has."""
    for kind in STORES:
        found = module.attrs.get(kind)
        if isinstance(found, dict) and name in found:
            return kind
    return ""


_UNSEEN = frozenset(
    [
        "T_destination",
        "__constants__",
        "__setstate__",
        "_apply",
        "_backward_hooks",
        "_backward_pre_hooks",
        "_compiled_call_impl",
        "_forward_hooks_always_called",
        "_forward_hooks_with_kwargs",
        "_forward_pre_hooks_with_kwargs",
        "_get_backward_hooks",
        "_get_backward_pre_hooks",
        "_is_full_backward_hook",
        "_load_state_dict_post_hooks",
        "_load_state_dict_pre_hooks",
        "_maybe_warn_non_full_backward_hook",
        "_named_members",
        "_replicate_for_data_parallel",
        "_slow_forward",
        "_state_dict_hooks",
        "_state_dict_pre_hooks",
        "_version",
        "call_super_init",
        "dump_patches",
        "mtia",
        "set_extra_state",
    ]
)
"""What every module has besides what is described of it (PyTorch 2.13)."""
COMPILED = "dynamo_ctx"
"""What a compiled module has, and no other."""


@own_binding(MODULE, "__getattr__")
def get_attribute(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    if len(args) != 2:
        raise NotModelled("an attribute whose name is not known is read")
    module, name = module_of(args), args[1]
    for kind in STORES:
        found = module.attrs.get(kind)
        if isinstance(found, dict) and name in found:
            return found[name]
    if module.cls.unknown_base is not None:
        return module.cls.unknown_base.derive((id(module), "attribute", name))
    if name == "_orig_mod" and COMPILED in module.attrs:
        return module
    if name in _UNSEEN:
        return caller.unknown(f"{MODULE}.{name} is not modelled")
    raise caller.error("AttributeError", f"'{module.cls.name}' object has no attribute '{name}'")


@method(MODULE, "__delattr__", "self, name")
def delete_attribute(op: Op) -> None:
    module, name = op.self, op.text("name")
    assert module is not None
    for kind in (*STORES, "__dict__"):
        found = module.attrs if kind == "__dict__" else store(module, kind)
        if name in found:
            del found[name]
            return
    raise op.caller.error("AttributeError", name)


# -- registering ---------------------------------------------------------------------------------------------


@method(MODULE, "add_module", "self, name, module")
def add_module(op: Op) -> None:
    assert op.self is not None
    value, name = op["module"], op["name"]
    if value is not None and not isinstance(value, Unknown) and not is_module(value):
        raise op.caller.error("TypeError", f"{type(value).__name__} is not a Module subclass")
    if isinstance(name, Unknown):
        op.caller.taint(store(op.self, "_modules"), name)
        return
    name = op.text("name")
    refuse_taken(op.caller, op.self, name, "_modules")
    if "." in name:
        raise op.caller.error("KeyError", f'module name can\'t contain ".", got: {name}')
    if name == "":
        raise op.caller.error("KeyError", 'module name can\'t be empty string ""')
    value = everywhere.registered(op.caller, everywhere.MODULE, op.self, name, value)
    store(op.self, "_modules")[name] = value


@method(MODULE, "register_module", "self, name, module")
def register_module(op: Op) -> Value:
    return add_module(op)


@method(MODULE, "register_parameter", "self, name, param")
def register_parameter(op: Op) -> None:
    assert op.self is not None
    name = op.text("name")
    refuse_taken(op.caller, op.self, name, "_parameters")
    value = everywhere.registered(op.caller, everywhere.PARAMETER, op.self, name, op["param"])
    store(op.self, "_parameters")[name] = value


@method(MODULE, "register_buffer", "self, name, tensor, persistent=True")
def register_buffer(op: Op) -> None:
    assert op.self is not None
    name = op.text("name")
    op.self.attrs.pop(name, None)
    value = everywhere.registered(op.caller, everywhere.BUFFER, op.self, name, op["tensor"])
    store(op.self, "_buffers")[name] = value
    passing = op.self.attrs.get(PASSING)
    if isinstance(passing, set):
        passing.discard(name) if op.flag("persistent") else passing.add(name)
