"""What the program asks for and is not there: an attribute, an index, an argument, a value to unpack.

Law: it is a failure only where that is certain, and none where the program would catch the exception.
"""

from __future__ import annotations

import ast
from pathlib import PurePath
from typing import TYPE_CHECKING

from convlint.interp.rebinding import exposed
from convlint.libs import registry
from convlint.shapes.fault import Fault, Kind
from convlint.values import BoundMethod, Class, Function, Instance, Raised, Tensor, Unknown, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


_INSTALLED = frozenset(("site-packages", "dist-packages"))


def no_such_attribute(machine: Machine, obj: Instance, name: str, raised: Raised) -> None:
    """A model of the program's own class has no attribute of this name, nor a method that would assign it."""
    framework = registry.protocol_of_model(obj)
    if framework is None or not framework.lacks(obj, name) or _assigns(obj.cls, name):
        return
    if obj.cls.filename in machine.loader.open or exposed(obj.cls):
        return
    if raised.text.endswith(f"'{obj.cls.name}' object has no attribute '{name}'"):
        from difflib import get_close_matches

        near = get_close_matches(name, [*obj.attrs, *framework.children(obj), *obj.cls.namespace], 1)
        _report(machine, raised, hint=f" (did you mean `{near[0]}`?)" if near else "")


def _assigns(cls: Class, name: str) -> bool:
    nodes = (node for each in cls.mro if each.node is not None for node in ast.walk(each.node))
    return any(
        isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store)
        for node in nodes
    )


def no_such_index(machine: Machine, values: tuple[Value, ...], index: int, raised: Raised) -> None:
    """A shape, or what a function returns, has fewer values; what a list holds is less sure."""
    words = f"it asks for index {index} of {len(values)} values"
    machine.fault(Fault(Kind.PROGRAM, index, len(values), detail=words), lambda _: raised.text)


def misfit(machine: Machine, called: Value, raised: Raised) -> Unknown | None:
    """A call passes arguments that the function it leads to does not take.

    Gives a result that is not known where the function may be another one at run time.
    """
    unbound, raised.unbound = raised.unbound, None
    if machine.site is None or _hands_on(machine.site.node) or _installed(unbound):
        return None
    function = called.function if isinstance(called, BoundMethod) else called
    if _uncertain(machine, called.receiver if isinstance(called, BoundMethod) else called, unbound):
        return None if machine.expects("TypeError") else machine.unknown("the function may be another one")
    if isinstance(function, Class):
        function = function.find("__init__")
    elif isinstance(function, Instance):
        framework = registry.protocol_of_model(function)
        if framework is not None and framework.builds_when_called:
            return None  # it binds arguments in its own way, and with its own words
        function = function.cls.find("__call__" if framework is None else framework.entry)
    if function is unbound:
        _report(machine, raised)
    return None


def _uncertain(machine: Machine, receiver: Value, function: Function | None) -> bool:
    """Whether a function may be another one at run time: one of a file in which code is executed that is not
    in the source, or a method of an object or a class that such code had.
    """
    if _filename(function) in machine.loader.open:
        return True
    if isinstance(receiver, Instance):
        return receiver.tainted is not None or exposed(receiver.cls)
    return isinstance(receiver, Class) and exposed(receiver)


def _hands_on(node: ast.AST) -> bool:
    """Whether a call passes on arguments by `*` or `**`: whoever calls its function chooses them."""
    return isinstance(node, ast.Call) and (
        any(isinstance(arg, ast.Starred) for arg in node.args) or any(k.arg is None for k in node.keywords)
    )


def _installed(function: Function | None) -> bool:
    """Whether the function is that of an installed package, of which the project may use another version."""
    return not _INSTALLED.isdisjoint(PurePath(_filename(function)).parts)


def _filename(function: Function | None) -> str:
    return "" if function is None else str(getattr(function.code, "filename", ""))


def wrong_number(machine: Machine, value: Value, given: int, wanted: int, starred: bool) -> Raised:
    """What Python raises where the number of values is not the number of targets.

    A failure where it is a tuple (a shape, what a function returns) or a tensor: what a list holds is less
    sure.
    """
    if given > wanted:
        words = f"too many values to unpack (expected {wanted})"
    else:
        least = f"at least {wanted - 1}" if starred else wanted
        words = f"not enough values to unpack (expected {least}, got {given})"
    raised = machine.error("ValueError", words)
    if isinstance(value, (tuple, Tensor)):
        machine.fault(Fault(Kind.PROGRAM, wanted, given, detail=words), lambda _: raised.text)
    return raised


def _report(machine: Machine, raised: Raised, hint: str = "") -> None:
    words = raised.text
    machine.fault(Fault(Kind.PROGRAM, detail=words.partition(": ")[2] + hint), lambda _: words)
