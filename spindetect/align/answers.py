"""What the lexicon knows between two texts, looked up once for each word that stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Set


class Answers:
    """For the suspect's words, those of the reference that they are known to stand for.

    ``sources`` leads from a word back to all words that it may stand for (by normal forms or by
    stems, as in `Lexicon`); of these only the ``reference``'s are given.
    """

    def __init__(self, reference: Set[str], sources: Mapping[str, Mapping[str, float]]) -> None:
        self._reference = reference
        self._sources = sources
        self._found: dict[str, list[tuple[str, float]]] = {}

    def __getitem__(self, word: str) -> list[tuple[str, float]]:
        """The words, each with its association, 0 to 1."""
        found = self._found.get(word)
        if found is None:
            sources = self._sources.get(word, {})
            found = self._found[word] = [(one, sources[one]) for one in sources.keys() & self._reference]
        return found
