"""Learn the fingerprints of the known families of spinners, and when a text fits none of them.

What a family does is counted on texts that it spun; the limits are set on texts spun by each family, by
invented spinners, and by each family as if it weren't known. None of these texts is kept for measuring.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from spindetect.detector import Detector
from spindetect.records import FamilyFit
from spindetect.reference_free.model import WEIGHTS
from spindetect.score.families import FEWEST, Families, Limits, Pair, hashed, pairs_of, save_families
from spindetect.training.dataset import sample_texts
from spindetect.training.lexicon import Counts, count_spun
from spindetect.training.replacement import Exclusions
from spindetect.training.spinner import Spinner
from spindetect.training.texts import Text, honest_texts, spin_share

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
# Texts to set the limits on, and the shares of content words that are spun in them.
_TEXTS = 1000
_RATES = (0.15, 0.3, 0.6)
# Nats by which a family must fit better than one before it: one term that only it makes is worth as much.
_LEAD = 5.0
_NO_LIMITS = Limits({}, {}, _LEAD)


@dataclass(frozen=True, slots=True)
class Trial:
    """A spun text's substitutions, as found with its reference and alone, and the spinner that made them."""

    spinner: str
    share: float
    compared: list[Pair]
    alone: list[Pair]


def train_families(
    corpora: Path,
    folder: Path,
    spinners: Mapping[str, Spinner],
    seed: int,
    spun: Mapping[str, Counts] | None = None,
) -> str:
    """Add the families to the model in ``folder``, which can score alone already; returns a summary.

    ``spun`` are the counts of `count_spun`, if they are there already.
    """
    detector = Detector.load(folder)
    families = learn_families(spun or _counted(corpora, spinners, detector, seed))
    rng = np.random.default_rng([seed, 1])  # the same texts, whether or not the counts were there
    texts = [text for text in honest_texts(corpora, rng) if not text.held_out]
    few = [texts[place] for place in rng.permutation(len(texts))[:_TEXTS]]
    trials = list(try_out(few, spinners, detector, rng))
    families = replace(families, limits=find_limits(families, trials))
    about = {"seed": seed, "pairs": len(families.hashes), "trials": len(trials)}
    save_families(folder, families, about)
    return f"families: {len(families.hashes)} pairs, {len(trials)} texts tried, {families.limits}"


def _counted(corpora: Path, spinners: Mapping[str, Spinner], detector: Detector, seed: int) -> dict[str, Counts]:
    rng = np.random.default_rng(seed)
    return count_spun(spinners, sample_texts(corpora, rng), detector.model.vocabulary, rng)


def learn_families(spun: Mapping[str, Counts], without: Iterable[str] = ()) -> Families:
    """What each family does with each phrase, from counts of spinners; ``without`` leaves families out.

    Of a tool's versions the one counts that makes a substitution most readily: a text is by one of them.
    """
    names = [name for name in FAMILIES if name not in set(without)]
    tables = [[_log_chances(spun[one]) for one in FAMILIES[name] if one in spun] for name in names]
    kept = sorted({pair for versions in tables for table in versions for pair in table})
    chances = [[max([table.get(pair, -np.inf) for table in versions], default=-np.inf) for versions in tables]
               for pair in kept]  # fmt: skip
    hashes, first = np.unique(np.array([hashed(*pair) for pair in kept], dtype=np.uint32), return_index=True)
    rows = np.array(chances, dtype=np.float32).reshape(-1, len(names))
    return Families(tuple(names), hashes, rows[first], _NO_LIMITS)


def _log_chances(counts: Counts) -> dict[Pair, float]:
    """Log P(suspect phrase | reference phrase, which the spinner replaced), in nats."""
    totals: Counter[str] = Counter()
    for (reference, _), count in counts.items():
        totals[reference] += count
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


def try_out(
    texts: Sequence[Text], spinners: Mapping[str, Spinner], detector: Detector, rng: np.random.Generator
) -> Iterator[Trial]:
    """Spin every text by one spinner after the other, at one rate after the other, and find what was done."""
    names = sorted(spinners)
    vocabulary = detector.model.vocabulary
    scores_alone = (Path(detector.model.metadata["folder"]) / WEIGHTS).is_file()
    for number, text in enumerate(texts):
        name = names[number % len(names)]
        share = _RATES[number // len(names) % len(_RATES)]
        made = spin_share(text, name, spinners[name], share, rng, Exclusions())
        if made:
            compared = detector.compare(made.text, text.text)
            alone = pairs_of(detector.score(made.text), vocabulary) if scores_alone else []
            yield Trial(name, share, pairs_of(compared, vocabulary), alone)


def find_limits(families: Families, trials: Sequence[Trial]) -> Limits:
    """The share from which each family is named, with a reference and alone."""
    compared = [(one.spinner, families.fits(one.compared)) for one in trials if len(one.compared) >= FEWEST]
    alone = [(one.spinner, families.fits(one.alone)) for one in trials if len(one.alone) >= FEWEST]
    with_reference, without = (
        {name: _limit(name, found) for name in families.names} for found in (compared, alone)
    )
    return Limits(with_reference, without, _LEAD)


def _limit(name: str, found: Sequence[tuple[str, Sequence[FamilyFit]]]) -> float:
    """The share that best parts a family's texts from those of invented spinners and of other families."""
    shares: dict[str, list[float]] = {"mine": [], "invented": [], "others": []}
    for spinner, fits in found:
        home = family_of(spinner)
        group = "mine" if home == name else "others" if home else "invented"
        if group != "others" or not _akin(name, home):
            shares[group].append(next(fit.share for fit in fits if fit.name == name))
    return _parting(shares["mine"], shares["invented"], shares["others"])


def family_of(spinner: str) -> str | None:
    """The family that a simulated spinner belongs to; None for invented ones."""
    return next((name for name, members in FAMILIES.items() if spinner in members), None)


def _akin(name: str, other: str | None) -> bool:
    """Whether two families share a dictionary, so that neither is unknown where the other is known."""
    return name == other or "wp_auto_spinner" not in (name, other)


def _parting(known: Sequence[float], *unknown: Sequence[float]) -> float:
    """The limit with the most right answers, every group of unknown ones counting alike; 0.5 without examples."""
    groups = [np.array(group) for group in unknown if group]
    if not known or not groups:
        return 0.5
    limits = np.arange(0.05, 1.0, 0.01)
    right = [
        np.mean(np.array(known) >= limit) + np.mean([(group < limit).mean() for group in groups])
        for limit in limits
    ]
    best = np.flatnonzero(np.array(right) >= max(right) - 1e-9)
    return round(float(limits[best].mean()), 3)
