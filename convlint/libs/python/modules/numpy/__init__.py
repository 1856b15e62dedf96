"""The package `numpy` as far as structure is computed with it: small arrays of known numbers."""

from convlint.libs.python.modules.numpy import creation, elements, forms, reductions

__all__ = ["creation", "elements", "forms", "reductions"]
