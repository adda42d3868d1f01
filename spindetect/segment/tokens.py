"""Tokens: spaCy's blank English tokenizer, set up for news text and for speed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from spindetect.files import shipped_table
from spindetect.segment.english import OTHER_ABBREVIATIONS, TITLE_ABBREVIATIONS
from spindetect.segment.normalise import normalise

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

# Contractions without an apostrophe that are no other word as well (spaCy's list would also cut "wed", "id").
_CONTRACTED = frozenset({"cannot", "Cannot", "gonna", "Gonna", "gotta", "Gotta"})
# A stretch between white space is tokenized on its own. No word is as long as that: longer runs are cut, since
# spaCy peels signs off a run one at a time and copies the rest, which is quadratic.
_LONGEST_CHUNK = 100
_CHUNK = re.compile(rf"\S{{1,{_LONGEST_CHUNK}}}")
_LAST_SPACE = 0x3000  # the ideographic space; no white space has a higher code point
# Past this many chunks, about 20 MB, what is kept of them starts afresh, so that a service stays bounded.
_CHUNKS_KEPT = 50_000
# spaCy never forgets a spelling that it cut, at some 450 bytes each: past this many it gets a new vocabulary.
_SPELLINGS_KEPT = 50_000


@cache
def tokenizer() -> Tokenizer:
    """spaCy's blank English tokenizer, adapted; made once, and anew when it has met `_SPELLINGS_KEPT` spellings.

    spaCy looks for its special cases ("didn't", "a.m.") a second time with a matcher over
    the finished tokens, which costs thirty times what tokenizing does. The special cases
    that need that pass are here affixes and one pattern of abbreviations instead. Its
    vocabulary is a bare one: English's would work out a dozen features of every new spelling.
    """
    from spacy.lang.en import English  # here, since importing spaCy takes longer than loading a model
    from spacy.symbols import ORTH
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
    from spacy.vocab import Vocab

    listed = "|".join(re.escape(item) for item in sorted(TITLE_ABBREVIATIONS | OTHER_ABBREVIATIONS))
    abbreviation = re.compile(rf"(?:(?i:{listed})|(?:[A-Za-z]\.){{2,}}|[A-Z]\.)\Z")
    defaults = English.Defaults
    more = shipped_table("segment/tokens.toml")
    prefix = compile_prefix_regex([*(defaults.prefixes or ()), *more["marks"]]).search
    suffix = compile_suffix_regex([*(defaults.suffixes or ()), *more["suffixes"], *more["marks"]]).search
    infixes = [*more["infixes"], f"[{more['marks']}]", *(defaults.infixes or ())]
    return Tokenizer(
        Vocab(),
        rules={form: [{ORTH: form[:3]}, {ORTH: form[3:]}] for form in sorted(_CONTRACTED)},
        prefix_search=prefix,
        suffix_search=suffix,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=lambda chunk: abbreviation.match(chunk if chunk.isascii() else normalise(chunk)[0]),  # [Óct.]
        url_match=defaults.url_match,
    )


def tokenize(text: str) -> tuple[list[str], list[int]]:
    """Cut a text into tokens; return their spellings and their starts in code points.

    White space is no token. The tokens slice back: ``text[start:start + len(token)] == token``.
    """
    chunks = text.split()
    if max(map(len, chunks), default=0) > _LONGEST_CHUNK:
        chunks = _CHUNK.findall(text)
    tokens = _chunk_tokens(set(chunks))
    spellings = list(chain.from_iterable(map(tokens.__getitem__, chunks)))
    return spellings, _starts(text, spellings)


def _starts(text: str, spellings: Sequence[str]) -> list[int]:
    """Where the tokens start: nothing but white space lies between them, so counting the other characters tells.

    [He left . -> 0 of the 7 characters stand before "He", 2 before "left", 6 before the full stop]
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    shown = np.flatnonzero(~_white_space()[np.minimum(codes, _LAST_SPACE + 1)])
    lengths = np.fromiter(map(len, spellings), np.intp, len(spellings))
    starts: list[int] = shown[np.cumsum(lengths) - lengths].tolist()
    return starts


@cache
def _white_space() -> NDArray[np.bool_]:
    """Of every code point up to the last white space, and one beyond, whether it is white space."""
    return np.array([chr(code).isspace() for code in range(_LAST_SPACE + 2)])


_kept: dict[str, tuple[str, ...]] = {}


def _chunk_tokens(chunks: set[str]) -> dict[str, tuple[str, ...]]:
    """The tokens of these chunks and of others: those met before are kept, as articles repeat their words.

    Safe in threads: a table that another one has replaced still holds what is asked of it.
    """
    global _kept
    tokens = _kept
    if len(tokens) > _CHUNKS_KEPT:
        tokens = _kept = {}
    new = chunks.difference(tokens)
    plain = {chunk for chunk in new if chunk.isalpha() and chunk.isascii()} - _CONTRACTED
    tokens.update((chunk, (chunk,)) for chunk in plain)
    tokens.update(_cut(new - plain))
    return tokens


def _cut(chunks: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The tokens of each chunk, cut as one text: spaCy begins anew at each space, and setting up a text is slow."""
    if len(tokenizer().vocab.strings) > _SPELLINGS_KEPT:
        tokenizer.cache_clear()  # another thread may go on with the old one
    found: dict[str, tuple[str, ...]] = {}
    tokens: list[str] = []
    for token in tokenizer()("".join(f"{chunk} " for chunk in chunks)):
        tokens.append(token.text)
        if token.whitespace_:
            found["".join(tokens)] = tuple(tokens)
            tokens = []
    return found
