"""The format for people: what is wrong, the source with carets, how the tensor came there, and the remedy."""

from collections.abc import Iterator, Sequence

from convlint.lint.finding import Finding
from convlint.report.escape import visible
from convlint.report.excerpt import Excerpt
from convlint.report.headline import ROLES, headline
from convlint.report.palette import Role
from convlint.report.remarks import remarks
from convlint.report.renderer import Canvas


def render_text(findings: Sequence[Finding], canvas: Canvas) -> str:
    """The findings one below the other, a blank line after each."""
    return "".join("\n".join(_finding(finding, canvas)) + "\n\n" for finding in findings)


def _finding(finding: Finding, canvas: Canvas) -> Iterator[str]:
    palette = canvas.palette
    yield headline(finding, palette)
    lines = canvas.source(finding.filename, finding.cell)
    gutter = len(str(max(finding.location.row, finding.end_location.row)))
    if lines is not None:
        excerpt = Excerpt(
            lines, finding.location, finding.end_location, visible(finding.label), ROLES[finding.severity]
        )
        yield from excerpt.draw(gutter, palette)
    for word, text in remarks(finding):
        introduction = palette.paint(Role.KEYWORD, f"{word}:")
        yield f"{palette.paint(Role.GUTTER, ' ' * gutter + ' =')} {introduction} {text}"
