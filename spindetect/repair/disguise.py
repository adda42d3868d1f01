"""Seeing through disguises: the text that a reader sees, and where its characters stand in the text as read.

A disguise changes characters, not what is seen: look-alike letters, invisible characters, marks
struck through the letters, letters stored backwards. Names and quotations in another alphabet,
accents, emoji and right-to-left names are none and stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spindetect.files import shipped_table
from spindetect.repair.mapping import Char, SeenThrough, rewritten

_LOOKALIKES: dict[str, str] = {
    char: letter for letter, chars in shipped_table("repair/lookalikes.toml").items() for char in chars
}
# Those that can't be told from the Latin letter by eye, so that a whole word may be written in them.
_CLOSE = frozenset(
    "аеорсухіјѕԁԛԝһӏАВЕКМНОРСТУХІЈЅԌԚԜҮү"  # Cyrillic
    "οναιρκυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ"  # Greek
)
# Zero-width and bidi characters, the soft hyphen, fillers that show nothing, variation selectors and tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef"
)
UNSEEN = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2061\u2066\u2069\ufeff"
"""Those that honest texts have beside their words."""
_GAPS = "\u200b\u200c\u2060\ufeff"  # those that a text may have in place of its spaces
_BIDI_MARKS = "\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# Full-width, mathematical, circled and squared letters and digits: NFKC gives the plain ones.
_STYLED = "\uff01-\uff5e\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f110-\U0001f149"
_FOREIGN = (
    "\u0250-\u02af\u0370-\u058f\u13a0-\u13ff\u1d00-\u1d2b\u2c80-\u2cff\ua4d0-\ua4ff\ua730-\ua7ff\uab30-\uabbf"
)
_SIGN = re.compile(f"[{_INVISIBLE}{_MARKS}{_STYLED}{_FOREIGN}]")
_RUN = re.compile(rf"(?:[^\W_]|[{_INVISIBLE}{_MARKS}{_STYLED}])+")
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_GAP = re.compile(f"[{_GAPS}]+")
_NOT_GAP_HIDDEN = re.compile(f"(?![{_GAPS}])[{_INVISIBLE}]")
_STYLED_ONE = re.compile(f"[{_STYLED}]")
_MARK = re.compile(f"[{_MARKS}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_OVERRIDE = re.compile("\u202e[^\u202c\\n]*")
# Marks that spellings use, though not every letter has them composed: Yoruba, Lithuanian, Pinyin, transliterations.
_SPELLING_MARKS = frozenset(
    map(chr, (*range(0x300, 0x30D), 0x30F, 0x311, 0x31B, *range(0x323, 0x329), 0x32D, 0x331))
)
_MOST_MARKS = 4  # on one letter; no spelling has as many
_TAKE_MARKS = frozenset("aeiouyjmnlrsghpqvxAEIOUYJMNLRSGHPQVX")
_SET_APART = ("“\"‘'«([", "”\"’'»)]")
# A few letters in another alphabet prove nothing: so many must read as English words before any is taken for one.
_FEWEST_LETTERS = 3
_OPENING = '“‘"([«–—'
# So many stretches of more letters than these on average, without a space between them, are words.
_MANY_PIECES, _LONG_PIECE = 6, 3.5
_CLITICS = frozenset(("s", "re", "ve", "d", "m", "t", "ll"))

Known = Callable[[str], bool]


@dataclass(slots=True)
class _Run:
    """Neighbouring letters, digits and marks with a sign of a disguise: what is seen, and how sure that is.

    ``maybe`` is a word all of whose letters are another alphabet's look-alikes, ``foreign``
    one that is surely of another alphabet, ``own`` what isn't disguised.
    """

    start: int
    end: int
    seen: list[Char] = field(default_factory=list)
    state: Literal["certain", "maybe", "foreign", "own"] = "own"
    lookalikes: bool = False

    @property
    def word(self) -> str:
        """The letters as seen."""
        return "".join(char for char, _, _ in self.seen)


def see_through(text: str, known: Known | None = None) -> SeenThrough | None:
    """The text as a reader sees it; None if nothing in it is disguised.

    ``known`` says of a lower-case word whether it is an English one. Without it, words wholly
    in look-alike letters stay, and a zero-width character is never taken for a space.

    >>> see_through("the dеfense\\u200b ministry").text  # a Cyrillic "е"
    'the defense ministry'
    """
    if text.isascii() or not _SIGN.search(text):
        return None
    backwards = "\u202e" in text
    right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    runs = [
        _run(text, match.start(), match.end(), known, right_to_left)
        for match in _RUN.finditer(text)
        if backwards or (not match[0].isascii() and _SIGN.search(match[0]))
    ]
    if backwards:
        _turn_back(text, runs)
    _settle(text, runs, known)
    changed = [run for run in runs if run.state == "certain" and run.word != text[run.start : run.end]]
    return rewritten(text, [(run.start, run.end, run.seen) for run in changed]) if changed else None


def _run(text: str, start: int, end: int, known: Known | None, right_to_left: bool) -> _Run:
    """A run of the text with what is seen of it, as far as that can be told without the others.

    ``right_to_left`` says that the text has such a script, and so a use for bidi marks at a word's edges.
    """
    run = _Run(start, end)
    if not any(char.isalnum() or _STYLED_ONE.match(char) for char in text[start:end]):
        _see_nothing(run, text)
        return run
    if right_to_left:
        inner = text[start:end].strip(_BIDI_MARKS)
        start = text.index(inner, start)
        end = start + len(inner)
    run.seen = _visible(text, start, end, known)
    foreign = [char for char, _, _ in run.seen if char.isalpha() and ord(char) >= 0x250]
    if not foreign:
        run.state = "certain"
    elif not all(char in _LOOKALIKES for char in foreign):
        run.state = "foreign"
    else:  # look-alike letters: surely where Latin ones stand beside them, perhaps where none does
        latin = [char for char, _, _ in run.seen if char.isalpha() and ord(char) < 0x250]
        run.seen = [(_LOOKALIKES.get(char, char), start, end) for char, start, end in run.seen]
        run.lookalikes = True
        if latin:
            run.state = "foreign" if _notation(run.word, latin, foreign, known) else "certain"
        else:
            run.state = "maybe" if _CLOSE.issuperset(foreign) else "foreign"
    return run


def _visible(text: str, start: int, end: int, known: Known | None) -> list[Char]:
    """The characters that show, styled ones plain; each takes what is hidden beside it along."""
    seen: list[Char] = []
    spaced = _spaced(text, start, end, known)
    after_sign = start > 0 and unicodedata.category(text[start - 1])[0] == "P"
    before_sign = text[end : end + 1] in _OPENING and end < len(text)
    taken = start  # where the next character's stretch begins
    for at in range(start, end):
        char = text[at]
        if char in _GAPS and ((spaced if seen else after_sign) or (before_sign and at == end - 1)):
            if seen and seen[-1][0] == " ":
                continue
            seen.append((" ", at, at + 1))
            taken = at
        elif _HIDDEN.match(char) or _stray(text, at):
            if seen and seen[-1][0] != " ":
                seen[-1] = (*seen[-1][:2], at + 1)
                taken = at + 1
        else:
            plain = unicodedata.normalize("NFKC", char) if _STYLED_ONE.match(char) else char
            seen += [(one, taken, at + 1) for one in plain]
            taken = at + 1
    return seen


def _spaced(text: str, start: int, end: int, known: Known | None) -> bool:
    """Whether zero-width characters stand for spaces: the whole is no word, and most pieces are.

    Half of them do if the others may be names; many long pieces in a row are words anyway.
    """
    run = _NOT_GAP_HIDDEN.sub("", text[start:end])
    pieces = [piece for piece in _GAP.split(run) if piece]
    if len(pieces) < 2:
        return False
    if len(pieces) >= _MANY_PIECES and len(run) > _LONG_PIECE * len(pieces):
        return True
    if known is None or known("".join(pieces).lower()):
        return False
    others = [piece for piece in pieces if not (piece.isdigit() or known(piece.lower()))]
    names = all(piece[0].isupper() for piece in others)
    return len(others) < 0.5 * len(pieces) or (names and 2 * len(others) == len(pieces))


def _stray(text: str, at: int) -> bool:
    """Whether the character is a combining mark that no spelling puts where it stands."""
    char = text[at]
    if not _MARK.match(char):
        return False
    before = at
    while before and at - before < _MOST_MARKS and (_MARK.match(text[before]) or _HIDDEN.match(text[before])):
        before -= 1
    base = text[before]
    if at - before == _MOST_MARKS:
        return True
    if not base.isalpha():
        return False
    if char not in _SPELLING_MARKS:
        return base.isascii() or ord(base) < 0x250 or base in _LOOKALIKES
    takes = unicodedata.normalize("NFD", base)[0] in _TAKE_MARKS
    return not takes and len(unicodedata.normalize("NFC", base + char)) > 1 and ord(base) < 0x250


def _see_nothing(run: _Run, text: str) -> None:
    """Hidden characters between punctuation and spaces: gone, or a space; those in and beside emoji stay."""
    around = text[max(0, run.start - 1) : run.start] + text[run.end : run.end + 1]
    hidden = all(_HIDDEN.match(char) for char in text[run.start : run.end])
    if not hidden or not all(char.isspace() or unicodedata.category(char)[0] == "P" for char in around):
        return
    run.state = "certain"
    if _GAP.search(text, run.start, run.end) and len(around) == 2 and not any(map(str.isspace, around)):
        run.seen = [(" ", run.start, run.end)]


def _notation(word: str, latin: Sequence[str], foreign: Sequence[str], known: Known | None) -> bool:
    """Whether Greek letters are symbols beside Latin ones [TNFα, NFκB, σx, tgfβ]; English words have none."""
    if not all("α" <= char <= "ω" for char in foreign):
        return False
    symbols = _CLOSE.isdisjoint(foreign)
    if known is not None and known(word.lower()):
        return symbols and len(word) <= 3
    return symbols or len(word) <= 3 or all(map(str.isupper, latin))


def _turn_back(text: str, runs: Sequence[_Run]) -> None:
    """Turn the letters about that a right-to-left override shows in the other order."""
    turned = (found.span() for found in _OVERRIDE.finditer(text))
    start, end = next(turned)
    for run in runs:
        while run.seen and end <= run.seen[-1][1]:
            start, end = next(turned, (len(text), len(text) + 1))
        if run.state == "certain" and run.seen and start <= run.seen[-1][1]:
            letters = [char for char, _, _ in reversed(run.seen)]
            run.seen = [(char, one[1], one[2]) for char, one in zip(letters, run.seen, strict=True)]


def _settle(text: str, runs: Sequence[_Run], known: Known | None) -> None:
    """Decide which words wholly in look-alikes are English ones: they read so, and so do most about them.

    A word beside one that is surely foreign is part of a foreign phrase. Where no other
    word is certainly disguised, capitals (an acronym) and a word set apart by quotation marks
    or brackets stay.
    """
    tampered = any(run.state == "certain" and run.lookalikes for run in runs)
    for run in runs:
        if run.state == "maybe" and not (known is not None and _reads_english(text, run, known)):
            run.state = "foreign"
    english = [run for run in runs if run.state == "maybe"]
    letters = sum(len(run.word) for run in english if not (run.word.isupper() or _set_apart(text, run)))
    many = letters >= _FEWEST_LETTERS and len(english) > sum(run.state == "foreign" for run in runs)
    for place, run in enumerate(runs):
        if run.state == "maybe":
            trusted = tampered or (many and not _set_apart(text, run))
            neighbours = runs[max(0, place - 1) : place + 2]
            among = False
            for other in neighbours:  # a foreign word with no other word and no line's end between them
                between = text[min(run.end, other.end) : max(run.start, other.start)]
                alone = "\n" not in between and not any(map(str.isalnum, between))
                among = among or (other.state == "foreign" and alone)
            run.state = "certain" if trusted and not among else "own"


def _reads_english(text: str, run: _Run, known: Known) -> bool:
    """Whether a word wholly in look-alikes is an English one: in itself, or as part of [it's, U.S.]."""
    before, after = text[max(0, run.start - 2) : run.start], text[run.end : run.end + 1]
    clitic = before[-1:] in ("'", "’") and before[:1].isalpha() and run.word.lower() in _CLITICS
    initial = len(run.word) == 1 and run.word.isupper() and before[-1:] + after in ("..", ".")
    return clitic or initial or known(run.word.lower())


def _set_apart(text: str, run: _Run) -> bool:
    before, after = text[max(0, run.start - 1) : run.start], text[run.end : run.end + 1]
    return bool(before and after) and before in _SET_APART[0] and after in _SET_APART[1]
