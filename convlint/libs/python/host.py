"""Computing with the host: its exceptions become the program's, whatever outgrows a limit is not modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from convlint.dims import TooComplex
from convlint.values import Caller, NotModelled

P = ParamSpec("P")
T = TypeVar("T")

PROGRAM_ERRORS = (
    ArithmeticError,
    AttributeError,
    BufferError,
    LookupError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)
"""What an operation on plain data may raise in the program just as it does here."""


def attempt(caller: Caller, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a host operation on plain data. Raises the program's exception, or NotModelled."""
    try:
        return function(*args, **kwargs)
    except TooComplex as error:
        raise NotModelled(f"an extent grows beyond the limits: {error}") from None
    except (RecursionError, MemoryError):
        raise NotModelled("the host's own limits are reached") from None
    except PROGRAM_ERRORS as error:
        raised = caller.error(type(error).__name__, str(error.args[0]) if error.args else "")
        raised.value.attrs["args"] = error.args
        raise raised from None
