"""The names that every module sees: importing this declares them all."""

from convlint.libs.python import classes, exceptions, functions, iteration, rounding

__all__ = ["classes", "exceptions", "functions", "iteration", "rounding"]
