"""When output is coloured."""

import pytest

from convlint.report.palette import ColourChoice, Role, palette_for


@pytest.mark.parametrize(
    ("choice", "terminal", "environ", "colour"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_choice_then_variables_then_terminal(
    choice: ColourChoice, terminal: bool, environ: dict[str, str], colour: bool
) -> None:
    assert palette_for(choice, terminal, environ).colour is colour


def test_nothing_is_painted_around_nothing() -> None:
    assert palette_for("always", False, {}).paint(Role.ERROR, "") == ""
