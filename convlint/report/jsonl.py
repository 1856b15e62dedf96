"""Findings as JSON Lines: the objects of the JSON format, one a line, for tools that read streams."""

import json
from collections.abc import Sequence

from convlint.lint.finding import Finding
from convlint.report.json import finding_to_json
from convlint.report.renderer import Canvas


def render_jsonl(findings: Sequence[Finding], canvas: Canvas) -> str:
    """An object a line, in ASCII; nothing if nothing was found."""
    return "".join(json.dumps(finding_to_json(finding)) + "\n" for finding in findings)
