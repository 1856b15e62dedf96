"""A comment to convlint suppresses nothing, names a rule that does not exist, or cannot be understood.

## What it does
Flags `# convlint: ignore[…]`, `file-ignore[…]` and `disable[…]` comments, or codes in them, that suppress
no finding
although the rules they name run; codes that no rule has; and `# convlint:` comments that say nothing known.

## Why it matters
A comment that outlived its reason hides the next finding in its place; one with a slip of the pen hides
nothing.

## Example
    self.conv = nn.Conv2d(3, 8, 3, padding=1)  # convlint: ignore[CL201]

## Use instead
    self.conv = nn.Conv2d(3, 8, 3, padding=1)

## When to ignore
Where the finding only shows for other versions of your code.
"""

from collections.abc import Iterator

from convlint.lint import Finding, IdleComment, Idleness, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import listed


@rule("CL001", "unused-suppression", Severity.WARNING)
def unused_suppression(comment: IdleComment) -> Iterator[Finding]:
    """One finding for each comment that does nothing, or for the part of it that does not."""
    codes = listed(comment.codes)
    match comment.why:
        case Idleness.UNUSED:
            message = f"nothing is suppressed here for {codes}" if codes else "nothing is suppressed here"
        case Idleness.UNKNOWN:
            message = f"no rule is called {codes}"
        case Idleness.UNREADABLE:
            message = f"this comment is not understood: {comment.what}"
    yield comment.here().finding(message, fix=comment.removal())
