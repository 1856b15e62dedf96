"""What a key's value may be: a reader checks a TOML value, or a flag's text, and makes the setting of it."""

import contextlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Generic, Literal, TypeVar

from msgspec import Struct, field

from convlint.config.amount import amount, bytes_of
from convlint.config.error import Refused, did_you_mean
from convlint.config.shape import InputShape, shapes_from_value

T = TypeVar("T")
Scalar = str | int | float | bool
RuleOption = Scalar | tuple[Scalar, ...]
Level = Literal["advice", "warning", "error"]
_REQUIREMENT = re.compile(r"\s*(?:(?:==|>=|<=|!=|~=|<|>)?\s*\d[\w.]*\s*(?:,\s*(?=[<>=!~\d])|$))+")


class Reader(Struct, Generic[T], frozen=True):
    """`read(value, base)` returns the setting or raises Refused; relative paths count from `base`."""

    expected: str
    read: Callable[[object, Path], T]
    schema: Mapping[str, object] = field(default_factory=dict)
    """What JSON schema can say of it."""


class ModelSettings(Struct, frozen=True):
    """What the configuration says of one model: the inputs to analyse it with, none where it does not say.

    Its limits are parameters, multiply-accumulates of one sample, and bytes of parameters.
    """

    input: tuple[InputShape, ...] = ()
    max_params: float | None = None
    max_macs: float | None = None
    max_memory: float | None = None

    @property
    def limited(self) -> bool:
        """Whether there is a limit."""
        return (self.max_params, self.max_macs, self.max_memory) != (None, None, None)


def _texts(value: object, expected: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Refused(f"expects {expected}")
    for item in value:
        if not isinstance(item, str) or not item.strip():
            raise Refused(f"expects {expected}", word=str(item))
    return tuple(item.strip() for item in value)


def _names(value: object, base: Path) -> tuple[str, ...]:
    return _texts(value, NAMES.expected)


def _selectors(value: object, base: Path) -> tuple[str, ...]:
    return _texts(value, SELECTORS.expected)


def _path(value: object, base: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise Refused(f"expects {PATH.expected}")
    return base / Path(value).expanduser()


def _paths(value: object, base: Path) -> tuple[Path, ...]:
    return tuple(_path(item, base) for item in _texts(value, PATHS.expected))


def _level(value: object, base: Path) -> Level:
    match value:
        case "advice" | "warning" | "error":
            return value
        case _:
            near = did_you_mean(value, ("advice", "warning", "error")) if isinstance(value, str) else ""
            raise Refused(f"expects {LEVEL.expected}{near}")


def _patterns(value: object, base: Path) -> tuple[str, ...]:
    return _texts(value, PATTERNS.expected)


def _by_pattern(value: object, base: Path) -> Mapping[str, tuple[str, ...]]:
    return {
        pattern: _at(pattern, lambda given: _texts(given, SELECTORS.expected), codes)
        for pattern, codes in _table(value, PER_FILE.expected).items()
    }


def _severities(value: object, base: Path) -> Mapping[str, Level]:
    table = _table(value, SEVERITIES.expected)
    return {
        selector: _at(selector, lambda given: _level(given, base), level) for selector, level in table.items()
    }


def _version(value: object, base: Path) -> str:
    if not isinstance(value, str) or not _REQUIREMENT.fullmatch(value):
        raise Refused(f"expects {VERSION.expected}")
    return value


def _rule_option(value: object) -> RuleOption:
    match value:
        case str() | int() | float():
            return value
        case list() if all(isinstance(item, Scalar) for item in value):
            return tuple(value)
        case _:
            raise Refused("expects a string, a number, true or false, or a list of these")


def _table(value: object, expected: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Refused(f"expects {expected}")
    return value


def _rules(value: object, base: Path) -> Mapping[str, Mapping[str, RuleOption]]:
    read: dict[str, dict[str, RuleOption]] = {}
    for name, table in _table(value, RULES.expected).items():
        try:
            options = _table(table, "a table of the rule's options")
            read[name] = {key: _at(key, _rule_option, option) for key, option in options.items()}
        except Refused as refused:
            raise refused.below(name) from refused
    return read


def _limit(value: object, read: Callable[[str], float], example: str) -> float:
    limit = -1.0
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        limit = float(value)
    elif isinstance(value, str):
        with contextlib.suppress(ValueError):
            limit = read(value)
    if not 0 <= limit < float("inf"):
        raise Refused(f'expects a number, or a text such as "{example}"', word=str(value))
    return limit


def _count(value: object) -> float:
    return _limit(value, amount, "8M")


def _size(value: object) -> float:
    return _limit(value, bytes_of, "30MB")


_LIMITS: Mapping[str, Callable[[object], float]] = {
    "max-params": _count,
    "max-macs": _count,
    "max-memory": _size,
}


def _model(value: object) -> ModelSettings:
    table = _table(value, "a table")
    known = ["input", *_LIMITS]
    for key in table:
        if key not in known:
            raise Refused(f"unknown key `{key}`{did_you_mean(key, known)}", (key,))
    limits = {key.replace("-", "_"): _at(key, _LIMITS[key], table[key]) for key in table if key in _LIMITS}
    shapes = _at("input", shapes_from_value, table["input"]) if "input" in table else ()
    return ModelSettings(shapes, **limits)


def _models(value: object, base: Path) -> Mapping[str, ModelSettings]:
    read: dict[str, ModelSettings] = {}
    for target, table in _table(value, MODELS.expected).items():
        file, colon, name = target.rpartition(":")
        if not (file and colon and name):
            raise Refused(f'a model is named "path/to/file.py:Name", not "{target}"', (target,))
        read[target] = _at(target, _model, table)
    return read


def _at(key: str, read: Callable[[object], T], value: object) -> T:
    try:
        return read(value)
    except Refused as refused:
        raise refused.below(key) from refused


_TEXT: Mapping[str, object] = {"type": "string", "minLength": 1}
_TEXTS: Mapping[str, object] = {"type": "array", "items": _TEXT}
_LEVELS: Mapping[str, object] = {"enum": ["advice", "warning", "error"]}
_AMOUNT: Mapping[str, object] = {"anyOf": [{"type": "number", "minimum": 0}, _TEXT]}
_SHAPE: Mapping[str, object] = {
    "type": "array",
    "items": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[A-Za-z_]"}]},
}


def _table_of(values: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "object", "additionalProperties": values}


_MODEL: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "input": {"anyOf": [_SHAPE, {"type": "array", "items": _SHAPE}, _table_of(_SHAPE)]},
        **dict.fromkeys(_LIMITS, _AMOUNT),
    },
}

_TARGETS: Mapping[str, object] = {**_table_of(_MODEL), "propertyNames": {"pattern": ".:."}}
_VERSIONS: Mapping[str, object] = {**_TEXT, "pattern": f"^(?:{_REQUIREMENT.pattern})$"}

SELECTORS = Reader("a list of rule codes, code prefixes or rule names", _selectors, _TEXTS)
NAMES = Reader("a list of names", _names, _TEXTS)
PATH = Reader("a path", _path, _TEXT)
PATHS = Reader("a list of paths", _paths, _TEXTS)
LEVEL = Reader('"advice", "warning" or "error"', _level, _LEVELS)
PATTERNS = Reader("a list of path patterns", _patterns, _TEXTS)
PER_FILE = Reader("a table of rule codes, a list a path pattern", _by_pattern, _table_of(_TEXTS))
SEVERITIES = Reader(
    "a table of severities, one a rule code, code prefix or rule name", _severities, _table_of(_LEVELS)
)
VERSION = Reader(
    'a version, or a comparison: "0.2", ">=0.2,<1"',
    _version,
    _VERSIONS,
)
RULES = Reader("a table of tables, one a rule", _rules, {"type": "object"})
MODELS = Reader(
    'a table of tables, one a model "path/to/file.py:Name"',
    _models,
    _TARGETS,
)
