"""What a run leaves behind: layers built, calls, shapes, faults, requirements, and the values these are
made of.
"""

from convlint.trace.events import (
    Batch,
    Built,
    Called,
    Choice,
    Compared,
    Compiled,
    Discarded,
    Failure,
    Operation,
    Required,
    Trace,
)
from convlint.trace.provenance import argument_node, call_in, written_at
from convlint.values import (
    Class,
    Instance,
    Pooling,
    Site,
    Span,
    Tensor,
    Unknown,
    Value,
    is_opaque,
    span_of,
    tensors_in,
)

__all__ = [
    "Batch",
    "Built",
    "Called",
    "Choice",
    "Class",
    "Compared",
    "Compiled",
    "Discarded",
    "Failure",
    "Instance",
    "Operation",
    "Pooling",
    "Required",
    "Site",
    "Span",
    "Tensor",
    "Trace",
    "Unknown",
    "Value",
    "argument_node",
    "call_in",
    "is_opaque",
    "span_of",
    "tensors_in",
    "written_at",
]
