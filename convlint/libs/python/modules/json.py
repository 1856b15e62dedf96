"""The module `json`: texts that stand in the source are read and written, files are not."""

from __future__ import annotations

import json

from convlint.libs import registry
from convlint.libs.python.content import all_plain, content, is_plain
from convlint.libs.python.declare import function, no_operations, outside
from convlint.libs.python.host import attempt
from convlint.libs.python.limits import check_items
from convlint.values import Caller, NotModelled, Value

DECODE_ERROR = registry.klass("json.JSONDecodeError", "builtins.ValueError")
registry.klass("json.JSONEncoder", "builtins.object")
no_operations("json", "dump")
outside("json", "load", "the content of a file is not known")


@function("json.loads")
def loads(caller: Caller, s: Value, /, **options: Value) -> Value:
    text = content(s)
    if not isinstance(text, str | bytes | bytearray) or options:
        raise NotModelled("JSON that is not known")
    check_items(len(text), "a text")
    try:
        found: Value = json.loads(text)
    except json.JSONDecodeError as error:
        raised = caller.error("ValueError", str(error))
        raised.value.cls = DECODE_ERROR
        raise raised from None
    except RecursionError:
        raise NotModelled("JSON nests too deep") from None
    return found


@function("json.dumps")
def dumps(caller: Caller, obj: Value, /, **options: Value) -> Value:
    data = content(obj)
    if not is_plain(data) or not all_plain(options.values()):
        raise NotModelled("JSON of values that are not known")
    return attempt(caller, lambda: json.dumps(data, **options))  # type: ignore[arg-type]
