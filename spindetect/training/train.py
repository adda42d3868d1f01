"""Train a model from the corpora, by one command and a seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from spindetect.align.lexical.costs import joined
from spindetect.align.lexical.lexicon import Entry, Lexicon
from spindetect.kinds import KINDS
from spindetect.model import FORMAT, copy_comparing, find_model, pack, read_lexicon, save_beside, save_model, unpack
from spindetect.pipeline import classify, measure_documents
from spindetect.read.article import article_from_text
from spindetect.records import Document
from spindetect.reference_free.model import load_pair_counts
from spindetect.reference_free.ngrams import NGramModel
from spindetect.score.word_choice import Changed, changed_words
from spindetect.segment.document import segment
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.classifier.fit import fit_classifier
from spindetect.training.classifier.weighting import unit_of
from spindetect.training.classifier.word_choice import learn_word_choice
from spindetect.training.corpora import digest, read_thesaurus
from spindetect.training.direction import train_direction
from spindetect.training.families import train_families
from spindetect.training.language.lexicon import SOURCES, Counts, count_spun, learn_entries
from spindetect.training.language.statistics import Statistics, learn_expressions, learn_statistics
from spindetect.training.language.unseen import Curve, learn_unseen
from spindetect.training.pairs.dataset import (
    Example,
    articles,
    neighbour_examples,
    presented,
    real_examples,
    sample_texts,
    spun_examples,
    strewn_examples,
    training_spinners,
)
from spindetect.training.pairs.kinds import kind_examples
from spindetect.training.pairs.rewrites import rewrite_examples
from spindetect.training.pairs.simulated import (
    filled_forms,
    partly_changed,
    partly_spun_examples,
    short_stretches,
    twins,
)
from spindetect.training.reference_free.ngrams import count_ngrams, encode_texts
from spindetect.training.reference_free.train import train_alone
from spindetect.training.spinners.spinner import Spinner
from spindetect.version import __version__

VERSION = "1"
_ARTICLES_PER_CORPUS = 350
_NEIGHBOURS = 1200
# Half of the texts spun by a known tool are measured without its dictionary: new tools appear every month.
_UNSEEN_SHARE = 0.5

_Lexicons = Mapping[str, Mapping[str, Any]]
_worker: tuple[Vocabulary, Mapping[str, Lexicon], NGramModel | None] | None = None


@dataclass(frozen=True)
class _Language:
    """Statistics of general English, and the lexicon's arrays made with them."""

    statistics: Statistics
    vocabulary: Vocabulary
    expressions: Mapping[str, str]

    def packed(self, entries: Mapping[tuple[str, str], Entry], unseen: Curve = ()) -> dict[str, Any]:
        """The arrays of a lexicon with these substitutions, and what one says that isn't among them."""
        known = self.statistics
        irregular = known.irregular
        return pack(known.words, known.surprisal, known.vectors, irregular, entries, self.expressions, unseen)

    def learnt(
        self, spun: Mapping[str, Counts], people: Counts, others: Counts, without: Iterable[str] = ()
    ) -> dict[str, Any]:
        """The arrays of a lexicon learnt from these counts, some sources of spinners left out."""
        left_out = tuple(without)
        unseen = learn_unseen(spun, people, self.statistics.vectors, self.vocabulary, left_out)
        return self.packed(learn_entries(spun, people, others, left_out), unseen)


def train(
    corpora: Path,
    output: Path,
    seed: int = 0,
    jobs: int = 2,
    without: str = "",
    keep: str | Path | None = None,
    alone: bool = False,
) -> str:
    """Learn statistics, lexicon and classifier, write the model's folder, and return a summary.

    ``without`` names a source of spinners (of `SOURCES`, or ``wild``) to leave out
    altogether, to measure how a model does on a spinner that it never met. ``keep`` is a model whose lexicon,
    reference-free parameters, families and weights of directions are kept: only the classifier is fitted anew. With
    ``alone`` what scores an article alone and the families are fitted anew, and nothing else.
    """
    rng = np.random.default_rng(seed)
    kept = find_model(str(keep)) if keep else None
    lexicon = read_lexicon(kept) if kept else None
    language = _language_of(lexicon) if lexicon else _learn_language(corpora, seed)
    spinners = training_spinners(corpora, without)
    spun = count_spun(spinners, sample_texts(corpora, rng), language.vocabulary, rng)
    if kept and alone:
        copy_comparing(kept, output)
        summary = train_alone(corpora, output, spinners, spun, seed, jobs)
        return f"{summary}\n{train_families(corpora, output, spinners, seed, spun)}"
    real = [example for example in real_examples(corpora, seed=seed) if not example.held_out]
    counts: tuple[Counts, Counts] = Counter(), Counter()  # by people, and by translators and language models
    counted = _in_parallel(_count_one, real, {"": language.packed(learn_entries(spun, *counts))}, jobs)
    for example, pairs in zip(real, counted, strict=True):
        counts[example.relation not in ("edited", "copied")].update(pairs)
    arrays = {"": lexicon or language.learnt(spun, *counts)}
    arrays |= {name: language.learnt(spun, *counts, [name]) for name in SOURCES}
    if kept:
        ngrams = load_pair_counts(kept, len(language.vocabulary.rows))
    else:
        ngrams = count_ngrams(encode_texts(corpora, language.vocabulary, jobs)).model()
    examples = _examples(corpora, real, spinners, rng, seed)
    # each example is measured with the full lexicon, or with one without its own spinner
    home = {family: name for name, (names, _) in SOURCES.items() for family in names}
    variants = [home[one.family] if one.family in home and rng.random() < _UNSEEN_SHARE else "" for one in examples]
    features, changed = _measure(examples, variants, arrays, ngrams, jobs)
    words, features = learn_word_choice(examples, features, changed, seed)
    classifier, metrics = fit_classifier(examples, features, seed, words=words, units_left_out=True)
    metadata = _metadata(output.name, corpora, seed, examples, metrics)
    if kept:
        save_beside(kept, output, metadata, classifier)
        return _summary(output, examples, len(arrays[""]["evidence"]), metrics)
    save_model(output, metadata, arrays[""], classifier)
    scoring = train_alone(corpora, output, spinners, spun, seed, jobs)
    tools = train_families(corpora, output, spinners, seed, spun)
    told = train_direction(corpora, output, spinners, seed, jobs)
    return f"{_summary(output, examples, len(arrays['']['evidence']), metrics)}\n{scoring}\n{tools}\n{told}"


def _learn_language(corpora: Path, seed: int) -> _Language:
    thesaurus = read_thesaurus(corpora)
    statistics = learn_statistics(corpora, thesaurus, seed=seed)
    surprisal = dict(zip(statistics.words, np.minimum(statistics.surprisal, 12.0).tolist(), strict=True))
    rows = {word: row for row, word in enumerate(statistics.words)}
    vocabulary = Vocabulary(surprisal, rows, statistics.irregular)
    return _Language(statistics, vocabulary, learn_expressions(corpora, thesaurus, vocabulary))


def _language_of(arrays: Mapping[str, Any]) -> _Language:
    """The language of a lexicon's arrays: what is kept and what is learnt beside it must number words alike."""
    vocabulary, lexicon = unpack(arrays)
    known = Statistics(list(vocabulary.rows), arrays["rarity"], arrays["vectors"], dict(vocabulary.irregular))
    return _Language(known, vocabulary, lexicon.expressions)


def _examples(
    corpora: Path, real: Sequence[Example], spinners: Mapping[str, Spinner], rng: np.random.Generator, seed: int
) -> list[Example]:
    """Everything that the classifier is fitted on."""
    sources = articles(corpora, _ARTICLES_PER_CORPUS, seed)
    made = [
        *spun_examples(sources, spinners, rng),
        *partly_spun_examples(sources, spinners, rng),
        *neighbour_examples(sources, _NEIGHBOURS, seed),
        *strewn_examples(corpora, sources, seed),
        *filled_forms(sources, seed),
    ]
    kinds = kind_examples(corpora, seed)
    made += [
        *kinds,
        *rewrite_examples(corpora),
        *short_stretches(kinds, seed),
        *twins([*real, *kinds], spinners, seed),
    ]
    made += partly_changed([*real, *kinds], seed)
    examples = [*real, *(example for example in made if not example.held_out)]
    return examples + [
        one for one, same in zip(presented(examples, sources, rng), examples, strict=True) if one is not same
    ]


# --- the work that is done in parallel ----------------------------------------------------------------


def _start(lexicons: _Lexicons, ngrams: NGramModel | None) -> None:
    """Unpack the lexicons once in each worker."""
    global _worker
    vocabularies, unpacked = zip(*map(unpack, lexicons.values()), strict=True)
    if any(one.rows != vocabularies[0].rows for one in vocabularies):
        raise ValueError("the lexicons number words differently")
    _worker = (vocabularies[0], dict(zip(lexicons, unpacked, strict=True)), ngrams)


def _in_parallel(
    function: Any, work: Iterable[Any], lexicons: _Lexicons, jobs: int, ngrams: NGramModel | None = None
) -> list[Any]:
    with ProcessPoolExecutor(jobs, get_context("spawn"), _start, (lexicons, ngrams)) as pool:
        return list(pool.map(function, work, chunksize=32))


def _documents(example: Example) -> tuple[Document, Document, Mapping[str, Lexicon], NGramModel | None]:
    if _worker is None:
        raise RuntimeError("the worker process was not started by _start")
    vocabulary, lexicons, ngrams = _worker
    texts = example.suspect, example.reference
    suspect, reference = (segment(article_from_text(text), vocabulary) for text in texts)
    return suspect, reference, lexicons, ngrams


def _measure(
    examples: Sequence[Example], variants: Sequence[str], lexicons: _Lexicons, ngrams: NGramModel, jobs: int
) -> tuple[list[dict[str, float]], list[Changed]]:
    """Features of all examples, each with its variant of the lexicon, and the words that were changed."""
    found = _in_parallel(_measure_one, zip(examples, variants, strict=True), lexicons, jobs, ngrams)
    return [features for features, _ in found], [changed for _, changed in found]


def _measure_one(work: tuple[Example, str]) -> tuple[dict[str, float], Changed]:
    suspect, reference, lexicons, ngrams = _documents(work[0])
    return measured(suspect, reference, lexicons[work[1]], ngrams)


def measured(
    suspect: Document, reference: Document, lexicon: Lexicon, ngrams: NGramModel | None
) -> tuple[dict[str, float], Changed]:
    """The features of two documents, and the words that were changed: all that fitting asks of an example."""
    return measure_documents(suspect, reference, lexicon, ngrams), changed_words(suspect, reference)


def _count_one(example: Example) -> list[tuple[str, str]]:
    """The substitutions of one example, each pair of phrases once."""
    suspect, reference, lexicons, _ = _documents(example)
    found = set()
    for pair, _, substitutions, _ in classify(suspect, reference, lexicons[""]).pairs:
        for one in substitutions:
            if KINDS[one.kind].exchange:
                old = pair.words.reference.words[one.words.reference.start : one.words.reference.stop]
                new = pair.words.suspect.words[one.words.suspect.start : one.words.suspect.stop]
                found.add((joined(old), joined(new)))
    return sorted(found)


# --- what is written down -----------------------------------------------------------------------------


def _metadata(
    name: str, corpora: Path, seed: int, examples: Sequence[Example], metrics: Mapping[str, float]
) -> dict[str, Any]:
    files = sorted(path for path in corpora.rglob("*") if path.is_file() and path.suffix != ".md")
    used = [path for path in files if path.parts[-2] not in ("wild", "arxivedits", "pan13")]
    counts = Counter(f"{example.relation}/{unit_of(example)}" for example in examples)
    return {
        "name": name,
        "version": VERSION,
        "made_with": f"spindetect {__version__}, format {FORMAT}",
        "seed": seed,
        "examples": dict(sorted(counts.items())),
        "metrics": dict(metrics),
        "sources": {str(path.relative_to(corpora)): digest(path) for path in used},
    }


def _summary(output: Path, examples: Sequence[Example], entries: int, metrics: Mapping[str, float]) -> str:
    counts = Counter(example.relation for example in examples)
    size = sum(path.stat().st_size for path in output.iterdir() if path.is_file()) / 1e6
    lines = [f"{relation}: {count} examples" for relation, count in sorted(counts.items())]
    lines.append(f"lexicon: {entries} substitutions")
    lines += [f"{name}: {value:.3g}" for name, value in metrics.items()]
    return "\n".join([*lines, f"{output}: {size:.1f} MB"])
