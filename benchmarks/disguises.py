"""Put every disguise on spun and on honest articles, and compare the score with the undisguised one's.

    python benchmarks/disguises.py --corpora DIR [--seeds DIR] [--output FILE]

Spun are the examples in data/, the spun pairs of DIR/wild and, with --seeds, the first two
articles of that folder; honest the pairs of DIR/wild that people made. Only the suspect is
disguised. A page's disguise is compared with the plain page.

A disguise is a function of a text, a random generator and the share of words to disguise (0 to 1), and gives
the disguised text; those in ``PAGES`` give an HTML page. The same generator state gives the same disguise.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import unicodedata
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spindetect.detector import Detector
from spindetect.findings import MACHINE_RELATIONS
from spindetect.read.article import article_from_bytes
from spindetect.results import Comparison
from spindetect.training.measuring.evaluate import wild_examples

Disguise = Callable[[str, np.random.Generator, float], str]

_WORD = re.compile(r"[A-Za-z]+")
_CYRILLIC = str.maketrans("aeocpxyijsdqwhABEKMHOPCTXIJS", "аеосрхуіјѕԁԛԝһАВЕКМНОРСТХІЈЅ")
_GREEK = str.maketrans("oavipkuxABEZHIKMNOPTYX", "οανιρκυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_MATHEMATICAL = {
    **{ord("a") + place: 0x1D41A + place for place in range(26)},
    **{ord("A") + place: 0x1D400 + place for place in range(26)},
}
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_BIDI = "\u200e\u200f\u202a\u202c\u2066\u2069"
_STRUCK = "\u0334\u0335\u0336\u0337\u0338\u0332\u0305"
_ACCENTS = "\u0301\u0307\u0323\u0331"
_TAGS = ("b", "i", "span", "font", "u", "em")
_HIDING = ('style="color:#fff;background:#ffffff"', 'style="font-size:0"', 'class="x9"', 'style="color: white"')


def _words(text: str, rng: np.random.Generator, rate: float, change: Callable[[str], str]) -> str:
    """Change each word with probability ``rate``."""
    return _WORD.sub(lambda found: change(found[0]) if rng.random() < rate else found[0], text)


def _inserting(signs: str) -> Disguise:
    """A disguise that puts one of some signs into each word chosen, after a letter drawn."""

    def disguise(text: str, rng: np.random.Generator, rate: float) -> str:
        def change(word: str) -> str:
            place = 1 + int(rng.integers(max(1, len(word) - 1)))
            return word[:place] + signs[int(rng.integers(len(signs)))] + word[place:]

        return _words(text, rng, rate, change)

    return disguise


def _translating(table: dict[int, int]) -> Disguise:
    """A disguise that writes the words chosen in other letters, as far as there are such."""
    return lambda text, rng, rate: _words(text, rng, rate, lambda word: word.translate(table))


def struck_through(text: str, rng: np.random.Generator, rate: float) -> str:
    """A combining mark through each letter of the words chosen."""

    def change(word: str) -> str:
        mark = _STRUCK[int(rng.integers(len(_STRUCK)))]
        return "".join(letter + mark for letter in word)

    return _words(text, rng, rate, change)


def accented(text: str, rng: np.random.Generator, rate: float) -> str:
    """An accent on each letter that has one, composed, in the words chosen."""

    def change(word: str) -> str:
        accent = _ACCENTS[int(rng.integers(len(_ACCENTS)))]
        composed = (unicodedata.normalize("NFC", letter + accent) for letter in word)
        return "".join(one if len(one) == 1 else letter for one, letter in zip(composed, word, strict=True))

    return _words(text, rng, rate, change)


def stored_backwards(text: str, rng: np.random.Generator, rate: float) -> str:
    """The words chosen stored in reverse and shown forwards by a bidi override."""
    return _words(text, rng, rate, lambda word: f"\u202e{word[::-1]}\u202c")


def wholly_cyrillic(text: str, rng: np.random.Generator, rate: float) -> str:
    """Words that can be written without any Latin letter, so written."""

    def change(word: str) -> str:
        written = word.translate(_CYRILLIC)
        return word if re.search("[A-Za-z]", written) else written

    return _words(text, rng, rate, change)


def without_spaces(text: str, rng: np.random.Generator, rate: float) -> str:
    """Zero-width spaces in the place of spaces."""
    return re.sub(" ", lambda found: "\u200b" if rng.random() < rate else " ", text)


DISGUISES: dict[str, Disguise] = {
    "cyrillic letters": _translating(_CYRILLIC),
    "greek letters": _translating(_GREEK),
    "full-width letters": _translating(_FULL_WIDTH),
    "mathematical letters": _translating(_MATHEMATICAL),
    "wholly cyrillic words": wholly_cyrillic,
    "zero-width characters": _inserting(_ZERO_WIDTH),
    "zero-width spaces for spaces": without_spaces,
    "soft hyphens": _inserting("\u00ad"),
    "combining marks": struck_through,
    "accents": accented,
    "bidi characters": _inserting(_BIDI),
    "words stored backwards": stored_backwards,
}
"""Disguises of plain text, by name."""


def page(body: str) -> str:
    """An HTML page of paragraphs, one for each line of ``body``, which is HTML already."""
    paragraphs = "\n".join(f"<p>{line}</p>" for line in body.splitlines() if line.strip())
    return (
        "<!DOCTYPE html>\n<html><head><title>Article</title><style>.x9 { color: #FFFFFF }</style></head>\n"
        f"<body><article>\n{paragraphs}\n</article></body></html>\n"
    )


def white_on_white(text: str, rng: np.random.Generator, rate: float) -> str:
    """A page with words of the text again, which colour or size hides, after the words chosen."""
    words = _WORD.findall(text)

    def change(word: str) -> str:
        hidden = " ".join(words[int(rng.integers(len(words)))] for _ in range(3))
        return f"{word}<span {_HIDING[int(rng.integers(len(_HIDING)))]}> {hidden}</span>"

    return page(_words(html_of(text), rng, rate, change))


def split_by_tags(text: str, rng: np.random.Generator, rate: float) -> str:
    """A page whose words are cut in two by tags that show nothing, hidden letters among them."""

    def change(word: str) -> str:
        place = 1 + int(rng.integers(max(1, len(word) - 1)))
        tag = _TAGS[int(rng.integers(len(_TAGS)))]
        inside = (f"<{tag}></{tag}>", "<wbr>", "<!-- -->", '<span style="display:none">qx</span>')
        return word[:place] + inside[int(rng.integers(len(inside)))] + word[place:]

    return page(_words(html_of(text), rng, rate, change))


def html_of(text: str) -> str:
    """The text for HTML; named characters go, lest their names be taken for words."""
    return escape(text.replace("&", " and ").replace("<", " ").replace(">", " "), quote=False)


PAGES: dict[str, Disguise] = {"white-on-white text": white_on_white, "words split by tags": split_by_tags}
"""Disguises that need a page, by name; `page` without one is what to compare with."""


# --- measuring ---------------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent.parent
RATES = (0.1, 0.3, 1.0)  # shares of the words disguised
FLOOR = 0.95


class Pair(NamedTuple):
    """A suspect and its reference, and whether a spinner made the one from the other."""

    suspect: str
    reference: str
    spun: bool


class Outcome(NamedTuple):
    """A disguised suspect's score beside the plain one's, and how many substitutions of kind ``disguise``."""

    spun: bool
    plain: float
    disguised: float
    listed: int

    @property
    def ratio(self) -> float:
        """The disguised score over the plain one."""
        return self.disguised / self.plain


def pairs(corpora: Path, seeds: Path | None) -> Iterator[Pair]:
    """The spun pairs, then the honest ones."""
    for spun in sorted((ROOT / "data").glob("*/spun.txt")):
        yield Pair(spun.read_text("utf-8"), spun.with_name("original.txt").read_text("utf-8"), True)
    if seeds:
        first, second = sorted(seeds.glob("*.txt"))[:2]
        yield Pair(first.read_text("utf-8"), second.read_text("utf-8"), True)
    for example in wild_examples(corpora):
        if example.relation == "spun" or example.relation not in (*MACHINE_RELATIONS, "machine"):
            yield Pair(example.suspect, example.reference, example.relation == "spun")


def measure(detector: Detector, name: str, rate: float, pair: Pair, seed: int) -> Outcome:
    """Compare one pair plain and disguised."""
    rng = np.random.default_rng(seed)
    if name in DISGUISES:
        disguised, plain = DISGUISES[name](pair.suspect, rng, rate), pair.suspect
        found, usual = detector.compare(disguised, pair.reference), detector.compare(plain, pair.reference)
    else:
        found = _page_compared(detector, PAGES[name](pair.suspect, rng, rate), pair)
        usual = _page_compared(detector, page(html_of(pair.suspect)), pair)
    listed = sum(item.kind == "disguise" for item in found.substitutions)
    return Outcome(pair.spun, usual.score, found.score, listed)


def _page_compared(detector: Detector, html: str, pair: Pair) -> Comparison:
    return detector.compare(article_from_bytes(html.encode("utf-8"), "suspect.html"), pair.reference)


def summary(outcomes: list[Outcome]) -> dict[str, float | int]:
    """What became of the spun and of the honest ones' scores."""
    spun, honest = [one for one in outcomes if one.spun], [one for one in outcomes if not one.spun]
    ratios = [one.ratio for one in spun]
    moves = [one.disguised - one.plain for one in honest]
    return {
        "spun": len(spun),
        "spun_ratio_median": round(statistics.median(ratios), 4),
        "spun_ratio_worst": round(min(ratios), 4),
        "spun_below_floor": sum(ratio < FLOOR for ratio in ratios),
        "spun_listed_median": statistics.median(one.listed for one in spun),
        "honest": len(honest),
        "honest_points_median": round(statistics.median(moves), 2),
        "honest_points_least": round(min(moves), 2),
        "honest_points_most": round(max(moves), 2),
        "honest_50_or_more_plain": sum(one.plain >= 50 for one in honest),
        "honest_50_or_more": sum(one.disguised >= 50 for one in honest),
    }


def main() -> int:
    """Print the table; the exit status is 1 if a spun article's score fell below the floor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    detector = Detector.load()
    chosen = list(pairs(options.corpora, options.seeds))
    table: dict[str, dict[str, dict[str, float | int]]] = {}
    print(f"{'':30}      spun: disguised / plain score          honest: change in points")
    print(f"{'disguise':30} rate  median   worst  under {FLOOR}  listed  median   least    most  at 50+ (plain)")
    for name in (*DISGUISES, *PAGES):
        for rate in RATES:
            found = [measure(detector, name, rate, pair, seed) for seed, pair in enumerate(chosen)]
            row = table.setdefault(name, {})[str(rate)] = summary(found)
            print(
                f"{name:30} {rate:4.1f} {row['spun_ratio_median']:7.3f} {row['spun_ratio_worst']:7.3f}"
                f" {row['spun_below_floor']:4} of {row['spun']:3} {row['spun_listed_median']:7.0f}"
                f" {row['honest_points_median']:7.1f} {row['honest_points_least']:7.1f}"
                f" {row['honest_points_most']:7.1f}"
                f" {row['honest_50_or_more']:4} ({row['honest_50_or_more_plain']}) of {row['honest']}"
            )
    if options.output:
        options.output.write_text(json.dumps(table, indent=2) + "\n", "utf-8")
    return int(any(row["spun_below_floor"] for rows in table.values() for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
