"""The summary of a model: exact totals or None, one row a layer, and what could not be followed."""

from __future__ import annotations

from typing import cast

from msgspec import Struct, field
from msgspec.structs import asdict

from convlint.model.anatomy import Anatomy
from convlint.model.shapes import Shown
from convlint.values import Site, Unknown

_BESIDES = ("anatomy", "connected_to")
"""Fields of a row that are no part of its JSON, or not of every row's."""


class Row(Struct, frozen=True):
    """One call of one layer. `params` are the layer's own; `path`, `line`, `column` of its constructor
    call.
    """

    name: str
    type: str
    input_shape: Shown
    output_shape: Shown
    params: int | None
    macs: int | str | None
    call: int
    path: str | None
    line: int | None
    column: int | None
    anatomy: Anatomy = field(default_factory=Anatomy)
    """What `--columns` shows besides; no part of the JSON."""
    connected_to: tuple[str, ...] = ()
    """Where its inputs come from, in the framework's words, where it says so: Keras."""

    @property
    def neurons(self) -> int | None:
        """Output elements of a convolution, pooling or dense layer, of one sample."""
        return self.anatomy.neurons

    @property
    def connections(self) -> int | None:
        """(fan-in + bias) · neurons."""
        return self.anatomy.connections

    @property
    def receptive_field(self) -> int | None:
        """The extent of the input that one output element sees."""
        return self.anatomy.receptive_field

    def to_dict(self) -> dict[str, object]:
        """The row as JSON shows it."""
        shown = {name: value for name, value in asdict(self).items() if name not in _BESIDES}
        return shown | {"connected_to": list(self.connected_to)} if self.connected_to else shown


class Gap(Struct, frozen=True):
    """Something that could not be followed: what depends on it, why, and where."""

    what: str
    reason: str
    path: str | None = None
    line: int | None = None


class Summary(Struct, frozen=True):
    """A model from its source: numbers are exact or None, and `unknown` says why.

    Where the framework shows a free batch as None (Keras), `macs`, those of rows too, count one sample; and
    an output that is a list of one tensor shows as that tensor's shape, as `model.output_shape` does.
    """

    name: str
    params: int | None
    trainable_params: int | None
    macs: int | str | None
    input_shapes: list[Shown]
    output_shape: Shown
    layers: tuple[Row, ...]
    contract: str | None
    unknown: tuple[Gap, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain data, as the JSON output shows it."""
        result: dict[str, object] = asdict(self)
        result["layers"] = [row.to_dict() for row in self.layers]
        result["unknown"] = [asdict(gap) for gap in self.unknown]
        return cast(dict[str, object], _plain(result))


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def gap(what: str, unknown: Unknown) -> Gap:
    """A gap from the unknown value that made it."""
    return placed(what, unknown.reason, unknown.site)


def placed(what: str, reason: str, site: Site | None) -> Gap:
    """A gap at a place."""
    if site is None:
        return Gap(what, reason)
    return Gap(what, reason, site.span.filename, site.span.row)


def merged(summaries: list[Summary], conditions: list[str]) -> Summary:
    """One summary of several paths: what they do not agree on is None, and the conditions say why."""
    first = summaries[0]
    if len(summaries) == 1:
        return first
    gaps = list(first.unknown)

    def agreed(name: str) -> object:
        values = [getattr(s, name) for s in summaries]
        if all(v == values[0] for v in values):
            return values[0]
        gaps.append(Gap(name, "it depends on " + "; ".join(dict.fromkeys(conditions))))
        return None

    return Summary(
        name=first.name,
        params=cast("int | None", agreed("params")),
        trainable_params=cast("int | None", agreed("trainable_params")),
        macs=cast("int | str | None", agreed("macs")),
        input_shapes=first.input_shapes,
        output_shape=agreed("output_shape"),
        layers=first.layers if all(s.layers == first.layers for s in summaries) else (),
        contract=first.contract if all(s.contract == first.contract for s in summaries) else None,
        unknown=tuple(dict.fromkeys(gaps)),
    )
