"""What rules look at: the parameter's type of a rule is one of these, or a union of them."""

from convlint.lint.subjects.base import Place, Subject
from convlint.lint.subjects.batch import BatchSize
from convlint.lint.subjects.budgeted import Budgeted, MissingModel
from convlint.lint.subjects.comment import IdleComment, Idleness
from convlint.lint.subjects.fault import ShapeFault
from convlint.lint.subjects.layer import Layer
from convlint.lint.subjects.loss import Loss
from convlint.lint.subjects.member import BuiltInCall, Shadowed, Uninitialized, Unregistered, Unused
from convlint.lint.subjects.model import Model, ModelLayer
from convlint.lint.subjects.need import JoinNeeds
from convlint.lint.subjects.output import Comparison, Softmax
from convlint.lint.subjects.reshaped import Reshaped
from convlint.lint.subjects.statement import Doubled, DroppedResult, Repeated
from convlint.lint.subjects.trouble import Trouble, TroubleKind
from convlint.lint.subjects.window import WindowLayer

__all__ = [
    "BatchSize",
    "Budgeted",
    "BuiltInCall",
    "Comparison",
    "Doubled",
    "DroppedResult",
    "IdleComment",
    "Idleness",
    "JoinNeeds",
    "Layer",
    "Loss",
    "MissingModel",
    "Model",
    "ModelLayer",
    "Place",
    "Repeated",
    "Reshaped",
    "Shadowed",
    "ShapeFault",
    "Softmax",
    "Subject",
    "Trouble",
    "TroubleKind",
    "Uninitialized",
    "Unregistered",
    "Unused",
    "WindowLayer",
]
