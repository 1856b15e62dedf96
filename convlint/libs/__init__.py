"""What libraries mean: one declaration a function, method or layer, in `torch/`, `python/` …

`registry` finds a declaration by qualified name and loads a library's folder at its first use.
"""

from convlint.libs import registry

registry.provides("torch", "convlint.libs.torch")
registry.provides("builtins", "convlint.libs.python.builtins")

__all__ = ["registry"]
