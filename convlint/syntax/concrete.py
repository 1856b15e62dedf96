"""LibCST's tree of a text, lowered; the door to the modules that import LibCST."""

import ast

import libcst

from convlint.source.tokens import Tokens
from convlint.syntax import definitions, operations, patterns, strings
from convlint.syntax.cursor import Cursor, Misplaced
from convlint.syntax.statements import statements

# Imported to register what they lower.
_REGISTERED = (definitions, operations, patterns, strings)


def lowered(tokens: Tokens) -> ast.Module | None:
    """The tree of the tokens' text; None where LibCST does not read it.

    There are such gaps: `(x): int = 1`, `class A(x=1, *b)`. Raises SyntaxFault for a literal without a value.
    """
    tree = _parsed(tokens.text)
    if tree is None:
        return None
    cursor = Cursor(tokens)
    try:
        body = statements(cursor, tree.body)
        cursor.finish()
    except (Misplaced, LookupError, RecursionError):  # LookupError: a node that a later LibCST added
        return None
    return ast.Module(body, [])


def _parsed(text: str) -> libcst.Module | None:
    try:
        return libcst.parse_module(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # besides its own errors also panics of its Rust, which are no Exceptions
        return None
