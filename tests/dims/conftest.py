"""Random dimensions as Python text: `eval` on integers is the oracle, `eval` on symbols the thing tested."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

import pytest
from hypothesis import strategies as st

from convlint.dims import Dim, TooComplex, maximum, minimum, symbol

DIVISORS = [1, 2, 3, 4, 5, 6, 8, -2, -3]


BUILTINS = {"__builtins__": {"min": min, "max": max}}


@lru_cache(maxsize=64)
def compiled(text: str) -> CodeType:
    return compile(text, "<text>", "eval")


@dataclass(frozen=True)
class Texts:
    """Strategies for texts, and the two ways to read one."""

    @lru_cache(maxsize=32)  # noqa: B019 - one instance; each new strategy costs hypothesis time
    def strategy(
        self, names: str, *, symbolic_divisors: bool = True, nests: int = 6
    ) -> st.SearchStrategy[str]:
        leaves = st.one_of(st.sampled_from(list(names)), st.integers(-7, 12).map(str))

        def inner(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
            divisor = st.sampled_from(DIVISORS)
            choices = [
                st.builds("({}{}{})".format, texts, st.sampled_from("+-*"), texts),
                st.builds("({}//{})".format, texts, divisor),
                st.builds("(({}+{})//{})".format, texts, st.integers(-9, 9), divisor),
                st.builds("({}%{})".format, texts, divisor),
                st.builds("{}({},{})".format, st.sampled_from(["min", "max"]), texts, texts),
            ]
            if symbolic_divisors:
                choices.append(st.builds("({}{}{})".format, texts, st.sampled_from(["//", "%"]), texts))
            return st.one_of(choices)

        return st.recursive(leaves, inner, max_leaves=nests)

    def dim(self, text: str) -> Dim | None:
        """The dimension; None where Python would divide by the constant 0, or where it grows too large."""
        names = {name: symbol(name) for name in "HWN"}
        try:
            return eval(compiled(text), {"min": minimum, "max": maximum, **names})
        except (ZeroDivisionError, TooComplex):
            return None

    def value(self, text: str, assignment: dict[str, int]) -> int | None:
        """The integer; None where Python divides by zero."""
        try:
            return eval(compiled(text), dict(BUILTINS), assignment)
        except ZeroDivisionError:
            return None


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts()


@pytest.fixture(scope="session")
def symbols() -> Callable[[str], tuple[Dim, ...]]:
    return lambda names: tuple(symbol(name) for name in names.split())
