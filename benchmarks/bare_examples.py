"""Documents as their words alone, and where their sentences begin, which the rules find in punctuated texts."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from spindetect.detector import Detector
from spindetect.records import Article
from spindetect.segment.bare import network_word, word_ending
from spindetect.segment.tokens import tokenize

# Files of DIR/text, how many words of each are read, and how often they are shown: speech and the web count more.
SOURCES = {
    **{"gum": (400_000, 6.0), "nltk_masc": (450_000, 2.5), "whitehouse_briefings": (4_000_000, 0.35)},
    **{"nltk_abc": (700_000, 0.4), "nltk_brown": (1_100_000, 0.8), "18f_blog": (510_000, 0.7)},
    **{"bbc_greene2005": (300_000, 0.6), "nltk_state_union": (200_000, 0.6), "nltk_inaugural": (200_000, 0.6)},
    **{"un_general_debate": (300_000, 0.3), "digitalgov": (500_000, 0.4), "wikitext2_valid_test": (200_000, 0.4)},
    **{"openstax_world_history": (200_000, 0.4)},
}
# Pairs of DIR/pairs and what is read of them, and chat: as often.
PAIRS = {"pairs": ("llm_rewritten", "back_translated"), "llm_sets": ("llm_rewritten", "back_translated")}
_PAIRS_TIMES, _CHAT_WORDS, _CHAT_TIMES = 1.1, 1_000_000, 0.8
_WHOLE = ("gum", "nltk_masc", "18f_blog", "digitalgov")  # of others, lines that don't end are headlines
_LINES = 20  # make a document
_SHARED = 7  # words in a row that two documents share
_WORDS, _ENDINGS = 24_000, 3_000
_WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")

Example = tuple[list[str], list[int], float]
"""What the network sees of a document's words, where its sentences begin, and how often it is shown."""
Runs = set[tuple[str, ...]]


def left_out(folder: Path) -> Runs:
    """All runs of seven words of the documents to leave out."""
    rows = [json.loads(line) for file in folder.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    return {run for row in rows for run in _runs(row["text"])}


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text)]
    return zip(*(words[start:] for start in range(_SHARED)), strict=False)


def read(corpora: Path, leave_out: Runs, chat: Path | None = None) -> Iterator[Example]:
    """The documents of all sources but those to leave out."""
    detector, rng = Detector.load(), random.Random(2)
    for name, (budget, times) in SOURCES.items():
        lines = gzip.decompress((corpora / "text" / f"{name}.txt.gz").read_bytes()).decode("utf-8").split("\n")
        blocks = ["\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
        if name == "gum":  # documents stand between blank lines, and whole ones are left out
            blocks = "\n".join(line.strip() for line in lines).split("\n\n")
        rng.shuffle(blocks)
        for block in blocks:
            if budget > 0 and leave_out.isdisjoint(_runs(block)):
                words, begins = example(block, detector, name in _WHOLE)
                budget -= len(words)
                yield words, begins, times
    for name, relations in PAIRS.items():
        seen: set[str] = set()
        packed = (corpora / "pairs" / f"{name}.jsonl.gz").read_bytes()
        for row in map(json.loads, gzip.decompress(packed).decode("utf-8").splitlines()):
            for text in (row["reference"], row["suspect"]) if row["relation"] in relations else ():
                if text not in seen and leave_out.isdisjoint(_runs(text)):
                    seen.add(text)
                    yield *example(text, detector, True), _PAIRS_TIMES
    if chat:
        yield from _chats(json.loads(chat.read_text("utf-8")), detector)


def _chats(conversations: Mapping[str, Any], detector: Detector) -> Iterator[Example]:
    """Conversations as documents."""
    budget = _CHAT_WORDS
    for one in conversations.values():
        messages = [message["text"] for turn in one["messages"] for message in turn if message["text"].strip()]
        if budget > 0 and len(messages) >= 8:
            ended = "\n".join(text if text[-1] in ".!?" else f"{text}." for text in messages)
            words, begins = example(ended, detector, True)
            budget -= len(words)
            yield words, begins, _CHAT_TIMES


def example(text: str, detector: Detector, whole: bool) -> tuple[list[str], list[int]]:
    """What the network sees of a text's words, and where its sentences begin; ``whole``: headlines too."""
    words: list[str] = []
    begins: list[int] = []
    for sentence in detector.document(Article(text)).sentences:
        spelt = sentence.span.of(text)
        stripped = [word.lower().replace("’", "'") for word in _WORD.findall(spelt)]
        if stripped and (whole or len(stripped) >= 12 or any(sign in ".!?" for sign in spelt.rstrip()[-3:])):
            tokens, _ = tokenize(" ".join(stripped))
            begins.append(len(words))
            words += [network_word(token) for token in tokens if any(letter.isalnum() for letter in token)]
    return words, begins


def known_words(examples: Sequence[Example]) -> list[str]:
    """The words that the network knows, the most frequent first, and the endings of the others."""
    counts = Counter(word for words, _, _ in examples for word in words)
    known = [word for word, count in counts.most_common(_WORDS) if count >= 3]
    endings: Counter[str] = Counter()
    for word in counts.keys() - set(known):
        endings[word_ending(word)] += counts[word]
    return known + [ending for ending, count in endings.most_common(_ENDINGS) if count >= 10]
