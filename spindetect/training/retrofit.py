"""Draw the vectors of synonyms, and of one word's inflections, together.

Retrofitting (Faruqui et al., NAACL 2015): each vector moves to the mean of where it was
and of its neighbours in a thesaurus, over and over. The cosine of two words then says
how far apart they are in the thesaurus as well as in use, and no list has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spindetect.training.corpora import Thesaurus

# What the neighbours weigh against the word's own use: those in the thesaurus, and its inflections.
_SYNONYMS = 1.0
_INFLECTIONS = 0.5
# A near word that is no synonym counts for a tenth, and only the first few of a sense.
_KIN = 0.1
_MOST_KIN = 10
_ROUNDS = 10


def retrofit(
    vectors: NDArray[np.float64], words: Sequence[str], thesaurus: Thesaurus, stem: Callable[[str], str]
) -> NDArray[np.float64]:
    """Return unit vectors of the same shape (words, dimensions), retrofitted to the thesaurus."""
    near = _neighbours(words, thesaurus)
    related = (np.asarray(near.sum(axis=1)).ravel() > 0).astype(float)[:, None] * _SYNONYMS
    kin = _same_stem([stem(word) for word in words])
    inflected = (np.asarray((kin > 0).sum(axis=1)).ravel() > 1).astype(float)[:, None] * _INFLECTIONS
    moved = vectors
    for _ in range(_ROUNDS):
        moved = (vectors + related * (near @ moved) + inflected * (kin @ moved)) / (1 + related + inflected)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))


def _neighbours(words: Sequence[str], thesaurus: Thesaurus) -> Any:
    """Sparse matrix of how near words are in the thesaurus, rows summing to 1; earlier senses count more."""
    from scipy.sparse import coo_matrix

    places = {word: place for place, word in enumerate(words)}
    found: dict[tuple[int, int], float] = {}
    for table, share, most in ((thesaurus.senses, 1.0, None), (thesaurus.kin, _KIN, _MOST_KIN)):
        for lemma, senses in table.items():
            for number, (_, members) in enumerate(senses if lemma in places else ()):
                for other in members[:most]:
                    if other in places and other != lemma:
                        pair = places[lemma], places[other]
                        found[pair] = found.get(pair, 0.0) + share / (1 + number)
    rows, columns = zip(*found, strict=True) if found else ((), ())
    matrix = coo_matrix((list(found.values()), (rows, columns)), shape=(len(words), len(words))).tocsr()
    return _normalised(matrix + matrix.T)


def _same_stem(stems: Sequence[str]) -> Any:
    """Sparse matrix that averages over the words of one stem, the word itself included."""
    from scipy.sparse import coo_matrix

    _, columns = np.unique(np.array(stems), return_inverse=True)
    rows = np.arange(len(stems))
    member = coo_matrix((np.ones(len(stems)), (rows, columns))).tocsr()
    return _normalised(member @ member.T)


def _normalised(matrix: Any) -> Any:
    """A sparse matrix with each row divided by its sum."""
    from scipy.sparse import diags

    sums = np.asarray(matrix.sum(axis=1)).ravel()
    return diags(1.0 / np.maximum(sums, 1e-9)) @ matrix
