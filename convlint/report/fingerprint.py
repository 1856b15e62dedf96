"""What makes a finding the same finding in another revision: its rule, its file and the code under it.

Neither the line's number nor the numbers in the message take part, so the fingerprint survives what is
inserted above and what changes elsewhere. Equal findings are told apart by counting them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from convlint.lint.finding import Finding
from convlint.report.paths import project_path
from convlint.report.renderer import Canvas


def fingerprints(findings: Sequence[Finding], canvas: Canvas) -> Iterator[str]:
    """One for each finding, in order, 32 hexadecimal digits; different ones in one run."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        key = (project_path(finding.filename, canvas), finding.code, *_code(finding, canvas))
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        yield sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _code(finding: Finding, canvas: Canvas) -> tuple[str, ...]:
    """The lines under the finding without their spaces; its message where there are none."""
    lines = canvas.source(finding.filename, finding.cell) or ()
    under = lines[finding.location.row - 1 : finding.end_location.row]
    code = tuple("".join(line.split()) for line in under)
    return code if any(code) else (finding.message,)
