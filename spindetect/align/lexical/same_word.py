"""Whether two phrases are one, damaged or written otherwise: asked before a change counts as an exchange.

Scanners misread letters, people mistype and correct them, other times and places spell otherwise. None of that
says that a machine reworded a text. What only lists know is in `spindetect.align.lexical.one_thing`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from spindetect.align.lexical.one_thing import SPELLINGS, american_for, contracted, listed
from spindetect.kinds import Variant
from spindetect.records import Word

# Letters that scanners and eyes take for one another, written as one.
_LOOK_ALIKE = str.maketrans("01i|!5$8692" + "4@37ſéèêöüä", "olllls" + "sbbgz" + "aaetseeeoua", "-'")
_LOOK_ALIKE_PAIRS = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("tl", "h"), ("c", "e"), ("nn", "m"))
# How many letters may differ in a word of so many, one side being no known word.
_DIFFERING = ((3, 1), (6, 2), (10, 3), (15, 4))
_LONGEST_WORD = 40
_VOWELS = frozenset("aeiouy'-")
_FEWEST_CONSONANTS = 2
# Letters that romanisations write for one sound, and those that are silent in some of them, in this order.
_SOUNDS = (("ph", "f"), ("tch", "ch"), ("tsch", "ch"), ("cz", "ch"), ("x", "ks"), ("ck", "k"), ("ce", "se"),
           ("ci", "si"), ("cy", "si"), ("ch", "c"), ("ge", "je"), ("gi", "ji"), ("h", ""), ("q", "k"), ("w", "v"),
           ("v", "f"), ("z", "s"))  # fmt: skip
# Unrelated words, by the cosine of their vectors.
UNRELATED = 0.35


def respaced(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether two phrases have the same letters, in one word or several [health care -> healthcare]."""
    return "".join([word.norm for word in reference]) == "".join([word.norm for word in suspect])


def same_word(reference: Sequence[Word], suspect: Sequence[Word]) -> Variant | None:
    """Why two phrases are one word damaged, put right or written otherwise; None if they aren't."""
    old, new = "".join([word.norm for word in reference]), "".join([word.norm for word in suspect])
    if old == new:
        return Variant.SPACED
    dotted = old.replace(".", "") == new.replace(".", "") and old.replace(".", "").isalpha()
    if dotted and not any(word.function for word in (*reference, *suspect)):
        return Variant.RESPELT  # [U.N. -> UN]
    if contracted(reference, suspect):
        return Variant.CONTRACTED
    if _transliterated(reference, suspect):
        return listed(reference, suspect) or Variant.TRANSLITERATED  # [Rd. -> Road]
    if reason := _misspelt(reference, suspect, old, new):
        return reason
    if reason := listed(reference, suspect):
        return reason
    return Variant.RESPELT if len(reference) == len(suspect) == 1 and spelled_alike(old, new) else None


def same_phrase(
    reference: Sequence[Word], suspect: Sequence[Word], related: Callable[[int, int], float] | None = None
) -> Variant | None:
    """Why two phrases are one, word for word or as a whole; None if they aren't.

    ``related`` gives how related two words are by their rows, -1 to 1; without it two names that are both known
    are never taken for one [Kiev -> Kyiv].
    """
    if reason := same_word(reference, suspect):
        return reason
    single = len(reference) == len(suspect) == 1
    if single and related:
        one, other = reference[0], suspect[0]
        named = one.capitalised and other.capitalised and not (one.function or other.function)  # [I -> She]
        said = sounds(one.norm) if named else ""
        if named and said == sounds(other.norm) and (said or _alike(one.norm, other.norm)):  # [Ana -> Anna]
            shorter, longer = sorted((one.norm, other.norm), key=len)
            added = longer.startswith(shorter) and len(longer) - len(shorter) > 1  # [Niger, Nigeria] are two
            if not added and related(one.row, other.row) >= _ONE_NAME:
                return Variant.TRANSLITERATED
    if single or len(reference) != len(suspect):
        return None
    reasons = [
        same_phrase((one,), (other,), related)
        for one, other in zip(reference, suspect, strict=True)
        if one.norm != other.norm
    ]
    return reasons[0] if reasons and all(reasons) else None


# How related two names of one sound must be to be one [Kiev, Kyiv .45; Mohammed, Muhammad .79; Maria, Mario .41].
_ONE_NAME = 0.42


def _transliterated(reference: Sequence[Word], suspect: Sequence[Word]) -> bool:
    """Whether two names, one of which is no known word, sound alike [Makkah -> Mecca, Aleksandr -> Alexander]."""
    if not len(reference) == len(suspect) == 1:
        return False
    one, other = reference[0], suspect[0]
    if not (one.capitalised and other.capitalised) or (one.row >= 0 and other.row >= 0):
        return False
    said = sounds(one.norm)
    return bool(said) and said == sounds(other.norm) and (len(said) > 2 or one.norm[0] == other.norm[0])


@lru_cache(maxsize=20_000)
def sounds(norm: str) -> str:
    """The consonants of a name as they sound, whoever romanised it; empty with less than two.

    >>> sounds("mecca"), sounds("makkah"), sounds("aleksandr") == sounds("alexander"), sounds("quran")
    ('mk', 'mk', True, 'krn')
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", norm[:_LONGEST_WORD]) if char.isalpha())
    for written, said in _SOUNDS:
        plain = plain.replace(written, said)
    return _consonants(plain.replace("c", "k").replace("j", "g"))


def _misspelt(reference: Sequence[Word], suspect: Sequence[Word], old: str, new: str) -> Variant | None:
    """The same where one side at least is no known word, and the letters are nearly those of the other."""
    strange = not _known(reference), not _known(suspect)
    if not any(strange) or max(len(reference), len(suspect)) > 2:
        return None
    alike = [_alike(one.norm, other.norm) for one, other in zip(reference, suspect, strict=False)]
    if not (all(alike) if len(reference) == len(suspect) else _alike(old, new)):
        return None
    shorter = min(len(old), len(new))
    same = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    # where only the ending differs, it is a rarer form, not a misspelling
    if all(strange) or (same >= 4 and same >= shorter - 2):
        named = reference[0].capitalised and suspect[0].capitalised
        return Variant.TRANSLITERATED if named else Variant.RESPELT
    if reference[0].capitalised and suspect[0].capitalised and strange[1]:
        return Variant.TRANSLITERATED
    return Variant.CORRECTED if strange[0] else Variant.MISREAD


def spelled_alike(one: str, other: str) -> bool:
    """Whether two words are the British and the American spelling of one.

    >>> spelled_alike("defence", "defense"), spelled_alike("colour", "color"), spelled_alike("size", "scale")
    (True, True, False)
    """
    if min(len(one), len(other)) < 4 or one[0] != other[0] or abs(len(one) - len(other)) > 2:
        return False
    for british, american in SPELLINGS:
        for left, right in ((one, other), (other, one)):
            if british in left and left.replace(british, american) == right.replace(british, american):
                return True
    return False


@lru_cache(maxsize=20_000)
def americanised(old: str, new: str) -> bool:
    """Whether a British word or spelling became the American one.

    >>> americanised("theatre", "theater"), americanised("theater", "theatre"), americanised("petrol", "gas")
    (True, False, True)
    """
    spelt = min(len(old), len(new)) >= 4 and True in [old.replace(*variant) == new != old for variant in SPELLINGS]
    return spelt or american_for(old, new)


def misspelling(reference: Word, suspect: Word) -> bool:
    """Whether two words are nearly of the same letters, and one of them is no known word."""
    if reference.row >= 0 and suspect.row >= 0:
        return False
    return _alike(reference.norm, suspect.norm)


def nearly_alike(old: str, new: str) -> bool:
    """Whether two spellings are so near that one is the other, damaged.

    >>> nearly_alike("government", "g0vernrnent"), nearly_alike("house", "mouse"), nearly_alike("the", "tbe")
    (True, True, True)
    >>> nearly_alike("until", "unjil")
    True
    >>> nearly_alike("said", "stated")
    False
    """
    if abs(len(old) - len(new)) > 4:
        return False
    one, other = _plain(old), _plain(new)
    if one == other or (old[0] == new[0] and _consonants(old) == _consonants(new) != ""):
        return True
    size = max(len(one), len(other))
    most = max((most for letters, most in _DIFFERING if size >= letters), default=0)
    spellings = ((one, other), (old, new))  # what looks alike may hide what is equal [until -> unjil]
    return 0 < most < size and any(OSA.distance(*pair, score_cutoff=most) <= most for pair in spellings)


@lru_cache(maxsize=20_000)  # asked again and again of a text's names, which few vocabularies hold
def _alike(old: str, new: str) -> bool:
    letters = any(map(str.isalpha, old)) and any(map(str.isalpha, new))
    return letters and max(len(old), len(new)) <= _LONGEST_WORD and nearly_alike(old, new)


def _consonants(word: str) -> str:
    """The letters in which transliterations agree: all but vowels, doubled ones once [Kiev, Kyiv -> kv].

    Empty for words with too few of them to tell.
    """
    kept = [char for place, char in enumerate(word) if char not in _VOWELS and char != word[place - 1 : place]]
    return "".join(kept) if len(kept) >= _FEWEST_CONSONANTS else ""


def _plain(word: str) -> str:
    word = word.translate(_LOOK_ALIKE)
    for seen, written in _LOOK_ALIKE_PAIRS:
        word = word.replace(seen, written)
    return word


def _known(words: Sequence[Word]) -> bool:
    return all(word.row >= 0 or (word.shape == "number" and word.norm.isdigit()) for word in words)
