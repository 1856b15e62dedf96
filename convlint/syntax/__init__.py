"""LibCST lowered to the standard library's `ast` nodes with exact positions; the only importer of libcst."""

from convlint.syntax.fault import SyntaxFault
from convlint.syntax.parsing import parse, parse_fast

__all__ = ["SyntaxFault", "parse", "parse_fast"]
