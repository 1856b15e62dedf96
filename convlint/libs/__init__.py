"""What libraries mean: one declaration a function, method or layer, in `torch/`, `python/` …

`registry` finds a declaration by qualified name and loads a library's folder at its first use.
"""

from convlint.libs import registry

registry.provides("torch", "convlint.libs.torch")
registry.provides("builtins", "convlint.libs.python.builtins")

STANDARD = (
    "collections",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "inspect",
    "itertools",
    "math",
    "operator",
    "types",
    "typing",
)
for _module in STANDARD:
    registry.provides(_module, f"convlint.libs.python.modules.{_module}")
registry.provides("typing_extensions", "convlint.libs.python.modules.typing")

__all__ = ["registry"]
