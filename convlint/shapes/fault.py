"""What a shape law answers: a shape with what it requires, or a fault.

Both are data. A law never words a message and never knows a framework: a library quotes the runtime's own
sentence, a rule writes for the person.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from convlint.dims import Dim, Question

Shape = tuple[Dim, ...]


class Kind(StrEnum):
    """The family of a fault: one rule of the CL1xx series words each."""

    FEATURES = "features"  # last axis against a dense layer
    CHANNELS = "channels"  # channel axis against a convolution
    KERNEL = "kernel"  # window larger than the padded map, or an extent of 0
    RANK = "rank"  # number of axes
    NORM = "norm"  # normalised axis against a norm layer
    JOIN = "join"  # broadcast of unequal extents
    CONCAT = "concat"  # concatenation along one axis with unequal others
    RESHAPE = "reshape"  # element counts, or strides a view cannot express
    GROUPS = "groups"  # groups that do not divide channels
    ARGUMENT = "argument"  # an argument the constructor or the call refuses
    PROGRAM = "program"  # the program asks for what is not there: values, an index, an argument, an attribute
    TARGET = "target"  # output against the target of a loss
    RESULT = "result"  # a call that yields nothing usable
    UNINITIALIZED = "uninitialized"  # an object is used before the constructor of its base ran
    SHADOWED = "shadowed"  # a name that the object's class has already
    OTHER = "other"  # refused by the runtime, no rule of its own


class Fault(Struct, frozen=True):
    """Why an operation must fail.

    `expected` and `got` are the two numbers (extents, counts, ranks) that disagree; `shapes` the operands;
    `axis` the index that disagrees, where there is one; `arguments` the constructor's or call's arguments
    that a person would change, most likely first; `detail` a short clause for what numbers cannot say.
    """

    kind: Kind
    expected: Dim | Shape | None = None
    got: Dim | Shape | None = None
    shapes: tuple[Shape, ...] = ()
    axis: int | None = None
    arguments: tuple[str, ...] = ()
    detail: str = ""
    version: str = ""
    """The other major version of the framework that takes it, where there is one: "Keras 1"."""


class Requirement(Struct, frozen=True):
    """A question that must be answered yes for the operation to run; `otherwise` is the fault if not."""

    question: Question
    otherwise: Fault


class Lawful(Struct, frozen=True):
    """The result's shape, and what the law requires of the symbols for it to hold."""

    shape: Shape
    requires: tuple[Requirement, ...] = ()


Outcome = Lawful | Fault
