"""A file, or a model in it, that could not be analysed, or not to its end.

## What it does
Reports text that Python cannot parse, nesting and sizes beyond convlint's limits, files that cannot be
read, errors of convlint's own; and, as advice, roots whose analysis spent a budget (steps, depth, paths or
seconds).

## Why it matters
What was not analysed was not checked: silence about it means nothing.

## Example
    class Net(nn.Module:
        ...

## Use instead
    class Net(nn.Module):
        ...

## When to ignore
For templates and files that are broken on purpose; exclude them.
"""

from collections.abc import Iterator

from convlint.lint import Finding, Severity, Trouble, TroubleKind
from convlint.lint.rule import rule
from convlint.lint.wording import count


@rule("CL002", "unanalysable-file", Severity.WARNING)
def unanalysable_file(trouble: Trouble) -> Iterator[Finding]:
    """One finding for each file or root."""
    match trouble.kind:
        case TroubleKind.SOURCE:
            yield trouble.here().finding(f"cannot be analysed: {trouble.what}")
        case TroubleKind.INTERNAL:
            yield trouble.here().finding(
                f"{trouble.root}: convlint failed on it ({trouble.what})",
                help="please report it, with the traceback that -v shows",
            )
        case TroubleKind.BUDGET:
            yield trouble.here().finding(
                f"the analysis of {trouble.root} spent its budget of {trouble.what}",
                severity=Severity.ADVICE,
                help=f"{count(trouble.followed, 'layer call')} were followed and checked; "
                "an error further on is not found, nor one that only some paths show",
            )
