"""The rule finds what its fixture expects: `python test_example.py`, with the plugin installed."""

from pathlib import Path

import convlint

FIXTURE = Path(__file__).parent / "fixtures" / "uneven_channels.py"


def test_fixture() -> None:
    lines = FIXTURE.read_text().splitlines()
    expected = [(row, "EX101") for row, line in enumerate(lines, 1) if "# expect: EX101" in line]
    assert [(f.location.row, f.code) for f in convlint.check([FIXTURE])] == expected


if __name__ == "__main__":
    test_fixture()
    print("the rule finds what its fixture expects")
