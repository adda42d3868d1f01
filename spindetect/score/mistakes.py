"""Mistakes of grammar that learners of English make, by which a corrected text is told from its first draft."""

from __future__ import annotations

import re

from spindetect.records import Document

_MODAL = "(?:can|could|must|should|will|would|may|might|shall)"
_NOT = "(?: not| n't)?"
_ODD_PAST = "went saw wrote took gave began knew ate drank drove spoke broke chose fell flew rode sang swam".split()
_PAST = (
    f"(?:{'|'.join(_ODD_PAST)}|forgot|rose|threw|wore|came|got|found|told|said|thought|bought|brought|caught|taught|made"
    "|kept|left|lost|met|paid|sold|sent|slept|spent|stood|understood|won|felt|heard|had|was|were|did"
    "|[a-z]{2,12}(?:[bcdfgklmnprstvwxz]ed|[aeiouy]yed))"
)
_REGULAR = (
    "swimm cost catch teach buy go eat tak mak writ fall feel find forget giv keep know leav los meet pay putt "
    "read runn sell send sing sleep speak spend stand tell think throw winn com begin bring choos driv hurt"
)
_QUALITIES = "big|small|old|young|long|late|early|difficult|easy|expensive|good|bad|hot|cold|tired|far|hard"
_MISTAKES = re.compile(
    "|".join(
        (
            rf"{_MODAL}{_NOT} to [a-z]+",  # can to meet
            rf"(?:did|does|do)(?: not| n't) {_PAST}",  # didn't saw
            rf"(?:have|has|had|having|'ve){_NOT} (?:{'|'.join(_ODD_PAST)})",  # has wrote
            "(?:we|they|these|those) (?:was|is|has|does)",
            "(?:am|are|is|was|were|'m)(?: not| n't)? agree",
            "(?:every|each|another) [a-z]{3,12}(?:[bcdfgklmnprtvwxy]|[aeiou]e)s",  # every mornings
            "(?:people|information|advice|furniture|homework|equipment|child|man|woman|knowledge|luggage)s",
            "(?:more|most) (?:better|worse|easier|bigger|smaller|faster|higher|older|younger|cheaper|stronger)",
            f"too much (?:{_QUALITIES})",
            f"(?:{'|'.join(_REGULAR.split())})ed",  # swimmed
            r"since (?:an?|two|three|four|five|six|seven|eight|nine|ten|\d+) (?:day|week|month|year|hour)s?",
            "for to [a-z]+",
            "(?:explain|say|suggest|describe)(?:s|d|ed)? (?:me|him|us|them)|said (?:me|him|us|them)",
            "(?:make|makes|made|let|lets) (?:me|him|us|them) to [a-z]+",
            "(?:depends?|depended) of|discuss(?:ed|es)? about|married with|arrived? to|in nowadays",
            "(?:enjoy|avoid|suggest|finish)(?:ed|s)? to [a-z]+",
            "(?:not|n't|never) (?:[a-z]+ ){0,4}nothing",
            "(?:people|children|men|women) (?:is|was|has|does|thinks|says|talks|likes|wants|goes|uses)",
            "others? (?:persons|peoples)|others (?:people|countries|things)",
        )
    ).join((r"\b(?:", r")\b"))
)


def mistakes(document: Document) -> int:
    """How many mistakes a text has that learners make; those that a native speaker may mean aren't counted."""
    return len(_MISTAKES.findall(" ".join([word.norm for word in document.words if word.shape != "space"])))
