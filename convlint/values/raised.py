"""An exception of the analysed program, travelling through the interpreter as a Python exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convlint.values.objects import Function, Instance
    from convlint.values.site import Site


class Raised(Exception):
    """The analysed program raised `value`, at `site`."""

    def __init__(self, value: Instance, site: Site | None = None) -> None:
        super().__init__(value.cls.name)
        self.value = value
        self.site = site
        self.unbound: Function | None = None
        """The function that refused the arguments of its call, where that is the reason."""

    @property
    def text(self) -> str:
        """The exception as a traceback's last line shows it."""
        args = self.value.attrs.get("args", ())
        words = ", ".join(str(a) for a in args) if isinstance(args, tuple) else ""
        return f"{self.value.cls.name}: {words}" if words else self.value.cls.name
