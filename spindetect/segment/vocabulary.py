"""Properties of each spelling: normal form, stem, surprisal. Words are made once and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import Stemmer

from spindetect.records import Word
from spindetect.segment.english import CLITICS, FUNCTION_WORDS
from spindetect.segment.normalise import normalise

# Past this many spellings, about 25 MB, the cache starts afresh, so that a long-running service stays bounded. The
# common words of news are made again in a tenth of a second.
_CACHE_LIMIT = 50_000
# A word never seen in the training text; -log of about one in 160,000 documents' words.
UNSEEN_SURPRISAL = 12.0


class Vocabulary:
    """Turns spellings into `Word` objects. Safe to share between threads: a lost race only repeats work.

    ``surprisal`` maps normal forms to their surprisal in nats, ``rows`` normal forms to rows
    of the vectors, ``irregular`` irregular forms to their base ("went" to "go").
    """

    def __init__(
        self,
        surprisal: Mapping[str, float] | None = None,
        rows: Mapping[str, int] | None = None,
        irregular: Mapping[str, str] | None = None,
    ) -> None:
        self.surprisal = surprisal or {}
        self.rows = rows or {}
        self.irregular = irregular or {}
        self._stemmer = Stemmer.Stemmer("english", 0)
        self._words: dict[str, Word] = {}
        self._others: dict[str, Word] = {}

    def __reduce__(self) -> tuple[type[Vocabulary], tuple[Mapping[str, object], ...]]:
        """Pickle without the cache and the stemmer, for worker processes."""
        return Vocabulary, (self.surprisal, self.rows, self.irregular)

    def __getitem__(self, text: str) -> Word:
        """The word spelled ``text``."""
        word = self._words.get(text)
        if word is None:
            if len(self._words) > _CACHE_LIMIT:
                self._words = {}
            word = self._words[text] = self._make(text)
        return word

    def words(self, spellings: Sequence[str]) -> list[Word]:
        """The words of many spellings."""
        try:
            return list(map(self._words.__getitem__, spellings))
        except KeyError:
            return [self[spelling] for spelling in spellings]

    def knows(self, norm: str) -> bool:
        """Whether a normal form is an English word that the model knows; of single letters only "a" and "i" are."""
        return norm in ("a", "i") if len(norm) < 2 else norm in self.rows or norm in FUNCTION_WORDS

    def otherwise(self, text: str, **fields: Any) -> Word:
        """The word where it stands for something else, with other ``fields``; of one spelling always the same."""
        word = self._others.get(text)
        if word is None:
            if len(self._others) > _CACHE_LIMIT:  # few in honest texts, any number in disguised ones
                self._others = {}
            word = self._others[text] = replace(self[text], **fields)
        return word

    def stem(self, norm: str) -> str:
        """Snowball stem of a normal form, irregular forms mapped to their base first.

        Function words keep their form ("is" and "was" differ), contracted ones are written out;
        an abbreviation's last full stop doesn't count ("Inc." and "Inc").
        """
        if norm in CLITICS or norm in FUNCTION_WORDS:
            return CLITICS.get(norm, norm)
        return str(self._stemmer.stemWord(self.irregular.get(norm, norm).rstrip(".")))

    def _make(self, text: str) -> Word:
        norm, disguised = normalise(text)
        # words, numbers (any token with a digit before a letter), punctuation and white space
        shape: Literal["word", "number", "punctuation", "space"] = "punctuation"
        if norm.isspace() or not norm:
            shape = "space"
        elif first := next((char for char in norm if char.isdigit() or char.isalpha()), ""):
            shape = "number" if first.isdigit() else "word"
        return Word(
            text=text,
            norm=norm,
            stem=self.stem(norm) if shape == "word" else norm,
            shape=shape,
            function=norm in FUNCTION_WORDS or norm in CLITICS,
            capitalised=text[:1].isupper(),
            disguised=disguised,
            surprisal=self.surprisal.get(norm, UNSEEN_SURPRISAL) if shape in ("word", "number") else 0.0,
            row=self.rows.get(norm, -1),
        )
