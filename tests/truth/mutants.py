"""Mutants of a program, one number of it changed, and what the framework does with a program's text.

Law: only numbers of classes whose `forward` ran are changed, and of functions that built a layer whose
`forward` ran: of the rest the framework says nothing.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from types import FrameType, TracebackType
from typing import Any, Self

FILE = "mutant.py"


class Fate(Enum):
    """What became of a mutant."""

    CAUGHT = "an error at the changed line"
    CAUGHT_AT_OTHER = "an error at the line that the framework blames"
    MISPLACED = "an error elsewhere"
    SILENT = "no error though the framework refuses"
    ACCEPTED = "the framework accepts it"
    FALSE_ALARM = "an error though the framework accepts"
    OWN_CHECK = "a check of the program's own refuses it"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the framework says of a text: its error in words, whether the text raised it by itself, the
    rows to blame, and the rows where functions begin that ran.
    """

    error: str | None
    own: bool = False
    blamed: frozenset[int] = frozenset()
    called: frozenset[int] = frozenset()

    def plain(self) -> dict[str, Any]:
        """The answer as JSON has it."""
        return {
            "error": self.error,
            "own": self.own,
            "blamed": sorted(self.blamed),
            "called": sorted(self.called),
        }

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Self:
        """The answer that `plain` wrote."""
        return cls(plain["error"], plain["own"], frozenset(plain["blamed"]), frozenset(plain["called"]))


@dataclass(frozen=True, slots=True)
class Mutant:
    """A program with one number changed, and the row of that number."""

    text: str
    row: int
    change: str


def fate(mutant: Mutant, rows: set[int], *, refused: bool, own: bool, blamed: Collection[int]) -> Fate:
    """What the rows of convlint's errors and the framework's answer come to."""
    if not refused:
        return Fate.FALSE_ALARM if rows else Fate.ACCEPTED
    if own:
        return Fate.OWN_CHECK
    if not rows:
        return Fate.SILENT
    if mutant.row in rows:
        return Fate.CAUGHT
    return Fate.CAUGHT_AT_OTHER if rows & set(blamed) else Fate.MISPLACED


def mutants(text: str, done: Run) -> Iterator[Mutant]:
    """Each number in the call of a layer's constructor changed, where the run tells of it."""
    return changed(text, _numbers(ast.parse(text), done))


def changed(text: str, numbers: Iterable[ast.Constant]) -> Iterator[Mutant]:
    """Each of the numbers doubled, or one more."""
    lines = text.splitlines(keepends=True)
    for number in sorted(numbers, key=lambda n: (n.lineno, n.col_offset)):
        value = number.value
        assert isinstance(value, int) and number.end_col_offset is not None
        for new in sorted({value + 1, value * 2} - {value}):
            row = number.lineno - 1
            line = lines[row].encode()
            other = line[: number.col_offset] + str(new).encode() + line[number.end_col_offset :]
            mutated = [*lines[:row], other.decode(), *lines[row + 1 :]]
            yield Mutant("".join(mutated), number.lineno, f"{value} to {new} in {line.decode().strip()}")


def _numbers(tree: ast.Module, done: Run) -> set[ast.Constant]:
    return {
        each
        for part in tree.body
        if _was_used(part, done)
        for call in ast.walk(part)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("nn.", "torch.nn."))
        for each in ast.walk(call)
        if isinstance(each, ast.Constant) and type(each.value) is int
    }


def _was_used(part: ast.stmt, done: Run) -> bool:
    """Whether the framework saw what a statement of the module builds at work, as far as that can be told."""
    match part:
        case ast.ClassDef(name=name):
            return name in done.ran
        case ast.FunctionDef(lineno=begin, end_lineno=int() as end):
            return any(begin <= row <= end for row in done.used)
    return True


def only(text: str, called: Collection[int]) -> str:
    """The text without its top-level functions that were not called; rows stay where they are.

    What the text sets on functions (`f.__doc__ = …`, whatever its condition) goes with them.
    """
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        left = isinstance(node, ast.FunctionDef) and first(node) not in called
        if left or _sets_attribute(node):
            assert node.end_lineno is not None
            for row in range(first(node) - 1, node.end_lineno):
                lines[row] = "\n"
    return "".join(lines)


def _sets_attribute(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Attribute(), *_]):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"))):
            return True
        case ast.If(body=body, orelse=[]):
            return all(_sets_attribute(each) for each in body)
    return False


def first(node: ast.stmt) -> int:
    """The row where a statement begins, its decorators among it."""
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


@dataclass(slots=True)
class Run:
    """What the framework did with a program.

    `blamed` are the rows that may carry the error: where it was raised (a join or a view names no argument),
    and where the layer that raised it was built, through however many constructors.
    """

    error: Exception | None = None
    own: bool = False
    """Whether a `raise` or `assert` of the program's own refused, not the framework."""
    blamed: frozenset[int] = frozenset()
    ran: frozenset[str] = frozenset()
    """The names of the classes whose `forward` ran."""
    used: set[int] = field(default_factory=set)
    """The rows where layers were built whose `forward` ran."""
    built: dict[int, tuple[object, frozenset[int]]] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether the framework raised."""
        return self.error is not None

    def answer(self, called: Collection[int] = ()) -> Answer:
        """What is to be said of the run, and nothing that holds its objects."""
        words = None if self.error is None else f"{type(self.error).__name__}: {str(self.error)[:300]}"
        return Answer(words, self.own, self.blamed, frozenset(called))


def run(text: str, namespace: dict[str, Any] | None = None) -> Run:
    """Run a program as a script, or as the module of a namespace, without gradients."""
    import torch
    from torch.nn.modules.module import register_module_forward_pre_hook

    done, called = Run(), set[str]()
    original = torch.nn.Module.__init__

    def recording(self: Any, *args: Any, **kwargs: Any) -> None:
        done.built[id(self)] = self, rows_of_callers()
        original(self, *args, **kwargs)

    def entered(module: Any, inputs: Any) -> None:
        called.add(type(module).__name__)
        if (building := done.built.get(id(module))) is not None:
            done.used |= building[1]

    torch.manual_seed(0)
    hook = register_module_forward_pre_hook(entered)
    torch.nn.Module.__init__ = recording  # type: ignore[method-assign]
    try:
        with torch.no_grad(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(text, FILE, "exec"), namespace or {"__name__": "__main__"})
    except Exception as error:
        done.error, done.blamed = error, blamed(done, error.__traceback__)
        done.own = raises_itself(text, error.__traceback__)
    finally:
        torch.nn.Module.__init__ = original  # type: ignore[method-assign]
        hook.remove()
    done.ran = frozenset(called)
    return done


def rows_of_callers() -> frozenset[int]:
    """The rows of the program that are building something: inside functions, or else at module level."""
    frame: FrameType | None = sys._getframe(2)
    inside, outside = set[int](), set[int]()
    while frame is not None:
        if frame.f_code.co_filename == FILE:
            (outside if frame.f_code.co_name == "<module>" else inside).add(frame.f_lineno)
        frame = frame.f_back
    return frozenset(inside or outside)


def raises_itself(text: str, trace: TracebackType | None) -> bool:
    """Whether the innermost frame is a statement of the program that raises."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code.co_filename != FILE:
        return False
    return text.splitlines()[trace.tb_lineno - 1].lstrip().startswith(("raise", "assert"))


def blamed(done: Run, trace: TracebackType | None) -> frozenset[int]:
    """The innermost row of the program, and the rows where the innermost layer was built."""
    raised: frozenset[int] = frozenset()
    layer: frozenset[int] = frozenset()
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_code.co_filename == FILE:
            raised = frozenset({trace.tb_lineno})
        owner = done.built.get(id(frame.f_locals.get("self")))
        layer = owner[1] if owner is not None else layer
        trace = trace.tb_next
    return raised | layer
