"""What a call of a `torch.nn.Module` does, and the hooks around it
(docs.pytorch.org/docs/stable/generated/torch.nn.Module.html).

Law: hooks of every module run before a module's own; what one of them gives takes the place of the arguments,
or of the output.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import method, own_binding
from convlint.libs.torch import everywhere
from convlint.libs.torch.everywhere import FORWARD, NAMED, PRE_FORWARD
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import (
    FORWARD_HOOKS,
    MODULE_CLASS,
    PRE_HOOKS,
    module_of,
    receiver,
    store,
)
from convlint.shapes.fault import Kind
from convlint.values import Caller, Instance, NotModelled, Value


@own_binding(MODULE, "_call_impl")
def call_module(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Pre-hooks, `forward`, hooks; the call is recorded."""
    module, args = module_of(args), args[1:]
    hooks = _hooks(caller, module, PRE_FORWARD, PRE_HOOKS)
    hooked = hooks or _hooks(caller, module, FORWARD, FORWARD_HOOKS)  # else torch calls `forward` alone
    if hooks:
        args, kwargs = _prepared(caller, module, hooks, args, kwargs)
    token = caller.enter_layer(module, args, kwargs)
    output: Value = None
    try:
        output = caller.call_method(module, "forward", args, kwargs)
        hooks = _hooks(caller, module, FORWARD, FORWARD_HOOKS) if hooked else []
        if hooks:
            output = _replaced(caller, module, hooks, args, kwargs, output)
        return output
    finally:
        caller.leave_layer(token, output)


_CALL = MODULE_CLASS.namespace["_call_impl"]


@own_binding(MODULE, "__call__")
def call(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """`_call_impl`, which a program may have replaced."""
    implementation = module_of(args).cls.find("_call_impl")
    if implementation is _CALL:
        return call_module(caller, args, kwargs)
    return caller.call(implementation, args, kwargs)


MODULE_CLASS.namespace["_wrapped_call_impl"] = MODULE_CLASS.namespace["__call__"]


@method(MODULE, "forward", "self, *input, **kwargs")
def forward(op: Op) -> Value:
    assert op.self is not None
    message = f'Module [{op.self.cls.name}] is missing the required "forward" function'
    op.refuse("NotImplementedError", message, kind=Kind.RESULT)


def has_hooks(caller: Caller, module: Instance) -> bool:
    """Whether a call of the module runs hooks, of its own or of every module."""
    kinds = (PRE_FORWARD, PRE_HOOKS), (FORWARD, FORWARD_HOOKS)
    return any(_hooks(caller, module, shared, own) for shared, own in kinds)


def _hooks(caller: Caller, module: Instance, shared: str, own: str) -> list[tuple[str, Value]]:
    """Those of every module, then the module's own."""
    hooks: list[tuple[str, Value]] = []
    for found in (caller.state.get(shared), module.attrs.get(own)):
        if isinstance(found, dict):
            hooks += found.items()
    return hooks


def _prepared(
    caller: Caller,
    module: Instance,
    hooks: list[tuple[str, Value]],
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """The arguments as the pre-hooks leave them."""
    for key, hook in hooks:
        if key.startswith(NAMED):
            changed = caller.call(hook, (module, args, kwargs))
            if changed is not None:
                match changed:
                    case (tuple() as args, dict() as kwargs):
                        continue
                raise NotModelled("what a hook makes of the arguments is not known")
        else:
            changed = caller.call(hook, (module, args))
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
    return args, kwargs


def _replaced(
    caller: Caller,
    module: Instance,
    hooks: list[tuple[str, Value]],
    args: tuple[Value, ...],
    kwargs: dict[str, Value],
    output: Value,
) -> Value:
    """The output as the hooks leave it."""
    for key, hook in hooks:
        named = (kwargs,) if key.startswith(NAMED) else ()
        changed = caller.call(hook, (module, args, *named, output))
        output = output if changed is None else changed
    return output


def _hook(kind: str, name: str) -> None:
    @method(MODULE, name, "self, hook, *, prepend=False, with_kwargs=False, always_call=False")
    def register(op: Op) -> Value:
        hooks = store(receiver(op), kind)
        key = everywhere.next_key(hooks, op.flag("with_kwargs"))
        others = dict(hooks) if op.flag("prepend") else {}
        hooks[key] = op["hook"]
        for other, hook in others.items():
            del hooks[other]
            hooks[other] = hook
        return everywhere.handle(lambda caller, args, kwargs: hooks.pop(key, None) and None)


_hook(FORWARD_HOOKS, "register_forward_hook")
_hook(PRE_HOOKS, "register_forward_pre_hook")


def _other_hook(name: str, signature: str) -> None:
    method(MODULE, name, f"self, hook{signature}")(
        lambda op: everywhere.handle(lambda caller, args, kwargs: None)
    )


_other_hook("register_backward_hook", "")
for _name in ("register_full_backward_hook", "register_full_backward_pre_hook"):
    _other_hook(_name, ", prepend=False")
for _when in ("register_load_state_dict_pre", "register_load_state_dict_post", "register_state_dict_pre"):
    _other_hook(f"{_when}_hook", "")
_other_hook("register_state_dict_post_hook", "")
