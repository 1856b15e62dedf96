"""One call of a library operation: its bound arguments, read by type, and what it may do to the run.

A body reads its arguments through an `Op`; a form that is not modelled raises `NotModelled` there, so a body
never guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from msgspec.structs import replace

from convlint.dims import Dim, Expr
from convlint.shapes.fault import Fault, Kind, Lawful, Outcome, Shape
from convlint.shapes.window import Window
from convlint.values import Caller, Instance, NotModelled, Origin, Pooling, Tensor, Unknown, Value
from convlint.values.caller import Words

_CONTAINERS = frozenset({list, dict, set, tuple})


class Op:
    """A call being evaluated.

    `args` holds every parameter by name, `given` the names the call itself passed. `self` is the receiver:
    the module of a layer's call, or None. For a layer's call, a name that is no parameter is read from
    the module's attributes, so that what the program changed after construction counts.
    """

    __slots__ = ("args", "caller", "given", "name", "self")

    def __init__(
        self,
        caller: Caller,
        name: str,
        args: dict[str, Value],
        given: frozenset[str] = frozenset(),
        receiver: Instance | None = None,
    ) -> None:
        self.caller = caller
        self.name = name
        self.args = args if _CONTAINERS.isdisjoint(map(type, args.values())) else _certain(caller, args)
        self.given = given
        self.self = receiver

    # -- reading arguments -------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Value:
        """The raw value of an argument, or of the layer's attribute of that name."""
        args = self.args
        if name in args:
            return args[name]
        layer = self.self
        if layer is None:
            raise KeyError(name)
        if layer.cls.node is None and name != "training" and name in layer.attrs:
            return layer.attrs[name]  # what a layer of a library was given, whatever its class answers
        return self.caller.getattr(layer, name)

    def known(self, name: str) -> Value:
        """The raw value; raises `NotModelled` where it is unknown."""
        value = self[name]
        if isinstance(value, Unknown):
            raise NotModelled(value.reason)
        return value

    def tensor(self, name: str) -> Tensor:
        """A tensor whose rank is known; raises `NotModelled` for anything else."""
        return self.as_tensor(self[name], name)

    def as_tensor(self, value: Value, name: str) -> Tensor:
        """A value as a tensor whose rank is known; raises `NotModelled` for anything else."""
        if isinstance(value, Tensor):
            if value.shape is None:
                raise NotModelled(f"the rank of `{name}` is not known")
            return value
        raise NotModelled(_reason(value, f"`{name}` of {self.name} is not a tensor"))

    def optional_tensor(self, name: str) -> Tensor | None:
        """A tensor or None."""
        value = self[name]
        return None if value is None else self.as_tensor(value, name)

    def dim(self, name: str) -> Dim:
        """An integer, known, symbolic or opaque (an unknown value stands for an opaque symbol)."""
        return self.as_dim(self[name], name)

    def integer(self, name: str) -> int:
        """A known integer."""
        value = self.as_dim(self[name], name)
        if isinstance(value, int):
            return value
        raise NotModelled(f"`{name}` of {self.name} is not a known number")

    def dims(self, name: str) -> tuple[Dim, ...]:
        """A sequence of integers (list, tuple, Size); a lone integer counts as one."""
        value = self[name]
        if isinstance(value, (list, tuple)):
            return tuple(self.as_dim(v, name) for v in value)
        if isinstance(value, Unknown):
            raise NotModelled(value.reason)
        return (self.as_dim(value, name),)

    def each(self, name: str, rank: int) -> tuple[Dim, ...]:
        """One integer an axis: a lone integer, or a sequence of one, serves every axis."""
        dims = self.dims(name)
        if len(dims) == 1:
            return dims * rank
        if len(dims) != rank:
            raise NotModelled(f"`{name}` of {self.name} has {len(dims)} numbers for {rank} axes")
        return dims

    def flag(self, name: str) -> bool:
        """A truth value; an undecided one asks the path."""
        return self.caller.truth(self[name])

    def text(self, name: str) -> str:
        """A known string."""
        value = self.known(name)
        if isinstance(value, str):
            return value
        raise NotModelled(f"`{name}` of {self.name} is not a known string")

    def as_dim(self, value: Value, name: str = "argument") -> Dim:
        """A value as an extent. A one-element tensor of known content counts as its number."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (int, Expr)):
            return value
        if isinstance(value, Unknown):
            return value.dim
        if isinstance(value, Tensor) and value.data is not None and len(value.data) == 1:
            return self.as_dim(value.data[0], name)
        raise NotModelled(f"`{name}` of {self.name} is not an integer")

    # -- results -----------------------------------------------------------------------------------------

    def lawful(self, outcome: Outcome, words: Words, instead: Shape | None = None) -> Shape:
        """The shape a law answers, its requirements put on the path.

        At a fault the fault is reported with the runtime's sentence (`words` makes it, error class first) and
        `instead`, the shape that the operation would have if its argument were right, goes on;
        without one the result is not known.
        """
        if isinstance(outcome, Lawful):
            for requirement in outcome.requires:
                self.caller.require(requirement, words, self.self)
            return outcome.shape
        self.caller.fault(outcome, words, self.self)
        if instead is None:
            raise NotModelled(f"{self.name} fails here")
        return instead

    def result(self, source: Tensor, shape: Shape | None, what: str = "", **changes: object) -> Tensor:
        """A contiguous tensor like `source` with another shape, remembering where it came from."""
        tensor = source.like(shape, **changes)
        name = what or self.name.rpartition(".")[2]
        tensor.origin = Origin(name, self.caller.site, self.self, source, self.operands())
        return tensor

    def pooled(self, tensor: Tensor, windows: tuple[Window, ...], channels_last: bool = False) -> Tensor:
        """The result of a pooling: a function's windows go with it, a layer holds its own."""
        if self.self is None and tensor.origin is not None:
            tensor.origin = replace(tensor.origin, pooling=Pooling(windows, channels_last))
        return tensor

    def operands(self) -> tuple[Tensor, ...]:
        """The tensors among the arguments, in order, those in lists and tuples too."""
        found: list[Tensor] = []
        for value in self.args.values():
            if value.__class__ is Tensor:
                found.append(value)
            elif isinstance(value, (list, tuple)):
                found += [v for v in value if v.__class__ is Tensor]
        return tuple(found)

    def refuse(
        self, error: str, message: str, *arguments: str, kind: Kind = Kind.ARGUMENT, version: str = ""
    ) -> NoReturn:
        """The framework refuses the arguments: reports `error: message` at `arguments`; nothing comes
        back.
        """
        fault = Fault(kind, arguments=arguments, detail=message, version=version)
        self.caller.fault(fault, lambda _: f"{error}: {message}", self.self)
        raise NotModelled(f"{self.name} refuses: {message}")

    def unknown(self, reason: str) -> Unknown:
        """An unknown result."""
        return self.caller.unknown(reason)

    def call(self, function: Value, *args: Value, **kwargs: Value) -> Value:
        """Call a callable value."""
        return self.caller.call(function, args, kwargs)


def _reason(value: Value, otherwise: str) -> str:
    return value.reason if isinstance(value, Unknown) else otherwise


def _certain(caller: Caller, args: dict[str, Value]) -> dict[str, Value]:
    """The arguments; a container of uncertain content is to an operation what an unknown value is."""
    for name, value in args.items():
        if value.__class__ in _CONTAINERS and (known := _known(caller, value)) is not value:
            args = {**args, name: known}
    return args


def _known(caller: Caller, value: Value) -> Value:
    """The value; unknown where it is such a container. What it holds itself is looked at, too."""
    if (why := caller.uncertainty(value)) is not None:
        return why.derive(("content of", id(value)))
    if not isinstance(value, (list, tuple)) or _CONTAINERS.isdisjoint(map(type, value)):
        return value
    inside = [v if v.__class__ not in _CONTAINERS else _alone(caller, v) for v in value]
    return value if all(a is b for a, b in zip(inside, value, strict=True)) else type(value)(inside)


def _alone(caller: Caller, value: Value) -> Value:
    why = caller.uncertainty(value)
    return value if why is None else why.derive(("content of", id(value)))


def shapes_of(tensors: Sequence[Tensor]) -> tuple[Shape, ...]:
    """The shapes of tensors whose ranks are known."""
    return tuple(t.shape for t in tensors if t.shape is not None)
