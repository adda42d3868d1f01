"""Footnote marks: signs that point to a note, which are neither words nor hide where a sentence ends."""

from __future__ import annotations

import re

from spindetect.repair.mapping import Edit

_SUPERSCRIPT = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_NUMBER = r"\d{1,3}(?: ?[,–-] ?\d{1,3}){0,8}"
_BRACKETED = (
    rf"\[(?:\^?{_NUMBER}|[A-Za-z]{{1,2}}|[A-Z]\d{{1,2}}|[ivx]{{1,5}}|(?:note|nb|n|fn|ref|refs) ?\d{{1,3}}"
    r"|citation needed|\.\.\.|…)\](?::\d{1,4})?"
)
_END = r"[.!?…][\"”’')\]]{0,2}"
# After a sentence's end all signs of notes are; within it those that touch a word and no other one.
_AFTER_END = re.compile(
    rf"(?<=[.!?…\"”’')\]])(?:[ \t]?(?:{_BRACKETED}[–-]?)+|(?:\(\d{{1,3}}\)|\{{\d{{1,3}}\}})+(?!\w)"
    rf"|[{_SUPERSCRIPT}†‡§¶]+|\^\d{{1,3}}(?!\d)|\*{{1,3}}(?=[ \t\r\n]|\Z))"
)
_ENDS = re.compile(rf"{_END}\Z")
_IN_SENTENCE = re.compile(
    rf"(?:(?<=[a-z]{{3}})|(?<=[,;:]))(?:(?:{_BRACKETED}[–-]?)+(?!\w)|[{_SUPERSCRIPT}†‡]+(?![\w{_SUPERSCRIPT}]))"
)
_SIGN_IN_SENTENCE = re.compile(rf"[\[{_SUPERSCRIPT}†‡]")
# Numbers that lost their being raised [warned.2 The]: so many must stand after words, in rising order.
_FLAT = re.compile(r"(?<=[a-z])[.!?][\"”’)]{0,2}(\d{1,3})(?=[ \t\r\n]+[A-Z“\"‘]|\s*\Z)")
_FLAT_ANYWHERE = re.compile(r"(?<=[a-z\d)])[.!?][\"”’)]{0,2}(\d{1,3})(?=[ \t\r\n]+[A-Z“\"‘]|\s*\Z)")
_FEWEST_FLAT = 2
# Each begins with the rarest sign, since that is looked for in a twentieth of the time.
_MAY_HAVE = (
    re.compile(r"\[[\dA-Za-z.…^]"),
    re.compile(rf"[.!?…\"”’')] ?[{_SUPERSCRIPT}†‡§¶*({{^\d]"),
    re.compile(rf"[{_SUPERSCRIPT}†‡](?<=[a-z,;:].)"),
)


def footnote_marks(text: str) -> list[Edit]:
    """Edits that take the footnote marks out of a text.

    After a sentence's end, its last sign stands for the mark as well, so that the mark belongs to
    that sentence. [broke.[1] Nobody -> broke. Nobody; the dam³ broke -> the dam broke]
    """
    if not any(sign.search(text) for sign in _MAY_HAVE):
        return []
    edits: dict[int, Edit] = {}
    for found in _AFTER_END.finditer(text):
        if _ENDS.search(text[max(0, found.start() - 4) : found.start()]):
            edits[found.start() - 1] = _after_end(text, found.start(), found.end())
    for found in _IN_SENTENCE.finditer(text) if _SIGN_IN_SENTENCE.search(text) else ():
        if found.start() - 1 not in edits:
            edits[found.start()] = (found.start(), found.end(), ())
    for start, end in _flat(text):
        edits[start - 1] = _after_end(text, start, end)
    kept: list[Edit] = []
    for place in sorted(edits):
        if not kept or edits[place][0] >= kept[-1][1]:
            kept.append(edits[place])
    return kept


def _after_end(text: str, start: int, end: int) -> Edit:
    """The sign before the mark for both, and a space where none follows."""
    chars = [(text[start - 1], start - 1, end)]
    if text[end : end + 1].isalpha():
        chars.append((" ", end - 1, end))
    return start - 1, end, chars


def _flat(text: str) -> list[tuple[int, int]]:
    """Where numbers of notes stand that look like decimals, if some surely are and all come in order."""
    sure = list(_FLAT.finditer(text))
    numbers = [int(found[1]) for found in sure]
    if len(sure) < _FEWEST_FLAT or numbers != sorted(numbers):
        return []
    spans: list[tuple[int, int]] = []
    last = 0
    for found in _FLAT_ANYWHERE.finditer(text):
        following = next((int(one[1]) for one in sure if one.start() >= found.start()), last + 1)
        if last <= int(found[1]) <= following:
            spans.append(found.span(1))
            last = int(found[1])
    return spans
