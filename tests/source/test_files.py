"""Bytes become text as Python's own reader has it; what cannot is named."""

import os
import tokenize
from pathlib import Path

import pytest

from convlint.source import SourceFile, UnreadableSource, decode_source, read_source
from convlint.source.files import MAX_BYTES


@pytest.mark.parametrize(
    ("data", "text", "encoding", "newline"),
    [
        (b"", "", "utf-8", "\n"),
        (b"x = 1\n", "x = 1\n", "utf-8", "\n"),
        (b"x\r\ny\n", "x\r\ny\n", "utf-8", "\r\n"),
        (b"x\ry\r", "x\ry\r", "utf-8", "\r"),
        (b"x\ny\r\n", "x\ny\r\n", "utf-8", "\n"),
        (b"\xef\xbb\xbfx\n", "x\n", "utf-8-sig", "\n"),
        ("é = '日本'\n".encode(), "é = '日本'\n", "utf-8", "\n"),
        (
            b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
            "# -*- coding: latin-1 -*-\nx = 'é'\n",
            "iso-8859-1",
            "\n",
        ),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'\n", None, "cp1252", "\n"),
        (b"\xef\xbb\xbf# coding: utf-8\n", "# coding: utf-8\n", "utf-8-sig", "\n"),
        (b"x = 1\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", "utf-8", "\n"),
        (b"\n\n# coding: latin-1\n'\xc3\xa9'\n", "\n\n# coding: latin-1\n'é'\n", "utf-8", "\n"),
    ],
)
def test_encodings(data: bytes, text: str | None, encoding: str, newline: str) -> None:
    found = decode_source(data, "a.py")
    assert (found.encoding, found.newline) == (encoding, newline)
    assert text is None or found.text == text
    assert found.encode(found.text) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = 1\ny = '\xff'\n", "byte 0xff at row 2, byte 6 does not fit the encoding utf-8"),
        ("x = 1\n".encode("utf-16"), "it looks like UTF-16; Python source is UTF-8 or declares its encoding"),
        (b"# coding: klingon\n", "unknown encoding: klingon"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "encoding problem: utf-8"),
        (b"# coding: rot13\n", "it cannot be read as rot13"),
        (b"# coding: undefined\nx\n", "it cannot be read as undefined"),
        (b"# coding: ascii\n'\xe9'\n", "byte 0xe9 at row 2, byte 2 does not fit the encoding ascii"),
    ],
)
def test_bytes_that_are_no_source(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableSource) as caught:
        decode_source(data, "a.py")
    assert caught.value.reason.startswith(reason)
    assert str(caught.value) == f"a.py: {caught.value.reason}"


def test_agrees_with_python_on_its_own_library() -> None:
    for path in sorted(Path(os.__file__).parent.glob("*.py"))[::7]:
        with tokenize.open(path) as stream:
            assert read_source(path).text.replace("\r\n", "\n") == stream.read()


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.py"
    huge.touch()
    os.truncate(huge, MAX_BYTES + 1)
    os.mkfifo(tmp_path / "pipe.py")
    reasons = {}
    for path in (tmp_path, tmp_path / "missing.py", huge, tmp_path / "pipe.py", "a\0b.py"):
        with pytest.raises(UnreadableSource) as caught:
            read_source(path, "shown.py")
        assert caught.value.path == "shown.py"
        reasons[Path(path).name] = caught.value.reason
    null = reasons["a\0b.py"]  # each Python words it in its own way
    assert reasons == {
        tmp_path.name: "it is a folder",
        "missing.py": "No such file or directory",
        "huge.py": "it has 20,000,001 bytes; the limit is 20,000,000",
        "pipe.py": "it is not a regular file",
        "a\0b.py": null,
    }
    assert "embedded null" in null


def test_display_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x\n")
    assert read_source(tmp_path / "a.py", "src/a.py") == SourceFile("src/a.py", "x\n")
