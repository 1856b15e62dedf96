"""Answers of a framework that take long, kept outside the repository from one run to the next.

Law: an answer is found again only for the same text, the same framework and the same code that asks.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.truth.mutants import Answer

_ASKING = [Path(__file__).with_name(f"{name}.py") for name in ("mutants", "keras_mutants")]


def remembered(framework: str, text: str, ask: Callable[[], Answer]) -> Answer:
    """The kept answer to a text, or what `ask` gives, which is kept."""
    file = _folder() / f"{_key(framework, text)}.json"
    if file.is_file():
        return Answer.read(json.loads(file.read_text()))
    answer = ask()
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(answer.plain()))
    unfinished.replace(file)
    return answer


def _key(framework: str, text: str) -> str:
    asking = (path.read_text() for path in _ASKING)
    return sha256("\0".join([framework, text, *asking]).encode()).hexdigest()


def _folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "convlint-truth"
