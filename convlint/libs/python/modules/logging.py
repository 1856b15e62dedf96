"""The module `logging`: loggers that say nothing."""

from __future__ import annotations

import logging

from convlint.libs import registry
from convlint.libs.python.declare import constants, function, method, no_operations
from convlint.values import Caller, Instance, Value

LEVELS = ("NOTSET", "DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL")
constants("logging", {name: getattr(logging, name) for name in LEVELS})
SPEAKING = "debug info warning warn error exception critical fatal log"
no_operations(
    "logging", f"{SPEAKING} basicConfig disable captureWarnings addLevelName setLoggerClass shutdown"
)

HANDLER = registry.klass("logging.Handler", "builtins.object")
LOGGER = registry.klass("logging.Logger", "builtins.object")
for _name in ("StreamHandler", "FileHandler", "NullHandler"):
    registry.klass(f"logging.{_name}", "logging.Handler")
for _name in ("Formatter", "Filter"):
    registry.klass(f"logging.{_name}", "builtins.object")


def _nothing(caller: Caller, receiver: Value, /, *args: Value, **kwargs: Value) -> Value:
    return None


for _name in f"{SPEAKING} setLevel addHandler removeHandler addFilter removeFilter".split():
    method(LOGGER, _name)(_nothing)
for _name in ("setLevel", "setFormatter", "addFilter", "flush", "close", "__init__"):
    method(HANDLER, _name)(_nothing)


@method(LOGGER, "isEnabledFor", "getEffectiveLevel", "hasHandlers")
def _level(caller: Caller, receiver: Value, /, *args: Value) -> Value:
    return caller.unknown("the level of a logger is set outside")


@function("logging.getLogger", absorbs=False)
def get_logger(caller: Caller, name: Value = None) -> Value:
    loggers = caller.state.setdefault("logging", {})
    assert isinstance(loggers, dict)
    key = name if isinstance(name, str) else ""
    if key not in loggers:
        made = loggers[key] = Instance(LOGGER, caller.site)
        made.attrs.update(name=name, handlers=[], level=0, propagate=True, disabled=False, parent=None)
    found: Value = loggers[key]
    return found


@method(LOGGER, "getChild")
def _child(caller: Caller, receiver: Value, suffix: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return get_logger(caller, f"{receiver.attrs.get('name')}.{suffix}")


@function("logging.getLevelName")
def get_level_name(caller: Caller, level: Value, /) -> Value:
    return (
        logging.getLevelName(level) if isinstance(level, int | str) else caller.unknown("a level not known")
    )
