"""Which major versions of Keras a project may run with, from what it says of Keras and TensorFlow.

Law (keras.io/getting_started, tensorflow.org): `tf.keras` is Keras 2 up to TensorFlow 2.15, and Keras 3 from
2.16 on, unless `tf-keras` is there, too; beside TensorFlow 1 Keras 1 or 2 was installed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from convlint.source.requirements import Needed, Stated, stated
from convlint.source.specifiers import Version, allows

MAJORS = frozenset({1, 2, 3})
_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tensorflow-intel")
_NAMES = frozenset({"keras", "tf-keras", *_TENSORFLOW})
_MINORS, _PATCHES = range(30), range(10)
_MOST = 8


def keras_majors(folder: Path, top: Path | None) -> frozenset[int]:
    """The major versions that the project of a folder leaves open; all of them where it says nothing."""
    try:
        return _majors(stated(folder.resolve(), None if top is None else top.resolve(), _NAMES))
    except OSError:
        return MAJORS


@lru_cache(maxsize=64)
def _majors(files: Stated) -> frozenset[int]:
    found = frozenset[int]().union(*(_of_file(needs) for needs in files[:_MOST]))
    return found or MAJORS


def _of_file(needs: tuple[Needed, ...]) -> frozenset[int]:
    """What all of a file's statements allow; a lock file may name a package twice, for two platforms."""
    left = MAJORS
    for name in dict.fromkeys(need.name for need in needs):
        own = [need for need in needs if need.name == name]
        exact = len(own) > 1 and all(need.specifier.startswith("==") for need in own)
        each = [_of_need(need, needs) for need in own]
        left &= frozenset[int]().union(*each) if exact else MAJORS.intersection(*each)
    return left or MAJORS


def _of_need(need: Needed, needs: tuple[Needed, ...]) -> frozenset[int]:
    if need.name == "keras":
        return frozenset(major for major in MAJORS if _allowed(need, (major,)))
    if need.name in _TENSORFLOW:
        found = set[int]()
        if _allowed(need, (1,)):
            found |= {1, 2}
        if any(allows(need.specifier, (2, minor, patch)) for minor in range(16) for patch in _PATCHES):
            found.add(2)
        if any(allows(need.specifier, (2, minor, patch)) for minor in range(16, 60) for patch in _PATCHES):
            found |= {2, 3} if any(other.name == "tf-keras" for other in needs) else {3}
        return frozenset(found)
    return MAJORS


def _allowed(need: Needed, start: Version) -> bool:
    return any(allows(need.specifier, (*start, minor, patch)) for minor in _MINORS for patch in _PATCHES)
