"""Amounts as people write them."""

import pytest

from convlint.config.amount import amount, bytes_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10M", 1e7),
        ("1.5G", 1.5e9),
        ("640k", 640_000),
        ("2 T", 2e12),
        (" 1_000 ", 1000),
        ("60,954,656", 60_954_656),
        (".5K", 500),
    ],
)
def test_counts_are_powers_of_ten(text: str, number: float) -> None:
    assert amount(text) == number
    assert bytes_of(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("30MB", 3e7), ("64MiB", 64 * 2**20), ("4 KiB", 4096), ("12B", 12), ("1GB", 1e9), ("7kB", 7000)],
)
def test_sizes_in_bytes_may_be_binary(text: str, number: float) -> None:
    assert bytes_of(text) == number


@pytest.mark.parametrize("text", ["", "M", "ten", "1e6", "-1", "1Mi", "1 MBit", "nan", "inf", "1.2.3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        amount(text)
    with pytest.raises(ValueError, match="is not"):
        bytes_of(text)


def test_a_size_is_no_count() -> None:
    with pytest.raises(ValueError, match="30MB"):
        amount("30MB")
