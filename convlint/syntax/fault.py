"""The one way in which text can fail to become a tree."""

from convlint.source.tokens import Tokens


class SyntaxFault(ValueError):
    """Text that cannot be analysed: not Python, or nested, chained or sized beyond the limits.

    `row` and `column` start at 1 and count code points; `message` is a sentence without position.
    """

    def __init__(self, message: str, row: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.row = row
        self.column = column

    def __str__(self) -> str:
        return f"{self.row}:{self.column}: {self.message}"


def fault_at(tokens: Tokens, index: int, message: str) -> SyntaxFault:
    """A fault at the token of that index, or at the end of the text."""
    offset = tokens.starts[index] if index < len(tokens.starts) else len(tokens.text)
    row = tokens.text.count("\n", 0, offset) + 1
    column = offset - (tokens.text.rfind("\n", 0, offset) + 1) + 1
    return SyntaxFault(message, row, column)
