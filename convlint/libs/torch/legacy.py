"""The old constructors: `torch.Tensor(2, 3)`, `torch.FloatTensor([2, 3])`."""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias, klass, method
from convlint.libs.torch.axes import listed
from convlint.libs.torch.conversion import LEGACY
from convlint.libs.torch.dtypes import default_dtype
from convlint.libs.torch.nested import nested_tensor
from convlint.libs.torch.tensor import KIND
from convlint.values import NotModelled, Origin, Tensor, Unknown, Value

# -- old constructors ----------------------------------------------------------------------------------------


def _constructor(cls: str, dtype: str | None) -> None:
    """`torch.Tensor(2, 3)` has unknown numbers, `torch.Tensor([2, 3])` these, and so has that of an array."""

    def new(op: Op) -> Value:
        found = dtype or default_dtype(op.caller)
        args = op["args"]
        assert isinstance(args, tuple)
        if len(args) == 1 and isinstance(args[0], Unknown):
            raise NotModelled(args[0].reason)  # a size, or data of any rank
        if len(args) == 1 and isinstance(args[0], Tensor) and args[0].kind == KIND:
            return args[0]
        if len(args) == 1 and (isinstance(args[0], Tensor) or listed(args[0]) is not None):
            return nested_tensor(op, args[0], found)
        shape = tuple(op.as_dim(each, "size") for each in args) if args else (0,)
        return Tensor(shape, found, origin=Origin("tensor", op.caller.site))

    method(cls, "__new__", "cls, *args, device=None")(new)


_constructor(KIND, None)
for _name, _each in LEGACY.items():
    klass(f"torch.{_name}", KIND)
    alias(f"torch.cuda.{_name}", f"torch.{_name}")
    _constructor(f"torch.{_name}", _each)
