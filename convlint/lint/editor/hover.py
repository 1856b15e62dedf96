"""What is known of the thing under the cursor, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from convlint.lint.editor.lenses import lens_of
from convlint.lint.finding import Location
from convlint.lint.sheet.data import Facts, LayerSeen, Place, ShapeSeen, Sheet
from convlint.lint.wording import grouped


class Hover(Struct, frozen=True):
    """Markdown, and the place that it speaks of."""

    place: Place
    text: str


def hover(sheet: Sheet, where: Location) -> Hover | None:
    """What the smallest known thing at a place is; None where nothing is known."""
    found: list[tuple[tuple[int, int], Place, str]] = []
    for layer in sheet.layers:
        if layer.place.holds(where):
            found.append((_size(layer.place), layer.place, "\n\n---\n\n".join(_layer(layer))))
    for seen in sheet.shapes:
        if seen.place.holds(where):
            found.append((_size(seen.place), seen.place, _shape(seen)))
    for model in sheet.models:
        lens = lens_of(model)
        if model.place.holds(where) and lens is not None:
            found.append((_size(model.place), model.place, f"**{model.name}**\n\n{lens.title}"))
    if not found:
        return None
    _, place, text = min(found, key=lambda each: each[0])
    return Hover(place, text)


def _size(place: Place) -> tuple[int, int]:
    rows = place.end.row - place.start.row
    return rows, place.end.column - (0 if rows else place.start.column)


def _shape(seen: ShapeSeen) -> str:
    return "\n".join(("```text", *seen.shapes, "```"))


def _layer(layer: LayerSeen) -> Iterator[str]:
    for facts in layer.facts:
        yield "\n\n".join(_facts(facts))
    if layer.more:
        yield f"and {layer.more} more"


def _facts(facts: Facts) -> Iterator[str]:
    yield f"```python\n{facts.signature}\n```"
    if facts.output:
        yield f"`{facts.input or '?'}` → `{facts.output}`"
    if facts.formula:
        yield "\n".join(("```text", *facts.formula, "```"))
    rows = list(_numbers(facts))
    if rows:
        yield "\n".join(f"- {row}" for row in rows)


def _numbers(facts: Facts) -> Iterator[str]:
    if facts.params is not None:
        own = f" ({facts.weights})" if facts.weights else ""
        yield f"{grouped(facts.params)} parameter{'s' * (facts.params != 1)}{own}"
    if facts.macs:
        yield f"{facts.macs} MACs"
    if facts.field is not None:
        yield f"receptive field {facts.field}"
