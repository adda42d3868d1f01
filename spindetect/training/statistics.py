"""Statistics of general English: how rare each word is, and small vectors of what it means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.segment.normalise import normalise
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.corpora import Thesaurus, read_texts, text_names
from spindetect.training.retrofit import retrofit

_TOKEN = re.compile(r"[a-z]+(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[a-z]+|\d[\d,.]*\d|\d")
# Diplomatic and government prose fill half the corpora; only every third document of theirs counts.
_DOWNWEIGHTED = {"whitehouse_briefings": 3, "un_general_debate": 3}
_WINDOW = 4
# Levy, Goldberg, Dagan (TACL 2015): context distribution smoothing and the power of the singular values.
_SMOOTHING = 0.75
_SIGMA_POWER = 0.5


@dataclass(frozen=True, slots=True)
class Statistics:
    """Words in order of frequency, how rare each is (nats, 0 for "the"), their vectors as int8, irregular forms."""

    words: list[str]
    surprisal: NDArray[np.float32]
    vectors: NDArray[np.int8]
    irregular: dict[str, str]


def learn_statistics(
    corpora: Path, thesaurus: Thesaurus, vocabulary: int = 30_000, dimensions: int = 96, seed: int = 0
) -> Statistics:
    """Count words and co-occurrences in the general text; factorise their positive pointwise information.

    The vectors are then drawn towards the thesaurus's synonyms (`retrofit`).
    """
    counts: Counter[str] = Counter()
    for tokens in documents(corpora):
        counts.update(tokens)
    words = [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:vocabulary]]
    total = counts[words[0]]
    surprisal = np.array([np.log(total / counts[word]) for word in words], dtype=np.float32)
    known = set(words)
    irregular = {form: base for form, base in thesaurus.forms.items() if form in known and base in known}
    vectors = _factorise(_cooccurrences(corpora, words), dimensions, seed)
    vectors = retrofit(vectors, words, thesaurus, Vocabulary({}, {}, irregular).stem)
    return Statistics(words, surprisal, _rounded(vectors), irregular)


def documents(corpora: Path) -> Iterator[list[str]]:
    """The documents of general text as lists of normal forms."""
    for name in text_names(corpora):
        for number, paragraphs in enumerate(read_texts(corpora, name)):
            if number % _DOWNWEIGHTED.get(name, 1) == 0:
                yield _TOKEN.findall(normalise("\n".join(paragraphs))[0])


def _cooccurrences(corpora: Path, words: list[str]) -> Any:
    """Sparse symmetric counts of words within a window, nearer ones counting more; shape (words, words)."""
    from scipy.sparse import csr_matrix

    rows = {word: row for row, word in enumerate(words)}
    total = csr_matrix((len(words), len(words)), dtype=np.float32)
    batch: list[int] = []
    for tokens in documents(corpora):
        batch += [rows.get(token, -1) for token in tokens]
        batch += [-1] * _WINDOW
        if len(batch) > 2_000_000:
            total += _count(np.array(batch), len(words))
            batch = []
    return total + _count(np.array(batch, dtype=np.int64), len(words))


def _count(ids: NDArray[np.int64], size: int) -> Any:
    from scipy.sparse import coo_matrix

    pieces = []
    for distance in range(1, _WINDOW + 1):
        left, right = ids[:-distance], ids[distance:]
        known = (left >= 0) & (right >= 0)
        weight = np.full(int(known.sum()), 1.0 / distance, dtype=np.float32)
        pieces.append(coo_matrix((weight, (left[known], right[known])), shape=(size, size)).tocsr())
    one_way = sum(pieces[1:], pieces[0])
    return one_way + one_way.T


def _factorise(counts: Any, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Truncated singular vectors of the positive pointwise mutual information, as unit rows."""
    from sklearn.utils.extmath import randomized_svd

    coo = counts.tocoo()
    row_sums = np.asarray(counts.sum(axis=1)).ravel()
    context = row_sums**_SMOOTHING
    context /= context.sum()
    information = np.log(coo.data / row_sums[coo.row] / context[coo.col])
    coo.data = np.maximum(information, 0.0).astype(np.float32)
    ppmi = coo.tocsr()
    ppmi.eliminate_zeros()
    left, sigma, _ = randomized_svd(ppmi, dimensions, n_iter=3, random_state=seed)
    vectors = left * sigma**_SIGMA_POWER
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors, dtype=np.float64)


def _rounded(vectors: NDArray[np.float64]) -> NDArray[np.int8]:
    """Rows scaled to +-127 and rounded; only their directions matter."""
    scaled = vectors / (np.abs(vectors).max(axis=1, keepdims=True) + 1e-9)
    return np.rint(scaled * 127).astype(np.int8)
