"""Other reasons than a machine for saying another text's things in other words: register, and other facts.

A machine rewords a text in the language that the text is written in. People also put old and legal English into
plain words, retell a story for learners, correct what learners write, bring a form or rules up to date, exchange a
word or two, and translate what somebody said in another language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from spindetect.classify.substitutions import Unweighed
from spindetect.files import shipped_table
from spindetect.findings import Caution, Undecided
from spindetect.kinds import Variant
from spindetect.records import Document
from spindetect.score.evidence import Evidence
from spindetect.score.mistakes import mistakes
from spindetect.score.verdict import REWORDED_THROUGHOUT

_TABLE = shipped_table("score/register.toml")
# Words that only old and legal English has, and endings of its verbs [loveth].
_OLD = frozenset(_TABLE["old"].split())
_OLD_ENDING, _NO_OLD_ENDING = "eth", ("teeth", "ieth", "beth", "seth")
# More of them per 100 words on one side than on the other, and how many at least, that make it another English.
_OLDER, _FEWEST_OLD = 1.5, 3
# How much longer the reference's sentences are, how much rarer its content words (nats) and how much longer, all at
# once: of machines' work 3 in 1,000, which are mostly round trips of scientific abstracts. Models write rarer
# words, so that a suspect that is harder to read than its reference must be so by far: by the sum of the first two.
_LONGER_SENTENCES, _RARER, _LONGER_WORDS = math.log(1.4), 0.6, math.log(1.06)
_HARDER = 1.4
_MOST_SURPRISAL = 12.0
# Words a sentence up to which one text is in very short sentences, and by how much longer the other's are.
_SHORT, _FAR_LONGER = 8.5, 1.8
# Share of grammar words up to which a text is in notes, and how much larger the other's is.
_NOTES, _WRITTEN_OUT = 0.33, 0.12
# Mistakes in one text, and how many more per 100 words than in the other, from which it was corrected; as many
# misspellings put right are enough.
_MISTAKES, _MORE_MISTAKES = 3, 1.2
# Different changes to another country's or everybody's words, or also to another house's numbers and spellings, and
# their share of these and of content words exchanged.
_USAGE = 4
_ELSEWHERE = frozenset((Variant.REGIONAL, Variant.INCLUSIVE))
_HOUSES = _ELSEWHERE.union(
    (Variant.SAME_NUMBER, Variant.RESTATED, Variant.CONVERTED, Variant.SHORTENED, Variant.RESPELT)
)
_USUAL_ELSEWHERE = ((_ELSEWHERE, 0.25), (_HOUSES, 0.3))
# Exchanges of one number for another, and their share of the numbers: machines keep them; or so many, and per 100
# words, as of 7,700 machines' works seven have.
_NUMBERS, _NUMBERS_SHARE, _OFTEN, _OFTEN_SHARE = 4, 0.3, 2, 1.5
# Exchanges of a list per 100 words, and their share of content words exchanged, that explain the others: of 960
# machines' works none has so many.
_FROM_LIST, _LIST_SHARE = 2.0, 0.2
# Names and numbers that one text has and the other hasn't, and their share of each text's, or of the suspect's,
# where hardly a phrase was kept: models keep the facts, people who write a report anew have others. Of machines'
# work 4 in 1,000.
_FACTS, _OWN, _ADDED, _HARDLY = 4, 0.15, 0.25, 0.35
# ... and their least number and share in both, whatever was kept, where somebody filled in a form anew; and numbers
# alone, of which hardly one is in both: of machines' work 2 in 7,700.
_FILLED_IN, _MOSTLY, _COUNTS, _COUNTS_KEPT = 3, 0.4, 2, 0.1
# Different exchanges, and words added or dropped beside them, up to which an editor may have made all that differs;
# and the share of both texts that must be aligned to know it.
_EXCHANGES, _OTHERS, _ALIGNED = 2, 2, 0.9
# Words that say who speaks, and exchanges among them from which these are an editor's [said -> added].
_SAYING = frozenset("said says say told tells tell added adds add asked asks according".split())
_SAID = 2
# Share of the narration's content words that is kept, of at least so many, where only quotations were reworded.
_NARRATION_KEPT, _NARRATION, _QUOTED = 0.9, 4, 10
# Share of the changes that are in quotations, so many at least, and share of a text up to which it is aligned,
# where two reports have nothing but a speech in common: of machines' work 5 in 8,000.
_SPOKEN, _FEWEST, _APART = 0.9, 3, 0.5
# A text says that it is translated; that translations are what it is about says nothing.
_TRANSLATION = re.compile(_TABLE["translation"], re.IGNORECASE)


class _Style(NamedTuple):
    """How a text is written.

    ``old`` counts words that only old and legal English has. The others are means: words a sentence, and of
    content words that are no names the surprisal in nats and the letters; ``grammar`` is grammar words' share.
    """

    words: int
    old: int
    sentence: float
    surprisal: float
    letters: float
    grammar: float = 0.5


class _Pair:
    """Two texts and their evidence, and all that several explanations ask of them, worked out once."""

    def __init__(self, suspect: Document, reference: Document, evidence: Evidence) -> None:
        texts = suspect, reference
        self.evidence, self.texts = evidence, (suspect.article.text, reference.article.text)
        self.styles, self.mistakes = (_style(suspect), _style(reference)), [mistakes(one) for one in texts]
        self.substitutions = [one for pair in evidence.pairs for one in pair.substitutions]
        self.content = [one for one in self.substitutions if one.counts == "content"]
        self.kept = max(one.shared / max(1.0, one.has) for one in evidence.inventory["word_pairs"])
        whole = zip(evidence.aligned, (evidence.suspect_words, evidence.reference_words), strict=True)
        self.aligned = min(part / max(words, 1) for part, words in whole)
        self.changes = [one for pair in evidence.changed for one in pair.changes]


_EXPLANATIONS: list[tuple[Undecided, Callable[[_Pair], bool]]] = []


def other_explanations(suspect: Document, reference: Document, evidence: Evidence) -> list[Undecided]:
    """The reasons that explain the changes by themselves, so that these don't speak for a machine; mostly none.

    Each reason is given once, in the order of the explanations below.
    """
    pair = _Pair(suspect, reference, evidence)
    found: dict[Caution, Undecided] = {}
    for one, explains in _EXPLANATIONS:
        if one.reason not in found and explains(pair):
            found[one.reason] = one
    return list(found.values())


def _explanation(reason: Caution, sentence: str) -> Callable[[Callable[[_Pair], bool]], None]:
    """Add a test to the explanations, which gives this reason with this sentence where it holds."""
    return lambda explains: _EXPLANATIONS.append((Undecided(reason, None, sentence), explains))


@_explanation(
    "another_register",
    "One text is in old or legal English and the other isn't: people's modern versions look the same.",
)
def _old_english(pair: _Pair) -> bool:
    mine, theirs = pair.styles
    rates = [100.0 * one.old / max(1, one.words) for one in pair.styles]
    return abs(rates[0] - rates[1]) >= _OLDER and max(mine.old, theirs.old) >= _FEWEST_OLD


@_explanation(
    "another_register",
    "One text is much plainer, in far shorter sentences or in notes: versions for other readers look the same.",
)
def _plainer(pair: _Pair) -> bool:
    mine, theirs = pair.styles
    return _much_plainer(mine, theirs) or _much_plainer(theirs, mine, _HARDER)


@_explanation(
    "another_register",
    "Words, spellings or numbers are another house's throughout: an editor's version looks the same.",
)
def _other_usage(pair: _Pair) -> bool:
    for variants, part in _USUAL_ELSEWHERE:
        usage = _exchanged(one for one in pair.substitutions if one.variant in variants)
        if len(usage) >= max(_USAGE, part * (len(usage) + len(pair.content))):
            return True
    return False


@_explanation(
    "corrected",
    "One text has mistakes and the other hasn't: a teacher's or an editor's corrections look the same.",
)
def _corrected(pair: _Pair) -> bool:
    mine, theirs = (made / max(1, one.words) for made, one in zip(pair.mistakes, pair.styles, strict=True))
    if max(pair.mistakes) >= _MISTAKES and 100.0 * abs(mine - theirs) >= _MORE_MISTAKES:
        return True
    righted = _exchanged(one for one in pair.substitutions if one.variant == Variant.CORRECTED)
    return len(righted) >= max(_MISTAKES, _MORE_MISTAKES * pair.evidence.suspect_words / 100.0)


@_explanation(
    "other_facts",
    "Facts differ throughout, as where people fill in a form anew, revise rules or report for themselves.",
)
def _other_facts(pair: _Pair) -> bool:
    others = _exchanged(one for one in pair.evidence.substitutions if one.kind == "number" and not one.same)
    names, numerals = pair.evidence.inventory["names"], pair.evidence.inventory["numerals"]
    new = [names[side].new + numerals[side].new for side in (0, 1)]
    own = [new[side] / max(1.0, names[side].has + numerals[side].has) for side in (0, 1)]
    anew = (sum(new) >= _FACTS and min(own) >= _OWN) or (new[0] >= _FACTS and own[0] >= _ADDED)
    renumbered = len(others) >= max(_NUMBERS, _NUMBERS_SHARE * (len(others) + numerals[0].shared))
    renumbered |= len(others) >= max(_OFTEN, _OFTEN_SHARE * pair.evidence.suspect_words / 100.0)
    filled_in = min(new) >= _FILLED_IN and min(own) >= _MOSTLY
    recounted = all(side.has >= _COUNTS and side.shared <= _COUNTS_KEPT * side.has for side in numerals)
    return renumbered or filled_in or recounted or (anew and pair.kept < _HARDLY)


@_explanation(
    "too_few_changes",
    'One or two exchanges, or little but words such as "said", differ: an editor\'s changes would look the same.',
)
def _too_few(pair: _Pair) -> bool:
    beside = sum(
        one.added_content + one.added_function + one.dropped_content + one.dropped_function
        for one in pair.evidence.changed
    )
    if len(_exchanged(pair.changes)) <= _EXCHANGES and beside <= _OTHERS and pair.aligned >= _ALIGNED:
        return True
    unsaid = [one for one in pair.content if not {one.reference.text, one.suspect.text} <= _SAYING]
    said = len(pair.content) >= len(unsaid) + _SAID and not any(one.telltale for one in unsaid)
    return said and len(unsaid) <= _EXCHANGES


@_explanation(
    "reworded_throughout",
    "Only quotations were reworded: two people's translations of what was said look the same.",
)
def _speech(pair: _Pair) -> bool:
    quoted = sum(one.quoted for one in pair.changes)
    if pair.aligned < _APART and quoted >= max(_FEWEST, _SPOKEN * len(pair.changes)):
        return True
    narration, quotations = pair.evidence.inventory["narration"], pair.evidence.inventory["quotations"]
    return all(one.has >= _NARRATION and one.shared >= _NARRATION_KEPT * one.has for one in narration) and all(
        one.has >= _QUOTED and one.shared < REWORDED_THROUGHOUT * one.has for one in quotations
    )


@_explanation(
    "reworded_throughout",
    "Both texts say that they are translated: two people's translations look the same.",
)
def _translations(pair: _Pair) -> bool:
    return pair.kept < REWORDED_THROUGHOUT and all(_TRANSLATION.search(text) for text in pair.texts)


def _more_signs(pattern: re.Pattern[str], fewest: int, rate: float, pair: _Pair) -> bool:
    mine, theirs = (len(pattern.findall(text)) for text in pair.texts)
    return abs(mine - theirs) >= max(fewest, rate * pair.evidence.suspect_words / 100.0)


def _from_list(listed: frozenset[str], fewest: int, pair: _Pair) -> bool:
    found = [one for one in pair.changes if f"{one.reference.text}/{one.suspect.text}".lower() in listed]
    enough = max(fewest, _FROM_LIST * pair.evidence.suspect_words / 100.0, _LIST_SHARE * len(pair.content))
    return len(_exchanged(found)) >= enough


for _one in _TABLE["signs"]:
    _signs = partial(_more_signs, re.compile(_one["pattern"]), _one["fewest"], _one["per_100_words"])
    _explanation(_one["reason"], _one["sentence"])(_signs)
for _one in _TABLE["exchanges"]:
    _pairs = [one.strip() for one in _one["pairs"].replace("\n", " ").split(",")]
    _explanation(_one["reason"], _one["sentence"])(partial(_from_list, frozenset(_pairs), _one["fewest"]))


def _exchanged(substitutions: Iterable[Unweighed]) -> set[tuple[str, str]]:
    """The different exchanges: what stood in the reference and what stands for it."""
    return {(one.reference.text, one.suspect.text) for one in substitutions}


def _much_plainer(plain: _Style, other: _Style, together: float = 0.0) -> bool:
    """Whether one text has shorter sentences, commoner and shorter words; the first two by so much together.

    Sentences as short as subtitles' are enough, and so is a text in notes.
    """
    if 0.0 < plain.sentence <= _SHORT and other.sentence >= _FAR_LONGER * plain.sentence:
        return True
    if plain.grammar <= _NOTES and other.grammar - plain.grammar >= _WRITTEN_OUT:
        return True
    if not plain.letters or not other.letters:
        return False
    longer, rarer = math.log(other.sentence / plain.sentence), other.surprisal - plain.surprisal
    return (
        longer >= _LONGER_SENTENCES
        and rarer >= _RARER
        and longer + rarer >= together
        and math.log(other.letters / plain.letters) >= _LONGER_WORDS
    )


def _style(document: Document) -> _Style:
    words = [document.words[index] for index in document.lexical]
    content = [word for word in words if word.content and word.shape == "word" and not word.capitalised]
    old = sum(
        word.norm in _OLD or (word.norm.endswith(_OLD_ENDING) and not word.norm.endswith(_NO_OLD_ENDING))
        for word in words
        if not word.capitalised or word.function
    )
    many = max(1, len(content))
    return _Style(
        len(words),
        old,
        len(words) / max(1, document.sentence_count),
        math.fsum(min(word.surprisal, _MOST_SURPRISAL) for word in content) / many,
        sum(len(word.norm) for word in content) / many,
        sum(word.function for word in words) / max(1, len(words)),
    )
