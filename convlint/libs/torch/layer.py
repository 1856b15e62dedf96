"""Declaring a layer of PyTorch: its constructor's signature, what it builds, what its call gives.

Law: every argument of the constructor is an attribute of the layer; parameters and buffers are registered as
`torch.nn.Module` registers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from convlint.libs import registry
from convlint.libs.op import Op
from convlint.libs.registry import Body, gap, klass, place
from convlint.libs.signature import BindError, Signature
from convlint.libs.torch import everywhere
from convlint.libs.torch.recipes import Recipes
from convlint.values import Caller, Class, Instance, Namespace, Native, NotModelled, Tensor, Value
from convlint.values.caller import PATCHED

MODULE = "torch.nn.Module"


def layer(
    name: str,
    signature: str,
    *,
    build: Callable[[Op], None] | None = None,
    base: str = MODULE,
    call: str = "input",
) -> Callable[[Body], Body]:
    """Declare a layer class: `signature` its constructor's, `call` its forward's; the body is its forward.

    Every constructor argument becomes an attribute of the same name before `build` runs; `build` checks what
    the framework checks, reshapes attributes (a lone kernel size becomes a pair) and creates parameters.
    """

    def declare(body: Body) -> Body:
        cls = klass(name, base)
        init = Signature(signature)
        registry.declare_signature(name, init)
        cls.namespace["__init__"] = Native(f"{name}.__init__", _constructor(cls, init, build), owner=cls)
        forward = Signature(call)

        def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
            try:
                receiver = _object(name, args)
                _refuse_patched(caller, cls)
                bound, given = forward.bind(args[1:], kwargs, 1)
                return body(Op(caller, name, bound, given, receiver))
            except BindError as error:
                raise caller.error("TypeError", f"{cls.name}.forward() {error}") from None
            except NotModelled as why:
                return gap(caller, body, why)

        cls.namespace["forward"] = Native(f"{name}.forward", run, owner=cls)
        return body

    return declare


_FUNCTIONAL = "torch.nn.functional"
_OTHERWISE = {"upsample": "interpolate", "multiheadattention": "multiheadattentionforward"}
_RANKS = re.compile(r"[123]d$|loss$|[^a-z]")


def _refuse_patched(caller: Caller, cls: Class) -> None:
    """Raises `NotModelled` where the program has replaced the function that a layer calls."""
    patched = caller.state.get(PATCHED)
    if not isinstance(patched, dict):
        return
    own = _RANKS.sub("", cls.name.lower())
    for owner, name in patched:
        replaced = isinstance(owner, Namespace) and owner.name == _FUNCTIONAL
        if replaced and (name == "*" or _RANKS.sub("", name) in (own, _OTHERWISE.get(own))):
            raise NotModelled(f"{_FUNCTIONAL}.{name} is another function, which {cls.name} calls")


def _object(name: str, args: tuple[Value, ...]) -> Instance:
    """The layer that a method was called on."""
    if not args or not isinstance(args[0], Instance):
        raise NotModelled(f"{name} of an object that is not known")
    return args[0]


def _constructor(
    cls: Class, init: Signature, build: Callable[[Op], None] | None
) -> Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value]:
    recipes = Recipes()

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        receiver = _object(cls.qualname, args)
        place(caller, init, False)
        try:
            bound, given = init.bind(args[1:], kwargs, 1)
        except BindError as error:
            _initialise(caller, cls, receiver)
            _misfit(Op(caller, cls.qualname, {}, frozenset(), receiver), cls, str(error))
            return None
        receiver.arguments = bound
        key = recipes.key(caller, receiver, bound) if receiver.cls is cls else None
        if key is None or not recipes.follow(key, receiver):
            before = caller.recorded
            _initialise(caller, cls, receiver)
            op = Op(caller, cls.qualname, {}, given, receiver)
            op.args = bound  # as they are: a list of uncertain content is one still
            _build(op, receiver, build)
            if key is not None and caller.recorded == before:
                recipes.keep(key, receiver)
        caller.record_layer(receiver)
        return None

    return run


def _initialise(caller: Caller, cls: Class, receiver: Instance) -> None:
    """The constructor above those of the layer's own classes."""
    caller.call(_after(receiver.cls, _last_layer(cls), "__init__"), (receiver,))


def _misfit(op: Op, cls: Class, error: str) -> None:
    """The arguments do not fit the signature: nothing shows what the layer would be."""
    try:
        op.refuse("TypeError", f"{cls.name}.__init__() {error}", *_named(error))
    except NotModelled as why:
        assert op.self is not None
        op.caller.taint(op.self, op.unknown(why.reason))


def _build(op: Op, receiver: Instance, build: Callable[[Op], None] | None) -> None:
    """Set the attributes, and make what the layer holds."""
    for name, value in op.args.items():
        if name not in ("device", "dtype", "bias"):
            receiver.attrs[name] = value
    try:
        if build is not None:
            build(op)
    except NotModelled as why:
        op.caller.taint(receiver, op.unknown(why.reason))


def _after(cls: Class, start: Class, name: str) -> Value:
    """What `super(start, object of cls).name` finds."""
    following = cls.mro[cls.mro.index(start) + 1 :]
    return next(base.namespace[name] for base in following if name in base.namespace)


def _last_layer(cls: Class) -> Class:
    """The most basic layer the class derives from: the constructor of what is above takes nothing."""
    return next((c for c in reversed(cls.mro) if registry.signature(c.qualname) is not None), cls)


def _named(error: str) -> tuple[str, ...]:
    quoted = error.split("'")
    return (quoted[1],) if len(quoted) > 2 else ()


def parameter(op: Op, name: str, shape: tuple[Value, ...] | None, *, trainable: bool = True) -> Tensor | None:
    """Register a parameter (None: registered as absent) on the layer being built."""
    assert op.self is not None
    tensor = None
    if shape is not None:
        tensor = Tensor(tuple(op.as_dim(extent, name) for extent in shape), trainable=trainable)
    store = op.self.attrs["_parameters"]
    assert isinstance(store, dict)
    store[name] = everywhere.registered(op.caller, everywhere.PARAMETER, op.self, name, tensor)
    return tensor


def buffer(op: Op, name: str, shape: tuple[Value, ...] | None, dtype: str = "float32") -> None:
    """Register a buffer (None: registered as absent) on the layer being built."""
    assert op.self is not None
    store = op.self.attrs["_buffers"]
    assert isinstance(store, dict)
    tensor = None if shape is None else Tensor(tuple(op.as_dim(e, name) for e in shape), dtype)
    store[name] = everywhere.registered(op.caller, everywhere.BUFFER, op.self, name, tensor)
