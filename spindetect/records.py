"""The nouns of spindetect. Read this file first: everything else turns one of these into the next.

    Article --segment--> Document --align--> SentencePair --classify--> Substitution
                                      \\--------------- score --------> Comparison

All spans are half-open and count Unicode code points of the text *as read*, so
``article.text[span.start:span.end]`` is always the stretch that is meant.
"""

from __future__ import annotations

import copyreg
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, fields
from itertools import chain
from math import fsum
from typing import Any, Literal, get_args

from spindetect.kinds import Kind

Relation = Literal["copied", "edited", "spun", "back_translated", "llm_rewritten", "independent"]
Verdict = Literal[
    "spun", "back_translated", "llm_rewritten", "edited", "copied", "independent", "natural", "undecided"
]

Caution = Literal[
    "no_words",
    "not_english",
    "too_short",
    "little_in_common",
    "reworded_throughout",
    "damaged",
    "both_ways",
    "swapped",
]
"""Why nothing is decided: a text has no words, isn't English or is too short; the texts have little in common; one
was reworded throughout, by whom can't be told; a text is damaged; the evidence points both ways; the reference is
the copy, so that the files are probably swapped."""

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
    surprisal: float
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
        return salient * min(1.2, 0.2 + self.surprisal / 8.0)


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


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in a text, with its span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """One phrase of the reference and the phrase that stands for it in the suspect.

    ``weight`` is what the item adds to the score's log-odds, in nats; ``reason`` says
    in words which rule chose the kind (and the tell-tale flag, where set). ``persuasion`` (0 to 1) is how
    probably a reader finds it more telling than a typical one; None where that wasn't worked out, as of a
    comparison that accuses nobody.
    """

    kind: Kind
    suspect: Phrase
    reference: Phrase
    quoted: bool
    telltale: bool
    weight: float
    reason: str
    persuasion: float | None = None


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


@dataclass(frozen=True, slots=True)
class Undecided:
    """A reason to decide nothing, the text that it is said of (None: both), and the sentence for a person."""

    reason: Caution
    side: Literal["suspect", "reference"] | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An archived article that the suspect was compared with, and what came of it.

    ``url``, ``published`` and ``outlet`` are as the archive has them; ``score`` and ``reuse`` (0 to 100)
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
    reuse: float = 0.0


@dataclass(frozen=True, slots=True)
class DirectionSign:
    """One thing that says which side is the copy: ``nats`` of log-odds, above 0 for the suspect.

    ``sign`` is ``published`` (the times), or a sign in the words; what the log-odds would lose without it are its
    nats, so that they needn't add up.
    """

    sign: str
    nats: float
    explanation: str


@dataclass(frozen=True, slots=True)
class Direction:
    """Which side was made from the other: ``copy`` is the copy, or None if that can't be told; ``reason`` says why.

    ``probability`` (0 to 1) is the probability that the suspect is the copy, if either is; ``signs`` are the
    evidence for it, the strongest first.
    """

    copy: Literal["suspect", "reference"] | None
    reason: str
    probability: float = 0.5
    signs: tuple[DirectionSign, ...] = ()


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
class Guess:
    """What a phrase may have said before it was spun, and how probable that is (0 to 1) if it was."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A phrase of a suspect that gives it away, with no reference to compare it with.

    ``probability`` (0 to 1) is that of a spinner's having put it in, were the text known to be spun.
    ``weight`` is what it adds to the score's log-odds, in nats. ``guesses`` are the likeliest
    originals, best first, at most three; there may be none. ``persuasion`` is as of a `Substitution`.
    """

    kind: Kind
    suspect: Phrase
    quoted: bool
    telltale: bool
    probability: float
    weight: float
    reason: str
    guesses: tuple[Guess, ...] = ()
    persuasion: float | None = None

    @property
    def original(self) -> Guess | None:
        """The likeliest original, if any is likelier than not."""
        return self.guesses[0] if self.guesses and self.guesses[0].probability >= 0.5 else None


@dataclass(frozen=True, slots=True)
class Result:
    """What was found out about a suspect, with a reference or without; every view takes it.

    Users meet it as a `spindetect.results.Comparison` or a `spindetect.results.Assessment`, which add the views.

    ``relations`` maps each relation that was considered to its probability (they sum to 1).
    ``contributions`` and ``intercept`` sum to the log-odds of the score. ``reuse`` says how probably the suspect is
    a version of the reference, by whatever means, 0 to 100: copies, spins, translations and rewrites all have it
    high, other reports of the same event low; None without a reference. ``reuse_contributions`` and
    ``reuse_intercept`` sum to its log-odds. ``undecided`` are the reasons for the verdict of that name.
    ``families`` has the fit of every
    known family of spinners, likeliest first, where a machine's substitutions are enough to tell, and ``family``
    the name of the one that made them, or "unknown family"; None where that can't be told.

    With a reference, ``alignment`` holds the sentence pairs and ``coverage`` (0 to 1) is the share of the suspect
    that they account for. Where the reference was found in an archive, ``candidates`` are all that were compared,
    best first (this one), and ``direction`` says which side is the copy; None elsewhere. ``giveaways`` are phrases
    that give the suspect away where it has no counterpart in the reference; they weigh nothing. Without a
    reference, ``reference`` is an empty document, and ``giveaways`` are the phrases that weigh most.
    """

    suspect: Document
    reference: Document
    features: dict[str, float]
    relations: dict[str, float]
    contributions: tuple[Contribution, ...]
    intercept: float
    verdict: Verdict
    signature: str
    warnings: tuple[str, ...]
    alignment: tuple[SentencePair, ...] = ()
    coverage: float = 0.0
    giveaways: tuple[Giveaway, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    direction: Direction | None = None
    families: tuple[FamilyFit, ...] = ()
    family: str | None = None
    reuse: float | None = None
    reuse_contributions: tuple[Contribution, ...] = ()
    reuse_intercept: float = 0.0
    undecided: tuple[Undecided, ...] = ()
    _passages: list[tuple[Passage, ...]] = field(init=False, repr=False, compare=False, default_factory=list)

    @property
    def reference_free(self) -> bool:
        """Whether the suspect was scored without a reference."""
        return False

    @property
    def probability(self) -> float:
        """That a machine reworded the text: the probability of the machine relations together, 0 to 1."""
        return min(1.0, fsum([self.relations.get(relation, 0.0) for relation in MACHINE_RELATIONS]))

    @property
    def score(self) -> float:
        """Spin score, 0 to 100: 100 times the `probability`."""
        return 100.0 * self.probability

    @property
    def reference_is_copy(self) -> bool:
        """Whether the reference was told to be the copy, so that the evidence doesn't speak against the suspect."""
        return self.direction is not None and self.direction.copy == "reference"

    @property
    def substitutions(self) -> tuple[Substitution, ...]:
        """All substitutions, in the suspect's order."""
        found = [item for pair in self.alignment for item in pair.substitutions]
        return tuple(sorted(found, key=_place))


def _place(item: Substitution) -> tuple[int, int, int, int]:
    """Where a substitution stands, to sort by; comparing spans takes three times as long."""
    mine, theirs = item.suspect.span, item.reference.span
    return mine.start, mine.end, theirs.start, theirs.end


# --- between processes ----------------------------------------------------------------------------


def pickled_by_value(*records: type[Any]) -> None:
    """Let frozen objects be pickled: compiled, a class with slots doesn't get from `dataclass` what that takes."""
    for record in records:
        copyreg.pickle(record, lambda one: (_put_together, (type(one), _values(one))))


def _values(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, one.name) for one in fields(record)])


def _put_together(kind: Any, values: tuple[Any, ...]) -> Any:
    record = kind.__new__(kind)
    for one, value in zip(fields(kind), values, strict=True):
        object.__setattr__(record, one.name, value)
    return record


pickled_by_value(
    *(Span, Mark, About, Article, Word, Sentence, Document, Phrase, Substitution, SentencePair, Passage),
    *(Contribution, Candidate, Undecided, DirectionSign, Direction, FamilyFit, Guess, Giveaway, Result),
)
