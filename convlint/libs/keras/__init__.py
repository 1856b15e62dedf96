"""Keras 3: layers, models, functions. Importing this package declares them all in the registry.

Every file of the folder declares one family, as in `convlint.libs.torch`, and both end in the same laws.
"""

from importlib import import_module
from pkgutil import iter_modules

_FIRST = ("names", "layer", "answers", "declare", "models", "sequential", "model_answers")
for _module in sorted(
    (m.name for m in iter_modules(__path__)),
    key=lambda n: (_FIRST.index(n) if n in _FIRST else len(_FIRST), n),
):
    import_module(f"{__name__}.{_module}")
