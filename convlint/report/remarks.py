"""What a finding says besides its message: how the tensor came there, what the runtime says, the remedy."""

from collections.abc import Iterator

from convlint.lint.finding import Finding, NoteKind
from convlint.report.escape import visible
from convlint.report.headline import place_of


def remarks(finding: Finding, placed: bool = True) -> Iterator[tuple[str, str]]:
    """The notes and the help, each a word and the text it introduces; notes that have a place, or not.

    Steps are for formats that have places of their own: the path says the same in one line.
    """
    for note in finding.notes:
        if note.kind is NoteKind.STEP:
            continue
        if note.filename is None:
            yield note.kind.value, visible(note.message)
        elif placed:
            place = place_of(note.filename, note.location, note.cell)
            yield note.kind.value, f"{visible(note.message)} ({place})"
    if finding.help:
        yield "help", visible(finding.help)


def whole_message(finding: Finding, placed: bool = True) -> str:
    """The message and, a line each, its remarks.

    In a notebook the message begins with its place: services know a notebook by the lines of its JSON only.
    """
    lines = [cell_message(finding), *(f"{word}: {text}" for word, text in remarks(finding, placed))]
    return "\n".join(lines)


def cell_message(finding: Finding) -> str:
    """The message on one line, introduced by `cell 3:12:5: ` in a notebook."""
    message = visible(finding.message)
    if finding.cell is None:
        return message
    return f"cell {finding.cell}:{finding.location.row}:{finding.location.column}: {message}"
