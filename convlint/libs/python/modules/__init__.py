"""The standard library, one file a module, loaded at its first use (`registry.provides` names the files)."""

from convlint.libs.python import builtins

__all__ = ["builtins"]  # what the classes of every module derive from is declared first
