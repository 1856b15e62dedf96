"""What a run leaves behind: layers built, calls, shapes, faults, requirements."""

from convlint.trace.events import Built, Called, Choice, Failure, Operation, Required, Trace

__all__ = ["Built", "Called", "Choice", "Failure", "Operation", "Required", "Trace"]
