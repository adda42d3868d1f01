"""How well each word fits its slot: a small network reads the words on either side of it and the text's topic.

It has learnt to tell words that were put in from those that people wrote, by any dictionary and by none, so it
needs to know nothing of the tool. All its parameters are whole numbers of one byte, and sums of their products are
exact in 32-bit floating point: every machine gets the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spindetect.reference_free.ngrams import Floats, Ids

REACH = 4
"""Words read on either side."""
OFFSETS = tuple(place for place in range(-REACH, REACH + 1) if place)
# Steps from 0 to 1 to which a neuron's activation is rounded.
_STEPS = 127.0

Bytes = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Slots:
    """The network: ``context`` (ids, size) holds each word as a neighbour, ``filler`` (ids, neurons) as a slot's.

    ``layers`` (size, neurons for each of `OFFSETS` and for the topic) says what a neighbour makes of the neurons,
    ``thresholds`` (neurons) what they are without any, ``bias`` (ids) how suspicious a word is in any slot.
    ``scale`` is what one step of a neuron's input is worth, ``unit`` one of the sum of neurons and filler, in nats.
    """

    context: Bytes
    filler: Bytes
    layers: Bytes
    thresholds: Floats
    bias: Floats
    scale: float
    unit: float

    @cached_property
    def floats(self) -> NDArray[np.float32]:
        """The layers in floating point, which is multiplied faster."""
        return self.layers.astype(np.float32)

    def read(self, ids: Ids, content: NDArray[np.bool_]) -> Read:
        """Read a line around each of its places; ``content`` says which words make the topic."""
        neurons = self.filler.shape[1]
        words, which = np.unique(ids, return_inverse=True)
        read = self.context[words].astype(np.float32)
        made = read @ self.floats[:, :-neurons]
        sums = np.zeros((len(ids), neurons), dtype=np.float32)
        for number, offset in enumerate(OFFSETS):
            part = made[:, number * neurons : (number + 1) * neurons]
            if offset < 0:
                sums[-offset:] += part[which[:offset]]
            else:
                sums[:-offset] += part[which[offset:]]
        met = np.bincount(which[content], minlength=len(words))
        topic = (met @ read) @ self.layers[:, -neurons:].astype(np.float64)
        resting = topic / max(int(content.sum()), 1) * self.scale + self.thresholds
        active = np.clip(sums.astype(np.float64) * self.scale + resting, -1.0, 1.0)
        return Read(self, ids, np.rint(active * _STEPS).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Read:
    """A line as read by `Slots`: how active each neuron is in each place, in whole steps from -127 to 127."""

    slots: Slots
    ids: Ids
    active: NDArray[np.float32]

    @cached_property
    def own(self) -> Floats:
        """The log-odds of the words as they stand, a value for each place."""
        return self.log_odds(np.arange(len(self.ids)), self.ids)

    def log_odds(self, place: Ids, word: Ids) -> Floats:
        """Log-odds that a word in a place was put in, elementwise.

        Many of the words that the network learnt from were, so these are no probabilities of an article's.
        """
        filled = np.einsum(
            "in,in->i", self.active.take(place, axis=0), self.slots.filler.take(word, axis=0).astype(np.float32)
        )
        return filled.astype(np.float64) * self.slots.unit + self.slots.bias[word]
