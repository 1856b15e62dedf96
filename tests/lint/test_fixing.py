"""Fixes: exact edits, together where they do not touch, dropped where they do harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.lint.finding import Applicability, Edit, Finding, Fix, Location, Severity
from convlint.lint.fixing import Fixed, Fixer, applied


@dataclass(frozen=True)
class Result:
    findings: Sequence[Finding]


def finding(row: int, start: int, end: int, content: str, code: str = "CL900", safe: bool = True) -> Finding:
    edit = Edit(content, Location(row, start), Location(row, end))
    fix = Fix(Applicability.SAFE if safe else Applicability.UNSAFE, "do it", (edit,))
    return Finding(
        code, "some", Severity.WARNING, "wrong", "a.py", Location(row, start), Location(row, end), fix=fix
    )


def bad_words(texts: Mapping[str, str]) -> Result:
    """A check that finds `bad`, which should be `good`, and `worse`, of which nothing good can be made."""
    found = []
    for row, line in enumerate(texts["a.py"].split("\n"), 1):
        for word, content in (("bad", "good"), ("worse", "bad bad"), ("odd", "(")):
            at = line.find(word)
            if at >= 0:
                found.append(finding(row, at + 1, at + 1 + len(word), content, word))
    return Result(found)


def fixed(text: str, unsafe: bool = False) -> Fixed[Result]:
    texts = {"a.py": text}
    fixer = Fixer(
        texts,
        lambda last, changed: bad_words({**texts, **changed}),
        lambda after, name: "(" not in after,
        unsafe,
    )
    return fixer.fix(bad_words(texts))


def test_fixes_go_together_and_on() -> None:
    result = fixed("bad\nx bad\n")
    assert result.texts == {"a.py": "good\nx good\n"}
    assert [f.location.row for f in result.applied] == [1, 2]
    assert not result.result.findings


def test_what_leaves_more_or_breaks_the_file_is_dropped() -> None:
    result = fixed("bad\nodd\nworse worse\n")
    assert result.texts["a.py"].startswith("good\nodd\n")
    assert {f.code for f in result.dropped} >= {"odd"}


def test_unsafe_fixes_wait_to_be_asked() -> None:
    unsafe = finding(1, 1, 4, "good", safe=False)
    for asked, text in ((False, None), (True, "good")):
        fixer = Fixer({"a.py": "bad"}, lambda last, texts: Result([]), lambda *_: True, asked)
        assert fixer.fix(Result([unsafe])).texts.get("a.py") == text


def severe(code: str, severity: Severity) -> Finding:
    place = Location(9, 1)
    return Finding(code, "some", severity, "new", "a.py", place, place)


@pytest.mark.parametrize(
    ("safe", "brought", "stays"),
    [
        (False, Severity.ERROR, False),
        (False, Severity.WARNING, False),
        (False, Severity.ADVICE, True),
        (True, Severity.ERROR, True),
    ],
)
def test_what_changes_the_program_brings_nothing_as_bad(safe: bool, brought: Severity, stays: bool) -> None:
    """A padding that keeps the map gives the dense layer behind it another number of features."""
    before = Result([finding(1, 1, 4, "good", safe=safe), severe("CL901", Severity.ERROR)])
    after = Result([severe("CL901", Severity.ERROR), severe("CL902", brought)])
    result = Fixer({"a.py": "bad"}, lambda last, texts: after, lambda *_: True, True).fix(before)
    assert ("a.py" in result.texts) is stays
    assert bool(result.dropped) is not stays


def test_of_two_that_touch_the_first_goes_first() -> None:
    both = [finding(1, 1, 4, "x", "A"), finding(1, 3, 6, "y", "B")]
    seen: list[str] = []

    def check(last: Result, texts: Mapping[str, str]) -> Result:
        seen.append(texts["a.py"])
        return Result([])

    Fixer({"a.py": "abcdef"}, check, lambda *_: True).fix(Result(both))
    assert seen == ["xdef"]


@settings(deadline=None, derandomize=True)
@given(st.text("aé😀\n\r", max_size=20), st.data())
def test_edits_are_slices(text: str, data: st.DataObject) -> None:
    from convlint.source.positions import Lines

    lines = Lines.of(text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    cuts = [cut for cut in cuts if not (0 < cut < len(text) and text[cut - 1 : cut + 1] == "\r\n")]
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    expected, edits = text, []
    for start, end in reversed(pairs):
        content = data.draw(st.text("xyz", max_size=3))
        expected = expected[:start] + content + expected[end:]
        places = [Location(row, column + 1) for row, column in (lines.place(start), lines.place(end))]
        edits.append(Edit(content, *places))
    assert applied(text, edits) == expected
