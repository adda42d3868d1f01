"""Sentence boundaries by rule: blank lines, lines, signs that stand alone, and the ends that `ends` tells."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence, Set
from itertools import pairwise

from spindetect.files import shipped_table
from spindetect.records import Word
from spindetect.segment.bare import bare_starts
from spindetect.segment.ends import CLOSERS, LAST_OF_ENDS, TERMINATORS, Ends

_ITEM = re.compile(r"(?:\d{1,9}(?:\.\d{1,2}){0,3}|[A-Za-z]|[ivxIVX]{1,5})\.")
_BREAK = re.compile(r"[\n\r\u2028\u2029]")
_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n|\u2029")
_LOWER_CASE_LINE = re.compile(r"\n[^\S\n]*[a-z]")
_WRAPPED_LINE = re.compile(r"[^\s.!?:;”\"][^\S\r\n]*+\r?\n[^\S\n]*[a-z]")
# Where nothing else ends a sentence these are pauses [so ... you know ... we left].
_PAUSES = ("...", "…", "..", "....")
# A text with fewer stops than one in so many words has no punctuation to speak of.
_FEWEST_WORDS = 100
_LINE = re.compile(r"\S[^\S\n]*\r?\n[^\S\n]*\S")
# With more than this share of lines that end in mid-sentence, a line break means nothing.
_HARD_WRAPPED = 0.3
_TABLE = shipped_table("segment/sentences.toml")
_ALONE, _ANEW = (re.compile("|".join(_TABLE[name])) for name in ("alone", "anew"))
_IN_ALL_ANEW: tuple[str, ...] = tuple(_TABLE["in_all_anew"])
_ONLY_CLOSE = frozenset("”)]")
_DATED = re.compile(r"/\d{2,4} ")


def sentence_starts(text: str, words: Sequence[Word], starts: Sequence[int]) -> list[int]:
    """Return the token indices at which sentences begin, ascending; the first is 0 if there are tokens.

    A blank line always ends a sentence; so does a single line break, unless the text is
    hard-wrapped. Within a line, punctuation decides (`spindetect.segment.ends`), and in a long
    stretch without any a small network (`spindetect.segment.bare`).
    """
    if not words:
        return []
    line_break = paragraph_break(text)
    on_new_line = {bisect_right(starts, match.start()) for match in line_break.finditer(text)}
    if any(sign in text for sign in _IN_ALL_ANEW) or text.startswith("--") or ("/" in text and _DATED.search(text)):
        alone = [edge for match in _ALONE.finditer(text) for edge in match.span()]
        anew = [*alone, *(match.end() for match in _ANEW.finditer(text))]
        on_new_line |= {bisect_right(starts, edge - 1) for edge in anew}
    ends = Ends(words)
    closers = CLOSERS | {"“", "‘"} if "„" in text or "‚" in text else CLOSERS  # [„It rained.“ | She left]
    found = [0]
    after_end = ends.at(0) and not _ITEM.fullmatch(words[0].text)  # [Q. | Why?]
    like_ends = [index for index, word in enumerate(words) if word.text[-1] in LAST_OF_ENDS]
    for index in _telling(words, on_new_line, like_ends, closers):
        spelling = words[index].text
        # Closing quotes and brackets, and more dots, belong to the last; a straight quote closes when it touches.
        # A space or bullet that a conversion lost asks nothing [E-mail:? ann@hill.com, Call us. | ? Regards].
        touches = starts[index] == starts[index - 1] + len(words[index - 1].text)
        lost = spelling == "?" and words[index - 1].text == (":" if touches else ".")
        apart = spelling in _ONLY_CLOSE and starts[index] + 1 not in starts[index + 1 : index + 2]  # [It is . ” He]
        closes = (spelling in TERMINATORS and not lost) or (spelling in closers and (touches or apart))
        if index in on_new_line or (after_end and not closes):
            found.append(index)
            after_end = False
        after_end = after_end and spelling in closers
        if spelling[-1] in LAST_OF_ENDS and not lost and ends.at(index):
            item = index - found[-1] < 2 and _ITEM.fullmatch(text, starts[found[-1]], starts[index] + len(spelling))
            after_end = after_end or not item  # [1. | Open the lid]
    stops = sum(words[index].text in TERMINATORS and words[index].text not in _PAUSES for index in like_ends)
    bare = stops * _FEWEST_WORDS < len(words)
    lines = {bisect_right(starts, match.start()) for match in _BREAK.finditer(text)} if bare else set()
    stretches = pairwise([*found, len(words)])
    more = [one for first, last in stretches for one in bare_starts(words, starts, first, last, bare, lines)]
    return sorted([*found, *more]) if more else found


def paragraph_break(text: str) -> re.Pattern[str]:
    """The end of a paragraph: a blank line where the text is hard-wrapped, any line break elsewhere.

    Hard-wrapped are texts whose lines break in the middle of sentences throughout, as in old mail and captions.
    """
    text = text.lower() if text.isupper() else text
    if len(_LOWER_CASE_LINE.findall(text)) < 3:  # quicker to find, and the more of them
        return _BREAK
    wrapped = len(_WRAPPED_LINE.findall(text))
    return _BLANK_LINE if wrapped >= 3 and wrapped >= _HARD_WRAPPED * len(_LINE.findall(text)) else _BREAK


def _telling(words: Sequence[Word], on_new_line: set[int], ends: Sequence[int], closers: Set[str]) -> list[int]:
    """The tokens, from the second on, that may begin or end a sentence: it is one in ten.

    They begin a line, end like a sentence or an abbreviation (``ends``), or follow such an end and its quotes.
    """
    telling = {*on_new_line, *ends}
    for end in ends:
        after = end + 1
        while after < len(words) and words[after].text in closers:
            telling.add(after)
            after += 1
        telling.add(after)
    return sorted(index for index in telling if 0 < index < len(words))
