"""Words that were broken in two or lost a letter: at line ends, at ligatures, by signs that don't show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from spindetect.repair.disguise import Known
from spindetect.repair.mapping import Edit, replacing
from spindetect.unicode import LIGATURES

_Step = Callable[[str, Known], Sequence[Edit]]


def knows_none(word: str) -> bool:
    """Of no word that it is known, where there is no lexicon."""
    return False


_LETTERS = r"[^\W\d_]"
_LETTERS_AT_START = re.compile(rf"{_LETTERS}*+")
_LETTERS_AT_END = re.compile(rf"(?<!{_LETTERS}){_LETTERS}++\Z")

# --- broken at line ends ----------------------------------------------------------------------------------

_LINE_END_HYPHEN = re.compile(
    rf"(?<![^\W_])({_LETTERS}{{1,40}})([-‐¬\u00ad])[ \t]{{0,8}}\r?\n[ \t]{{0,40}}(?=([a-z\u00df-\u024f]{{1,40}}))"
)
_COMPOUND_HYPHEN = re.compile(r"(?<=[\w’']-)([a-z]{1,40})([-‐])[ \t]{0,8}\r?\n[ \t]{0,40}(?=([a-z]{1,40}))")
_HYPHEN_SPACE = re.compile(rf"(?<![\w-])({_LETTERS}{{1,40}})([-‐¬]) (?=([a-z]{{1,40}}))")
_SUSPENDED = frozenset("and or to but nor than through versus".split())  # [two- and three-year]
_HYPHENATES = 2  # a text that surely broke so many words broke the others as well


def line_end_hyphens(text: str, known: Known) -> list[Edit]:
    """Words that a hyphen broke at a line's end, whole [infor-/mation], compounds with their hyphen [well-/known].

    A name is whole if the text has it whole elsewhere, or surely broke other words. What was joined to
    one line by a program keeps a space after the hyphen [infor- mation].
    """
    if "-" not in text and text.isascii():
        return []
    if not re.search(r"[-‐¬\u00ad](?<=[a-zA-Z\u00c0-\u024f].)(?:[ \t]{0,8}\r?\n| [a-z])", text):
        return []
    elsewhere = frozenset(re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()))
    broken = [*_LINE_END_HYPHEN.finditer(text), *_COMPOUND_HYPHEN.finditer(text)]
    wholes = [_whole(found, known, elsewhere) for found in broken]
    hyphenates = sum(whole is True for whole in wholes) >= _HYPHENATES
    edits: dict[int, Edit] = {}
    for found, whole in zip(broken, wholes, strict=True):
        left, hyphen, right = found.groups()
        start = found.start(2)
        if not whole and right in _SUSPENDED:
            continue
        if whole is None:
            whole = (hyphenates and not (known(left.lower()) and known(right))) or hyphen in "¬\u00ad"
        edits[start] = (start if whole else start + 1, found.end(), ())
    for found in _HYPHEN_SPACE.finditer(text):
        left, hyphen, right = found.groups()
        parts = known(left.lower()) and known(right)
        if right not in _SUSPENDED and known(left.lower() + right) and (hyphenates or hyphen == "¬" or not parts):
            edits[found.start(2)] = (found.start(2), found.end(), ())
    return [edits[start] for start in sorted(edits)]


def _whole(found: re.Match[str], known: Known, elsewhere: frozenset[str]) -> bool | None:
    """Whether the parts are one word without a hyphen; None if that can't be told."""
    left, right = found[1].lower(), found[3]
    if f"{left}-{right}" in elsewhere:
        return False
    if left + right in elsewhere or known(left + right):
        return True
    return False if known(left) and known(right) else None


# --- ligatures --------------------------------------------------------------------------------------------

_LIGATURE = re.compile("[ﬀ-ﬆ]")
_SPLIT = re.compile(rf"(?<!{_LETTERS})({_LETTERS}{{0,40}}?)( ?)([ﬀ-ﬆ])( ?)(?=({_LETTERS}{{0,40}}))")
_LOST = ("ffi", "ffl", "fi", "fl", "ff")
_WORD = re.compile(r"[A-Za-z]+")
_OTHER_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
_HOLE = re.compile(r"([\ufffd?\x01-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff]|(?<=[A-Za-z])[`´ʹʻʼ‘‛′ꞌ])(?=([a-z]{1,40}))")
_LETTERS_LAST = re.compile(r"(?<![A-Za-z])[A-Za-z]++\Z")
_CLITICS = frozenset("s t re ve ll d m clock".split())  # [don`t, o?clock]
_SHORTEST = 5  # letters of a word in which a lost ligature is restored


def split_ligatures(text: str, known: Known) -> list[Edit]:
    """Ligatures with spaces about them that aren't spaces between words [scienti ﬁ c]."""
    edits: list[Edit] = []
    for found in _SPLIT.finditer(text) if _LIGATURE.search(text) else ():
        left, before, ligature, after, right = found.groups()
        letters = LIGATURES[ligature]
        spaces = [found.span(2)] * bool(before and left) + [found.span(4)] * bool(after and right)
        fitting: dict[bool, list[list[tuple[int, int]]]] = {True: [], False: []}
        for mask in range(1, 1 << len(spaces)):
            gone = [space for place, space in enumerate(spaces) if mask >> place & 1]
            whole = left + (" " if before and found.span(2) not in gone else "") + letters
            whole += ("" if found.span(4) in gone or not after else " ") + right
            others = {word for word in whole.split() if letters not in word or word in (left, right)}
            if all(known(word.lower()) for word in whole.split() if word not in others):
                fitting[all(known(word.lower()) for word in others)].append(gone)
        best = fitting[True] or fitting[False]
        if len(best) == 1:
            edits += [(start, end, ()) for start, end in best[0]]
    return edits


def lost_ligatures(text: str, known: Known) -> list[Edit]:
    """Ligatures that a program lost, for a sign that isn't one [of?cer] or for a space or nothing [ef cient].

    The first is certain if one ligature alone makes a word. The other is done if the text has no such
    ligature anywhere, and two words or more are made whole so, each in one way only.
    """
    edits = _filled_holes(text, known)
    if known is knows_none:
        return edits
    lacking = [one for one in _LOST if one not in text]
    if not ("fi" in lacking or "ff" in lacking) or _LIGATURE.search(text):
        return edits
    unknown = {word for word in {*_WORD.findall(text)} if word.islower() and not known(word)}
    if not unknown:
        return edits
    alone = not _OTHER_LETTER.search(text)
    words = [found for found in _WORD.finditer(text) if alone or not _goes_on(text, found)]
    restored = list(_restored(text, words, unknown, lacking, known))
    distinct = {text[max(0, start - 3) : end + 3] for start, end, _ in restored}
    taken = {place for start, end, _ in edits for place in range(start - 1, end + 1)}
    if len(distinct) >= 2:
        edits += [edit for edit in restored if edit[0] not in taken]
    return sorted(edits)


def _goes_on(text: str, found: re.Match[str]) -> bool:
    """Whether letters of another alphabet touch a word: part of a word in disguise, where nothing was lost."""
    return text[found.start() - 1 : found.start()].isalpha() or text[found.end() : found.end() + 1].isalpha()


def _restored(
    text: str, words: Sequence[re.Match[str]], unknown: set[str], lacking: Sequence[str], known: Known
) -> Iterator[Edit]:
    """Edits that make an unknown word known in one way: with its neighbour, at its beginning, or inside."""
    used = -1
    for place in [place for place, found in enumerate(words) if found[0] in unknown]:
        found = words[place]
        if found.start() < used:
            continue
        before = words[place - 1] if place else None
        after = words[place + 1] if place + 1 < len(words) else None
        ways: dict[str, Edit] = {}
        for ligature in lacking:
            for left, right in ((before, found), (found, after)):
                if left and right and text[left.end() : right.start()] == " " and left.end() > used:
                    _add(ways, left[0] + ligature + right[0], left.end(), right.start(), ligature, known)
            _add(ways, ligature + found[0], found.start(), found.start(), ligature, known)
        if len(ways) == 1:
            [edit] = ways.values()
            used = max(found.end(), edit[1])
            yield edit


def _add(ways: dict[str, Edit], whole: str, start: int, end: int, ligature: str, known: Known) -> None:
    if len(whole) < _SHORTEST or not known(whole.lower()):
        return
    if start == end:  # nothing stands there: the letter that follows stands for the ligature as well
        ways[whole] = (start, end, [(letter, start, start + 1) for letter in ligature])
    else:
        ways[whole] = (start, end, [(letter, start, end) for letter in ligature])


def _filled_holes(text: str, known: Known) -> list[Edit]:
    """Signs within words that stand for a ligature or an apostrophe [of?ce, don\ufffdt, it´s]."""
    edits: list[Edit] = []
    for found in _HOLE.finditer(text):
        sign, right = found.groups()
        start, end = found.span(1)
        letters = _LETTERS_LAST.search(text[max(0, start - 40) : start])
        left = letters[0] if letters else ""
        address = sign == "?" and text[found.end(2) : found.end(2) + 1] in ("=", "&", "/")
        may_lack = len(left) + len(right) >= _SHORTEST - 2 and (left or sign != "?")
        fitting = [one for one in _LOST if may_lack and known(f"{left.lower()}{one}{right}")]
        if len(fitting) == 1:
            edits.append((start, end, [(letter, start, end) for letter in fitting[0]]))
        elif left and right in _CLITICS and not address:
            edits.append(replacing(start, end, "’"))
    return edits


_FIRST_LETTER = re.compile(r"(?:\A|(?<=\n))[ \t]{0,20}([A-Z])( |[ \t]{0,4}\r?\n)([a-z]{1,40})(?![^\W\d_])")
_MAY_STAND_APART = re.compile(r"\n[ \t]{0,20}[A-Z][ \t\r\n]")
_NAMED_LETTER = frozenset("is as and or in to of for at".split())  # [H is for Harbour]


def first_letters(text: str, known: Known) -> list[Edit]:
    """Large letters at a paragraph's beginning that stand apart from their word [T he ferry]."""
    edits: list[Edit] = []
    first = _FIRST_LETTER.match(text)  # one alone, as nearly everywhere
    for found in _FIRST_LETTER.finditer(text) if _MAY_STAND_APART.search(text) else [first] if first else []:
        letter, gap, rest = found.groups()
        word = (letter in "AIO" and known(rest)) or (gap == " " and rest in _NAMED_LETTER)
        if not word and known(letter.lower() + rest):
            edits.append((*found.span(2), ()))
    return edits


# --- signs that don't show, and emphasis ------------------------------------------------------------------

_LATIN = r"[A-Za-z\u00c0-\u024f]"
_SOFT_HYPHENATED = re.compile(rf"(?:{_LATIN}|(?<={_LATIN})\u00ad(?={_LATIN}))+")
_VOWEL = re.compile("[aeiouyAEIOUY\u00c0-\u024f]")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_ZERO_WIDTH_ONE = re.compile(f"[{_ZERO_WIDTH}]")
_ZERO_WIDTH_INSIDE = re.compile(rf"(?<={_LATIN})[{_ZERO_WIDTH}]+(?={_LATIN})")
_AT_LIGATURE = re.compile("(?<=f)\u200c(?=[fijlbhkt])")
# Hardly any honest hyphenation leaves a part without a vowel; a disguise that puts it anywhere does in half of the
# words. So many words with a sign inside that doesn't show are no accident.
_ODD_PLACES = 0.1
_ACCIDENTS = 2
_STAR_INSIDE = re.compile(r"[^\W\d_]\*{1,3}[^\W\d_]")
_STARRED = re.compile(r"[^\W\d_*]{0,40}(?:\*{1,3}[^\W\d_*]{1,40}){1,20}\*{0,3}")


def soft_hyphens(text: str, known: Known) -> list[Edit]:
    """Soft hyphens that stand where a word may be hyphenated, as typesetting leaves them."""
    if "\u00ad" not in text:
        return []
    words = [found for found in _SOFT_HYPHENATED.finditer(text) if "\u00ad" in found[0]]
    odd = sum(
        not all(len(part) > 1 and _VOWEL.search(part) for part in found[0].split("\u00ad")) for found in words
    )
    if odd > _ODD_PLACES * len(words):
        return []
    return [(found.start(), found.end(), ()) for found in re.finditer("\u00ad+", text)]


def zero_width(text: str, known: Known) -> list[Edit]:
    """Characters without a width inside a word or two of the text, or that keep a ligature apart."""
    if text.isascii() or not _ZERO_WIDTH_ONE.search(text):
        return []
    edits: list[Edit] = [(found.start(), found.end(), ()) for found in _AT_LIGATURE.finditer(text)]
    others = [found.span() for found in _ZERO_WIDTH_INSIDE.finditer(text)]
    others = [(start, end) for start, end in others if not _AT_LIGATURE.match(text, start)]
    if others and len(others) <= _ACCIDENTS:
        for start, end in others:
            left, right = _neighbour(text, start, -1), _neighbour(text, end, 1)
            apart = known(left) and known(right) and not known(left + right)
            edits.append(replacing(start, end, " " if apart else ""))
    return sorted(edits)


def _neighbour(text: str, place: int, step: int) -> str:
    """The letters before or after a place, in lower case."""
    part = text[max(0, place - 40) : place] if step < 0 else text[place : place + 40]
    found = _LETTERS_AT_END.search(part) if step < 0 else _LETTERS_AT_START.match(part)
    return found[0].lower() if found else ""


def emphasis_inside(text: str, known: Known) -> list[Edit]:
    """Asterisks that set part of a word in bold [**bio**nic] in a text that isn't taken for Markdown."""
    edits: list[Edit] = []
    for found in _STARRED.finditer(text) if "*" in text and _STAR_INSIDE.search(text) else ():
        stars = [one.span() for one in re.finditer(r"\*+", found[0])]
        sizes = [end - start for start, end in stars]
        inside = any(start > 0 and end < len(found[0]) for start, end in stars)
        paired = len(sizes) % 2 == 0 and all(sizes[at] == sizes[at + 1] for at in range(0, len(sizes), 2))
        if inside and paired and (min(sizes) > 1 or known(found[0].replace("*", "").lower())):
            edits += [(found.start() + start, found.start() + end, ()) for start, end in stars]
    return edits


_SET_APART = re.compile(rf"(?<![^\s“\"(])(?:[AaI] )?({_LETTERS}(?:[ \u00a0]{_LETTERS}){{3,30}})(?![^\W_])")


def letters_apart(text: str, known: Known) -> list[Edit]:
    """Words whose letters stand apart, as in headings and for emphasis [n o b o d y]."""
    edits: list[Edit] = []
    for found in _SET_APART.finditer(text):
        for start in (found.start(), found.start(1)):  # [a f i n a l offer -> a final offer]
            if known(text[start : found.end() : 2].lower()):
                edits.append((start, found.end(), [(text[at], at, at + 1) for at in range(start, found.end(), 2)]))
                break
    return edits


BROKEN: tuple[tuple[str, _Step], ...] = (
    ("word/s broken at line ends", line_end_hyphens),
    ("soft hyphen/s", soft_hyphens),
    ("zero-width character/s", zero_width),
    ("large first letter/s set apart", first_letters),
    ("word/s with letters set apart", letters_apart),
    ("split ligature/s", split_ligatures),
    ("lost letter/s (ligatures, apostrophes)", lost_ligatures),
    ("mark/s of emphasis inside words", emphasis_inside),
)
"""The repairs of words, and the name of each: one [soft hyphen], several [soft hyphens]."""
