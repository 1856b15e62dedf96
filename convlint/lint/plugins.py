"""Finding rules: built-in and third-party ones come the same way, through the entry point group
`convlint.rules`.

An entry point names a package (every module in it is imported), a module or a single rule. The built-in
package is always loaded; others only where the configuration names them. Law: a plugin is what is installed,
never what lies in the working folder; one that cannot be used stops the run with cause and remedy.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from convlint.config.error import did_you_mean
from convlint.lint.error import PluginError
from convlint.lint.rule import Rule

GROUP = "convlint.rules"
BUILT_IN = "convlint"
_OWN_PACKAGE = "convlint_rules"


def load(plugins: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The built-in rules and those of the named plugins, ordered by code. Raises PluginError."""
    return _load(tuple(plugins))


@cache
def _load(plugins: tuple[str, ...]) -> tuple[Rule, ...]:
    taken: dict[str, tuple[str, Rule]] = {}
    with without_working_folder():
        installed = _installed()
        for plugin in dict.fromkeys((BUILT_IN, *plugins)):
            for rule in _of_plugin(plugin, installed):
                for word in (rule.code, rule.name):
                    owner, other = taken.setdefault(word, (plugin, rule))
                    if other is not rule:
                        raise PluginError(plugin, _clash(plugin, rule, owner, other, word))
    return tuple(sorted({rule.code: rule for _, rule in taken.values()}.values(), key=lambda rule: rule.code))


def _clash(plugin: str, rule: Rule, owner: str, other: Rule, word: str) -> str:
    whose = "convlint's own" if owner == BUILT_IN else f"of the plugin {owner}"
    return (
        f"the plugin {plugin} has a rule {rule.code} {rule.name}, but {word} is a rule {whose} "
        f"({other.code} {other.name}): take one of the two out of `plugins`, or give it another code and name"
    )


@contextmanager
def without_working_folder() -> Iterator[None]:
    """Import only from what was put on the path on purpose: not from where a command was started."""
    path = sys.path
    sys.path = [entry for index, entry in enumerate(path) if not _is_working_folder(entry, index)]
    try:
        yield
    finally:
        sys.path = path


def _is_working_folder(entry: str, index: int) -> bool:
    """Whether it stands for the folder a command was started in: `-m` and `-c` put that first."""
    if entry in ("", "."):
        return True
    return index == 0 and not sys.flags.safe_path and os.path.realpath(entry) == os.path.realpath(os.getcwd())


def _installed() -> dict[str, EntryPoint]:
    """The plugins that are installed, by name; of two of a name, the first on the path counts."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, point)
    return found


def _of_plugin(plugin: str, installed: dict[str, EntryPoint]) -> list[Rule]:
    point = installed.get(plugin)
    if plugin == BUILT_IN:
        return list(rules_in(_built_in(point)))
    if point is None:
        others = [name for name in installed if name != BUILT_IN]
        raise PluginError(
            plugin,
            f"no plugin called {plugin} is installed{did_you_mean(plugin, others)}: install the package that "
            f"has it (entry point group {GROUP}) for {sys.executable}, or take it out of `plugins`",
        )
    try:
        rules = list(rules_in(point.load()))
    except (Exception, SystemExit) as error:
        raise PluginError(
            plugin,
            f"the plugin {plugin} ({_origin(point)}) cannot be loaded: {type(error).__name__}: {error}; "
            "reinstall it, or take it out of `plugins`",
        ) from error
    if not rules:
        raise PluginError(
            plugin,
            f"the plugin {plugin} ({_origin(point)}) has no rules: its entry point names a rule, a module of "
            "rules or a package of such modules; take it out of `plugins`",
        )
    return rules


def _origin(point: EntryPoint) -> str:
    """`name 1.0, convlint_name`: the package that has the plugin, and where its rules are."""
    package = "" if point.dist is None else f"{point.dist.name} {point.dist.version}, "
    return package + point.value


def _built_in(point: EntryPoint | None) -> object:
    """The built-in rules: installed as a package of their own, in a checkout the folder beside this
    package.
    """
    if find_spec(_OWN_PACKAGE) is not None:
        return import_module(_OWN_PACKAGE) if point is None else point.load()
    folder = Path(__file__).parents[2] / "rules"
    spec = spec_from_file_location(
        _OWN_PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise PluginError(BUILT_IN, "the built-in rules are not installed: reinstall convlint")
    module = module_from_spec(spec)
    sys.modules[_OWN_PACKAGE] = module
    spec.loader.exec_module(module)
    return module


def rules_in(target: object) -> Iterator[Rule]:
    """The rules that a rule, a module or a package of modules holds. Raises TypeError for anything else."""
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
            raise TypeError(f"{target!r} is neither a rule nor a module of rules")


def _is_own(value: object, module: ModuleType) -> bool:
    """Whether the module defines the rule itself, rather than importing it."""
    return isinstance(value, Rule) and value.body.__module__ == module.__name__
