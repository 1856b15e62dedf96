"""The module `collections`: named tuples and the abstract classes of `collections.abc`.

The containers themselves are declared with the builtin types, their methods with the methods of host data.
"""

from __future__ import annotations

import keyword
from collections.abc import Sequence

from convlint.libs import registry
from convlint.libs.python import abstract
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content
from convlint.libs.python.declare import function
from convlint.libs.python.named import named_tuple
from convlint.values import Caller, NotModelled, Value

for _name in abstract.FORMERLY_IN_COLLECTIONS:
    registry.alias(
        f"collections.{_name}", f"collections.abc.{_name}"
    )  # gone since Python 3.10, common in old code


@function("collections.namedtuple", absorbs=True)
def namedtuple(
    caller: Caller,
    typename: Value,
    field_names: Value,
    /,
    *,
    rename: Value = False,
    defaults: Value = None,
    module: Value = None,
) -> Value:
    given = content(field_names)
    names = given.replace(",", " ").split() if isinstance(given, str) else collect(caller, field_names)
    fields = [name for name in names if isinstance(name, str)]
    if not isinstance(typename, str) or len(fields) < len(names):
        raise NotModelled("a named tuple whose names are not known")
    if caller.truth(rename):
        fields = [_renamed(i, name, fields[:i]) for i, name in enumerate(fields)]
    _check(caller, typename, fields)
    tail = [] if defaults is None else collect(caller, defaults)
    if len(tail) > len(fields):
        raise caller.error("TypeError", "Got more default values than field names")
    return named_tuple(typename, fields, dict(zip(fields[len(fields) - len(tail) :], tail, strict=True)))


def _renamed(position: int, name: str, before: Sequence[str]) -> str:
    bad = not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or name in before
    return f"_{position}" if bad else name


def _check(caller: Caller, typename: str, fields: Sequence[str]) -> None:
    for name in (typename, *fields):
        if not name.isidentifier():
            raise caller.error(
                "ValueError", f"Type names and field names must be valid identifiers: {name!r}"
            )
        if keyword.iskeyword(name):
            raise caller.error("ValueError", f"Type names and field names cannot be a keyword: {name!r}")
    seen: set[str] = set()
    for name in fields:
        if name.startswith("_") and not name[1:].isdigit():
            raise caller.error("ValueError", f"Field names cannot start with an underscore: {name!r}")
        if name in seen:
            raise caller.error("ValueError", f"Encountered duplicate field name: {name!r}")
        seen.add(name)
