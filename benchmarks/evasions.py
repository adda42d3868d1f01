"""Evasions: what is done to a spun text so that it isn't told as one, and happens to honest texts as well.

Each takes a `Subject`, a random generator and a strength from 0 (nothing) to 1, and gives the
suspect's new text. The same generator state gives the same text. Those in ``SPLICES`` make the
suspect anew from the original, sentence by sentence, and so need to know how it was spun.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise

import numpy as np

from spindetect.training.pairs.stitch import SENTENCE_END

# Texts with fewer lines count three sentences as a paragraph.
_FEWEST_LINES = 4
_SENTENCES_A_PARAGRAPH = 3
# A capitalised word inside a sentence.
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}")
# As a name comes back from an alphabet that has other letters: in this order.
_RESPELT = tuple(
    pair.split(":")
    for pair in "ph:f ck:k sch:sh th:t x:ks qu:kv c:k w:v j:dzh y:i oo:u ee:i ll:l nn:n tt:t ss:s".split()
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an evasion is made of.

    ``foreign`` are paragraphs of unrelated honest articles, ``second`` is another text like the
    suspect, made from another source; ``spin`` spins a sentence of ``original`` as the suspect's
    were, if that can be done.
    """

    suspect: str
    original: str
    foreign: Sequence[str]
    second: str
    spin: Callable[[str], str] | None = None


Evasion = Callable[[Subject, np.random.Generator, float], str]


def sentences(text: str) -> list[str]:
    """The sentences of a text, each with the white space after it, so that joined they are the text."""
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    starts = [end + len(text[end:]) - len(text[end:].lstrip()) for end in ends]
    cuts = sorted({0, *starts, len(text)})
    return [text[start:end] for start, end in pairwise(cuts)]


def paragraphs(text: str) -> list[str]:
    """The lines that aren't blank; of a text with hardly any, three sentences at a time."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) >= _FEWEST_LINES:
        return lines
    parts = sentences(text)
    groups = [parts[at : at + _SENTENCES_A_PARAGRAPH] for at in range(0, len(parts), _SENTENCES_A_PARAGRAPH)]
    return ["".join(group).strip() for group in groups]


def padded(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """Unrelated paragraphs between the suspect's, until ``strength`` of all words are foreign (below 1)."""
    parts = paragraphs(subject.suspect)
    wanted = strength / (1.0 - strength) * len(subject.suspect.split())
    for place in cycle(rng.permutation(len(subject.foreign))):
        if wanted <= 0:
            break
        words = subject.foreign[place].split()[: max(1, round(wanted))]
        parts.insert(int(rng.integers(len(parts) + 1)), " ".join(words))
        wanted -= len(words)
    return "\n\n".join(parts)


def sentences_shuffled(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the sentences change places with one another."""
    return " ".join(_shuffled([one.strip() for one in sentences(subject.suspect)], rng, strength))


def paragraphs_shuffled(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the paragraphs change places with one another."""
    return "\n\n".join(_shuffled(paragraphs(subject.suspect), rng, strength))


def _shuffled(parts: list[str], rng: np.random.Generator, share: float) -> list[str]:
    moved = sorted(rng.permutation(len(parts))[: round(share * len(parts))].tolist())
    shuffled = list(parts)
    for to, start in zip(moved, rng.permutation(moved).tolist(), strict=True):
        shuffled[to] = parts[start]
    return shuffled


def mixed(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the sentences is cut, and as many of the second text stand in between, both in their order."""
    mine, other = sentences(subject.suspect), sentences(subject.second)
    count = round(strength * len(mine))
    kept = sorted(rng.permutation(len(mine))[count:].tolist())
    marked = [(place, mine[place]) for place in kept]
    marked += [(int(number * len(mine) / max(1, count)), one) for number, one in enumerate(other[:count])]
    return " ".join(part.strip() for _, part in sorted(marked, key=lambda item: item[0]))


def dropped(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the sentences is left out; one stays at least."""
    parts = sentences(subject.suspect)
    kept = max(1, round((1.0 - strength) * len(parts)))
    return "".join(parts[place] for place in sorted(rng.permutation(len(parts))[:kept].tolist()))


def names_exchanged(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the names become other names, each the same throughout."""
    others = sorted(set(_NAME.findall(" ".join(subject.foreign)))) or ["Morven"]
    return _renamed(subject.suspect, rng, strength, lambda _: others[int(rng.integers(len(others)))])


def names_respelt(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the names are spelt as if they had been through another alphabet [Jackson -> Dzhakson]."""
    return _renamed(subject.suspect, rng, strength, respelt)


def respelt(name: str) -> str:
    """A name as it comes back from another alphabet.

    >>> respelt("Jackson"), respelt("Matthew")
    ('Dzhakson', 'Matev')
    """
    lower = name.lower()
    for old, new in _RESPELT:
        lower = lower.replace(old, new)
    return lower.capitalize()


def _renamed(text: str, rng: np.random.Generator, share: float, change: Callable[[str], str]) -> str:
    names = sorted(set(_NAME.findall(text)))
    chosen = {
        names[place]: change(names[place]) for place in rng.permutation(len(names))[: round(share * len(names))]
    }
    return re.sub(r"\b[A-Z][a-z]+\b", lambda found: chosen.get(found[0], found[0]), text)


def sentences_left(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """A share of the sentences stay word for word, evenly spread; the others are spun."""
    del rng  # evenly: every second, third, fifth
    return _spliced(subject, lambda place, _: int((place + 1) * strength) > int(place * strength))


def passage_left(subject: Subject, rng: np.random.Generator, strength: float) -> str:
    """One run of sentences, a share of all, stays word for word; the others are spun."""
    count = len(sentences(subject.original))
    first = int(rng.integers(count - round(strength * count) + 1))
    return _spliced(subject, lambda place, whole: first <= place < first + round(strength * whole))


def _spliced(subject: Subject, verbatim: Callable[[int, int], bool]) -> str:
    """The original with those sentences spun that aren't to stay verbatim."""
    if subject.spin is None:
        raise ValueError("The subject can't be spun; splicing needs Subject.spin.")
    parts = sentences(subject.original)
    spun = [part if verbatim(place, len(parts)) else subject.spin(part) for place, part in enumerate(parts)]
    return "".join(spun)


EVASIONS: dict[str, Evasion] = {
    "unrelated paragraphs": padded,
    "sentences shuffled": sentences_shuffled,
    "paragraphs shuffled": paragraphs_shuffled,
    "mixed with a second source": mixed,
    "sentences dropped": dropped,
    "names exchanged": names_exchanged,
    "names respelt": names_respelt,
}
"""Evasions that can be done to any suspect."""

SPLICES: dict[str, Evasion] = {
    "sentences left verbatim": sentences_left,
    "a passage left verbatim": passage_left,
}
"""Evasions that leave a part of the original as it was."""
