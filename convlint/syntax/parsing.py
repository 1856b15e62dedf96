"""Text to tree: scan, guard, parse, lower.

Law: LibCST reads first; what it refuses is refused only if the running Python refuses it too.
"""

import ast
import warnings

import libcst

from convlint.source.tokens import Tokens, scan
from convlint.syntax import definitions, operations, patterns, strings
from convlint.syntax.cursor import Cursor
from convlint.syntax.fault import SyntaxFault
from convlint.syntax.limits import check_characters, check_tokens
from convlint.syntax.statements import statements

_REGISTERED = (definitions, operations, patterns, strings)


def parse(text: str, filename: str = "<string>") -> ast.Module:
    """The `ast` tree of Python source, read by LibCST and placed exactly.

    Lines and UTF-8 columns are those of the text without a byte order mark; raises SyntaxFault.
    """
    text = _normalized(text)
    tokens = scan(text)
    check_tokens(tokens)
    try:
        tree = libcst.parse_module(text)
    except Exception:
        # LibCST has gaps (`(x): int = 1`, `class A(x=1, *b)`), and poor messages.
        return _by_python(text, filename)
    return _lowered(tree, tokens)


def parse_fast(text: str, filename: str = "<string>") -> ast.Module:
    """The same tree for code that is evaluated but never linted, by Python's own parser where it can.

    Raises SyntaxFault.
    """
    text = _normalized(text)
    try:
        return _by_python(text, filename)
    except SyntaxFault as fault:
        tokens = scan(text)
        check_tokens(tokens)
        try:
            return _lowered(libcst.parse_module(text), tokens)
        except libcst.ParserSyntaxError:
            raise fault from None


def _normalized(text: str) -> str:
    text = text.removeprefix("\ufeff")
    check_characters(text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _lowered(tree: libcst.Module, tokens: Tokens) -> ast.Module:
    cursor = Cursor(tokens)
    body = statements(cursor, tree.body)
    if cursor.i != len(cursor.begins):
        raise cursor.fault("cannot place this in the text")
    return ast.Module(body, [])


def _by_python(text: str, filename: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename)
    except SyntaxError as error:
        raise SyntaxFault(error.msg, error.lineno or 1, max(error.offset or 1, 1)) from error
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        raise SyntaxFault(str(error) or "nested too deeply to be parsed", 1, 1) from error
