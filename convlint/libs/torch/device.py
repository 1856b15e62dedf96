"""torch.device. Where a tensor sits is not followed: every tensor of an analysis is on the CPU."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import klass, method, shared
from convlint.values import Instance, Unknown, Value

DEVICE = klass("torch.device")
_KINDS = frozenset(
    [
        "cpu",
        "cuda",
        "ipu",
        "xpu",
        "mkldnn",
        "opengl",
        "opencl",
        "ideep",
        "hip",
        "ve",
        "fpga",
        "maia",
        "xla",
        "lazy",
        "vulkan",
        "mps",
        "meta",
        "hpu",
        "mtia",
        "privateuseone",
    ]
)


@method("torch.device", "__init__", "self, type, index=None")
def device(op: Op) -> Value:
    """`torch.device("cuda:1")`, `torch.device("cuda", 1)`, `torch.device(1)`."""
    assert op.self is not None
    kind, index = op["type"], op["index"]
    if isinstance(kind, Instance) and kind.cls is DEVICE:
        op.self.attrs |= kind.attrs
        return None
    if isinstance(kind, int):
        kind, index = "cuda", kind
    if isinstance(kind, str) and ":" in kind and index is None:
        kind, _, number = kind.partition(":")
        index = int(number) if number.isdecimal() else op.unknown("the device is not known")
    if isinstance(kind, str) and kind not in _KINDS:
        raise op.caller.error(
            "RuntimeError",
            "Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, "
            "lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start of device string: "
            f"{kind}",
        )
    op.self.attrs |= {"type": kind, "index": index}
    return None


def _parts(value: Value) -> tuple[Value, Value] | None:
    return (value.attrs.get("type"), value.attrs.get("index")) if isinstance(value, Instance) else None


@method("torch.device", "__eq__", "self, other")
def equal(op: Op) -> Value:
    """Same type and index."""
    mine, others = _parts(op["self"]), _parts(op["other"])
    if isinstance(op["other"], Unknown) or any(
        isinstance(p, Unknown) for p in (*(mine or ()), *(others or ()))
    ):
        return op.unknown("a device is not known")
    other = op["other"]
    return isinstance(other, Instance) and other.cls is DEVICE and mine == others


@method("torch.device", "__ne__", "self, other")
def unequal(op: Op) -> Value:
    """Not `==`."""
    same = equal(op)
    return not same if isinstance(same, bool) else same


@method("torch.device", "__hash__", "self")
def hashed(op: Op) -> Value:
    """Of type and index."""
    return hash(str(_parts(op["self"])))


@method("torch.device", "__str__", "self")
def text(op: Op) -> Value:
    """`cuda:1`."""
    kind, index = _parts(op["self"]) or (None, None)
    if isinstance(kind, Unknown) or isinstance(index, Unknown):
        return op.unknown("a device is not known")
    return str(kind) if index is None else f"{kind}:{index}"


@method("torch.device", "__repr__", "self")
def shown(op: Op) -> Value:
    """`device(type='cuda', index=1)`."""
    kind, index = _parts(op["self"]) or (None, None)
    if isinstance(kind, Unknown) or isinstance(index, Unknown):
        return op.unknown("a device is not known")
    return f"device(type='{kind}')" if index is None else f"device(type='{kind}', index={index})"


@method("torch.device", "__enter__", "self")
def enter(op: Op) -> Value:
    """As a context: new tensors sit there."""
    return op["self"]


@method("torch.device", "__exit__", "self, *error")
def leave(op: Op) -> Value:
    """The end of the context."""
    return None


CPU = Instance(DEVICE)
CPU.attrs |= {"type": "cpu", "index": None}
shared(CPU)
