"""Budgets: everything ends. Running out is an exception of the interpreter that no analysed program can
catch.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

from msgspec import Struct

from convlint.values import Tensor


class Exhausted(BaseException):
    """A budget ran out; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Cost:
    """What takes longer than a statement, in statements (measured; a statement takes some microseconds)."""

    LAYER = 40
    """A layer of a library is built: its constructor, and the paths that its attributes take."""
    CALL = 20
    """A module is called."""
    TENSOR = 20
    """An operation gives a tensor: a law of shapes is asked, its origin kept."""
    NATIVE = 3
    """A function of a library or of the language is called."""
    QUESTION = 30
    """The algebra is asked whether something holds of symbolic extents."""
    CLASS = 10
    """A class is made; what its bases take to order comes on top."""


_STRIDE = 8192
"""Steps between two looks at the clock."""
BYTES_A_STEP = 128
"""Of data that an operation reads or makes: so that steps bound the memory of a run, too."""
SIZED: dict[type, int] = {
    str: 1,
    bytes: 1,
    bytearray: 1,
    list: 8,
    tuple: 8,
    deque: 8,
    set: 32,
    frozenset: 32,
    dict: 64,
    defaultdict: 64,
    OrderedDict: 64,
    Counter: 64,
}
"""Host data that grows, and the bytes of one item, roughly."""


_LISTED = (list, tuple)
AT_ONCE = frozenset(
    {
        *("append", "appendleft", "pop", "popleft", "popitem", "add", "discard", "get", "setdefault"),
        *("items", "keys", "values", "iter", "len", "next", "bool", "id", "type", "callable", "print"),
        *("isinstance", "hasattr", "getattr", "setattr", "startswith", "endswith", "move_to_end"),
        *("__len__", "__iter__", "__contains__", "__getitem__", "__setitem__", "__delitem__"),
    }
)
"""Operations that take no longer for more data."""


def weight(value: object) -> int:
    """The steps that reading or making this piece of sized host data takes besides the operation's own.

    An operation on a list of tensors looks at each of them.
    """
    if value.__class__ in _LISTED and value and value[0].__class__ is Tensor:
        return len(value)
    return len(value) * SIZED.get(value.__class__, 0) // BYTES_A_STEP  # type: ignore[arg-type]


def content_weight(tensor: Tensor, computed: bool) -> int:
    """The steps that the known content of a tensor takes: a float computed is rounded as torch rounds it."""
    if tensor.data is None:
        return 0
    if not computed:
        return len(tensor.data) // 2
    exact = tensor.dtype is not None and not tensor.dtype.startswith(("float", "bfloat", "complex"))
    return len(tensor.data) // 8 if exact else 2 * len(tensor.data)


class Limits(Struct, frozen=True):
    """How much one root may take, in steps: a step is a statement, or what takes as long (`Cost`)."""

    steps: int = 450_000
    """Of one path; the largest model of torchvision takes 260,000."""
    root_steps: int = 1_000_000
    """Of all paths of one root."""
    module_steps: int = 600_000
    """Of the module-level code of all that one file imports; as many again of what is evaluated only because
    it may fill a registry.
    """
    file_steps: int = 4_000_000
    """Of all roots of one file."""
    lost_steps: int = 500_000
    """Of these, what runs may take that do not come to an end."""
    depth: int = 220
    """Nested calls of the analysed program."""
    paths: int = 16
    """Ways through one root."""
    clean_paths: int | None = None
    """Of these, how many where one came through without failing; None: all."""
    clean_steps: int = 75_000
    """Where `clean_paths` is given: the steps after which no further way is begun if one came through, and
    four times that if none failed.
    """
    seconds: float = 10.0
    """Of processor time, for one root and all its paths: a net under the other limits, far above them."""


class Spending(Struct):
    """What the runs of one file have taken so far, in steps."""

    steps: int = 0
    lost: int = 0
    """The part that went into runs whose steps or seconds ran out."""
    imported: int = 0
    """The part that went into module-level code of what the file imports."""
    filling: int = 0
    """The part that went into modules evaluated only because they may fill a registry."""

    def add(self, budget: Budget, exhausted: str | None) -> None:
        """Count a run, and what it ran out of."""
        self.steps += budget.steps
        if exhausted in ("steps", "seconds"):
            self.lost += budget.steps - budget.imported

    def over(self, limits: Limits) -> bool:
        """Whether no more is left for another run."""
        return self.steps >= limits.file_steps or self.lost >= limits.lost_steps

    def left(self, limits: Limits) -> int:
        """What the next run may take."""
        return min(limits.steps, limits.lost_steps - self.lost)


class Budget:
    """What is left of one path's limits."""

    __slots__ = (
        "_deadline",
        "_filling",
        "_mark",
        "_modules",
        "_steps",
        "depth",
        "imported",
        "limits",
        "look",
        "spending",
        "steps",
    )

    def __init__(
        self,
        limits: Limits,
        steps: int | None = None,
        deadline: float | None = None,
        spending: Spending | None = None,
    ) -> None:
        self.limits = limits
        self.spending = Spending() if spending is None else spending
        self.steps = 0
        self.imported = 0
        """The steps that imported modules took: they are not the path's, for they are evaluated once."""
        self.depth = 0
        self._modules = 0
        self._filling = False
        self._mark = 0
        self.look = 0
        """The steps after which that is to be looked at again."""
        most = self.spending.left(limits)
        self._steps = most if steps is None else min(steps, most)
        self._deadline = process_time() + limits.seconds if deadline is None else deadline

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Module-level code of one module: it has a path's steps of its own, while the modules of a file have
        any left together.
        """
        self._account()
        start, limit = self.steps, self._steps
        self._steps = start + max(0, min(self.limits.steps, self.left_for_modules()))
        self.look = start
        self._modules += 1
        try:
            yield
        finally:
            self._account()
            self._modules -= 1
            self._steps = limit + self.steps - start
            self.look = self.steps

    @contextmanager
    def filling(self) -> Iterator[None]:
        """Modules evaluated only because they may fill a registry: what they take is missing to no other."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    def left_for_modules(self) -> int:
        """The steps that modules may still take."""
        spent = self.spending.filling if self._filling else self.spending.imported
        return self.limits.module_steps - spent

    def charge_module(self, steps: int) -> None:
        """Count the reading of a module."""
        self._count_module(steps)
        self.steps += steps
        self._steps += steps
        self._mark += steps

    def _account(self) -> None:
        """Note what was taken since the last note, if a module took it."""
        if self._modules:
            self._count_module(self.steps - self._mark)
        self._mark = self.steps

    def _count_module(self, steps: int) -> None:
        self.imported += steps
        if self._filling:
            self.spending.filling += steps
        else:
            self.spending.imported += steps

    def step(self) -> None:
        """Count one statement or iteration. Raises `Exhausted`."""
        self.steps += 1
        if self.steps > self.look:
            self.check()

    def charge(self, steps: int) -> None:
        """Count what takes as long as so many statements. Raises `Exhausted`."""
        self.steps += steps
        if self.steps > self.look:
            self.check()

    def check(self) -> None:
        """Look whether the steps or the time ran out. Raises `Exhausted`."""
        if self.steps > self._steps:
            raise Exhausted("steps")
        if process_time() > self._deadline:
            raise Exhausted("seconds")
        self.look = min(self._steps, self.steps + _STRIDE)
