"""The table of answers against plain loops."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spindetect.align.lexical.lexicon import AnswerTable

WORDS = st.sampled_from(["harbor", "port", "haven", "ship", "vessel", "boat", "dock"])


def plain_answers(
    known: dict[tuple[str, str], float], suspect: set[str], reference: set[str]
) -> dict[str, set[tuple[str, float]]]:
    """The answers by a loop over everything known."""
    found: dict[str, set[tuple[str, float]]] = {}
    for (source, word), association in known.items():
        if word in suspect and source in reference:
            found.setdefault(word, set()).add((source, association))
    return found


@given(st.dictionaries(st.tuples(WORDS, WORDS), st.floats(0, 1)), st.sets(WORDS), st.sets(WORDS))
def test_the_table_answers_like_a_plain_loop(
    known: dict[tuple[str, str], float], suspect: set[str], reference: set[str]
) -> None:
    table = AnswerTable((source, word, association) for (source, word), association in known.items())
    found = table.between(suspect, reference)
    assert {word: set(answers) for word, answers in found.items()} == plain_answers(known, suspect, reference)


def test_an_answer_is_a_word_of_the_reference_with_its_association() -> None:
    table = AnswerTable([("harbor", "port", 0.5), ("haven", "port", 0.25), ("ship", "vessel", 1.0)])
    assert table.between({"port", "vessel"}, {"harbor", "ship", "the"}) == {
        "port": [("harbor", 0.5)],
        "vessel": [("ship", 1.0)],
    }
    assert table.between({"harbor"}, {"port"}) == {}  # the other way about it isn't known


@given(st.dictionaries(st.tuples(WORDS, WORDS), st.floats(0, 1)), st.sets(WORDS), st.sets(WORDS))
def test_either_way_is_the_same_whichever_text_comes_first(
    known: dict[tuple[str, str], float], one: set[str], other: set[str]
) -> None:
    table = AnswerTable((source, word, association) for (source, word), association in known.items())

    def pairs(first: set[str], second: set[str]) -> set[tuple[str, str, float]]:
        return {(word, *answer) for word, found in table.either_way(first, second).items() for answer in found}

    assert pairs(one, other) == {(word, source, value) for source, word, value in pairs(other, one)}
    for word, source, value in pairs(one, other):
        assert value == max(known.get((source, word), 0.0), known.get((word, source), 0.0))
