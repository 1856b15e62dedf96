"""Python's objects as the interpreter holds them: classes, instances, functions, bound methods, native code.

Plain data (int, str, list, dict, tuple …) is held as Python's own objects and needs nothing here.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from convlint.values.lazy import Lazy, read

if TYPE_CHECKING:
    from convlint.values.caller import Caller
    from convlint.values.site import Site
    from convlint.values.unknown import Unknown

Value = object
"""Any value of the analysed program: host data, a class below, Tensor, Expr or Unknown."""


class Class:
    """A class of the analysed program or of a library.

    `name` is the bare name, `qualname` the dotted one with its module. `namespace` holds methods and class
    attributes. `host` is the Python type whose instances are host data (int, dict …), None for all others.
    """

    __slots__ = (
        "bases",
        "exposed",
        "filename",
        "host",
        "lineage",
        "metaclass",
        "mro",
        "name",
        "namespace",
        "namespaces",
        "node",
        "qualname",
        "unknown_base",
    )

    def __init__(
        self,
        qualname: str,
        bases: tuple[Class, ...] = (),
        namespace: dict[str, Value] | None = None,
        *,
        host: type | None = None,
        node: ast.ClassDef | None = None,
        filename: str = "",
        metaclass: Class | None = None,
        unknown_base: Unknown | None = None,
    ) -> None:
        self.qualname = qualname
        self.name = qualname.rpartition(".")[2]
        self.bases = bases
        self.namespace: dict[str, Value] = {} if namespace is None else namespace
        self.host = host
        self.node = node
        self.filename = filename
        self.metaclass = metaclass
        self.unknown_base: Unknown | None = unknown_base or next(
            (b.unknown_base for b in bases if b.unknown_base), None
        )
        self.exposed: Unknown | None = None
        """Why its methods may be others: code that could not be followed had the class; None where it is
        certain.
        """
        self.mro: tuple[Class, ...] = (self, *linearize(bases))
        self.namespaces = tuple(cls.namespace for cls in self.mro)
        """Those of the method resolution order, where attributes are looked up."""
        self.lineage = frozenset(cls.qualname for cls in self.mro)
        """The qualified names of the class and of all that it inherits from."""

    def find(self, name: str) -> Value | None:
        """The attribute as the method resolution order finds it, None where there is none."""
        for namespace in self.namespaces:
            if name in namespace:
                return namespace[name]
        return None

    def get(self, name: str, otherwise: Value) -> Value:
        """The attribute as the method resolution order finds it, `otherwise` where there is none."""
        for namespace in self.namespaces:
            if name in namespace:
                return namespace[name]
        return otherwise

    def has(self, name: str) -> bool:
        """Whether the class or one of its bases defines the name."""
        return self.get(name, self) is not self

    def derives(self, qualname: str) -> bool:
        """Whether this class is, or inherits from, the named one."""
        return qualname in self.lineage

    def __repr__(self) -> str:
        return f"<class {self.qualname}>"


def linearize(bases: Iterable[Class]) -> list[Class]:
    """C3 linearization of the bases (docs.python.org/3/howto/mro.html); raises TypeError where there is
    none.
    """
    bases = list(bases)
    if len(bases) == 1:
        return list(bases[0].mro)
    # Each sequence is read from its end, so that its first class is taken off in no time.
    waiting = [list(reversed(base.mro)) for base in bases] + [list(reversed(bases))]
    later = Counter(id(cls) for sequence in waiting for cls in sequence[:-1])
    order: list[Class] = []
    while waiting := [sequence for sequence in waiting if sequence]:
        candidate = next((s[-1] for s in waiting if not later[id(s[-1])]), None)
        if candidate is None:
            raise TypeError("Cannot create a consistent method resolution order (MRO) for bases")
        order.append(candidate)
        for sequence in waiting:
            if sequence[-1] is candidate:
                sequence.pop()
                if sequence:
                    later[id(sequence[-1])] -= 1
    return order


class Instance:
    """An object of a `Class`. `payload` is the host data of an instance of a subclass of dict, list, str …

    `site` is the constructor call. `arguments` are what the constructor of a library layer was given.
    `tainted` says why the object's content is no longer certain, None while it is.
    """

    __slots__ = ("__weakref__", "arguments", "attrs", "cls", "payload", "site", "tainted")

    def __init__(self, cls: Class, site: Site | None = None, payload: Value = None) -> None:
        self.cls = cls
        self.attrs: dict[str, Value] = {}
        self.site = site
        self.payload = payload
        self.arguments: dict[str, Value] | None = None
        self.tainted: Unknown | None = None

    def __repr__(self) -> str:
        return f"<{self.cls.name} object>"


class Function(Struct, eq=False):
    """A function, lambda or method of the analysed program. `code` belongs to the interpreter."""

    name: str
    qualname: str
    code: object
    _defaults: tuple[Value, ...] = ()
    _kw_defaults: dict[str, Value] = field(default_factory=dict)
    closure: object = None
    owner: Class | None = None
    attrs: dict[str, Value] = field(default_factory=dict)

    @property
    def defaults(self) -> tuple[Value, ...]:
        """The defaults of the last positional parameters; what was imported for them is read now."""
        if Lazy in map(type, self._defaults):
            self._defaults = tuple(map(read, self._defaults))
        return self._defaults

    @property
    def kw_defaults(self) -> dict[str, Value]:
        """The defaults of keyword-only parameters, likewise."""
        if Lazy in map(type, self._kw_defaults.values()):
            self._kw_defaults = {name: read(value) for name, value in self._kw_defaults.items()}
        return self._kw_defaults


class Native(Struct, eq=False):
    """A function of a library or of the language: `run(caller, args, kwargs)` gives its value."""

    name: str
    run: Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value]
    owner: Class | None = None
    attrs: dict[str, Value] = field(default_factory=dict)


class BoundMethod(Struct):
    """A function with its receiver; two of the same function and receiver are equal."""

    function: Value
    receiver: Value

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, BoundMethod)
            and other.function is self.function
            and other.receiver is self.receiver
        )

    def __hash__(self) -> int:
        return hash((id(self.function), id(self.receiver)))


class Property(Struct, eq=False):
    """A property; each accessor is a callable value or None."""

    getter: Value
    setter: Value = None
    deleter: Value = None
    cached: bool = False


class StaticMethod(Struct, eq=False):
    """A function that is found without a receiver."""

    function: Value


class ClassMethod(Struct, eq=False):
    """A function that receives the class."""

    function: Value


class Super(Struct, eq=False):
    """`super()`: looks up after `start` in the receiver's method resolution order."""

    start: Class
    receiver: Value
    """An `Instance`, or a `Class` inside a classmethod or __new__."""


class Namespace(Struct, eq=False):
    """A module: of the analysed program (`attrs` filled by evaluating it) or of a library (looked up by
    name).
    """

    name: str
    attrs: dict[str, Value] = field(default_factory=dict)
    filename: str = ""
    library: bool = False


class Condition(Struct, eq=False):
    """A truth value that depends on symbols: a question about extents, asked of the path when it matters."""

    question: object


class Stream:
    """An iterator: a generator, or what `iter`, `zip`, `map` … give. Items come as they are asked for."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[Value]) -> None:
        self.items = iter(items)

    def __iter__(self) -> Iterator[Value]:
        return self.items

    def __next__(self) -> Value:
        return next(self.items)
