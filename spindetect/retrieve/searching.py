"""Where a suspect is from: candidates from an archive, each compared, the best of them reported.

suspect --find--> hits --compare--> comparisons --choose--> the best, with its direction
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from spindetect.align.sentences.pairs import sentences_of
from spindetect.archive.records import Record, content_digest
from spindetect.archive.searching import Hit, Searchable
from spindetect.archive.terms import visible_text
from spindetect.errors import SpindetectError
from spindetect.findings import Candidate
from spindetect.ignoring import ignoring, leave_out
from spindetect.pipeline import compare_documents
from spindetect.read.article import article_from_text, read_article
from spindetect.records import Article, Document, Span
from spindetect.results import Assessment, Comparison
from spindetect.retrieve.direction import with_direction
from spindetect.retrieve.pruning import Pruning, no_twins
from spindetect.retrieve.shared import many_stories, shared_sentences
from spindetect.score.verdict import VERSION
from spindetect.scorer import Scorer, name_of
from spindetect.settings import CANDIDATES
from spindetect.workers import attempts

if TYPE_CHECKING:
    from spindetect.scorer import Source

# Share of the suspect's words from which an article of the archive counts as a source.
_SOMETHING = 0.05
# Reuse from which a text is a version of another beyond the doubt that a nearer copy raises; and score and reuse
# from which that is so even where it can't be told which was first.
_SURE_VERSION = 80.0
_SURE_SCORE = 90.0
# Hits beyond the candidates that are looked at where some of these are honest versions of the suspect.
MOST_VERSIONS = 15
NO_SOURCE = "no source found"


@dataclass(frozen=True, slots=True)
class Match:
    """A suspect's best comparison, if there is any, and what went wrong with the others.

    Where no source was found, and it was asked for, ``best`` is the report on the suspect alone.
    """

    best: Comparison | Assessment | None
    errors: tuple[SpindetectError, ...] = ()


def best_of(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The comparison that a suspect is judged by, of those whose direction is told; None where there are none."""
    return max(comparisons, key=_standing(comparisons), default=None)


def _standing(comparisons: Sequence[Comparison]) -> Callable[[Comparison], tuple[float, ...]]:
    """The order by which the best of some comparisons is chosen.

    Nearest is the source that accounts for most of the suspect's words as they stand: a text is from its original
    rather than from another copy. But a copy of a spun text is a spun text, so what shows a machine's work comes
    before a nearer copy; and what is told to be a copy of the suspect comes after any source.
    """
    sources = [one for one in comparisons if _is_version(one) and not one.reference_is_copy]

    def standing(comparison: Comparison) -> tuple[float, ...]:
        return accuses(comparison), not (sources and comparison.reference_is_copy), *_rank(comparison)

    return standing


def accuses(comparison: Comparison) -> bool:
    """Whether a comparison shows that the suspect is a machine's version of the reference, whatever others show.

    Where it can't be told which was first, it takes more than an even chance that the suspect was made from the
    reference, and no doubt that a machine made one of the other.
    """
    direction, reuse = comparison.direction, comparison.reuse or 0.0
    if direction is None or comparison.score < 50.0 or reuse < _SURE_VERSION:
        return False
    surely = comparison.score >= _SURE_SCORE and reuse >= _SURE_SCORE
    return direction.copy == "suspect" or (direction.copy is None and direction.probability > 0.5 and surely)


def _rank(comparison: Comparison) -> tuple[float, ...]:
    """By what was kept of the suspect, then by the score, then by how much of the reference was taken over."""
    features = comparison.features
    changed = (1.0 - features["identical_sentences"]) * (1.0 - features["kept_words"])
    kept, taken = round(comparison.coverage * (1.0 - changed), 2), round(features["reference_coverage"], 2)
    return kept, round(comparison.score), taken, comparison.reuse or 0.0


class Search:
    """Looks suspects up in an archive: ``candidates`` articles are compared with each.

    Sentences from a text of ``ignore``, and those that many other stories of the archive have, take no part.
    ``thrifty`` spares candidates that can't be the source: see `pruning`. With ``alone`` a suspect is first
    scored alone: what its giveaways may have said is looked for as well, and where no source is found the match
    is the report on the suspect alone.
    """

    def __init__(
        self,
        scorer: Scorer,
        archive: Searchable,
        candidates: int = CANDIDATES,
        ignore: Sequence[Source] = (),
        thrifty: bool = False,
        alone: bool = False,
    ) -> None:
        if candidates < 1:
            raise ValueError(f"candidates is {candidates}, but must be at least 1.")
        self.scorer = scorer
        self.thrifty = thrifty
        self.alone = alone
        self.archive = archive
        self.candidates = candidates
        self.ignore = tuple(read_article(source, settings=scorer.settings) for source in ignore)
        searching = f"|shared:{many_stories(len(archive))}|candidates:{candidates}{'|thrifty' if thrifty else ''}"
        self._signature = f"{scorer.signature}{ignoring(self.ignore)}{searching}"

    def best(self, suspect: Source) -> Comparison:
        """The best comparison of a suspect; raises what went wrong when that was all that came of it."""
        found = self.match_shown(suspect)
        if not isinstance(found.best, Comparison):
            raise found.errors[0]
        return found.best

    def match_shown(self, suspect: Source, itself: Record | None = None) -> Match:
        """The suspect's match with all that a reader is shown of it (`Scorer.examined`), which rows don't need."""
        found = self.match(suspect, itself)
        best = found.best
        return replace(found, best=self.scorer.examined(best)) if isinstance(best, Comparison) else found

    def match(self, suspect: Source, itself: Record | None = None) -> Match:
        """The suspect's best comparison with an article of the archive, and what went wrong with others.

        Where the suspect is in the archive too, ``itself`` is its record there, which isn't its source.
        """
        try:
            document = self.scorer.document(suspect, self.ignore)
            report = self.scorer.score(suspect, self.ignore) if self.alone else None
            text = visible_text(document.article, self.scorer.model.vocabulary.knows)
            sought = with_originals(text, report)
            hits = self._hits(document, sought, itself, self.candidates)
            attempts = self._attempts(document, text, hits)
            if versions := [hit for one, hit in attempts if is_honest_version(one)]:
                known = {hit.record.digest for hit in hits}
                most = self.candidates + MOST_VERSIONS
                further = [
                    hit for hit in self._hits(document, sought, itself, most) if hit.record.digest not in known
                ]
                attempts += self._attempts(document, text, no_twins(further, versions)[: len(versions)])
        except SpindetectError as error:
            return Match(None, (error,))
        errors = tuple(one for one, _ in attempts if isinstance(one, SpindetectError))
        pairs = [(one, hit) for one, hit in attempts if isinstance(one, Comparison)]
        if hits and not pairs:
            return Match(None, errors)
        best = self._chosen(document, pairs)
        if report is None or is_source(best):
            return Match(best, errors)
        warnings = (*report.warnings, "the archive has no source of the suspect")
        return Match(replace(report, warnings=warnings), errors)

    def _hits(self, suspect: Document, text: str, itself: Record | None, most: int) -> list[Hit]:
        """The archive's likeliest sources of a suspect, whose visible text is ``text``."""
        limit = most + (itself is not None)
        digest = content_digest(suspect.article.text)
        found = self.archive.find_text(text, limit, self.scorer.model.lexicon, digest)
        others = [
            hit
            for hit in found
            if itself is None or (hit.record.id, hit.record.digest) != (itself.id, itself.digest)
        ]
        return others[:most]

    def _attempts(
        self, suspect: Document, text: str, hits: Sequence[Hit]
    ) -> list[tuple[Comparison | SpindetectError, Hit]]:
        """Each hit, best first, with its comparison or what went wrong; those not worth it are left out."""
        attempts: list[tuple[Comparison | SpindetectError, Hit]] = []
        coverage = 0.0
        pruning = Pruning(text, self.archive.index) if self.thrifty else None
        for hit in hits:
            if pruning and not pruning.worth_comparing(hit, coverage):
                continue
            attempt = self._attempt(suspect, hit, hits)
            attempts.append((attempt, hit))
            if isinstance(attempt, Comparison) and not is_honest_version(attempt):
                coverage = max(coverage, attempt.coverage)
        return attempts

    def _attempt(self, suspect: Document, hit: Hit, hits: Sequence[Hit]) -> Comparison | SpindetectError:
        """Compare with one of the hits, and again without what many other stories have as well."""
        try:
            reference = self._reference(hit)
            found = self._comparison(suspect, reference)
            aligned = {index for pair in found.alignment for index in sentences_of(reference, pair.reference)}
            shared = shared_sentences(
                reference, hit.record.id, sorted(aligned), self.archive, partial(self._references, hits)
            )
            if shared:
                spans = [reference.sentences[index].span for index in shared]
                answers = {
                    index: next(iter(shared.values()))
                    for pair in found.alignment
                    if _within(pair.reference, spans)
                    for index in sentences_of(suspect, pair.suspect)
                }
                found = self._comparison(leave_out(suspect, answers), leave_out(reference, shared))
            return with_direction(self.scorer.in_context(found), self.scorer)
        except SpindetectError as error:
            return error

    def _reference(self, hit: Hit) -> Document:
        """The archived article, ready to be compared."""
        article = article_from_text(self.archive.text_of(hit.record), hit.record.name)
        return self.scorer.document(replace(article, published=hit.record.published), self.ignore)

    def _references(self, hits: Iterable[Hit]) -> Iterator[Document]:
        """Those of some archived articles whose texts are at hand and can be read."""
        for hit in hits:
            if hit.record.text is not None:
                with suppress(SpindetectError):
                    yield self._reference(hit)

    def _comparison(self, suspect: Document, reference: Document) -> Comparison:
        scorer = self.scorer
        return compare_documents(suspect, reference, scorer.model, self._signature, scorer.pair_counts)

    def _chosen(self, suspect: Document, pairs: Sequence[tuple[Comparison, Hit]]) -> Comparison:
        """The best of the comparisons, with the list of all of them and which side is the copy."""
        if not pairs:
            nothing = Article("", NO_SOURCE, warnings=("the archive has no article with words of the suspect",))
            return self._comparison(suspect, self.scorer.document(nothing))
        standing = _standing([comparison for comparison, _ in pairs])
        ranked = sorted(pairs, key=lambda pair: standing(pair[0]), reverse=True)
        candidates = tuple(_candidate(comparison, hit) for comparison, hit in ranked)
        return replace(self.scorer.with_family(ranked[0][0]), candidates=candidates)


def is_honest_version(attempt: Comparison | SpindetectError) -> bool:
    """Whether people may have made one text from the other; both may be copies of a machine's work, then."""
    if isinstance(attempt, SpindetectError):
        return False
    return attempt.score < 50.0 and _is_version(attempt)


def _is_version(comparison: Comparison) -> bool:
    return (comparison.reuse or 0.0) >= 100.0 * VERSION


def is_source(comparison: Comparison) -> bool:
    """Whether the reference is where some of the suspect comes from, as far as can be told."""
    if _is_version(comparison):
        return True  # whatever is aligned
    return comparison.verdict != "independent" and comparison.coverage >= _SOMETHING


def with_originals(text: str, report: Assessment | None) -> str:
    """A text to look for, with what its giveaways may have said."""
    originals = [one.original.text for one in report.giveaways if one.original] if report else []
    return "\n".join([text, *originals])


def _within(span: Span, spans: Sequence[Span]) -> bool:
    """Whether most of ``span`` lies in ``spans``."""
    return 2 * sum(span.overlap(other) for other in spans) > len(span)


def _candidate(comparison: Comparison, hit: Hit) -> Candidate:
    record = hit.record
    return Candidate(
        id=record.id,
        title=record.title,
        url=record.url,
        published=record.published,
        outlet=record.outlet,
        score=comparison.score,
        verdict=comparison.verdict,
        coverage=comparison.coverage,
        reuse=comparison.reuse or 0.0,
    )


# --- many suspects --------------------------------------------------------------


def match_many(search: Search, suspects: Iterable[Source], jobs: int = 1) -> Iterator[Match]:
    """Each suspect's match, lazily and in order, on ``jobs`` processes."""
    tried = attempts(search.match_shown, suspects, jobs, lambda suspect: f"score {name_of(suspect)}")
    return (one if isinstance(one, Match) else Match(None, (one,)) for one in tried)
