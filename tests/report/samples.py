"""Findings for the tests of formats: one that has everything, and strategies for hostile ones."""

from hypothesis import strategies as st

from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Note, NoteKind, Severity

HOSTILE = (
    "a%0Ab::error file=x,line=1::forged",
    "]]>&<tag attr='\"'/>",
    "one\ntwo\r\nthree\x0b\x00\x1b[31m\x85\u2028",
    "lone \ud800 surrogate \udcff",
    "\U00010400 \U0001f600 e\u0301 \u202egnol\ufffe",
    "layers[0](1) and [a](https://example.org)",
    "{0} {{1}} %s 100 % # ; , :",
    "x" * 2_000,
)

FULL = Finding(
    code="CL301",
    name="even-kernel",
    severity=Severity.WARNING,
    message="kernel 4 × 4 of `conv` cannot be centred",
    filename="models/a b#%.py",
    location=Location(2, 15),
    end_location=Location(2, 16),
    help="use 3",
    notes=(
        Note("Net() → conv", kind=NoteKind.PATH),
        Note("RuntimeError: no", kind=NoteKind.RUN_TIME),
        Note("written here", "other.py", Location(1, 2)),
        Note("built in", "third.py"),
    ),
    fix=Fix(Applicability.UNSAFE, "make it 3", (Edit("3", Location(2, 15), Location(2, 16)),)),
    url="https://example.org/even-kernel",
    label="4",
)
LINES = ("import torch", 's = "𐐀é"; k = 4 # no', "")


def source(filename: str, cell: int | None) -> tuple[str, ...]:
    """The lines that FULL is a finding about."""
    return LINES


class Card:
    """What a format is told of the rule that made FULL."""

    code, name, severity, on = "CL301", "even-kernel", Severity.ERROR, False
    doc = "An even kernel\nhas no centre.\n\n## What it does\nFlags it."


texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), min_size=1, max_size=40),
    st.text(st.sampled_from("%:,;]>&<'\"\n\r\t\\x0[](){}\x00\x1b\ud800𐐀 a"), min_size=1, max_size=12),
)
"""Any text, hostile ones often; lone surrogates included."""

files = st.binary(min_size=1, max_size=12).map(
    lambda octets: octets.replace(b"\0", b"_").decode("utf-8", "surrogateescape") + ".py"
)
"""Any name that a file of a POSIX system can have."""

locations = st.builds(Location, st.integers(1, 10**6), st.integers(1, 10**6))


@st.composite
def findings(draw: st.DrawFn, filenames: st.SearchStrategy[str] = texts) -> Finding:
    """A finding with hostile text wherever text can be."""
    start = draw(locations)
    end = Location(start.row + draw(st.integers(0, 2)), start.column + draw(st.integers(0, 5)))
    notes = st.builds(Note, texts, st.none() | texts, st.none() | locations, st.sampled_from(NoteKind))
    edit = st.builds(Edit, texts, st.just(start), st.just(end))
    fix = st.builds(Fix, st.sampled_from(Applicability), texts, st.tuples(edit))
    return Finding(
        code=draw(st.sampled_from(["CL101", "CL301", "X-1"]) | texts),
        name=draw(texts),
        severity=draw(st.sampled_from(Severity)),
        message=draw(texts),
        filename=draw(filenames),
        location=start,
        end_location=end,
        help=draw(st.just("") | texts),
        notes=tuple(draw(st.lists(notes, max_size=2))),
        fix=draw(st.none() | fix),
        url=draw(st.none() | st.just("https://example.org/a")),
        cell=draw(st.none() | st.integers(1, 50)),
    )


def reports(filenames: st.SearchStrategy[str] = texts) -> st.SearchStrategy[list[Finding]]:
    """The findings of a run."""
    return st.lists(findings(filenames), max_size=3)
