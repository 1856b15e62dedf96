"""What real Keras does with a program's text, and the numbers of it that may be changed.

Law: only numbers of functions that ran, or of the module itself, are changed: of the rest Keras says nothing.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from types import FrameType, ModuleType
from typing import Any

from tests.truth.mutants import FILE, Run, blamed, first, raises_itself, rows_of_callers

_INITIALISERS = (
    "GlorotUniform",
    "HeNormal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
)


def run(text: str, module: str | None = None, called: set[int] | None = None) -> Run:
    """Run a program as a script, or in place of a module of Keras.

    `called` takes the rows where functions begin that ran.
    """
    import keras
    from keras.src.ops.operation import Operation

    done = Run()
    original = Operation.__init__

    def recording(self: Any, *args: Any, **kwargs: Any) -> None:
        done.built[id(self)] = self, rows_of_callers()
        original(self, *args, **kwargs)

    keras.backend.clear_session()
    keras.config.disable_traceback_filtering()
    keras.config.set_image_data_format("channels_last")
    Operation.__init__ = recording
    sys.setprofile(None if called is None else _notes(called))
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), _cheap_weights():
            warnings.simplefilter("ignore")
            exec(compile(text, FILE, "exec"), _namespace(module))
    except Exception as error:
        done.error, done.blamed = error, _calls_at(text, blamed(done, error.__traceback__))
        done.own = raises_itself(text, error.__traceback__)
    finally:
        sys.setprofile(None)
        Operation.__init__ = original
        done.built.clear()
    return done


def _calls_at(text: str, rows: frozenset[int]) -> frozenset[int]:
    """The rows, and all of the calls that begin there and of their arguments, but for calls among these."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    found = set(rows)
    for row in rows:
        least = min(
            (c for c in calls if c.lineno == row),
            key=lambda c: (c.end_lineno or row, c.end_col_offset or 0),
            default=None,
        )
        if least is not None:
            inner = (c for c in ast.walk(least) if isinstance(c, ast.Call) and c is not least)
            found |= _rows(least) - {r for c in inner for r in _rows(c)}
    return frozenset(found)


def _rows(node: ast.expr) -> set[int]:
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _namespace(module: str | None) -> dict[str, Any]:
    if module is None:
        return {"__name__": "__main__"}
    place = ModuleType(module)
    place.__package__ = module.rpartition(".")[0]
    return vars(place)


@contextlib.contextmanager
def _cheap_weights() -> Iterator[None]:
    """What the weights are makes no difference to a shape."""
    import keras
    from keras.src.initializers.random_initializers import RandomInitializer

    def zeros(self: object, shape: Any, dtype: Any = None, **more: Any) -> Any:
        return keras.ops.zeros(shape, dtype)

    kinds = [RandomInitializer, *(getattr(keras.initializers, name) for name in _INITIALISERS)]
    kept = [(kind, vars(kind)["__call__"]) for kind in kinds if "__call__" in vars(kind)]
    for kind, _ in kept:
        kind.__call__ = zeros
    try:
        yield
    finally:
        for kind, call in kept:
            kind.__call__ = call


def _notes(called: set[int]) -> Callable[[FrameType, str, object], None]:
    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_filename == FILE:
            called.add(frame.f_code.co_firstlineno)

    return note


def numbers(text: str, called: Collection[int]) -> set[ast.Constant]:
    """Integers that stand as arguments, defaults, indices, values of names or members of lists.

    Of functions that did not run, and of the program's last rows that call the model, there are none.
    """
    found: set[ast.Constant] = set()
    for node in _walk(ast.parse(text), called):
        match node:
            case ast.Call(args=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                found |= _integers(values)
            case ast.arguments(defaults=values, kw_defaults=others):
                found |= _integers([*values, *others])
            case ast.keyword(value=value) | ast.Assign(value=value) | ast.Subscript(slice=value):
                found |= _integers([value])
            case ast.Slice(lower=lower, upper=upper):
                found |= _integers([lower, upper])
            case ast.BinOp(left=left, right=right):
                found |= _integers([left, right])
    return found


def _walk(node: ast.AST, called: Collection[int]) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef) and first(child) not in called:
            continue
        yield child
        yield from _walk(child, called)


def _integers(values: Collection[ast.AST | None]) -> set[ast.Constant]:
    found = set()
    for value in values:
        if isinstance(value, ast.UnaryOp):
            value = value.operand
        if isinstance(value, ast.Constant) and type(value.value) is int:
            found.add(value)
    return found
