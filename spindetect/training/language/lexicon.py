"""Learn the lexicon of substitutions: from texts spun by known tools, and from what people change.

The evidence of a substitution is log P(suspect phrase | reference phrase was replaced, a
spinner did it) - log P(the same | a person did it). Both are smoothed towards what
spinners do: a person picks a spinner's favourite with a small probability, estimated
from the share of known swaps among people's, spread as spinners spread theirs.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from spindetect.align.lexical.lexicon import LONGEST_PHRASE, Entry
from spindetect.segment.tokens import tokenize
from spindetect.segment.vocabulary import Vocabulary
from spindetect.training.spinners.replacement import phrase_pairs
from spindetect.training.spinners.spinner import Spinner

Counts = Counter[tuple[str, str]]
"""How often each (reference phrase, suspect phrase) was seen; phrases are normal forms joined by spaces."""

# Families that count as one tool, with their weight in the mixture: dictionaries made by hand for
# spinning behave like one another, and are what content farms use.
SOURCES: Mapping[str, tuple[tuple[str, ...], float]] = {
    "tool": (("wp2015", "wp2019"), 0.55),
    "thesaurus": (("thesaurus", "thesaurus_plain"), 0.25),
    "tortured": (("tortured",), 0.20),
}
# Occurrences below which a pair is left out as noise, in simulated and in real substitutions.
_FEWEST_SPUN = 4
_FEWEST_REAL = 3
# Strength of the smoothing towards spinners' habits, in substitutions of the phrase.
_PSEUDO = 4.0
_MOST_EVIDENCE = 5.0
# The worth of a real substitution by people for alignment, against one by a spinner's own table.
_REAL_ASSOCIATION = 0.8
_THESAURUS_ASSOCIATION = 0.7
# Words whose coming or going makes no substitution.
_LIGHT = frozenset({"the", "a", "an", "of", "to", "and", "in"})


def count_spun(
    spinners: Mapping[str, Spinner], texts: Sequence[str], vocabulary: Vocabulary, rng: np.random.Generator
) -> dict[str, Counts]:
    """Spin every text by every family at full rate and count the phrases that replaced each other."""
    counts: dict[str, Counts] = {}
    for family in (name for names, _ in SOURCES.values() for name in names if name in spinners):
        raw: Counts = Counter()
        for text in texts:
            raw.update(phrase_pairs(spinners[family].spin(text, rng, 1.0), text))
        tidy: Counts = Counter()
        for (reference, suspect), count in raw.items():
            tidy[_normal(reference, vocabulary), _normal(suspect, vocabulary)] += count
        counts[family] = tidy
    return counts


def _normal(phrase: str, vocabulary: Vocabulary) -> str:
    """A phrase as the lexicon spells it."""
    words = (vocabulary[spelling] for spelling in tokenize(phrase)[0])
    return " ".join(word.norm for word in words if word.lexical)


def learn_entries(
    spun: Mapping[str, Counts], people: Counts, others: Counts, without: Iterable[str] = ()
) -> dict[tuple[str, str], Entry]:
    """Estimate each substitution's association and evidence.

    ``people`` counts human editors' substitutions, ``others`` those of translators and
    language models (they help alignment, not evidence). ``without`` names sources of
    `SOURCES` to leave out.
    """
    tables = _tables({name: source for name, source in SOURCES.items() if name not in set(without)}, spun)
    # P(suspect phrase | reference phrase) under a spinner drawn from the sources by weight
    spinner: dict[tuple[str, str], float] = defaultdict(float)
    whole = sum(weight for _, weight in tables.values()) or 1.0
    for table, weight in tables.values():
        for pair, probability in table.items():
            spinner[pair] += weight / whole * probability
    # the share of people's substitutions that a spinner might have made too
    known = sum(count for pair, count in people.items() if pair in spinner)
    habit = max(0.05, min(0.9, known / max(1, people.total())))
    real = Counter({pair: count for pair, count in (people + others).items() if count >= _FEWEST_REAL})
    totals = totals_of(people)
    real_totals = totals_of(real)
    entries = {}
    for pair in spinner.keys() | real.keys():
        left, right = map(str.split, pair)
        if not left or not right or left == right or max(len(left), len(right)) > LONGEST_PHRASE:
            continue
        if set(left) ^ set(right) <= _LIGHT:
            continue
        association = _association(pair, tables, real, real_totals)
        likely = spinner.get(pair, 0.0)
        prior = habit * likely if likely else 0.5 / (totals[pair[0]] + _PSEUDO)
        human = (people[pair] + _PSEUDO * prior) / (totals[pair[0]] + _PSEUDO)
        machine = likely or 0.1 * human
        nats = math.log(machine / human)
        entries[pair] = Entry(association, max(-_MOST_EVIDENCE, min(_MOST_EVIDENCE, nats)))
    return entries


def _tables(
    sources: Mapping[str, tuple[tuple[str, ...], float]], spun: Mapping[str, Counts]
) -> dict[str, tuple[dict[tuple[str, str], float], float]]:
    """For each source the probability of a suspect phrase given the reference's one, and the source's weight."""
    tables = {}
    for name, (families, weight) in sources.items():
        counts: Counts = sum((spun[family] for family in families if family in spun), Counter())
        totals = totals_of(counts)
        table = {pair: n / totals[pair[0]] for pair, n in counts.items() if n >= _FEWEST_SPUN}
        tables[name] = (table, weight)
    return tables


def totals_of(counts: Counts) -> Counter[str]:
    """How often each reference phrase was replaced at all."""
    totals: Counter[str] = Counter()
    for (reference, _), count in counts.items():
        totals[reference] += count
    return totals


def _association(
    pair: tuple[str, str],
    tables: Mapping[str, tuple[dict[tuple[str, str], float], float]],
    real: Counts,
    real_totals: Mapping[str, int],
) -> float:
    """How readily one phrase turns into the other, 0.3 to 1: by the source in which it does most often."""
    found = [real[pair] / real_totals[pair[0]] * _REAL_ASSOCIATION**2] if pair in real else []
    for name, (table, _) in tables.items():
        share = 1.0 if name == "tool" else _THESAURUS_ASSOCIATION**2
        found.append(share * table.get(pair, 0.0))
    return 0.3 + 0.7 * math.sqrt(max(found))
