"""The texts: an article as read, and a document, the article cut into words and sentences. Read this file first.

    Article --segment--> Document --align--> AlignedPair, Link --classify--> PhrasePair, Unweighed
                             |                                                       |
    Assessment (Giveaway) <--+ reference_free                                        |
    Comparison (SentencePair, Substitution, Contribution) <------------ score -------+

`spindetect.pipeline` is the chain of two documents, `spindetect.assessment` that of one. A ``Link`` joins words
that answer to each other; a ``PhrasePair`` is cut from the links as a reader would cut it; an ``Unweighed`` is that
with its kind and its evidence; users see a ``Substitution``, which has its weight as well. The findings of both
chains are in `spindetect.findings`.

All spans are half-open and count Unicode code points of the text *as read*, so
``article.text[span.start:span.end]`` is always the stretch that is meant. Links and phrase pairs count the words of
their sentences instead.

The field's terms, as they are used everywhere:

- suspect, reference: the text that may be a copy, and the text that it may be made from; together a pair.
- substitution: a phrase in another one's place; its kind says what was replaced (`spindetect.kinds`).
- tell-tale: a substitution that hardly anybody but a machine makes. Giveaway: a phrase that gives a suspect away
  without a reference.
- lexicon: the substitutions that are known, each with its evidence in nats, learnt from spinners and people.
- feature: a number that says how one text was made from the other; contribution: what it adds to the log-odds.
- spin score: how probably a machine reworded the suspect, in percent. Reuse: how probably it is a version of the
  reference, by whatever means.
- reference-free: of a suspect alone. N-gram model: how usual words are where they stand. Surprisal: -log of a
  probability, in nats.
- boilerplate: what a page puts around its article. Mark: a stretch of a text that is not the article.
- candidate: an archived article that may be the source. Direction: which of two texts is the copy.
"""

from __future__ import annotations

import copyreg
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any, Literal


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text: code points ``start`` up to, not including, ``end``."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of ``text`` that the span covers."""
        return text[self.start : self.end]

    def overlap(self, other: Span) -> int:
        """How many code points both spans cover; 0 when they don't meet."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text as read that is not part of the article itself, with the reason.

    ``boilerplate`` is text that a web page puts around an article (share lists, bylines,
    "Leave a Reply"); ``markup`` is syntax (a Markdown link's address, an HTML tag);
    ``ignored`` is a sentence that everybody shares (boilerplate, a press release).
    """

    span: Span
    kind: Literal["boilerplate", "markup", "ignored"]
    reason: str


@dataclass(frozen=True, slots=True)
class About:
    """An article's origin and further metadata; None stands for unknown.

    ``modified`` is the time of its last change; ``dated_by`` is the place of its published time (``byline``). A
    fetched article also has its ``link``, the time when it was ``fetched``, and the SHA-256 of the response.
    """

    author: str | None = None
    modified: str | None = None
    dated_by: str | None = None
    link: str | None = None
    fetched: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The result of reading: a text, its origin, and the parts of it that aren't the article.

    ``text`` is the text as read: decoded, without a byte-order mark, otherwise
    unchanged; of an HTML page it is the main text that was extracted. ``marks``
    are sorted by start and don't overlap. ``published`` is the published time as the article states it; it is None
    if unknown, and so are ``title``, ``url`` and ``outlet``. ``pages`` are the places in the text at which the
    pages of a document, such as a PDF, begin.
    """

    text: str
    name: str = "text"
    format: Literal["text", "markdown", "html"] = "text"
    encoding: str | None = None
    marks: tuple[Mark, ...] = ()
    warnings: tuple[str, ...] = ()
    published: str | None = None
    pages: tuple[int, ...] = ()
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    about: About = About()

    def page(self, start: int) -> int | None:
        """The number of the page on which a place in the text stands, from 1; None without pages."""
        return bisect_right(self.pages, start) or None

    def __repr__(self) -> str:
        return f"Article({self.name!r}, {self.format}, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Word:
    """A token's spelling and properties; all tokens spelled alike share one object.

    ``norm`` is lower-case with quotes and dashes unified and disguises undone,
    ``stem`` its Snowball stem (irregular forms mapped to their base first). ``surprisal``
    is -log(p(norm) / p("the")) in general English, in nats: 0 for "the", 12 for
    a word never seen. ``row`` is its row in the model's vectors, -1 without one.

    Fields derived from these are worked out once, since every stage asks for them: ``lexical`` says
    whether it is a word or a number, and so counts as a word of the text; ``content`` whether it
    carries meaning of its own (a number, or a word that isn't a function word); ``weight``, 0 to
    1.5, how much it tells about which sentence is meant: rare words, names and numbers most.
    """

    text: str
    norm: str
    stem: str
    shape: Literal["word", "number", "punctuation", "space"]
    function: bool
    capitalised: bool
    disguised: bool
    surprisal: float
    row: int
    lexical: bool = field(init=False, repr=False, compare=False)
    content: bool = field(init=False, repr=False, compare=False)
    weight: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lexical", self.shape in ("word", "number"))
        object.__setattr__(self, "content", self.lexical and (self.shape == "number" or not self.function))
        weight = 0.0
        if self.lexical and self.function:
            weight = 0.08
        elif self.lexical:
            salient = 1.25 if self.capitalised or self.shape == "number" else 1.0
            weight = salient * min(1.2, 0.2 + self.surprisal / 8.0)
        object.__setattr__(self, "weight", weight)

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the text, and the half-open range of its tokens in the document."""

    span: Span
    first: int
    last: int
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An article cut into tokens and sentences.

    ``words`` and ``starts`` have one entry a token, ``quoted`` says of each whether it
    lies in a direct quotation. Tokens never cross a mark; those in one belong to
    sentences with ``boilerplate`` set, which take no part in alignment. So do sentences that
    are ignored, one mark each. ``lexical`` are the indices of the tokens that are words or numbers
    outside such sentences, found once, since every stage asks for them.
    """

    article: Article
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    quoted: tuple[bool, ...]
    sentences: tuple[Sentence, ...]
    lexical: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        boilerplate = [range(one.first, one.last) for one in self.sentences if one.boilerplate]
        left_out = frozenset(chain.from_iterable(boilerplate))
        found = [index for index, word in enumerate(self.words) if word.lexical]
        lexical = [index for index in found if index not in left_out] if left_out else found
        object.__setattr__(self, "lexical", tuple(lexical))

    def span(self, first: int, last: int) -> Span:
        """Span of the tokens ``first`` up to, not including, ``last``; there must be at least one."""
        return Span(self.starts[first], self.starts[last - 1] + len(self.words[last - 1].text))

    def tokens(self, span: Span) -> range:
        """The tokens that begin in a span, which need not begin or end where a token does."""
        first = bisect_left(self.starts, span.start)
        return range(first, bisect_left(self.starts, span.end, first))

    @property
    def word_count(self) -> int:
        """Words and numbers outside boilerplate."""
        return len(self.lexical)

    @property
    def sentence_count(self) -> int:
        """Sentences outside boilerplate."""
        return sum(not sentence.boilerplate for sentence in self.sentences)

    @property
    def ignored_count(self) -> int:
        """Sentences left out because everybody shares them."""
        return sum(mark.kind == "ignored" for mark in self.article.marks)

    def __repr__(self) -> str:
        return f"Document({self.article.name!r}, {self.word_count} words, {self.sentence_count} sentences)"


# --- between processes ----------------------------------------------------------------------------


def pickled_by_value(*records: type[Any]) -> None:
    """Let frozen objects be pickled: compiled, a class with slots doesn't get from `dataclass` what that takes."""
    for record in records:
        copyreg.pickle(
            record,
            lambda one: (_put_together, (type(one), tuple([getattr(one, field.name) for field in fields(one)]))),
        )


def _put_together(kind: Any, values: tuple[Any, ...]) -> Any:
    record = kind.__new__(kind)
    for one, value in zip(fields(kind), values, strict=True):
        object.__setattr__(record, one.name, value)
    return record


pickled_by_value(Span, Mark, About, Article, Word, Sentence, Document)
