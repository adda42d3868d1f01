"""How suspicious each word and phrase of a text is: by the n-gram model and the lexicon, as one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from spindetect.records import Document
from spindetect.reference_free.ngrams import CLASSES, Floats, Ids, Line
from spindetect.reference_free.originals import Guesses
from spindetect.reference_free.slots import Read
from spindetect.score.additive import ramp_matrix

SIGNS = ("known", "kindred", "before", "after", "around", "put_in", "rare", "small", "slot")
"""The measures of each word, in nats but for the last:

``known``: how likely one of the originals that the lexicon supposes is, against the word as it stands;
``kindred``: the same of words of kindred meaning; ``before``: how much likelier what stands before makes the word,
``after`` and ``around``: the word, and it with what is before, make the next one; ``put_in``: how much
commoner the word is in what spinners put in than in English; ``rare``: the log of its share of English;
``small``: the share of its occurrences with a capital, if it has none here (0 to 1); ``slot``: the log-odds that
it was put in, by `slots`.
"""
GROUPS = ("content, known", "content", "function, known", "function", "unknown", "phrase")
"""Words by what they are, and whether the lexicon supposes originals for them; words written small that no text
has; phrases of two to four words."""

# A sign's value where it has no object: no original to suppose.
_NONE = -12.0
# A text that begins fewer of its sentences with a capital is written without them, and proves nothing by it.
_CAPITALS = 0.7


@dataclass(frozen=True, eq=False)
class Table:
    """Known properties of each word: ``put_in`` (nats), how often ``capital`` (0 to 1), whether ``function``.

    ``counted_as`` has for each id the one it counts as: of two spellings of one word, or its British and its
    American name [colour -> color, petrol -> gasoline], the commoner's. General texts are mostly American.
    """

    put_in: Floats
    capital: Floats
    function: NDArray[np.bool_]
    counted_as: Ids

    def content(self, line: Line) -> NDArray[np.bool_]:
        """Which places of a line hold content words, unknown ones among them."""
        words = len(self.function)
        known = line.ids < words
        unknown = line.ids == words + CLASSES.index("unknown")
        return unknown | (known & ~self.function[np.where(known, line.ids, 0)])


@dataclass(frozen=True, eq=False)
class Items:
    """The words and phrases of a line that are weighed, with their signs.

    ``place`` and ``length`` say where, ``group`` is an index of `GROUPS`; ``signs`` has a row for
    each item and a column for each of `SIGNS`. ``share`` is one over the number of times that a word stands in the
    line: a writer repeats the words of a subject, however odd, and these must not count anew each time.
    """

    place: Ids
    length: Ids
    group: Ids
    signs: Floats
    share: Floats


def weigh_items(line: Line, document: Document, read: Read, guessed: Guesses, known: Table) -> Items:
    """The signs of every word in a line but names, and of every phrase that the lexicon supposes originals for."""
    ngrams, ids = line.ngrams, line.ids
    words = ngrams.words
    unknown = line.ids == words + CLASSES.index("unknown")
    place = np.flatnonzero((line.tokens >= 0) & ((line.ids < words) | unknown))
    single = guessed.length == 1
    supposed = []
    for kindred in (False, True):  # the log of the summed likelihoods of such guesses, by place
        chosen = single & (guessed.kindred == kindred)
        supposed.append(_log_sums(guessed.place[chosen], guessed.likely[chosen], len(line.ids))[place])
    own = _words(line, place, document, known)
    # what the neighbours make of the words, against what chance would
    singly = ngrams.log_single[ids]
    chances = np.log(line.chances)
    following = np.log(ngrams.after_one_given(ids[:-1], ids[1:], line.together))
    before, around = chances[place - 2] - singly[place], chances[place - 1] - singly[place + 1]
    after = following[place] - singly[place + 1]
    signs = np.stack([*supposed, before, after, around, *own, read.own[place]], 1)
    strange = unknown[place]
    function = known.function[np.where(strange, 0, line.ids[place])] & ~strange
    group = np.where(strange, GROUPS.index("unknown"), 2 * function + (supposed[0] <= _NONE))
    _, word, times = np.unique(line.ids[place], return_inverse=True, return_counts=True)
    share = np.where(strange, 1.0, 1.0 / times[word])
    phrases, lengths, likely = _phrases(guessed)
    theirs = np.zeros((len(phrases), len(SIGNS)))
    theirs[:, 0] = likely
    return Items(
        np.concatenate([place, phrases]),
        np.concatenate([np.ones(len(place), dtype=np.int64), lengths]),
        np.concatenate([group, np.full(len(phrases), GROUPS.index("phrase"))]),
        np.concatenate([signs, theirs]),
        np.concatenate([share, np.ones(len(phrases))]),
    )


def _log_sums(groups: Ids, logs: Floats, size: int) -> Floats:
    highest = np.full(size, _NONE)
    np.maximum.at(highest, groups, logs)
    sums = np.bincount(groups, weights=np.exp(logs - highest[groups]), minlength=size)
    return highest + np.log(np.maximum(sums, 1.0))


def _phrases(guessed: Guesses) -> tuple[Ids, Ids, Floats]:
    """Places and lengths of phrases, with the log of their guesses' summed likelihoods."""
    longer = np.flatnonzero(guessed.length > 1)
    keys, which = np.unique(guessed.place[longer] * 8 + guessed.length[longer], return_inverse=True)
    return keys // 8, keys % 8, _log_sums(which, guessed.likely[longer], len(keys))


def _words(line: Line, place: Ids, document: Document, known: Table) -> tuple[Floats, Floats, Floats]:
    """The known properties of the words themselves."""
    word = line.ids[place]
    held = word < len(known.capital)
    row = np.where(held, word, 0)
    tokens = [document.words[token] for token in line.tokens[place].tolist()]
    capital = np.array([token.capitalised for token in tokens], dtype=bool)
    small = np.where(capital | ~held, 0.0, known.capital[row])
    first = [document.words[one.first].text for one in document.sentences if not one.boilerplate]
    letters = [text for text in first if text[:1].isalpha()]
    if sum(text[0].isupper() for text in letters) < _CAPITALS * len(letters):  # a text without capitals
        small[:] = 0.0
    return np.where(held, known.put_in[row], 0.0), line.ngrams.log_single[word], small


@dataclass(frozen=True)
class Suspicion:
    """How the signs add up: a piecewise-linear function of each sign for each group of words, and an intercept.

    ``knots`` holds for each sign its knots, ascending; ``weights[group][sign]`` the weight of each ramp
    between two knots, in nats.
    """

    knots: Mapping[str, Sequence[float]]
    intercepts: Mapping[str, float]
    weights: Mapping[str, Mapping[str, Sequence[float]]]
    _flat: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        flat = [np.concatenate([self.weights[group][sign] for sign in SIGNS]) for group in GROUPS]
        object.__setattr__(self, "_flat", np.array(flat))

    def log_odds(self, items: Items) -> Floats:
        """Log-odds that each item was put in by a spinner, in a text of which a good part was."""
        ramps = ramp_matrix(items.signs, [self.knots[sign] for sign in SIGNS])
        intercepts = np.array([self.intercepts[group] for group in GROUPS])
        return (ramps * self._flat[items.group]).sum(axis=1) + intercepts[items.group]
