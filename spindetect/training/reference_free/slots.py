"""Train what tells whether a word fits its slot: on general text in which words were exchanged for others.

Some of a stretch's words are exchanged as spinners do it: for what their dictionaries hold, for words whose vectors
are near, for any words of the same ending, for any word at all. The network learns which were put in. Each stretch
has one maker of such exchanges or a mixture, a share of words that it exchanges, and may spare its names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spindetect.files import shipped_table
from spindetect.reference_free.ngrams import CLASSES, Floats, Ids
from spindetect.reference_free.slots import OFFSETS, REACH, Slots
from spindetect.training.reference_free.exchanges import Bools, Forger
from spindetect.training.reference_free.ngrams import Encoded

Single = NDArray[np.float32]

_SIZE, _NEURONS = 48, 64
_STRETCH, _STRETCHES = 200, 64
_STEPS = 12_000
# Adagrad's rate for words, Adam's for layers; both fall to nothing.
_RATE, _LAYER_RATE = 0.15, 2e-3
# Function words that were exchanged count so much less.
_FUNCTION_WEIGHT = 0.3
_TEXTS: Mapping[str, float] = shipped_table("training/corpora.toml")["slots"]
"""The texts that the network learns from, with the shares of stretches. The others are for judging it."""


def seen_by_slots(document: str) -> bool:
    """Whether the network learns from a document, so that nothing else may be learnt or measured with it."""
    mine = document.rpartition(":")[0] in _TEXTS
    return mine and int(hashlib.sha256(f"slots:{document}".encode()).hexdigest()[:8], 16) % 10 < 7


class Learner:
    """The network as it is learnt, in floating point: gradient descent on the logistic loss."""

    def __init__(self, context: Single, rng: np.random.Generator) -> None:
        size = context.shape[1]
        self.context = context
        self.filler = (context @ rng.normal(0, 0.3, (size, _NEURONS))).astype(np.float32)
        self.bias = np.full((len(context), 1), -2.0, np.float32)
        self.layers = rng.normal(0, 0.5 / size**0.5, (size, _NEURONS * (len(OFFSETS) + 1))).astype(np.float32)
        self.thresholds = np.zeros((1, _NEURONS), np.float32)
        self._squares = [np.full(len(context), 1e-3, np.float32) for _ in range(3)]
        self._moments = [[np.zeros_like(one), np.zeros_like(one)] for one in (self.layers, self.thresholds)]
        self._steps = 0

    def step(self, ids: Ids, content: Bools, spun: Bools, weights: Single, rate: float) -> float:
        """Learn from one batch of stretches; returns the mean loss before it."""
        rows, size = ids.shape
        read = self.context[ids]
        made = (read.reshape(-1, read.shape[2]) @ self.layers).reshape(rows, size, -1)
        shares = content / np.maximum(content.sum(axis=1, keepdims=True), 1)
        topic = np.einsum("rs,rsc->rc", shares.astype(np.float32), read)
        sums = (topic @ self.layers[:, -_NEURONS:])[:, None] + self.thresholds
        sums = np.repeat(sums, size, axis=1)
        for number, offset in enumerate(OFFSETS):
            part = made[:, :, number * _NEURONS : (number + 1) * _NEURONS]
            if offset < 0:
                sums[:, -offset:] += part[:, :offset]
            else:
                sums[:, :-offset] += part[:, offset:]
        active, filler = np.clip(sums, -1.0, 1.0), self.filler[ids]
        odds = (active * filler).sum(axis=2) + self.bias[ids, 0]
        chances = 1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0)))
        loss = -(weights * np.log(np.where(spun, chances, 1.0 - chances) + 1e-9)).sum() / weights.sum()
        slope = ((chances - spun) * weights)[..., None]
        back = slope * filler * (np.abs(sums) < 1.0)
        self._learn(ids, content, read, topic, back, slope * active, slope, rate)
        return float(loss)

    def _learn(
        self,
        ids: Ids,
        content: Bools,
        read: Single,
        topic: Single,
        back: Single,
        filler: Single,
        slope: Single,
        rate: float,
    ) -> None:
        """Follow the slopes of what the neurons take in, of the fillers and of the biases."""
        rows, size = ids.shape
        wide = np.zeros((rows, size, _NEURONS * len(OFFSETS)), np.float32)
        for number, offset in enumerate(OFFSETS):
            part = wide[:, :, number * _NEURONS : (number + 1) * _NEURONS]
            if offset < 0:
                part[:, :offset] = back[:, -offset:]
            else:
                part[:, offset:] = back[:, :-offset]
        of_topic = back.sum(axis=1)
        flat, inner = wide.reshape(rows * size, -1), read.reshape(rows * size, -1)
        of_layers = np.concatenate([inner.T @ flat, topic.T @ of_topic], axis=1)
        of_read = (flat @ self.layers[:, :-_NEURONS].T).reshape(read.shape)
        shares = content / np.maximum(content.sum(axis=1, keepdims=True), 1)
        of_read += (of_topic @ self.layers[:, -_NEURONS:].T)[:, None] * shares[..., None].astype(np.float32)
        self._steps += 1
        slopes = (of_layers, back.sum(axis=(0, 1))[None])
        for found, slope_of, moments in zip((self.layers, self.thresholds), slopes, self._moments, strict=True):
            mean_slope = slope_of / ids.size
            for moment, value, kept in zip(moments, (mean_slope, mean_slope**2), (0.9, 0.99), strict=True):  # Adam
                moment *= kept
                moment += (1.0 - kept) * value
            mean, square = (m / (1.0 - kept**self._steps) for m, kept in zip(moments, (0.9, 0.99), strict=True))
            found -= (rate * _LAYER_RATE * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
        self._adagrad(ids.ravel(), (of_read, filler, slope), rate * _RATE)

    def _adagrad(self, ids: Ids, slopes: Sequence[Single], rate: float) -> None:
        from scipy.sparse import csr_matrix

        words, which = np.unique(ids, return_inverse=True)
        gathered = csr_matrix((np.ones(len(ids), np.float32), (which, np.arange(len(ids)))))
        for found, slope, squares in zip(
            (self.context, self.filler, self.bias), slopes, self._squares, strict=True
        ):
            summed = gathered @ slope.reshape(len(ids), -1)
            squares[words] += (summed * summed).mean(axis=1)
            found[words] -= (rate / np.sqrt(squares[words]))[:, None] * summed

    def slots(self) -> Slots:
        """The learnt values, in whole numbers."""
        (context, one), (layers, two), (filler, three) = map(_whole, (self.context, self.layers, self.filler))
        bias: Floats = self.bias[:, 0].astype(np.float64).round(3)
        thresholds: Floats = self.thresholds[0].astype(np.float64).round(3)
        return Slots(context, filler, layers, thresholds, bias, one * two, three / 127.0)


def _whole(found: Single) -> tuple[NDArray[np.int8], float]:
    """Numbers as whole ones from -127 to 127 and what one of these is worth; a few far out are cut off."""
    step = float(np.quantile(np.abs(found), 0.9995)) / 127.0
    return np.clip(np.rint(found / step), -127, 127).astype(np.int8), step


def learn_slots(
    texts: Encoded, forger: Forger, vectors: Single, rng: np.random.Generator, steps: int = _STEPS
) -> Slots:
    """Learn from stretches drawn of the texts; ``vectors`` are where the vocabulary's words begin.

    Takes a quarter of an hour on one core.
    """
    words = len(texts.words)
    context = np.zeros((words + len(CLASSES), _SIZE), np.float32)
    main = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][
        :, :_SIZE
    ]  # the directions in which the words differ most
    context[: len(vectors), : main.shape[1]] = 2.0 * vectors @ main
    context += rng.normal(0, 0.05, context.shape).astype(np.float32)
    learner = Learner(context, rng)
    streams = _streams(texts)
    names = sorted(streams)
    shares = np.cumsum([_TEXTS[name] for name in names])
    function = np.concatenate([forger.function, np.zeros(len(CLASSES), dtype=bool)])
    for step in range(steps):
        drawn = np.searchsorted(shares / shares[-1], rng.random(_STRETCHES), side="right").clip(max=len(names) - 1)
        firsts = [int(rng.integers(len(streams[names[one]][0]) - _STRETCH)) for one in drawn]
        places = [
            (streams[names[one]], slice(first, first + _STRETCH)) for one, first in zip(drawn, firsts, strict=True)
        ]
        ids: Ids = np.stack([stream[part] for (stream, _), part in places]).astype(np.int64)
        capitals: Bools = np.stack([stream[part] for (_, stream), part in places])
        new = forger.exchange(ids, capitals, rng)
        told = (new < words) | (new == words + CLASSES.index("unknown"))
        told[:, :REACH] = told[:, -REACH:] = False
        weights = np.where(told, np.where(function[new], _FUNCTION_WEIGHT, 1.0), 0.0).astype(np.float32)
        content = ((new < words) | (new == words + CLASSES.index("unknown"))) & ~function[new]
        learner.step(new, content, new != ids, weights, 1.0 - step / steps)
    return learner.slots()


def _streams(texts: Encoded) -> dict[str, tuple[NDArray[np.uint16], Bools]]:
    """Of each corpus the documents that the network learns from, one after the other."""
    streams = {}
    for name, ids in texts.ids.items():
        firsts = [*texts.documents[name].tolist(), len(ids)]
        mine = [n for n in range(len(firsts) - 1) if seen_by_slots(f"{name}:{n}")]
        parts = [np.arange(firsts[n], firsts[n + 1]) for n in mine]
        places = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        if len(places) > _STRETCH:
            streams[name] = (ids[places], texts.capitals[name][places])
    return streams
