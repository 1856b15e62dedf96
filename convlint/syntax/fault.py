"""The one way in which text can fail to become a tree."""


class SyntaxFault(Exception):
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
