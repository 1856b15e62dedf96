"""The module `fnmatch`: known names against known patterns."""

from __future__ import annotations

import fnmatch

from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import function
from convlint.values import Caller, NotModelled, Value

MAX_STARS = 4
MAX_TEXT = 1_000


def _texts(*values: Value) -> list[str]:
    """The texts, the pattern last. Raises NotModelled for unknown ones, and for long searches."""
    texts = [text for value in values if isinstance(text := content(value), str)]
    if len(texts) < len(values) or texts[-1].count("*") > MAX_STARS or any(len(t) > MAX_TEXT for t in texts):
        raise NotModelled("names or patterns that are not known")
    return texts


@function("fnmatch.fnmatch", "fnmatch.fnmatchcase")
def matches(caller: Caller, name: Value, pat: Value, /) -> Value:
    text, pattern = _texts(name, pat)
    return fnmatch.fnmatchcase(text, pattern)


@function("fnmatch.filter")
def matching(caller: Caller, names: Value, pat: Value, /) -> Value:
    *texts, pattern = _texts(*collect(caller, names), pat)
    return [text for text in texts if fnmatch.fnmatchcase(text, pattern)]
