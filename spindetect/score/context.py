"""How well the suspect's words go with their neighbours, against the reference's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Document, Word

# Tokens of either sort that are counted as no more surprising on one side than on the other.
_ALIKE = 10.0


class Context(Protocol):
    """Says how well words go with their neighbours: `spindetect.reference_free.ngrams.NGramModel`."""

    def surprisal_in_place(self, document: Document, tokens: Sequence[int]) -> NDArray[np.float64]:
        """How surprising tokens of whole sentences are where they stand, in nats."""

    def misfits_in_place(self, document: Document, old: Sequence[tuple[int, Word]]) -> NDArray[np.float64]:
        """By how many nats each old word would fit better than the token in whose place it stood."""


def misfit_of_words(
    documents: tuple[Document, Document], tokens: tuple[list[int], list[int]], context: Context
) -> tuple[float, float]:
    """How much more surprising the suspect's content words, and its other tokens, are, in nats a token.

    ``tokens`` are those of whole sentences, by side. Of each sort ten more are counted that surprise alike.
    """
    means, counts = np.zeros((2, 2)), np.zeros((2, 2))
    for side, (document, chosen) in enumerate(zip(documents, tokens, strict=True)):
        content = np.array([document.words[token].content for token in chosen])
        found = context.surprisal_in_place(document, chosen)
        for sort, nats in enumerate((found[content], found[~content])):
            means[side, sort], counts[side, sort] = nats.sum() / max(1, len(nats)), len(nats)
    fewest = counts.min(axis=0)
    misfits = (means[0] - means[1]) * fewest / (fewest + _ALIKE)
    # logarithms differ in their last digits between machines
    return round(float(misfits[0]), 9), round(float(misfits[1]), 9)
