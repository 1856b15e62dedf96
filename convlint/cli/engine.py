"""What the commands need of the engine, which is loaded only when a command asks for it."""

import gc
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from convlint.cli.error import UsageError
from convlint.config import ConfigError, KnownRule, Settings
from convlint.lint.catalogue import Entry
from convlint.lint.error import PluginError
from convlint.lint.finding import Finding
from convlint.report import RuleCard

FOLDER = ".convlint_cache"
"""Where reports are kept, beside the configuration."""


def processors() -> int:
    """How many processes can run at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every platform
        return os.cpu_count() or 1


class CheckResult(Protocol):
    """What a check found."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The findings, in reading order."""
        ...

    @property
    def files(self) -> Sequence[str]:
        """The files looked at, by the names that findings give them."""
        ...

    @property
    def texts(self) -> Mapping[str, str]:
        """The text of every file that could be read."""
        ...

    def lines(self, filename: str, cell: int | None) -> Sequence[str] | None:
        """The lines of a file, or of a notebook's cell, as they were read; None if it was not read."""
        ...


class FixResult(Protocol):
    """What fixes did."""

    @property
    def result(self) -> CheckResult:
        """What is found after them."""
        ...

    @property
    def texts(self) -> Mapping[str, str]:
        """The texts that they changed."""
        ...

    @property
    def applied(self) -> Sequence[Finding]:
        """The findings whose fixes stay."""
        ...

    @property
    def dropped(self) -> Sequence[Finding]:
        """Those whose fixes would have left more to find."""
        ...


class RuleInfo(RuleCard, Protocol):
    """What a user may know of a rule."""

    @property
    def options(self) -> Sequence[str]:
        """The keys of its table in the configuration."""
        ...


class Engine(Protocol):
    """The part of `convlint.lint.engine` that the commands use."""

    def check_paths(
        self,
        paths: Sequence[Path],
        settings: Settings,
        progress: Callable[[int, int], None] | None = None,
        *,
        jobs: int = 1,
        cache: Path | None = None,
        force_exclude: bool = False,
    ) -> CheckResult: ...

    def check_source(self, text: str, filename: str, settings: Settings) -> CheckResult: ...

    def fixed(self, before: CheckResult, settings: Settings, unsafe: bool) -> FixResult:
        """What is left after the fixes of a check's findings; nothing is written."""
        ...

    def with_ignores(self, checked: CheckResult) -> tuple[Mapping[str, str], Sequence[Finding]]:
        """Texts with suppressing comments, and the findings that have no place for one."""
        ...

    def files_of(
        self, paths: Sequence[Path], settings: Settings, force_exclude: bool = False
    ) -> Sequence[str]:
        """The files that `check_paths` would look at."""
        ...

    def known_rules(self, settings: Settings, cache: Path | None) -> Sequence[Entry]:
        """Every rule by what a user may say of it; `cache` is the folder where reports are kept."""
        ...

    def all_rules(self, named: Sequence[str] = ()) -> Sequence[RuleInfo]:
        """Every rule, and those of the named plugins, ordered by code."""
        ...


def engine() -> Engine:
    """The engine."""
    from convlint.lint import engine as module

    gc.freeze()  # what is loaded stays: the collector of cycles need not look at it
    return cast("Engine", module)  # its functions take their own results only


def rules(settings: Settings) -> Sequence[RuleInfo]:
    """Every rule, those of the configuration's plugins included. Raises UsageError."""
    try:
        return engine().all_rules(settings.plugins)
    except PluginError as error:
        raise _unusable(error, settings) from error


def known_rules(settings: Settings, cache: Path | None) -> list[KnownRule]:
    """The rules as the configuration is checked against them. Raises UsageError."""
    try:
        known = engine().known_rules(settings, cache)
    except PluginError as error:
        raise _unusable(error, settings) from error
    return [KnownRule(rule.code, rule.name, rule.options) for rule in known]


def _unusable(error: PluginError, settings: Settings) -> UsageError:
    """The line of the configuration that names a plugin which cannot be used, and why."""
    file = settings.source
    if file is None:
        return UsageError(str(error))
    return UsageError(str(ConfigError(str(error), file.path, file.line_of(("plugins",), error.plugin))))
