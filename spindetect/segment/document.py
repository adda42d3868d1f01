"""Segmenting: an article becomes a document of tokens, sentences and quotations."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from spindetect.records import Article, Document, Mark, Sentence, Span, Word
from spindetect.repair.damage import repair
from spindetect.repair.disguise import UNSEEN, see_through
from spindetect.repair.mapping import Edit, SeenThrough, rewritten, through
from spindetect.segment.english import CALENDAR
from spindetect.segment.footnotes import footnote_marks
from spindetect.segment.quotes import quoted_tokens
from spindetect.segment.sentences import paragraph_break, sentence_starts
from spindetect.segment.tokens import tokenize
from spindetect.segment.vocabulary import Vocabulary
from spindetect.unicode import known_everywhere

# Markup that may stand inside a word, where it shows as nothing.
_INLINE = frozenset({"emphasis", "link", "link address", "escape", "code mark", "HTML comment"})
_IN_WORDS = "-'’"
_INLINE_TAG = re.compile(r"</?(?:a|abbr|b|em|font|i|mark|s|small|span|strong|u|wbr)\b", re.IGNORECASE)


def segment(article: Article, vocabulary: Vocabulary, pipeline: str | None = None) -> Document:
    """Cut an article into tokens and sentences.

    Markup is left out; boilerplate makes sentences of its own with ``boilerplate`` set.
    ``pipeline`` names an installed spaCy pipeline to take the sentence boundaries from
    instead of our rules; an unknown name raises `MissingExtra`.
    """
    markup = [mark for mark in article.marks if mark.kind == "markup"]
    masked = _blank_out(article.text, markup)
    joined = _joined(article.text, masked, markup)
    repaired = repair(joined.text if joined else masked, vocabulary.knows)
    mended = through(joined, repaired.seen if repaired else None)
    notes = footnote_marks(mended.text if mended else masked)
    mended = through(mended, rewritten(mended.text if mended else masked, notes) if notes else None)
    whole = mended.text if mended else masked
    seen = see_through(whole, vocabulary.knows)
    visible = whole if seen is None else seen.text
    spellings, starts = tokenize(visible)
    words = _words(spellings, vocabulary)
    boundaries = sentence_starts(visible, words, starts)
    if pipeline is not None:
        offsets = [sentence.start_char for sentence in _load_pipeline(pipeline)(visible).sents]
        boundaries = sorted({index for index in _first_tokens(starts, offsets) if index < len(starts)} | {0})
    quoted = quoted_tokens(
        visible, words, starts, [match.end() for match in paragraph_break(visible).finditer(visible)]
    )
    if seen is not None:
        words, starts = _as_read(words, starts, seen, whole, disguised=True)
    if mended is not None:
        words, starts = _as_read(words, starts, mended, article.text, disguised=False)
    if repaired is not None:
        warning = repaired.warning(markdown=article.format == "markdown")
        if warning and warning not in article.warnings:
            article = replace(article, warnings=(*article.warnings, warning))
    boilerplate = [mark.span for mark in article.marks if mark.kind == "boilerplate"]
    sentences = _sentences(words, starts, boundaries, boilerplate)
    return Document(article, tuple(words), tuple(starts), tuple(quoted), tuple(sentences))


def _as_read(
    words: Sequence[Word], starts: Sequence[int], seen: SeenThrough, text: str, *, disguised: bool
) -> tuple[list[Word], list[int]]:
    """The words with their spellings in the text before it was rewritten, and where they start there.

    ``disguised`` says whether a word that is spelled otherwise there was disguised. Invisible characters at a
    word's edges disguise nothing, unless they stand for the space between two words.
    """
    text = known_everywhere(text)  # as the words were cut from it
    found, places, at = [], [], 0
    for word, start in zip(words, starts, strict=True):
        place, end = seen.starts[start], seen.ends[start + len(word.text) - 1]
        # An invisible character where a run too long for a word was cut belongs to the word before.
        place, at = (max(place, at) if at < end else place), end
        spelling = text[place:end]
        if spelling != word.text:
            glued = text[place - 1 : place].isalnum() or text[end : end + 1].isalnum()
            hidden = word.disguised or (disguised and (glued or spelling.strip(UNSEEN) != word.text))
            word = replace(word, text=spelling, disguised=hidden)
        found.append(word)
        places.append(place)
    return found, places


# After these an "'s" stands for "is" or "has"; elsewhere it is a possessive.
_BEFORE_VERB = frozenset("it he she that there here what who where how let this".split())
# Sentences of more tokens are cut, after punctuation from the first number on and anywhere at the second:
# tables, lists and texts stripped of their full stops must still be aligned piece by piece.
_LONG_SENTENCE = (80, 120)
_BREATH = frozenset(",;:()–—")


# Grammar words that are names in capitals, those that are so after a place, and those that are people's names.
_INITIALS, _STATES = frozenset(("US", "IT", "WHO", "AM")), frozenset(("IN", "OR", "ME"))
_MAY_BE_NAMES = _INITIALS | _STATES | {"May", "Will", "Who"}
_NO_FIRST_NAMES = CALENDAR | {"early", "late", "mid", "last", "next"}


def _words(spellings: Sequence[str], vocabulary: Vocabulary) -> list[Word]:
    """The tokens' words; a possessive "'s" counts as punctuation, and a grammar word that is a name as content."""
    words = vocabulary.words(spellings)
    for index in [i for i, word in enumerate(words) if word.norm == "'s" or word.text in _MAY_BE_NAMES]:
        text = words[index].text
        if text in _MAY_BE_NAMES:
            words[index] = vocabulary.otherwise(text, function=False) if _is_name(words, index) else words[index]
        elif not (index and words[index - 1].norm in _BEFORE_VERB):
            words[index] = vocabulary.otherwise(text, shape="punctuation", surprisal=0.0)
    return words


def _is_name(words: Sequence[Word], index: int) -> bool:
    """Whether a grammar word with capitals is a name, as most words around it have none.

    [the US agreed, but not GIVE IT TO US; Gary, IN; Theresa May left, but not Lund May Leave Hull]
    """
    text, before, after = words[index].text, words[max(0, index - 3) : index], words[index + 1 : index + 4]
    around = [one for one in (*before, *after) if one.shape == "word"]
    if 2 * sum(one.text.isupper() for one in around) >= len(around):
        return False
    if not before or text in _INITIALS:
        return text in _INITIALS and not (text == "AM" and before and before[-1].shape == "number")
    last, following = before[-1], after[0] if after else before[-1]
    named = last.capitalised and last.content and last.shape == "word"
    if text in _STATES:
        return last.text == "," and len(before) > 1 and before[-2].capitalised
    if following.shape == "number" or not any(one.content and one.text.islower() for one in around):
        return False  # [Thursday May 5, Lund May Leave Hull]
    if text == "Will" and last.shape == "word" and following.capitalised and following.content:
        return True  # [by Will Smith]
    return (named and last.norm not in _NO_FIRST_NAMES) or (text == "Who" and last.norm == "the")


def _blank_out(text: str, marks: Sequence[Mark]) -> str:
    """Put spaces in the place of marked stretches, so that every offset stays what it was."""
    text = known_everywhere(text)
    if not marks:
        return text
    pieces, at = [], 0
    for mark in marks:
        pieces += [text[at : mark.span.start], " " * len(mark.span)]
        at = mark.span.end
    return "".join([*pieces, text[at:]])


def _joined(text: str, masked: str, marks: Sequence[Mark]) -> SeenThrough | None:
    """The masked text without the markup inside words [**bio**nic]; None if there is none."""
    edits: list[Edit] = []
    for mark in marks:
        start, end = mark.span.start, mark.span.end
        if mark.reason not in _INLINE and not (mark.reason == "HTML tag" and _INLINE_TAG.match(text, start)):
            continue
        if edits and edits[-1][1] == start:
            start = edits.pop()[0]
        edits.append((start, end, ()))
    inside = []
    for edit in edits:  # those that stand in a word [**bio**nic, **self**-made, great\\-aunt]
        sides = masked[edit[0] - 1 : edit[0]], masked[edit[1] : edit[1] + 1]
        letters = [side.isalnum() for side in sides]
        if all(sides) and any(letters) and all(side.isalnum() or side in _IN_WORDS for side in sides):
            inside.append(edit)
    return rewritten(masked, inside) if inside else None


def _first_tokens(starts: Sequence[int], offsets: Sequence[int]) -> list[int]:
    """For each offset the index of the first token at or after it."""
    return [bisect_right(starts, offset - 1) for offset in offsets]


def _sentences(
    words: Sequence[Word], starts: Sequence[int], boundaries: Sequence[int], boilerplate: Sequence[Span]
) -> list[Sentence]:
    """Make sentences between the boundaries, cutting them also where boilerplate begins and ends."""
    if not words:
        return []
    edges = [edge for span in boilerplate for edge in (span.start, span.end)]
    cuts = {*boundaries, *_first_tokens(starts, edges), 0, len(words)}
    ordered = _shortened(sorted(cut for cut in cuts if cut <= len(words)), words)
    sentences, next_mark = [], 0
    for first, last in pairwise(ordered):
        span = Span(starts[first], starts[last - 1] + len(words[last - 1].text))
        while next_mark < len(boilerplate) and boilerplate[next_mark].end <= span.start:
            next_mark += 1
        inside = next_mark < len(boilerplate) and boilerplate[next_mark].start <= span.start
        sentences.append(Sentence(span, first, last, inside))
    return sentences


def _shortened(cuts: Sequence[int], words: Sequence[Word]) -> list[int]:
    """The cuts, with more of them inside overlong sentences."""
    soon, latest = _LONG_SENTENCE
    shortened = list(cuts[:1])
    for first, last in pairwise(cuts):
        at = first
        while last - first > 2 * latest and last - at > latest:
            breath = (place + 1 for place in range(at + soon, at + latest) if words[place].text in _BREATH)
            at = next(breath, at + latest)
            shortened.append(at)
        shortened.append(last)
    return shortened


@lru_cache(maxsize=2)
def _load_pipeline(name: str) -> Any:
    import spacy

    from spindetect.errors import MissingExtra

    try:
        return spacy.load(name)
    except OSError as error:
        raise MissingExtra(
            f"The spaCy pipeline {name!r} isn't installed. Install it with 'python -m spacy download {name}', "
            "or leave the setting out: the built-in rules need no pipeline."
        ) from error
