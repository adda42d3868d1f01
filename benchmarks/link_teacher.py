"""A large network that reads both sentences and judges which of their words answer to each other.

It is the lower layers of all-mpnet-base-v2 (Song et al. 2020, https://arxiv.org/abs/2004.09297; Apache License 2.0)
with layers on top like those of `spindetect.align.words.odds`, both learnt from sentences that people aligned.
`learn_odds.py` has it label many more, from which the small network that ships learns (Hinton et al. 2015,
https://arxiv.org/abs/1503.02531). PyTorch and transformers are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.align.words.cells import Cells, Floats
from spindetect.align.words.odds import AROUND
from spindetect.records import Span

_CHANNELS, _DIMENSIONS = 48, 128
_EPOCHS, _BATCH, _RATE, _RATE_ABOVE, _DECAY, _DROP, _SEED = 4, 16, 5e-5, 3e-3, 0.02, 0.15, 0
# The reader's layers that are used, from the lowest, and how many of these stay as they were.
_LAYERS, _KEPT = 10, 2
# Pieces of words that the network reads at once, both sentences together.
_MOST_PIECES = 500
# Characters of both sentences together that are labelled.
_LONGEST = 900


class Example(NamedTuple):
    """A sentence pair's free words: pairs of them, and how sure it is that these are linked.

    ``rows`` are the rows of the vectors of all words of both strands, -1 where there is none. ``linked`` is 0 to 1,
    and -1 where nobody knows. ``texts`` are the sentences and ``spans`` their free words.
    """

    cells: Cells
    rows: NDArray[np.intp]
    linked: Floats
    texts: tuple[str, str]
    spans: tuple[Sequence[Span], Sequence[Span]]


def joined(examples: Sequence[Example]) -> dict[str, Any]:
    """The cells of some examples as tensors of one: places count on from one example to the next."""
    import torch

    words = free = grid = 0
    parts: dict[str, list[NDArray[np.generic]]] = {
        name: [] for name in ("words", "rows", "pairs", "free", "breaks", "left", "right", "at", "beside", "linked")
    }
    for one in examples:
        cells = one.cells
        at = cells.at + grid
        for name, values in (
            ("words", cells.words), ("rows", one.rows), ("pairs", cells.pairs),
            ("breaks", cells.breaks + words), ("free", cells.free + words),
            ("left", cells.left + free), ("right", cells.right + free), ("at", at),
            ("beside", np.stack([at + up * cells.wide + side for up, side in AROUND], axis=1)),
            ("linked", one.linked),
        ):  # fmt: skip
            parts[name].append(values)
        words, free, grid = words + len(cells.words), free + len(cells.free), grid + cells.size
    return {"size": grid} | {name: torch.tensor(np.concatenate(values)) for name, values in parts.items()}


def grid_layers(channels: int, drop: float, most: float | None = None, times: int = 1) -> Any:
    """The layers above what is known of each pair: so many times of pairs about it and of the best in its lines."""
    import torch
    from torch import nn

    class GridLayers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.hidden = nn.Linear(channels, channels)
            self.around = nn.ModuleList([nn.Linear(len(AROUND) * channels, channels) for _ in range(times)])
            self.best = nn.ModuleList([nn.Linear(2 * channels, channels) for _ in range(times)])
            self.output = nn.Linear(channels, 1)
            self.drop = nn.Dropout(drop)

        def forward(self, found: Any, batch: dict[str, Any]) -> Any:
            signal = self.hidden(found.clamp(0, most)).clamp(0, most)
            nothing = torch.zeros(len(batch["free"]), channels)
            lines = [batch[name][:, None].expand(-1, channels) for name in ("left", "right")]
            for around, best in zip(self.around, self.best, strict=True):
                laid = torch.zeros(batch["size"], channels).index_copy(0, batch["at"], signal)
                near = laid[batch["beside"]].reshape(len(signal), -1)
                highest = [nothing.scatter_reduce(0, line, signal, "amax").gather(0, line) for line in lines]
                signal = (signal + around(near) + best(torch.cat(highest, 1))).clamp(0, most)
            return self.output(self.drop(signal))[:, 0]

    return GridLayers()


def losses(odds: Any, linked: Any) -> Any:
    """The cross entropy of a batch; pairs of which nothing is known don't count."""
    from torch.nn.functional import binary_cross_entropy_with_logits

    each = binary_cross_entropy_with_logits(odds, linked.clamp(0, 1), reduction="none")
    return (each * (linked >= 0)).sum() / 1500


class Teacher:
    """The large network, of a folder with the reader in the form of the package transformers."""

    def __init__(self, folder: Path, examples: Sequence[Example]) -> None:
        import torch
        from torch import nn
        from transformers import AutoModel, AutoTokenizer

        pairs = np.concatenate([one.cells.pairs for one in examples])
        self._mean, self._deviation = pairs.mean(axis=0), np.maximum(pairs.std(axis=0), 0.05)
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._reader = AutoModel.from_pretrained(folder)
        self._reader.embeddings.requires_grad_(False)
        self._reader.encoder.layer = self._reader.encoder.layer[:_LAYERS]
        self._reader.encoder.layer[:_KEPT].requires_grad_(False)
        tall = examples[0].cells.words.shape[1]
        self._layers = nn.ModuleDict({
            "project": nn.Linear(self._reader.config.hidden_size, _DIMENSIONS, bias=False),
            "words": nn.Linear(tall + _DIMENSIONS, _CHANNELS, bias=False),
            "pairs": nn.Linear(pairs.shape[1], _CHANNELS),
            "products": nn.Linear(_DIMENSIONS, _CHANNELS, bias=False),
            "drop": nn.Dropout(_DROP),
            "grid": grid_layers(_CHANNELS, _DROP),
        })  # fmt: skip
        self._torch = torch

    def learn(self, examples: Sequence[Example]) -> None:
        """Fit the network to what is known of the examples' links; sentences of about one length go together."""
        torch = self._torch
        generator = np.random.default_rng(_SEED)
        steps = -(-len(examples) // _BATCH) * _EPOCHS
        below = [weights for weights in self._reader.parameters() if weights.requires_grad]
        optimizer = torch.optim.AdamW(
            [{"params": below, "lr": _RATE}, {"params": self._layers.parameters(), "lr": _RATE_ABOVE}],
            weight_decay=_DECAY,
        )
        rates = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, [_RATE, _RATE_ABOVE], total_steps=steps + 1, pct_start=0.15
        )
        self._reader.train()
        self._layers.train()
        for _ in range(_EPOCHS):
            lengths = [sum(map(len, one.texts)) + generator.normal() * 30 for one in examples]
            order = np.argsort(lengths)
            starts = range(0, len(order), _BATCH)
            for start in generator.permutation(list(starts)):
                batch = [examples[at] for at in order[start : start + _BATCH]]
                optimizer.zero_grad()
                losses(self._odds(batch), torch.tensor(np.concatenate([one.linked for one in batch]))).backward()
                torch.nn.utils.clip_grad_norm_([*below, *self._layers.parameters()], 2.0)
                optimizer.step()
                rates.step()

    def judged(self, examples: Sequence[Example]) -> list[Floats]:
        """How sure the network is of each example's links, 0 to 1; -1 throughout for one too long for it."""
        self._reader.eval()
        self._layers.eval()
        found = [one.linked for one in examples]
        short = [at for at, one in enumerate(examples) if sum(map(len, one.texts)) < _LONGEST]
        short.sort(key=lambda at: len(examples[at].texts[0]))
        for start in range(0, len(short), 2 * _BATCH):
            places = short[start : start + 2 * _BATCH]
            batch = [examples[at] for at in places]
            with self._torch.no_grad():
                sure = self._torch.sigmoid(self._odds(batch)).numpy()
            parts = np.split(sure, np.cumsum([len(one.linked) for one in batch])[:-1])
            for at, part in zip(places, parts, strict=True):
                found[at] = part
        return found

    def _odds(self, examples: Sequence[Example]) -> Any:
        torch = self._torch
        pieces = self._tokenizer(
            [one.texts[0] for one in examples], [one.texts[1] for one in examples],
            return_offsets_mapping=True, padding=True, truncation=True, max_length=_MOST_PIECES,
            return_tensors="pt",
        )  # fmt: skip
        offsets = pieces.pop("offset_mapping").numpy()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = self._reader(**pieces).last_hidden_state.float()
        free = sum(len(one.cells.free) for one in examples)
        weights = np.zeros((free, read.shape[0] * read.shape[1]), np.float32)
        word = 0
        for at, one in enumerate(examples):
            for side, spans in enumerate(one.spans):
                mine = np.array([number == side for number in pieces.sequence_ids(at)])
                for span in spans:
                    hit = mine & (offsets[at, :, 0] < span.end) & (offsets[at, :, 1] > span.start)
                    weights[word, at * read.shape[1] + np.flatnonzero(hit)] = 1.0 / max(1, hit.sum())
                    word += 1
        batch, layers = joined(examples), self._layers
        meanings = layers["project"](torch.tensor(weights) @ read.reshape(-1, read.shape[2]))
        words = layers["words"](torch.cat([batch["words"][batch["free"]], meanings], 1))
        left, right = batch["left"], batch["right"]
        pairs = (batch["pairs"] - torch.tensor(self._mean)) / torch.tensor(self._deviation)
        found = words[left] + words[right] + layers["pairs"](layers["drop"](pairs))
        found = found + layers["products"](layers["drop"](meanings[left] * meanings[right]))
        return layers["grid"](found, batch)
