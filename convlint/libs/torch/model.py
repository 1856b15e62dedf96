"""PyTorch's models, as `convlint.model` sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convlint.dims import Dim
from convlint.libs.protocol import Entry, Reach
from convlint.libs.registry import model_protocol
from convlint.libs.torch.expected import expected_input
from convlint.libs.torch.hidden import is_method
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import (
    FORWARD_HOOKS,
    PRE_HOOKS,
    STORES,
    UNCERTAIN,
    certain,
    is_module,
    refuse_uncertain,
    store,
)
from convlint.libs.torch.module_calls import has_hooks
from convlint.libs.torch.module_tree import walk
from convlint.libs.torch.reach import reach_of
from convlint.values import Caller, Class, Instance, Native, NotModelled, Tensor, Unknown, Value

_COUNTED = tuple(
    f"torch.nn.{name}"
    for name in (
        "Conv1d",
        "Conv2d",
        "Conv3d",
        "ConvTranspose1d",
        "ConvTranspose2d",
        "ConvTranspose3d",
        "Linear",
    )
)

_CALLS = (
    *(".__call__", ".forward", ".__getattr__", ".__iter__", ".__len__", ".__getitem__"),
    *(".items", ".keys", ".values"),
)
_QUESTIONS = frozenset(
    (
        *("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.is_grad_enabled", "torch._assert"),
        *(f"torch._C.{name}" for name in ("_log_api_usage_once", "_get_tracing_state")),
        *(f"torch.{name}" for name in ("_C.is_tracing", "_C.is_scripting")),
        *(f"torch.nn.modules.utils._{name}" for name in ("single", "pair", "triple", "quadruple")),
    )
)
"""Functions that change nothing, whatever they are given."""
_SETTING = ("set_", "use_", "manual_", "seed", "enable", "disable", "init", "compile", "load", "save")
"""How the names of functions begin that do not compute a tensor."""
_COMPUTING = ("torch.nn.functional.", "torch.ao.nn.quantized.FloatFunctional.")
_OWN = frozenset((*STORES, UNCERTAIN, FORWARD_HOOKS, PRE_HOOKS))
_SELDOM = frozenset(
    ("T_destination", "call_super_init", "dump_patches", "get_extra_state", "mtia", "set_extra_state")
)
"""What `torch.nn.Module` has besides what is described of it."""
_READING = ("__getattr__", "__getattribute__", "__setattr__")
_DEEPEST = 3
_MIXING = tuple(f"torch.nn.{name}" for name in ("RNNBase", "MultiheadAttention", "TransformerEncoderLayer"))


class TorchModels:
    """`ModelProtocol` of torch.nn.Module."""

    entry = "forward"
    builds_when_called = False
    unwraps_single = False
    calls_are_models = True
    channels_last = False
    modes: frozenset[str] = frozenset()

    def inputs(self, model: Instance) -> list[tuple[str, tuple[Dim, ...], str]] | None:
        return None

    def outputs(self, model: Instance) -> list[Tensor]:
        return []

    def arguments(self, model: Instance, tensors: list[Value]) -> list[Value]:
        return tensors

    def has_hooks(self, caller: Caller, layer: Instance) -> bool:
        return has_hooks(caller, layer)

    def lacks(self, model: Instance, name: str) -> bool:
        own = [cls for cls in model.cls.mro if cls.node is not None]
        rest = {cls.qualname for cls in model.cls.mro if cls.node is None}
        if not own or model.tainted is not None or model.cls.unknown_base is not None:
            return False
        if name.startswith("_") or name in _SELDOM or not rest <= {MODULE, "builtins.object"}:
            return False
        return not any(method in cls.namespace for cls in own for method in _READING)

    def reach(self, layer: Instance) -> Reach | None:
        return reach_of(layer)

    def keeps_places(self, layer: Instance) -> bool:
        return not any(layer.cls.derives(name) for name in _MIXING)

    def table(self, caller: Caller, model: Instance) -> list[Entry] | None:
        return None

    def is_model(self, value: Value) -> bool:
        return is_module(value)

    def is_whole(self, model: Instance) -> bool:
        return False

    def says_what_a_call_does(self, model: Instance) -> bool:
        entry = model.cls.find(self.entry)
        return not (isinstance(entry, Native) and entry.name == f"{MODULE}.forward")

    def name_of(self, layer: Instance) -> str:
        return ""

    def set_training(self, caller: Caller, model: Instance, training: bool) -> None:
        if not isinstance(model.cls.find("train"), Native):
            caller.asks_mode()
        caller.call(caller.getattr(model, "train"), (training,))

    def passes_on(self, name: str) -> bool:
        if name in _QUESTIONS:
            return True
        if name.startswith(("torch.nn.", "torch.ao.")):
            if name.startswith(_COMPUTING):
                return not name.endswith("_")
            return name.endswith(_CALLS) and ".Lazy" not in name
        return name.startswith("torch.") and _computes(name[6:])

    def make_input(self, shape: tuple[Dim, ...], dtype: str) -> Tensor:
        return Tensor(shape, dtype)

    def layers(self, caller: Caller, model: Instance) -> list[tuple[str, Instance]]:
        return walk(caller, model)

    def parameters(self, caller: Caller, layer: Instance) -> list[tuple[str, Tensor]]:
        refuse_uncertain(layer)
        entries = certain(caller, layer, "_parameters")
        found = []
        for name, value in entries.items():
            if isinstance(value, Unknown):
                raise NotModelled(value.reason)
            if isinstance(value, Tensor):
                found.append((name, value))
        return found

    def is_container(self, cls: Class) -> bool:
        return any(cls.derives(f"torch.nn.{name}") for name in ("Sequential", "ModuleList", "ModuleDict"))

    def has_children(self, layer: Instance) -> bool:
        return any(isinstance(child, Instance) for child in store(layer, "_modules").values())

    def children(self, layer: Instance) -> Mapping[str, Instance]:
        found = store(layer, "_modules")
        return {name: child for name, child in found.items() if isinstance(child, Instance)} if found else {}

    def unregistered(self, caller: Caller, layer: Instance) -> Mapping[str, tuple[Instance, ...]]:
        found = {}
        for name, value in layer.attrs.items():
            if isinstance(value, (list, tuple, dict)) and value and name not in _OWN:
                modules = tuple(_modules_in(caller, value))
                if modules:
                    found[name] = modules
        return found

    def shadowed(self, layer: Instance) -> tuple[str, ...]:
        names = (*store(layer, "_modules"), *store(layer, "_parameters"))
        return tuple(name for name in names if is_method(layer, name))

    def counts_macs(self, layer: Instance) -> bool:
        return any(layer.cls.derives(name) for name in _COUNTED)

    def expected_input(
        self, layer: Instance, position: int, suffix: str
    ) -> tuple[tuple[Dim, ...], str] | None:
        return expected_input(layer, suffix) if position == 0 else None


def _computes(name: str) -> bool:
    """Whether a function of `torch` itself makes a tensor or a number of what it is given."""
    return "." not in name and not name.endswith("_") and not name.startswith(_SETTING)


def _modules_in(caller: Caller, value: Value, depth: int = 0) -> Iterator[Instance]:
    """The modules of a container whose content is certain, and of containers in it."""
    if is_module(value):
        yield value  # type: ignore[misc]
    elif depth < _DEEPEST and isinstance(value, (list, tuple, dict)) and caller.uncertainty(value) is None:
        for each in value.values() if isinstance(value, dict) else value:
            yield from _modules_in(caller, each, depth + 1)


model_protocol(TorchModels())
