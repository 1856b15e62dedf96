"""Symbolic integers in normal form: a constant plus a sum of coefficient · product of atoms.

Law: every value is interned, so two expressions are equal exactly when their normal forms are one object,
and an expression without symbols is always a plain `int`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from functools import lru_cache
from operator import attrgetter
from threading import Lock
from typing import NoReturn
from weakref import WeakValueDictionary

from convlint.dims.atoms import Atom, Symbol, parts_of, symbol_atom

MAX_SIZE = 1_000
MAX_DEPTH = 48
MAX_BITS = 4_096
MAX_PRODUCTS = 4_000
_FEW = 8
_REMEMBERED = 4_096
"""So many sums and as many products are kept: the layers of a stage ask for the same ones again and again."""


class TooComplex(OverflowError):
    """An expression outgrew what dims is willing to hold: more nodes, deeper nests or longer integers."""


Monomial = tuple[Atom, ...]
"""A non-empty product of atoms in the order of their texts, repeated where there is a power."""

Terms = tuple[tuple[Monomial, int], ...]

_by_text = attrgetter("text")


def _order(term: tuple[Monomial, int]) -> tuple[int, list[str]]:
    monomial = term[0]
    return -len(monomial), [atom.text for atom in monomial]


class Expr:
    """An integer that depends on symbols; immutable, hashable, `==` is identity of normal forms.

    Supports `+ - * // % divmod **` with `int` and `Expr`; where no symbol is left the result is an `int`.
    There is no truth value and no order: ask `decide`.
    Raises TooComplex where a result would outgrow the limits, ZeroDivisionError for the constant divisor 0.
    """

    __slots__ = ("__weakref__", "_interval", "_symbols", "_text", "constant", "depth", "size", "terms")
    constant: int
    terms: Terms
    depth: int
    size: int
    _text: str | None
    _symbols: frozenset[str] | None
    _interval: tuple[int | None, int | None] | None

    @property
    def symbols(self) -> frozenset[str]:
        """The names of all symbols that occur."""
        if self._symbols is None:
            self._symbols = frozenset().union(
                *(symbols_of_atom(atom) for monomial, _ in self.terms for atom in monomial)
            )
        return self._symbols

    @property
    def degree(self) -> int:
        """The largest number of atoms multiplied in one term."""
        return len(self.terms[0][0])

    def __add__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return _intern(self.constant + other, self.terms) if other else self
        if isinstance(other, Expr):
            return _sum(self, other, 1)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return _intern(self.constant - other, self.terms) if other else self
        if isinstance(other, Expr):
            return 0 if self is other else _sum(self, other, -1)
        return NotImplemented

    def __rsub__(self, other: Dim) -> Dim:
        return (-self).__add__(other)

    def __neg__(self) -> Expr:
        return _intern(-self.constant, tuple((m, -c) for m, c in self.terms))

    def __pos__(self) -> Expr:
        return self

    def __mul__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return self._scaled(other)
        if isinstance(other, Expr):
            return _product(self, other)
        return NotImplemented

    __rmul__ = __mul__

    def _scaled(self, factor: int) -> Dim:
        if factor == 0:
            return 0
        if factor == 1:
            return self
        return _intern(self.constant * factor, tuple((m, c * factor) for m, c in self.terms))

    def __pow__(self, exponent: int) -> Dim:
        if exponent < 0:
            return NotImplemented
        if exponent > MAX_DEPTH:
            raise TooComplex(f"power {exponent}")
        result: Dim = 1
        for _ in range(exponent):
            result = result * self
        return result

    def __floordiv__(self, other: Dim) -> Dim:
        from convlint.dims.floor import floordiv  # floor.py builds on this module

        if isinstance(other, int):
            return floordiv(self, other)
        if isinstance(other, Expr):
            return floordiv(self, other)
        return NotImplemented

    def __rfloordiv__(self, other: Dim) -> Dim:
        from convlint.dims.floor import floordiv

        if isinstance(other, int):
            return floordiv(other, self)
        return NotImplemented

    def __mod__(self, other: Dim) -> Dim:
        from convlint.dims.floor import mod

        if isinstance(other, int):
            return mod(self, other)
        if isinstance(other, Expr):
            return mod(self, other)
        return NotImplemented

    def __rmod__(self, other: Dim) -> Dim:
        from convlint.dims.floor import mod

        if isinstance(other, int):
            return mod(other, self)
        return NotImplemented

    def __divmod__(self, other: Dim) -> tuple[Dim, Dim]:
        return self // other, self % other

    def __rdivmod__(self, other: int) -> tuple[Dim, Dim]:
        return other // self, other % self

    def __bool__(self) -> NoReturn:
        raise TypeError(f"the truth of {self} is not known; ask decide()")

    def __str__(self) -> str:
        if self._text is None:
            from convlint.dims.printing import expr_text

            self._text = expr_text(self)
        return self._text

    def __repr__(self) -> str:
        return f"<{self}>"

    def __reduce__(self) -> tuple[object, ...]:
        return _intern, (self.constant, self.terms)


Dim = int | Expr

_making = Lock()
_exprs: WeakValueDictionary[tuple[int, Terms], Expr] = WeakValueDictionary()
_recent: dict[tuple[int, Terms], Expr] = {}
"""Those made last, found without a weak reference, and kept: steps of a computation come again and again."""
_KEPT = 4_096


def _intern(constant: int, terms: Terms) -> Expr:
    """The one Expr with this non-empty, ordered sum; terms carry no zero coefficient."""
    key = (constant, terms)
    found = _recent.get(key)
    if found is not None:
        return found
    found = _exprs.get(key)
    if found is None:
        found = _made(key)
    if len(_recent) >= _KEPT:
        _recent.clear()
    _recent[key] = found
    return found


def _made(key: tuple[int, Terms]) -> Expr:
    constant, terms = key
    size, depth, bits = 1, 0, constant.bit_length()
    for monomial, coefficient in terms:
        bits = max(bits, coefficient.bit_length())
        for atom in monomial:
            size += atom.size
            depth = max(depth, atom.depth)
    if size > MAX_SIZE or depth > MAX_DEPTH or bits > MAX_BITS:
        raise TooComplex(f"an expression of {size} nodes, {depth} levels and {bits}-bit integers")
    made = Expr()
    made.constant, made.terms, made.size, made.depth = constant, terms, size, depth
    made._text = made._symbols = made._interval = None
    with _making:
        return _exprs.setdefault(key, made)


def build(constant: int, coefficients: Mapping[Monomial, int]) -> Dim:
    """The normal form of constant + Σ coefficient · monomial; an `int` where nothing symbolic is left."""
    terms = [term for term in coefficients.items() if term[1]]
    if not terms:
        return constant
    if len(terms) > 1:
        terms.sort(key=_order)
    return _intern(constant, tuple(terms))


@lru_cache(maxsize=_REMEMBERED)
def _sum(a: Expr, b: Expr, sign: int) -> Dim:
    """a ± b; few new terms are put into their places, many are sorted."""
    coefficients = dict(a.terms)
    constant = a.constant + sign * b.constant
    new: list[tuple[Monomial, int]] = []
    for monomial, coefficient in b.terms:
        if monomial in coefficients:
            coefficients[monomial] += sign * coefficient
        else:
            new.append((monomial, sign * coefficient))
    if len(new) > _FEW:
        coefficients.update(new)
        return build(constant, coefficients)
    terms = [term for term in coefficients.items() if term[1]]
    for term in new:
        insort(terms, term, key=_order)
    return _intern(constant, tuple(terms)) if terms else constant


@lru_cache(maxsize=_REMEMBERED)
def _product(a: Expr, b: Expr) -> Dim:
    if len(a.terms) * len(b.terms) > MAX_PRODUCTS:
        raise TooComplex(f"a product of {len(a.terms)} by {len(b.terms)} terms")
    coefficients: dict[Monomial, int] = {}
    for left, c in (*a.terms, ((), a.constant)):
        for right, d in (*b.terms, ((), b.constant)):
            monomial = tuple(sorted(left + right, key=_by_text)) if left and right else left or right
            coefficients[monomial] = coefficients.get(monomial, 0) + c * d
    constant = coefficients.pop((), 0)
    return build(constant, coefficients)


def of_atom(atom: Atom) -> Expr:
    """The expression that is this atom alone."""
    return _intern(0, (((atom,), 1),))


def of_monomial(monomial: Monomial, coefficient: int = 1) -> Dim:
    """The expression coefficient · monomial (the empty monomial is 1)."""
    return build(0, {monomial: coefficient}) if monomial else coefficient


def symbol(name: str) -> Expr:
    """The integer of at least 1 called `name`; any text is a name, the same name is the same symbol."""
    return of_atom(symbol_atom(name))


def symbols_of_atom(atom: Atom) -> frozenset[str]:
    """The names of all symbols inside an atom."""
    if isinstance(atom, Symbol):
        return frozenset((atom.name,))
    return frozenset[str]().union(*map(symbols_of, parts_of(atom)))


def symbols_of(d: Dim) -> frozenset[str]:
    """The names of all symbols in an int (none) or an expression."""
    return d.symbols if isinstance(d, Expr) else frozenset()
