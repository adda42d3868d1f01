"""The measure of exact edits: its counting and its baselines, by hand."""

from arxivedits import (
    EditCounts,
    LabelledPair,
    count_edits,
    difflib_edits,
    levenshtein_edits,
)
from edits import Edit

REFERENCE = tuple("We then plug the truth in .".split())
SUSPECT = tuple("We substitute the truth here in .".split())


def test_a_levenshtein_run_of_one_operation_is_one_edit() -> None:
    assert levenshtein_edits(REFERENCE, SUSPECT) == [
        Edit(range(1, 2), range(1, 1)),
        Edit(range(2, 3), range(1, 2)),
        Edit(range(5, 5), range(4, 5)),
    ]


def test_difflib_replaces_the_whole_block() -> None:
    assert difflib_edits(REFERENCE, SUSPECT) == [Edit(range(1, 3), range(1, 2)), Edit(range(5, 5), range(4, 5))]


def test_equal_texts_have_no_edits() -> None:
    assert levenshtein_edits(REFERENCE, REFERENCE) == difflib_edits(REFERENCE, REFERENCE) == []
    assert levenshtein_edits((), ()) == []


def test_the_labelling_that_suits_best_counts_for_each_pair() -> None:
    block = frozenset({Edit(range(1, 3), range(1, 2)), Edit(range(0), range(4, 5))})
    word = frozenset({Edit(range(1, 2), range(0)), Edit(range(2, 3), range(1, 2))})
    pair = LabelledPair(REFERENCE, SUSPECT, (word, block))
    assert count_edits([pair], difflib_edits) == EditCounts(found=1)
    assert count_edits([pair], difflib_edits, "insertion") == EditCounts(found=1)
    assert count_edits([pair], levenshtein_edits, "deletion") == EditCounts(found=1)


def test_no_edits_at_all_count_nothing() -> None:
    counts = count_edits([LabelledPair(REFERENCE, REFERENCE, (frozenset(),))], difflib_edits)
    assert counts == EditCounts() and counts.f1 == 0.0
