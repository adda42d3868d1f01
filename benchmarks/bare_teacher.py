"""A large network that says where sentences begin in texts without punctuation.

It is all-MiniLM-L6-v2 (Wang et al. 2020, https://arxiv.org/abs/2002.10957; Apache License 2.0), which learns it
from the documents of `bare_examples`. From its probabilities the small network learns that ships (`learn_bare.py`;
Hinton et al. 2015, https://arxiv.org/abs/1503.02531). PyTorch and transformers are needed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from bare_examples import Example, drawn
from numpy.typing import NDArray

_BATCH, _AT_ONCE, _LONGEST, _MOST_PIECES = 12, 120, 180, 500
_RATE, _RATE_ABOVE, _DECAY, _WARM_UP, _LEAST_RATE = 2.5e-4, 1e-3, 0.01, 0.06, 0.02
# A long text is read in windows of so many words, of which the outer ones only help.
_WINDOW, _EDGE = 220, 35

Chances = NDArray[np.float32]


class Teacher:
    """The large network, of a folder with MiniLM in the form of the package transformers."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import AutoModel, AutoTokenizer

        torch.set_num_threads(1)
        torch.manual_seed(0)
        self._torch = torch
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._reader = AutoModel.from_pretrained(folder)
        self._reader.embeddings.requires_grad_(False)
        self._output = torch.nn.Linear(self._reader.config.hidden_size, 1)

    def learn(self, examples: Sequence[Example], seconds: float) -> None:
        """Fit the network to pieces of the examples for so many seconds of the processor."""
        torch, rng = self._torch, np.random.default_rng(5)
        below = [weights for weights in self._reader.parameters() if weights.requires_grad]
        above = [*self._output.parameters()]
        adam = torch.optim.AdamW(
            [{"params": below, "most": _RATE}, {"params": above, "most": _RATE_ABOVE}],
            weight_decay=_DECAY, betas=(0.9, 0.98),
        )  # fmt: skip
        self._reader.train()
        batches = self._batches(examples, rng)
        started, done = time.process_time(), 0.0
        while done < 1.0:
            done = (time.process_time() - started) / seconds
            for group in adam.param_groups:
                group["lr"] = group["most"] * min(1.0, done / _WARM_UP + 0.02) * max(_LEAST_RATE, 1.0 - done)
            words, begins = next(batches)
            odds, read = self._odds(words)
            read[:, 0] = False  # that a sentence begins with the first word is known
            wanted = torch.tensor(np.stack([np.pad(one, (0, odds.shape[1] - len(one))) for one in begins]))
            loss = torch.nn.functional.binary_cross_entropy_with_logits(odds[read], wanted[read])
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*below, *above], 1.0)
            adam.step()

    @staticmethod
    def _batches(
        examples: Sequence[Example], rng: np.random.Generator
    ) -> Iterator[tuple[list[list[str]], list[Chances]]]:
        """Pieces' words, and whether a sentence begins with each; pieces of about one length go together."""
        pieces = drawn(examples, rng, _LONGEST)
        while True:
            ordered = sorted(islice(pieces, _AT_ONCE), key=lambda piece: piece[2] - piece[1])
            for start in rng.permutation(range(0, _AT_ONCE, _BATCH)).tolist():
                batch = ordered[start : start + _BATCH]
                begins = [np.zeros(end - first, np.float32) for _, first, end in batch]
                for one, (at, first, end) in zip(begins, batch, strict=True):
                    one[[place - first for place in examples[at].begins if first <= place < end]] = 1.0
                yield [examples[at].words[first:end] for at, first, end in batch], begins

    def chances(self, texts: Sequence[Sequence[str]]) -> list[Chances]:
        """The probability of each of the texts' words to begin a sentence; 0 for those that can't be read."""
        found = [np.zeros(len(words), np.float32) for words in texts]
        windows = []
        for at, words in enumerate(texts):
            for start in range(0, max(1, len(words) - 2 * _EDGE), _WINDOW - 2 * _EDGE):
                windows.append((at, start, min(len(words), start + _WINDOW)))
        windows.sort(key=lambda window: window[2] - window[1])
        self._reader.eval()
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH]
            with self._torch.no_grad():
                odds, read = self._odds([texts[at][start:end] for at, start, end in batch])
                sure = (self._torch.sigmoid(odds) * read).numpy()
            for (at, start, end), one in zip(batch, sure, strict=True):
                first_own, last_own = (_EDGE if start else 0), end - start - (_EDGE if end < len(texts[at]) else 0)
                found[at][start + first_own : start + last_own] = one[first_own:last_own]
        return found

    def _odds(self, texts: Sequence[Sequence[str]]) -> tuple[Any, Any]:
        """The log-odds of each word, and whether it was read; each (texts, words of the longest)."""
        torch = self._torch
        pieces = self._tokenizer(
            [list(words) for words in texts], is_split_into_words=True, padding=True, truncation=True,
            max_length=_MOST_PIECES, return_tensors="pt",
        )  # fmt: skip
        with torch.autocast("cpu", dtype=torch.bfloat16):
            signal = self._reader(**pieces).last_hidden_state
        odds = self._output(signal.float())[..., 0]
        places = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.long)  # of the first piece of each word
        for at in range(len(texts)):
            for place, word in reversed([*enumerate(pieces.word_ids(at))]):
                if word is not None:
                    places[at, word] = place
        return odds.gather(1, places), places > 0
