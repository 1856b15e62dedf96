"""What lies below a `torch.nn.Module`: children, parameters and buffers by name, what is done to all of them
(docs.pytorch.org/docs/stable/generated/torch.nn.Module.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from convlint.libs.op import Op
from convlint.libs.registry import method
from convlint.libs.torch.hidden import refuse_hidden
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import MODULE_CLASS, Store, certain, receiver, refuse_uncertain
from convlint.values import Caller, Instance, NotModelled, Stream, Tensor, Unknown, Value

_MOST = 200_000
"""Modules below one: with several names each, modules that hold each other have no end."""


def children(caller: Caller, module: Instance) -> list[tuple[str, Instance]]:
    """Registered child modules by name. Raises `NotModelled` where one is not known."""
    return _children(certain(caller, module, "_modules"))


def _children(entries: Store) -> list[tuple[str, Instance]]:
    found = []
    for name, child in entries.items():
        if isinstance(child, Unknown):
            raise NotModelled(child.reason)
        if isinstance(child, Instance):
            found.append((name, child))
    return found


def walk(
    caller: Caller, module: Instance, prefix: str = "", *, once: bool = True
) -> list[tuple[str, Instance]]:
    """The module and all below it with dotted names, in order of registration: each object once, or under
    each of its names. Raises `NotModelled` where one is not known, or there is no end.
    """
    found: list[tuple[str, Instance]] = []
    seen: set[int] = set()
    waiting = [(prefix, module)]
    while waiting:
        name, each = waiting.pop()
        if once and id(each) in seen:
            continue
        if len(found) == _MOST:
            raise NotModelled(f"{module.cls.name} holds more than {_MOST} modules")
        seen.add(id(each))
        found.append((name, each))
        below = certain(caller, each, "_modules")
        if below:
            start = f"{name}." if name else ""
            waiting += [(start + key, child) for key, child in reversed(_children(below))]
    return found


def members(
    caller: Caller, module: Instance, kind: str, prefix: str, recurse: bool, *, once: bool = True
) -> Iterator[tuple[str, Tensor]]:
    """Parameters or buffers with dotted names: shared ones once, or under each of their names."""
    seen: set[int] = set()
    for path, owner in walk(caller, module, once=once) if recurse else [("", module)]:
        if kind == "_parameters":
            refuse_uncertain(owner)
        for name, value in list(certain(caller, owner, kind).items()):
            if isinstance(value, Unknown):
                raise NotModelled(value.reason)
            if isinstance(value, Tensor) and (not once or id(value) not in seen):
                seen.add(id(value))
                yield ".".join(p for p in (prefix, path, name) if p), value


@method(MODULE, "named_children", "self")
def named_children(op: Op) -> Value:
    return Stream(children(op.caller, receiver(op)))


@method(MODULE, "children", "self")
def plain_children(op: Op) -> Value:
    return Stream([child for _, child in children(op.caller, receiver(op))])


@method(MODULE, "named_modules", "self, memo=None, prefix='', remove_duplicate=True")
def named_modules(op: Op) -> Value:
    once = op.flag("remove_duplicate")
    return Stream(walk(op.caller, receiver(op), op.text("prefix"), once=once))


@method(MODULE, "modules", "self")
def modules(op: Op) -> Value:
    return Stream([module for _, module in walk(op.caller, receiver(op))])


for _name, _kind in (("parameters", "_parameters"), ("buffers", "_buffers")):

    def _declare(name: str, kind: str) -> None:
        @method(MODULE, f"named_{name}", "self, prefix='', recurse=True, remove_duplicate=True")
        def named(op: Op) -> Value:
            once, prefix = op.flag("remove_duplicate"), op.text("prefix")
            return Stream(list(members(op.caller, receiver(op), kind, prefix, op.flag("recurse"), once=once)))

        @method(MODULE, name, "self, recurse=True")
        def plain(op: Op) -> Value:
            return Stream([t for _, t in members(op.caller, receiver(op), kind, "", op.flag("recurse"))])

    _declare(_name, _kind)


@method(MODULE, "get_submodule", "self, target")
def get_submodule(op: Op) -> Value:
    found: Value = receiver(op)
    for part in op.text("target").split("."):
        found = op.caller.getattr(found, part) if part else found
    return found


for _name in ("get_parameter", "get_buffer"):
    method(MODULE, _name, "self, target")(get_submodule)


@method(MODULE, "set_submodule", "self, target, module, strict=False")
def set_submodule(op: Op) -> None:
    path, _, name = op.text("target").rpartition(".")
    owner: Value = receiver(op)
    for part in path.split("."):
        owner = op.caller.getattr(owner, part) if part else owner
    op.caller.setattr(owner, name, op["module"])


@method(MODULE, "apply", "self, fn")
def apply(op: Op) -> Value:
    """Children first, then the module itself."""

    def visit(module: Instance) -> None:
        for _, child in children(op.caller, module):
            visit(child)
        op.call(op["fn"], module)

    visit(receiver(op))
    return op.self


# -- modes and conversions -----------------------------------------------------------------------------------


@method(MODULE, "train", "self, mode=True")
def train(op: Op) -> Value:
    """Sets `training` on the module and, through their own `train`, on its children."""
    _set_mode(op, receiver(op), op["mode"])
    return op.self


_TRAIN = MODULE_CLASS.namespace["train"]


def _set_mode(op: Op, module: Instance, mode: Value) -> None:
    module.attrs["training"] = mode
    below = certain(op.caller, module, "_modules")
    for _, child in _children(below) if below else ():
        if child.cls.find("train") is _TRAIN and "train" not in child.attrs:
            _set_mode(op, child, mode)
        else:
            op.caller.asks_mode()
            op.call(op.caller.getattr(child, "train"), mode)


@method(MODULE, "eval", "self")
def evaluate(op: Op) -> Value:
    return op.call(op.caller.getattr(receiver(op), "train"), False)


@method(MODULE, "requires_grad_", "self, requires_grad=True")
def requires_grad(op: Op) -> Value:
    flag = op.flag("requires_grad")
    for _, tensor in members(op.caller, receiver(op), "_parameters", "", True):
        tensor.trainable = flag
    return op.self


for _name in (
    "to", "cuda", "cpu", "xpu", "ipu", "float", "double", "half", "bfloat16", "type",
    "to_empty", "share_memory",
    "compile", "zero_grad", "_init_weights_noop",
):  # fmt: skip

    def _keeps(name: str) -> None:
        @method(MODULE, name, "self, *args, **kwargs")
        def same(op: Op) -> Value:
            refuse_hidden(op, receiver(op), name)
            return None if name in ("zero_grad", "compile") else op.self

    _keeps(_name)


@method(MODULE, "_get_name", "self")
def get_name(op: Op) -> Value:
    return receiver(op).cls.name


for _name in ("extra_repr", "__repr__", "__str__"):
    method(MODULE, _name, "self")(lambda op: "")
