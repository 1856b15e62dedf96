"""What the formats may draw with in this run: the sources, the rules, and where the project's top is."""

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from convlint.cli.engine import CheckResult, Engine
from convlint.config import Settings
from convlint.lint.finding import Severity
from convlint.report import Canvas

_TOPS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""The variables in which GitHub Actions and GitLab CI tell the top of the project."""


def canvas_of(result: CheckResult, lint: Engine, settings: Settings, environ: Mapping[str, str]) -> Canvas:
    """The canvas of a run, without colour."""
    folder = str(Path.cwd())
    canvas = Canvas(result.lines, rules=lint.all_rules, fail_on=Severity(settings.fail_on))
    return replace(canvas, folder=folder, root=project_top(folder, environ))


def project_top(folder: str, environ: Mapping[str, str]) -> str:
    """The top of the project as a CI service tells it, if the folder lies in it; else the folder."""
    for name in _TOPS:
        top = environ.get(name, "")
        if os.path.isabs(top) and Path(folder).is_relative_to(Path(top).resolve()):
            return str(Path(top).resolve())
    return folder
