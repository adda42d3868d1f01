"""Documents as their words alone, and where their sentences begin, which the rules find in punctuated texts."""

from __future__ import annotations

import gzip
import json
import random
import re
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spindetect.detector import Detector
from spindetect.records import Article
from spindetect.segment.bare import network_word, word_ending
from spindetect.segment.tokens import tokenize

# Files of DIR/text, how many words of each are read, and how often they are shown: speech and the web count more.
SOURCES = {
    **{"gum": (400_000, 6.0), "nltk_masc": (450_000, 2.5), "whitehouse_briefings": (700_000, 0.7)},
    **{"nltk_abc": (250_000, 0.4), "nltk_brown": (500_000, 0.8), "18f_blog": (300_000, 0.7)},
    **{"bbc_greene2005": (150_000, 0.6), "nltk_state_union": (80_000, 0.6), "nltk_inaugural": (60_000, 0.6)},
    **{"un_general_debate": (60_000, 0.3), "digitalgov": (250_000, 0.4), "wikitext2_valid_test": (150_000, 0.4)},
    **{"openstax_world_history": (100_000, 0.4), "allsides": (200_000, 0.4)},
}
# Pairs of DIR/pairs, what is read of them, and how many words; other texts of DIR, and those of other packages.
PAIRS = {
    "pairs": (("llm_rewritten", "back_translated"), 900_000),
    "llm_sets": (("llm_rewritten", "back_translated"), 900_000),
}
_PAIRS_TIMES, _ALONE_TIMES, _WEB_TIMES, _CHAT_WORDS, _CHAT_TIMES, _MAIL_TIMES = 0.9, 3.0, 0.35, 700_000, 0.8, 1.2
_NO_PROSE = frozenset("bible_1611 bug_titles dictionary prose_1634 creeds ocr_noise".split())
_ALL, _PAGE = 10**9, 9_000  # letters of each page are read
_WHOLE = ("gum", "nltk_masc", "18f_blog", "digitalgov")  # of others, lines that don't end are headlines
_LINES = 20  # make a document
_SHARED = 7  # words in a row that two documents share
_LENGTHS, _WHOLE_SENTENCES = (0.12, 0.25, 0.35, 0.6, 1.0, 1.0), 0.8
_WORDS, _ENDINGS = 28_000, 3_000
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
# What ends a mail's own text, and what isn't its writer's; lines of more letters go on in the next.
_SIGNATURE = re.compile(r"\n-- \n|\n_{20}|\n-{5,9} ?(?:Original|Forwarded|Begin)")
_NOT_OWN = re.compile(
    r"[>|:%#]|\w{1,3}>|On .* wrote|Quoting|URL:|Date:|.*(?:(?:wrote|writes|said|says):?$|://\S{20})"
)
_FULL_LINE, _SHORTEST_MAIL, _LETTERS_OF_PROSE = 52, 150, 0.88

Runs = set[tuple[str, ...]]


class Example(NamedTuple):
    """A document's words, where its sentences begin, how often it is shown, and how sure a teacher is of each word.

    ``chances`` are the probabilities that a sentence begins with each word; None where nobody was asked.
    """

    words: list[str]
    begins: list[int]
    times: float
    chances: NDArray[np.float32] | None = None


def left_out(folder: Path) -> Runs:
    """All runs of seven words of the documents to leave out."""
    rows = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    return {run for row in rows for run in _runs(row["text"])}


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return zip(*(words[start:] for start in range(_SHARED)), strict=False)


def read(corpora: Path, leave_out: Runs, chat: Path | None = None, mails: Path | None = None) -> Iterator[Example]:
    """The documents of all sources but those to leave out."""
    detector = Detector.load()
    for texts, whole, budget, times in _sources(corpora, chat, mails):
        for text in texts:
            if budget > 0 and leave_out.isdisjoint(_runs(text)):
                words, begins = example(text, detector, whole)
                budget -= len(words)
                if words:
                    yield Example(words, begins, times)


def _sources(
    corpora: Path, chat: Path | None, mails: Path | None
) -> Iterator[tuple[Sequence[str], bool, int, float]]:
    """Texts, whether they are read whole, how many of their words, and how often they are shown."""
    rng = random.Random(2)
    for name, (budget, times) in SOURCES.items():
        lines = gzip.decompress((corpora / "text" / f"{name}.txt.gz").read_bytes()).decode("utf-8").split("\n")
        blocks = ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
        if name == "gum":  # documents stand between blank lines, and whole ones are left out
            blocks = "\n".join(line.strip() for line in lines).split("\n\n")
        yield rng.sample(blocks, len(blocks)), name in _WHOLE, budget, times
    alone = [
        row["text"] for row in _rows(corpora / "text_alone" / "honest.jsonl.gz") if row["kind"] not in _NO_PROSE
    ]
    yield alone, True, _ALL, _ALONE_TIMES
    for name, (relations, budget) in PAIRS.items():
        rows = [row for row in _rows(corpora / "pairs" / f"{name}.jsonl.gz") if row["relation"] in relations]
        texts = dict.fromkeys(text for row in rows for text in (row["reference"], row["suspect"]))
        yield rng.sample([*texts], len(texts)), True, budget, _PAIRS_TIMES
    with tarfile.open(corpora / "pan13" / "pan13.tar.xz") as packed:
        pages = [packed.extractfile(one) for one in packed if "/src/" in one.name and one.isfile()]
        yield [page.read().decode("utf-8", "replace")[:_PAGE] for page in pages if page], True, _ALL, _WEB_TIMES
    if chat:
        yield list(_chats(json.loads(chat.read_text("utf-8")))), True, _CHAT_WORDS, _CHAT_TIMES
    if mails:
        files = (file.read_bytes().decode("latin-1") for file in sorted(mails.glob("*ham*/*.txt")))
        yield [*dict.fromkeys(text for text in map(mail, files) if text)], True, _ALL, _MAIL_TIMES


def _rows(file: Path) -> list[Mapping[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _chats(conversations: Mapping[str, Any]) -> Iterator[str]:
    """Conversations as texts."""
    for one in conversations.values():
        messages = [message["text"] for turn in one["messages"] for message in turn if message["text"].strip()]
        if len(messages) >= 8:
            yield "\n".join(text if text[-1] in ".!?" else f"{text}." for text in messages)


def mail(raw: str) -> str:
    """What the writer of a mail wrote, its lines joined again; nothing where that is little, or hardly prose."""
    head, _, body = raw.replace("\r", "").partition("\n\n")
    if re.search("multipart|text/html|base64", head, re.IGNORECASE):
        return ""
    paragraphs = []
    for paragraph in re.split(r"\n\s*\n", _SIGNATURE.split(body)[0]):
        lines = [line.strip() for line in paragraph.split("\n")]
        joined, length = "", 0
        for line in lines:
            if line and not _NOT_OWN.match(line):
                joined += line if not joined else f" {line}" if length > _FULL_LINE else f"\n{line}"
                length = len(line)
        paragraphs.append(joined)
    text = "\n\n".join(filter(None, paragraphs))
    prose = sum(letter.isalpha() or letter.isspace() for letter in text)
    return text if len(text) > _SHORTEST_MAIL and prose > _LETTERS_OF_PROSE * len(text) else ""


def example(text: str, detector: Detector, whole: bool) -> tuple[list[str], list[int]]:
    """A text's words without punctuation, and where its sentences begin; ``whole``: headlines too."""
    words: list[str] = []
    begins: list[int] = []
    for sentence in detector.document(Article(text)).sentences:
        spelt = sentence.span.of(text)
        stripped = [word.lower().replace("’", "'") for word in _WORD.findall(spelt)]
        if stripped and (whole or len(stripped) >= 12 or any(sign in ".!?" for sign in spelt.rstrip()[-3:])):
            tokens, _ = tokenize(" ".join(stripped))
            begins.append(len(words))
            words += [token for token in tokens if any(letter.isalnum() for letter in token)]
    return words, begins


def known_words(examples: Sequence[Example]) -> list[str]:
    """The words that the network knows, the most frequent first, and the endings of the others."""
    counts = Counter(network_word(word) for one in examples for word in one.words)
    known = [word for word, count in counts.most_common(_WORDS) if count >= 3]
    endings: Counter[str] = Counter()
    for word in counts.keys() - set(known):
        endings[word_ending(word)] += counts[word]
    return known + [ending for ending, count in endings.most_common(_ENDINGS) if count >= 10]


def drawn(examples: Sequence[Example], rng: np.random.Generator, longest: int) -> Iterator[tuple[int, int, int]]:
    """Pieces of documents without end, as the number of the document and half-open places in it.

    How often a document is drawn goes by its words and its ``times``. Most pieces begin and end with a sentence, as
    texts do, and they have up to ``longest`` words.
    """
    shown = np.cumsum([len(one.words) * one.times for one in examples])
    edges = [np.array([*one.begins, len(one.words)]) for one in examples]
    while True:
        at = int(np.searchsorted(shown, rng.random() * shown[-1], "right"))
        start, end = 0, len(examples[at].words)
        wanted = int(longest * rng.choice(_LENGTHS))
        if end > wanted:
            start = int(rng.choice(edges[at][:-1]))
            end = min(end, start + wanted)
            last = int(edges[at][np.searchsorted(edges[at], end, "right") - 1])
            end = last if last > start and rng.random() < _WHOLE_SENTENCES else end
        yield at, start, end
