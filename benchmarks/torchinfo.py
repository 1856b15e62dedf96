"""`convlint summary` of a model against torchinfo, which builds and runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Taken, best

_THEIRS = """
import torch, torchinfo, torchvision
torch.set_num_threads(1)
print(torchinfo.summary(torchvision.models.resnet50(), (1, 3, 224, 224), verbose=0).total_params)
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """The same table by both."""

    ours: Taken
    theirs: Taken


def compared(library: Path, python: Path, repeats: int) -> Compared:
    """Summarize ResNet-50 in fresh processes; raises RuntimeError where the other Python cannot."""
    words = ["-m", "convlint", "summary", "torchvision.models:resnet50()", "--input", "1,3,224,224"]
    ours = best([*words, "--isolated", "--search-path", str(library)], repeats)
    theirs = best(["-c", _THEIRS], repeats, str(python))
    if theirs.code:
        raise RuntimeError(f"{python} could not run torchinfo")
    return Compared(ours, theirs)
