"""File names as hosted services want them: relative to the top of the project, with forward slashes."""

import os
from urllib.parse import quote

from convlint.report.renderer import Canvas


def project_path(filename: str, canvas: Canvas) -> str:
    """The name relative to the canvas's root if the file lies in it, else absolute.

    Names in angle brackets, such as `<stdin>`, are no files and stay as they are.
    """
    if filename.startswith("<") or not canvas.root:
        return filename.replace(os.sep, "/")
    whole = os.path.normpath(os.path.join(canvas.folder, filename))
    top = os.path.normpath(canvas.root)
    inside = whole.startswith(os.path.join(top, ""))
    return (whole[len(os.path.join(top, "")) :] if inside else whole).replace(os.sep, "/")


def uri(path: str) -> str:
    """A path as an RFC 3986 reference: percent-encoded UTF-8; absolute ones with the scheme `file`.

    Bytes of a name that are no UTF-8 are encoded as they are on disk.
    """
    try:
        octets = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        octets = path.encode("utf-8", "surrogatepass")
    text = quote(octets, safe="/")
    if path.startswith("//"):
        return f"file:{text}"
    if path.startswith("/"):
        return f"file://{text}"
    if path[1:3] == ":/":
        return f"file:///{text}"
    return text
