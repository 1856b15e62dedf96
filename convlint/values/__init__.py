"""The abstract domain: what a value of the analysed program is to convlint.

Known data is Python's own; extents that depend on the input are `convlint.dims` expressions; the rest is
here.
"""

from convlint.values.caller import Caller
from convlint.values.objects import (
    BoundMethod,
    Class,
    ClassMethod,
    Condition,
    Function,
    Instance,
    Namespace,
    Native,
    Property,
    StaticMethod,
    Stream,
    Super,
    Value,
)
from convlint.values.raised import Raised
from convlint.values.site import Site, Span, span_of
from convlint.values.tensor import CONTIGUOUS, MAX_DATA, Origin, Pooling, Strides, Tensor, tensors_in
from convlint.values.unknown import NotModelled, Unknown, forget_opaque, is_opaque, unknown_in

__all__ = [
    "CONTIGUOUS",
    "MAX_DATA",
    "BoundMethod",
    "Caller",
    "Class",
    "ClassMethod",
    "Condition",
    "Function",
    "Instance",
    "Namespace",
    "Native",
    "NotModelled",
    "Origin",
    "Pooling",
    "Property",
    "Raised",
    "Site",
    "Span",
    "StaticMethod",
    "Stream",
    "Strides",
    "Super",
    "Tensor",
    "Unknown",
    "Value",
    "forget_opaque",
    "is_opaque",
    "span_of",
    "tensors_in",
    "unknown_in",
]
