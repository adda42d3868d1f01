"""Where a sentence ends: what a full stop belongs to, and what may follow."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from spindetect.records import Word
from spindetect.segment.english import (
    ARTICLES,
    CALENDAR,
    COMPANIES,
    DEMONYMS,
    FUNCTION_WORDS,
    LETTERED,
    MARKED_NAMES,
    NUMBERED,
    NUMBERED_NAMES,
    ORGANISATION_HEADS,
    OTHER_ABBREVIATIONS,
    PRONOUNS,
    SPEECH_VERBS,
    TIME_ZONES,
    TITLE_ABBREVIATIONS,
    TITLE_HEADS,
)

TERMINATORS = frozenset({".", "!", "?", "...", "…", "..", "?!", "!!", "!?", "....", "??", "???", "!!!", "!!!!"})
LAST_OF_ENDS = frozenset(".!?…")
"""The characters that terminators and abbreviations end in."""
CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«")
# What stands between lines of verse and list items on one line [at all. / The dog]; no sentence begins with it.
_PASSED_OVER = CLOSERS | _OPENERS | TERMINATORS | {"/", "//", "|", "•", "·", "¶"}
_DASHES = frozenset("-–—")
_ROMAN = frozenset("ivx")
_JOINING = _DASHES | frozenset(",;:/%")
# Capitalised, these seldom stand in the middle of a sentence: after "a.m." or "U.S." they begin a new one.
_STARTERS = FUNCTION_WORDS | {"mr.", "mrs.", "ms.", "dr.", "then", "also", "meanwhile", "still", "officials"}
# In lower case these begin a sentence after a full stop [He left. it was late].
_LOWER_STARTERS = PRONOUNS | {"the", "this", "these", "but", "if", "my", "our", "so", "please", "thanks"}
_PART_OF_NAMES = TITLE_HEADS | ORGANISATION_HEADS | DEMONYMS | CALENDAR | frozenset(TIME_ZONES)
_AFTER_TIMES = CALENDAR | frozenset(TIME_ZONES)
_ADJECTIVES = frozenset("u.s. u.k. u.n. e.u. u.s.a. l.a. n.y. n.j. jr. sr.".split())
_NAMED_PLURALS = frozenset(
    "marines airways states forces services clippers lakers rams dodgers giants yankees".split()
)
_BEFORE_TIMES = frozenset("at by around about before after until from since between on near".split())
_AGES = ("year", "old", "week", "month")  # [“Why?” 12-year-old Tim asked]
# So many tokens after a quotation its speaker and verb are looked for [“Why?” Ms. Ann Marlow asked].
_NAME_AND_VERB = 7
_LONGEST_LINE = 60  # tokens of what somebody says after a dash


class Ends:
    """Tells of a text's tokens which end a sentence, judged by them, by what follows, and by the text's habits."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self._casual: bool | None = None
        self._lower_case: AbstractSet[str] | None = None

    @property
    def casual(self) -> bool:
        """Whether the text is in part written without capitals, as chats are: it begins so, or has an "i"."""
        if self._casual is None:
            self._casual = self.words[0].text[0].islower() or any(word.text == "i" for word in self.words)
        return self._casual

    @property
    def lower_case(self) -> AbstractSet[str]:
        """The words that the text has in lower case."""
        if self._lower_case is None:
            self._lower_case = {word.norm for word in self.words if word.text[0].islower()}
        return self._lower_case

    def at(self, index: int) -> bool:
        """Whether the token at ``index`` ends its sentence.

        [Gen. | Smith: no] [U.S. | The: yes] [a.m. | Thursday: no] [J. | Smith: no] [“Why?” | he: no]
        """
        words = self.words
        word = words[index]
        terminator = word.text in TERMINATORS
        if not terminator and not word.text.endswith("."):
            return False
        # what isn't closing, opening or parting punctuation, among the next six
        follower = next((one for one in words[index + 1 : index + 7] if one.text not in _PASSED_OVER), None)
        if follower is None:
            return terminator
        if not terminator:
            return self._abbreviation(index, follower)
        if _numbered(words, index):
            return False
        before = words[index - 1] if index else None
        cut = before is not None and f"{before.norm}." in TITLE_ABBREVIATIONS
        if before and cut and (before.capitalised or (index > 1 and words[index - 2].text in _OPENERS)):
            return False  # the full stop was cut from an abbreviation [”Mr | . | Hale, (c | . | 1818]
        may_begin = follower.text not in _JOINING
        if follower.text in _DASHES:  # the next speaker's [said Ann. | — Under the stairs]
            may_begin = index + 2 < len(words) and words[index + 1] is follower and words[index + 2].capitalised
        beside = [one.text for one in words[index + 1 : index + 4 : 2]]
        if beside == ["(", ")"] and _ROMAN.issuperset(follower.norm):  # [the lid. | (ii) Pour]
            return True
        if follower.shape == "word":
            may_begin = not follower.text[0].islower() or follower.text[1:2].isupper()  # [iPhone may begin one]
        if (
            before
            and before.capitalised
            and words[index + 1] is follower
            and before.norm + word.text in MARKED_NAMES
        ):
            return may_begin and follower.norm in _STARTERS  # [Yahoo! | Finance: no]
        if word.text in ("?", "!") and words[index + 1] is follower and follower.text in SPEECH_VERBS:
            speaker = words[index + 2] if index + 2 < len(words) else follower  # [— Where? said Ann]
            if speaker.capitalised or speaker.norm in PRONOUNS or speaker.norm in ARTICLES:
                return False
        if may_begin:
            return word.text not in ("?", "!") or not _names_speaker(words, index)
        return follower.shape == "word" and self._before_lower_case(index, follower)

    def _before_lower_case(self, index: int, follower: Word) -> bool:
        """Whether a sentence ends before a word in lower case: in chats, and where the word begins sentences."""
        words = self.words
        if words[index + 1] is not follower or not index:
            return False
        before = words[index - 1]
        if words[index].text in ("?", "??", "???"):
            return before.text not in CLOSERS
        if self.casual and words[index].text[0] in ".!" and words[index].text != "...":
            return len(before.text) > 1
        known = words[index].text == "!" or (words[index].text == "." and before.row >= 0)
        return known and not before.capitalised and follower.norm in _LOWER_STARTERS

    def _abbreviation(self, index: int, follower: Word) -> bool:
        """Whether an abbreviation also ends its sentence.

        It does before a word that begins sentences; and, where no name would stand, before a capitalised
        word that goes on in lower case [9 p.m. | Police arrived, Marlowe Inc. | Shares rose]. "U.S." is an
        adjective [U.S. Senate voted] except before a plural or a word that the text has in lower case
        as well [the U.S. | Lawmakers objected].
        """
        words = self.words
        word = words[index]
        lower = word.norm
        before = words[index - 1] if index else None
        if not follower.capitalised or words[index + 1].text in ("(", "["):  # [Holm et al. (US 2012)]
            return False
        if lower in TITLE_ABBREVIATIONS and (len(lower) > 2 or not word.capitalised):  # [Elm St. | The police]
            street = lower in ("st.", "dr.") and before is not None and before.capitalised
            return street and index > 1 and follower.norm in FUNCTION_WORDS
        initial = len(lower) == 2
        listed = lower in OTHER_ABBREVIATIONS
        if not (listed or initial or lower.count(".") > 1):
            return False
        numeral = lower == "i."
        opens = False  # whether a time of day is what the sentence begins with [At 9 p.m. Smith left]
        if lower in ("a.m.", "p.m."):
            near = words[max(0, index - 4) : index]
            opens = index < 2 or any(one.capitalised and one.norm in _BEFORE_TIMES for one in near)
        if follower.norm in COMPANIES or (opens and follower.norm in TITLE_ABBREVIATIONS):
            return False
        if follower.norm in _STARTERS and not (numeral and (before is None or before.shape != "word")):
            return True
        if initial:  # [World War I. | Trenches]
            named = before is not None and before.norm in NUMBERED_NAMES and lower in ("i.", "v.", "x.")
            return before is not None and (named or before.norm in LETTERED) and _goes_on(words, index)
        if lower == "etc.":
            return True
        acronym = not listed and before is not None and before.norm == "the"  # [the F.B.I. | Agents came]
        if not (listed or acronym) or not _goes_on(words, index):
            return False
        if lower in ("a.m.", "p.m."):
            return follower.norm not in _AFTER_TIMES and not opens
        if follower.norm in _PART_OF_NAMES:
            return False
        plural = follower.norm.endswith("s") and not follower.norm.endswith("ss")
        common = follower.norm in self.lower_case or (plural and follower.norm not in _NAMED_PLURALS)
        return common or (listed and lower not in _ADJECTIVES)


def _names_speaker(words: Sequence[Word], index: int) -> bool:
    """Whether a quotation ends with the token and its speaker follows, by name [“Why?” Marlow asked].

    What a dash begins is a quotation as well [— Why? Marlow asked].
    """
    first = index + 1 + (index + 1 < len(words) and words[index + 1].text in CLOSERS)
    if first == index + 1:
        ends = (at for at in range(index - 1, max(-1, index - _LONGEST_LINE), -1) if words[at].text in TERMINATORS)
        begins = next(ends, -1) + 1
        if words[begins].text not in _DASHES or words[begins + 1].text in _DASHES:
            return False
    for word in words[first : first + _NAME_AND_VERB]:
        if word.text in SPEECH_VERBS:
            return True
        if not word.capitalised and word.shape == "word" and word.text not in _AGES:
            return False
    return False


def _goes_on(words: Sequence[Word], index: int) -> bool:
    """Whether the word after the token is followed by one in lower case, so that it is no name's first."""
    after = index + 2
    return after < len(words) and words[after].shape == "word" and words[after].text[0].islower()


def _numbered(words: Sequence[Word], index: int) -> bool:
    """Whether the full stop belongs to "No. 5", "p. 14" or "(b. 1950)"."""
    if words[index].text != "." or not 0 < index < len(words) - 1 or words[index + 1].shape != "number":
        return False
    before = words[index - 1].norm
    return before in NUMBERED or (before in ("b", "d", "r", "fl") and index > 1 and words[index - 2].text in "([")
