"""Names that the class of a module has already: reading finds the method, and what is stored is hidden.

Law: `torch.nn.Module` looks for modules and parameters only where nothing else has the name; `add_module` and
`register_parameter` refuse such a name.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.shapes.fault import Fault, Kind
from convlint.values import Caller, Function, Instance, Native, Tensor, Value


def _entries(module: Instance, kind: str) -> dict[str, Value]:
    found = module.attrs.get(kind)
    return found if isinstance(found, dict) else {}


def is_method(module: Instance, name: str) -> bool:
    """Whether the class of a module has a method of that name, which reading the attribute finds first."""
    return isinstance(module.cls.find(name), (Function, Native))


def refuse_taken(caller: Caller, module: Instance, name: str, kind: str) -> None:
    """`register_parameter` and `add_module` refuse a name that the class has already."""
    if is_method(module, name) and name not in _entries(module, kind):
        words = f"attribute '{name}' already exists"
        fault = Fault(Kind.SHADOWED, detail=name)
        caller.fault(fault, lambda _: f'KeyError: "{words}"', module)
        raise caller.error("KeyError", words)


_TAKE_NOTHING = ("float", "double", "half", "bfloat16", "cpu", "share_memory")
_TAKE_DEVICES = ("cuda", "xpu", "ipu")


def refuse_hidden(op: Op, module: Instance, name: str) -> None:
    """A registered module that the method of its name hides is called with a tensor: the method is called.

    The methods that convert parameters meet the tensor only if there is a parameter to convert.
    """
    given = op["args"]
    child = _entries(module, "_modules").get(name)
    if not isinstance(child, Instance) or not isinstance(given, tuple) or not given:
        return
    if not isinstance(given[0], Tensor):
        return
    words = ""
    if name in _TAKE_NOTHING:
        words = f"Module.{name}() takes 1 positional argument but {len(given) + 1} were given"
    elif not any(isinstance(value, Tensor) for value in _entries(child, "_parameters").values()):
        return
    elif name in _TAKE_DEVICES:
        words = f"{name}(): argument 'device' (position 1) must be torch.device, not Tensor"
    elif name == "type":
        words = "dtype must be a type, str, or dtype object"
    if words:
        op.caller.fault(Fault(Kind.SHADOWED, detail=name), lambda _: f"TypeError: {words}", module)
        raise op.caller.error("TypeError", words)
