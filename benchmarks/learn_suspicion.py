"""Learn anew which words and which texts are suspicious alone, beside a model's n-grams and network of slots.

    python benchmarks/learn_suspicion.py --corpora CORPORA [MODEL]

Writes `alone.npz` and `alone.json` of the model's folder and renews its manifest, in seven minutes on one core.
Run it after `spindetect train` too, which knows nothing of the first two steps:

1. Which words count as another one (`counted_as` of `Table`): spellings of one word, and British words as the
   American ones. General texts are mostly American, so the others had few counts, and slots misfitted by habit.
2. No word of another country is supposed to stand for one of here, nor are such words taken for spinners'.
3. Suspicion and judgement are fitted, with these tables, to the texts of training.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from spindetect.align.lexical.one_thing import SPELLINGS, american_for
from spindetect.align.lexical.same_word import nearly_alike
from spindetect.files import shipped_table
from spindetect.model import Model, find_model, load_model
from spindetect.reference_free.model import AloneModel, load_alone, save_alone
from spindetect.reference_free.ngrams import Ids
from spindetect.reference_free.originals import Supposed
from spindetect.reference_free.token_features import Table
from spindetect.settings import Settings
from spindetect.training.corpora import read_thesaurus
from spindetect.training.language.lexicon import SOURCES, Counts, count_spun, learn_entries
from spindetect.training.pairs.dataset import sample_texts, training_spinners
from spindetect.training.reference_free.exchanges import exchanges_of_thesaurus
from spindetect.training.reference_free.ngrams import Encoded, NGrams, count_ngrams, encode_texts
from spindetect.training.reference_free.originals import learn_table, nearest, suppose
from spindetect.training.reference_free.suspicion import fit_judgement, fit_suspicion
from spindetect.training.reference_free.texts import training_texts
from spindetect.training.reference_free.train import Learnt, measure_texts
from spindetect.training.spinners.dictionaries import Lexicon
from spindetect.training.spinners.spinner import Spinner

_AMERICAN = [
    pair.split("/") for pair in re.split(r",\s+", shipped_table("align/lexical/one_thing.toml")["american"])
]
# How often vowels stand before letters that are spelt otherwise, at least [colour, not pour; labelled, not called].
_VOWELS_BEFORE = {"tre": 0, "bre": 0, "gre": 0, "chre": 0, "lled": 2, "lling": 2, "ller": 2}
_ENDINGS = {"our", "ise", "isa", "isi", "ence", "ogue", "amme", "yse", "ysi"}
# Where "ae" and "oe" are an "e" elsewhere: not in names, "poets" and "canoes".
_LIGATURES = re.compile(r"aed|aem|aest|aeol|aeont|aepi|foet|oede|coel|oesoph|rhoea")
# A word met so often less than its American name counts as it, if their cosine is at least so high.
_RARER, _ALIKE = 3, 0.5


def american_words(known: Container[str]) -> Iterator[tuple[str, str]]:
    """American and British words of the package's list, and their plurals, those of which both are known."""
    for one, other in _AMERICAN:
        for pair in ((one.strip(), other.strip()), (f"{one.strip()}s", f"{other.strip()}s")):
            if pair[0] in known and pair[1] in known:
                yield pair


def counted_as(words: Sequence[str], counts: NDArray[np.int64], model: Model, function: NDArray[np.bool_]) -> Ids:
    """The id as which each of so many ``counts`` counts: see `Table`."""
    rows = {word: row for row, word in enumerate(words)}
    vectors, found = model.lexicon.vectors, np.arange(len(counts))
    for american, british in american_words(rows):
        common, rare = rows[american], rows[british]
        kindred = max(rare, common) >= len(vectors) or float(vectors[rare] @ vectors[common]) >= _ALIKE
        kindred = kindred and not (function[rare] or function[common])
        if _RARER * counts[rare] <= counts[common] and (kindred or _spelt_alike(american, british)):
            found[rare] = common
    for word, row in rows.items():
        for other in other_spellings(word):
            if other in rows:
                rare, common = sorted((row, rows[other]), key=lambda one: (int(counts[one]), one))
                found[rare] = common
    return found[found]


def _spelt_alike(one: str, other: str) -> bool:
    """Whether two words of one meaning are one, by consonants [mum -> mom] or by nearly all letters."""
    consonants = [re.sub("[aeiouy]", "", word) for word in (one, other)]
    return consonants[0] == consonants[1] or (min(len(one), len(other)) >= 5 and nearly_alike(one, other))


def other_spellings(word: str) -> Iterator[str]:
    """The American spellings that a word may have by its letters, words or not.

    >>> sorted(other_spellings("colour")), sorted(other_spellings("mourning")), sorted(other_spellings("called"))
    (['color'], [], [])
    """
    for british, american in sorted(SPELLINGS):
        before, letters, after = word.partition(british)
        vowels = len(re.findall("[aeiouy]+", before)) >= _VOWELS_BEFORE.get(british, british in _ENDINGS)
        if letters and len(word) > 3 and (_LIGATURES.search(word) if american == "e" else vowels):
            yield f"{before}{american}{after}"


def without_regional(supposed: Supposed, words: Sequence[str], same: Ids) -> Supposed:
    """What words may stand for, but for those of another country and those that count as another one."""
    new = np.repeat(np.arange(len(supposed.starts) - 1), np.diff(supposed.starts))
    regional = {pair for one in american_words(frozenset(words)) for pair in (one, one[::-1])}
    kept = np.array(
        [
            same[now] != same[old] == old and (words[now], words[old]) not in regional
            for now, old in zip(new.tolist(), supposed.words.tolist(), strict=True)
        ]
    )
    phrases = {}
    for phrase, olds in supposed.phrases.items():
        text = " ".join(words[one] for one in phrase)
        originals = [(old, " ".join(words[one] for one in old), habit) for old, habit in olds]
        left = [
            (old, habit)
            for old, was, habit in originals
            if not (american_for(text, was) or american_for(was, text))
        ]
        if left:
            phrases[phrase] = left
    starts = np.cumsum([0, *np.bincount(new[kept], minlength=len(supposed.starts) - 1)])
    return Supposed(starts, supposed.words[kept], supposed.habit[kept], supposed.kindred[kept], phrases)


def with_regional(table: Table, words: Sequence[str], counts: NDArray[np.int64], same: Ids) -> Table:
    """The table, with what words count as, and no word of another country taken for a spinner's."""
    rows, put_in = {word: row for row, word in enumerate(words)}, table.put_in.copy()
    for american, british in american_words(rows):
        if counts[rows[british]] < counts[rows[american]]:
            put_in[rows[british]] = min(put_in[rows[british]], 0.0)
    return replace(table, put_in=put_in, counted_as=same)


def learn_beside(
    corpora: Path, model: Model, alone: AloneModel, texts: Encoded, ngrams: NGrams, spun: Mapping[str, Counts]
) -> Learnt:
    """All that fitting needs, the network being kept; ``spun`` are `count_spun`'s."""
    words, counts, function = texts.words, alone.ngrams.singles, alone.table.function
    same = counted_as(words, counts, model, function)
    kindred, capital, rows = nearest(model.lexicon.vectors), alone.table.capital, texts.rows
    supposed: dict[str, Supposed] = {}
    tables: dict[str, Table] = {}
    for source in ("", *SOURCES):
        left_out = [source] if source else []
        entries = learn_entries(spun, Counter(), Counter(), left_out)
        supposed[source] = without_regional(suppose(entries, kindred, rows, function), words, same)
        made = learn_table(spun, counts, capital, function, rows, left_out)
        tables[source] = with_regional(made, words, counts, same)
    around = exchanges_of_thesaurus(Lexicon(read_thesaurus(corpora)), words)
    return Learnt(texts, ngrams, spun, around, alone.slots, supposed, tables)


def fitted(
    corpora: Path, model: Model, alone: AloneModel, learnt: Learnt, rng: np.random.Generator, jobs: int
) -> AloneModel:
    """The model with new tables and weights; n-grams, network and weights of originals are kept."""
    spinners: dict[str, Spinner] = {**training_spinners(corpora, ""), **learnt.spinners()}
    texts = training_texts(corpora, spinners, rng)
    measured = measure_texts(texts, model, learnt, alone.ranking, jobs)
    usual = [one for text, one in zip(texts, measured, strict=True) if text.kind]
    suspicion = fit_suspicion(usual, np.random.default_rng(0))
    families, kinds = zip(*[(text.family, text.unusual) for text in texts], strict=True)
    judgement, accused = fit_judgement(families, measured, suspicion, kinds)
    examples = {"honest": sum(not family for family in families), "spun": sum(map(bool, families))}
    return replace(
        alone,
        supposed=learnt.supposed[""],
        table=learnt.tables[""],
        suspicion=suspicion,
        judgement=judgement,
        metadata={"seed": 0, "examples": examples, "accused": accused},
    )


def main(
    corpora: Annotated[Path, typer.Option(help="The corpora's folder.")],
    folder: Annotated[Path | None, typer.Argument(help="The model's folder; by default the shipped one's.")] = None,
    jobs: int = 1,
) -> None:
    """Learn, and write both files."""
    folder = folder or find_model(Settings().model)
    rng = np.random.default_rng(0)
    model = load_model(str(folder))
    alone = load_alone(folder, [*model.vocabulary.rows])
    spun = count_spun(training_spinners(corpora, ""), sample_texts(corpora, rng), model.vocabulary, rng)
    texts = encode_texts(corpora, model.vocabulary, jobs, alone.ngrams.more)
    learnt = learn_beside(corpora, model, alone, texts, count_ngrams(texts), spun)
    found = fitted(corpora, model, alone, learnt, np.random.default_rng(0), jobs)
    save_alone(folder, found)
    typer.echo(f"{found.metadata['examples']} {found.metadata['accused']}")


if __name__ == "__main__":
    typer.run(main)
