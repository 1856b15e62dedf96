"""Which modules of this package declare operations that do no multiply-accumulates.

Law: a module listed here counts none and calls nothing of the program's; what is not listed may hide some.
"""

from __future__ import annotations

from convlint.libs.registry import without_products

FREE = (
    *("adaptive_pooling", "arithmetic", "combinations", "conversion", "creation", "cumulation", "diagonals"),
    *("dropout", "dtypes", "elementwise", "fold", "fractional_pooling", "indexing", "init", "joining"),
    *("logic", "ordering", "orders", "padding", "picking", "pooling", "putting", "questions"),
    *("random_numbers", "ranges", "reductions", "reshaping", "sampling", "shuffle", "softmax", "splitting"),
    *("stretching", "unpooling", "views"),
)
without_products(*(f"{__package__}.{name}" for name in FREE))
