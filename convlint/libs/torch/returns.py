"""Named results: `torch.max(x, 1)` gives values and indices, as a tuple and by name."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import host_class, klass, lookup
from convlint.values import Class, Instance, Value


def named(op: Op, name: str, **fields: Value) -> Instance:
    """A `torch.return_types` object: a tuple whose members have names."""
    result = Instance(_class(name), op.caller.site, payload=tuple(fields.values()))
    result.attrs |= fields
    return result


def _class(name: str) -> Class:
    found = lookup(f"torch.return_types.{name}")
    if isinstance(found, Class):
        return found
    parent = host_class(tuple)
    return klass(f"torch.return_types.{name}", *(() if parent is None else (parent.qualname,)))
