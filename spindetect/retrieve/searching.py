"""Where a suspect is from: candidates from an archive, each compared, the best of them reported.

suspect --find--> hits --compare--> comparisons --choose--> the best, with its direction
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spindetect.align.pairs import sentences_of
from spindetect.archive.archive import Archive
from spindetect.archive.records import Record, content_digest
from spindetect.archive.searching import Hit
from spindetect.archive.terms import visible_text
from spindetect.errors import SpindetectError
from spindetect.ignoring import ignoring, leave_out
from spindetect.pipeline import compare_documents
from spindetect.read.article import article_from_text, read_article
from spindetect.records import Article, Candidate, Document, Span
from spindetect.results import Assessment, Comparison
from spindetect.retrieve.direction import reverse_telltales, tell_direction, worth_reversing
from spindetect.retrieve.pruning import Thrift
from spindetect.retrieve.shared import many_stories, shared_sentences
from spindetect.score.verdict import VERSION
from spindetect.scorer import Scorer, name_of
from spindetect.workers import attempts

if TYPE_CHECKING:
    from spindetect.archive.shards import Shards
    from spindetect.scorer import Source

# Share of the suspect's words from which an article of the archive counts as a source.
_SOMETHING = 0.05
NO_SOURCE = "no source found"


@dataclass(frozen=True, slots=True)
class Match:
    """A suspect's best comparison, if there is any, and what went wrong with the others.

    Where no source was found, and it was asked for, ``best`` is the report on the suspect alone.
    """

    best: Comparison | Assessment | None
    errors: tuple[SpindetectError, ...] = ()


def best_of(comparisons: Sequence[Comparison]) -> Comparison | None:
    """The comparison with the source that the suspect is nearest to; the higher score decides between equals.

    Nearest is the one that accounts for most of the suspect's words as they stand: a text is
    from its original rather than from another copy of it, whatever was done to either. Shares
    within the same hundredth count as equal: that is a word or two.
    """
    return max(comparisons, key=_rank, default=None)


def _rank(comparison: Comparison) -> tuple[float, ...]:
    """By what was kept of the suspect, then by the score, then by how much of the reference was taken over."""
    kept = round(comparison.coverage * comparison.features["kept_words"], 2)
    taken = round(comparison.features["reference_coverage"], 2)
    return kept, round(comparison.score), taken, comparison.reuse or 0.0


class Search:
    """Looks suspects up in an archive: ``candidates`` articles are compared with each.

    What anything has from a text of ``ignore``, and what stands in many other stories of the
    archive, takes no part. ``thrifty`` spares candidates that can't be the source: see `pruning`.
    With ``alone`` a suspect is first scored alone: what its giveaways may have said is looked for as
    well, and where no source is found the match is the report on the suspect alone.
    """

    def __init__(
        self,
        scorer: Scorer,
        archive: Archive | Shards,
        candidates: int = 5,
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
        self._signature = f"{scorer.signature}{ignoring(self.ignore)}{self._searching(len(archive))}"

    def _searching(self, articles: int) -> str:
        """What searching an archive of so many articles adds to the signature."""
        thrift = "|thrifty" if self.thrifty else ""
        return f"|shared:{many_stories(articles)}|candidates:{self.candidates}{thrift}"

    def best(self, suspect: Source) -> Comparison:
        """The best comparison of a suspect; raises what went wrong when that was all that came of it."""
        found = self.match(suspect)
        if not isinstance(found.best, Comparison):
            raise found.errors[0]
        return found.best

    def match(self, suspect: Source, itself: Record | None = None) -> Match:
        """The suspect's best comparison with an article of the archive, and what went wrong with others.

        Where the suspect is in the archive too, ``itself`` is its record there, which isn't its source.
        """
        try:
            document = self.scorer.document(suspect, self.ignore)
            report = self.scorer.score(suspect, self.ignore) if self.alone else None
            text = visible_text(document.article, self.scorer.model.vocabulary.knows)
            hits = self._hits(document, with_originals(text, report), itself)
        except SpindetectError as error:
            return Match(None, (error,))
        attempts = self._attempts(document, text, hits)
        errors = tuple(one for one, _ in attempts if isinstance(one, SpindetectError))
        pairs = [(one, hit) for one, hit in attempts if isinstance(one, Comparison)]
        if hits and not pairs:
            return Match(None, errors)
        best = self._chosen(document, pairs)
        return Match(best if report is None or is_source(best) else _unfound(report), errors)

    def _hits(self, suspect: Document, text: str, itself: Record | None) -> list[Hit]:
        """The archive's likeliest sources of a suspect, whose visible text is ``text``."""
        limit = self.candidates + (itself is not None)
        digest = content_digest(suspect.article.text)
        found = self.archive.find_text(text, limit, self.scorer.model.lexicon, digest)
        others = [
            hit
            for hit in found
            if itself is None or (hit.record.id, hit.record.digest) != (itself.id, itself.digest)
        ]
        return others[: self.candidates]

    def _attempts(
        self, suspect: Document, text: str, hits: Sequence[Hit]
    ) -> list[tuple[Comparison | SpindetectError, Hit]]:
        """Each hit, best first, with its comparison or what went wrong; those not worth it are left out."""
        attempts: list[tuple[Comparison | SpindetectError, Hit]] = []
        coverage = 0.0
        thrift = Thrift(text, self.archive.index) if self.thrifty else None
        for hit in hits:
            if thrift and not thrift.worth_comparing(hit, coverage):
                continue
            attempt = self._attempt(suspect, hit)
            attempts.append((attempt, hit))
            if isinstance(attempt, Comparison):
                coverage = max(coverage, attempt.coverage)
        return attempts

    def _attempt(self, suspect: Document, hit: Hit) -> Comparison | SpindetectError:
        try:
            return self._compare(suspect, self._reference(hit), hit)
        except SpindetectError as error:
            return error

    def _reference(self, hit: Hit) -> Document:
        """The archived article, ready to be compared."""
        article = article_from_text(self.archive.text_of(hit.record), hit.record.name)
        return self.scorer.document(replace(article, published=hit.record.published), self.ignore)

    def _compare(self, suspect: Document, reference: Document, hit: Hit) -> Comparison:
        """Compare, and again without what many other stories have as well."""
        found = self._comparison(suspect, reference)
        aligned = {index for pair in found.alignment for index in sentences_of(reference, pair.reference)}
        shared = shared_sentences(reference, hit.record.id, sorted(aligned), self.archive)
        if not shared:
            return found
        spans = [reference.sentences[index].span for index in shared]
        answers = {
            index: next(iter(shared.values()))
            for pair in found.alignment
            if _within(pair.reference, spans)
            for index in sentences_of(suspect, pair.suspect)
        }
        return self._comparison(leave_out(suspect, answers), leave_out(reference, shared))

    def _comparison(self, suspect: Document, reference: Document) -> Comparison:
        return compare_documents(suspect, reference, self.scorer.model, self._signature)

    def _chosen(self, suspect: Document, pairs: Sequence[tuple[Comparison, Hit]]) -> Comparison:
        """The best of the comparisons, with the list of all of them and which side is the copy."""
        if not pairs:
            nothing = Article("", NO_SOURCE, warnings=("the archive has no article with words of the suspect",))
            return self._comparison(suspect, self.scorer.document(nothing))
        ranked = sorted(pairs, key=lambda pair: _rank(pair[0]), reverse=True)
        best = ranked[0][0]
        reverse = reverse_telltales(best, self.scorer.model.lexicon) if worth_reversing(best) else None
        candidates = tuple(_candidate(comparison, hit) for comparison, hit in ranked)
        named = self.scorer.with_family(best)
        return replace(named, candidates=candidates, direction=tell_direction(best, reverse))


def is_source(comparison: Comparison) -> bool:
    """Whether the reference is where some of the suspect comes from, as far as can be told."""
    if (comparison.reuse or 0.0) >= 100.0 * VERSION:
        return True  # whatever is aligned
    return comparison.verdict != "independent" and comparison.coverage >= _SOMETHING


def with_originals(text: str, report: Assessment | None) -> str:
    """A text to look for, with what its giveaways may have said."""
    originals = [one.original.text for one in report.giveaways if one.original] if report else []
    return "\n".join([text, *originals])


def _unfound(report: Assessment) -> Assessment:
    return replace(report, warnings=(*report.warnings, "the archive has no source of the suspect"))


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
    tried = attempts(search.match, suspects, jobs, lambda suspect: f"score {name_of(suspect)}")
    return (one if isinstance(one, Match) else Match(None, (one,)) for one in tried)
