"""The comments that speak to convlint: what they suppress, and the inputs they give to models.

Law: only comments count (a `#` in a string is none), every `convlint:` comment is either understood or a
problem, and nothing here decides what a code means or whether a suppression was used.
"""

import ast
import re
from collections.abc import Iterator

from msgspec import Struct, field

from convlint.source.extents import Extents, Rows
from convlint.source.input_shapes import NamedShape, Refused, read_shapes
from convlint.source.positions import Lines
from convlint.source.suppression import Code, Ending, Kind, Suppression
from convlint.source.tokens import Comment, Tokens, scan

_OWN = re.compile(r"#[ \t]*convlint[ \t]*:")
_NOQA = re.compile(
    r"#[ \t]*noqa\b(?:[ \t]*:[ \t]*(?P<codes>[A-Z]+[0-9]+(?:(?:[ \t]*,[ \t]*|[ \t]+)[A-Z]+[0-9]+)*))?",
    re.IGNORECASE,
)
_HASH = re.compile(r"^#|(?<=[ \t])#(?=[ \t]|[^\W\d])")
_DIRECTIVE = re.compile(r"[ \t]*(?P<word>[A-Za-z][\w-]*)?[ \t]*")
_CODES = re.compile(r"\[(?P<inside>[^\]\[]*)\]")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_KINDS = {"ignore": Kind.IGNORE, "file-ignore": Kind.FILE, "disable": Kind.DISABLE}
_WORDS = "ignore[…], file-ignore[…], disable[…], enable[…] or input=(…)"


class InputComment(Struct, frozen=True):
    """Shapes that a comment gives to the model of a statement: a class, a factory, a construction.

    `row` is the comment's; `statement_row` that of the statement it stands on or above, as `ast` counts it
    (a class's or function's own line, not its decorator's), None where none follows.
    """

    row: int
    column: int
    end_column: int
    statement_row: int | None
    shapes: tuple[NamedShape, ...]


class CommentProblem(Struct, frozen=True):
    """A `convlint:` comment, or a part of one, that is not understood; columns in code points from 1."""

    message: str
    row: int
    column: int
    end_column: int


class Directives(Struct, frozen=True):
    """What a file's comments say, in their order."""

    suppressions: tuple[Suppression, ...] = ()
    inputs: tuple[InputComment, ...] = ()
    problems: tuple[CommentProblem, ...] = ()


def read_comments(text: str, tree: ast.Module | None = None) -> Directives:
    """Read the comments of a text; without its syntax tree a comment reaches its logical line at most.

    Rows and columns are those of the text (code points, from 1), whatever its line breaks.
    """
    if "convlint" not in text and "noqa" not in text.lower():
        return Directives()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _Reader(scan(text), tree).read()


class _Reader(Struct):
    tokens: Tokens
    tree: ast.Module | None
    suppressions: list[Suppression] = field(default_factory=list)
    inputs: list[InputComment] = field(default_factory=list)
    problems: list[CommentProblem] = field(default_factory=list)
    endings: list[tuple[Ending, "_Piece"]] = field(default_factory=list)

    def read(self) -> Directives:
        lines = Lines.of(self.tokens.text)
        extents = Extents(self.tokens, lines, self.tree)
        for comment in self.tokens.comments:
            row, column = lines.place(comment.start)
            for piece in _pieces(comment, row, column):
                if piece.own:
                    self._directive(piece, extents)
                else:
                    self._noqa(piece, extents)
        self._close()
        return Directives(tuple(self.suppressions), tuple(self.inputs), tuple(self.problems))

    def _noqa(self, piece: "_Piece", extents: Extents) -> None:
        match = _NOQA.match(piece.text)
        if match is None:
            return
        codes = piece.codes(match["codes"] or "", match.start("codes"))
        rows = extents.of_line(piece.row)
        self.suppressions.append(piece.suppression(Kind.NOQA, codes, rows, "", match.end()))

    def _directive(self, piece: "_Piece", extents: Extents) -> None:
        head = _OWN.match(piece.text)
        assert head is not None
        match = _DIRECTIVE.match(piece.text, head.end())
        assert match is not None
        word = (match["word"] or "").lower()
        if word == "input":
            self._input(piece, match.end(), extents)
        elif word in _KINDS or word == "enable":
            self._codes(piece, word, match.end(), extents)
        else:
            said = f"`{word}` is none of" if word else "nothing is said; expected"
            self.problems.append(piece.problem(f"{said} {_WORDS}", match.start("word") if word else 0))

    def _codes(self, piece: "_Piece", word: str, start: int, extents: Extents) -> None:
        """`word[CODE, …] reason`; the brackets must be there and name something."""
        match = _CODES.match(piece.text, start)
        if match is None or not match["inside"].strip(" \t,"):
            self.problems.append(piece.problem(f"name the codes in brackets, as in {word}[CL201]"))
            return
        self._refuse_others(piece, match["inside"], match.start("inside"))
        codes = piece.codes(match["inside"], match.start("inside"))
        if word == "enable":
            self.endings.append((Ending(codes, piece.row), piece))
            return
        kind = _KINDS[word]
        rows = _rows(kind, piece, extents)
        reason = piece.text[match.end() :].strip(" \t-–—:")
        self.suppressions.append(piece.suppression(kind, codes, rows, reason, len(piece.text)))

    def _refuse_others(self, piece: "_Piece", inside: str, start: int) -> None:
        for part in re.finditer(r"[^,\s](?:[^,]*[^,\s])?", inside):
            if not _CODE.fullmatch(part[0]):
                message = f"`{part[0]}` is not a code"
                self.problems.append(piece.problem(message, start + part.start(), start + part.end()))

    def _input(self, piece: "_Piece", start: int, extents: Extents) -> None:
        try:
            shapes = read_shapes(piece.text, start)
        except Refused as refusal:
            self.problems.append(piece.problem(str(refusal), refusal.start, refusal.end))
            return
        row = extents.next_statement(piece.row) if piece.own_line else extents.statement_at(piece.row)
        self.inputs.append(InputComment(piece.row, piece.column, piece.end_column, row, shapes))

    def _close(self) -> None:
        """Tell each `disable` which `enable` ends it; an `enable` that ends none is a problem."""
        for index, suppression in enumerate(self.suppressions):
            if suppression.kind is Kind.DISABLE:
                after = (
                    e for e, _ in self.endings if e.row > suppression.row and e.touches(suppression.codes)
                )
                self.suppressions[index] = suppression.ended(tuple(after))
        for ending, piece in self.endings:
            if not any(ending in suppression.endings for suppression in self.suppressions):
                self.problems.append(piece.problem("nothing that is disabled above is enabled here"))
        self.problems.sort(key=lambda problem: (problem.row, problem.column))


def _rows(kind: Kind, piece: "_Piece", extents: Extents) -> Rows:
    match kind:
        case Kind.FILE:
            return Rows(1, None)
        case Kind.DISABLE:
            return Rows(piece.row, None)
    return extents.below(piece.row) if piece.own_line else extents.of_line(piece.row)


class _Piece(Struct, frozen=True):
    """A part of a comment from one `#` to the next that speaks to convlint; its column starts at 1."""

    text: str
    row: int
    column: int
    own: bool
    own_line: bool

    @property
    def end_column(self) -> int:
        return self.column + len(self.text)

    def codes(self, inside: str, start: int) -> tuple[Code, ...]:
        """The codes between brackets or behind `noqa:`, which begin at `start` in the piece."""
        origin = self.column + start
        return tuple(
            Code(_canonical(match[0]), origin + match.start(), origin + match.end())
            for match in re.finditer(r"[^,\s]+", inside)
            if _CODE.fullmatch(match[0])
        )

    def suppression(
        self, kind: Kind, codes: tuple[Code, ...], rows: Rows, reason: str, end: int
    ) -> Suppression:
        return Suppression(kind, codes, rows, self.row, self.column, self.column + end, reason)

    def problem(self, message: str, start: int = 0, end: int | None = None) -> CommentProblem:
        stop = self.column + end if end is not None else self.end_column
        return CommentProblem(message, self.row, self.column + start, stop)


def _canonical(code: str) -> str:
    """Codes are written in capitals, rules' names are not."""
    is_name = "-" in code or (code.islower() and code.isalpha())
    return code.lower() if is_name else code.upper()


def _pieces(comment: Comment, row: int, column: int) -> Iterator[_Piece]:
    """Cut a comment into comments (`# a  # b`, not `# issue #12`); those that are not for us are skipped."""
    starts = [match.start() for match in _HASH.finditer(comment.text)]
    for start, end in zip(starts, [*starts[1:], len(comment.text)], strict=True):
        text = comment.text[start:end].rstrip()
        own = _OWN.match(text) is not None
        if own or _NOQA.match(text) is not None:
            yield _Piece(text, row, column + 1 + start, own, comment.own_line)
