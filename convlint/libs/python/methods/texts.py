"""Methods of str and bytes, their results kept within size."""

from __future__ import annotations

from convlint.libs.python.containers import collect
from convlint.libs.python.content import Defaulting, class_name, content, is_plain, unknown_among
from convlint.libs.python.limits import check_items
from convlint.libs.python.methods.table import of, plain_methods, plain_statics, special, static
from convlint.libs.python.text import format_fields
from convlint.values import Caller, NotModelled, Value

_SEARCHING = (
    "capitalize count endswith find index isalnum isalpha isascii isdigit islower isspace istitle isupper "
    "lower lstrip partition removeprefix removesuffix rfind rindex rpartition rsplit rstrip split splitlines "
    "startswith strip swapcase title upper"
)


def _within_width(receiver: str | bytes, width: int, *fill: object) -> None:
    check_items(width if isinstance(width, int) else 0, "a text")


def _tabs(receiver: str | bytes, tabsize: int = 8) -> None:
    tabs = receiver.count("\t" if isinstance(receiver, str) else b"\t")  # type: ignore[arg-type]
    check_items(len(receiver) + tabs * max(tabsize, 0) if isinstance(tabsize, int) else 0, "a text")


def _replaced(receiver: str | bytes, old: str | bytes, new: str | bytes, *count: object) -> None:
    if isinstance(new, str | bytes):
        check_items((len(receiver) + 1) * (len(new) + 1), "a text")


def _translated(receiver: str | bytes, table: object, *delete: object) -> None:
    texts = [len(each) for each in table.values() if isinstance(each, str)] if isinstance(table, dict) else []
    check_items(len(receiver) * max(texts, default=1), "a text")


for _host in (str, bytes, bytearray):
    plain_methods(_host, _SEARCHING)
    plain_methods(_host, "center ljust rjust zfill", _within_width)
    plain_methods(_host, "expandtabs", _tabs)
    plain_methods(_host, "replace", _replaced)
    plain_methods(_host, "translate", _translated)
    plain_statics(_host, "maketrans")
plain_methods(str, "casefold encode isdecimal isidentifier isnumeric isprintable")
plain_methods(bytes, "decode hex")
plain_methods(bytearray, "decode hex")
plain_statics(bytes, "fromhex")
plain_statics(bytearray, "fromhex")


@special(str, absorbs=True)
def join(caller: Caller, receiver: Value, iterable: Value, /) -> Value:
    """The items must all be texts."""
    separator = of(caller, receiver, str, "join")
    items = [content(item) for item in collect(caller, iterable)]
    unknown = unknown_among(items)
    if unknown is not None:
        return unknown.derive(("join", separator))
    texts = [item for item in items if isinstance(item, str)]
    if len(texts) < len(items):
        index = next(i for i, item in enumerate(items) if not isinstance(item, str))
        kind = class_name(caller, items[index])
        raise caller.error("TypeError", f"sequence item {index}: expected str instance, {kind} found")
    check_items(sum(map(len, texts)) + len(separator) * len(texts), "a text")
    return separator.join(texts)


@special(bytes, bytearray, names="join", absorbs=True)
def join_bytes(caller: Caller, receiver: Value, iterable: Value, /) -> Value:
    separator = content(receiver)
    items = collect(caller, iterable)
    texts = [item for item in items if isinstance(item, bytes | bytearray)]
    if not isinstance(separator, bytes | bytearray) or len(texts) < len(items):
        raise NotModelled("bytes that are not known are joined")
    check_items(sum(map(len, texts)) + len(separator) * len(texts), "bytes")
    return separator.join(texts)


@special(str)
def format_(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return format_fields(caller, of(caller, receiver, str, "format"), args, kwargs)


@special(str)
def format_map(caller: Caller, receiver: Value, mapping: Value, /) -> Value:
    fields = content(mapping)
    if not isinstance(fields, dict) or isinstance(fields, Defaulting) or fields is not mapping:
        raise NotModelled("format_map() of a mapping of its own kind is not modelled")
    named = {key: value for key, value in fields.items() if isinstance(key, str)}
    return format_fields(caller, of(caller, receiver, str, "format_map"), (), named)


__all__ = ["is_plain", "static"]
