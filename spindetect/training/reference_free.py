"""Train what scores an article without a reference.

Every text is measured with collocations that leave out its own kind of text, and half of the spun ones with a
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
from numpy.typing import NDArray

from spindetect.align.lexicon import LONGEST_PHRASE
from spindetect.model.loading import Model, load_model
from spindetect.read.article import article_from_text
from spindetect.records import Document
from spindetect.reference_free.features import FEATURE_NAMES, measure
from spindetect.reference_free.model import AloneModel, Judgement, save_alone
from spindetect.reference_free.ngrams import Collocations, Floats, line_of
from spindetect.reference_free.originals import Ranking, Supposed, guesses
from spindetect.reference_free.token_features import GROUPS, SIGNS, Items, Suspicion, Table, weigh_items
from spindetect.score.additive import ramp_matrix
from spindetect.segment.document import segment
from spindetect.training.dataset import sample_texts
from spindetect.training.lexicon import SOURCES, Counts, count_spun, learn_entries
from spindetect.training.ngrams import NGrams, count_ngrams
from spindetect.training.originals import learn_capitals, learn_table, nearest, suppose
from spindetect.training.spinner import Spinner
from spindetect.training.texts import Text, training_texts

# An honest text wrongly accused weighs as much as so many spun ones missed.
_HONEST_WEIGHT = 3.0
_WORDS_OF_TEXT = 40
_STRENGTH = 0.3


def train_alone(corpora: Path, folder: Path, spinners: Mapping[str, Spinner], seed: int, jobs: int) -> str:
    """Add what scoring alone needs to the model in ``folder``; returns a summary."""
    rng = np.random.default_rng(seed)
    model = load_model(str(folder))
    learnt = learn(corpora, model, spinners, rng, jobs)
    texts = training_texts(corpora, spinners, rng)
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
    ranking = _fit_ranking(_traced(texts, model, learnt, jobs))
    measured = measure_texts(texts, model, learnt, ranking, jobs)
    suspicion = _fit_suspicion(measured, rng)
    judgement = _fit_judgement(texts, measured, suspicion)
    examples = {"honest": sum(not one.family for one in texts), "spun": sum(bool(one.family) for one in texts)}
    return AloneModel(
        learnt.ngrams.collocations(), learnt.supposed[""], learnt.tables[""],
        ranking, suspicion, judgement, {**metadata, "examples": examples}, tuple(model.vocabulary.rows),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Learnt:
    """Counts of n-grams and of what each family of spinners put in for what, and how often words have a capital.

    ``supposed`` and ``tables`` are made of these for each source of spinners left out, '' for none.
    """

    ngrams: NGrams
    spun: Mapping[str, Counts]
    capital: Floats
    supposed: Mapping[str, Supposed]
    tables: Mapping[str, Table]

    def without(self, families: Iterable[str], model: Model) -> Learnt:
        """The same, had some families never been met."""
        left_out = set(families)
        spun = {name: counts for name, counts in self.spun.items() if name not in left_out}
        return _made_of(self.ngrams, spun, self.capital, model)


def learn(
    corpora: Path, model: Model, spinners: Mapping[str, Spinner], rng: np.random.Generator, jobs: int
) -> Learnt:
    """Learn all that needs no labels."""
    ngrams = count_ngrams(corpora, model.vocabulary, jobs)
    spun = count_spun(spinners, sample_texts(corpora, rng), model.vocabulary, rng)
    return _made_of(ngrams, spun, learn_capitals(corpora, model.vocabulary), model)


def _made_of(ngrams: NGrams, spun: Mapping[str, Counts], capital: Floats, model: Model) -> Learnt:
    singles = ngrams.collocations().singles
    kindred = nearest(model.lexicon.vectors)
    supposed, tables = {}, {}
    for without in ("", *SOURCES):
        left_out = [without] if without else []
        entries = learn_entries(spun, Counter(), Counter(), left_out)
        supposed[without] = suppose(entries, kindred, model.vocabulary)
        tables[without] = learn_table(spun, singles, capital, model.vocabulary, left_out)
    return Learnt(ngrams, spun, capital, supposed, tables)


# --- measuring in parallel ----------------------------------------------------------------------------


class Traced(NamedTuple):
    """One substitution's guesses: gains (left, right, habit, kindred, phrase), and which is right (-1 none)."""

    gains: Floats
    right: int


class MeasuredText(NamedTuple):
    """A text's items, which of them were put in by the spinner, and its number of words."""

    items: Items
    spun: NDArray[np.bool_]
    words: int


_worker: tuple[Model, Mapping[str, Supposed], Mapping[str, Table]] | None = None


def _start(folder: str, supposed: Mapping[str, Supposed], tables: Mapping[str, Table]) -> None:
    global _worker
    _worker = load_model(folder), supposed, tables


def _by_kind(
    function: Any, texts: Sequence[Text], model: Model, learnt: Learnt, ranking: Ranking, jobs: int
) -> list[Any]:
    """Call ``function`` on every text with collocations that leave its kind out; results in the texts' order."""
    kinds = sorted({text.kind for text in texts})
    folder = str(model.metadata["folder"])
    results: dict[int, Any] = {}
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (folder, learnt.supposed, learnt.tables)) as pool:
        work = []
        for kind in kinds:
            places = [place for place, text in enumerate(texts) if text.kind == kind]
            collocations = learnt.ngrams.collocations(kind)
            work.append((places, pool.submit(function, [texts[place] for place in places], collocations, ranking)))
        for places, future in work:
            results.update(zip(places, future.result(), strict=True))
    return [results[place] for place in range(len(texts))]


def measure_texts(
    texts: Sequence[Text], model: Model, learnt: Learnt, ranking: Ranking, jobs: int
) -> list[MeasuredText]:
    """The items of every text, measured with collocations that leave its kind of text out."""
    return _by_kind(_measure_texts, texts, model, learnt, ranking, jobs)


def _measure_texts(texts: Sequence[Text], collocations: Collocations, ranking: Ranking) -> list[MeasuredText]:
    return [measure_text(text, collocations, ranking, *_of_worker(text)) for text in texts]


def _of_worker(text: Text) -> tuple[Model, Supposed, Table]:
    if _worker is None:
        raise RuntimeError("the worker process was not started by _start")
    model, supposed, tables = _worker
    return model, supposed[text.variant], tables[text.variant]


def measure_text(
    text: Text, collocations: Collocations, ranking: Ranking, model: Model, supposed: Supposed, table: Table
) -> MeasuredText:
    """A text's items, and which of them stand where the spinner put words in."""
    document = segment(article_from_text(text.text), model.vocabulary)
    line = line_of(document, collocations.words)
    items = weigh_items(line, document, guesses(line, supposed, collocations, ranking), collocations, table)
    firsts = [document.starts[token] for token in line.tokens[items.place].tolist()]
    lasts = _ends(document, line.tokens[items.place + items.length - 1].tolist())
    spans = np.array([(edit.suspect.start, edit.suspect.end) for edit, _ in text.edits]).reshape(-1, 2)
    inside = np.searchsorted(spans[:, 0], firsts, side="right") - 1
    spun = inside >= 0
    spun[spun] &= np.array(lasts)[spun] <= spans[inside[spun], 1]
    return MeasuredText(items, spun, document.word_count)


def _ends(document: Document, tokens: Iterable[int]) -> list[int]:
    return [document.starts[token] + len(document.words[token].text) if token >= 0 else 10**9 for token in tokens]


def _traced(texts: Sequence[Text], model: Model, learnt: Learnt, jobs: int) -> list[Traced]:
    """The guesses at each substitution of a part of the spun texts."""
    chosen = [text for text in texts if text.family][::4]
    found = _by_kind(_trace_texts, chosen, model, learnt, _NOTHING, jobs)
    return [one for many in found for one in many]


def _trace_texts(texts: Sequence[Text], collocations: Collocations, ranking: Ranking) -> list[list[Traced]]:
    return [trace(text, collocations, ranking, *_of_worker(text)) for text in texts]


def trace(
    text: Text, collocations: Collocations, ranking: Ranking, model: Model, supposed: Supposed, table: Table
) -> list[Traced]:
    """For each substitution in a spun text whose phrase is found in the line: the guesses, and which is right."""
    document = segment(article_from_text(text.text), model.vocabulary)
    line = line_of(document, collocations.words)
    parts = [
        guesses(line, supposed, collocations, replace(_NOTHING, **{name: 1.0}))
        for name in ("left", "right", "habit", "kindred", "phrase")
    ]
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
            original = tuple(model.vocabulary.rows.get(word, -1) for word in old.lower().split())
            right = [n for n, which in enumerate(mine.tolist()) if found.original(which) == original]
            gains = np.stack([part.likely[mine] for part in parts], axis=1)
            traced.append(Traced(gains, right[0] if right else -1))
    return traced


_NOTHING = Ranking(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


# --- fitting ------------------------------------------------------------------------------------------


def _fit_ranking(traced: Sequence[Traced]) -> Ranking:
    """Conditional logistic regression of which original is right, with "another one" always among the choices."""
    from scipy.optimize import minimize

    most = max(len(one.gains) for one in traced) + 1
    values = np.zeros((len(traced), most, 6))
    masked = np.full((len(traced), most), -1e9)
    right = np.zeros(len(traced), dtype=np.int64)
    for row, one in enumerate(traced):
        values[row, 1 : len(one.gains) + 1, :5] = one.gains
        values[row, 0, 5] = 1.0
        masked[row, : len(one.gains) + 1] = 0.0
        right[row] = one.right + 1
    rows = np.arange(len(traced))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = values @ weights + masked
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        slope = (chances[..., None] * values).sum(axis=1) - values[rows, right]
        return float(-np.log(chances[rows, right] + 1e-12).mean() + 1e-3 * weights @ weights), slope.mean(
            axis=0
        ) + 2e-3 * weights

    left, right_side, habit, kindred, phrase, other = minimize(loss, np.zeros(6), jac=True).x.round(4).tolist()
    return Ranking(left, right_side, habit, kindred, phrase, other)


def _fit_suspicion(measured: Sequence[MeasuredText], rng: np.random.Generator) -> Suspicion:
    """Logistic regression of which words were put in, on some words of every text."""
    from sklearn.linear_model import LogisticRegression

    signs, groups, spun = [], [], []
    for one in measured:
        few = rng.permutation(len(one.spun))[:_WORDS_OF_TEXT]
        signs.append(one.items.signs[few])
        groups.append(one.items.group[few])
        spun.append(one.spun[few])
    values, group, labels = np.concatenate(signs), np.concatenate(groups), np.concatenate(spun)
    words = group < GROUPS.index("phrase")
    knots = {sign: knots_of(values[words, column]) for column, sign in enumerate(SIGNS)}
    ramps = ramp_matrix(values, [knots[sign] for sign in SIGNS])
    intercepts, weights = {}, {}
    for number, name in enumerate(GROUPS):
        mine = group == number
        fitted = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(ramps[mine], labels[mine])
        intercepts[name] = round(float(fitted.intercept_[0]), 5)
        weights[name] = _split(fitted.coef_[0], knots)
    return Suspicion(knots, intercepts, weights)


def _fit_judgement(texts: Sequence[Text], measured: Sequence[MeasuredText], suspicion: Suspicion) -> Judgement:
    """Logistic regression of which texts were spun, on their features."""
    from sklearn.linear_model import LogisticRegression

    found = [measure(one.items, suspicion.log_odds(one.items), one.words).features for one in measured]
    matrix = np.array([[features[name] for name in FEATURE_NAMES] for features in found])
    knots = {name: _from_zero(knots_of(matrix[:, column])) for column, name in enumerate(FEATURE_NAMES)}
    ramps = ramp_matrix(matrix, [knots[name] for name in FEATURE_NAMES])
    spun = np.array([bool(text.family) for text in texts])
    weights = np.where(spun, 1.0, _HONEST_WEIGHT)
    fitted = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(ramps, spun, sample_weight=weights)
    return Judgement(round(float(fitted.intercept_[0]), 5), knots, _split(fitted.coef_[0], knots))


def knots_of(values: Floats) -> list[float]:
    """Quantiles of what was measured, each clearly above the one before."""
    spread = max(float(np.quantile(values, 0.98) - np.quantile(values, 0.02)), 1e-3)
    knots: list[float] = []
    for value in np.quantile(values, (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)).tolist():
        if not knots or value > knots[-1] + 0.02 * spread:
            knots.append(round(value, 5))
    return knots if len(knots) > 1 else [knots[0], round(knots[0] + spread, 5)]


def _from_zero(knots: Sequence[float]) -> list[float]:
    return [0.0, *(knot for knot in knots[1:] if knot > 0.0)]


def _split(coefficients: Floats, knots: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Coefficients of all ramps as those of each name's."""
    parts = np.split(coefficients, np.cumsum([len(found) - 1 for found in knots.values()])[:-1])
    return {name: [round(value, 5) for value in part.tolist()] for name, part in zip(knots, parts, strict=True)}
