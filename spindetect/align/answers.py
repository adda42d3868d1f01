"""What the lexicon knows between two texts, looked up once for each word that stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spindetect.lexicon import Entry

Answers = Mapping[str, Sequence[tuple[str, float]]]
"""For words of a suspect, those of the reference that they may stand for, with the association (0 to 1)."""


def find_answers(suspect: set[str], reference: set[str], sources: Mapping[str, Mapping[str, Entry]]) -> Answers:
    """The answers of the suspect's words among the reference's; words without one are left out.

    ``sources`` leads from a word back to all that it may stand for, by normal forms or by stems,
    as in `spindetect.lexicon.Lexicon`.
    """
    found = {}
    for word in suspect:
        known = sources.get(word)
        if known and (shared := reference.intersection(known)):
            found[word] = [(one, known[one].association) for one in shared]
    return found
