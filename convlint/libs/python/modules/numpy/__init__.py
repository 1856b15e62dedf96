"""The package `numpy` as far as structure is computed with it: small arrays of known numbers."""

from convlint.libs import registry
from convlint.libs.python.arrays import KIND, SCALARS
from convlint.libs.python.modules.numpy import creation, elements, forms, joining, reductions

for _name in registry.names(f"{KIND}."):
    for _scalar in SCALARS.values():
        registry.alias(_name.replace(KIND, _scalar), _name)

__all__ = ["creation", "elements", "forms", "joining", "reductions"]
