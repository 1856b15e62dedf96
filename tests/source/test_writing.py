"""Files are written back whole, in their own encoding, with their own permissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.source.files import read_source
from convlint.source.writing import UnwritableSource, write_source


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (b"x = 1\r\ny\r\n", "1", "2", b"x = 2\r\ny\r\n"),
        (b"\xef\xbb\xbfx = 1\n", "1", "\u00e9", b"\xef\xbb\xbfx = \xc3\xa9\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "x", "y", b"# coding: latin-1\ny = '\xe9'\n"),
    ],
)
def test_bytes(tmp_path: Path, before: bytes, old: str, new: str, after: bytes) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(before)
    file.chmod(0o640)
    text = read_source(file).text
    write_source(str(file), text, text.replace(old, new))
    assert file.read_bytes() == after
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["a.py"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x")
    (tmp_path / "a.py").symlink_to("real.py")
    write_source(str(tmp_path / "a.py"), "x", "y")
    assert (tmp_path / "a.py").is_symlink()
    assert (tmp_path / "real.py").read_text() == "y"


def test_what_changed_meanwhile_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine")
    with pytest.raises(UnwritableSource, match="changed since it was read"):
        write_source(str(tmp_path / "a.py"), "yours", "new")
    assert (tmp_path / "a.py").read_text() == "mine"


def test_what_the_encoding_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"# coding: ascii\nx\n")
    with pytest.raises(UnwritableSource, match="ascii lacks"):
        write_source(str(tmp_path / "a.py"), "# coding: ascii\nx\n", "# coding: ascii\n\u00e9\n")
    assert (tmp_path / "a.py").read_bytes() == b"# coding: ascii\nx\n"
