"""How word links are cut into swaps: hand-worked sentences, with and without a lexicon."""

import pytest

from spindetect.align.lexicon import Entry, Lexicon
from spindetect.align.strands import strand
from spindetect.align.words import align_words
from spindetect.classify.phrases import find_phrase_pairs
from spindetect.records import Article
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

VOCABULARY = Vocabulary()


def swaps(reference: str, suspect: str, known: dict[tuple[str, str], float] | None = None) -> list[tuple[str, str]]:
    """The swaps between two sentences, as texts."""
    lexicon = Lexicon({pair: Entry(association, 0.0) for pair, association in (known or {}).items()})
    left, right = (segment(Article(text), VOCABULARY) for text in (reference, suspect))
    pair = strand(left, 0, len(left.words)), strand(right, 0, len(right.words))
    found, _ = find_phrase_pairs(align_words([pair], lexicon)[0], right, left, lexicon)
    return [
        (
            " ".join(word.norm for word in pair[0].words[swap.reference.start : swap.reference.stop]),
            " ".join(word.norm for word in pair[1].words[swap.suspect.start : swap.suspect.stop]),
        )
        for swap in found
    ]


def test_words_that_changed_places_are_no_swap() -> None:
    known = {("thursday", "said"): 0.9, ("said", "thursday"): 0.9}
    assert swaps("Mr Musk on Thursday said that", "Mr Musk said Thursday that", known) == []


def test_a_word_that_moved_may_still_be_a_known_substitute_elsewhere() -> None:
    known = {("people", "individuals"): 0.8}
    found = swaps("People of note met poor people here", "individuals of note met people here", known)
    assert ("people", "individuals") in found


@pytest.mark.parametrize(
    ("reference", "suspect", "expected"),
    [
        ("Those results can help the field", "Those results are expected to help the field",
         ("can", "are expected to")),
        ("a theorem in complex analysis shows it", "a theorem in Brown and Churchill shows it",
         ("complex analysis", "brown and churchill")),
    ],
)  # fmt: skip
def test_a_gap_without_a_sure_link_is_one_phrase(reference: str, suspect: str, expected: tuple[str, str]) -> None:
    assert swaps(reference, suspect) == [expected]


def test_a_known_substitution_keeps_words_added_beside_it_out() -> None:
    found = swaps(
        "He met foreign ministers there", "He met many overseas ministers there", {("foreign", "overseas"): 0.9}
    )
    assert found == [("foreign", "overseas")]


def test_what_of_governs_belongs_to_the_phrase() -> None:
    assert ("free speech", "freedom of speech") in swaps(
        "debate as free speech is vital", "debate as freedom of speech is vital"
    )


def test_an_abbreviation_answers_to_itself_without_its_full_stop() -> None:
    found = swaps("The takeover of Twitter Inc is on hold", "The takeover of Twitter Inc.'s holdings is on hold")
    assert found == [("inc", "inc.")]
