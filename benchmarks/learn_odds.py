"""Learn which words of a sentence written anew answer to each other: the weights of `spindetect.align.words.odds`.

    python benchmarks/learn_odds.py FILE... --vectors DIR [--tune N] [--output FILE]

A FILE is one of MultiMWA's (see `word_links.py`), for training; of each, the last N sentence pairs are kept back,
and the F1 of the network's links on them is printed. ``--vectors`` is the folder of the model all-MiniLM-L6-v2
(Wang et al. 2020, https://arxiv.org/abs/2002.10957; Apache License 2.0), in the form of the package transformers. A
word's vector is drawn from the lexicon's, from the mean of its pieces' embeddings and from what the model's second
layer makes of the word alone, by a projection that is learnt with the rest. Learnt with PyTorch, which nothing else
needs, by AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), with a fixed seed.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from word_links import read_multimwa

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.words.anchors import find_anchors
from spindetect.align.words.cells import Cells, cells_of, free_words
from spindetect.align.words.odds import AROUND, VECTOR_UNIT, WEIGHT_UNIT, WEIGHTS
from spindetect.detector import Detector

_CHANNELS, _DIMENSIONS, _LAYER = 32, 48, 2
_EPOCHS, _BATCH, _RATE, _DECAY, _DROP, _DROP_VECTORS, _SEED = 20, 16, 4e-3, 0.02, 0.15, 0.2, 0
_AT_ONCE = 256

Floats = NDArray[np.float32]


class Example(NamedTuple):
    """A sentence pair's free words: pairs of them, the words' rows of the vectors, and which pairs are linked."""

    cells: Cells
    rows: NDArray[np.intp]
    linked: NDArray[np.int8]


def read(path: Path, detector: Detector) -> list[Example]:
    """The sentence pairs of a file that have free words on both sides; possible links are -1."""
    lexicon = detector.model.lexicon
    found = []
    for pair in read_multimwa(path, detector):
        anchors = find_anchors([pair.strands], lexicon)[0]
        old, new = free_words((pair.strands[0].words, pair.strands[1].words), anchors)
        if old.words and new.words:
            left, right = ([tokens[at[3]] for at in side.places]
                           for tokens, side in zip(pair.tokens, (old, new), strict=True))  # fmt: skip
            places = [(i, j) for i in left for j in right]
            linked = [1 if at in pair.sure else -1 if at in pair.possible else 0 for at in places]
            rows = np.array([word.row for word in (*old.words, *new.words)])
            found.append(Example(cells_of([(old, new)], lexicon), rows, np.array(linked, np.int8)))
    return found


def word_vectors(lexicon: Lexicon, words: Sequence[str], folder: Path) -> Floats:
    """What is known of each of the lexicon's words, as three unit vectors side by side, and a row of zeros."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    pieces = tokenizer(list(words))["input_ids"]
    layers: list[Floats] = [np.zeros((len(words), model.config.hidden_size), np.float32) for _ in range(2)]
    order = sorted(range(len(words)), key=lambda at: len(pieces[at]))
    for start in range(0, len(order), _AT_ONCE):
        for length in sorted({len(pieces[at]) for at in order[start : start + _AT_ONCE]}):
            chosen = [at for at in order[start : start + _AT_ONCE] if len(pieces[at]) == length]
            ids = torch.tensor([pieces[at] for at in chosen])
            with torch.no_grad():
                inner = model(ids, output_hidden_states=True).hidden_states[_LAYER][:, 1:-1].mean(1)
                layers[0][chosen] = model.embeddings.word_embeddings(ids)[:, 1:-1].mean(1).numpy()
                layers[1][chosen] = inner.numpy()
    parts = [np.asarray(lexicon.vectors, np.float32), *layers]
    centred = [part - part.mean(axis=0) for part in parts]
    units = [part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-9) for part in centred]
    return np.pad(np.concatenate(units, axis=1), ((0, 1), (0, 0)))


def network(vectors: Floats, examples: Sequence[Example]) -> Any:
    """The network as PyTorch learns it; a call gives the log-odds of all pairs of some examples."""
    import torch
    from torch import nn
    from torch.nn.functional import dropout, relu

    table = torch.tensor(vectors)
    pairs = np.concatenate([one.cells.pairs for one in examples])
    mean, deviation = torch.tensor(pairs.mean(axis=0)), torch.tensor(np.maximum(pairs.std(axis=0), 0.05))
    wide, tall = pairs.shape[1], examples[0].cells.words.shape[1]

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.projection = nn.Linear(vectors.shape[1], _DIMENSIONS, bias=False)
            directions = np.linalg.svd(vectors[: len(vectors) // 2], full_matrices=False)[2][:_DIMENSIONS]
            self.projection.weight.data = torch.tensor(directions.copy())
            self.scale = nn.Parameter(torch.tensor(4.0))
            self.words = nn.Linear(tall, _CHANNELS, bias=False)
            self.pairs = nn.Linear(wide, _CHANNELS)
            self.products = nn.Linear(_DIMENSIONS, _CHANNELS, bias=False)
            self.meanings = nn.Linear(_DIMENSIONS, _CHANNELS, bias=False)
            self.hidden = nn.Linear(_CHANNELS, _CHANNELS)
            self.around = nn.Linear(len(AROUND) * _CHANNELS, _CHANNELS)
            self.best = nn.Linear(2 * _CHANNELS, _CHANNELS)
            self.output = nn.Linear(_CHANNELS, 1)
            self.drop = nn.Dropout(_DROP)
            self.mean, self.deviation = mean, deviation

        def forward(self, batch: Sequence[Example]) -> Any:
            words, grid = 0, 0
            left, right, at, beside = [], [], [], []
            for one in batch:
                cells = one.cells
                left.append(cells.left + words)
                right.append(cells.right + words)
                at.append(cells.at + grid)
                beside.append(np.stack([up * cells.wide + side for up, side in AROUND], axis=1))
                words, grid = words + len(cells.words), grid + cells.size
            one, other, places = (torch.tensor(np.concatenate(part)) for part in (left, right, at))
            rows = torch.tensor(np.concatenate([example.rows for example in batch]))  # -1 is the row of zeros
            meanings = self.projection(dropout(table[rows], _DROP_VECTORS, self.training))
            known = self.words(torch.tensor(np.concatenate([example.cells.words for example in batch])))
            known = known + self.meanings(meanings)
            pairs = torch.tensor(np.concatenate([example.cells.pairs for example in batch]))
            found = known[one] + known[other] + self.pairs(self.drop((pairs - self.mean) / self.deviation))
            found = found + self.products(self.drop(meanings[one] * meanings[other] * self.scale))
            signal = relu(self.hidden(relu(found)))
            laid = torch.zeros(grid, _CHANNELS).index_copy(0, places, signal)
            near = laid[places[:, None] + torch.tensor(np.concatenate(beside))].reshape(len(places), -1)
            best = [
                torch.zeros(words, _CHANNELS).scatter_reduce(
                    0, line[:, None].expand(-1, _CHANNELS), signal, "amax"
                )[line]
                for line in (one, other)
            ]
            joined = relu(signal + self.around(near) + self.best(torch.cat(best, 1)))
            return self.output(self.drop(joined))[:, 0]

    return Network()


def learn(model: Any, examples: Sequence[Example]) -> None:
    """Fit the network to the examples' links; possible ones count as neither."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    generator = np.random.default_rng(_SEED)
    steps = -(-len(examples) // _BATCH) * _EPOCHS
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + 1, pct_start=0.15)
    model.train()
    for _ in range(_EPOCHS):
        order = generator.permutation(len(examples))
        for start in range(0, len(order), _BATCH):
            batch = [examples[at] for at in order[start : start + _BATCH]]
            linked = torch.tensor(np.concatenate([one.linked for one in batch]))
            losses = binary_cross_entropy_with_logits(model(batch), (linked == 1).float(), reduction="none")
            optimizer.zero_grad()
            ((losses * (linked >= 0)).sum() / 1500).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
            rates.step()
    model.eval()


def pack(model: Any, vectors: Floats, words: Sequence[str], output: Path) -> None:
    """Write the network as whole numbers; scales and means go into the weights."""
    learnt = {name: value.numpy().astype(np.float64) for name, value in model.state_dict().items()}
    meanings = vectors[:-1] @ learnt["projection.weight"].T
    spread = 100 / VECTOR_UNIT / np.maximum(np.quantile(np.abs(meanings), 0.9995, axis=0), 1e-6)
    pairs = learnt["pairs.weight"] / model.deviation.numpy()
    arrays = {
        "words": learnt["words.weight"].T,
        "meanings": (learnt["meanings.weight"] / spread).T,
        "pairs": pairs.T,
        "products": (learnt["products.weight"] * learnt["scale"] / spread**2).T,
        "bias": learnt["pairs.bias"] - pairs @ model.mean.numpy(),
        "hidden": learnt["hidden.weight"].T,
        "hidden_bias": learnt["hidden.bias"],
        "around": learnt["around.weight"].T.reshape(len(AROUND), _CHANNELS, _CHANNELS),
        "best": learnt["best.weight"].T.reshape(2, _CHANNELS, _CHANNELS),
        "around_bias": learnt["around.bias"] + learnt["best.bias"],
        "output": learnt["output.weight"][0],
        "output_bias": learnt["output.bias"][0],
    }
    hashes = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], np.uint32)
    hashes, first = np.unique(hashes, return_index=True)
    np.savez_compressed(
        output,
        hashes=hashes,
        vectors=np.clip(np.rint(meanings * spread * VECTOR_UNIT), -127, 127).astype(np.int8)[first],
        **{name: np.rint(one * WEIGHT_UNIT).astype(np.int16) for name, one in arrays.items()},
    )
    print(f"{output}: {output.stat().st_size:,} bytes, CRC-32 {zlib.crc32(output.read_bytes())}")


def main() -> None:
    """Learn, and print how the links of what was kept back come out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--tune", type=int, default=0)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    import torch

    torch.manual_seed(_SEED)
    torch.set_num_threads(1)
    detector = Detector.load()
    lexicon = detector.model.lexicon
    rows = detector.model.vocabulary.rows
    words = sorted(rows, key=rows.__getitem__)
    files = [read(path, detector) for path in options.files]
    examples = [one for found in files for one in found[: len(found) - options.tune]]
    vectors = word_vectors(lexicon, words, options.vectors)
    model = network(vectors, examples)
    learn(model, examples)
    for path, found in zip(options.files, files, strict=True):
        kept = found[len(found) - options.tune :]
        if kept:
            with torch.no_grad():
                given = model(kept).numpy() > 0.0
            linked = np.concatenate([one.linked for one in kept])
            both = np.sum(given & (linked == 1))
            f1 = 2 * both / (np.sum(given & (linked >= 0)) + np.sum(linked == 1))
            print(f"{path.stem}: {len(kept)} kept back, F1 of links of free words {f1:.4f}")
    pack(model, vectors, words, options.output)


if __name__ == "__main__":
    main()
