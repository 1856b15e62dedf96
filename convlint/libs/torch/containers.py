"""Containers of modules and parameters: Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict."""

from __future__ import annotations

from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, lookup, method
from convlint.libs.torch.layer import MODULE
from convlint.libs.torch.module import certain, is_module, receiver, store
from convlint.shapes.fault import Fault, Kind
from convlint.values import Class, Instance, NotModelled, Stream, Tensor, Unknown, Value

SEQUENTIAL, LIST, DICT = "torch.nn.Sequential", "torch.nn.ModuleList", "torch.nn.ModuleDict"
PARAMETERS, PARAMETER_DICT = "torch.nn.ParameterList", "torch.nn.ParameterDict"
for _name in (SEQUENTIAL, LIST, DICT, PARAMETERS, PARAMETER_DICT):
    klass(_name, MODULE)
    alias(_name.replace("torch.nn.", "torch.nn.modules.container."), _name)
    alias(_name.replace("torch.nn.", "torch.nn.modules."), _name)
alias("torch.nn.Container", MODULE)


def construct(op: Op) -> Instance:
    """Run `Module.__init__` on the receiver and give it back."""
    base = lookup(MODULE)
    assert isinstance(base, Class)
    op.call(base.find("__init__"), receiver(op))
    return receiver(op)


def add(op: Op, name: str, value: Value) -> None:
    """Register a child as `add_module` does, through the class's own override where it has one."""
    op.caller.call_method(receiver(op), "add_module", (name, value))


def kind_of(module: Instance) -> str:
    """The registration dictionary that a container fills."""
    return (
        "_parameters" if module.cls.derives(PARAMETERS) or module.cls.derives(PARAMETER_DICT) else "_modules"
    )


def content(op: Op) -> dict[str, Value]:
    """What the container holds, by key; parameter containers may hold other values too."""
    module = receiver(op)
    if kind_of(module) == "_modules":
        return certain(op.caller, module, "_modules")
    order = module.attrs.get("_keys")
    keys = order if isinstance(order, dict) else {}
    parameters = certain(op.caller, module, "_parameters")
    return {k: parameters.get(k, module.attrs.get(k)) for k in keys}


def put(op: Op, key: str, value: Value) -> None:
    """Set one entry of a container."""
    module = receiver(op)
    if kind_of(module) == "_modules":
        add(op, key, value)
        return
    cast(dict[str, Value], module.attrs.setdefault("_keys", {}))[key] = None
    if isinstance(value, Tensor) and value.trainable is None:
        value = Tensor(value.shape, value.dtype, trainable=True)
    op.caller.setattr(module, key, value)


def items(op: Op, value: Value) -> list[Value]:
    """The items of an iterable; where they are not known the container's content becomes uncertain."""
    try:
        return list(op.caller.iterate(value))
    except NotModelled as why:
        op.caller.taint(receiver(op), op.unknown(why.reason))
        return []


# -- Sequential ----------------------------------------------------------------------------------------------


@method(SEQUENTIAL, "__init__", "self, *args")
def sequential(op: Op) -> None:
    construct(op)
    args = cast(tuple[Value, ...], op["args"])
    if len(args) == 1 and isinstance(args[0], dict):
        for name, module in args[0].items():
            add(op, cast(str, name), module)
        return
    for index, module in enumerate(args):
        if not is_module(module) and not isinstance(module, Unknown):
            shown = op.caller.class_of(module)
            raise op.caller.error("TypeError", f"{getattr(shown, 'qualname', '')} is not a Module subclass")
        add(op, str(index), module)


@method(SEQUENTIAL, "forward", "self, input")
def forward(op: Op) -> Value:
    x = op["input"]
    for module in list(certain(op.caller, receiver(op), "_modules").values()):
        x = op.call(module, x)
    return x


def _append(op: Op, value: Value) -> None:
    put(op, str(len(content(op))), value)


@method(SEQUENTIAL, "append", "self, module")
@method(LIST, "append", "self, module")
@method(PARAMETERS, "append", "self, module")
def append(op: Op) -> Value:
    _append(op, op["module"])
    return op.self


@method(SEQUENTIAL, "extend", "self, modules")
@method(LIST, "extend", "self, modules")
@method(LIST, "__iadd__", "self, modules")
@method(SEQUENTIAL, "__iadd__", "self, modules")
@method(PARAMETERS, "extend", "self, modules")
@method(PARAMETERS, "__iadd__", "self, modules")
def extend(op: Op) -> Value:
    for value in items(op, op["modules"]):
        _append(op, value)
    return op.self


@method(SEQUENTIAL, "__add__", "self, other")
@method(LIST, "__add__", "self, other")
def joined(op: Op) -> Value:
    both = [*content(op).values(), *items(op, op["other"])]
    cls = op.caller.class_of(op.self)
    return op.call(cls, *both) if receiver(op).cls.derives(SEQUENTIAL) else op.call(cls, both)


@method(SEQUENTIAL, "insert", "self, index, module")
@method(LIST, "insert", "self, index, module")
def insert(op: Op) -> Value:
    values = list(content(op).values())
    values.insert(op.integer("index"), op["module"])
    _replace(op, values)
    return op.self


def _replace(op: Op, values: list[Value]) -> None:
    entries = store(receiver(op), "_modules")
    entries.clear()
    entries.update({str(i): v for i, v in enumerate(values)})


# -- access by position --------------------------------------------------------------------------------------


def _key(op: Op, index: Value) -> str:
    keys = list(content(op))
    position = op.as_dim(index, "index")
    if not isinstance(position, int):
        raise NotModelled("the index is not known")
    if not -len(keys) <= position < len(keys):
        words = f"index {position} is out of range"
        raised = op.caller.error("IndexError", words)
        fault = Fault(
            Kind.PROGRAM, position, len(keys), detail=f"it asks for index {position} of {len(keys)} modules"
        )
        op.caller.fault(fault, lambda _: f"IndexError: {words}")
        raise raised
    return keys[position]


def _bounds(op: Op, index: slice) -> slice:
    """A slice of known bounds."""
    found = [
        None if each is None else op.as_dim(each, "index") for each in (index.start, index.stop, index.step)
    ]
    if any(not (each is None or isinstance(each, int)) for each in found):
        raise NotModelled("the bounds of the slice are not known")
    return slice(*found)


for _cls in (SEQUENTIAL, LIST, PARAMETERS):

    @method(_cls, "__getitem__", "self, idx")
    def get_item(op: Op) -> Value:
        """One module, or a container of a slice: Sequential keeps the names, ModuleList counts anew."""
        index = op["idx"]
        if not isinstance(index, slice):
            return content(op)[_key(op, index)]
        chosen = list(content(op).items())[_bounds(op, index)]
        cls = op.caller.class_of(op.self)
        if receiver(op).cls.derives(SEQUENTIAL):
            return op.call(cls, dict(chosen))
        return op.call(cls, [value for _, value in chosen])

    @method(_cls, "__setitem__", "self, idx, module")
    def set_item(op: Op) -> None:
        put(op, _key(op, op["idx"]), op["module"])

    @method(_cls, "__delitem__", "self, idx")
    def delete_item(op: Op) -> None:
        index = op["idx"]
        entries = store(receiver(op), kind_of(receiver(op)))
        keys = list(entries)[_bounds(op, index)] if isinstance(index, slice) else [_key(op, index)]
        for key in keys:
            del entries[key]
        _replace(op, list(entries.values()))

    @method(_cls, "pop", "self, key")
    def pop(op: Op) -> Value:
        key = _key(op, op["key"])
        entries = store(receiver(op), kind_of(receiver(op)))
        value = entries.pop(key)
        _replace(op, list(entries.values()))
        return value

    @method(_cls, "__iter__", "self")
    def iterate(op: Op) -> Value:
        return Stream(list(content(op).values()))


for _cls in (SEQUENTIAL, LIST, DICT, PARAMETERS, PARAMETER_DICT):
    method(_cls, "__len__", "self")(lambda op: len(content(op)))


@method(LIST, "__init__", "self, modules=None")
@method(PARAMETERS, "__init__", "self, modules=None")
def module_list(op: Op) -> None:
    construct(op)
    if op["modules"] is not None:
        for value in items(op, op["modules"]):
            if (
                kind_of(receiver(op)) == "_modules"
                and not is_module(value)
                and not isinstance(value, Unknown)
                and value is not None
            ):
                raise op.caller.error("TypeError", f"{type(value).__name__} is not a Module subclass")
            _append(op, value)


# -- access by name ------------------------------------------------------------------------------------------


def _pairs(op: Op, value: Value) -> list[tuple[Value, Value]]:
    if isinstance(value, Instance) and (value.cls.derives(DICT) or value.cls.derives(PARAMETER_DICT)):
        return list(store(value, kind_of(value)).items())
    if isinstance(value, dict):
        return list(value.items())
    pairs = []
    for pair in items(op, value):
        both = list(op.caller.iterate(pair))
        if len(both) != 2:
            words = f"{type(value).__name__} item has length {len(both)}; 2 is required"
            raise op.caller.error("ValueError", words)
        key, entry = both
        pairs.append((key, entry))
    return pairs


@method(DICT, "__init__", "self, modules=None")
@method(PARAMETER_DICT, "__init__", "self, modules=None")
def module_dict(op: Op) -> None:
    construct(op)
    if op["modules"] is not None:
        _update(op)


def _update(op: Op) -> None:
    value = op["modules"]
    if isinstance(value, Unknown):
        op.caller.taint(receiver(op), value)
        return
    for key, entry in _pairs(op, value):
        put(op, cast(str, key), entry)


for _cls in (DICT, PARAMETER_DICT):
    method(_cls, "update", "self, modules")(_update)
    method(_cls, "keys", "self")(lambda op: list(content(op)))
    method(_cls, "values", "self")(lambda op: list(content(op).values()))
    method(_cls, "items", "self")(lambda op: list(content(op).items()))
    method(_cls, "__iter__", "self")(lambda op: Stream(list(content(op))))
    method(_cls, "__contains__", "self, key")(lambda op: op["key"] in content(op))

    @method(_cls, "__getitem__", "self, key")
    def get_entry(op: Op) -> Value:
        found, key = content(op), op.known("key")
        if key not in found:
            raise op.caller.error("KeyError", str(key))
        return found[key]

    @method(_cls, "__setitem__", "self, key, module")
    def set_entry(op: Op) -> None:
        put(op, op.text("key"), op["module"])

    @method(_cls, "__delitem__", "self, key")
    def delete_entry(op: Op) -> None:
        store(receiver(op), kind_of(receiver(op))).pop(op.text("key"), None)

    @method(_cls, "pop", "self, key")
    def pop_entry(op: Op) -> Value:
        key = op.text("key")
        if key not in content(op):
            raise op.caller.error("KeyError", key)
        return store(receiver(op), kind_of(receiver(op))).pop(key)

    @method(_cls, "clear", "self")
    def clear(op: Op) -> None:
        store(receiver(op), kind_of(receiver(op))).clear()


@method(DICT, "get", "self, key, default=None")
@method(PARAMETER_DICT, "get", "self, key, default=None")
def get_or(op: Op) -> Value:
    return content(op).get(op.text("key"), op["default"])
