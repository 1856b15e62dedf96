"""The shape of a model's input as users write it: integers, and symbols for what is free."""

from msgspec import Struct

from convlint.config.error import Refused


class InputShape(Struct, frozen=True):
    """One input of a model: its extents, batch first, each an integer ≥ 1 or a symbol; its name, if any."""

    extents: tuple[int | str, ...]
    name: str | None = None


def shape_from_text(text: str) -> InputShape:
    """Reads `N,3,224,224`, with or without brackets, or `left=N,3,224,224`; raises Refused."""
    name, equals, rest = text.rpartition("=")
    name = name.strip()
    if equals and not name.isidentifier():
        raise Refused(f"`{name}` is not the name of an input")
    extents = rest.strip().removeprefix("(").removesuffix(")").rstrip().removesuffix(",")
    return InputShape(tuple(_extent(part.strip()) for part in extents.split(",")), name or None)


def shapes_from_value(value: object) -> tuple[InputShape, ...]:
    """Reads a list of extents, a list of such lists, or a table of them by input name; raises Refused."""
    match value:
        case dict() if value:
            return tuple(InputShape(_extents(extents), name) for name, extents in value.items())
        case list() if value and all(isinstance(item, list) for item in value):
            return tuple(InputShape(_extents(extents)) for extents in value)
        case list() if value:
            return (InputShape(_extents(value)),)
        case _:
            raise Refused(
                'an input is a list such as ["N", 3, 224, 224], a list of them, or a table of them by name'
            )


def _extents(value: object) -> tuple[int | str, ...]:
    if not isinstance(value, list) or not value:
        raise Refused('a shape is a list such as ["N", 3, 224, 224]')
    return tuple(_extent(item) for item in value)


def _extent(value: object) -> int | str:
    match value:
        case bool():
            pass
        case int() if value >= 1:
            return value
        case str() if value.isidentifier():
            return value
        case str() if value.isascii() and value.isdigit() and len(value) <= 18 and int(value) >= 1:
            return int(value)
    shown = (
        f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else value
    )
    raise Refused(f"an extent is an integer of at least 1, or a symbol such as H; {shown} is neither")
