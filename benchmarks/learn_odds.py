"""Learn which words of a sentence written anew answer to each other: the weights of `spindetect.align.words.odds`.

    python benchmarks/learn_odds.py FILE... --possible FILE --pairs DIR --labels FILE.npy --teacher DIR
        --vectors DIR [--tune N] [--output FILE]

A FILE is one of MultiMWA's (see `word_links.py`), for training; of each, the last N sentence pairs are kept back,
and the F1 of the network's links on them is printed. ``--pairs`` is the folder of files of JSON lines with
``suspect`` and ``reference``: sentences that answer to each other in these are labelled by a large network, learnt
from the first files (`link_teacher.py`), whose model, all-mpnet-base-v2, is in the folder ``--teacher``; the file
of the labels is written, or read if it is there. Labelling takes a processor 45 ms a sentence pair. ``--vectors``
is the folder of all-MiniLM-L6-v2, both in the form of the package transformers. A word's vector is drawn from the
lexicon's, from the mean of its pieces' embeddings and from what the model's second layer makes of the word alone,
by a projection that is learnt with the rest. The training files hold possible links among the sure ones. How
likely a link is a sure one is learnt from the first half of ``--possible``, MTRef's development file, which tells
them apart, and links count less by it. Learnt with PyTorch, which nothing else needs, by AdamW (Loshchilov and
Hutter 2019, https://arxiv.org/abs/1711.05101), with a fixed seed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from link_teacher import Example, Teacher, grid_layers, joined, losses
from numpy.typing import NDArray
from word_links import read_multimwa

from spindetect.align.lexical.lexicon import Lexicon
from spindetect.align.sentences.pairs import align
from spindetect.align.words.anchors import find_anchors
from spindetect.align.words.cells import cells_of, free_words
from spindetect.align.words.gaps import gaps_between
from spindetect.align.words.judged import written_anew
from spindetect.align.words.odds import AROUND, MOST, VECTOR_UNIT, WEIGHT_UNIT, WEIGHTS
from spindetect.align.words.strands import Strand
from spindetect.detector import Detector
from spindetect.records import Article, Document, Span

_CHANNELS, _DIMENSIONS, _LAYER, _GRID_LAYERS = 24, 48, 2, 2
_CONTEXT, _TURNED, _CONTEXT_LAYERS = 32, 16, 2
_EPOCHS, _BATCH, _RATE, _DECAY, _DROP, _DROP_VECTORS, _SEED = 16, 16, 5e-3, 0.02, 0.1, 0.2, 0
_AT_ONCE = 256
# How often a sentence pair is met that a network labelled.
_MET = 6
# The sentence pairs drawn for it, in turns: a seed, and of each file at most so many, and of two texts.
_DRAWN: tuple[tuple[int, dict[str, tuple[int, int]]], ...] = (
    (0, {
        "pairs.jsonl.gz": (1500, 6), "translations_wmt21.jsonl.gz": (3000, 6), "llm_sets.jsonl.gz": (1500, 6),
        "rewrites_lm.jsonl": (3000, 6), "newsrooms.jsonl.gz": (3000, 6),
    }),
    (7, {
        "translations_wmt21.jsonl.gz": (9000, 12), "newsrooms.jsonl.gz": (1000, 8), "honest.jsonl.gz": (4000, 10),
        "rewrites_lm.jsonl": (3000, 10), "llm_sets.jsonl.gz": (4000, 6),
    }),
)  # fmt: skip
# Nats taken off the odds; chosen on the gold texts and the first half of MTRef's development file.
_CAUTION = 0.2
# Pairs of free words that an example may have, words of its strands, and the share kept without new wording.
_PAIRS, _WORDS, _EVEN = (4, 900), 60, 0.35
# What a link between unequal words loses of what it lacks of being a sure one.
_DOUBT = 0.5
# The first file teaches the large network whole; of the others, so many sentence pairs with most links between
# unequal words do, of which Wikipedia's versions have few.
_OF_OTHERS = 350

Floats = NDArray[np.float32]


def read(path: Path, detector: Detector) -> list[Example]:
    """The sentence pairs of a file that have free words on both sides; possible links are -1."""
    found = []
    for pair in read_multimwa(path, detector):
        one = _example(pair.documents, pair.strands, detector.model.lexicon)
        if one is not None:
            starts = [np.cumsum([0, *(len(token) + 1 for token in tokens)]) for tokens in pair.texts]
            left, right = ([int(np.searchsorted(begin, span.start, "right")) - 1 for span in spans]
                           for begin, spans in zip(starts, one.spans, strict=True))  # fmt: skip
            places = [(i, j) for i in left for j in right]
            linked = [1.0 if at in pair.sure else -1.0 if at in pair.possible else 0.0 for at in places]
            found.append(one._replace(linked=np.array(linked, np.float32)))
    return found


def drawn(folder: Path, detector: Detector) -> Iterator[Example]:
    """The sentence pairs to be labelled, out of the files of a folder; none that an earlier file had."""
    had: set[tuple[str, str]] = set()
    for seed, files in _DRAWN:
        for name, (most, most_of_texts) in files.items():
            found = list(unlabelled(folder / name, detector, np.random.default_rng(seed), most, most_of_texts))
            yield from (one for one in found if one.texts not in had)
            had.update(one.texts for one in found)


def unlabelled(
    path: Path, detector: Detector, generator: np.random.Generator, most: int, most_of_texts: int
) -> Iterator[Example]:
    """Sentences that answer to each other in the pairs of texts of a file, at most so many, and of two texts."""
    lexicon, given = detector.model.lexicon, 0
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for at in generator.permutation(len(rows)).tolist():
        suspect, reference = (detector.document(Article(rows[at][side])) for side in ("suspect", "reference"))
        found = []
        for pair in align(suspect, reference, lexicon).pairs:
            strands = pair.words.reference, pair.words.suspect
            one = _example((reference, suspect), strands, lexicon)
            if one is None or not _PAIRS[0] <= len(one.linked) <= _PAIRS[1]:
                continue
            anew = any(written_anew(*gap) for gap in gaps_between(*strands, find_anchors([strands], lexicon)[0]))
            if max(len(side.words) for side in strands) <= _WORDS and (anew or generator.random() < _EVEN):
                found.append(one)
        for place in generator.permutation(len(found))[:most_of_texts].tolist():
            if given < most:
                given += 1
                yield found[place]
        if given == most:
            return


def _example(
    documents: tuple[Document, Document], strands: tuple[Strand, Strand], lexicon: Lexicon
) -> Example | None:
    """The free words of two strands, reference first, no link known; None if a side has none."""
    stretch = free_words((strands[0].words, strands[1].words), find_anchors([strands], lexicon)[0])
    if not stretch[0].words or not stretch[1].words:
        return None
    cells, texts, spans = cells_of([stretch], lexicon), [], []
    for document, strand, side in zip(documents, strands, stretch, strict=True):
        start = document.starts[strand.tokens[0]]
        end = document.span(strand.tokens[-1], strand.tokens[-1] + 1).end
        texts.append(document.article.text[start:end])
        places = [document.span(strand.tokens[place[3]], strand.tokens[place[3]] + 1) for place in side.places]
        spans.append([Span(place.start - start, place.end - start) for place in places])
    rows = np.array([row for strand in strands for row in (*[word.row for word in strand.words], -1)])
    unknown = np.full(len(cells.left), -1.0, np.float32)
    return Example(cells, rows, unknown, (texts[0], texts[1]), (spans[0], spans[1]))


class Doubt:
    """How likely links between unequal words are sure ones, learnt where sure and possible links are told apart."""

    def __init__(self, examples: Sequence[Example]) -> None:
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        known = [(one.linked != 0.0) & _unequal(one) for one in examples]
        seen = np.concatenate([_properties(one)[chosen] for one, chosen in zip(examples, known, strict=True)])
        sure = np.concatenate([one.linked[chosen] > 0.0 for one, chosen in zip(examples, known, strict=True)])
        self._learnt = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=2000)).fit(seen, sure)

    def taken_off(self, one: Example) -> Example:
        """The example with links less likely that may be no sure ones."""
        sure = self._learnt.predict_proba(_properties(one))[:, 1]
        factor = np.where(_unequal(one), 1.0 - _DOUBT * (1.0 - sure), 1.0)
        return one._replace(linked=(one.linked * factor).astype(np.float32))


def _unequal(one: Example) -> NDArray[np.bool_]:
    return one.cells.pairs[:, 0] == 0.0


def _properties(one: Example) -> Floats:
    """What a pair's being a sure link may depend on: its words' other links, and what the network sees of it."""
    cells, given = one.cells, np.abs(one.linked)
    others = [np.bincount(line, given)[line] - given for line in (cells.left, cells.right)]
    words = cells.words[cells.free]
    left, right = words[cells.left], words[cells.right]
    several = [*others, *np.minimum(others, 1.0), others[0] * others[1]]
    return np.column_stack([*several, cells.pairs, left + right, left * right])


def word_vectors(lexicon: Lexicon, words: Sequence[str], folder: Path) -> Floats:
    """What is known of each of the lexicon's words, as three unit vectors side by side, and a row of zeros."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    model.encoder.layer = model.encoder.layer[:_LAYER]
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
    from torch.nn.functional import dropout, pad

    table, most = torch.tensor(vectors), MOST
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
            self.inner = nn.Linear(_DIMENSIONS + tall, _CONTEXT)
            self.beside = nn.ModuleList([nn.Linear(3 * _CONTEXT, _CONTEXT) for _ in range(_CONTEXT_LAYERS)])
            self.context = nn.Linear(_CONTEXT, _CHANNELS, bias=False)
            self.turned = nn.Linear(_CONTEXT, _TURNED, bias=False)
            self.alike = nn.Linear(_TURNED, _CHANNELS, bias=False)
            self.drop = nn.Dropout(_DROP)
            self.grid = grid_layers(_CHANNELS, _DROP, most, _GRID_LAYERS)
            self.mean, self.deviation = mean, deviation

        def forward(self, batch: dict[str, Any]) -> Any:
            left, right, free = batch["left"], batch["right"], batch["free"]
            meanings = self.projection(dropout(table[batch["rows"]], _DROP_VECTORS, self.training))
            inside = torch.ones(len(meanings), 1).index_fill(0, batch["breaks"], 0.0)
            context = self.inner(torch.cat([meanings, batch["words"]], 1)).clamp(0, most) * inside
            for layer in self.beside:
                near = torch.cat([pad(context, (0, 0, 1, -1)), context, pad(context, (0, 0, -1, 1))], 1)
                context = (context + layer(near).clamp(0)).clamp(0, most) * inside
            context, meanings = context[free], meanings[free]
            turned = self.turned(context)
            known = self.words(batch["words"][free]) + self.meanings(meanings) + self.context(context)
            pairs = self.drop((batch["pairs"] - self.mean) / self.deviation)
            found = known[left] + known[right] + self.pairs(pairs)
            found = found + self.products(self.drop(meanings[left] * meanings[right] * self.scale))
            found = found + self.alike(self.drop(turned[left] * turned[right]))
            return self.grid(found, batch)

    return Network()


def learn(model: Any, marked: Sequence[Example], labelled: Sequence[Example]) -> None:
    """Fit the network to the examples' links; those that a network labelled are met less often."""
    import torch

    generator = np.random.default_rng(_SEED)
    often = np.resize(generator.permutation(len(labelled)), _MET * len(labelled))
    shares = [often[at::_EPOCHS] for at in range(_EPOCHS)]
    steps = sum(-(-(len(marked) + len(share)) // _BATCH) for share in shares)
    optimizer = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=steps + 1, pct_start=0.1)
    model.train()
    for share in shares:
        met = [*marked, *[labelled[at] for at in share]]
        order = generator.permutation(len(met))
        for start in range(0, len(order), _BATCH):
            optimizer.zero_grad()
            batch = joined([met[at] for at in order[start : start + _BATCH]])
            losses(model(batch), batch["linked"]).backward()
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

    def above(layer: str, part: str, *shape: int) -> NDArray[np.float64]:
        return np.stack([learnt[f"grid.{layer}.{at}.{part}"].T.reshape(shape) for at in range(_GRID_LAYERS)])

    arrays = {
        "words": learnt["words.weight"].T,
        "meanings": (learnt["meanings.weight"] / spread).T,
        "pairs": pairs.T,
        "products": np.concatenate(
            [(learnt["products.weight"] * learnt["scale"] / spread**2).T, learnt["alike.weight"].T]
        ),
        "inner": learnt["inner.weight"][:, _DIMENSIONS:].T,
        "inner_meanings": (learnt["inner.weight"][:, :_DIMENSIONS] / spread).T,
        "inner_bias": learnt["inner.bias"],
        "beside": np.stack(
            [learnt[f"beside.{at}.weight"].T.reshape(3, _CONTEXT, _CONTEXT) for at in range(_CONTEXT_LAYERS)]
        ),
        "beside_bias": np.stack([learnt[f"beside.{at}.bias"] for at in range(_CONTEXT_LAYERS)]),
        "context": learnt["context.weight"].T,
        "turned": learnt["turned.weight"].T,
        "bias": learnt["pairs.bias"] - pairs @ model.mean.numpy(),
        "hidden": learnt["grid.hidden.weight"].T,
        "hidden_bias": learnt["grid.hidden.bias"],
        "around": above("around", "weight", len(AROUND), _CHANNELS, _CHANNELS),
        "best": above("best", "weight", 2, _CHANNELS, _CHANNELS),
        "around_bias": above("around", "bias", _CHANNELS) + above("best", "bias", _CHANNELS),
        "output": learnt["grid.output.weight"][0],
        "output_bias": learnt["grid.output.bias"][0] - _CAUTION,
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


def labelled(options: argparse.Namespace, files: Sequence[list[Example]], detector: Detector) -> list[Example]:
    """The sentences of the pairs of texts, with the large network's judgement of their links."""
    found = list(drawn(options.pairs, detector))
    if not options.labels.exists():
        taught = list(files[0])
        for others in files[1:]:
            taught += sorted(others, key=lambda one: -np.sum((one.linked == 1.0) & _unequal(one)))[:_OF_OTHERS]
        teacher = Teacher(options.teacher, taught)
        teacher.learn(taught)
        np.save(options.labels, np.concatenate(teacher.judged(found)).astype(np.float16))
    judged = np.split(np.load(options.labels), np.cumsum([len(one.linked) for one in found])[:-1])
    marked = [one._replace(linked=odds.astype(np.float32)) for one, odds in zip(found, judged, strict=True)]
    return [one for one in marked if one.linked.min() >= 0.0]


def main() -> None:
    """Learn, and print how the links of what was kept back come out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--possible", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--teacher", type=Path)
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
    learnt_from = [found[: len(found) - options.tune] for found in files]
    more = labelled(options, learnt_from, detector)
    apart = read(options.possible, detector)
    doubt = Doubt(apart[: len(apart) // 2])
    marked = [doubt.taken_off(one) for found in learnt_from for one in found]
    torch.manual_seed(_SEED)
    vectors = word_vectors(lexicon, words, options.vectors)
    model = network(vectors, marked)
    learn(model, marked, [doubt.taken_off(one) for one in more])
    for path, found in zip(options.files, files, strict=True):
        kept = found[len(found) - options.tune :]
        if kept:
            with torch.no_grad():
                given = model(joined(kept)).numpy() > 0.0
            linked = np.concatenate([one.linked for one in kept])
            both = np.sum(given & (linked == 1))
            f1 = 2 * both / (np.sum(given & (linked >= 0)) + np.sum(linked == 1))
            print(f"{path.stem}: {len(kept)} kept back, F1 of links of free words {f1:.4f}")
    pack(model, vectors, words, options.output)


if __name__ == "__main__":
    main()
