"""Which rules a selector means, and whether everything that the configuration says of rules exists."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from convlint.config.amount import amount
from convlint.config.error import ConfigError, Refused, did_you_mean, dotted
from convlint.config.readers import SELECTORS, RuleOption
from convlint.config.settings import Settings, options


class KnownRule(Struct, frozen=True):
    """What the configuration may say of a rule: its code, its name, the keys of its options."""

    code: str
    name: str
    options: Mapping[str, RuleOption] = field(default_factory=dict)
    """The keys of its options, with their defaults."""


def matches(selector: str, code: str, name: str) -> bool:
    """Whether the selector (a code, a prefix of codes, a name, or `ALL`) means the rule `code`, `name`."""
    return selector in ("ALL", name) or (selector != "" and code.startswith(selector))


def unknown_selector(selector: str, known: Iterable[KnownRule]) -> str | None:
    """What to tell the user of a selector that means no known rule; None for one that does."""
    rules = tuple(known)
    if any(matches(selector, rule.code, rule.name) for rule in rules):
        return None
    names = [word for rule in rules for word in (rule.code, rule.name)]
    return f"no rule is called `{selector}`{did_you_mean(selector, names)}"


def verify_flags(flags: Mapping[str, Sequence[str]], known: Collection[KnownRule]) -> None:
    """Raises Refused for a flag (as `with_flags` takes them) that selects a rule which does not exist."""
    for option in options():
        if option.flag is None or option.reader is not SELECTORS or option.field not in flags:
            continue
        for selector in SELECTORS.read(option.flag.value(flags[option.field]), Path()):
            message = unknown_selector(selector, known)
            if message:
                raise Refused(f"{option.flag.name}: {message}")


def verify_models(settings: Settings) -> None:
    """Raises ConfigError, with the TOML line, for a model in a file that does not exist."""
    base = Path.cwd() if settings.source is None else settings.source.path.parent
    for target in settings.models:
        file = target.rpartition(":")[0]
        if file.endswith((".py", ".ipynb")) and not (base / file).exists():
            keys = ("models", target)
            raise _error(settings, f"`{dotted(keys)}`: there is no file {file}", keys)


def verify_rules(settings: Settings, known: Collection[KnownRule]) -> None:
    """Raises ConfigError, with the TOML line, for a rule or an option of a rule that does not exist."""
    selected: tuple[tuple[str, Sequence[str]], ...] = (
        ("select", settings.select or ()),
        ("ignore", settings.ignore),
        ("extend-select", settings.extend_select),
        ("extend-ignore", settings.extend_ignore),
        *((f"per-file-ignores.{pattern}", codes) for pattern, codes in settings.per_file_ignores.items()),
        ("severity", tuple(settings.severity)),
    )
    for key, selectors in selected:
        for selector in selectors:
            message = unknown_selector(selector, known)
            if message:
                head, _, below = key.partition(".")
                keys = (head, below) if below else (head,)
                raise _error(settings, f"`{dotted(keys)}`: {message}", keys, selector)
    by_name = {rule.name: rule for rule in known} | {rule.code: rule for rule in known}
    for name, table in settings.rules.items():
        if name not in by_name:
            raise _error(
                settings, f"no rule is called `{name}`{did_you_mean(name, by_name)}", ("rules", name)
            )
        for option, value in table.items():
            allowed = by_name[name].options
            if option not in allowed:
                message = f"the rule {name} has no option `{option}`{did_you_mean(option, allowed)}"
                raise _error(settings, message, ("rules", name, option))
            if (expected := misfit(value, allowed[option])) is not None:
                message = f"`{dotted(('rules', name, option))}`: expects {expected}"
                raise _error(settings, message, ("rules", name, option))


def misfit(value: RuleOption, default: RuleOption) -> str | None:
    """What a rule's option expects, by its default, where the value is none such; None where it is."""
    match default:
        case bool():
            return None if isinstance(value, bool) else "true or false"
        case tuple():
            return None if isinstance(value, tuple) else "a list"
        case str() if not _is_amount(default):
            return None if isinstance(value, str) else "a string"
        case _:
            right = not isinstance(value, (bool, tuple)) and _is_amount(str(value))
            return None if right else 'a number, or a text such as "10M"'


def _is_amount(text: str) -> bool:
    try:
        amount(text)
    except ValueError:
        return False
    return True


def _error(settings: Settings, message: str, keys: tuple[str, ...], word: str | None = None) -> ConfigError:
    if settings.source is None:
        return ConfigError(message)
    return ConfigError(message, settings.source.path, settings.source.line_of(keys, word))
