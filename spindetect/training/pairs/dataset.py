"""The labelled examples: which are trained on, which are kept for measuring, and how they are made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from spindetect.findings import Relation
from spindetect.training.corpora import LabelledPair, read_pairs, read_texts, text_names
from spindetect.training.language.lexicon import SOURCES
from spindetect.training.pairs.stitch import crop, vary
from spindetect.training.spinners.spinner import Spinner, families, mixture

# Events and tasks that are kept for measuring as a whole: the corpora hold only five of them.
_HELD_OUT_GROUPS = frozenset({"groundnews:2", "groundnews:0", "clough:b"})
_TRAINED_GROUPS = frozenset({"groundnews:4", "clough:a", "clough:c"})
_HELD_OUT_SHARE = 5  # and every fifth group by hash
# General text that reads like articles: what is spun, and where unrelated articles on one topic come from.
ARTICLE_CORPORA = ("reuters_c50", "bbc_greene2005", "nltk_abc", "gum", "wikitext2_valid_test", "18f_blog",
                   "nltk_masc", "whitehouse_briefings")  # fmt: skip
_SHORTEST = 40
LIGHTEST = 0.02
"""Edits a word from which a text is trained on as spun: one in fifty. With fewer it is in its effect a copy,
and to learn from it would be to accuse copy editors."""
FEWEST_EDITS = 4
# Words of each general text that are spun to count substitutions.
_COUNTED_WORDS = 150_000
_WILD_SEEDS_TRAINED = range(300)
_SENTENCE_PAIRS = ("mrpc", "arxivedits")


def training_spinners(corpora: Path, without: str) -> dict[str, Spinner]:
    """The spinners to train with; those of invented dictionaries by the seeds kept for training."""
    every = families(corpora, wild_seeds=_WILD_SEEDS_TRAINED)
    left_out = SOURCES[without][0] if without in SOURCES else (without,)
    return {name: spinner for name, spinner in every.items() if name not in left_out}


def sample_texts(corpora: Path, rng: np.random.Generator) -> list[str]:
    """Documents of every general text, at random, up to `_COUNTED_WORDS` words of each."""
    chosen = []
    for name in text_names(corpora):
        texts = ["\n".join(paragraphs)[:20_000] for paragraphs in read_texts(corpora, name)]
        words = 0
        for place in rng.permutation(len(texts)):
            chosen.append(texts[place])
            words += len(texts[place].split())
            if words > _COUNTED_WORDS:
                break
    return chosen


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with its label; ``held_out`` ones aren't trained on.

    Of a spun one ``family`` names the spinner and ``touched`` is the number of its edits a word of the reference.
    ``kind`` says how the text was changed, where that is known more closely than the relation.
    """

    id: str
    relation: Relation
    operator: str
    group: str
    suspect: str
    reference: str
    held_out: bool
    family: str = ""
    touched: float = 0.0
    kind: str = ""

    @property
    def named(self) -> str:
        """The kind, or where there is none the spinner, or the corpus."""
        return self.kind or self.family or self.id.split(":")[0]


def held_out(group: str) -> bool:
    """Whether a group is kept for measuring; by hash, so that it never changes."""
    if group in _HELD_OUT_GROUPS or group in _TRAINED_GROUPS:
        return group in _HELD_OUT_GROUPS
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % _HELD_OUT_SHARE == 0


def real_examples(corpora: Path, most_llm: int = 2500, seed: int = 0) -> list[Example]:
    """The labelled pairs of at least forty words a side; language models' rewrites are subsampled."""
    rng = np.random.default_rng(seed)
    pairs = [pair for pair in read_pairs(corpora) if _usable(pair)]
    llm = [pair for pair in pairs if pair.relation == "llm_rewritten"]
    kept = {pair.id for pair in (llm[i] for i in rng.permutation(len(llm))[:most_llm])}
    return [
        Example(p.id, cast(Relation, p.relation), p.operator, p.group, p.suspect, p.reference, held_out(p.group))
        for p in pairs
        if p.relation != "llm_rewritten" or p.id in kept
    ]


def _usable(pair: LabelledPair) -> bool:
    """Long enough, and of a relation that we tell apart ("scrambled" is none)."""
    long_enough = min(len(pair.suspect.split()), len(pair.reference.split())) >= _SHORTEST
    return long_enough and pair.relation != "scrambled"


def articles(corpora: Path, per_corpus: int, seed: int = 0) -> list[tuple[str, str]]:
    """Articles of general text as (group, text), at most ``per_corpus`` a corpus, of 120 to 2,000 words."""
    rng = np.random.default_rng(seed)
    found = []
    for name in ARTICLE_CORPORA:
        texts = [(f"{name}:{n}", "\n\n".join(p)) for n, p in enumerate(read_texts(corpora, name))]
        fitting = [item for item in texts if 120 <= len(item[1].split()) <= 2000]
        found += [fitting[i] for i in rng.permutation(len(fitting))[:per_corpus]]
    return found


def spun_examples(
    sources: Sequence[tuple[str, str]],
    spinners: Mapping[str, Spinner],
    rng: np.random.Generator,
    lightest: float = LIGHTEST,
) -> Iterator[Example]:
    """Spin each article once, by a family, a rate and exclusions drawn at random, as sites present it.

    Texts with under `FEWEST_EDITS` edits, or fewer a word than ``lightest``, are left out.
    """
    for group, text in sources:
        whole = crop(text, int(rng.choice((120, 250, 500, 1000))), rng)
        recipe = mixture(spinners, rng, rates=(0.3, 1.0))
        spun = recipe.spin(whole, rng)
        part = crop(spun.text, int(rng.integers(60, 1000)), rng) if rng.random() < 0.3 else spun.text
        touched = len(spun.edits) / max(1, len(whole.split()))
        shorter = min(len(part.split()), len(whole.split()))
        if len(spun.edits) < FEWEST_EDITS or touched < lightest or shorter < _SHORTEST:
            continue
        yield Example(
            f"spun:{recipe.family}:{group}", "spun", recipe.family, group,
            part, whole, held_out(group), recipe.family, touched,
        )  # fmt: skip


def presented(
    examples: Sequence[Example], sources: Sequence[tuple[str, str]], rng: np.random.Generator
) -> list[Example]:
    """The examples as sites present them: half of them cut or padded on either side, whatever their relation.

    So neither partial coverage nor foreign paragraphs tell honest from dishonest copies.
    """
    shown = []
    for example in examples:
        if rng.random() >= 0.5:
            shown.append(example)
            continue
        suspect, reference = vary(example.suspect, rng), example.reference
        way = rng.choice(("short suspect", "short reference", "padded suspect", "padded reference", "both cut"))
        share = rng.uniform(0.3, 0.8)
        filler = crop(sources[int(rng.integers(len(sources)))][1], int(rng.integers(50, 400)), rng)
        if way == "short suspect":
            suspect = _part(suspect, share, rng)
        elif way == "short reference":
            reference = _part(reference, share, rng)
        elif way == "both cut":
            # the last lines of the reference, about a share of it; all of it if it has but few
            lines = reference.split("\n")
            suspect = _part(suspect, 0.5 + share / 2, rng)
            reference = "\n".join(lines[int(len(lines) * (1.0 - (0.5 + share / 2))) :])
        elif way == "padded suspect":
            suspect = f"{suspect}\n\n{filler}"
        else:
            reference = f"{reference}\n\n{filler}"
        shown.append(replace(example, suspect=suspect, reference=reference))
    return shown


def strewn_examples(
    corpora: Path, sources: Sequence[tuple[str, str]], seed: int = 0, each: int = 700
) -> list[Example]:
    """Honest pairs of single sentences that people reworded: newsrooms' paraphrases, authors' revisions.

    Strewn over unrelated articles, or over the beginnings of such, they are what independent
    reports share that drew on one agency's copy.
    """
    rng = np.random.default_rng(seed)
    sentences = [
        pair
        for pair in read_pairs(corpora)
        if pair.id.split(":")[0] in _SENTENCE_PAIRS and pair.relation == "edited"
    ]
    examples = []
    for side in (False, True):
        mine = [pair for pair in sentences if held_out(pair.group) == side]
        homes = [text for group, text in sources if held_out(group) == side]
        count = each // _HELD_OUT_SHARE if side else each
        for number in range(count):
            few = [mine[i] for i in rng.permutation(len(mine))[: int(rng.integers(1, 11))]]
            two = [
                crop(homes[i], int(rng.choice((100, 200, 400, 2000))), rng).split("\n")
                for i in rng.permutation(len(homes))[:2]
            ]
            strewn = _strewn(two[0], [p.suspect for p in few]), _strewn(two[1], [p.reference for p in few])
            group = f"strewn:{number}:{'dev' if side else 'train'}"
            examples.append(Example(group, "independent", "human", group, *strewn, side))
    return examples


def _strewn(lines: Sequence[str], sentences: Sequence[str]) -> str:
    """A text's lines with the sentences put in between, evenly and in order."""
    mixed = list(lines)
    for number, sentence in enumerate(sentences):
        mixed.insert(round((number + 1) * len(lines) / (len(sentences) + 1)) + number, sentence)
    return "\n".join(mixed)


def _part(text: str, share: float, rng: np.random.Generator) -> str:
    """The beginning of a text; at least `_SHORTEST` words, if it has them."""
    return crop(text, max(_SHORTEST, int(share * len(text.split()))), rng)


def neighbour_examples(sources: Sequence[tuple[str, str]], most: int, seed: int = 0) -> list[Example]:
    """Independent articles on one topic: each article's nearest neighbours by TF-IDF that share no wording."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.neighbors import NearestNeighbors

    texts = [text for _, text in sources]
    matrix = TfidfVectorizer(sublinear_tf=True, min_df=2, max_df=0.2).fit_transform(texts)
    _, near = NearestNeighbors(n_neighbors=4, metric="cosine").fit(matrix).kneighbors(matrix)
    found = []
    for place in np.random.default_rng(seed).permutation(len(texts)):
        for other in [one for one in near[place][1:] if held_out(sources[one][0]) == held_out(sources[place][0])]:
            words = [texts[one].lower().split() for one in (place, other)]
            mine, theirs = ({tuple(side[i : i + 5]) for i in range(len(side) - 4)} for side in words)
            if len(mine & theirs) / max(1, len(mine)) < 0.03:
                found.append(_independent(sources[place], sources[other]))
                found.append(_quoting(sources[place], sources[other], place))
                break
        if len(found) >= most:
            break
    return found


def _independent(suspect: tuple[str, str], reference: tuple[str, str]) -> Example:
    return Example(
        f"neighbour:{suspect[0]}", "independent", "other article", suspect[0], suspect[1], reference[1],
        held_out(suspect[0]),
    )  # fmt: skip


_QUOTATION = re.compile(r"[^.!?\n]*[\"“][^\"”\n]{30,}[\"”][^.!?\n]*[.!?]")


def _quoting(suspect: tuple[str, str], reference: tuple[str, str], seed: int) -> Example:
    """The same with one to three sentences of direct speech in common, as reports of one press conference have."""
    rng = np.random.default_rng(seed)
    speech = [match.group().strip() for match in _QUOTATION.finditer(reference[1])]
    taken = [speech[i] for i in rng.permutation(len(speech))[: int(rng.integers(1, 4))]]
    paragraphs = suspect[1].split("\n\n")
    for sentence in taken:
        paragraphs.insert(int(rng.integers(len(paragraphs) + 1)), sentence)
    return replace(_independent(("", "\n\n".join(paragraphs)), reference),
                   id=f"quoting:{suspect[0]}", group=suspect[0], held_out=held_out(suspect[0]))  # fmt: skip
