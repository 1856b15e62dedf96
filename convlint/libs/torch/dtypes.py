"""torch's dtype objects and what only names them: memory formats, layouts, mathematical constants, Size,
finfo.

A tensor holds its dtype as a bare name ("float32"); a program sees one `torch.dtype` object for each.
"""

from __future__ import annotations

import math
import struct

from convlint.libs.op import Op
from convlint.libs.registry import constant, function, klass, method
from convlint.values import Caller, Class, Instance, Native, NotModelled, Tensor, Unknown, Value

FLOATS = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex32", "complex64", "complex128")
INTEGERS = ("uint8", "int8", "int16", "int32", "int64")
UNSIGNED = ("uint16", "uint32", "uint64")
_SMALL_FLOATS = ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu")
_QUANTIZED = ("quint8", "qint8", "qint32", "quint4x2", "quint2x4")
_BYTES = {
    "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex32": 4, "complex64": 8, "complex128": 16,
    "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8, "uint16": 2, "uint32": 4, "uint64": 8,
    "bool": 1, "qint32": 4,
}  # fmt: skip
_SYNONYMS = {
    "half": "float16", "float": "float32", "double": "float64", "short": "int16", "int": "int32",
    "long": "int64", "chalf": "complex32", "cfloat": "complex64", "cdouble": "complex128",
}  # fmt: skip
_REAL = {"complex32": "float16", "complex64": "float32", "complex128": "float64"}
_COMPLEX = {"float16": "complex32", "bfloat16": "complex64", "float32": "complex64", "float64": "complex128"}
_HOST = {float: "float64", int: "int64", bool: "bool", complex: "complex128"}

_objects: dict[str, Instance] = {}


def is_float(dtype: str) -> bool:
    """Whether elements are real floating point numbers."""
    return dtype in FLOATS or dtype in _SMALL_FLOATS


def is_complex(dtype: str) -> bool:
    """Whether elements are complex numbers."""
    return dtype in _REAL


def is_integral(dtype: str) -> bool:
    """Whether elements are integers, bool not counted."""
    return dtype in INTEGERS or dtype in UNSIGNED


def is_signed(dtype: str) -> bool:
    """Whether elements may be negative."""
    return dtype not in ("bool", "uint8", *UNSIGNED, "quint8", "quint4x2", "quint2x4")


def element_size(dtype: str) -> int:
    """Bytes an element takes."""
    return _BYTES.get(dtype, 1)


def real_of(dtype: str) -> str:
    """The dtype of the real part."""
    return _REAL.get(dtype, dtype)


def complex_of(dtype: str) -> str:
    """The complex dtype whose real part has the dtype (bfloat16 has none of its own: complex64)."""
    return _COMPLEX.get(dtype, dtype)


def dtype_object(name: str) -> Instance:
    """The `torch.dtype` object of a bare name."""
    return _objects[name]


def dtype_named(caller: Caller, value: Value) -> str | None:
    """The bare name a program's value stands for: a dtype object or a Python type; None where it is not
    known.

    Raises the program's TypeError for anything else.
    """
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Instance) and value.cls is DTYPE:
        return str(value.attrs["name"])
    if isinstance(value, Class) and value.host in _HOST:
        return _HOST[value.host]
    raise caller.error("TypeError", f"argument 'dtype' must be torch.dtype, not {_shown(value)}")


def _shown(value: Value) -> str:
    return value.cls.name if isinstance(value, Instance) else type(value).__name__


def asked_dtype(op: Op, otherwise: str | None, name: str = "dtype") -> str | None:
    """The dtype that an argument asks for; `otherwise` where it is None."""
    value = op[name]
    return otherwise if value is None else dtype_named(op.caller, value)


DEFAULT = "torch.default_dtype"


def default_dtype(caller: Caller) -> str | None:
    """What a new float tensor gets: float32 unless the program changed it."""
    found = caller.state.get(DEFAULT, "float32")
    return found if isinstance(found, str) else None


@function("torch.set_default_dtype", signature="d")
def set_default_dtype(op: Op) -> Value:
    """Change the dtype of new float tensors."""
    op.caller.state[DEFAULT] = dtype_named(op.caller, op["d"])
    return None


@function("torch.get_default_dtype", signature="")
def get_default_dtype(op: Op) -> Value:
    """The dtype of new float tensors."""
    name = default_dtype(op.caller)
    return op.unknown("the default dtype is not known") if name is None else dtype_object(name)


# -- classes and constants -----------------------------------------------------------------------------------


def _words(text: str) -> Native:
    return Native("__repr__", lambda caller, args, kwargs: text)


def _itself(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    return args[0]


def _singletons(cls: str, names: tuple[str, ...]) -> Class:
    """A class with named, unique objects: `torch.strided`; copying one gives the same."""
    made = klass(cls, __deepcopy__=Native("__deepcopy__", _itself), __copy__=Native("__copy__", _itself))
    made.namespace["__repr__"] = made.namespace["__str__"] = Native(
        "__repr__", lambda caller, args, kwargs: f"torch.{_attribute(args[0], 'name')}"
    )
    for name in names:
        instance = Instance(made)
        instance.attrs["name"] = name
        constant(f"torch.{name}", instance)
        _objects[name] = instance
    return made


def _attribute(value: Value, name: str) -> Value:
    return value.attrs[name] if isinstance(value, Instance) else None


DTYPE = _singletons(
    "torch.dtype", (*FLOATS, *COMPLEX, *INTEGERS, *UNSIGNED, *_SMALL_FLOATS, *_QUANTIZED, "bool")
)
for _name, _object in list(_objects.items()):
    _object.attrs |= {
        "is_floating_point": is_float(_name),
        "is_complex": is_complex(_name),
        "is_signed": is_signed(_name),
        "itemsize": element_size(_name),
    }
for _name, _target in _SYNONYMS.items():
    constant(f"torch.{_name}", _objects[_target])
LAYOUT = _singletons(
    "torch.layout", ("strided", "sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc")
)
MEMORY_FORMAT = _singletons(
    "torch.memory_format", ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
)


@method("torch.dtype", "to_real", "self")
def to_real(op: Op) -> Value:
    """The dtype of the real part."""
    return dtype_object(real_of(_own_name(op)))


@method("torch.dtype", "to_complex", "self")
def to_complex(op: Op) -> Value:
    """The complex dtype of the same precision."""
    return dtype_object(complex_of(_own_name(op)))


def _own_name(op: Op) -> str:
    return str(_attribute(op["self"], "name"))


def memory_format(op: Op, name: str = "memory_format") -> str | None:
    """The name of the memory format an argument asks for, None where it asks for none.

    Unknown: `NotModelled`.
    """
    value = op.known(name)
    return str(value.attrs["name"]) if isinstance(value, Instance) and value.cls is MEMORY_FORMAT else None


for _name, _value in {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}.items():
    constant(f"torch.{_name}", _value)

# -- shapes --------------------------------------------------------------------------------------------------

klass("torch.Size")
# A Size is held as a plain tuple, so that `x.shape == (1, 3)` and slices need nothing more.


@method("torch.Size", "__new__", "cls, sizes=()")
def size(op: Op) -> Value:
    """`torch.Size([2, 3])`."""
    return tuple(op.caller.iterate(op.known("sizes")))


@method("torch.Size", "__instancecheck__", "cls, obj")
def is_size(op: Op) -> Value:
    """Whether the value is a tuple: shapes are held as such."""
    return isinstance(op["obj"], tuple)


@method("torch.Size", "numel", "self")
def size_numel(op: Op) -> Value:
    """The product of the extents."""
    return math.prod(op.dims("self"))


# -- limits of number formats --------------------------------------------------------------------------------

_LIMITS = {
    # bits, eps, max, smallest normal, decimal resolution
    "float16": (16, 2.0**-10, 65504.0, 2.0**-14, 1e-3),
    "bfloat16": (16, 2.0**-7, (2 - 2.0**-7) * 2.0**127, 2.0**-126, 1e-2),
    "float32": (32, 2.0**-23, (2 - 2.0**-23) * 2.0**127, 2.0**-126, 1e-6),
    "float64": (64, 2.0**-52, struct.unpack("<d", b"\xff" * 6 + b"\xef\x7f")[0], 2.0**-1022, 1e-15),
}
klass("torch.finfo")
klass("torch.iinfo")


@method("torch.finfo", "__init__", "self, type=None")
def finfo(op: Op) -> Value:
    """Limits of a floating point dtype."""
    name = real_of(asked_dtype(op, default_dtype(op.caller), "type") or "")
    if name not in _LIMITS:
        if is_integral(name) or name == "bool":
            raise op.caller.error(
                "TypeError",
                "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'",
            )
        raise NotModelled(f"torch.finfo({name}) is not modelled")
    bits, eps, largest, tiny, resolution = _LIMITS[name]
    _fill(op, bits=bits, eps=eps, max=largest, min=-largest, tiny=tiny, smallest_normal=tiny,
                 resolution=resolution, dtype=name)  # fmt: skip
    return None


@method("torch.iinfo", "__init__", "self, type")
def iinfo(op: Op) -> Value:
    """Limits of an integer dtype."""
    name = asked_dtype(op, None, "type") or ""
    if not is_integral(name):
        if name:
            raise op.caller.error(
                "TypeError",
                "torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'",
            )
        raise NotModelled("the dtype is not known")
    bits = 8 * element_size(name)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if is_signed(name) else (0, (1 << bits) - 1)
    _fill(op, bits=bits, max=high, min=low, dtype=name)
    return None


def _fill(op: Op, **attrs: Value) -> None:
    assert op.self is not None
    op.self.attrs |= attrs


# -- questions about dtypes ----------------------------------------------------------------------------------


def _dtype_question(op: Op, test: str) -> Value:
    value = op["input"]
    name = value.dtype if isinstance(value, Tensor) else None
    if name is None:
        return op.unknown("the dtype is not known")
    return {"float": is_float, "complex": is_complex, "signed": is_signed}[test](name)


@function("torch.is_floating_point", signature="input", method=True)
def is_floating_point(op: Op) -> Value:
    """Whether a tensor's elements are real floats."""
    return _dtype_question(op, "float")


@function("torch.is_complex", signature="input", method=True)
def is_complex_(op: Op) -> Value:
    """Whether a tensor's elements are complex."""
    return _dtype_question(op, "complex")


@function("torch.Tensor.is_signed", "torch.is_signed", signature="input")
def is_signed_(op: Op) -> Value:
    """Whether a tensor's elements may be negative."""
    return _dtype_question(op, "signed")
