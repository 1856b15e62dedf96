"""The module `string`: its constants, and capwords."""

from __future__ import annotations

import string

from convlint.libs.python.declare import constants, function
from convlint.values import Caller, NotModelled, Value

NAMES = (
    "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation printable "
    "whitespace"
)
constants("string", {name: getattr(string, name) for name in NAMES.split()})


@function("string.capwords")
def capwords(caller: Caller, s: Value, sep: Value = None) -> Value:
    if isinstance(s, str) and (sep is None or isinstance(sep, str)):
        return string.capwords(s, sep)
    raise NotModelled("a text that is not known")
