"""Rules, findings and the engine that runs rules over traces.

What a rule needs is found here, next to `convlint.lint.rule.rule`: `Severity`, `Finding`, `Note` and the
subjects. They are loaded when they are first asked for, so that whoever needs findings only pays for no
more.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Note, NoteKind, Severity
    from convlint.lint.gathering.windows import Axis
    from convlint.lint.options import Options
    from convlint.lint.rule import Rule
    from convlint.lint.subjects import (
        BatchSize,
        Budgeted,
        BuiltInCall,
        Comparison,
        Doubled,
        DroppedResult,
        IdleComment,
        Idleness,
        JoinNeeds,
        Layer,
        Loss,
        MissingModel,
        Model,
        ModelLayer,
        Place,
        Repeated,
        Reshaped,
        Shadowed,
        ShapeFault,
        Softmax,
        Subject,
        Trouble,
        TroubleKind,
        Uninitialized,
        Unregistered,
        Unused,
        WindowLayer,
    )

_HOMES = {
    "convlint.lint.finding": (
        "Applicability",
        "Edit",
        "Finding",
        "Fix",
        "Location",
        "Note",
        "NoteKind",
        "Severity",
    ),
    "convlint.lint.options": ("Options",),
    "convlint.lint.rule": ("Rule",),
    "convlint.lint.subjects": (
        *(
            "BatchSize",
            "Budgeted",
            "IdleComment",
            "Idleness",
            "JoinNeeds",
            "Layer",
            "Loss",
            "MissingModel",
            "Model",
            "ModelLayer",
            "Place",
            "Reshaped",
            "ShapeFault",
            "Subject",
        ),
        *("BuiltInCall", "Comparison", "Doubled", "DroppedResult", "Repeated", "Shadowed", "Softmax"),
        *("Trouble", "TroubleKind", "Uninitialized", "Unregistered", "Unused", "WindowLayer"),
    ),
    "convlint.lint.gathering.windows": ("Axis",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Applicability",
    "Axis",
    "BatchSize",
    "Budgeted",
    "BuiltInCall",
    "Comparison",
    "Doubled",
    "DroppedResult",
    "Edit",
    "Finding",
    "Fix",
    "IdleComment",
    "Idleness",
    "JoinNeeds",
    "Layer",
    "Location",
    "Loss",
    "MissingModel",
    "Model",
    "ModelLayer",
    "Note",
    "NoteKind",
    "Options",
    "Place",
    "Repeated",
    "Reshaped",
    "Rule",
    "Severity",
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


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
