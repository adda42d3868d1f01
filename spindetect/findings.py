"""Findings on a suspect and a reference: sentence pairs, substitutions, and the result with its reasons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from spindetect.kinds import Kind
from spindetect.records import Document, Span, pickled_by_value

Relation = Literal["copied", "edited", "spun", "back_translated", "llm_rewritten", "independent"]
Verdict = Literal[
    "spun", "back_translated", "llm_rewritten", "edited", "copied", "independent", "natural", "undecided"
]

Caution = Literal[
    "no_words", "not_english", "too_short", "too_few_changes", "little_in_common", "reworded_throughout", "damaged",
    "another_register", "corrected", "other_facts", "mostly_cut", "both_ways", "swapped",
]  # fmt: skip
"""Why nothing is decided: a text has no words, isn't English or is too short; hardly a content word was exchanged;
the texts have little in common; one was reworded throughout, by whom can't be told; a text is damaged; one is in
older, legal or far plainer English; a learner was corrected; numbers differ throughout; the text was mostly cut;
the evidence points both ways; the reference is the copy, so that the files are probably swapped."""

RELATIONS: tuple[Relation, ...] = get_args(Relation)
MACHINE_RELATIONS: tuple[Relation, ...] = ("spun", "back_translated", "llm_rewritten")


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
    comparison that accuses nobody. ``rule`` is the reason for the kind alone.
    """

    kind: Kind
    suspect: Phrase
    reference: Phrase
    quoted: bool
    telltale: bool
    weight: float
    reason: str
    persuasion: float | None = None
    rule: str = field(default="", repr=False, compare=False)


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
    """The nats that one feature adds to the score's log-odds, and the sentence that explains it."""

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
    nats, of its making them of what stood there, at least -9.2 each. Guesses count by their probabilities.
    """

    name: str
    share: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Guess:
    """A phrase's possible wording before it was spun, and its probability (0 to 1) if it was."""

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
    """All findings on a suspect, with a reference or without; every view takes it.

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
    _later: dict[str, Callable[[], Result]] = field(init=False, repr=False, compare=False, default_factory=dict)

    if not TYPE_CHECKING:  # so that misspelt names are still found

        def __getattr__(self, name: str) -> Any:
            """A field that is worked out on first use (`spindetect.results.later`), and kept."""
            later = object.__getattribute__(self, "_later")
            if work := later.get(name):
                object.__setattr__(self, name, getattr(work(), name))
                later.pop(name, None)
            return object.__getattribute__(self, name)

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


AnyResult = TypeVar("AnyResult", bound=Result)


def _place(item: Substitution) -> tuple[int, int, int, int]:
    """Where a substitution stands, to sort by; comparing spans takes three times as long."""
    mine, theirs = item.suspect.span, item.reference.span
    return mine.start, mine.end, theirs.start, theirs.end


pickled_by_value(
    *(Phrase, Substitution, SentencePair, Passage, Contribution, Candidate, Undecided),
    *(DirectionSign, Direction, FamilyFit, Guess, Giveaway, Result),
)
