"""What a run leaves behind: layers built, calls, shapes, faults, requirements."""

from convlint.trace.events import Built, Called, Choice, Failure, Operation, Required, Trace
from convlint.trace.provenance import argument_node, call_in, written_at

__all__ = ["Built", "Called", "Choice", "Failure", "Operation", "Required", "Trace", "argument_node", "call_in", "written_at"]
