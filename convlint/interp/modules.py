"""The modules that a run has imported, and what is set for the whole process.

Law: modules outlive a run, and so does what their code sets for all that follows. What a run sets beyond that
ends with it, unless another one goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from convlint.dims import Question
from convlint.interp import patches
from convlint.interp.budget import Budget, Limits
from convlint.interp.loader import Loader
from convlint.interp.path import Path
from convlint.interp.recorder import Recorder
from convlint.interp.recording import Recording
from convlint.trace import Trace
from convlint.values import Namespace, Unknown, Value
from convlint.values.caller import LASTING

MAIN = "__main__"


class Modules(Recording):
    """A run among the modules of its analysis, and the state that libraries keep for it."""

    def __init__(
        self,
        loader: Loader,
        *,
        limits: Limits | None = None,
        prefix: tuple[bool, ...] = (),
        training: bool = False,
        steps: int | None = None,
        deadline: float | None = None,
    ) -> None:
        super().__init__(Path(prefix), Budget(limits or Limits(), steps, deadline, loader.spending), training)
        self.loader = loader
        self.state: dict[str, object] = dict(loader.settings)
        self.inherited = 0
        """The steps that another machine took up to where this one began."""
        self.main: Namespace | None = None
        """The names of the file that is run as a program."""
        self.resume()

    # -- one run after another ---------------------------------------------------------------------------

    def go_on(self, other: Modules, trace: Trace, assumptions: Iterable[Question]) -> None:
        """Begin where another machine stood when it had recorded `trace` and assumed these."""
        self.trace, self.recorder = trace, Recorder(trace)
        self.state, self.taints = dict(other.state), other.taints.copied()
        patches.establish(self.state)
        self.main = other.main
        for question in assumptions:
            self.path.assume(question)

    def continues(self, other: Modules) -> None:
        """What was set for the process while another machine ran holds here, too."""
        self.state.update(other.state)
        patches.establish(self.state)

    def resume(self) -> None:
        """What this run has made of shared objects holds: at its beginning, and after another one ran."""
        patches.establish(self.state)

    # -- modules -----------------------------------------------------------------------------------------

    @contextmanager
    def importing_module(self) -> Iterator[None]:
        """Module-level code of an imported module: nothing forks there, handlers outside do not see it."""
        handlers, site = self.handlers, self.site
        self.handlers = []
        self.importing += 1
        try:
            with self.budget.importing():
                yield
        finally:
            self.importing -= 1
            self.keep_settings()
            self.handlers, self.site = handlers, site

    def keep_settings(self) -> None:
        """What was set for the whole process holds for the runs that come."""
        self.loader.settings |= {k: v for k, v in self.state.items() if k.startswith(LASTING)}

    def module(self, name: str) -> Value | None:
        return self.main if name == MAIN else self.loader.modules.get(name)

    def replace_module(self, name: str, module: Value) -> None:
        """`sys.modules[name] = module`. An object in the place of a module offers the names of its code."""
        known = self.loader.modules.get(name)
        if isinstance(module, Namespace):
            self.loader.modules[name] = module
        elif known is not None and not known.library:
            self.loader.open.add(known.filename)
        elif known is None and name != MAIN:
            self.loader.replaced[name] = self.unknown("a module that the program makes is not known")

    def library_unknown(self, name: str) -> Unknown:
        """A name that a described library does not declare."""
        return self.unknown(f"{name} is not modelled")
