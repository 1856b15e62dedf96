"""`convlint check` over torchvision's model code, which works: no error, no crash, and few warnings.

The files are checked in shards, so that test processes share them.
"""

from __future__ import annotations

import pytest

from convlint.config import Settings
from convlint.lint import Severity
from convlint.lint.engine import check_paths
from convlint.lint.finding import Finding
from tests.library_source import require

SHARDS = 8
WARNED = {"CL201", "CL301", "CL302", "CL401", "CL402"}
"""What a practitioner would want to know of: shrinking stems, even and large kernels, heavy layers."""


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_error(shard: int) -> None:
    folder = require("torchvision==0.29.1") / "torchvision" / "models"
    files = sorted(folder.rglob("*.py"))
    assert len(files) > 50
    found = check_paths(files[shard::SHARDS], Settings()).findings
    assert [f"{f.filename}:{f.location.row}: {f.code} {f.message}" for f in found if not _expected(f)] == []


def _expected(finding: Finding) -> bool:
    if finding.code == "CL002":  # a budget may be spent, convlint may not fail
        return finding.severity is Severity.ADVICE
    return finding.code in WARNED and finding.severity is not Severity.ERROR
