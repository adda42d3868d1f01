"""Tokens: spaCy's blank English tokenizer, set up for news text and for speed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from spacy.symbols import ORTH

from spindetect.english import OTHER_ABBREVIATIONS, TITLE_ABBREVIATIONS

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

# [taken.”Mr -> taken . ” Mr], [2021.The -> 2021 . The], [U.S.-Japan -> U.S. - Japan], [85-minute -> 85 - minute]
_EXTRA_INFIXES = (
    r"(?<=[a-z0-9])[.!?](?=[\"”’'][A-Z])",
    r"(?<=[.!?])[\"”’'](?=[A-Z])",
    r"(?<=[A-Za-z.,!?])[\"”](?=[–—])",
    r"(?<=[0-9])\.(?=[A-Z][a-z])",
    r"(?<=[a-z])[!?](?=[A-Z])",
    r"(?<=[A-Z]\.)-(?=[A-Za-z])",
    r"(?<=[0-9])-(?=[A-Za-z])",
    r"[–—]",
)
# [didn’t -> did n’t], [they'll -> they 'll]
_EXTRA_SUFFIXES = (r"(?<=[A-Za-z])[nN][’'][tT]", r"(?<=[A-Za-z])[’'](?:[vV][eE]|[lL][lL]|[rR][eE]|[dDmM])")
# Contractions without an apostrophe that are no other word as well (spaCy's list would also cut "wed", "id").
_CONTRACTED = {
    form: [{ORTH: form[:3]}, {ORTH: form[3:]}]
    for word in ("cannot", "gonna", "gotta")
    for form in (word, word.capitalize())
}
# No word is as long; a run of this many characters is tokenized on its own, the rest of it after that.
_LONG_RUN = re.compile(r"\S{100}")


def _abbreviation_pattern() -> str:
    listed = "|".join(re.escape(item) for item in sorted(TITLE_ABBREVIATIONS | OTHER_ABBREVIATIONS))
    return rf"(?:(?i:{listed})|(?:[A-Za-z]\.){{2,}}|[A-Z]\.)\Z"


@cache
def tokenizer() -> Tokenizer:
    """spaCy's blank English tokenizer, adapted; made once per process.

    spaCy looks for its special cases ("didn't", "a.m.") a second time with a matcher over
    the finished tokens, which costs thirty times what tokenizing does. The special cases
    that need that pass are here affixes and one pattern of abbreviations instead.
    """
    import spacy
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex

    blank = spacy.blank("en")
    defaults = blank.Defaults
    prefix = compile_prefix_regex(defaults.prefixes or ()).search
    suffix = compile_suffix_regex([*(defaults.suffixes or ()), *_EXTRA_SUFFIXES]).search
    infix = compile_infix_regex([*_EXTRA_INFIXES, *(defaults.infixes or ())]).finditer
    return Tokenizer(
        blank.vocab,
        rules=_CONTRACTED,
        prefix_search=prefix,
        suffix_search=suffix,
        infix_finditer=infix,
        token_match=re.compile(_abbreviation_pattern()).match,
        url_match=defaults.url_match,
    )


def tokenize(text: str) -> tuple[list[str], list[int]]:
    """Cut a text into tokens; return their spellings and their starts in code points.

    White space is no token. The tokens slice back: ``text[start:start + len(token)] == token``.
    """
    cut = tokenizer()
    spellings, starts = [], []
    for first, last in _pieces(text):
        for token in cut(text[first:last] if last - first < len(text) else text):
            spelling = token.text
            if not spelling.isspace():
                spellings.append(spelling)
                starts.append(first + token.idx)
    return spellings, starts


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Half-open stretches to tokenize one by one: the whole text, but long runs without a space in pieces.

    spaCy peels signs off a run one at a time and copies the rest, which is quadratic.
    """
    at = 0
    for run in _LONG_RUN.finditer(text):
        if at < run.start():
            yield at, run.start()
        yield run.start(), run.end()
        at = run.end()
    if at < len(text):
        yield at, len(text)
