"""The graph of a functional model: which calls made a tensor, and the order that Keras gives its layers.

Law (keras.src.ops.function): a node's depth is the longest way to an output; operations are ordered by
falling depth, then by the order in which a depth-first walk from the outputs meets them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, field

from convlint.values import Caller, Instance, Native, Site, Tensor, Value

HISTORY, NODES, GRAPH = "_keras_history", "_inbound_nodes", "_graph"
Replay = Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value]


class Node(Struct, eq=False):
    """One call: the layer (or the function that replays it), its arguments, and what it gave."""

    operation: Instance | Replay
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    outputs: list[Tensor] = field(default_factory=list)
    site: Site | None = None
    """Where the program made the call: what fails in another run of the graph fails there."""
    name: str = ""
    """What Keras calls a plain function's call; a layer has a name of its own."""
    key: object = None
    """What stands for the operation: the layer itself, or the node of a plain function."""

    def __post_init__(self) -> None:
        self.key = self.operation if isinstance(self.operation, Instance) else self

    @property
    def inputs(self) -> list[Tensor]:
        """The tensors that it was called with."""
        return list(tensors_in((self.args, self.kwargs)))


def tensors_in(value: Value) -> Iterator[Tensor]:
    """The tensors of a nested structure, in Keras' order: dictionaries by sorted keys."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors_in(each)
    elif isinstance(value, dict):
        for key in sorted(value, key=str):
            yield from tensors_in(value[key])


def replaced(value: Value, known: Mapping[int, Value]) -> Value:
    """The structure with its tensors replaced, by identity."""
    if isinstance(value, Tensor):
        return known.get(id(value), value)
    if isinstance(value, (list, tuple)):
        made = [replaced(each, known) for each in value]
        return made if isinstance(value, list) else tuple(made)
    if isinstance(value, dict):
        return {key: replaced(each, known) for key, each in value.items()}
    return value


def node_of(tensor: Tensor) -> Node | None:
    """The call that made a tensor; None for one that no layer made."""
    found = None if tensor.attrs is None else tensor.attrs.get(HISTORY)
    return found if isinstance(found, Node) else None


def record(node: Node, output: Value) -> None:
    """Remember a call on the tensors that it gave."""
    node.outputs = list(tensors_in(output))
    for tensor in node.outputs:
        tensor.attrs = {**(tensor.attrs or {}), HISTORY: node}


class Graph:
    """The nodes between inputs and outputs, in an order in which they can be computed."""

    def __init__(self, inputs: Value, outputs: Value) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.nodes: list[Node] = []
        self._ends = {id(tensor) for tensor in tensors_in(inputs)}
        self._met: dict[int, int] = {}
        """Operations in the order of the walk, by identity of their key."""
        seen: set[int] = set()
        for output in tensors_in(outputs):
            self._walk(output, seen)

    def _walk(self, tensor: Tensor, seen: set[int]) -> None:
        """Depth first without recursion: a deep model is a long chain."""
        waiting: list[tuple[Tensor, bool]] = [(tensor, False)]
        while waiting:
            current, done = waiting.pop()
            node = node_of(current)
            if node is None:
                continue
            if done:
                self.nodes.append(node)
                continue
            if id(node) in seen:
                continue
            seen.add(id(node))
            inputs = node.inputs
            if inputs and id(current) in self._ends:
                continue
            self._met.setdefault(id(node.key), len(self._met))
            waiting.append((current, True))
            waiting += [(each, False) for each in reversed(inputs)]

    def layers(self) -> list[Instance]:
        """The layers, in the order of Keras' `model.layers`."""
        inside = {id(node) for node in self.nodes}
        depths: dict[int, int] = {}
        of_operation: dict[int, int] = {}
        operations: dict[int, object] = {}
        for node in reversed(self.nodes):
            depth = max(depths.get(id(node), 0), of_operation.get(id(node.key), 0))
            depths[id(node)] = of_operation[id(node.key)] = depth
            operations[id(node.key)] = node.key
            for parent in self._parents(node):
                if id(parent) in inside:
                    depths[id(parent)] = max(depth + 1, depths.get(id(parent), 0))
        for tensor in tensors_in(self.inputs):
            unused = node_of(tensor)
            if unused is not None and not unused.inputs and id(unused.key) not in operations:
                operations[id(unused.key)] = unused.key
                of_operation[id(unused.key)] = 0
                self._met[id(unused.key)] = -1
        ordered = sorted(operations, key=lambda key: (-of_operation[key], self._met[key]))
        return [found for key in ordered if isinstance(found := operations[key], Instance)]

    def connections(self, layer: Instance) -> tuple[str, ...]:
        """Where the inputs of a layer's calls come from: `conv2d[0][0]` is the first output of the first call
        of that layer, as Keras' `model.summary()` writes it.
        """
        found = []
        for node in self.nodes:
            if node.operation is layer:
                found += [written for tensor in node.inputs if (written := _written(tensor))]
        return tuple(found)

    def _parents(self, node: Node) -> Iterable[Node]:
        if any(id(output) in self._ends for output in node.outputs) and node.inputs:
            return []
        return [parent for tensor in node.inputs if (parent := node_of(tensor)) is not None]

    def run(self, caller: Caller, inputs: Value) -> Value:
        """Compute the outputs of other inputs."""
        known: dict[int, Value] = {}
        for old, new in zip(tensors_in(self.inputs), tensors_in(inputs), strict=False):
            known[id(old)] = new
        for node in self.nodes:
            if not node.inputs or all(id(output) in known for output in node.outputs):
                continue
            args, kwargs = replaced(node.args, known), replaced(node.kwargs, known)
            assert isinstance(args, tuple) and isinstance(kwargs, dict)
            operation = node.operation
            function = operation if isinstance(operation, Instance) else Native("keras.Function", operation)
            if node.site is None:
                result = caller.call(function, args, kwargs)
            else:
                result = caller.call_at(node.site, function, args, kwargs)
            made = list(tensors_in(result))
            for index, old in enumerate(node.outputs):
                known[id(old)] = made[index] if index < len(made) else result
        return replaced(self.outputs, known)


def graph_of(model: Instance) -> Graph | None:
    """The graph of a functional model."""
    found = model.attrs.get(GRAPH)
    return found if isinstance(found, Graph) else None


def _written(tensor: Tensor) -> str:
    """`conv2d[0][0]`; empty for a tensor that no call made."""
    node = node_of(tensor)
    if node is None:
        return ""
    owner = node.operation
    place = next((i for i, output in enumerate(node.outputs) if output is tensor), 0)
    if not isinstance(owner, Instance):
        return f"{node.name}[0][{place}]" if node.name else "an operation"
    calls = owner.attrs.get(NODES)
    call = calls.index(node) if isinstance(calls, list) and node in calls else 0
    return f"{owner.attrs.get('name')}[{call}][{place}]"
