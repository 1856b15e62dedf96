"""What a text may hold before a parser is let near it: parsers recurse, some of their costs are quadratic.

Law: whatever passes is parsed within seconds and without exhausting the stack; the limits lie far above code
that people write.
"""

from convlint.source.tokens import Tokens
from convlint.syntax.cursor import fault_at
from convlint.syntax.fault import SyntaxFault

MAX_SIZE = 5_000_000
MAX_BRACKETS = 100


def check_characters(text: str) -> None:
    """Refuse text that is too long, or holds characters no source can hold."""
    if len(text) > MAX_SIZE:
        raise SyntaxFault(f"the text has {len(text):,} characters; the limit is {MAX_SIZE:,}", 1, 1)
    position = text.find("\0")
    if position >= 0:
        row = text.count("\n", 0, position) + 1
        raise SyntaxFault(
            "source cannot contain NUL characters", row, position - text.rfind("\n", 0, position)
        )


def check_tokens(tokens: Tokens) -> None:
    """Refuse nesting that a parser could not bear."""
    depth = 0
    for index, text in enumerate(tokens.texts):
        if text in ("(", "[", "{"):
            depth += 1
            if depth > MAX_BRACKETS:
                raise fault_at(tokens, index, f"brackets nest more than {MAX_BRACKETS} deep")
        elif text in (")", "]", "}"):
            depth -= 1
