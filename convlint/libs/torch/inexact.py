"""Raised where the number that torch would compute is not certain."""


class Inexact(Exception):
    """The number that torch would compute is not certain."""
