"""The nouns of spindetect. Read this file first: everything else turns one of these into the next.

    Article --segment--> Document --align--> SentencePair --classify--> Substitution
                                      \\--------------- score --------> Comparison

All spans are half-open and count Unicode code points of the text *as read*, so
``article.text[span.start:span.end]`` is always the stretch that is meant.
"""

from __future__ import annotations

import copyreg
from dataclasses import dataclass, field, fields
from itertools import chain
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["name", "term", "demonym", "synonym", "function", "number", "form", "disguise", "rewrite"]
Relation = Literal["copied", "edited", "spun", "back_translated", "llm_rewritten", "independent"]
Verdict = Literal[
    "spun", "back_translated", "llm_rewritten", "edited", "copied", "independent", "natural", "undecided"
]

KINDS: tuple[Kind, ...] = get_args(Kind)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
MACHINE_RELATIONS: tuple[Relation, ...] = ("spun", "back_translated", "llm_rewritten")


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
    """A stretch of the text as read that is not the article itself, and why it is thought so.

    ``furniture`` is what a web page puts around an article (share lists, bylines,
    "Leave a Reply"); ``markup`` is syntax (a Markdown link's address, an HTML tag);
    ``ignored`` is a sentence that everybody shares (boilerplate, a press release).
    """

    span: Span
    kind: Literal["furniture", "markup", "ignored"]
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """What reading gave: a text, where it came from, and which parts of it aren't the article.

    ``text`` is the text as read: decoded, without a byte-order mark, otherwise
    unchanged; of an HTML page it is the main text that was extracted. ``marks``
    are sorted by start and don't overlap. ``published`` is when it says that it was
    published, as it says it; None when it doesn't.
    """

    text: str
    name: str = "text"
    format: Literal["text", "markdown", "html"] = "text"
    encoding: str | None = None
    marks: tuple[Mark, ...] = ()
    warnings: tuple[str, ...] = ()
    published: str | None = None

    def __repr__(self) -> str:
        return f"Article({self.name!r}, {self.format}, {len(self.text)} characters)"

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import article_html

        return article_html(self)


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of a token's spelling; one object is shared by all tokens spelled alike.

    ``norm`` is lower-case with quotes and dashes unified and disguises undone,
    ``stem`` its Snowball stem (irregular forms mapped to their base first). ``rarity``
    is -log(p(norm) / p("the")) in general English, in nats: 0 for "the", 12 for
    a word never seen. ``row`` is its row in the model's vectors, -1 without one.

    What follows from these is worked out once, since every stage asks for it: ``lexical`` says
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
    rarity: float
    row: int
    lexical: bool = field(init=False, repr=False, compare=False)
    content: bool = field(init=False, repr=False, compare=False)
    weight: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lexical", self.shape in ("word", "number"))
        object.__setattr__(self, "content", self.lexical and (self.shape == "number" or not self.function))
        object.__setattr__(self, "weight", self._weight())

    def _weight(self) -> float:
        if not self.lexical:
            return 0.0
        if self.function:
            return 0.08
        salient = 1.25 if self.capitalised or self.shape == "number" else 1.0
        return salient * min(1.2, 0.2 + self.rarity / 8.0)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its span in the text, and the half-open range of its tokens in the document."""

    span: Span
    first: int
    last: int
    furniture: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """An article cut into tokens and sentences.

    ``words`` and ``starts`` have one entry a token, ``quoted`` says of each whether it
    lies in a direct quotation. Tokens never cross a mark; those in one belong to
    sentences with ``furniture`` set, which take no part in alignment. So do sentences that
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
        furniture = [range(one.first, one.last) for one in self.sentences if one.furniture]
        left_out = frozenset(chain.from_iterable(furniture))
        found = [index for index, word in enumerate(self.words) if word.lexical]
        lexical = [index for index in found if index not in left_out] if left_out else found
        object.__setattr__(self, "lexical", tuple(lexical))

    def span(self, first: int, last: int) -> Span:
        """Span of the tokens ``first`` up to, not including, ``last``; there must be at least one."""
        return Span(self.starts[first], self.starts[last - 1] + len(self.words[last - 1].text))

    @property
    def word_count(self) -> int:
        """Words and numbers outside page furniture."""
        return len(self.lexical)

    @property
    def sentence_count(self) -> int:
        """Sentences outside page furniture."""
        return sum(not sentence.furniture for sentence in self.sentences)

    @property
    def ignored_count(self) -> int:
        """Sentences left out because everybody shares them."""
        return sum(mark.kind == "ignored" for mark in self.article.marks)

    def __repr__(self) -> str:
        return f"Document({self.article.name!r}, {self.word_count} words, {self.sentence_count} sentences)"

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import document_html

        return document_html(self)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in a text, with its span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """One phrase of the reference and the phrase that stands for it in the suspect.

    ``weight`` is what the item adds to the score's log-odds, in nats; ``reason`` says
    in words which rule chose the kind (and the tell-tale flag, where set).
    """

    kind: Kind
    suspect: Phrase
    reference: Phrase
    quoted: bool
    telltale: bool
    weight: float
    reason: str

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import substitution_html

        return substitution_html(self)


def _place(item: Substitution) -> tuple[int, int, int, int]:
    """Where a substitution stands, to sort by; comparing spans takes three times as long."""
    mine, theirs = item.suspect.span, item.reference.span
    return mine.start, mine.end, theirs.start, theirs.end


@dataclass(frozen=True, slots=True)
class SentencePair:
    """One or two sentences of the suspect aligned with one or two of the reference.

    ``similarity`` is in 0 to 1. ``added`` are stretches of the suspect, ``dropped``
    stretches of the reference, that nothing on the other side answers to.
    """

    suspect: Span
    reference: Span
    similarity: float
    substitutions: tuple[Substitution, ...] = ()
    added: tuple[Span, ...] = ()
    dropped: tuple[Span, ...] = ()

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import pair_html

        return pair_html(self)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of reuse: neighbouring sentences of the suspect that draw on neighbouring ones of the reference."""

    suspect: Span
    reference: Span


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to the score's log-odds (in nats), and the sentence that explains it."""

    feature: str
    value: float
    nats: float
    explanation: str

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import contribution_html

        return contribution_html(self)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An archived article that the suspect was compared with, and what came of it.

    ``url``, ``published`` and ``outlet`` are as the archive has them; ``score`` (0 to 100)
    and ``coverage`` (0 to 1) are those of the comparison.
    """

    id: str
    title: str | None
    url: str | None
    published: str | None
    outlet: str | None
    score: float
    verdict: Verdict
    coverage: float


@dataclass(frozen=True, slots=True)
class Direction:
    """Which side is the copy, and why; ``copy`` is None when that can't be told, and ``reason`` says why not."""

    copy: Literal["suspect", "reference"] | None
    reason: str


@dataclass(frozen=True, slots=True)
class FamilyFit:
    """How well a known family of spinners fits a text's substitutions.

    ``share`` (0 to 1) of them are such as the family makes; ``log_likelihood`` is the mean log-probability, in
    nats, of its making them of what stood there, at least -9.2 each.
    """

    name: str
    share: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing a suspect with a reference; score, views and reports all take it.

    ``relations`` maps each relation to its probability (they sum to 1).
    ``contributions`` and ``intercept`` sum to the log-odds of the score. Where the
    reference was found in an archive, ``candidates`` are all that were compared, best first
    (this one), and ``direction`` says which side is the copy; None elsewhere. ``families`` has the fit of every
    known family of spinners, likeliest first, where a machine's substitutions are enough to tell, and ``family``
    the name of the one that made them, or "unknown family"; None where that can't be told.
    """

    suspect: Document
    reference: Document
    alignment: tuple[SentencePair, ...]
    features: dict[str, float]
    relations: dict[Relation, float]
    contributions: tuple[Contribution, ...]
    intercept: float
    verdict: Verdict
    coverage: float
    signature: str
    warnings: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    direction: Direction | None = None
    families: tuple[FamilyFit, ...] = ()
    family: str | None = None
    _passages: list[tuple[Passage, ...]] = field(init=False, repr=False, compare=False, default_factory=list)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Stretches of reuse, in the suspect's order; found when first asked for: a search shows one of many."""
        if not self._passages:
            from spindetect.align.passages import passages_of

            self._passages.append(passages_of(self))
        return self._passages[0]

    @property
    def score(self) -> float:
        """Spin score, 0 to 100: 100 times the probability of the three machine relations together."""
        return 100.0 * min(1.0, fsum(self.relations[relation] for relation in MACHINE_RELATIONS))

    @property
    def reference_is_copy(self) -> bool:
        """Whether the reference was told to be the copy, so that the evidence doesn't speak against the suspect."""
        return self.direction is not None and self.direction.copy == "reference"

    @property
    def substitutions(self) -> tuple[Substitution, ...]:
        """All substitutions, in the suspect's order."""
        found = [item for pair in self.alignment for item in pair.substitutions]
        return tuple(sorted(found, key=_place))

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the form of ``spindetect/report/report.schema.json``."""
        from spindetect.report.data import report_dict

        return report_dict(self)

    def to_html(self) -> str:
        """The report as one self-contained HTML page, to read, print and send."""
        from spindetect.report.html.page import report_page

        return report_page(self)

    def to_frame(
        self, table: Literal["substitutions", "alignment", "contributions"] = "substitutions"
    ) -> DataFrame:
        """One of the comparison's tables as a pandas DataFrame; see `spindetect.report.frames.to_frame`.

        Raises `MissingExtra` without pandas and ``ValueError`` for an unknown table.
        """
        from spindetect.report.frames import to_frame

        return to_frame(self, table)

    def __repr__(self) -> str:
        names = f"{self.suspect.article.name!r}, {self.reference.article.name!r}"
        return f"Comparison({names}, score={self.score:.2f}, verdict={self.verdict!r})"

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import comparison_html

        return comparison_html(self)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a phrase may have said before it was spun, and how probable that is (0 to 1) if it was."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A phrase of a suspect that gives it away, with no reference to compare it with.

    ``probability`` (0 to 1) is that of a spinner's having put it in, were the text known to be spun.
    ``weight`` is what it adds to the score's log-odds, in nats. ``guesses`` are the likeliest
    originals, best first, at most three; there may be none.
    """

    kind: Kind
    suspect: Phrase
    quoted: bool
    telltale: bool
    probability: float
    weight: float
    reason: str
    guesses: tuple[Guess, ...] = ()

    @property
    def original(self) -> Guess | None:
        """The likeliest original, if any is likelier than not."""
        return self.guesses[0] if self.guesses and self.guesses[0].probability >= 0.5 else None

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import giveaway_html

        return giveaway_html(self)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of scoring a suspect alone; as with a `Comparison`, every view takes it.

    ``probability`` (0 to 1) is that the text was spun. ``contributions`` and ``intercept`` sum to its
    log-odds, and every word has its exact share in them: the ``giveaways`` those that weigh most.
    ``families`` and ``family`` are as in a `Comparison`, by what the giveaways most likely said.
    """

    suspect: Document
    probability: float
    verdict: Verdict
    giveaways: tuple[Giveaway, ...]
    features: dict[str, float]
    contributions: tuple[Contribution, ...]
    intercept: float
    signature: str
    warnings: tuple[str, ...]
    families: tuple[FamilyFit, ...] = ()
    family: str | None = None

    @property
    def score(self) -> float:
        """Spin score, 0 to 100: 100 times the probability."""
        return 100.0 * self.probability

    def search_terms(self, most: int = 5) -> list[str]:
        """The best queries for a search engine to find the source with, best first.

        They are made of what spinners leave alone (names, numbers, rare words) and of what was restored.
        """
        from spindetect.alone.restoring import search_terms

        return search_terms(self, most)

    def restored(self) -> str:
        """The text as read, with the likeliest original in the place of every phrase that has one."""
        from spindetect.alone.restoring import restored

        return restored(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the form of ``spindetect/report/report.schema.json``."""
        from spindetect.report.data import alone_dict

        return alone_dict(self)

    def to_html(self) -> str:
        """The report as one self-contained HTML page, to read, print and send."""
        from spindetect.report.html.page import alone_page

        return alone_page(self)

    def __repr__(self) -> str:
        return f"Report({self.suspect.article.name!r}, score={self.score:.2f}, verdict={self.verdict!r})"

    def _repr_html_(self) -> str:
        from spindetect.report.notebook import report_html

        return report_html(self)


# --- between processes ----------------------------------------------------------------------------

# Compiled, a class with slots doesn't get from `dataclass` what lets a frozen object be pickled.
for _record in (
    Span, Mark, Article, Word, Sentence, Document, Phrase, Substitution, SentencePair, Passage, Contribution,
    Candidate, Direction, FamilyFit, Comparison, Guess, Giveaway, Report,
):  # fmt: skip
    copyreg.pickle(_record, lambda record: (_put_together, (type(record), _values(record))))


def _values(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, one.name) for one in fields(record)])


def _put_together(kind: Any, values: tuple[Any, ...]) -> Any:
    record = kind.__new__(kind)
    for one, value in zip(fields(kind), values, strict=True):
        object.__setattr__(record, one.name, value)
    return record
