"""What an editor is shown, from sheets that are written here."""

from __future__ import annotations

from convlint.lint.editor import hints, hover, lenses
from convlint.lint.finding import Location
from convlint.lint.sheet.data import Facts, LayerSeen, ModelSeen, Place, ShapeSeen, Sheet

HERE = Place(Location(2, 5), Location(2, 20))


def lens(**changes: object) -> str:
    given: dict[str, object] = {"params": 25_557_032, "macs": 4_089_184_256, "output": "(N, 1000)"}
    given |= {"accepts": ("H must be a multiple of 32", "W must be a multiple of 32"), **changes}
    [found] = lenses(Sheet(models=(ModelSeen(HERE, "Net", **given),)))  # type: ignore[arg-type]
    return found.title


def test_a_lens_in_one_line() -> None:
    assert lens() == "25.6 M parameters · 4.09 GMACs · out (N, 1000) · H, W multiples of 32"


def test_a_lens_leaves_out_what_is_not_known() -> None:
    assert lens(params=1, macs=None, accepts=()) == "1 parameter · out (N, 1000)"
    assert lens(macs="9*H*W", output=None, accepts=("H must be at least 4",)).endswith(
        " · 9·H·W MACs · H ≥ 4"
    )
    assert "MACs" not in lens(macs="+".join(["H*W"] * 20))


def test_a_model_of_which_nothing_is_known_has_no_lens() -> None:
    model = ModelSeen(HERE, "Net", None, None, None, ())
    assert not list(lenses(Sheet(models=(model,))))


def labels(*facts: Facts, more: int = 0) -> list[str]:
    return [hint.label for hint in hints(Sheet(layers=(LayerSeen(HERE, "Conv2d", facts, more),)))]


def test_parameters_of_one_layer_and_of_several() -> None:
    assert labels(Facts("f()", params=1)) == ["1 parameter"]
    assert labels(Facts("f()", params=9408), Facts("g()", params=9408)) == ["9,408 parameters"]
    assert labels(Facts("f()", params=640), Facts("g()", params=9408)) == ["640 … 9,408 parameters"]


def test_no_number_where_one_is_not_known() -> None:
    assert labels(Facts("f()", params=640), Facts("g()", params=None)) == []
    assert labels(Facts("f()", params=640), more=1) == []
    assert labels(Facts("f()", params=0)) == []


def test_a_layer_in_a_container_shows_its_output() -> None:
    assert labels(Facts("f()", output="(N, 8)", params=0, alone=True)) == ["→ (N, 8)"]
    assert labels(Facts("f()", output="(N, 8)", params=0, alone=False)) == []


def test_shapes_of_many_calls_are_cut_and_whole_in_the_tooltip() -> None:
    shapes = ("(N, 1)", "(N, 2)", "(N, 3)")
    [hint] = hints(Sheet(shapes=(ShapeSeen(HERE, shapes, HERE.end),)))
    assert (hint.label, hint.tooltip) == ("(N, 1) | …", "(N, 1)\n(N, 2)\n(N, 3)")


def test_hints_of_some_rows_only() -> None:
    sheet = Sheet(shapes=(ShapeSeen(HERE, ("(N,)",), HERE.end),))
    assert len(list(hints(sheet, 2, 2))) == 1
    assert not list(hints(sheet, 3, 9)) and not list(hints(sheet, 1, 1))


def test_the_smallest_thing_is_told() -> None:
    inner = Place(Location(2, 8), Location(2, 9))
    sheet = Sheet(shapes=(ShapeSeen(HERE, ("(outer)",)), ShapeSeen(inner, ("(inner)",))))
    found = hover(sheet, Location(2, 8))
    assert found is not None and "(inner)" in found.text and found.place == inner
    found = hover(sheet, Location(2, 6))
    assert found is not None and "(outer)" in found.text
    assert hover(sheet, Location(3, 1)) is None
