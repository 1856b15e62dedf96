"""Runs texts in place of one module of torchvision, each in turn; started as a process of its own.

Reads from standard input, as JSON, the module's name and the texts; writes for each text what was raised,
whether the text raised it by itself, the rows to blame, and the functions that ran, as the rows where they
begin.
"""

from __future__ import annotations

import json
import sys
from types import FrameType, ModuleType
from typing import Any

from tests.truth.mutants import FILE, run

_INITIALISERS = (
    "kaiming_normal_",
    "kaiming_uniform_",
    "normal_",
    "trunc_normal_",
    "uniform_",
    "xavier_uniform_",
)


def answers(module: str, texts: list[str]) -> list[dict[str, object]]:
    """What torch does with each text."""
    import torch
    from torchvision.models import _api

    for name in _INITIALISERS:  # what the weights are makes no difference to a shape
        setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)
    found = []
    for text in texts:
        _api.BUILTIN_MODELS.clear()
        place = ModuleType(module)
        place.__package__ = module.rpartition(".")[0]
        sys.modules[module] = place
        called: set[int] = set()
        sys.setprofile(_calls(called))
        try:
            done = run(text, vars(place))
        finally:
            sys.setprofile(None)
        found.append(done.answer(called).plain())
    return found


def _calls(called: set[int]) -> Any:
    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename == FILE:
            called.add(frame.f_code.co_firstlineno)

    return note


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(answers(asked["module"], asked["texts"]), sys.stdout)
