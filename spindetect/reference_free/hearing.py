"""A second opinion on texts that scoring alone leaves in doubt: how they surprise a language model.

Weights are fitted once, and must hold for any model. So a word counts only as far as two things agree that hardly
depend on the model: it surprises more than the model expects surprise in this place, and it is less likely in this
place than anywhere. A writer's rare words fail the second, a weak model's surprise at common ones the first.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spindetect.errors import InvalidModel
from spindetect.parts import HEARING, Parts, finite
from spindetect.read.article import article_from_text
from spindetect.records import Document
from spindetect.reference_free.language_model import LanguageModel, Surprisals
from spindetect.reference_free.model import Judgement, judgement_of
from spindetect.reference_free.ngrams import Floats
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary

FORMAT = 1


class Heard(NamedTuple):
    """A feature's name and its explanation; much of it speaks for a spinner."""

    name: str
    explanation: str


HEARD = (
    Heard(
        "heard_misfits", "words that surprise a language model, and are less likely where they stand than anywhere"
    ),
    Heard("heard_strongly", "words that a language model finds much less likely where they stand than anywhere"),
    Heard("heard_surprises", "words that surprise a language model far more than it expects surprise there"),
)
"""The features in the order in which `HEARING` holds them; each an average over the content words, at least 0."""
# Surprisal of the commonest word, "the", in nats, to which a vocabulary's surprisals are relative.
_OF_THE = 2.8
# Standard deviations of surprise from which a word counts, and those that are far too much.
_SURPRISING, _FAR = 1.0, 3.0
# Nats by which a word may be likelier in its place than anywhere and yet counts; by which it must be less likely.
_LIKELIER, _LESS_LIKELY = 2.0, 2.0
_LEAST_VARIANCE = 0.5
# With fewer words nothing is heard.
_FEWEST = 20


def hear(document: Document, read: Surprisals) -> dict[str, float]:
    """The features of a text whose first tokens were read; words with a capital don't count."""
    surprise, less_likely = _words(document, read)
    if len(surprise) < _FEWEST:
        return {}
    both = np.minimum(np.maximum(surprise - _SURPRISING, 0.0), np.maximum(less_likely + _LIKELIER, 0.0))
    values = both, less_likely > _LESS_LIKELY, np.maximum(surprise - _FAR, 0.0)
    return {feature.name: float(np.mean(value)) for feature, value in zip(HEARD, values, strict=True)}


def _words(document: Document, read: Surprisals) -> tuple[Floats, Floats]:
    """Of each content word written small: standard deviations of its surprise, nats less likely than anywhere."""
    found = []
    for start, word in zip(document.starts, document.words, strict=True):
        if word.shape != "word" or not word.content or word.capitalised:
            continue
        first = int(np.searchsorted(read.ends, start, "right"))
        last = int(np.searchsorted(read.starts, start + len(word.text)))
        if 0 < first < last < len(read.starts):
            own, expected = (float(of[first:last].sum()) for of in (read.own, read.expected))
            deviation = max(float(read.variance[first:last].sum()), _LEAST_VARIANCE) ** 0.5
            found.append(((own - expected) / deviation, own - word.surprisal - _OF_THE))
    surprise, less_likely = np.array(found).reshape(-1, 2).T
    return surprise, less_likely


@dataclass(frozen=True, eq=False)
class Ear:
    """A language model, and what its surprise adds to the log-odds of a text between two of them.

    The model's folder has these in a file: both limits, and weights of `HEARD`. ``digest`` is the file's.
    """

    model: LanguageModel
    lowest: float
    highest: float
    judgement: Judgement
    digest: str = ""

    @property
    def signature(self) -> str:
        """Changes whenever the language model or the weights do."""
        return self.model.signature + (f"|hearing:{self.digest}" if self.digest else "")

    def features(self, document: Document, log_odds: float) -> dict[str, float]:
        """The features heard in a text in doubt; none of one that isn't, or has too few words."""
        if not self.lowest <= log_odds <= self.highest:
            return {}
        return hear(document, self.model.read(document.article.text))


# A text that any model for English reads without surprise; one that doesn't would accuse everybody.
_PLAIN_ENGLISH = (
    "The city council voted on Monday to close the old library for the summer so that the roof can be repaired. "
    "People who live nearby said they were worried that the work would take longer than planned, as it did the "
    "last time. The mayor told reporters that the money had been set aside and that the building would open again "
    "before the start of the school year. Until then, readers can borrow books from a small shop across the street."
)
_MOST_OF_PLAIN_ENGLISH = 0.5


def load_ear(folder: Path, model: LanguageModel, vocabulary: Vocabulary) -> Ear:
    """A language model, with the weights in a model's folder.

    Raises `InvalidModel` if the weights are missing or damaged, or the language model doesn't know English.
    """
    ear = _loaded(folder, model)
    plain = hear(segment(article_from_text(_PLAIN_ENGLISH), vocabulary), model.read(_PLAIN_ENGLISH))
    if not plain or plain["heard_misfits"] > _MOST_OF_PLAIN_ENGLISH:
        raise InvalidModel(
            "the language model finds plain English odd, so nothing that it says of a text counts. "
            "Name a GGUF file of a causal language model for English."
        )
    return ear


def _loaded(folder: Path, model: LanguageModel) -> Ear:
    try:
        raw = Parts.of(folder).read(HEARING, FORMAT)
        record = json.loads(raw)
        names = tuple(feature.name for feature in HEARD)
        if tuple(record["knots"]) != names:
            raise ValueError("its features aren't those of this version")
        judgement = judgement_of(record, names)
        digest = hashlib.sha256(raw).hexdigest()[:12]
        return Ear(model, finite(record["lowest"]), finite(record["highest"]), judgement, digest)
    except Exception as error:  # whatever reading a damaged file may raise
        raise InvalidModel(
            f"The model in {folder} has no weights for a language model: {HEARING} is missing or damaged "
            f"({type(error).__name__}: {error}). Reinstall spindetect, or leave out --lm."
        ) from error
