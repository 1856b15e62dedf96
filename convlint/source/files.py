"""Reading Python source as Python reads it: the encoding its first lines declare, its line breaks kept.

Law: whatever a path holds, the answer is a SourceFile or an UnreadableSource with a reason in words.
"""

import os
import stat
from pathlib import Path

from msgspec import Struct

MAX_BYTES = 20_000_000
MAX_NOTEBOOK_BYTES = 100_000_000
"""Outputs make notebooks large, and cost little: they are passed over."""
_BOM = b"\xef\xbb\xbf"


class UnreadableSource(ValueError):
    """A file that cannot be read as Python source; `reason` says why, without naming the file."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class SourceFile(Struct, frozen=True):
    """A file's text, exactly, but for a byte order mark.

    Edits are written back with `encoding` and `newline` (the first line break, `\\n` where there is none).
    """

    path: str
    text: str
    encoding: str = "utf-8"
    newline: str = "\n"

    def encode(self, text: str) -> bytes:
        """The bytes of an edited text; raises UnicodeEncodeError if the encoding lacks a character."""
        return text.encode(self.encoding)


def read_source(path: str | Path, display: str | None = None) -> SourceFile:
    """Read a file; raises UnreadableSource. `display` is the name it is to go by, by default its path."""
    shown = display if display is not None else str(path)
    notebook = str(path).endswith(".ipynb")
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise UnreadableSource(shown, f"it is {kind}")
        most = MAX_NOTEBOOK_BYTES if notebook else MAX_BYTES
        if status.st_size > most:
            raise UnreadableSource(shown, f"it has {status.st_size:,} bytes; the limit is {most:,}")
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        raise UnreadableSource(shown, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL character in the path
        if isinstance(error, UnreadableSource):
            raise
        raise UnreadableSource(shown, str(error)) from error
    return decode_source(data, shown, notebook=notebook)


def decode_source(data: bytes, path: str, *, notebook: bool = False) -> SourceFile:
    """Decode bytes by the encoding they declare (PEP 263), UTF-8 where they declare none.

    A notebook is UTF-8, whatever is said in its cells.

    Raises UnreadableSource, with row and column (in bytes) of the first byte that does not fit.
    """
    encoding = _utf8(data) if notebook else _declared_encoding(data, path)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSource(path, _misfit(error, encoding)) from error
    except (LookupError, ValueError) as error:
        raise UnreadableSource(path, f"it cannot be read as {encoding}: {error}") from error
    return SourceFile(path, text, encoding, _newline(text))


def _utf8(data: bytes) -> str:
    return "utf-8-sig" if data.startswith(_BOM) else "utf-8"


def _declared_encoding(data: bytes, path: str) -> str:
    if b"coding" not in b"".join(data.split(b"\n", 2)[:2]):
        return _utf8(data)
    import tokenize  # seldom needed, and not free
    from io import BytesIO

    try:
        return tokenize.detect_encoding(BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise UnreadableSource(path, str(error.msg)) from error


def _misfit(error: UnicodeDecodeError, encoding: str) -> str:
    data = error.object
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it looks like UTF-16; Python source is UTF-8 or declares its encoding"
    start = error.start
    row = data.count(b"\n", 0, start) + 1
    column = start - data.rfind(b"\n", 0, start)
    return f"byte 0x{data[start]:02x} at row {row}, byte {column} does not fit the encoding {encoding}"


def _newline(text: str) -> str:
    feed = text.find("\n")
    carriage = text.find("\r", 0, feed if feed >= 0 else None)
    if carriage < 0:
        return "\n"
    return "\r\n" if text.startswith("\r\n", carriage) else "\r"
