"""State dicts: the parameters and persistent buffers of a module by name, and what loading one changes
(docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

from convlint.libs.op import Op
from convlint.libs.registry import lookup, method
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import PASSING, certain, receiver, refuse_uncertain
from convlint.libs.torch.module_tree import walk
from convlint.values import Instance, NotModelled, Tensor, Unknown, Value

_OWN = ("state_dict", "_save_to_state_dict", "get_extra_state")
"""What a class may define to put into its state dict something else."""


_HOOKED = "_state_dict_hooks"
"""Whether somebody has registered what changes the module's state dict."""


@method(MODULE, "state_dict", "self, *args, destination=None, prefix='', keep_vars=False")
def state_dict(op: Op) -> Value:
    """Everything below the module, what is shared under each of its names; detached unless `keep_vars`."""
    destination, prefix, kept = _options(op)
    module = receiver(op)
    entries: list[tuple[str, Tensor]] = []
    for path, owner in walk(op.caller, module, once=False):
        if owner.attrs.get(_HOOKED) or any(owner.cls.find(name) is not _native(name) for name in _OWN):
            raise NotModelled(f"{owner.cls.name} says itself what its state dict holds")
        before = f"{path}." if path else ""
        entries += ((f"{prefix}{before}{name}", tensor) for name, tensor in _entries(op, owner))
    detach = lookup("torch.Tensor.detach")
    for name, tensor in entries:
        destination[name] = tensor if kept else op.call(detach, tensor)
    return destination


def _options(op: Op) -> tuple[dict[Value, Value], str, bool]:
    """`destination`, `prefix` and `keep_vars`, by name or, as older programs give them, by position."""
    given = op["args"]
    assert isinstance(given, tuple)
    names = ("destination", "prefix", "keep_vars")
    values = {name: op[name] for name in names} | dict(zip(names, given, strict=False))
    destination, prefix, kept = values.values()
    if destination is None:
        destination = OrderedDict()
    if not isinstance(destination, dict) or not isinstance(prefix, str) or not isinstance(kept, bool):
        raise NotModelled("what a state dict is asked for is not known")
    return destination, prefix, kept


def _entries(op: Op, owner: Instance) -> Iterator[tuple[str, Tensor]]:
    """A module's own parameters, then its own buffers that persist."""
    refuse_uncertain(owner)
    passing = owner.attrs.get(PASSING)
    if isinstance(passing, Unknown) or op.caller.uncertainty(passing) is not None:
        raise NotModelled("which buffers persist is not known")
    for kind in ("_parameters", "_buffers"):
        for name, value in certain(op.caller, owner, kind).items():
            if isinstance(value, Unknown):
                raise NotModelled(value.reason)
            left_out = kind == "_buffers" and isinstance(passing, set) and name in passing
            if isinstance(value, Tensor) and not left_out:
                yield name, value


def _native(name: str) -> Value:
    return lookup(f"{MODULE}.{name}")


@method(MODULE, "load_state_dict", "self, state_dict, strict=True, assign=False")
def load_state_dict(op: Op) -> Value:
    """Values change, shapes do not; which keys were missing or unexpected rests on the file."""
    return op.unknown("which keys a state dict has is not known")


@method(MODULE, "_save_to_state_dict", "self, destination, prefix, keep_vars")
def save_to_state_dict(op: Op) -> None:
    """A module's own part of `state_dict`, for those that extend it."""
    destination, prefix = op["destination"], op.text("prefix")
    if not isinstance(destination, dict):
        raise NotModelled("where a state dict is put is not known")
    kept, detach = op.flag("keep_vars"), lookup("torch.Tensor.detach")
    for name, tensor in list(_entries(op, receiver(op))):
        destination[prefix + name] = tensor if kept else op.call(detach, tensor)


@method(
    MODULE,
    "_load_from_state_dict",
    "self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs",
)
def load_from_state_dict(op: Op) -> None:
    """Values change; the lists may get more."""
    for name in ("missing_keys", "unexpected_keys", "error_msgs"):
        op.caller.taint(op[name], Unknown("which keys a state dict has is not known"))


@method(MODULE, "get_extra_state", "self")
def get_extra_state(op: Op) -> Value:
    """Only classes that define it have one."""
    raise op.caller.error(
        "RuntimeError",
        "Reached a code path in Module.get_extra_state() that should never be called.",
    )


for _name in ("register_state_dict_pre_hook", "register_state_dict_post_hook", "_register_state_dict_hook"):

    @method(MODULE, _name, "self, hook")
    def hooked(op: Op) -> Value:
        """Who has such a hook puts something else into its state dict."""
        receiver(op).attrs[_HOOKED] = True
        return op.unknown("the handle of a hook is not followed")


for _name in ("register_load_state_dict_pre_hook", "register_load_state_dict_post_hook"):
    method(MODULE, _name, "self, hook")(lambda op: op.unknown("the handle of a hook is not followed"))
method(MODULE, "_register_load_state_dict_pre_hook", "self, hook, with_module=False")(
    lambda op: op.unknown("the handle of a hook is not followed")
)
