"""Hooks of every module: what `torch.nn.modules.module.register_module_…` sets for the whole process
(docs.pytorch.org/docs/stable/nn.html#global-hooks-for-module).

Law: they run before a module's own hooks, in the order they were registered, until they are removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from convlint.libs.op import Op
from convlint.libs.registry import function, klass
from convlint.values import Caller, Instance, Native, Value
from convlint.values.caller import LASTING

Run = Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value]
HANDLE = klass("torch.utils.hooks.RemovableHandle", "builtins.object")
NAMED = "hook with kwargs "
"""Begins the key of a hook that takes the call's keyword arguments, too."""
_PREFIX = f"{LASTING}torch.hooks."
"""Under which the state of a run holds the hooks of a kind."""
FORWARD, PRE_FORWARD = f"{_PREFIX}forward", f"{_PREFIX}forward_pre"
BUFFER, MODULE, PARAMETER = (f"{_PREFIX}{what}_registration" for what in ("buffer", "module", "parameter"))


def handle(remove: Run) -> Instance:
    """What takes a hook away again."""
    made = Instance(HANDLE)
    made.attrs["remove"] = Native("remove", remove)
    return made


def next_key(hooks: Mapping[str, Value], with_kwargs: bool) -> str:
    """A key that no hook has yet."""
    number = 1 + max((int(key.rpartition(" ")[2]) for key in hooks), default=0)
    return f"{NAMED if with_kwargs else 'hook '}{number}"


def hooks(caller: Caller, kind: str) -> dict[str, Value]:
    """The hooks of a kind, by keys that say how they are called."""
    found = caller.state.get(kind)
    return found if isinstance(found, dict) else {}


def registered(caller: Caller, kind: str, module: Instance, name: str, value: Value) -> Value:
    """What is registered under a name, as the hooks leave it."""
    for hook in () if value is None else hooks(caller, kind).values():
        changed = caller.call(hook, (module, name, value))
        value = value if changed is None else changed
    return value


def _register(kind: str, signature: str) -> None:
    name = kind.removeprefix(_PREFIX)

    @function(f"torch.nn.modules.module.register_module_{name}_hook", signature=signature)
    def register(op: Op) -> Value:
        caller, before = op.caller, hooks(op.caller, kind)
        key = next_key(before, op.args.get("with_kwargs") is True)
        caller.state[kind] = {**before, key: op["hook"]}

        def remove(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
            left = {k: hook for k, hook in hooks(caller, kind).items() if k != key}
            caller.state[kind] = left
            return None

        return handle(remove)


_register(FORWARD, "hook, *, with_kwargs=False, always_call=False")
for _kind in (PRE_FORWARD, BUFFER, MODULE, PARAMETER):
    _register(_kind, "hook")
for _name in ("backward", "full_backward", "full_backward_pre"):
    _register(_PREFIX + _name, "hook")
