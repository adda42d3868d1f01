"""The text as it may have been before it was spun, and what to ask a search engine for."""

from __future__ import annotations

from collections.abc import Callable

from spindetect.findings import Giveaway, Result
from spindetect.records import Document, Sentence, Word

# Words in a query: enough to single out a story, few enough for a search engine not to drop any.
_FEWEST, _MOST = 3, 8


def restored(report: Result) -> str:
    """The text as read, with each giveaway's likeliest original put in its place."""
    return _replaced(report, lambda giveaway, original: original)


def marked(report: Result) -> str:
    """The same with every change marked: [what it says now -> what it may have said]."""
    return _replaced(report, lambda giveaway, original: f"[{giveaway.suspect.text} -> {original}]")


def _replaced(report: Result, write: Callable[[Giveaway, str], str]) -> str:
    text = report.suspect.article.text
    pieces, at = [], 0
    for giveaway in report.giveaways:
        if giveaway.original is not None:
            span = giveaway.suspect.span
            pieces += [text[at : span.start], write(giveaway, giveaway.original.text)]
            at = span.end
    return "".join([*pieces, text[at:]])


def search_terms(report: Result, most: int = 5) -> list[str]:
    """Queries of three to eight words, one a sentence, those of the most telling sentences first."""
    suspect = report.suspect
    by_token: dict[int, str] = {}  # in place of a giveaway: the original at its first token, elsewhere nothing
    for giveaway in report.giveaways:
        first, *others = suspect.tokens(giveaway.suspect.span)
        by_token[first] = giveaway.original.text if giveaway.original else ""
        by_token |= dict.fromkeys(others, "")
    found = [_query(suspect, sentence, by_token) for sentence in suspect.sentences if not sentence.boilerplate]
    ranked = sorted((one for one in found if one[1]), key=lambda one: -one[0])
    return list(dict.fromkeys(query for _, query in ranked))[:most]


def _query(suspect: Document, sentence: Sentence, by_token: dict[int, str]) -> tuple[float, str]:
    """A sentence's most telling words in their order, and how much they tell in nats; empty if too few."""
    words: list[tuple[float, int, str]] = []
    for token in range(sentence.first, sentence.last):
        word = suspect.words[token]
        if token in by_token:
            if by_token[token]:
                words.append((word.surprisal / 2.0, token, by_token[token]))
        elif word.content:
            words.append((_telling(word, token > sentence.first), token, word.text))
    chosen: dict[str, tuple[float, int]] = {}
    for telling, token, text in sorted(words, key=lambda one: -one[0]):
        if len(chosen) < _MOST:
            chosen.setdefault(text, (telling, token))
    if len(chosen) < _FEWEST:
        return 0.0, ""
    return sum(telling for telling, _ in chosen.values()), " ".join(sorted(chosen, key=lambda one: chosen[one][1]))


def _telling(word: Word, inside: bool) -> float:
    """How much a word tells of the story: names and numbers more, as spinners leave them alone."""
    named = (word.capitalised and inside) or word.shape == "number"
    return word.surprisal * (1.5 if named else 1.0)
