"""Sentence boundaries by rule: where a full stop ends a sentence and where it ends an abbreviation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from spindetect.records import Word
from spindetect.segment.english import FUNCTION_WORDS, OTHER_ABBREVIATIONS, TITLE_ABBREVIATIONS

_TERMINATORS = frozenset({".", "!", "?", "...", "…", "..", "?!", "!!", "!?", "...."})
_LAST_OF_ENDS = frozenset(".!?…")  # what terminators and abbreviations end in
_CLOSERS = frozenset("\"'”’)]»")
_OPENERS = frozenset("\"'“‘([«")
# Capitalised, these seldom stand in the middle of a sentence: after "a.m." or "U.S." they begin a new one.
_STARTERS = FUNCTION_WORDS | {"mr.", "mrs.", "ms.", "dr.", "then", "also", "meanwhile", "still", "officials"}
_BREAK = re.compile(r"[\n\r\u2028\u2029]")
_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n|\u2029")
_LOWER_CASE_LINE = re.compile(r"\n[^\S\n]*[a-z]")
_WRAPPED_LINE = re.compile(r"[^\s.!?:;”\"]\r?\n[^\S\n]*[a-z]")
_LINE = re.compile(r"\S[^\S\n]*\r?\n[^\S\n]*\S")
# With more than this share of lines that end in mid-sentence, a line break means nothing.
_HARD_WRAPPED = 0.3


def sentence_starts(text: str, words: Sequence[Word], starts: Sequence[int]) -> list[int]:
    """Return the token indices at which sentences begin, ascending; the first is 0 if there are tokens.

    A blank line always ends a sentence; so does a single line break, unless the text is
    hard-wrapped. Within a line, punctuation decides (`_ends_sentence`).
    """
    if not words:
        return []
    line_break = _BLANK_LINE if _hard_wrapped(text) else _BREAK
    on_new_line = {bisect_right(starts, match.start()) for match in line_break.finditer(text)}
    found = [0]
    after_end = _ends_sentence(words, 0)
    for index in _telling(words, on_new_line):
        spelling = words[index].text
        if index in on_new_line or (after_end and not _belongs_to_last(text, words, starts, index)):
            found.append(index)
            after_end = False
        after_end = after_end and spelling in _CLOSERS
        if spelling[-1] in _LAST_OF_ENDS and _ends_sentence(words, index):
            item = index - 1 == found[-1] and spelling == "." and words[index - 1].text.isdigit()
            after_end = after_end or not item  # [1. | Open the lid]
    return found


def _telling(words: Sequence[Word], on_new_line: set[int]) -> list[int]:
    """The tokens, from the second on, that may begin or end a sentence: it is one in ten.

    They begin a line, end like a sentence or an abbreviation, or follow such an end and closing quotes after it.
    """
    ends = [index for index, word in enumerate(words) if word.text[-1] in _LAST_OF_ENDS]
    telling = {*on_new_line, *ends}
    for end in ends:
        after = end + 1
        while after < len(words) and words[after].text in _CLOSERS:
            telling.add(after)
            after += 1
        telling.add(after)
    return sorted(index for index in telling if 0 < index < len(words))


def _hard_wrapped(text: str) -> bool:
    """Whether lines break in the middle of sentences throughout, as in old mail and typescripts."""
    if len(_LOWER_CASE_LINE.findall(text)) < 3:  # quicker to find, and the more of them
        return False
    wrapped = len(_WRAPPED_LINE.findall(text))
    return wrapped >= 3 and wrapped >= _HARD_WRAPPED * len(_LINE.findall(text))


def _belongs_to_last(text: str, words: Sequence[Word], starts: Sequence[int], index: int) -> bool:
    """Whether the token after a sentence's end is still part of it: a closing quote or bracket, more dots.

    A straight quote closes when it touches what stands before it.
    """
    word = words[index]
    if word.text in _TERMINATORS:
        return True
    touches = starts[index] == starts[index - 1] + len(words[index - 1].text)
    return word.text in _CLOSERS and touches


def _ends_sentence(words: Sequence[Word], index: int) -> bool:
    """Whether the token at ``index`` ends its sentence, judged by it and by what follows.

    [Gen. | Smith: no] [U.S. | The: yes] [a.m. | Thursday: no] [J. | Smith: no] [“Why?” | he: no]
    """
    word = words[index]
    terminator = word.text in _TERMINATORS
    if not terminator and not word.text.endswith("."):
        return False
    follower = _next_word(words, index)
    if follower is None:
        return terminator
    if terminator:
        return _may_begin(follower) and not _numbered(words, index) and not _cut_title(words, index)
    lower = word.text.lower()
    if lower in TITLE_ABBREVIATIONS:
        return False
    initial = len(word.text) == 2
    if lower in OTHER_ABBREVIATIONS or initial or word.text.count(".") > 1:
        return follower.capitalised and follower.norm in _STARTERS and not (initial and word.text == "I.")
    return False


def _next_word(words: Sequence[Word], index: int) -> Word | None:
    """The next token that isn't closing or opening punctuation, looking at most six tokens ahead."""
    for word in words[index + 1 : index + 7]:
        if word.text not in _CLOSERS and word.text not in _OPENERS and word.text not in _TERMINATORS:
            return word
    return None


def _may_begin(word: Word) -> bool:
    """Whether a sentence can begin with the token: anything but lower case and joining punctuation."""
    if word.shape == "word":
        return not word.text[0].islower() or word.text[1:2].isupper()  # [iPhone may begin one]
    return word.text not in (",", ";", ":", "-", "–", "—", "/", "%")


def _cut_title(words: Sequence[Word], index: int) -> bool:
    """Whether the full stop was cut from a title [”Mr | . | Hale]."""
    before = words[index - 1] if index else None
    return bool(before and before.capitalised and f"{before.norm}." in TITLE_ABBREVIATIONS)


def _numbered(words: Sequence[Word], index: int) -> bool:
    """Whether the full stop belongs to "No. 5"."""
    return (
        words[index].text == "."
        and index + 1 < len(words)
        and words[index - 1].norm in ("no", "nos")
        and words[index + 1].shape == "number"
    )
