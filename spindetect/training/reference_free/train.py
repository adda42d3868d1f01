"""Train what scores an article without a reference.

Every text is measured with an n-gram model that leaves out its own kind of text, and half of the spun ones with a
lexicon that leaves out their own spinner: what is learnt must hold for newspapers and tools never seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from spindetect.align.lexical.lexicon import LONGEST_PHRASE
from spindetect.model import Model, load_model
from spindetect.read.article import article_from_text
from spindetect.records import Document
from spindetect.reference_free.model import AloneModel, save_alone
from spindetect.reference_free.ngrams import NGramModel, line_of
from spindetect.reference_free.originals import Ranking, Supposed, guesses
from spindetect.reference_free.slots import Slots
from spindetect.reference_free.token_features import Table, weigh_items
from spindetect.segment.document import segment
from spindetect.training.corpora import read_thesaurus
from spindetect.training.language.lexicon import SOURCES, Counts, learn_entries
from spindetect.training.reference_free.exchanges import (
    ExchangeDictionary,
    Exchanges,
    Forger,
    exchanges_of_spinners,
    exchanges_of_thesaurus,
)
from spindetect.training.reference_free.ngrams import Encoded, NGrams, count_ngrams, encode_texts
from spindetect.training.reference_free.originals import function_words, learn_table, nearest, suppose
from spindetect.training.reference_free.regional import counted_as
from spindetect.training.reference_free.slots import learn_slots
from spindetect.training.reference_free.suspicion import (
    GAINS,
    MeasuredText,
    Traced,
    fit_judgement,
    fit_ranking,
    fit_suspicion,
)
from spindetect.training.reference_free.texts import Text, training_texts
from spindetect.training.spinners.dictionaries import Lexicon
from spindetect.training.spinners.replacement import DictionarySpinner
from spindetect.training.spinners.spinner import Spinner

# Words are also exchanged for any of so many near ones, the nearest left out, as large thesauruses do.
_FURTHER = 40


def train_alone(
    corpora: Path, folder: Path, spinners: Mapping[str, Spinner], spun: Mapping[str, Counts], seed: int, jobs: int
) -> str:
    """Add what scoring alone needs to the model in ``folder``; returns a summary. ``spun`` are `count_spun`'s."""
    rng = np.random.default_rng(seed)
    model = load_model(str(folder))
    learnt = learn(corpora, model, spun, rng, jobs)
    texts = training_texts(corpora, {**spinners, **learnt.spinners()}, rng)
    alone = fit(texts, model, learnt, {"seed": seed}, rng, jobs)
    save_alone(folder, alone)
    size = sum((folder / name).stat().st_size for name in ("alone.npz", "alone.json")) / 1e6
    counts = alone.metadata["examples"]
    return f"alone: {counts['honest']} honest and {counts['spun']} spun texts, {size:.1f} MB"


def fit(
    texts: Sequence[Text],
    model: Model,
    learnt: Learnt,
    metadata: Mapping[str, Any],
    rng: np.random.Generator,
    jobs: int,
) -> AloneModel:
    """Fit all weights on labelled texts: which original is right, which words are put in, which texts are spun."""
    some_spun = [text for text in texts if text.family][::4]
    traced = _by_kind(trace, some_spun, model, learnt, _NOTHING, jobs)
    ranking = fit_ranking([one for many in traced for one in many])
    measured = measure_texts(texts, model, learnt, ranking, jobs)
    # what is odd about unusual kinds of text teaches where the line is, and nothing about words
    usual = [one for text, one in zip(texts, measured, strict=True) if text.kind]
    suspicion = fit_suspicion(usual, rng)
    families, kinds = zip(*[(text.family, text.unusual) for text in texts], strict=True)
    judgement, accused = fit_judgement(families, measured, suspicion, kinds)
    examples = {"honest": sum(not one.family for one in texts), "spun": sum(bool(one.family) for one in texts)}
    return AloneModel(
        learnt.ngrams.model(), learnt.supposed[""], learnt.tables[""], learnt.slots,
        ranking, suspicion, judgement, {**metadata, "examples": examples, "accused": accused}, learnt.texts.words,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Learnt:
    """The general text, its n-grams, what each family of spinners put in for what, and what tells misfits.

    ``supposed`` and ``tables`` are made of these for each source of spinners left out, '' for none.
    """

    texts: Encoded
    ngrams: NGrams
    spun: Mapping[str, Counts]
    around: Mapping[str, Exchanges]
    slots: Slots
    supposed: Mapping[str, Supposed]
    tables: Mapping[str, Table]

    def spinners(self) -> dict[str, Spinner]:
        """A spinner that takes anything that a thesaurus has near a word, in any sense and any form."""
        if not self.around:
            return {}
        dictionaries = tuple(ExchangeDictionary(one, self.texts.words) for one in self.around.values())
        return {"kin": DictionarySpinner(dictionaries)}

    def without(self, families: Iterable[str], model: Model, rng: np.random.Generator) -> Learnt:
        """The same, had some families never been met."""
        left_out = set(families)
        spun = {name: counts for name, counts in self.spun.items() if name not in left_out}
        around = {} if "thesaurus" in left_out else self.around
        return learnt_from(self.texts, self.ngrams, spun, around, model, rng)


def learn(corpora: Path, model: Model, spun: Mapping[str, Counts], rng: np.random.Generator, jobs: int) -> Learnt:
    """Learn all that needs no labels; ``spun`` are `count_spun`'s."""
    texts = encode_texts(corpora, model.vocabulary, jobs)
    around = exchanges_of_thesaurus(Lexicon(read_thesaurus(corpora)), texts.words)
    return learnt_from(texts, count_ngrams(texts), spun, around, model, rng)


def learnt_from(
    texts: Encoded,
    ngrams: NGrams,
    spun: Mapping[str, Counts],
    around: Mapping[str, Exchanges],
    model: Model,
    rng: np.random.Generator,
) -> Learnt:
    """The same, the texts and the spinners' substitutions being counted."""
    rows, singles = texts.rows, ngrams.model().singles
    function, capital = function_words(texts.words, model.vocabulary), texts.capital_shares()
    same = counted_as(texts.words, singles, model.lexicon.vectors, function)
    kindred = nearest(model.lexicon.vectors)
    further = nearest(model.lexicon.vectors, _FURTHER)[0][:, kindred[0].shape[1] :]
    exchanges = [*exchanges_of_spinners(spun, kindred[0], rows).values(), *around.values()]
    exchanges.append(Exchanges.of(dict(enumerate(further.tolist())), len(rows)))
    forger = Forger(exchanges, singles[: len(rows)], function, texts.words)
    slots = learn_slots(texts, forger, model.lexicon.vectors, rng)
    supposed, tables = {}, {}
    for without in ("", *SOURCES):
        left_out = [without] if without else []
        entries = learn_entries(spun, Counter(), Counter(), left_out)
        supposed[without] = suppose(entries, kindred, rows, function, same)
        tables[without] = learn_table(spun, singles, capital, function, rows, same, left_out)
    return Learnt(texts, ngrams, spun, around, slots, supposed, tables)


# --- measuring in parallel ----------------------------------------------------------------------------


class Worker(NamedTuple):
    """The parameters with which a worker process measures texts of any kind."""

    model: Model
    supposed: Mapping[str, Supposed]
    tables: Mapping[str, Table]
    slots: Slots


_worker: Worker | None = None


def _start(folder: str, *learnt: Any) -> None:
    global _worker
    _worker = Worker(load_model(folder), *learnt)


def _by_kind(
    function: Any, texts: Sequence[Text], model: Model, learnt: Learnt, ranking: Ranking, jobs: int
) -> list[Any]:
    """Call ``function`` on every text with an n-gram model that leaves its kind out; results in their order."""
    kinds = sorted({text.kind for text in texts})
    folder = str(model.metadata["folder"])
    results: dict[int, Any] = {}
    given = (folder, learnt.supposed, learnt.tables, learnt.slots)
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, given) as pool:
        work = []
        for kind in kinds:
            places = [place for place, text in enumerate(texts) if text.kind == kind]
            ngrams = learnt.ngrams.model(kind)
            work.append((places, pool.submit(_each, function, [texts[place] for place in places], ngrams, ranking)))
        for places, future in work:
            results.update(zip(places, future.result(), strict=True))
    return [results[place] for place in range(len(texts))]


def _each(function: Any, texts: Sequence[Text], ngrams: NGramModel, ranking: Ranking) -> list[Any]:
    if _worker is None:
        raise RuntimeError("the worker process was not started by _start")
    return [function(text, ngrams, ranking, _worker) for text in texts]


def measure_texts(
    texts: Sequence[Text], model: Model, learnt: Learnt, ranking: Ranking, jobs: int
) -> list[MeasuredText]:
    """The items of every text, measured with an n-gram model that leaves its kind of text out."""
    return _by_kind(measure_text, texts, model, learnt, ranking, jobs)


def measure_text(text: Text, ngrams: NGramModel, ranking: Ranking, worker: Worker) -> MeasuredText:
    """A text's items, and which of them stand where the spinner put words in."""
    supposed, table = worker.supposed[text.variant], worker.tables[text.variant]
    document = segment(article_from_text(text.text), worker.model.vocabulary)
    line = line_of(document, ngrams, table.counted_as)
    read = worker.slots.read(line.ids, table.content(line))
    guessed = guesses(line, read, supposed, ranking)
    items = weigh_items(line, document, read, guessed, table)
    firsts = [document.starts[token] for token in line.tokens[items.place].tolist()]
    lasts = _ends(document, line.tokens[items.place + items.length - 1].tolist())
    spans = np.array([(edit.suspect.start, edit.suspect.end) for edit, _ in text.edits]).reshape(-1, 2)
    inside = np.searchsorted(spans[:, 0], firsts, side="right") - 1
    spun = inside >= 0
    spun[spun] &= np.array(lasts)[spun] <= spans[inside[spun], 1]
    return MeasuredText(items, spun, document.word_count)


def _ends(document: Document, tokens: Iterable[int]) -> list[int]:
    return [document.starts[token] + len(document.words[token].text) if token >= 0 else 10**9 for token in tokens]


def trace(text: Text, ngrams: NGramModel, nothing: Ranking, worker: Worker) -> list[Traced]:
    """For each substitution in a spun text whose phrase is found in the line: the guesses, and which is right.

    Each gain is weighed alone, the others as in ``nothing``.
    """
    supposed, table = worker.supposed[text.variant], worker.tables[text.variant]
    rows = {**worker.model.vocabulary.rows, **ngrams.more}
    document = segment(article_from_text(text.text), worker.model.vocabulary)
    line = line_of(document, ngrams, table.counted_as)
    read = worker.slots.read(line.ids, table.content(line))
    parts = [guesses(line, read, supposed, replace(nothing, **{name: 1.0})) for name in GAINS]
    found = parts[0]
    places = {document.starts[token]: place for place, token in enumerate(line.tokens.tolist()) if token >= 0}
    ends = _ends(document, line.tokens.tolist())
    traced = []
    for edit, old in text.edits:
        place = places.get(edit.suspect.start)
        if place is None:
            continue
        length = next(
            (n for n, end in enumerate(ends[place : place + LONGEST_PHRASE], 1) if end == edit.suspect.end), 0
        )
        mine = np.flatnonzero((found.place == place) & (found.length == length))
        if len(mine):
            original = tuple(rows.get(word, -1) for word in old.lower().split())
            right = [n for n, which in enumerate(mine.tolist()) if found.original(which) == original]
            gains = np.stack([part.likely[mine] for part in parts], axis=1)
            traced.append(Traced(gains, right[0] if right else -1))
    return traced


_NOTHING = Ranking(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
