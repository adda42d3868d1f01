"""Statistics of general English: each word's surprisal, small vectors of what it means, and fixed expressions."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.segment.english import FUNCTION_WORDS
from spindetect.segment.normalise import normalise
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.corpora import Thesaurus, read_texts, text_names

_TOKEN = re.compile(r"[a-z]+(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[a-z]+|\d[\d,.]*\d|\d")
# Diplomatic and government prose fill half the corpora; only every third document of theirs counts.
_DOWNWEIGHTED = {"whitehouse_briefings": 3, "un_general_debate": 3}
_WINDOW = 4
# Levy, Goldberg, Dagan (TACL 2015): context distribution smoothing and the power of the singular values.
_SMOOTHING = 0.75
_SIGMA_POWER = 0.5
# The neighbours' weight against the word's own use: those in the thesaurus, and its inflections.
_SYNONYMS = 1.0
_INFLECTIONS = 0.5
# A near word that is no synonym counts for a tenth, and only the first few of a sense.
_KIN = 0.1
_MOST_KIN = 10
_ROUNDS = 10
# Normalised pointwise mutual information (Bouma 2009) from which two words count as a collocation.
_NPMI = 0.45
_FEWEST = 15
_LONGEST_IDIOM = 4


@dataclass(frozen=True, slots=True)
class Statistics:
    """Words in order of frequency, their surprisal (nats, 0 for "the"), vectors as int8, irregular forms."""

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
    # rows scaled to +-127 and rounded: only their directions matter
    rounded = np.rint(vectors / (np.abs(vectors).max(axis=1, keepdims=True) + 1e-9) * 127).astype(np.int8)
    return Statistics(words, surprisal, rounded, irregular)


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


def retrofit(
    vectors: NDArray[np.float64], words: Sequence[str], thesaurus: Thesaurus, stem: Callable[[str], str]
) -> NDArray[np.float64]:
    """Draw the vectors of synonyms, and of one word's inflections, together; unit vectors of the same shape.

    Retrofitting (Faruqui et al., NAACL 2015): each vector moves to the mean of where it was and of its neighbours
    in a thesaurus, over and over. The cosine of two words then says how far apart they are in the thesaurus as
    well as in use, and no list has to be kept.
    """
    from scipy.sparse import coo_matrix

    near = _neighbours(words, thesaurus)
    related = (np.asarray(near.sum(axis=1)).ravel() > 0).astype(float)[:, None] * _SYNONYMS
    # averages over the words of one stem, the word itself included
    _, columns = np.unique(np.array([stem(word) for word in words]), return_inverse=True)
    member = coo_matrix((np.ones(len(words)), (np.arange(len(words)), columns))).tocsr()
    kin = _normalised(member @ member.T)
    inflected = (np.asarray((kin > 0).sum(axis=1)).ravel() > 1).astype(float)[:, None] * _INFLECTIONS
    moved = vectors
    for _ in range(_ROUNDS):
        moved = (vectors + related * (near @ moved) + inflected * (kin @ moved)) / (1 + related + inflected)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))


def _neighbours(words: Sequence[str], thesaurus: Thesaurus) -> Any:
    """Sparse matrix of how near words are in the thesaurus, rows summing to 1; earlier senses count more."""
    from scipy.sparse import coo_matrix

    places = {word: place for place, word in enumerate(words)}
    nearness: dict[tuple[int, int], float] = {}
    for table, share, most in ((thesaurus.senses, 1.0, None), (thesaurus.kin, _KIN, _MOST_KIN)):
        for lemma, senses in table.items():
            for number, (_, members) in enumerate(senses if lemma in places else ()):
                for other in members[:most]:
                    if other in places and other != lemma:
                        pair = places[lemma], places[other]
                        nearness[pair] = nearness.get(pair, 0.0) + share / (1 + number)
    rows, columns = zip(*nearness, strict=True) if nearness else ((), ())
    matrix = coo_matrix((list(nearness.values()), (rows, columns)), shape=(len(words), len(words))).tocsr()
    return _normalised(matrix + matrix.T)


def _normalised(matrix: Any) -> Any:
    """A sparse matrix with each row divided by its sum."""
    from scipy.sparse import diags

    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return diags(1.0 / np.maximum(sums, 1e-9)) @ matrix


def learn_expressions(corpora: Path, thesaurus: Thesaurus, vocabulary: Vocabulary) -> dict[str, str]:
    """Map stems joined by spaces to ``idiom`` or ``collocation``.

    Collocations are pairs of content words that occur together far more often than apart; idioms are a
    dictionary's entries of two to four words that are in use: all words known, some two neighbours seen together.
    """
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for tokens in documents(corpora):
        single.update(tokens)
        pairs.update(pairwise(tokens))
    total = single.total()
    expressions: dict[str, str] = {}
    for (first, second), count in pairs.items():
        if count < _FEWEST or not (_combines(first) and _combines(second)):
            continue
        expected = single[first] / total * single[second] / total
        joint = count / total
        if math.log(joint / expected) / -math.log(joint) >= _NPMI:
            expressions[f"{vocabulary.stem(first)} {vocabulary.stem(second)}"] = "collocation"
    for entry in thesaurus.senses:
        words = entry.lower().split()
        if not 2 <= len(words) <= _LONGEST_IDIOM or not all(word in single for word in words):
            continue
        if any(pairs[pair] for pair in pairwise(words)) or min(single[word] for word in words) > 20:
            expressions[" ".join(vocabulary.stem(word) for word in words)] = "idiom"
    return expressions


def _combines(word: str) -> bool:
    """Whether a word may be part of a collocation; adverbs in -ly combine too freely."""
    return word.isalpha() and word not in FUNCTION_WORDS and not word.endswith("ly")
