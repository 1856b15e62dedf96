"""Texts of values: str, repr, format specifications, `%`, and the fields of str.format.

Law: a text is given in full or not at all; whatever holds an address or a symbol has no known text.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from string import Formatter
from typing import Any

from convlint.dims import Expr
from convlint.libs.python.content import Defaulting, content, is_plain, unknown_inside
from convlint.libs.python.host import attempt
from convlint.libs.python.keys import key_error
from convlint.libs.python.limits import MAX_DEPTH, check_items
from convlint.libs.python.quotient import Quotient
from convlint.values import Caller, Class, Condition, Instance, Namespace, NotModelled, Unknown, Value

_NUMBER = re.compile(r"\d+")
MAX_WIDTH = 10_000


class Shown:
    """A value of known text inside the host's formatting: it shows the text and nothing else."""

    __slots__ = ("represented", "shown")

    def __init__(self, shown: str, represented: str | None = None) -> None:
        self.shown = shown
        self.represented = represented

    def __str__(self) -> str:
        return self.shown

    def __repr__(self) -> str:
        if self.represented is None:
            raise NotModelled("a text is not known")
        return self.represented

    def __format__(self, spec: str) -> str:
        return format(self.shown, spec)


def text(caller: Caller, value: Value) -> str | Unknown:
    """`str(value)` of anything that has no `__str__` of the program's own."""
    data = content(value)
    if isinstance(data, str):
        return data
    return representation(caller, value)


def representation(caller: Caller, value: Value) -> str | Unknown:
    """`repr(value)` of anything that has no `__repr__` of the program's own."""
    try:
        return _shown(caller, value, MAX_DEPTH)
    except NotModelled as why:
        return unknown_inside(value) or caller.unknown(why.reason)


def _shown(caller: Caller, value: Value, depth: int) -> str:
    data = content(value)
    if isinstance(value, Instance) and (method := value.cls.find("__repr__")) and not _of_host(method):
        shown = caller.call(method, (value,))
        if isinstance(shown, str):
            return shown
        raise NotModelled(shown.reason if isinstance(shown, Unknown) else "a text is not known")
    if is_plain(data) and not isinstance(data, Defaulting):
        return attempt(caller, repr, data)
    if depth <= 0:
        raise NotModelled("a text nests too deep")
    match data:
        case Unknown():
            raise NotModelled(data.reason)
        case Condition():
            return str(caller.truth(data))
        case Class():
            return f"<class '{data.qualname.removeprefix('builtins.')}'>"
        case Namespace():
            return f"<module '{data.name}'>"
        case Expr() | Quotient():
            raise NotModelled(f"the text of a number that depends on the input ({data}) is not known")
        case list() | tuple() | set() | frozenset() | deque() | dict():
            return _container(caller, data, depth)
    raise NotModelled("the text of an object holds its address")


def _of_host(method: Value) -> bool:
    """Whether a special method is the one of `object` or of a host type, which the host's own text serves."""
    owner = getattr(method, "owner", None)
    return isinstance(owner, Class) and owner.host is not None


def _container(caller: Caller, data: Any, depth: int) -> str:
    if isinstance(data, dict):
        pairs = [(_shown(caller, k, depth - 1), _shown(caller, v, depth - 1)) for k, v in data.items()]
        inner = "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}"
        check_items(len(inner), "a text")
        match data:
            case OrderedDict():
                return (
                    f"OrderedDict([{', '.join(f'({k}, {v})' for k, v in pairs)}])"
                    if pairs
                    else "OrderedDict()"
                )
            case Counter():
                return f"Counter({inner})" if pairs else "Counter()"
            case Defaulting():
                return f"defaultdict({_shown(caller, data.default_factory, depth - 1)}, {inner})"
        return inner
    inner = ", ".join(_shown(caller, v, depth - 1) for v in data)
    check_items(len(inner), "a text")
    match data:
        case list():
            return f"[{inner}]"
        case tuple():
            return f"({inner},)" if len(data) == 1 else f"({inner})"
        case set():
            return f"{{{inner}}}"
        case frozenset():
            return f"frozenset({{{inner}}})"
    return f"deque([{inner}])" if data.maxlen is None else f"deque([{inner}], maxlen={data.maxlen})"


def formatted(caller: Caller, value: Value, conversion: str = "", spec: Value = "") -> str | Unknown:
    """`format(value, spec)` after `!s`, `!r` or `!a`, as f-strings do it."""
    if isinstance(spec, Unknown):
        return spec
    if not isinstance(spec, str):
        return caller.unknown("a format specification is not known")
    try:
        check_widths(spec)
    except NotModelled as why:
        return caller.unknown(why.reason)
    if conversion == "s":
        value = caller.text(value)
    elif conversion in ("r", "a"):
        shown = representation(caller, value)
        value = ascii_of(shown) if conversion == "a" and isinstance(shown, str) else shown
    if isinstance(value, Condition):
        value = caller.truth(value)
    data = content(value)
    if isinstance(value, Instance) and (method := value.cls.find("__format__")) and not _of_host(method):
        result = caller.call(method, (value, spec))
        return (
            result if isinstance(result, str | Unknown) else caller.unknown("a formatted text is not known")
        )
    if (
        data is value
        and is_plain(value)
        and not (spec == "" or isinstance(value, str | int | float | complex))
    ):
        raise caller.error(
            "TypeError", f"unsupported format string passed to {type(value).__name__}.__format__"
        )
    if data is value and is_plain(value):
        return attempt(caller, format, value, spec)
    shown = caller.text(value)
    return attempt(caller, format, shown, spec) if isinstance(shown, str) else shown


def ascii_of(shown: str) -> str:
    """`repr` with everything outside ASCII escaped, as `ascii()` has it."""
    return shown.encode("ascii", "backslashreplace").decode("ascii")


def check_widths(spec: str) -> None:
    """Raises NotModelled where a specification asks for a huge width or precision."""
    if any(len(digits) > 6 or int(digits) > MAX_WIDTH for digits in _NUMBER.findall(spec)):
        raise NotModelled("a format's width is too large to follow")


def percent(caller: Caller, template: Any, values: Value) -> Value:
    """`template % values`."""
    check_widths(template if isinstance(template, str) else template.decode("latin-1"))
    values = content(values) if isinstance(content(values), tuple) else values
    if "*" in str(template):
        raise NotModelled("a width taken from the arguments of % is not modelled")
    if is_plain(values):
        return attempt(caller, lambda: template % values)
    proxied: Any
    if isinstance(values, tuple):
        proxied = tuple(shown(caller, v) for v in values)
    elif type(values) is dict:
        proxied = {k: shown(caller, v) for k, v in values.items()}
    else:
        proxied = shown(caller, values)
    return attempt(caller, lambda: template % proxied)


def shown(caller: Caller, value: Value) -> Any:
    """The value as host formatting may take it: plain data itself, else its text; NotModelled without one."""
    if isinstance(value, Condition):
        return caller.truth(value)
    if is_plain(value):
        return value
    known = caller.text(value)
    if isinstance(known, Unknown):
        raise NotModelled(known.reason)
    represented = representation(caller, value)
    return Shown(known, represented if isinstance(represented, str) else None)


def format_fields(
    caller: Caller, template: str, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> str | Unknown:
    """`template.format(*args, **kwargs)`; a field may read attributes and items, through the interpreter."""
    numbered = iter(range(len(args) + 1))
    parts = attempt(caller, lambda: list(Formatter().parse(template)))
    pieces: list[str] = []
    for literal, field, spec, conversion in parts:
        pieces.append(literal)
        if field is None:
            continue
        nested = "{" in (spec or "")
        spec_text = format_fields(caller, spec or "", args, kwargs) if nested else spec or ""
        if isinstance(spec_text, Unknown):
            return spec_text
        value = _field(caller, field, args, kwargs, lambda: next(numbered))
        piece = formatted(caller, value, conversion or "", spec_text)
        if isinstance(piece, Unknown):
            return piece
        pieces.append(piece)
    check_items(sum(map(len, pieces)), "a text")
    return "".join(pieces)


def _field(
    caller: Caller, field: str, args: tuple[Value, ...], kwargs: dict[str, Value], count: Callable[[], int]
) -> Value:
    found = re.match(r"[^.\[]*", field)
    head = found.group() if found else ""
    rest = field[len(head) :]
    index = count() if head == "" else int(head) if head.isdigit() else None
    if index is not None:
        if index >= len(args):
            raise caller.error(
                "IndexError", f"Replacement index {index} out of range for positional args tuple"
            )
        value = args[index]
    elif head in kwargs:
        value = kwargs[head]
    else:
        raise key_error(caller, head)
    for name, key in re.findall(r"\.([^.\[]+)|\[([^\]]*)\]", rest):
        value = (
            caller.getattr(value, name) if name else caller.item(value, int(key) if key.isdigit() else key)
        )
    return value
