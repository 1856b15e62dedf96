"""Parsing of the files that are linted, through LibCST; what is only evaluated is read by the loader."""

from convlint.syntax import SyntaxFault, parse

__all__ = ["SyntaxFault", "parse"]
