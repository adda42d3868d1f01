"""Pairs that no corpus holds: forms filled in anew, texts spun or edited in part, two altered copies of one text,
short stretches of pairs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np

from spindetect.files import shipped_table
from spindetect.segment.english import CALENDAR, FUNCTION_WORDS
from spindetect.training.pairs.dataset import FEWEST_EDITS, LIGHTEST, Example, held_out
from spindetect.training.pairs.stitch import SENTENCE_END, crop
from spindetect.training.spinners.spinner import Spinner, mixture

_FORMS = 600
_FORM_WORDS = (50, 260)
# Shares of a form's other content words that are filled in anew.
_FILLED = (0.0, 0.12)
# Share of a text's words that are others at least, else it is no form.
_FEWEST_FILLED = 0.1
# Share of a text's sentences that is spun where only a part is, and how often that is one passage.
_PART_SPUN = (0.15, 0.6)
_AS_A_PASSAGE = 0.5
_SHORT = (45, 130)
_SHORT_SHARE = 0.25
# Shares of the sentences that people changed which are changed back, how alike two sentences must be for that, and
# how many texts of a kind are made so.
_CHANGED_BACK = (0.3, 0.75)
_ALIKE = 0.4
_PARTLY = 250
_NOT_IN_PART = ("control_", "short_")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*|\d[\d,.]*\d|\d")


def partly_spun_examples(
    sources: Sequence[tuple[str, str]], spinners: Mapping[str, Spinner], rng: np.random.Generator
) -> Iterator[Example]:
    """Spin a part of each article: one passage, or sentences here and there; most stays verbatim.

    Texts are left out as in `spun_examples`.
    """
    for group, text in sources:
        whole = crop(text, int(rng.choice((250, 500, 1000))), rng)
        recipe = mixture(spinners, rng, rates=(0.4, 1.0))
        ends = [found.end() for found in SENTENCE_END.finditer(whole)]
        share, first = rng.uniform(*_PART_SPUN), rng.random()
        count = max(1, round(share * len(ends)))
        if rng.random() < _AS_A_PASSAGE:
            start = int(first * (len(ends) - count + 1))
            chosen = set(range(start, start + count))
        else:
            chosen = {int((number + first) * len(ends) / count) for number in range(count)}
        spun = recipe.spin(whole, rng)
        parts, at, edits = [], 0, 0
        for edit in spun.edits:
            if bisect_right(ends, edit.reference.start) in chosen:
                parts += [whole[at : edit.reference.start], spun.text[edit.suspect.start : edit.suspect.end]]
                at, edits = edit.reference.end, edits + 1
        part = "".join([*parts, whole[at:]])
        if edits < FEWEST_EDITS or edits < LIGHTEST * len(whole.split()):
            continue
        yield Example(
            f"partly:{recipe.family}:{group}", "spun", recipe.family, group,
            part, whole, held_out(group), recipe.family, edits / len(whole.split()),
        )  # fmt: skip


def partly_changed(examples: Sequence[Example], seed: int = 0) -> Iterator[Example]:
    """People's edits and translations with some of the changed sentences as they were: edited in part.

    They are kinds of their own beside those of which they are made, and are left out with them.
    """
    rng = np.random.default_rng(seed)
    by_kind: dict[str, list[Example]] = {}
    for example in examples:
        if example.relation in ("edited", "translated") and not example.kind.startswith(_NOT_IN_PART):
            by_kind.setdefault(example.named, []).append(example)
    for kind, found in sorted(by_kind.items()):
        for place in rng.permutation(len(found))[:_PARTLY]:
            text = _with_some_back(found[place], rng)
            if text:
                yield replace(found[place], id=f"{found[place].id}:partly", suspect=text, kind=f"{kind}:partly")


def _with_some_back(example: Example, rng: np.random.Generator) -> str:
    """The suspect with some sentences as the reference has them; empty where none or all would be."""
    mine, theirs = _sentences(example.suspect), _sentences(example.reference)
    bags = [Counter(_WORD.findall(sentence.lower())) for sentence in theirs]
    share = rng.uniform(*_CHANGED_BACK)
    back = changed = 0
    parts = []
    for sentence in mine:
        bag = Counter(_WORD.findall(sentence.lower()))
        alike = [2 * (bag & other).total() / max(1, bag.total() + other.total()) for other in bags]
        body = sentence.strip()
        answer = theirs[alike.index(max(alike))].strip() if alike and max(alike) >= _ALIKE else body
        if answer != body and rng.random() < share:
            parts.append(sentence.replace(body, answer, 1))
            back += 1
        else:
            parts.append(sentence)
            changed += answer != body
    text = "".join(parts)
    return text if back and changed and len(text.split()) >= _SHORT[0] - 5 else ""


def _sentences(text: str) -> list[str]:
    """A text cut after its sentences; the pieces make it up again."""
    ends = sorted({0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)})
    return [text[start:end] for start, end in pairwise(ends)]


def filled_forms(sources: Sequence[tuple[str, str]], seed: int = 0, most: int = _FORMS) -> list[Example]:
    """Two texts of one form: names and numbers are others, some words their opposites; nobody copied."""
    rng = np.random.default_rng(seed)
    words = (word for _, text in sources[:200] for word in text.split() if word.isalpha() and word.islower())
    pool = [word for word in words if len(word) > 3 and word not in FUNCTION_WORDS][:50_000]
    found: list[Example] = []
    for place in rng.permutation(len(sources)):
        if len(found) == most:
            break
        group, whole = sources[place]
        text = crop(whole, int(rng.integers(*_FORM_WORDS)), rng)
        names = _names(sources[int(rng.integers(len(sources)))][1])
        filled = _filled_in(text, names, pool, rng)
        before = text.split()
        others = sum(one != other for one, other in zip(before, filled.split(), strict=False))
        if others < _FEWEST_FILLED * len(before):
            continue
        texts = (filled, text) if rng.random() < 0.5 else (text, filled)
        found.append(
            Example(f"form:{group}", "independent", "form", group, *texts, held_out(group), kind="form_filled")
        )
    return found


@cache
def both_ways(table: str) -> dict[str, list[str]]:
    """Words with those that stand beside them in a table of ``word_pairs.toml``, either way [up: [down]]."""
    answers: dict[str, list[str]] = {}
    for pair in shipped_table("training/pairs/word_pairs.toml")[table].replace("\n", " ").split(", "):
        one, other = pair.split()
        answers.setdefault(one, []).append(other)
        answers.setdefault(other, []).append(one)
    return answers


def _filled_in(text: str, names: Sequence[str], pool: Sequence[str], rng: np.random.Generator) -> str:
    """The text with other names and numbers, each name by one other throughout, and some words by others."""
    opposites = both_ways("opposites")
    others: dict[str, str] = {}
    share = rng.uniform(*_FILLED)

    def answer(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        if word[0].isdigit():
            digits = [str(rng.integers(1 if place == 0 else 0, 10)) if char.isdigit() else char
                      for place, char in enumerate(word)]  # fmt: skip
            return "".join(digits)
        if low in CALENDAR:
            return str(rng.choice(sorted(CALENDAR))).capitalize()
        if low in opposites:
            return opposites[low][0].capitalize() if word[0].isupper() else opposites[low][0]
        if word[0].isupper() and _inside(text, match.start()) and low not in FUNCTION_WORDS and names:
            return others.setdefault(word, str(names[int(rng.integers(len(names)))]))
        if word.islower() and len(word) > 3 and low not in FUNCTION_WORDS and rng.random() < share:
            return str(pool[int(rng.integers(len(pool)))])
        return word

    return _WORD.sub(answer, text)


def _inside(text: str, place: int) -> bool:
    """Whether a word at ``place`` doesn't open a sentence."""
    before = text[:place].rstrip()[-1:]
    return bool(before) and before not in '.!?\n"“”'


def _names(text: str) -> list[str]:
    found = [match.group() for match in _WORD.finditer(text) if match.group()[0].isupper()]
    return [one for one in found if one.lower() not in FUNCTION_WORDS | CALENDAR and len(one) > 2]


def twins(
    examples: Sequence[Example], spinners: Mapping[str, Spinner], seed: int = 0, most: int = 300
) -> list[Example]:
    """Two altered copies of one text: a round trip against the spun original, each against the other."""
    rng = np.random.default_rng(seed)
    tripped = [one for one in examples if one.relation == "back_translated" and not one.kind.startswith("wmt")]
    found: list[Example] = []
    names = sorted(spinners)
    for place in rng.permutation(len(tripped))[:most]:
        one = tripped[place]
        spun = spinners[names[int(rng.integers(len(names)))]].spin(one.reference, rng, 0.8).text
        pair = (spun, one.suspect) if rng.random() < 0.5 else (one.suspect, spun)
        relation = "spun" if pair[0] is spun else one.relation
        made = replace(one, id=f"twin:{one.id}", suspect=pair[0], reference=pair[1], kind="twins")
        found.append(replace(made, relation=relation))
    return found


def short_stretches(examples: Sequence[Example], seed: int = 0) -> Iterator[Example]:
    """The beginnings of some of the pairs, of about the same share of both texts: versions of a short text."""
    rng = np.random.default_rng(seed)
    for example in examples:
        size = len(example.suspect.split())
        if example.relation == "independent" or rng.random() >= _SHORT_SHARE or size <= _SHORT[1]:
            continue
        words = int(rng.integers(*_SHORT))
        share = words / size
        reference = crop(example.reference, round(share * len(example.reference.split())), rng)
        suspect = crop(example.suspect, words, rng)
        if min(len(suspect.split()), len(reference.split())) >= _SHORT[0] - 5:
            yield replace(example, id=f"{example.id}:short", suspect=suspect, reference=reference)
