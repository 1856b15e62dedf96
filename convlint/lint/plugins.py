"""Finding rules: built-in and third-party ones come the same way, through the entry point group
`convlint.rules`.

An entry point names a package (every module in it is imported), a module or a single rule. The built-in
package is always loaded; others only where the configuration names them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from convlint.lint.catalogue import PluginError
from convlint.lint.rule import Rule

GROUP = "convlint.rules"
BUILT_IN = "convlint"
_OWN_PACKAGE = "convlint_rules"


def load(plugins: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The built-in rules and those of the named plugins, ordered by code. Raises PluginError."""
    return _load(tuple(plugins))


@cache
def _load(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    known = {point.name: point for point in entry_points(group=GROUP)}
    found: dict[str, Rule] = {}
    for name in dict.fromkeys((BUILT_IN, *plugins)):
        for rule in _of_point(name, known.get(name)):
            other = found.setdefault(rule.code, rule)
            if other is not rule:
                raise PluginError(f"the plugin {name} has another rule {rule.code}, which is taken")
    return tuple(sorted(found.values(), key=lambda rule: rule.code))


def _of_point(name: str, point: EntryPoint | None) -> Iterator[Rule]:
    if point is None and name != BUILT_IN:
        raise PluginError(f"no plugin called {name} is installed (entry point group {GROUP})")
    try:
        yield from rules_in(_built_in() if name == BUILT_IN else point.load() if point else None)
    except PluginError:
        raise
    except Exception as error:
        raise PluginError(f"the plugin {name} cannot be loaded: {type(error).__name__}: {error}") from error


def _built_in() -> ModuleType:
    """The built-in rules: installed as a package of their own, in a checkout the folder beside this
    package.
    """
    if find_spec(_OWN_PACKAGE) is not None:
        return import_module(_OWN_PACKAGE)
    folder = Path(__file__).parents[2] / "rules"
    spec = spec_from_file_location(
        _OWN_PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise PluginError("the built-in rules are not installed")
    module = module_from_spec(spec)
    sys.modules[_OWN_PACKAGE] = module
    spec.loader.exec_module(module)
    return module


def rules_in(target: object) -> Iterator[Rule]:
    """The rules that a rule, a module or a package of modules holds."""
    match target:
        case Rule():
            yield target
        case ModuleType():
            modules = [target]
            if hasattr(target, "__path__"):
                names = sorted(info.name for info in iter_modules(target.__path__))
                modules += [import_module(f"{target.__name__}.{name}") for name in names]
            for module in modules:
                yield from (value for value in vars(module).values() if _is_own(value, module))
        case _:
            raise PluginError(f"{target!r} is neither a rule nor a module of rules")


def _is_own(value: object, module: ModuleType) -> bool:
    """Whether the module defines the rule itself, rather than importing it."""
    return isinstance(value, Rule) and value.body.__module__ == module.__name__
