"""Count words, pairs and triples in the general text, kind of text by kind, so that any kind can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.reference_free.ngrams import CLASSES, Collocations, Ids, ids_of, pair_keys, table, triple_keys
from spindetect.segment.tokens import tokenize
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.corpora import read_texts, text_names

# Corpora that are alike, and so are left out together; the others stand for themselves.
SISTERS: Mapping[str, str] = {
    "reuters21578": "reuters", "reuters_c50": "reuters",
    "digitalgov": "government", "18f_blog": "government",
    "openstax_american_government": "openstax", "openstax_introduction_political_science": "openstax",
    "openstax_world_history": "openstax",
    "nltk_masc": "mixed", "gum": "mixed",
    "nltk_state_union": "presidents", "nltk_inaugural": "presidents",
}  # fmt: skip
# Pairs and triples met but once tell little, and are most of all.
_FEWEST = 2
_ENDS = frozenset(".!?")

Counted = tuple[NDArray[np.uint64], NDArray[np.int64]]


def kind_of_text(corpus: str) -> str:
    """What is left out together with a corpus."""
    return SISTERS.get(corpus, corpus)


@dataclass(frozen=True, eq=False)
class NGrams:
    """Counts of each kind of text: of single ids, of pairs and of triples by their keys."""

    singles: Mapping[str, NDArray[np.int64]]
    pairs: Mapping[str, Counted]
    triples: Mapping[str, Counted]
    _made: dict[str, Collocations] = field(default_factory=dict, repr=False)

    def collocations(self, without: str = "") -> Collocations:
        """What all kinds of text but one make likely; kept, as it takes seconds to sum up."""
        if without not in self._made:
            kinds = [kind for kind in self.singles if kind != without]
            singles = np.sum([self.singles[kind] for kind in kinds], axis=0)
            tables = [table(*_merged([counts[kind] for kind in kinds])) for counts in (self.pairs, self.triples)]
            self._made[without] = Collocations(singles, *tables)
        return self._made[without]


def count_ngrams(corpora: Path, vocabulary: Vocabulary, jobs: int) -> NGrams:
    """Count the n-grams of all general text; takes about two minutes."""
    names = text_names(corpora)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        lines = dict(zip(names, pool.map(partial(_encode, corpora, vocabulary), names), strict=True))
    grouped: dict[str, list[NDArray[np.uint16]]] = {}
    for name, encoded in lines.items():
        grouped.setdefault(kind_of_text(name), []).append(encoded)
    singles, pairs, triples = {}, {}, {}
    for kind, found in grouped.items():
        ids: Ids = np.concatenate(found).astype(np.int64)
        singles[kind] = np.bincount(ids, minlength=len(vocabulary.rows) + len(CLASSES))
        pairs[kind] = _counted(pair_keys(ids[:-1], ids[1:]))
        triples[kind] = _counted(triple_keys(ids[:-2], ids[1:-1], ids[2:]))
    return NGrams(singles, pairs, triples)


def _encode(corpora: Path, vocabulary: Vocabulary, name: str) -> NDArray[np.uint16]:
    """A corpus as ids, with a start before each sentence: before a capital after a full stop."""
    words = len(vocabulary.rows)
    start = words + CLASSES.index("start")
    known: dict[str, int] = {}
    ids: list[int] = []
    for paragraph in chain.from_iterable(read_texts(corpora, name)):
        ended = True
        for spelling in tokenize(paragraph)[0]:
            if ended and (spelling[0].isupper() or not spelling[0].isalpha()):
                ids.append(start)
            if spelling not in known:
                known[spelling] = ids_of([vocabulary[spelling]], words)[0]
            ids.append(known[spelling])
            ended = spelling in _ENDS
    return np.array(ids, dtype=np.uint16)


def _counted(keys: NDArray[np.uint64]) -> Counted:
    found, counts = np.unique(keys, return_counts=True)
    return found, counts


def _merged(parts: list[Counted]) -> Counted:
    """The sums of counts, without those too few to keep."""
    keys = np.concatenate([keys for keys, _ in parts])
    counts = np.concatenate([counts for _, counts in parts])
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sums = np.add.reduceat(counts, first)
    return keys[first][sums >= _FEWEST], sums[sums >= _FEWEST]
