"""The JSON schema of the configuration, made from the settings' own declarations: editors complete by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from convlint.config.readers import RULES, RuleOption
from convlint.config.rule_names import KnownRule
from convlint.config.settings import options

_DRAFT = "http://json-schema.org/draft-07/schema#"


def schema(known: Iterable[KnownRule]) -> dict[str, object]:
    """What `convlint.toml`, and `[tool.convlint]` of a `pyproject.toml`, may hold."""
    rules = _rules(known)
    properties: dict[str, object] = {
        "extend": {
            "type": "string",
            "minLength": 1,
            "description": "another configuration that this builds on",
        }
    }
    for option in options():
        said = rules if option.reader is RULES else option.reader.schema
        properties[option.key] = {**said, "description": option.doc}
    return {
        "$schema": _DRAFT,
        "title": "convlint",
        "type": "object",
        "additionalProperties": False,
        "properties": dict(sorted(properties.items())),
    }


def _rules(known: Iterable[KnownRule]) -> dict[str, object]:
    """A table a rule, by its code or name, with its options."""
    tables: dict[str, object] = {}
    for rule in known:
        keys = {
            key: {**_option(default), "default": _plain(default)} for key, default in rule.options.items()
        }
        table = {"type": "object", "additionalProperties": False, "properties": keys}
        tables |= {rule.code: table, rule.name: table}
    return {"type": "object", "additionalProperties": False, "properties": dict(sorted(tables.items()))}


def _option(default: RuleOption) -> Mapping[str, object]:
    match default:
        case bool():
            return {"type": "boolean"}
        case tuple():
            return {"type": "array"}
        case str() if not default[:1].isdigit():
            return {"type": "string"}
        case _:
            return {"type": ["number", "string"]}


def _plain(default: RuleOption) -> object:
    return list(default) if isinstance(default, tuple) else default
