"""Other reasons than a machine for saying another text's things in other words: register, and other facts.

A machine rewords a text in the language that the text is written in. People also put old and legal English into
plain words, retell a story for learners, correct what learners write, bring a form or rules up to date, exchange a
word or two, and translate what somebody said in another language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from spindetect.classify.substitutions import Unweighed
from spindetect.files import shipped_table
from spindetect.findings import Undecided
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
# Exchanges of one number for another, and their share of the numbers: machines keep them.
_NUMBERS, _NUMBERS_SHARE = 4, 0.3
# Names and numbers that one text has and the other hasn't, and their share of each text's, or of the suspect's,
# where hardly a phrase was kept: models keep the facts, people who write a report anew have others. Of machines'
# work 4 in 1,000.
_FACTS, _OWN, _ADDED, _HARDLY = 4, 0.15, 0.25, 0.35
# ... and their least number and share in both, whatever was kept, where somebody filled in a form anew.
_FILLED_IN, _MOSTLY = 3, 0.4
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
# A speaker in a record, before the words [MR DOYLE: Thank you.], and how many make one.
_SPEAKER = re.compile(r"(?:^|[.?!\"”] |\n)(?:[A-Z][A-Z.' -]{0,24}|(?:Mr|Mrs|Ms|Dr)\.? [A-Z]\w{1,24}): ")
_SPEAKERS = 4
# A text says that it is translated; that translations are what it is about says nothing.
_TRANSLATION = re.compile(
    r"\b(?:(?:through|via|by) (?:an?|the|his|her|their) (?:\w{1,20} )?(?:interpreter|translator)s?\b|translator:"
    r"|translat(?:ed|ion) (?:from|by) (?:the )?(?:original )?(?-i:[A-Z])|according to an? translation\b"
    r"|in (?:his|her|their) (?:own|native) (?:language|tongue)\b"
    r"|(?:appear|publish|print|read|writ)[a-z]{0,3} in the original\b)",
    re.IGNORECASE,
)

_OLD_ENGLISH = "One text is in old or legal English and the other isn't: people's modern versions look the same."
_PLAINER = (
    "One text is much plainer, or in far shorter sentences: people's versions for other readers look the same."
)
_RECORD = "One text is a record of who said what and the other isn't: people's minutes look the same."
_OTHER_USAGE = "Words, spellings or numbers are another house's throughout: an editor's version looks the same."
_CORRECTED = "One text has mistakes and the other hasn't: a teacher's or an editor's corrections look the same."
_FEW = 'One or two exchanges, or little but words such as "said", differ: an editor\'s changes would look the same.'
_SPEECH = "Only quotations were reworded: two people's translations of what was said look the same."
_TRANSLATIONS = "Both texts say that they are translated: two people's translations look the same."
_BROUGHT_UP = "Facts differ throughout, as where people fill in a form anew, revise rules or report for themselves."


class _Style(NamedTuple):
    """How a text is written.

    ``old`` counts words that only old and legal English has. The others are means: words a sentence, and of
    content words that are no names the surprisal in nats and the letters.
    """

    words: int
    old: int
    sentence: float
    surprisal: float
    letters: float


def other_explanations(suspect: Document, reference: Document, evidence: Evidence) -> list[Undecided]:
    """The reasons that explain the changes by themselves, so that these don't speak for a machine; mostly none."""
    found = []
    mine, theirs = _style(suspect), _style(reference)
    labels = sorted(len(_SPEAKER.findall(one.article.text)) for one in (suspect, reference))
    if mine.words and theirs.words:
        older = 100.0 * (mine.old / mine.words - theirs.old / theirs.words)
        if abs(older) >= _OLDER and max(mine.old, theirs.old) >= _FEWEST_OLD:
            found.append(Undecided("another_register", None, _OLD_ENGLISH))
        elif _plainer(mine, theirs) or _plainer(theirs, mine, _HARDER):
            found.append(Undecided("another_register", None, _PLAINER))
        elif labels[0] <= 1 and labels[1] >= _SPEAKERS:
            found.append(Undecided("another_register", None, _RECORD))
        made = mistakes(suspect), mistakes(reference)
        if max(made) >= _MISTAKES and 100.0 * abs(made[0] / mine.words - made[1] / theirs.words) >= _MORE_MISTAKES:
            found.append(Undecided("corrected", None, _CORRECTED))
    counted = [one for pair in evidence.pairs for one in pair.substitutions]
    content = [one for one in counted if one.counts == "content"]
    righted = _exchanged(one for one in counted if one.variant == Variant.CORRECTED)
    if len(righted) >= max(_MISTAKES, _MORE_MISTAKES * evidence.suspect_words / 100.0):
        found.append(Undecided("corrected", None, _CORRECTED))
    unsaid = [one for one in content if not {one.reference.text, one.suspect.text} <= _SAYING]
    for variants, part in _USUAL_ELSEWHERE:
        usage = _exchanged(one for one in counted if one.variant in variants)
        if len(usage) >= max(_USAGE, part * (len(usage) + len(content))):
            found.append(Undecided("another_register", None, _OTHER_USAGE))
    others = _exchanged(one for one in evidence.substitutions if one.kind == "number" and not one.same)
    names, numerals = evidence.inventory["names"], evidence.inventory["numerals"]
    new = [names[side].new + numerals[side].new for side in (0, 1)]
    own = [new[side] / max(1.0, names[side].has + numerals[side].has) for side in (0, 1)]
    anew = (sum(new) >= _FACTS and min(own) >= _OWN) or (new[0] >= _FACTS and own[0] >= _ADDED)
    pairs = max(one.shared / max(1.0, one.has) for one in evidence.inventory["word_pairs"])
    renumbered = len(others) >= max(_NUMBERS, _NUMBERS_SHARE * (len(others) + numerals[0].shared))
    filled_in = min(new) >= _FILLED_IN and min(own) >= _MOSTLY
    if renumbered or filled_in or (anew and pairs < _HARDLY):
        found.append(Undecided("other_facts", None, _BROUGHT_UP))
    whole = zip(evidence.aligned, (evidence.suspect_words, evidence.reference_words), strict=True)
    aligned = min(part / max(words, 1) for part, words in whole)
    changes = [one for pair in evidence.changed for one in pair.changes]
    beside = (
        one.added_content + one.added_function + one.dropped_content + one.dropped_function
        for one in evidence.changed
    )
    narration, quotations = evidence.inventory["narration"], evidence.inventory["quotations"]
    few = len(_exchanged(changes)) <= _EXCHANGES and sum(beside) <= _OTHERS and aligned >= _ALIGNED
    said = len(content) >= len(unsaid) + _SAID and not any(one.telltale for one in unsaid)
    if few or (said and len(unsaid) <= _EXCHANGES):
        found.append(Undecided("too_few_changes", None, _FEW))
    elif (aligned < _APART and sum(one.quoted for one in changes) >= max(_FEWEST, _SPOKEN * len(changes))) or (
        all(one.has >= _NARRATION and one.shared >= _NARRATION_KEPT * one.has for one in narration)
        and all(one.has >= _QUOTED and one.shared < REWORDED_THROUGHOUT * one.has for one in quotations)
    ):
        found.append(Undecided("reworded_throughout", None, _SPEECH))
    elif pairs < REWORDED_THROUGHOUT and all(_TRANSLATION.search(one.article.text) for one in (suspect, reference)):
        found.append(Undecided("reworded_throughout", None, _TRANSLATIONS))
    return list(dict.fromkeys(found))


def _exchanged(substitutions: Iterable[Unweighed]) -> set[tuple[str, str]]:
    """The different exchanges: what stood in the reference and what stands for it."""
    return {(one.reference.text, one.suspect.text) for one in substitutions}


def _plainer(plain: _Style, other: _Style, together: float = 0.0) -> bool:
    """Whether one text has shorter sentences, commoner and shorter words; the first two by so much together.

    Sentences as short as subtitles' are enough.
    """
    if plain.sentence <= _SHORT and other.sentence >= _FAR_LONGER * plain.sentence:
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
    )
