"""Learn the fingerprints of the known families of spinners, and when a text fits none of them.

What a family does is counted on texts that it spun; the limits are set on texts spun by each family, by
invented spinners, and by each family as if it weren't known. None of these texts is kept for measuring.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS, FamilyFit
from spindetect.parts import ALONE
from spindetect.score.families import (
    FEWEST,
    Families,
    Limits,
    Pair,
    akin,
    guesses_of,
    hashed,
    lead_of,
    pairs_of,
    save_families,
)
from spindetect.training.corpora import read_records, read_thesaurus
from spindetect.training.language.lexicon import Counts, totals_of
from spindetect.training.reference_free.texts import Text, honest_texts, spin_share
from spindetect.training.spinners.dictionaries import Lexicon, is_content
from spindetect.training.spinners.replacement import Exclusions
from spindetect.training.spinners.spinner import Spinner

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "wp_auto_spinner": ("wp2015", "wp2019"),
    "wordnet": ("thesaurus", "thesaurus_plain"),
    "tortured_phrases": ("tortured",),
}
"""The known families, by the names that users see, in the order in which the first is named of those that fit
alike, and the spinners that they are learnt from."""

# Occurrences below which a pair is left out as noise.
_FEWEST_SPUN = 2
_LONGEST_PHRASE = 5
# Tools take any sense of a word, simulated ones the commonest few.
_ALL_SENSES = 100
REAL_TOOLS: Mapping[str, str | None] = {"omatic": "wp_auto_spinner", "nlpaug": "wordnet", "npm_thesaurus": None}
"""Real programs whose output is at hand, and the families whose dictionaries they carry."""
_TEXTS_OF_TOOL = 20
# Texts to set the limits on, more of them for invented spinners, and the shares of content words that are spun.
_TEXTS, _TEXTS_OF_INVENTED = 200, 120
_RATES = (0.15, 0.3, 0.6)
# Nats by which a family must fit better than one before it: one term that only it makes is worth as much.
_LEAD = 5.0
# Nats a substitution by which a family must lead at least, and the share of any unknown tool's texts that may reach
# the limit.
_LEAST_LEAD, _FALSELY_NAMED = 0.5, 0.06
_FALSELY_RESTORED = 0.105  # the same without a reference, on average over unknown tools
_NO_LIMITS = Limits({}, {}, _LEAD, {})
_NO_PAIRS: Mapping[Pair, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Trial:
    """A spun text's substitutions, as found with its reference and guessed alone, its spinner and its family.

    ``alone`` and ``chances`` are `guesses_of`'s; without enough to tell a family by they are empty.
    """

    spinner: str
    family: str | None
    compared: list[Pair]
    alone: list[Pair] = field(default_factory=list)
    chances: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, spinner: str, family: str | None, text: str, reference: str, detector: Detector) -> Trial:
        """A text that was made of its reference, compared with it and scored alone if the model can."""
        vocabulary = detector.model.vocabulary
        compared = pairs_of(detector.compare(text, reference), vocabulary)
        guesses: tuple[list[Pair], list[float]] = ([], [])
        if (Path(detector.model.metadata["folder"]) / ALONE).is_file():
            report = detector.score(text)
            if report.verdict in MACHINE_RELATIONS and len(pairs_of(report, vocabulary)) >= FEWEST:
                guesses = guesses_of(report, vocabulary)
        return cls(spinner, family, compared, *guesses)


def train_families(
    corpora: Path, folder: Path, spinners: Mapping[str, Spinner], seed: int, spun: Mapping[str, Counts]
) -> str:
    """Add the families to the model in ``folder``, which can score alone already; returns a summary.

    ``spun`` are the counts of `count_spun`.
    """
    detector = Detector.load(folder)
    lexicon = Lexicon(read_thesaurus(corpora), senses=_ALL_SENSES)
    families = learn_families(spun, dictionary=dictionary_of(lexicon, detector.model.vocabulary.rows))
    rng = np.random.default_rng([seed, 1])
    texts = [text for text in honest_texts(corpora, rng) if not text.held_out]
    trials = try_all([texts[place] for place in rng.permutation(len(texts))], spinners, corpora, detector, rng)
    families = replace(families, limits=find_limits(families, trials))
    about = {"seed": seed, "pairs": len(families.hashes), "trials": len(trials)}
    save_families(folder, families, about)
    return f"families: {len(families.hashes)} pairs, {len(trials)} texts tried, {families.limits}"


def learn_families(
    spun: Mapping[str, Counts], without: Iterable[str] = (), dictionary: Mapping[Pair, float] = _NO_PAIRS
) -> Families:
    """The families' treatment of each phrase, from counts of spinners; ``without`` leaves families out.

    Of a tool's versions the one counts that makes a substitution most readily: a text is by one of them.
    ``dictionary`` is `dictionary_of`'s, for the families that draw on it.
    """
    names = [name for name in FAMILIES if name not in set(without)]
    tables = [[_log_chances(spun[one]) for one in FAMILIES[name] if one in spun]
              + ([dictionary] if akin(name, "wordnet") else []) for name in names]  # fmt: skip
    kept = sorted({pair for versions in tables for table in versions for pair in table})
    chances = [[max([table.get(pair, -np.inf) for table in versions], default=-np.inf) for versions in tables]
               for pair in kept]  # fmt: skip
    hashes, first = np.unique(np.array([hashed(*pair) for pair in kept], dtype=np.uint32), return_index=True)
    rows = np.array(chances, dtype=np.float32).reshape(-1, len(names))
    return Families(tuple(names), hashes, rows[first], _NO_LIMITS)


def dictionary_of(lexicon: Lexicon, words: Iterable[str]) -> dict[Pair, float]:
    """All that a thesaurus has for each word, inflected or not, each as likely: log-probabilities, in nats."""
    found = {}
    for word in filter(is_content, words):
        choices = {*lexicon.synonyms(word), *lexicon.synonyms(word, inflected=False)}
        found.update({(word, one): -math.log(len(choices)) for one in choices if _short(word, one)})
    return found


def _log_chances(counts: Counts) -> dict[Pair, float]:
    """Log P(suspect phrase | reference phrase, which the spinner replaced), in nats."""
    totals = totals_of(counts)
    return {
        pair: math.log(count / totals[pair[0]])
        for pair, count in counts.items()
        if count >= _FEWEST_SPUN and _short(*pair)
    }


def _short(reference: str, suspect: str) -> bool:
    """Whether a pair is a substitution at all, and of phrases short enough to be found as one."""
    if reference == suspect or not reference or not suspect:
        return False
    return max(len(reference.split()), len(suspect.split())) <= _LONGEST_PHRASE


def try_all(
    texts: Sequence[Text],
    spinners: Mapping[str, Spinner],
    corpora: Path,
    detector: Detector,
    rng: np.random.Generator,
) -> list[Trial]:
    """Texts spun by every simulated spinner, most by the many invented ones; and real programs' output."""
    first, more = texts[:_TEXTS], texts[_TEXTS : _TEXTS + _TEXTS_OF_INVENTED]
    invented = {name: spinner for name, spinner in spinners.items() if family_of(name) is None}
    trials = [*try_out(first, spinners, detector, rng), *try_real_tools(corpora, detector)]
    return [*trials, *try_out(more, invented, detector, rng)] if invented else trials


def try_out(
    texts: Sequence[Text], spinners: Mapping[str, Spinner], detector: Detector, rng: np.random.Generator
) -> Iterator[Trial]:
    """Spin every text by one spinner after the other, at one rate after the other, and find what was done."""
    names = sorted(spinners)
    for number, text in enumerate(texts):
        name = names[number % len(names)]
        share = _RATES[number // len(names) % len(_RATES)]
        made = spin_share(text, name, spinners[name], share, rng, Exclusions())
        if made:
            yield Trial.of(name, family_of(name), made.text, text.text, detector)


def try_real_tools(corpora: Path, detector: Detector) -> Iterator[Trial]:
    """The same of real programs' output."""
    met: Counter[str] = Counter()
    for record in read_records(corpora / "pairs" / "tools.jsonl.gz"):
        tool = record["operator"].partition(":")[0]
        if record["relation"] == "spun" and tool in REAL_TOOLS and met[record["operator"]] < _TEXTS_OF_TOOL:
            met[record["operator"]] += 1
            yield Trial.of(tool, REAL_TOOLS[tool], record["suspect"], record["reference"], detector)


def find_limits(families: Families, trials: Sequence[Trial], without: str = "") -> Limits:
    """The share from which each family is named, with a reference and alone, and the lead; ``without`` a tool."""
    kept = [one for one in trials if one.spinner != without]
    compared = [(one, families.fits(one.compared)) for one in kept if len(one.compared) >= FEWEST]
    alone = [(one, families.fits(one.alone, one.chances)) for one in kept if one.alone]
    simulated = [(one, fits) for one, fits in compared if one.spinner not in REAL_TOOLS]
    shares = {name: _limit(name, simulated) for name in families.names}
    restored = {name: _limit(name, alone, _FALSELY_RESTORED) for name in families.names}
    return Limits(shares, restored, _LEAD, {name: _least_lead(name, compared) for name in families.names})


Fits = Sequence[FamilyFit]


def _limit(name: str, found: Sequence[tuple[Trial, Fits]], falsely: float = 1.0) -> float:
    """The share that best parts a family's texts from those of unknown spinners and of other families.

    It is the limit with the most right answers, the unknown and the others counting alike, of those that at most a
    share ``falsely`` of unknown spinners' texts reaches, on average over the spinners; 0.5 without examples.
    """
    by_group = _grouped(name, found, lambda fit, _: fit.share)
    mine = np.array(by_group.pop("mine", []))
    others = by_group.pop("others", [])
    groups = [np.array(group) for group in ([one for ones in by_group.values() for one in ones], others) if group]
    if not mine.size or not groups:
        return 0.5
    unknown = [np.array(ones) for ones in by_group.values()] or [np.zeros(1)]
    limits = [limit for limit in np.arange(0.05, max(1.0, mine.max()), 0.01)
              if np.mean([np.mean(shares >= limit) for shares in unknown]) <= falsely] or [1.0]  # fmt: skip
    right = [np.mean(mine >= limit) + np.mean([(group < limit).mean() for group in groups]) for limit in limits]
    best = np.flatnonzero(np.array(right) >= max(right) - 1e-9)
    return round(float(np.mean([limits[one] for one in best])), 3)


def _least_lead(name: str, found: Sequence[tuple[Trial, Fits]]) -> float:
    """The lead (nats a substitution) that few texts of any unknown spinner and of other families reach.

    Real tools of the family know a part of its dictionary or add to it: of these the share says little and the lead
    much. They have no say in this limit.
    """
    groups = _grouped(name, found, lead_of)
    others = [np.array(leads) for group, leads in groups.items() if group != "mine"]
    limits = np.arange(_LEAST_LEAD, 10.0, 0.05)
    few = [
        limit for limit in limits if others and max(np.mean(leads >= limit) for leads in others) <= _FALSELY_NAMED
    ]
    return round(float(few[0]), 3) if few else _LEAST_LEAD


def _grouped(
    name: str, found: Sequence[tuple[Trial, Fits]], figure: Callable[[FamilyFit, Fits], float]
) -> dict[str, list[float]]:
    """A figure of each text: of the family's, ``mine``; by each unknown spinner, under its name; of ``others``."""
    figures: dict[str, list[float]] = {}
    for trial, fits in found:
        group = "mine" if trial.family == name else "others" if trial.family else trial.spinner
        if group != "others" or not akin(name, trial.family):
            figures.setdefault(group, []).append(next(figure(fit, fits) for fit in fits if fit.name == name))
    return figures


def family_of(spinner: str) -> str | None:
    """The family that a simulated spinner belongs to; None for invented ones."""
    return next((name for name, members in FAMILIES.items() if spinner in members), None)
