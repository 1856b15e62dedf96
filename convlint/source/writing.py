"""Writing an edited file back: all of it or nothing, in its own encoding, with its own permissions."""

from __future__ import annotations

import os
import shutil
import tempfile

from convlint.source.files import UnreadableSource, read_source


class UnwritableSource(ValueError):
    """A file that cannot be written back; the text says why."""


def write_source(path: str, before: str, after: str) -> None:
    """Replace a file's text. Raises UnwritableSource, where it is no longer `before`, too."""
    target = os.path.realpath(path)
    try:
        source = read_source(target)
        if source.text != before:
            raise UnwritableSource(f"{path}: it has changed since it was read")
        data = source.encode(after)
        handle, unfinished = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".convlint-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            shutil.copymode(target, unfinished)
            os.replace(unfinished, target)
        except BaseException:
            os.unlink(unfinished)
            raise
    except UnreadableSource as error:
        raise UnwritableSource(f"{path}: {error.reason}") from error
    except UnicodeEncodeError as error:
        raise UnwritableSource(f"{path}: the fix has characters that {error.encoding} lacks") from error
    except OSError as error:
        raise UnwritableSource(f"{path}: {error.strerror}") from error
