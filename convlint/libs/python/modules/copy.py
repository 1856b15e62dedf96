"""The module `copy`: new containers and objects; functions, classes and known scalars are themselves.

Law: a deep copy has parameters of its own, and what was shared inside the original is shared inside the copy.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque

from convlint.libs.python.content import Defaulting
from convlint.libs.python.declare import function
from convlint.values import BoundMethod, Caller, Instance, NotModelled, Stream, Tensor, Unknown, Value

Memo = dict[int, Value]


@function("copy.copy", absorbs=False)
def copy(caller: Caller, x: Value, /) -> Value:
    if (why := caller.taint_of(x)) is not None:
        return caller.unknown(why.reason)
    match x:
        case Instance():
            return _shallow(caller, x)
        case Tensor():
            return copied_tensor(x)
        case Defaulting():
            twin = Defaulting(x)
            twin.default_factory = x.default_factory
            return twin
        case list() | dict() | set() | deque() | bytearray():
            return x.copy()
        case Stream():
            raise NotModelled("an iterator is copied")
    return x


def _shallow(caller: Caller, x: Instance) -> Value:
    if x.cls.has("__copy__"):
        return caller.call(caller.getattr(x, "__copy__"))
    twin = Instance(x.cls, x.site, copy(caller, x.payload))
    twin.attrs = dict(x.attrs)
    twin.arguments, twin.tainted = x.arguments, x.tainted
    return twin


def copied_tensor(x: Tensor) -> Tensor:
    """A tensor of its own with the same shape, content and history; whether it trains stays as it is."""
    twin = Tensor(
        x.shape,
        x.dtype,
        data=x.data,
        kind=x.kind,
        strides=x.strides,
        origin=x.origin,
        trainable=x.trainable,
    )
    twin.attrs = None if x.attrs is None else dict(x.attrs)
    return twin


@function("copy.deepcopy", absorbs=False)
def deepcopy(caller: Caller, x: Value, memo: Value = None, /, _nil: Value = ()) -> Value:
    """A memo of the program's own is not used: `__deepcopy__` gets an empty one."""
    return deep(caller, x, {}, [])


def deep(caller: Caller, x: Value, memo: Memo, kept: list[Value]) -> Value:
    """The deep copy; `memo` maps identities to copies, `kept` keeps originals alive so ids stay theirs."""
    if id(x) in memo:
        return memo[id(x)]
    if (why := caller.taint_of(x)) is not None:
        return caller.unknown(why.reason)
    twin = _deep(caller, x, memo, kept)
    if twin is not x:
        memo[id(x)] = twin
        kept.append(x)
    return twin


def _deep(caller: Caller, x: Value, memo: Memo, kept: list[Value]) -> Value:
    match x:
        case Tensor():
            return copied_tensor(x)
        case Instance():
            return _deep_instance(caller, x, memo, kept)
        case dict():
            return _deep_dict(caller, x, memo, kept)
        case list():
            twin: list[Value] = []
            memo[id(x)] = twin
            twin.extend(deep(caller, item, memo, kept) for item in x)
            return twin
        case tuple() | frozenset():
            items = [deep(caller, item, memo, kept) for item in x]
            same = all(a is b for a, b in zip(items, x, strict=True))
            return x if same else type(x)(items)
        case set():
            return {deep(caller, item, memo, kept) for item in x}
        case deque():
            return deque((deep(caller, item, memo, kept) for item in x), x.maxlen)
        case BoundMethod():
            return BoundMethod(x.function, deep(caller, x.receiver, memo, kept))
        case bytearray():
            return x.copy()
        case Stream():
            raise NotModelled("an iterator is copied")
        case Unknown():
            return x.derive("deepcopy")
    return x


def _deep_dict(caller: Caller, x: dict[Value, Value], memo: Memo, kept: list[Value]) -> Value:
    twin: dict[Value, Value] = {}
    match x:
        case OrderedDict():
            twin = OrderedDict()
        case Counter():
            twin = Counter[Value]()  # type: ignore[assignment]
        case Defaulting():
            twin = made = Defaulting()
            made.default_factory = x.default_factory
    memo[id(x)] = twin
    for key, value in x.items():
        twin[deep(caller, key, memo, kept)] = deep(caller, value, memo, kept)
    return twin


def _deep_instance(caller: Caller, x: Instance, memo: Memo, kept: list[Value]) -> Value:
    """A layer's copy is a layer built here."""
    if x.cls.has("__deepcopy__"):
        empty: dict[Value, Value] = {}
        return caller.call(caller.getattr(x, "__deepcopy__"), (empty,))
    if x.cls.derives("enum.Enum"):
        return x
    twin = Instance(x.cls, x.site)
    memo[id(x)] = twin
    twin.payload = deep(caller, x.payload, memo, kept)
    twin.attrs = {name: deep(caller, value, memo, kept) for name, value in x.attrs.items()}
    twin.arguments, twin.tainted = x.arguments, x.tainted
    if x.arguments is not None:
        caller.record_layer(twin)
    return twin


@function("copy.replace", absorbs=False)
def replace(caller: Caller, obj: Value, /, **changes: Value) -> Value:
    return caller.call(caller.getattr(obj, "__replace__"), (), changes)
