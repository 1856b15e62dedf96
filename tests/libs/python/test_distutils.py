"""Old versions compare as `distutils.version` compares them: the runs of digits as numbers."""

from __future__ import annotations

import pytest

from convlint.libs.python.modules.distutils import loose_parts, strict_parts
from tests.libs.python.running import run

IMPORTS = "from distutils.version import LooseVersion, StrictVersion\n"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("LooseVersion('1.10.0') > LooseVersion('1.9')", True),
        ("LooseVersion('1.8.0+cpu') >= '1.8.0'", True),
        ("'1.8' == LooseVersion('1.8')", True),
        ("LooseVersion('1.0a') < LooseVersion('1.0')", False),
        ("LooseVersion('2.1').version", [2, 1]),
        ("str(LooseVersion('1.2.3'))", "1.2.3"),
        ("StrictVersion('1.0') == StrictVersion('1.0.0')", True),
        ("StrictVersion('1.0a1') < '1.0'", True),
        ("StrictVersion('1.0b1') > StrictVersion('1.0a2')", True),
        ("LooseVersion('1.0') == 3", False),
    ],
)
def test_versions_compare(expression: str, expected: object) -> None:
    assert run(f"{IMPORTS}r = {expression}")["r"] == expected


def test_a_version_is_split_where_distutils_splits_it() -> None:
    assert loose_parts("1.8.0+cpu") == [1, 8, 0, "+", "cpu"]
    assert loose_parts("2.0.0rc1") == [2, 0, 0, "rc", 1]
    assert strict_parts("1.2") == [(1, 2, 0), ("c", 0)]
    assert strict_parts("1.2.3.4") is None
