"""A model's summary as its formats see it: rows of layers, totals, and how a column's cells are written."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from convlint.report.escape import visible

UNKNOWN = "?"


class LayerView(Protocol):
    """One call of one layer."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def input_shape(self) -> object: ...
    @property
    def output_shape(self) -> object: ...
    @property
    def params(self) -> int | str | None: ...
    @property
    def macs(self) -> int | str | None: ...
    @property
    def call(self) -> int: ...
    @property
    def path(self) -> str | None: ...
    @property
    def line(self) -> int | None: ...
    @property
    def column(self) -> int | None: ...
    @property
    def connected_to(self) -> Sequence[str]: ...
    @property
    def neurons(self) -> int | None: ...
    @property
    def connections(self) -> int | None: ...
    @property
    def receptive_field(self) -> int | None: ...


class GapView(Protocol):
    """Something that could not be followed: which numbers depend on it, why, and where it stands."""

    @property
    def what(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def path(self) -> str | None: ...
    @property
    def line(self) -> int | None: ...


class SummaryView(Protocol):
    """A model. Totals are exact, symbolic as text, or None where `unknown` says what was not followed."""

    @property
    def name(self) -> str: ...
    @property
    def params(self) -> int | str | None: ...
    @property
    def trainable_params(self) -> int | str | None: ...
    @property
    def macs(self) -> int | str | None: ...
    @property
    def input_shapes(self) -> object: ...
    @property
    def output_shape(self) -> object: ...
    @property
    def layers(self) -> Sequence[LayerView]: ...
    @property
    def contract(self) -> str | None: ...
    @property
    def unknown(self) -> Sequence[GapView]: ...
    def to_dict(self) -> Mapping[str, object]: ...


class Column(Struct, frozen=True):
    """A column of the layers' table: its key in JSON and `--columns`, and its heading."""

    key: str
    heading: str
    number: bool = False

    def cell(self, layer: LayerView) -> str:
        """The cell for people: thousands separated, `?` for an unknown shape or count, blank for no MACs."""
        value: object = getattr(layer, self.key)
        if self.key in ("input_shape", "output_shape"):
            return shape_text(value)
        if isinstance(value, tuple):
            return visible(", ".join(value))
        if value is None:
            return UNKNOWN if self.key == "params" else ""
        return f"{value:,}" if isinstance(value, int) and self.number else visible(str(value))

    def plain(self, layer: LayerView) -> str:
        """The cell for programs: digits alone, nothing for what is unknown."""
        value: object = getattr(layer, self.key)
        if value is None:
            return ""
        if isinstance(value, tuple) and self.key == "connected_to":
            return ", ".join(value)
        return shape_text(value) if self.key in ("input_shape", "output_shape") else str(value)


COLUMNS = {
    column.key: column
    for column in (
        Column("name", "Name"),
        Column("type", "Type"),
        Column("input_shape", "Input"),
        Column("output_shape", "Output"),
        Column("params", "Parameters", number=True),
        Column("macs", "MACs", number=True),
        Column("call", "Call", number=True),
        Column("path", "File"),
        Column("line", "Line"),
        Column("column", "Column"),
        Column("connected_to", "Connected to"),
        Column("neurons", "Neurons", number=True),
        Column("connections", "Connections", number=True),
        Column("receptive_field", "Receptive field", number=True),
    )
}
_USUAL = ("name", "type", "input_shape", "output_shape", "params", "macs")


def usual_columns(layers: Sequence[LayerView]) -> tuple[Column, ...]:
    """The columns shown where none are asked for; the call's number only where a layer is called again, what
    layers are connected to where they are no chain.
    """
    again = ("call",) if any(layer.call > 1 for layer in layers) else ()
    linked = () if _chained(layers) else ("connected_to",)
    return tuple(COLUMNS[key] for key in (*_USUAL, *again, *linked))


def _chained(layers: Sequence[LayerView]) -> bool:
    """Whether each layer takes what the one above it gives, as far as connections are known."""
    above = ("", *(layer.name for layer in layers))
    return all(
        not layer.connected_to
        or (len(layer.connected_to) == 1 and layer.connected_to[0].partition("[")[0] == name)
        for name, layer in zip(above, layers, strict=False)
    )


def shape_text(shape: object) -> str:
    """`(N, 64, H//2, W//2)`; lists and dicts hold several; `?` is unknown, `None` an extent that is free."""
    match shape:
        case None:
            return UNKNOWN
        case tuple():
            return f"({', '.join(map(_extent, shape))}{',' if len(shape) == 1 else ''})"
        case list():
            return f"[{', '.join(map(shape_text, shape))}]"
        case dict():
            items = (f"{visible(str(key))}: {shape_text(value)}" for key, value in shape.items())
            return f"{{{', '.join(items)}}}"
        case _:
            return visible(str(shape))


def _extent(extent: object) -> str:
    return visible(str(extent))


def totals(summary: SummaryView) -> list[tuple[str, str]]:
    """What stands under the table: a word and its text, in order; what could not be followed comes last."""
    inputs = summary.input_shapes
    shown = ", ".join(map(shape_text, inputs)) if isinstance(inputs, list) else shape_text(inputs)
    rows = [("Input", shown or UNKNOWN), ("Output", shape_text(summary.output_shape))]
    if summary.contract:
        rows.append(("Accepts", visible(summary.contract)))
    rows.append(("Parameters", count_text(summary.params)))
    if summary.trainable_params != summary.params:
        rows.append(("Trainable", count_text(summary.trainable_params)))
    if isinstance(summary.params, int):
        rows.append(("Weights", f"{memory_text(summary.params * _FLOAT32)} as float32"))
    rows.append(("MACs", count_text(summary.macs)))
    rows += [("Unknown", _gap(gap)) for gap in summary.unknown]
    return rows


_FLOAT32 = 4
"""Bytes of a parameter."""


def memory_text(size: int) -> str:
    """Bytes in the largest unit that leaves at least 1: 241.0 KiB, 228.88 MiB."""
    amount, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:,.0f} B" if unit == "B" else f"{amount:,.2f} {unit}"


def _gap(gap: GapView) -> str:
    line = "" if gap.line is None else f":{gap.line}"
    place = "" if gap.path is None else f" ({visible(gap.path)}{line})"
    return f"{visible(gap.what)}: {visible(gap.reason)}{place}"


def count_text(count: int | str | None) -> str:
    """A total: thousands separated, symbolic as it is, `?` where it is unknown."""
    return UNKNOWN if count is None else f"{count:,}" if isinstance(count, int) else visible(count)
