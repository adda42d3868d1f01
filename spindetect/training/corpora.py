"""Readers for the corpora that training and evaluation use; nothing read here is ever shipped.

    DIR/pairs/pairs.jsonl.gz, pairs/roundtrip_lm.jsonl   pairs of texts with a known relation
    DIR/collected/*.jsonl.gz                             the same of packages, where they were gathered
    DIR/wild/pairs.jsonl                                 real altered news, to measure with
    DIR/text/NAME.txt.gz                                 plain text, a blank line between documents
    DIR/spinners/wp_auto_spinner_VERSION/treasures_en.dat  a spinning tool's dictionary
    DIR/thesaurus/oewn_{entries,synsets}.jsonl.gz        Open English WordNet
    DIR/tortured/tortured.json                           tortured phrases of science

Every reader raises ``MissingCorpus`` when its file is absent or isn't what it should be.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spindetect.errors import MissingCorpus


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A pair of texts whose relation is known.

    ``relation`` is the suspect's to the reference: one of ``findings.RELATIONS``, or
    ``scrambled`` (words dropped and moved at random) or ``machine`` (by some tool, which
    is unsure). ``operator`` says who or what made it. Pairs with one ``group`` share a
    source and must not be split between training and testing.
    """

    id: str
    relation: str
    operator: str
    group: str
    suspect: str
    reference: str


@dataclass(frozen=True, slots=True)
class Thesaurus:
    """A thesaurus as spinners use it: what a word may be exchanged for.

    ``senses`` maps a lemma to its senses, commonest first within a part of speech, each
    as (part of speech, the synset's members in its order, the lemma included); parts of
    speech are n, v, a, s (a "satellite" adjective) and r (adverb). ``forms`` maps
    irregular forms to their lemma (``went`` -> ``go``). ``kin`` is like ``senses``, but of
    words that are near and no synonyms: hypernyms, siblings and similar adjectives.
    """

    senses: dict[str, list[tuple[str, tuple[str, ...]]]]
    forms: dict[str, str]
    kin: dict[str, list[tuple[str, tuple[str, ...]]]]


def read_pairs(corpora: Path) -> list[LabelledPair]:
    """Read all labelled pairs: ``pairs.jsonl.gz``, then the simulated round trips; texts repaired."""
    files = (corpora / "pairs" / "pairs.jsonl.gz", corpora / "pairs" / "roundtrip_lm.jsonl")
    return [_pair(record, path, repair) for path in files for record in read_records(path)]


def read_wild(corpora: Path) -> list[LabelledPair]:
    """Read the pairs of real altered news and their originals, texts exactly as stored."""
    path = corpora / "wild" / "pairs.jsonl"
    return [_pair(record, path, str) for record in read_records(path)]


def _pair(record: dict[str, Any], path: Path, clean: Callable[[str], str]) -> LabelledPair:
    """Make a labelled pair of a JSON record, its two texts passed through ``clean``."""
    try:
        names = (record["id"], record["relation"], record["operator"], record["group"])
        return LabelledPair(*names, suspect=clean(record["suspect"]), reference=clean(record["reference"]))
    except KeyError as error:
        raise MissingCorpus(
            f"{path}: a record has the fields {', '.join(record)} but no {error}; "
            "expected id, relation, operator, group, suspect and reference."
        ) from error


def text_names(corpora: Path) -> list[str]:
    """Names of the plain-text corpora, sorted; ``read_texts`` takes them."""
    folder = corpora / "text"
    names = sorted(path.name.removesuffix(".txt.gz") for path in folder.glob("*.txt.gz"))
    if not names:
        raise MissingCorpus(f"{folder} holds no *.txt.gz; expected the plain-text corpora. Check --corpora.")
    return names


def read_texts(corpora: Path, name: str) -> Iterator[list[str]]:
    """Yield the documents of one plain-text corpus as lists of paragraphs, each repaired."""
    paragraphs: list[str] = []
    for line in _lines(corpora / "text" / f"{name}.txt.gz"):
        if line.strip():
            paragraphs.append(repair(line.strip()))
        elif paragraphs:
            yield paragraphs
            paragraphs = []
    if paragraphs:
        yield paragraphs


def read_spinner(corpora: Path, version: str | int) -> list[list[str]]:
    """Read a spinning tool's dictionary: lines of a head and its alternatives, in the tool's order.

    ``version`` is 2015 or 2019. Empty members and lines without an alternative are left
    out; repeated heads stay, since the order of lines is what the tool goes by.
    """
    path = corpora / "spinners" / f"wp_auto_spinner_{version}" / "treasures_en.dat"
    lines = ([member.strip() for member in line.split("|")] for line in _lines(path))
    kept = [[member for member in line if member] for line in lines if line[0]]
    return [line for line in kept if len(line) > 1]


def read_thesaurus(corpora: Path) -> Thesaurus:
    """Read Open English WordNet as a ``Thesaurus``."""
    folder = corpora / "thesaurus"
    synsets = {record["id"]: record for record in read_records(folder / "oewn_synsets.jsonl.gz")}
    narrower: dict[str, list[str]] = {}
    for name, synset in synsets.items():
        for above in synset["hypernyms"]:
            narrower.setdefault(above, []).append(name)
    thesaurus = Thesaurus({}, {}, {})
    for entry in read_records(folder / "oewn_entries.jsonl.gz"):
        lemma = entry["lemma"]
        known = [synsets[sense["synset"]] for sense in entry["senses"] if sense["synset"] in synsets]
        thesaurus.senses.setdefault(lemma, []).extend((s["pos"], tuple(s["members"])) for s in known)
        near = [(s["pos"], _kin(s, synsets, narrower)) for s in known[:_KIN_SENSES]]
        thesaurus.kin.setdefault(lemma, []).extend(pair for pair in near if pair[1])
        for form in entry.get("forms", ()):
            thesaurus.forms.setdefault(form, lemma)
    return thesaurus


# A word's rarer senses lead to words that no reader would connect with it.
_KIN_SENSES = 2
# Enough to choose from; "dog" alone has some two hundred siblings.
_KIN_WORDS = 12


def _kin(
    synset: dict[str, Any], synsets: dict[str, dict[str, Any]], narrower: dict[str, list[str]]
) -> tuple[str, ...]:
    """Members of the synsets above, beside and similar to one, at most ``_KIN_WORDS``, nearest first."""
    above = synset["hypernyms"]
    beside = [name for parent in above for name in narrower[parent][:_KIN_WORDS]]
    names = [*above, *synset["similar"], *beside]
    words = [word for name in names if name in synsets for word in synsets[name]["members"][:2]]
    near = dict.fromkeys(word for word in words if word not in synset["members"])
    return tuple(near)[:_KIN_WORDS]


def read_tortured(corpora: Path) -> list[tuple[str, str]]:
    """Read the Problematic Paper Screener's list as (expected phrase, tortured phrase), lower-case."""
    path = corpora / "tortured" / "tortured.json"
    try:
        phrases = json.loads("\n".join(_lines(path)))["phrases"]
        return [(item["correct"].strip().lower(), item["tortured"].strip().lower()) for item in phrases]
    except (ValueError, KeyError, TypeError) as error:
        raise MissingCorpus(
            f"{path} is damaged ({error!r}); expected an object with phrases of tortured and correct."
        ) from error


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes in hexadecimal, for the model's metadata."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise MissingCorpus(f"cannot read {path}: {error}. Check --corpora.") from error


def _lines(path: Path) -> Iterator[str]:
    """Yield a file's lines without their ends; gunzipped where the name ends in ``.gz``."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise MissingCorpus(f"no file {path}; is --corpora the folder that holds pairs/ and text/?") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise MissingCorpus(f"{path} cannot be read ({error}); expected UTF-8 text. Fetch it anew.") from error


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file, skipping blank lines."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise MissingCorpus(f"{path}, line {number}: not JSON ({error}). Fetch the file anew.") from error
        if not isinstance(record, dict):
            raise MissingCorpus(f"{path}, line {number}: found {type(record).__name__}, expected an object.")
        yield record


# Windows-1252's characters for the control characters that a Latin-1 reader made of its quotes and dashes.
_CONTROLS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_LOST = "\N{REPLACEMENT CHARACTER}"
# In order: the first rule that fits a place settles it.
_REPAIRS = (
    # dash: alone between spaces [(CNN) ? Russia -> (CNN) - Russia]; a rule of three or more stays a rule
    (re.compile(rf"(?<=\s)(?:{_LOST}|\?)(?=\s)"), "-"),
    (re.compile(rf"{_LOST}{{3,}}"), "---"),
    # a range [4�8 hours -> 4-8 hours]
    (re.compile(rf"(?<=\d){_LOST}(?=\d)"), "-"),
    # apostrophe [Russia?s -> Russia's]
    (re.compile(rf"(?<=[^\W\d_])(?:{_LOST}|\?)(?=(?:s|t|d|m|re|ve|ll)(?![\w?]))"), "'"),
    # a letter that was accented; "e" is the best single guess [Fr?d?ric -> Frederic]
    (re.compile(r"(?<=[a-z])\?(?=[a-z])|(?<=\b[A-Z])\?(?=[a-z])"), "e"),
    (re.compile(rf"(?<=[^\W_]){_LOST}(?=[^\W_])"), "'"),
    # opening quote [?candidates -> "candidates], then closing quotes after punctuation [,? -> ,"]
    (re.compile(r"(?:(?<=[\s(])|^)\?(?=\w)", re.MULTILINE), '"'),
    (re.compile(r"(?<=[,.!])\?(?=\s|$)", re.MULTILINE), '"'),
    # closing quote that a lower-case word or punctuation follows [candidates? for -> candidates" for]
    (re.compile(r'(?<=")([^"?\n]{1,80}\w)\?(?=\s[a-z]|[.,;)])'), r'\1"'),
    (re.compile(_LOST), '"'),
)


def repair(text: str) -> str:
    """Undo what damaged a corpus at its source, so that no model learns the damage as a cue.

    Three kinds: HTML entities left in (``&amp;``); Windows-1252 quotes and dashes read as
    control characters; and quotes, apostrophes and dashes lost to U+FFFD or ``?``. What
    was lost is guessed from its surroundings and written in ASCII; a ``?`` after a word
    stays a question mark unless a damaged quotation is open. URLs may lose a ``?``.

    >>> repair("the country\ufffds \ufffdzero\ufffd policy \ufffd ended")
    'the country\\'s "zero" policy - ended'
    """
    text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_CONTROLS)
    if "?" not in text and _LOST not in text:  # four fifths of the texts, saved ten searches each
        return text
    for pattern, replacement in _REPAIRS:
        text = pattern.sub(replacement, text)
    return text
