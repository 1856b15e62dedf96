"""`einops.layers.tensorflow`, which is `einops.layers.keras` too: layers of Keras.

Law: the constructors take extents of axes alone, no `name`; `EinMix` makes its weights when it is built.
"""

from __future__ import annotations

from collections.abc import Callable

from convlint.libs.einops.errors import extents
from convlint.libs.einops.layers import EINMIX, REARRANGE, REDUCE, applied, mixed, prepare, product
from convlint.libs.op import Op
from convlint.libs.registry import Body, alias, declare_signature, klass, lookup, place
from convlint.libs.signature import BindError, Signature
from convlint.shapes.einmix import Mix
from convlint.values import Caller, Class, Instance, Native, NotModelled, Value

lookup("keras.layers.Layer")
from convlint.libs.keras.layer import LAYER, add_weight, layer_of  # noqa: E402
from convlint.libs.keras.layer import prepare as begin  # noqa: E402

_HERE = "einops.layers.tensorflow"
alias("einops.layers.keras", _HERE)
_MIX = "_params"


def _layer(name: str, signature: str, check: Callable[[Op], None]) -> Callable[[Body], Body]:
    """Declare a layer class: its constructor keeps its arguments and checks them, the body is its call."""
    qualified, init, takes = f"{_HERE}.{name}", Signature(signature), Signature("inputs")
    cls = klass(qualified, LAYER)
    declare_signature(qualified, init)

    def construct(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        receiver = layer_of(args)
        place(caller, init, False)
        op = Op(caller, qualified, {}, frozenset(), receiver)
        begin(caller, receiver, {})
        try:
            op.args, op.given = init.bind(args[1:], kwargs, 1)
            receiver.arguments = dict(op.args)
            receiver.attrs |= {str(key): value for key, value in op.args.items()}
            check(op)
        except BindError as error:
            raise caller.error("TypeError", f"{name}.__init__() {error}") from None
        except NotModelled as why:
            caller.taint(receiver, caller.unknown(why.reason))
        caller.record_layer(receiver)
        return None

    def declare(body: Body) -> Body:
        def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
            try:
                bound, given = takes.bind(args[1:], kwargs, 1)
                return body(Op(caller, qualified, bound, given, layer_of(args)))
            except BindError as error:
                raise caller.error("TypeError", f"{name}.call() {error}") from None
            except NotModelled as why:
                return caller.lost(why.reason)

        cls.namespace["__init__"] = Native(f"{qualified}.__init__", construct, owner=cls)
        cls.namespace["call"] = Native(f"{qualified}.call", run, owner=cls)
        return body

    return declare


@_layer("Rearrange", REARRANGE, prepare)
def rearrange(op: Op) -> Value:
    """`rearrange` as a layer."""
    return applied(op, "inputs")


@_layer("Reduce", REDUCE, prepare)
def reduce(op: Op) -> Value:
    """`reduce` as a layer."""
    return applied(op, "inputs")


def _prepare_mix(op: Op) -> None:
    self = op.self
    assert self is not None
    found = mixed(op)
    lengths = extents(op, op["axes_lengths"])
    _child(op, self, "pre_rearrange", found.before, {name: lengths[name] for name in found.given})
    _child(op, self, "post_rearrange", found.after, {})
    self.attrs[_MIX] = found
    self.attrs["einsum_pattern"] = found.equation


def _child(op: Op, owner: Instance, name: str, pattern: str | None, lengths: dict[str, Value]) -> None:
    made = None if pattern is None else op.call(lookup(f"{_HERE}.Rearrange"), pattern, **lengths)
    op.caller.setattr(owner, name, made)


@_layer("EinMix", EINMIX, _prepare_mix)
def einmix(op: Op) -> Value:
    """A rearrangement, a product with the weight, the bias, a rearrangement."""
    x = op["inputs"]
    before, after = op["pre_rearrange"], op["post_rearrange"]
    if before is not None:
        x = op.call(before, x)
    x = product(op, x, op["weight"], op["bias"], op.text("einsum_pattern"))[0]
    return x if after is None else op.call(after, x)


def _build(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    receiver = layer_of(args)
    found = receiver.attrs.get(_MIX)
    if receiver.attrs.get("built") is True:
        return None
    receiver.attrs["built"] = True
    if found is None or receiver.tainted is not None:
        return None
    assert isinstance(found, Mix)
    receiver.attrs["weight"] = add_weight(receiver, found.weight)
    receiver.attrs["bias"] = None if found.bias is None else add_weight(receiver, found.bias)
    return None


_EINMIX = lookup(f"{_HERE}.EinMix")
assert isinstance(_EINMIX, Class)
_EINMIX.namespace["build"] = Native(f"{_HERE}.EinMix.build", _build, owner=_EINMIX)
