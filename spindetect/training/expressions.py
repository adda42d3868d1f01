"""Fixed expressions of general English: idioms that dictionaries list, and collocations that counting finds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from spindetect.segment.english import FUNCTION_WORDS
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.corpora import Thesaurus
from spindetect.training.statistics import documents

# Normalised pointwise mutual information (Bouma 2009) from which two words count as a collocation.
_NPMI = 0.45
_FEWEST = 15
_LONGEST_IDIOM = 4


def learn_expressions(corpora: Path, thesaurus: Thesaurus, vocabulary: Vocabulary) -> dict[str, str]:
    """Map stems joined by spaces to ``idiom`` or ``collocation``.

    Collocations are pairs of content words that occur together far more often than apart;
    idioms are a dictionary's entries of two to four words whose words are all in use.
    """
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for tokens in documents(corpora):
        single.update(tokens)
        pairs.update(pairwise(tokens))
    found = dict.fromkeys(_collocations(single, pairs, vocabulary), "collocation")
    found.update(dict.fromkeys(_idioms(thesaurus.senses, single, pairs, vocabulary), "idiom"))
    return found


def _collocations(single: Counter[str], pairs: Counter[tuple[str, str]], vocabulary: Vocabulary) -> Iterable[str]:
    total = single.total()
    for (first, second), count in pairs.items():
        if count < _FEWEST or not (_content(first) and _content(second)):
            continue
        expected = single[first] / total * single[second] / total
        joint = count / total
        if math.log(joint / expected) / -math.log(joint) >= _NPMI:
            yield f"{vocabulary.stem(first)} {vocabulary.stem(second)}"


def _content(word: str) -> bool:
    """Whether a word may be part of a collocation; adverbs in -ly combine too freely."""
    return word.isalpha() and word not in FUNCTION_WORDS and not word.endswith("ly")


def _idioms(
    entries: Mapping[str, object],
    single: Counter[str],
    pairs: Counter[tuple[str, str]],
    vocabulary: Vocabulary,
) -> Iterable[str]:
    """Dictionary entries of several words that are in use: all words known, some two neighbours seen together."""
    for entry in entries:
        words = entry.lower().split()
        if not 2 <= len(words) <= _LONGEST_IDIOM or not all(word in single for word in words):
            continue
        if any(pairs[pair] for pair in pairwise(words)) or min(single[w] for w in words) > 20:
            yield " ".join(vocabulary.stem(word) for word in words)
