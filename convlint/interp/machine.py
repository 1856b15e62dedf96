"""The machine: evaluates calls, operators, attributes and truth on abstract values.

It is the `Caller` that libraries see. One machine runs one path of one root; the loader's modules outlive it.
What happens it keeps as a `Recording`, what is imported and set for the process as `Modules`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from convlint.dims import Expr, negate
from convlint.interp import (
    absence,
    attributes,
    calling,
    classes,
    describing,
    evaluating,
    iterating,
    rebinding,
    subscripts,
)
from convlint.interp.budget import Cost
from convlint.interp.frame import Code, Frame
from convlint.interp.modules import Modules
from convlint.libs import registry
from convlint.values import (
    BoundMethod,
    Class,
    Function,
    Instance,
    Namespace,
    NotModelled,
    Raised,
    Site,
    Tensor,
    Unknown,
    Value,
)

_FIXED = frozenset({int, float, bool, str, Expr, Unknown})
_READER, _OF_HOST = attributes.OF_CLASS.get, attributes.of_host


class Machine(Modules):
    """Everything that one path of one root needs; implements `Caller`."""

    current: Machine | None = None

    def resume(self) -> None:
        """This machine goes on: at its beginning, and after another one ran."""
        Machine.current = self
        super().resume()

    @property
    def present(self) -> Machine:
        """The machine that runs now: a lazy import may outlive the one that met it."""
        return Machine.current or self

    # -- calls -------------------------------------------------------------------------------------------

    def call_at(
        self, site: Site, function: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
    ) -> Value:
        """A call in the source."""
        before = self.site
        self.site = site
        try:
            return calling.call(self, function, args, kwargs)
        except Raised as raised:
            if raised.unbound is not None:
                self.site = site
                why = absence.misfit(self, function, raised)
                if why is not None:
                    return calling.unknown_call(self, function, why, [*args, *kwargs.values()])
            raise
        finally:
            self.site = before

    def call(
        self, function: Value, args: Sequence[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        return calling.call(self, function, tuple(args), dict(kwargs) if kwargs else {})

    def call_method(
        self, obj: Value, name: str, args: tuple[Value, ...], kwargs: dict[str, Value] | None = None
    ) -> Value:
        if obj.__class__ is Instance and name not in obj.attrs:
            found = obj.cls.find(name)
            if found.__class__ in classes.BINDING:
                return calling.call(self, found, (obj, *args), kwargs or {})
        return calling.call(self, self.getattr(obj, name), args, kwargs or {})

    def call_unknown(self, site: Site, function: Value, why: Unknown, args: list[Value]) -> Value:
        """A call whose arguments are not all known."""
        self.site = site
        return calling.unknown_call(self, function, why, args)

    def decorate(self, decorator: Value, value: Value, node: ast.expr, frame: Frame) -> Value:
        """Apply a decorator. A class stays the class where the decorator is not known: its content is
        uncertain.
        """
        filename = frame.module.filename
        if isinstance(decorator, Unknown):
            if isinstance(value, Class):
                value.unknown_base = value.unknown_base or decorator
                rebinding.expose(value, decorator)
                return value
            return decorator.derive(("decorates", id(value)))
        return self.call_at(Site(node, filename, frame.site), decorator, (value,), {})

    # -- attributes --------------------------------------------------------------------------------------

    def getattr(self, obj: Value, name: str) -> Value:
        found = _READER(obj.__class__, _OF_HOST)(self, obj, name)
        return self._without(obj, name) if found is classes.MISSING else found

    def _without(self, obj: Value, name: str) -> Value:
        """`obj.name` of an object that has no such attribute."""
        if name == "__class__":
            return self.class_of(obj)
        if isinstance(obj, Class):
            raise self.error("AttributeError", f"type object '{obj.name}' has no attribute '{name}'")
        if isinstance(obj, Namespace):
            if obj.filename in self.loader.open or self.taint_of(obj.attrs) is not None:
                return self.unknown(f"{obj.name} may have more names than its source binds")
            raise self.error("AttributeError", f"module '{obj.name}' has no attribute '{name}'")
        cls = self.class_of(obj)
        shown = cls.name if isinstance(cls, Class) else type(obj).__name__
        raise self.error("AttributeError", f"'{shown}' object has no attribute '{name}'")

    def lookup(self, obj: Value, name: str, default: Value) -> Value:
        try:
            found = attributes.get(self, obj, name)
        except Raised as raised:
            if raised.value.cls.derives("builtins.AttributeError"):
                return default
            raise
        return default if found is classes.MISSING else found

    def setattr(self, obj: Value, name: str, value: Value) -> None:
        self.changing(None if name == "__dict__" else obj)  # what fills an adopted dictionary changes that
        attributes.put(self, obj, name, value)

    def delattr(self, obj: Value, name: str) -> None:
        self.changing()
        attributes.remove(self, obj, name)

    # -- operators ---------------------------------------------------------------------------------------

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        return evaluating.binary(self, operator, left, right)

    def inplace_at(self, node: ast.AST, frame: Frame, operator: str, left: Value, right: Value) -> Value:
        """`left operator= right`."""
        if not _kept_in_place(left):
            self.changing(left)
        self.site = Site(node, frame.module.filename, frame.site)
        return evaluating.inplace(self, operator, left, right)

    def unary(self, operator: str, value: Value) -> Value:
        """`-value`, `+value`, `~value`."""
        return evaluating.unary(self, operator, value)

    def negation(self, value: Value) -> Value:
        """`not value`; stays a question where it is one."""
        return evaluating.negation(self, value)

    def item(self, obj: Value, index: Value) -> Value:
        return subscripts.item(self, obj, index)

    def set_item(self, obj: Value, index: Value, value: Value) -> None:
        """`obj[index] = value`."""
        if not _kept_in_place(obj):
            self.changing(obj)
        subscripts.set_item(self, obj, index, value)

    def del_item(self, obj: Value, index: Value) -> None:
        """`del obj[index]`."""
        self.changing(obj)
        subscripts.del_item(self, obj, index)

    def length(self, obj: Value) -> Value:
        return subscripts.length(self, obj)

    def iterate(self, value: Value) -> Iterator[Value]:
        return iterating.iterate(self, value)

    def text(self, value: Value) -> str | Unknown:
        return describing.text(self, value)

    def format(self, value: Value, conversion: str, spec: Value) -> Value:
        """One field of an f-string."""
        return describing.format_value(self, value, conversion, spec)

    # -- truth -------------------------------------------------------------------------------------------

    def truth(self, value: Value) -> bool:
        if value is True or value is False:
            return value
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if self.importing:
            # A module is evaluated once for all paths: what one path chose would stay true on the others.
            reason = decided.reason if isinstance(decided, Unknown) else "a condition on sizes is not decided"
            raise NotModelled(f"while a module is imported, {reason}")
        if isinstance(decided, Unknown):
            return self.path.guess(decided, self.site)
        self.budget.charge(Cost.QUESTION)
        return self.path.choose(decided, self.site)

    def undecided(self, value: Value) -> bool:
        """Whether nothing decides the truth of a value."""
        return not isinstance(evaluating.truth(self, value), bool)

    def must_fail(self, value: Value) -> bool:
        """A condition under which the program ends itself: True where it holds for certain, or was chosen to;
        otherwise the path goes on assuming that it does not.
        """
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if isinstance(decided, Unknown):
            return self.path.rule_out(decided)
        answer = self.path.answer(decided)
        if answer is None:
            self.path.assume(negate(decided))
        return answer is True

    def must_hold(self, value: Value) -> bool:
        """An assertion: False where it cannot hold; otherwise the path goes on assuming it."""
        decided = evaluating.truth(self, value)
        if isinstance(decided, bool):
            return decided
        if isinstance(decided, Unknown):
            return True
        if self.path.answer(decided) is False:
            return False
        self.path.assume(decided)
        return True

    # -- kinds -------------------------------------------------------------------------------------------

    def class_of(self, obj: Value) -> Value:
        return describing.class_of(self, obj)

    def is_instance(self, obj: Value, cls: Value) -> bool | Unknown:
        return describing.is_instance(self, obj, cls)

    @property
    def object_class(self) -> Class:
        """`object`."""
        found = registry.lookup("builtins.object")
        assert isinstance(found, Class)
        return found

    def class_bases(self, parent: Value) -> list[Class] | None:
        """The classes that a base expression stands for (`Generic[T]` is `Generic`); None where it is not
        known.
        """
        if isinstance(parent, Class):
            return [parent]
        entries = self.lookup(parent, "__mro_entries__", None) if not isinstance(parent, Unknown) else None
        if entries is None:
            return None
        bases = self.call(entries, ((parent,),))
        return [b for b in bases if isinstance(b, Class)] if isinstance(bases, tuple) else None

    def plain(self, value: Value) -> Value:
        """Host data behind a value: an instance's payload, the value itself; None where its content is
        uncertain.
        """
        if isinstance(value, Instance):
            value = value.payload
        return value if self.taint_of(value) is None else None

    def hashable(self, key: Value) -> Value:
        """A value as a key. Raises the program's TypeError, or `NotModelled` for an unknown key."""
        if isinstance(key, Unknown):
            raise NotModelled(key.reason)
        if isinstance(key, (list, dict, set)):
            raise self.error("TypeError", f"unhashable type: '{type(key).__name__}'")
        if isinstance(key, slice):
            raise self.error("TypeError", "unhashable type: 'slice'")
        return key

    def parameter_names(self, function: Value) -> tuple[str, ...] | None:
        bound = isinstance(function, BoundMethod)
        inner = function.function if isinstance(function, BoundMethod) else function
        if not isinstance(inner, Function) or not isinstance(inner.code, Code):
            return None
        return (*inner.code.parameters[1 if bound else 0 :], *inner.code.keyword_only)

    def may_swallow(self, manager: Value) -> bool:
        from convlint.interp.exceptions import may_swallow

        return may_swallow(manager)

    # -- modules -----------------------------------------------------------------------------------------

    def reload_module(self, module: Namespace) -> None:
        self.changing()
        self.loader.again(self, module)

    def import_module(self, name: str) -> Value:
        if not self.loader.exists(name) and self.expects("ModuleNotFoundError"):
            raise self.error("ModuleNotFoundError", f"No module named '{name}'")
        return self.loader.module(self, name)

    # -- uncertainty -------------------------------------------------------------------------------------

    def taint(self, obj: Value, why: Unknown) -> None:
        if not _kept_in_place(obj):
            self.changing(obj)
        if isinstance(obj, (Class, Namespace)):
            rebinding.forget(self, obj, why)
        else:
            self.taints.taint(obj, why)

    def uncertainty(self, container: Value) -> Unknown | None:
        if self.loader.registries:
            self.before_reading(container)
        return self.taints.of(container) if self.taints.containers else None

    def before_reading(self, container: Value) -> None:
        """A container that other modules may still fill is filled first."""
        if self.loader.registries and not self.importing and id(container) in self.loader.registries:
            self.loader.fill(self, container)


def _kept_in_place(value: Value) -> bool:
    """Whether an operator in place leaves the value as it was: a number, what is unknown or belongs to a
    library for all programs, or a tensor of which only the shape is known, as of all that share its memory.
    """
    if value.__class__ is Tensor:
        return all(each.data is None for each in value.memory)
    return value.__class__ in _FIXED or (isinstance(value, Instance) and registry.is_shared(value))
