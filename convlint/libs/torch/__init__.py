"""PyTorch: layers, functions, tensor methods. Importing this package declares them all in the registry.

Every file of the folder declares one family; the order of imports matters only where one declares a base
class.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in sorted(iter_modules(__path__), key=lambda m: (m.name != "module", m.name)):
    import_module(f"{__name__}.{_module.name}")
