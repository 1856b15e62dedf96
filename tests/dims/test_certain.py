"""What is certain is proved, with facts or without; a sample is an admissible assignment."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convlint.dims import AtLeast, Divides, Equal, Unequal, Verdict, certain, decide, maximum, negate, symbol
from convlint.dims.integers import IntegerSet, between, residues
from convlint.dims.search import samples

H, W, N, C = map(symbol, "HWNC")
ANSWERS = {Verdict.ALWAYS: True, Verdict.NEVER: False}


@pytest.mark.parametrize(
    ("question", "facts", "answer"),
    [
        (Equal(3, 3), [], True),
        (Divides(4, 13), [], False),
        (AtLeast(H, 1), [], True),
        (AtLeast(H * W, 2), [], None),
        (AtLeast(H * W, 2), [AtLeast(W, 2)], True),
        (Equal(H * W, H), [AtLeast(W, 2)], False),
        (Equal((H + 1) // 2 + H // 2, H), [], True),
        (Equal(H // 32 * 32, H), [], None),
        (Equal(H // 32 * 32, H), [Divides(64, H)], True),
        (Unequal(H * H % 4, 2), [], True),
        (Equal((H % 3 + 5) * (W % 2 + 7), 77), [], False),
        (Unequal(512 * (H // 32) * (W // 32), 25087), [], True),
        (Equal(512 * (H // 32) * (W // 32), 25088), [], None),
        (Equal(H, 5000), [], None),
        (Equal(H, W), [Equal(H, 2 * C), Equal(W, 2 * C)], True),
        (AtLeast(H, W), [AtLeast(H, N), AtLeast(N, W)], True),
        (AtLeast(H // (W - 1), 0), [], None),
        (Equal(H, 3), [AtLeast(H, 4), AtLeast(2, H)], None),
    ],
)
def test_certain_answers(question, facts, answer):
    assert certain(question, facts) is answer
    assert certain(negate(question), iter(facts)) is (None if answer is None else not answer)
    assert ANSWERS.get(decide(question, facts).verdict) is answer


def test_too_complex_questions_are_not_certain():
    wide = sum((symbol(f"u{i}") for i in range(800)), start=0)
    other = sum((symbol(f"v{i}") for i in range(800)), start=0)
    assert certain(Equal(wide, other)) is None


@settings(deadline=None, derandomize=True, max_examples=120)
@given(data=st.data())
def test_what_is_certain_holds_everywhere(texts, data):
    strategy = texts.strategy("HWN")
    sources = [data.draw(strategy), data.draw(strategy)]
    sides = [texts.dim(source) for source in sources]
    if None in sides:
        return
    kind = data.draw(st.sampled_from([Equal, Unequal, AtLeast]))
    answer = certain(kind(*sides))
    for h, w, n in data.draw(st.lists(st.tuples(*[st.integers(1, 60)] * 3), min_size=8, max_size=8)):
        a, b = (texts.value(source, {"H": h, "W": w, "N": n}) for source in sources)
        if answer is not None and a is not None and b is not None:
            assert answer == {Equal: a == b, Unequal: a != b, AtLeast: a >= b}[kind]


@st.composite
def integer_sets(draw):
    low, length = draw(st.integers(1, 200)), draw(st.one_of(st.none(), st.integers(0, 5000)))
    modulus = draw(st.integers(1, 12))
    allowed = draw(st.sets(st.integers(0, modulus - 1), min_size=1))
    return residues(modulus, allowed).intersection(between(low, None if length is None else low + length))


@given(st.dictionaries(st.sampled_from("HWN"), integer_sets(), min_size=1))
def test_samples_are_admissible_and_begin_with_the_least(sets):
    found = list(samples(sets))
    for assignment in found:
        assert assignment.keys() == sets.keys()
        assert all(assignment[name] in values for name, values in sets.items())
    if any(values.empty for values in sets.values()):
        assert not found
    else:
        assert found[0] == {name: values.smallest() for name, values in sets.items()}


def test_an_unbounded_symbol_is_sampled_far_out():
    assert {"H": 1, "W": 1} in samples({"H": between(1, None), "W": between(1, None)})
    assert any(at["H"] > 1000 and at["W"] == 1 for at in samples(dict.fromkeys("HW", between(1, None))))
    assert list(samples({"H": IntegerSet(1, ((),))})) == []


def test_extrema_are_certain_by_their_bounds():
    assert certain(AtLeast(maximum(H - 3, 0), 0)) is True
