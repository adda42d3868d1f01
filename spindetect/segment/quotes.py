"""Direct quotation: which tokens lie between quotation marks, in whichever style they are set.

A mark by itself often doesn't say what it is: an inch sign, an apostrophe, the end of a German quotation or the
beginning of an English one. So the marks of each paragraph are read together, in the way that costs least.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from spindetect.files import shipped_table
from spindetect.records import Word
from spindetect.segment.english import SPEECH_VERBS

_MARK = re.compile(
    r"``|''|<<(?=[^\s<])|(?<=[^\s>])>>|[\"“”„‟«»″＂「」『』]|(?<!\w)[‘'’‚‛`‹›]|(?<=\S)['’‘´‹›′](?!\w)|(?<=\d)['’′](?=\d)|,,(?=\w)",
)
_SIGN = re.compile("[`'<>\"“”„‟«»″＂「」『』‘’‚‛‹›´′,]")  # what a mark begins with, found five times as fast
_CLOSED_BY: dict[str, dict[str, float]] = shipped_table("segment/quotes.toml")
_SINGLE = frozenset("‘'’‚‛`´′")
_INNER = _SINGLE | {"‹", "›"}
_ONLY_OPEN = frozenset({"“", "„", "‘", "‚", "``", "‟", ",,"})
_NEVER = 99.0
# Costs, in the measure in which a lost mark is 3: hand-set, and held by the passages of tests/test_quotes.py.
_REOPENED, _OPEN_AT_END, _GOES_ON, _IGNORED = 1.6, 2.4, 0.2, 3.0
# Shortened words that begin with an apostrophe.
_CLIPPED = re.compile(
    r"(?:\d\ds?|em|til|till|tis|twas|twill|cause|bout|round|n|cos|ere|neath|nuff|Em|Til|Tis|Twas|Cause)\b"
)
_FEET = re.compile(r"\d['’′] ?\d{1,2}(?:[.½¼¾]\d*)?\Z")
_SHORT_ENDS = frozenset({"in", "an", "’n", " o", " n", "th", "ol"})  # [goin’, rock ’n’ roll]
# A quotation longer than this was a typo or an inch sign.
_LONGEST_QUOTATION = 400
_TAG_WORDS = 4  # [, Ms. Ann Penn said]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark, where it stands, and what it costs to take it for an opening, a closing one, or neither."""

    text: str
    start: int
    end: int
    opens: float
    closes: float
    neither: float


def quoted_tokens(text: str, words: Sequence[Word], starts: Sequence[int], paragraphs: Sequence[int]) -> list[bool]:
    """Say of each token whether it stands in a direct quotation; the outer marks themselves don't count.

    ``paragraphs`` are the offsets at which paragraphs begin, ascending. A quotation that is still open where
    a paragraph ends goes on if the next one opens it again, by convention. Otherwise its closing mark was lost,
    and it ends where its speaker is named, or with the sentence.
    """
    quoted = [False] * len(words)
    marks: list[_Mark] = []
    for sign in _SIGN.finditer(text):
        if not marks or sign.start() >= marks[-1].end:
            found = _MARK.match(text, sign.start())
            marks += [_mark(text, found)] if found else []
    if not marks:
        return quoted
    first = 0
    for end in [*paragraphs, len(text)]:
        last = first
        while last < len(marks) and marks[last].start < end:
            last += 1
        if last == first:
            continue
        goes_on = last < len(marks) and not text[end : marks[last].start].strip() and marks[last].opens < 1.0
        for one in _quotations(marks[first:last], goes_on):
            inside = bisect_left(starts, one.opened.end)
            if inside and starts[inside - 1] + len(words[inside - 1].text) > one.opened.end:
                inside -= 1  # the mark and the word are one token
            stop = bisect_left(starts, one.ended.start if one.ended else end)
            if one.lost:
                stop = _lost_end(words, inside, stop)
            if stop - inside <= _LONGEST_QUOTATION:
                quoted[inside:stop] = [True] * (stop - inside)
        first = last
    return quoted


def _mark(text: str, found: re.Match[str]) -> _Mark:
    """A mark and its costs, by itself and by what stands beside it."""
    sign, start, end = found[0].replace("＂", '"'), found.start(), found.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    from_space = not before or before.isspace() or before in "([{—–-/“‘\"'«„…*_：，"
    to_space = not after or after.isspace() or after in ",.;:!?)]}—–-/”’\"'»“…*_：，。"
    opens = 0.0 if from_space and after and not after.isspace() else 1.0 if from_space else 4.0
    if before in (",", ":") and after.isalnum():  # the space was lost [said,"No"]
        opens = 1.5
    closes = 0.0 if to_space and before and not before.isspace() else 1.0 if to_space else 4.0
    neither = 3.0 if opens < closes else 1.4 if sign in ('"', "”", "''") else 2.0
    if sign in _ONLY_OPEN:
        opens, neither = min(opens, 1.0), 3.4
        closes = closes if sign in ("“", "‘") else _NEVER
    elif sign == "”":
        opens += 0.7
    elif sign in "«»‹›":  # they point either way, and the French set spaces inside
        outward = sign in "«‹"
        opens = 0.0 if from_space and (outward or not after.isspace()) else 4.0
        closes = 0.0 if to_space and (not outward or not from_space) else 4.0
        neither = 3.0
    if sign in ("「", "『", "<<"):
        opens, closes, neither = 0.0, _NEVER, 3.0
    elif sign in ("」", "』", ">>"):
        opens, closes, neither = _NEVER, 0.0, 3.0
    if sign in ("''", "´"):
        opens = _NEVER
    if before.isdigit() and sign in ('"', "″", "”", "''", "'", "’", "′"):
        feet = bool(_FEET.search(text[max(0, start - 8) : start]))
        neither = 0.0 if feet or sign in ("″", "′") or after.isdigit() else 0.7
        closes += 1.5 if feet or sign in ("″", "′") else 0.5
    if sign in _SINGLE:
        opens, closes, neither = _single(text, start, end, (opens, closes, neither))
    return _Mark(sign, start, end, opens, closes, neither)


def _single(text: str, start: int, end: int, costs: tuple[float, float, float]) -> tuple[float, float, float]:
    """The costs of a single mark, which may be an apostrophe [the workers' union, '90s, goin' home]."""
    opens, closes, neither = costs
    before, after = text[start - 1 : start], text[end : end + 1]
    if opens < closes:
        if _CLIPPED.match(text, end):
            return opens + 1.2, _NEVER, 0.0
        wrong = text[start:end] == "’"  # as word processors set apostrophes at a word's beginning
        return opens + (1.0 if wrong else 0.2), _NEVER, 0.4 if wrong else 1.6
    if before.isalpha():
        shortened = before in "sSzx" or text[max(0, start - 2) : start] in _SHORT_ENDS
        neither = min(neither, 0.5) if shortened and after.isspace() else min(neither, 1.2)
        closes += 0.4
    return 9.0, closes, neither


@dataclass(frozen=True, slots=True)
class _Quotation:
    """A quotation from the mark that opens it to the one before which it ends, None for the paragraph's end.

    ``lost`` says that its own closing mark is missing, and ``before`` is the quotation before it.
    """

    opened: _Mark
    ended: _Mark | None
    lost: bool
    before: _Quotation | None


# The cost so far of one way to take the marks, its last finished quotation, and the mark that is open.
_Way = tuple[float, _Quotation | None, _Mark | None]


def _quotations(marks: Sequence[_Mark], goes_on: bool) -> list[_Quotation]:
    """The quotations of a paragraph; ``goes_on`` says that the next one opens what is open at its end again.

    Of all ways to take the marks the cheapest is chosen, kept up for each mark that may be open (Viterbi).
    """
    ways: dict[str, _Way] = {"": (0.0, None, None)}
    for mark in marks:
        following: dict[str, _Way] = {}
        may_open = mark.text in _CLOSED_BY and mark.opens < _NEVER
        for state, (cost, done, opened) in ways.items():
            if opened is None:
                _offer(following, "", (cost + mark.neither, done, None))
                if may_open:
                    _offer(following, mark.text, (cost + mark.opens, done, mark))
                continue
            nested = (state in _INNER) != (mark.text in _INNER)
            ignoring = 0.0 if nested else mark.neither if mark.opens > mark.closes else _IGNORED
            _offer(following, state, (cost + ignoring, done, opened))
            closing = _CLOSED_BY[state].get(mark.text, _NEVER) + mark.closes
            if closing < _NEVER:
                _offer(following, "", (cost + closing, _Quotation(opened, mark, False, done), None))
            if may_open and not nested and mark.opens < 1.0:
                lost = _Quotation(opened, mark, True, done)
                _offer(following, mark.text, (cost + _REOPENED + mark.opens, lost, mark))
        ways = following
    at_end = _GOES_ON if goes_on else _OPEN_AT_END
    _, last, opened = min(ways.values(), key=lambda way: way[0] + (at_end if way[2] else 0.0))
    if opened is not None:
        last = _Quotation(opened, None, not goes_on, last)
    found: list[_Quotation] = []
    while last is not None:
        found.append(last)
        last = last.before
    return found[::-1]


def _offer(ways: dict[str, _Way], state: str, way: _Way) -> None:
    """Keep a way to a state if it is the cheapest so far."""
    if state not in ways or way[0] < ways[state][0]:
        ways[state] = way


def _lost_end(words: Sequence[Word], first: int, last: int) -> int:
    """Where a quotation without a closing mark ends: before its speaker [, said Penn], or with its sentence."""
    for index in range(first, last):
        word = words[index]
        if word.text == ",":  # its speaker is a name or a pronoun, and a verb
            for one in words[index + 1 : min(last, index + 1 + _TAG_WORDS)]:
                if one.norm in SPEECH_VERBS:
                    return index + 1
                if not (one.capitalised or one.norm in ("he", "she", "they", "i", "we", "the")):
                    break
        if word.text in (".", "!", "?", "...", "…"):
            return index + 1
    return last
