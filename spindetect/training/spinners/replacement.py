"""Replaces phrases of a text by a dictionary, as spinning tools do, and keeps the truth of every edit.

text --matches--> candidates --settle--> replacements --carry_out--> SpunText
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from spindetect.records import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A phrase of the reference and what stands for it in the suspect; neither span is empty.

    Words that both phrases begin or end with are trimmed as long as one word stays on
    either side: "to examine" -> "to look at" is the edit "examine" -> "look at".
    """

    suspect: Span
    reference: Span


@dataclass(frozen=True, slots=True)
class SpunText:
    """A spun text and every edit that made it, in the text's order."""

    text: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The words that a site's owner tells the tool to leave alone.

    ``names`` are capitalised words inside a sentence, ``title`` is the first line where
    it looks like a headline, and ``every`` = n replaces only each n-th word found.
    """

    names: bool = False
    quotations: bool = False
    title: bool = False
    every: int = 1


class Entry(NamedTuple):
    """A dictionary's entry of a head: its line's rank (0 is walked first) and the phrases that may stand for it."""

    rank: int
    choices: tuple[str, ...]


class Dictionary(Protocol):
    """Anything that heads can be looked up in."""

    def lengths(self, first: str) -> Sequence[int]:
        """Lengths, in characters, of the heads that begin with the word ``first``."""
        ...

    def entry(self, head: str) -> Entry | None:
        """The entry of ``head``, or None."""
        ...


_WORD = re.compile(r"\w+")


class LineDictionary:
    """A dictionary of lines, each a head and its alternatives; of lines with one head the first counts.

    With ``keep_head`` the head may be drawn too, which leaves the text as it was. Heads
    that don't begin and end with a word character are left out: the tools match between
    word boundaries, and there is none after "the U.S." before a space.
    """

    def __init__(self, lines: Iterable[Sequence[str]], keep_head: bool = True) -> None:
        self._entries: dict[str, Entry] = {}
        lengths: dict[str, set[int]] = {}
        for rank, (head, *alternatives) in enumerate(lines):
            first = _WORD.match(head)
            if first is None or not _WORD.match(head[-1]) or head in self._entries:
                continue
            choices = (head, *alternatives) if keep_head else tuple(alternatives)
            self._entries[head] = Entry(rank, choices)
            lengths.setdefault(first.group(), set()).add(len(head))
        self._lengths = {word: tuple(sorted(some)) for word, some in lengths.items()}

    def lengths(self, first: str) -> Sequence[int]:
        """Lengths of the heads that begin with the word ``first``."""
        return self._lengths.get(first, ())

    def entry(self, head: str) -> Entry | None:
        """The first line whose head is ``head``, or None."""
        return self._entries.get(head)


class Match(NamedTuple):
    """A place where a head stands. Sorted, matches come in the order in which the tool replaces them."""

    capitalised: bool
    dictionary: int
    rank: int
    start: int
    end: int
    choices: tuple[str, ...]


def matches(text: str, dictionaries: Sequence[Dictionary]) -> Iterator[Match]:
    """Yield every whole-word match of a head that no hyphen touches, overlapping ones included.

    A head matches as written and with its first letter made a capital. Looking up the
    few substrings that begin at a word and have a known head's length finds what a
    search for each of 15,000 heads would, in a thousandth of the time.
    """
    for word in _WORD.finditer(text):
        start = word.start()
        if text[start - 1 : start] == "-":
            continue
        for capitalised in (False, True) if text[start].isupper() else (False,):
            first = _lowered(word.group()) if capitalised else word.group()
            for number, dictionary in enumerate(dictionaries):
                for length in dictionary.lengths(first):
                    end = start + length
                    head = text[start:end]
                    entry = dictionary.entry(_lowered(head) if capitalised else head)
                    following = text[end : end + 1]  # may be an apostrophe [won't -> gained't]
                    if entry is not None and following != "-" and not _WORD.match(following):
                        yield Match(capitalised, number, entry.rank, start, end, entry.choices)


def _lowered(phrase: str) -> str:
    """A phrase with its first letter in lower case."""
    return phrase[0].lower() + phrase[1:]


def settle(matching: Iterable[Match], size: int, forbidden: Iterable[Span] = ()) -> list[Match]:
    """Choose the matches that the tool would replace in a text of ``size`` characters, in text order.

    The tool walks its list from the top and leaves alone what it has replaced. So the
    lower-case pass comes before the capitalised one, an earlier line before a later,
    and a match that touches a chosen or ``forbidden`` stretch is dropped.
    """
    taken = bytearray(size)
    for span in forbidden:
        taken[span.start : span.end] = b"\1" * len(span)
    chosen = []
    for match in sorted(matching):
        if taken.find(1, match.start, match.end) < 0:
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)


_QUOTATION = re.compile(r'"[^"\n]*"|“[^”\n]*”')
_NAME = re.compile(r"(?<=[\w,;)] )[A-Z][\w.'’-]*")
# A line that ends without a full stop and is short is a headline; agencies' seldom pass 20 words.
_TITLE = re.compile(r"\s*(?:\S+[ \t]+){0,19}\S*[^\s.!?:;,\"”](?=\n|$)")


def forbidden_spans(text: str, exclusions: Exclusions) -> list[Span]:
    """Stretches of ``text`` that the exclusions keep the tool away from."""
    excluded: list[re.Match[str]] = []
    if exclusions.quotations:
        excluded += _QUOTATION.finditer(text)
    if exclusions.names:
        excluded += _NAME.finditer(text)
    if exclusions.title and (title := _TITLE.match(text)):
        excluded.append(title)
    return [Span(*match.span()) for match in excluded]


def draw(text: str, match: Match, skew: float, chance: float) -> str:
    """The choice for a match when ``chance``, in [0, 1), was drawn, with the match's capital.

    ``skew`` 1 draws evenly; above 1 it favours the first choices.
    """
    choice = match.choices[int(len(match.choices) * chance**skew)]
    return choice[0].upper() + choice[1:] if match.capitalised else choice


def carry_out(reference: str, replacements: Iterable[tuple[int, int, str]]) -> SpunText:
    """Put each new phrase for the reference's characters ``start`` to ``end``, noting minimal edits.

    The replacements must be in order and not overlap; one that changes nothing gives no edit.

    >>> spun = carry_out("He came to examine it.", [(8, 18, "to look at")])
    >>> [(edit.suspect.of(spun.text), edit.reference) for edit in spun.edits]
    [('look at', Span(start=11, end=18))]
    """
    pieces: list[str] = []
    edits: list[Edit] = []
    done = shift = 0
    for start, end, new in replacements:
        old = reference[start:end]
        pieces += (reference[done:start], new)
        done = end
        if new != old:
            head, tail = _shared_words(old, new)
            suspect = Span(start + shift + head, start + shift + len(new) - tail)
            edits.append(Edit(suspect, Span(start + head, end - tail)))
        shift += len(new) - len(old)
    return SpunText("".join((*pieces, reference[done:])), tuple(edits))


def _shared_words(old: str, new: str) -> tuple[int, int]:
    """How many characters of shared words to trim at the two ends, leaving a word of each phrase."""
    left, right = old.split(" "), new.split(" ")
    spare = min(len(left), len(right)) - 1
    head = 0
    while head < spare and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < spare - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    return sum(len(w) + 1 for w in left[:head]), sum(len(w) + 1 for w in left[len(left) - tail :])


@dataclass(frozen=True)
class DictionarySpinner:
    """Spins by dictionaries, the first of them walked first.

    ``skew`` above 1 favours a line's first choices. ``residue`` and ``disguise`` are the
    shares of replacements that keep a spintax brace [it -> {that a}] and that are written
    with a look-alike Cyrillic letter.
    """

    dictionaries: tuple[Dictionary, ...]
    skew: float = 1.0
    residue: float = 0.0
    disguise: float = 0.0

    def spin(
        self, text: str, rng: np.random.Generator, rate: float = 1.0, exclusions: Exclusions | None = None
    ) -> SpunText:
        """Spin ``text``, drawing a choice for each head found with probability ``rate`` (0 to 1)."""
        exclusions = exclusions or Exclusions()
        chosen = settle(matches(text, self.dictionaries), len(text), forbidden_spans(text, exclusions))
        chosen = chosen[:: exclusions.every]
        chances = rng.random((len(chosen), 3))
        return carry_out(
            text,
            (
                (match.start, match.end, self._garnish(draw(text, match, self.skew, choice), garnish))
                for match, (rated, choice, garnish) in zip(chosen, chances.tolist(), strict=True)
                if rated < rate
            ),
        )

    def _garnish(self, phrase: str, chance: float) -> str:
        """A phrase as the tool leaves it: now and then in a brace or in disguise."""
        if chance < self.residue:
            return "{" + phrase + "}"
        if chance < self.residue + self.disguise:
            return phrase.translate(_LOOKALIKES)
        return phrase


_LOOKALIKES = str.maketrans("aeocpx", "аеосрх")


def phrase_pairs(spun: SpunText, reference: str) -> list[tuple[str, str]]:
    """The edits as (reference phrase, suspect phrase), lower-case, to count which phrases stand for which."""
    return [(edit.reference.of(reference).lower(), edit.suspect.of(spun.text).lower()) for edit in spun.edits]
