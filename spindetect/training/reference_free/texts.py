"""Texts to learn scoring alone from: people's writing of every kind, and what spinners make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from spindetect.segment.english import FUNCTION_WORDS
from spindetect.training.corpora import read_pairs, read_records, read_texts, text_names
from spindetect.training.language.lexicon import SOURCES
from spindetect.training.pairs.dataset import held_out
from spindetect.training.pairs.stitch import crop, learner
from spindetect.training.reference_free.ngrams import kind_of_text
from spindetect.training.reference_free.slots import seen_by_slots
from spindetect.training.spinners.replacement import Edit, Exclusions
from spindetect.training.spinners.spinner import Spinner

_SHORTEST = 90
_LENGTHS = (120, 200, 300, 300, 500)
_TEXTS_OF_CORPUS = 60
_TEXTS_OF_PAIRS = 100
_TEXTS_OF_KIND, _WORDS_OF_KIND = 30, (120, 170, 220, 300)
# Documents of a corpus to draw from, its first ones.
_DOCUMENTS = 3000
_SENTENCES = ("mrpc", "arxivedits")
_FAMILIES = {"wp2015": 0.2, "wp2019": 0.2, "thesaurus": 0.17, "thesaurus_plain": 0.1, "tortured": 0.13,
             "wild": 0.2, "kin": 0.2}  # fmt: skip
_SPUN_SHARE = 0.8
# Share of the honest texts that learners of English are made to write as well.
_LEARNERS = 0.25
_UNSEEN_SHARE = 0.6
# Shares of content words that are replaced.
_RATES = (0.08, 0.6)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to train on: what kind of text it is, its spinner (empty for honest ones), and what was edited."""

    id: str
    kind: str
    group: str
    text: str
    family: str = ""
    variant: str = ""
    edits: tuple[tuple[Edit, str], ...] = ()

    @property
    def unusual(self) -> str:
        """The kind of an honest text that no general text has, else ''."""
        return self.group.removeprefix("kind:") if not self.kind else ""

    @property
    def held_out(self) -> bool:
        """Whether it is kept for measuring."""
        return held_out(self.group)


def training_texts(corpora: Path, spinners: Mapping[str, Spinner], rng: np.random.Generator) -> list[Text]:
    """Honest texts of every kind that aren't held out, and most of them spun as well."""
    honest = [text for text in honest_texts(corpora, rng) if not text.held_out]
    spun = []
    home = {family: name for name, (families, _) in SOURCES.items() for family in families} | {"kin": "thesaurus"}
    names = [name for name in _FAMILIES if name in spinners]
    chances = np.array([_FAMILIES[name] for name in names])
    for text in honest:
        if rng.random() >= _SPUN_SHARE:
            continue
        family = names[int(rng.choice(len(names), p=chances / chances.sum()))]
        exclusions = Exclusions(*(rng.random(2) < (0.4, 0.2)).tolist())
        made = spin_share(text, family, spinners[family], float(rng.uniform(*_RATES)), rng, exclusions)
        if made:
            unseen = family in home and rng.random() < _UNSEEN_SHARE
            spun.append(replace(made, variant=home[family] if unseen else ""))
    variants = ["", *SOURCES]
    twice = [replace(text, variant=variants[int(rng.integers(1, len(variants)))]) for text in honest]
    return [*honest, *texts_of_kinds(corpora), *twice, *learners(honest, rng), *spun]


def texts_of_kinds(corpora: Path) -> list[Text]:
    """Honest writing of unusual kinds, which no general text has: `unusual` names the kind."""
    found: dict[str, list[str]] = {}
    for file in ("text_alone/honest", "pairs/honest", "collected/people"):
        path = corpora / f"{file}.jsonl.gz"
        for record in read_records(path) if path.exists() or "collected" not in file else ():
            for side in ("text", "suspect", "reference"):
                words, texts = record.get(side, "").split(" "), found.setdefault(record["kind"], [])
                text = " ".join(words[: _WORDS_OF_KIND[len(texts) % len(_WORDS_OF_KIND)]])
                if len(words) >= _SHORTEST and text not in texts and len(texts) < _TEXTS_OF_KIND:
                    texts.append(text)
    return [
        Text(f"{kind}:{n}", "", f"kind:{kind}", text)
        for kind, texts in found.items()
        for n, text in enumerate(texts)
    ]


def learners(honest: Sequence[Text], rng: np.random.Generator) -> list[Text]:
    """Some of the texts as learners of English might have written them."""
    return [
        replace(text, id=f"{text.id}:learner", text=learner(text.text, rng))
        for text in honest
        if rng.random() < _LEARNERS
    ]


def honest_texts(corpora: Path, rng: np.random.Generator) -> list[Text]:
    """Texts by people: parts of the general texts, and of both sides of pairs that no machine made."""
    found = []
    for name in text_names(corpora):
        documents = [
            (f"{name}:{n}", "\n".join(p))
            for n, p in enumerate(islice(read_texts(corpora, name), _DOCUMENTS))
            if not seen_by_slots(f"{name}:{n}")
        ]
        found += _drawn(documents, name, _TEXTS_OF_CORPUS, rng)
    by_source: dict[str, dict[str, str]] = {}
    for pair in read_pairs(corpora):
        source = pair.id.split(":")[0]
        if source not in _SENTENCES:
            human = pair.relation in ("edited", "copied", "independent")
            texts = (pair.reference, pair.suspect) if human else (pair.reference,)
            by_source.setdefault(source, {}).update(dict.fromkeys(texts, pair.group))
    for source, groups in sorted(by_source.items()):
        found += _drawn([(group, text) for text, group in groups.items()], source, _TEXTS_OF_PAIRS, rng)
    return found


def _drawn(documents: Sequence[tuple[str, str]], name: str, most: int, rng: np.random.Generator) -> list[Text]:
    """Parts of documents drawn at random; of few long ones several parts."""
    fitting = [item for item in documents if len(item[1].split()) >= _SHORTEST]
    places = rng.permutation(len(fitting))[:most].tolist()
    places += rng.integers(0, len(fitting), max(0, most // 2 - len(places))).tolist() if fitting else []
    kind = kind_of_text(name)
    return [Text(f"{name}:{n}", kind, fitting[i][0], window(fitting[i][1], rng)) for n, i in enumerate(places)]


def window(text: str, rng: np.random.Generator, words: int = 0) -> str:
    """A part of a text of about so many words, from any of its lines on."""
    words = words or int(rng.choice(_LENGTHS))
    lines = text.split("\n")
    if len(text.split()) > 2 * words:
        first = int(rng.integers(len(lines)))
        rest = "\n".join(lines[first:])
        text = rest if len(rest.split()) >= words else text
    return crop(text, words, rng)


def spin_share(
    text: Text, family: str, spinner: Spinner, share: float, rng: np.random.Generator, exclusions: Exclusions
) -> Text | None:
    """The text with a share of its content words spun, or as many as the tool can; None if it can hardly any."""
    full = spinner.spin(text.text, rng, 1.0, exclusions)
    content = sum(
        word.strip('.,;:!?"()').isalpha() and word not in FUNCTION_WORDS for word in text.text.lower().split()
    )
    most = len(full.edits) / max(1, content)
    spun = full if most <= share else spinner.spin(text.text, rng, share / most, exclusions)
    if len(spun.edits) < 4:
        return None
    edits = tuple((edit, edit.reference.of(text.text)) for edit in spun.edits)
    return replace(text, id=f"{text.id}:{family}", text=spun.text, family=family, edits=edits)
