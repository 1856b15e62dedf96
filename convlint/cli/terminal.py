"""The process's own streams: results on standard output, everything else on standard error."""

import os
import sys
import time
from collections.abc import Mapping
from typing import TextIO

from msgspec import Struct, field

from convlint.report.palette import ColourChoice, Palette, palette_for

_PATIENCE = 1.0
_PACE = 0.1


class Terminal(Struct):
    """Where a command writes. Characters that a stream cannot encode are written as escapes."""

    out: TextIO
    err: TextIO
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def __post_init__(self) -> None:
        for stream in (self.out, self.err):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")

    def palette(self, choice: ColourChoice) -> Palette:
        """The palette for standard output."""
        return palette_for(choice, self.out.isatty(), self.environ)

    def write(self, text: str) -> None:
        """Results, to standard output; a reader that went away (`| head`) is no error."""
        try:
            self.out.write(text)
            self.out.flush()
        except BrokenPipeError:
            self.out = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
            if sys.stdout is not None:
                os.dup2(self.out.fileno(), sys.stdout.fileno())

    def remark(self, text: str) -> None:
        """A line about the run, to standard error."""
        self.err.write(f"convlint: {text}\n")
        self.err.flush()


class Progress:
    """A line on a terminal's standard error that says how far a long run is; short runs show nothing."""

    def __init__(self, terminal: Terminal, wanted: bool = True) -> None:
        self._err = terminal.err
        self._active = wanted and terminal.err.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Shows `done` of `total` files, ten times a second at most."""
        now = time.monotonic()
        if not self._active or now < self._next:
            return
        self._next = now + _PACE
        self._shown = True
        self._err.write(f"\r\x1b[Kconvlint: {done} of {total} files")
        self._err.flush()

    def clear(self) -> None:
        """Wipes the line before results are written."""
        if self._shown:
            self._err.write("\r\x1b[K")
            self._err.flush()
            self._shown = False
