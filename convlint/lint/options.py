"""Options of rules: what a rule declares with its defaults, and what the configuration says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from convlint.config.amount import amount

Scalar = str | int | float | bool
Option = Scalar | tuple[Scalar, ...]


class Options(Mapping[str, Option]):
    """The options of one rule: the defaults it declares, overlaid with the configuration's."""

    def __init__(self, defaults: Mapping[str, Option], given: Mapping[str, Option] | None = None) -> None:
        self._values = {**defaults, **{k: v for k, v in (given or {}).items() if k in defaults}}

    def __getitem__(self, key: str) -> Option:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def number(self, key: str) -> float:
        """A number, or a text such as "10M", "1.5G" (powers of ten). Raises ValueError."""
        value = self._values[key]
        if isinstance(value, str):
            return amount(value)
        if isinstance(value, tuple):
            raise ValueError(f"`{key}` is a number, not a list")
        return value
