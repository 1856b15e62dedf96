"""One settings dataclass, from which keys, flags, documentation and schema derive.

`load` reads the nearest configuration; `with_flags` puts the command line on top; `verify_rules` checks what
they say against the rules that exist.
"""

from convlint.config.error import ConfigError, Refused
from convlint.config.load import load, settings_of
from convlint.config.readers import Level, ModelSettings, RuleOption
from convlint.config.rule_names import (
    KnownRule,
    matches,
    unknown_selector,
    verify_flags,
    verify_models,
    verify_rules,
)
from convlint.config.settings import Flag, Option, Settings, options, with_flags
from convlint.config.shape import InputShape, shape_from_text, shapes_from_value

__all__ = [
    "ConfigError",
    "Flag",
    "InputShape",
    "KnownRule",
    "Level",
    "ModelSettings",
    "Option",
    "Refused",
    "RuleOption",
    "Settings",
    "load",
    "matches",
    "options",
    "settings_of",
    "shape_from_text",
    "shapes_from_value",
    "unknown_selector",
    "verify_flags",
    "verify_models",
    "verify_rules",
    "with_flags",
]
