"""The module `re`: patterns that stand in the source, on texts that do; nothing that could take for ever.

The host's engine runs only where the ways to match that backtracking could try are few.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from convlint.libs import registry
from convlint.libs.python.containers import collect
from convlint.libs.python.content import content, held
from convlint.libs.python.declare import constants, function, method
from convlint.libs.python.limits import check_items
from convlint.values import Caller, Instance, NotModelled, Stream, Value

PATTERN = registry.klass("re.Pattern", "builtins.object")
MATCH = registry.klass("re.Match", "builtins.object")
ERROR = registry.klass("re.error", "builtins.Exception")
registry.alias("re.PatternError", "re.error")
FLAGS = "A ASCII I IGNORECASE L LOCALE M MULTILINE S DOTALL X VERBOSE U UNICODE NOFLAG"
constants("re", {name: int(getattr(re, name)) for name in FLAGS.split()})
MAX_PATTERN = 200
MAX_TEXT = 10_000
MAX_WORK = 50_000_000
"""Ways to match, over all places of a text, beyond which a search is not made."""

Compiled = re.Pattern[str]


def compiled(caller: Caller, pattern: Value, flags: Value = 0) -> Compiled:
    """The host's pattern. Raises the program's re.error, or NotModelled for one that is too long."""
    if isinstance(pattern, Instance) and pattern.cls is PATTERN:
        pattern, flags = held(pattern, "pattern"), held(pattern, "flags")
    source, bits = content(pattern), content(flags)
    if not isinstance(source, str) or not isinstance(bits, int):
        raise NotModelled("a pattern that is not known")
    if len(source) > MAX_PATTERN:
        raise NotModelled("a pattern this long is not followed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(source, bits)
    except (re.error, ValueError, OverflowError, RecursionError) as error:
        raised = caller.error("Exception", str(error))
        raised.value.cls = ERROR
        raise raised from None


def text_for(pattern: Compiled, value: Value) -> str:
    """The text to search. Raises NotModelled where the search could take too long."""
    text = content(value)
    if not isinstance(text, str):
        raise NotModelled("a text that is not known")
    if len(text) > MAX_TEXT:
        raise NotModelled("a text this long is not searched")
    if _ways(_parsed(pattern), len(text)) * (len(text) + 1) >= MAX_WORK:
        raise NotModelled("a search that could take very long is not followed")
    return text


def _parsed(pattern: Compiled) -> Iterable[Any]:
    from re import _parser  # type: ignore[attr-defined]

    tree: Iterable[Any] = _parser.parse(pattern.pattern, pattern.flags)
    return tree


def _ways(tree: Iterable[Any], size: int) -> int:
    """A bound on how many ways there are to try a pattern at one place of a text that long, cut off early."""
    total = 1
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = int(argument[0]), min(int(argument[1]), size), argument[2]
            inner = _ways(body, size)
            total *= max(most - least + 1, 1)
            total *= 1 if inner == 1 else MAX_WORK if most > 64 else inner**most
        elif name == "BRANCH":
            total *= sum(_ways(body, size) for body in _bodies(argument))
        else:
            for body in _bodies(argument):
                total *= _ways(body, size)
        total = min(total, MAX_WORK)
    return total


def _bodies(argument: Any) -> Iterable[Any]:
    """The sub-patterns inside an operation's argument: groups, branches, assertions."""
    if isinstance(argument, tuple | list):
        for part in argument:
            yield from _bodies(part)
    elif hasattr(argument, "getwidth"):
        yield argument


def found(caller: Caller, match: re.Match[str] | None) -> Value:
    """A match as the program sees it; None without one."""
    if match is None:
        return None
    made = Instance(MATCH, caller.site)
    made.attrs.update(
        string=match.string,
        lastindex=match.lastindex,
        lastgroup=match.lastgroup,
        pos=match.pos,
        endpos=match.endpos,
        _groups=(match.group(), *match.groups()),
        _spans=tuple(match.span(i) for i in range(len(match.groups()) + 1)),
        _names=dict(match.re.groupindex),
    )
    return made


@function("re.compile")
def compile_(caller: Caller, pattern: Value, flags: Value = 0) -> Value:
    host = compiled(caller, pattern, flags)
    made = Instance(PATTERN, caller.site)
    made.attrs.update(
        pattern=host.pattern, flags=host.flags, groups=host.groups, groupindex=dict(host.groupindex)
    )
    return made


def _searching(name: str) -> None:
    """Declare `match`, `search` and `fullmatch`, as functions and as methods of patterns."""

    def run(caller: Caller, pattern: Value, string: Value, flags: Value = 0) -> Value:
        host = compiled(caller, pattern, flags)
        return found(caller, getattr(host, name)(text_for(host, string)))

    def bound(
        caller: Caller, receiver: Value, string: Value, pos: Value = 0, endpos: Value = MAX_TEXT
    ) -> Value:
        host = compiled(caller, receiver)
        text = text_for(host, string)
        if not isinstance(pos, int) or not isinstance(endpos, int):
            raise NotModelled("a position that is not known")
        return found(caller, getattr(host, name)(text, pos, endpos))

    function(f"re.{name}")(run)
    method(PATTERN, name, absorbs=True)(bound)


for _name in ("match", "search", "fullmatch"):
    _searching(_name)


def _both(name: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Declare a function of pattern and text that is also a method of patterns."""

    def declare(body: Callable[..., Value]) -> Callable[..., Value]:
        function(f"re.{name}", absorbs=True)(body)
        method(PATTERN, name, absorbs=True)(body)
        return body

    return declare


@_both("findall")
def findall(caller: Caller, pattern: Value, string: Value, flags: Value = 0) -> Value:
    host = compiled(caller, pattern, flags)
    results: list[Value] = list(host.findall(text_for(host, string)))
    return results


@_both("finditer")
def finditer(caller: Caller, pattern: Value, string: Value, flags: Value = 0) -> Value:
    host = compiled(caller, pattern, flags)
    return Stream([found(caller, match) for match in host.finditer(text_for(host, string))])


@_both("split")
def split(caller: Caller, pattern: Value, string: Value, maxsplit: Value = 0, flags: Value = 0) -> Value:
    host = compiled(caller, pattern, flags)
    if not isinstance(maxsplit, int):
        raise NotModelled("how often a text is split is not known")
    parts: list[Value] = list(host.split(text_for(host, string), maxsplit))
    return parts


@_both("sub")
def sub(
    caller: Caller, pattern: Value, repl: Value, string: Value, count: Value = 0, flags: Value = 0
) -> Value:
    return _replaced(caller, compiled(caller, pattern, flags), repl, string, count)[0]


@_both("subn")
def subn(
    caller: Caller, pattern: Value, repl: Value, string: Value, count: Value = 0, flags: Value = 0
) -> Value:
    return _replaced(caller, compiled(caller, pattern, flags), repl, string, count)


def _replaced(caller: Caller, host: Compiled, repl: Value, string: Value, count: Value) -> tuple[str, int]:
    """A replacement that is a function is called by the interpreter, with each match."""
    text = text_for(host, string)
    if not isinstance(count, int):
        raise NotModelled("how often a text is replaced is not known")
    template = content(repl)
    pieces: list[str] = []
    at = made = 0
    for match in host.finditer(text):
        if count and made >= count:
            break
        pieces.append(text[at : match.start()])
        pieces.append(_replacement(caller, match, template))
        at, made = match.end(), made + 1
        check_items(sum(map(len, pieces)) if made % 64 == 0 else 0, "a text")
    return "".join([*pieces, text[at:]]), made


def _replacement(caller: Caller, match: re.Match[str], template: Value) -> str:
    if isinstance(template, str):
        try:
            return match.expand(template)
        except (re.error, IndexError) as error:
            raise caller.error("IndexError", str(error)) from None
    made = content(caller.call(template, (found(caller, match),)))
    if isinstance(made, str):
        return made
    raise NotModelled("a replacement that is not known")


@function("re.escape")
def escape(caller: Caller, pattern: Value, /) -> Value:
    text = content(pattern)
    if isinstance(text, str):
        return re.escape(text)
    raise NotModelled("a text that is not known")


def _place(caller: Caller, receiver: Value, group: Value) -> int:
    assert isinstance(receiver, Instance)
    names, groups = held(receiver, "_names"), held(receiver, "_groups")
    assert isinstance(names, dict) and isinstance(groups, tuple)
    place = names.get(group) if isinstance(group, str) else group
    if isinstance(place, int) and 0 <= place < len(groups):
        return place
    raise caller.error("IndexError", "no such group")


def _part(receiver: Value, name: str, place: int) -> Value:
    assert isinstance(receiver, Instance)
    parts = receiver.attrs[name]
    assert isinstance(parts, tuple)
    return parts[place]


@method(MATCH, "group", absorbs=True)
def group(caller: Caller, receiver: Value, /, *groups: Value) -> Value:
    wanted = [_part(receiver, "_groups", _place(caller, receiver, g)) for g in groups or (0,)]
    return wanted[0] if len(wanted) == 1 else tuple(wanted)


@method(MATCH, "__getitem__", absorbs=True)
def getitem(caller: Caller, receiver: Value, group: Value, /) -> Value:
    return _part(receiver, "_groups", _place(caller, receiver, group))


@method(MATCH, "groups")
def groups(caller: Caller, receiver: Value, default: Value = None, /) -> Value:
    assert isinstance(receiver, Instance)
    return tuple(default if g is None else g for g in collect(caller, held(receiver, "_groups"))[1:])


@method(MATCH, "groupdict")
def groupdict(caller: Caller, receiver: Value, default: Value = None, /) -> Value:
    assert isinstance(receiver, Instance)
    names = held(receiver, "_names")
    assert isinstance(names, dict)
    values = {name: _part(receiver, "_groups", place) for name, place in names.items()}
    return {name: default if value is None else value for name, value in values.items()}


@method(MATCH, "span", absorbs=True)
def span(caller: Caller, receiver: Value, group: Value = 0, /) -> Value:
    return _part(receiver, "_spans", _place(caller, receiver, group))


@method(MATCH, "start", absorbs=True)
def start(caller: Caller, receiver: Value, group: Value = 0, /) -> Value:
    return caller.item(span(caller, receiver, group), 0)


@method(MATCH, "end", absorbs=True)
def end(caller: Caller, receiver: Value, group: Value = 0, /) -> Value:
    return caller.item(span(caller, receiver, group), 1)


@function("re.purge", absorbs=False)
def purge(caller: Caller, /) -> Value:
    return None
