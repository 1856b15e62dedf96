"""Keras' models, as `convlint.model` sees them: one row a layer, in Keras' own order."""

from __future__ import annotations

from collections.abc import Mapping

from convlint.dims import Dim, symbol
from convlint.libs.keras.graph import NODES, Node, graph_of, replaced, tensors_in
from convlint.libs.keras.layer import KIND, LAYER, every_layer, is_layer, variables, weights_of
from convlint.libs.keras.models import MODEL, layers_of
from convlint.libs.keras.reach import keeps_places, reach_of
from convlint.libs.protocol import Entry, Reach
from convlint.libs.registry import model_protocol
from convlint.values import Caller, Class, Instance, Native, NotModelled, Tensor, Unknown, Value

_COUNTED = tuple(f"keras.layers.Conv{rank}D{kind}" for rank in (1, 2, 3) for kind in ("", "Transpose"))
_WINDOWED = (
    "Conv",
    "MaxPooling",
    "AveragePooling",
    "DepthwiseConv",
    "SeparableConv",
    "ZeroPadding",
    "UpSampling",
)
_AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


class KerasModels:
    """`ModelProtocol` of keras.layers.Layer."""

    entry = "call"
    builds_when_called = True
    unwraps_single = True
    calls_are_models = False
    channels_last = True
    modes = frozenset({"training", "mask"})

    def is_model(self, value: Value) -> bool:
        return is_layer(value)

    def is_whole(self, model: Instance) -> bool:
        return model.cls.derives(MODEL)

    def says_what_a_call_does(self, model: Instance) -> bool:
        entry = model.cls.find(self.entry)
        refusing = isinstance(entry, Native) and entry.name in (f"{LAYER}.call", f"{MODEL}.call")
        return not refusing or graph_of(model) is not None

    def name_of(self, layer: Instance) -> str:
        name = layer.attrs.get("name")
        return name if isinstance(name, str) else ""

    def set_training(self, caller: Caller, model: Instance, training: bool) -> None:
        """The mode is an argument of each call."""

    def passes_on(self, name: str) -> bool:
        return name == f"{LAYER}.__call__" or (name.startswith("keras.") and name.endswith(".call"))

    def make_input(self, shape: tuple[Dim, ...], dtype: str) -> Tensor:
        return Tensor(shape, dtype, kind=KIND)

    def inputs(self, model: Instance) -> list[tuple[str, tuple[Dim, ...], str]] | None:
        graph = graph_of(model)
        if graph is None:
            return None
        tensors = list(tensors_in(graph.inputs))
        return [
            (f"input{i + 1}", t.shape, t.dtype or "float32")
            for i, t in enumerate(tensors)
            if t.shape is not None
        ]

    def outputs(self, model: Instance) -> list[Tensor]:
        graph = graph_of(model)
        return [] if graph is None else list(tensors_in(graph.outputs))

    def arguments(self, model: Instance, tensors: list[Value]) -> list[Value]:
        graph = graph_of(model)
        if graph is None:
            return tensors
        own = [id(t) for t in tensors_in(graph.inputs)]
        return [replaced(graph.inputs, dict(zip(own, tensors, strict=False)))]

    def layers(self, caller: Caller, model: Instance) -> list[tuple[str, Instance]]:
        found = [("", model)]
        for each in every_layer(caller, model):
            if each is not model:
                name = each.attrs.get("name")
                found.append((name if isinstance(name, str) else each.cls.name, each))
        return found

    def parameters(self, caller: Caller, layer: Instance) -> list[tuple[str, Tensor]]:
        if layer.attrs.get("built") is not True and not _weightless(layer):
            raise NotModelled("the layer is not built: its input is not known")
        found: list[tuple[str, Tensor]] = []
        for index, variable in enumerate(weights_of(layer)):
            if isinstance(variable, Unknown):
                raise NotModelled(variable.reason)
            if isinstance(variable, Tensor):
                found.append((f"variable{index}", variable))
        return found

    def has_hooks(self, caller: Caller, layer: Instance) -> bool:
        return False

    def lacks(self, model: Instance, name: str) -> bool:
        return False  # Keras' own classes have more attributes than are described

    def reach(self, layer: Instance) -> Reach | None:
        return reach_of(layer)

    def keeps_places(self, layer: Instance) -> bool:
        return keeps_places(layer)

    def table(self, caller: Caller, model: Instance) -> list[Entry] | None:
        if not model.cls.derives(MODEL):
            return None
        graph = graph_of(model)
        entries = []
        for layer in layers_of(caller, model):
            nodes = layer.attrs.get(NODES)
            node = nodes[-1] if isinstance(nodes, list) and nodes else None
            outputs: list[Value] = list(node.outputs) if isinstance(node, Node) else []
            name = layer.attrs.get("name")
            entries.append(
                Entry(
                    name if isinstance(name, str) else "",
                    layer,
                    tuple(variable for _, variable in variables(caller, layer)),
                    outputs[0] if len(outputs) == 1 else outputs,
                    () if graph is None else graph.connections(layer),
                )
            )
        return entries

    def is_container(self, cls: Class) -> bool:
        return cls.derives("keras.Sequential") or cls.derives("keras.Functional")

    def has_children(self, layer: Instance) -> bool:
        return any(
            is_layer(value) or (isinstance(value, list) and any(map(is_layer, value)))
            for value in layer.attrs.values()
        )

    def children(self, layer: Instance) -> Mapping[str, Instance]:
        found = layer.attrs.items()
        return {name: child for name, child in found if isinstance(child, Instance) and is_layer(child)}

    def unregistered(self, caller: Caller, layer: Instance) -> Mapping[str, tuple[Instance, ...]]:
        return {}  # layers in containers are found there

    def shadowed(self, layer: Instance) -> tuple[str, ...]:
        return ()  # an attribute takes the place of the method

    def counts_macs(self, layer: Instance) -> bool:
        return layer.cls.derives("keras.layers.Dense") or any(layer.cls.derives(name) for name in _COUNTED)

    def expected_input(
        self, layer: Instance, position: int, suffix: str
    ) -> tuple[tuple[Dim, ...], str] | None:
        if position:
            return None
        for rank, axes in _AXES.items():
            if any(layer.cls.derives(f"keras.layers.{family}{rank}D") for family in _WINDOWED):
                free = tuple(symbol(axis + suffix) for axis in axes)
                channels = symbol("C" + suffix)
                first = layer.attrs.get("data_format") == "channels_first"
                return (symbol("N"), *((channels, *free) if first else (*free, channels))), "float32"
        if layer.cls.derives("keras.layers.Embedding"):
            return (symbol("N"), symbol("L" + suffix)), "int32"
        return None


def _weightless(layer: Instance) -> bool:
    """Whether a layer that was never called has no weights of its own to make."""
    build = layer.cls.find("build")
    return isinstance(build, Native) and build.name in (
        f"{LAYER}.build",
        f"{MODEL}.build",
        "keras.Sequential.build",
    )


model_protocol(KerasModels())
