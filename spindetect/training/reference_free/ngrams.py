"""Count words, pairs and triples in the general text, kind of text by kind, so that any kind can be left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spindetect.files import shipped_table
from spindetect.reference_free.ngrams import CLASSES, Floats, Ids, NGramModel, ids_of, pair_keys, table, triple_keys
from spindetect.segment.tokens import tokenize
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.corpora import read_texts, text_names

_SISTERS: Mapping[str, str] = shipped_table("training/corpora.toml")["sisters"]
SISTERS: Mapping[str, str] = {name: group for group, some in _SISTERS.items() for name in some.split()}
# Pairs met but once and triples met but twice tell little, and are most of all.
_FEWEST = (2, 3)
_ENDS = frozenset(".!?")
# Words beyond the vocabulary: met so often, hardly ever with a capital, and no more than ids have room for.
_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_FEWEST_OF_WORD = 4
_MOST_CAPITAL = 2.0
_MOST_WORDS = 65_500

Counted = tuple[NDArray[np.uint64], NDArray[np.int64]]


def kind_of_text(corpus: str) -> str:
    """The texts that are left out together with a corpus."""
    return SISTERS.get(corpus, corpus)


@dataclass(frozen=True, eq=False)
class NGrams:
    """Counts of each kind of text: of single ids, of pairs and of triples by their keys, which ascend.

    ``more`` are the ids of words that the vocabulary lacks.
    """

    singles: Mapping[str, NDArray[np.int64]]
    pairs: Mapping[str, Counted]
    triples: Mapping[str, Counted]
    more: Mapping[str, int] = field(default_factory=dict)
    _made: dict[str, NGramModel] = field(default_factory=dict, repr=False)
    _sums: list[Counted] = field(default_factory=list, repr=False)

    def model(self, without: str = "") -> NGramModel:
        """The counts of all kinds of text but one; kept, as they take seconds to make."""
        if without not in self._made:
            for by_kind in () if self._sums else (self.pairs, self.triples):
                keys = np.concatenate([keys for keys, _ in by_kind.values()])
                counts = np.concatenate([counts for _, counts in by_kind.values()])
                order = np.argsort(keys, kind="stable")
                keys, counts = keys[order], counts[order]
                first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
                self._sums.append((keys[first], np.add.reduceat(counts, first)))
            singles = np.sum([found for kind, found in self.singles.items() if kind != without], axis=0)
            tables = []
            for (keys, counts), parts, fewest in zip(self._sums, (self.pairs, self.triples), _FEWEST, strict=True):
                left = counts.copy()
                if without in parts:
                    mine, theirs = parts[without]
                    left[np.searchsorted(keys, mine)] -= theirs
                tables.append(table(keys[left >= fewest], left[left >= fewest]))
            self._made[without] = NGramModel(singles, tables[0], tables[1], self.more)
        return self._made[without]


@dataclass(frozen=True, eq=False)
class Encoded:
    """The general text as ids, corpus by corpus: a start before each sentence.

    ``words`` are the vocabulary's and more that these texts have, the ids of which are ``more``. ``capitals`` says
    which tokens have a capital inside a sentence, ``documents`` where each document begins.
    """

    words: tuple[str, ...]
    more: Mapping[str, int]
    ids: Mapping[str, NDArray[np.uint16]]
    capitals: Mapping[str, NDArray[np.bool_]]
    documents: Mapping[str, Ids]

    @property
    def rows(self) -> dict[str, int]:
        """The id of each word."""
        return {word: row for row, word in enumerate(self.words)}

    def capital_shares(self) -> Floats:
        """The share of each word's occurrences inside sentences that begin with a capital."""
        upper, every = np.zeros(len(self.words)), np.zeros(len(self.words))
        start = len(self.words) + CLASSES.index("start")
        for name, ids in self.ids.items():
            inside = np.r_[False, ids[:-1] != start] & (ids < len(self.words))
            every += np.bincount(ids[inside], minlength=len(self.words))
            upper += np.bincount(ids[inside & self.capitals[name]], minlength=len(self.words))
        return upper / (every + 2.0)


def encode_texts(corpora: Path, vocabulary: Vocabulary, jobs: int, more: Iterable[str] = ()) -> Encoded:
    """Read all general text; takes half a minute for each ten million words.

    ``more`` are the words that a model has beyond the vocabulary; without any they are chosen anew.
    """
    names = text_names(corpora)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return encoded(dict(zip(names, pool.map(partial(_read, corpora), names), strict=True)), vocabulary, more)


_Spelt = tuple[list[str], NDArray[np.int32], Ids]
"""A corpus's spellings, its tokens as their numbers with -1 before each sentence, and where its documents begin."""


def encoded(read: Mapping[str, _Spelt], vocabulary: Vocabulary, more: Iterable[str] = ()) -> Encoded:
    """The ids of what was read."""
    more = list(more or _more_words(read, vocabulary))
    words = (*vocabulary.rows, *more)
    rows = {word: len(vocabulary.rows) + row for row, word in enumerate(more)}
    ids, capitals, documents = {}, {}, {}
    for name, (spellings, tokens, firsts) in read.items():
        known = [vocabulary[spelling] for spelling in spellings]
        # a start is the last of each, where -1 leads
        lookup = np.array([*ids_of(known, len(words), rows), len(words) + CLASSES.index("start")], dtype=np.uint16)
        ids[name] = lookup[tokens]
        capitals[name] = np.array([*(word.capitalised for word in known), False])[tokens]
        documents[name] = firsts
    return Encoded(words, rows, ids, capitals, documents)


def _more_words(read: Mapping[str, _Spelt], vocabulary: Vocabulary) -> list[str]:
    """Words that the vocabulary lacks and that are mostly written small, the commonest first."""
    counts: Counter[str] = Counter()
    for spellings, tokens, _ in read.values():
        met = np.bincount(tokens[tokens >= 0], minlength=len(spellings)).tolist()
        counts.update(dict(zip(spellings, met, strict=True)))
    small = {
        word: count
        for word, count in counts.items()
        if count >= _FEWEST_OF_WORD and _PLAIN_WORD.fullmatch(word) and word not in vocabulary.rows
    }
    capital: Counter[str] = Counter()
    for word, count in counts.items():
        if word[0].isupper() and word.lower() in small:
            capital[word.lower()] += count
    kept = [word for word, count in small.items() if capital[word] < _MOST_CAPITAL * count]
    return sorted(kept, key=lambda word: (-small[word], word))[: _MOST_WORDS - len(vocabulary.rows)]


def _read(corpora: Path, name: str) -> _Spelt:
    """A corpus, with a start before each sentence: before a capital or a mark after a full stop."""
    known: dict[str, int] = {}
    tokens: list[int] = []
    firsts = []
    for paragraphs in read_texts(corpora, name):
        firsts.append(len(tokens))
        for paragraph in paragraphs:
            ended = True
            for spelling in tokenize(paragraph)[0]:
                if ended and (spelling[0].isupper() or not spelling[0].isalpha()):
                    tokens.append(-1)
                tokens.append(known.setdefault(spelling, len(known)))
                ended = spelling in _ENDS
    return list(known), np.array(tokens, dtype=np.int32), np.array(firsts)


def count_ngrams(texts: Encoded) -> NGrams:
    """Count the n-grams of all general text; takes about two minutes."""
    grouped: dict[str, list[NDArray[np.uint16]]] = {}
    for name, encoded in texts.ids.items():
        grouped.setdefault(kind_of_text(name), []).append(encoded)
    singles, pairs, triples = {}, {}, {}
    for kind, found in grouped.items():
        ids: Ids = np.concatenate(found).astype(np.int64)
        singles[kind] = np.bincount(ids, minlength=len(texts.words) + len(CLASSES))
        pairs[kind] = _counted(pair_keys(ids[:-1], ids[1:]))
        triples[kind] = _counted(triple_keys(ids[:-2], ids[1:-1], ids[2:]))
    return NGrams(singles, pairs, triples, texts.more)


def _counted(keys: NDArray[np.uint64]) -> Counted:
    found, counts = np.unique(keys, return_counts=True)
    return found, counts
