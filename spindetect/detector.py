"""The detector: load once, compare as often as you like."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.errors import SpindetectError
from spindetect.ignoring import ignoring
from spindetect.pipeline import compare_documents
from spindetect.read.article import read_article
from spindetect.records import Article, SentencePair
from spindetect.results import Assessment, Comparison
from spindetect.scorer import Scorer, Source, name_of
from spindetect.settings import Settings
from spindetect.workers import DIED, Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spindetect.archive.archive import Archive
    from spindetect.inspection import PairWords

_Pair = tuple[Source, Source]
_Result = Comparison | SpindetectError


class Detector(Scorer):
    """Compares suspects with references. Thread-safe once loaded; it never prints.

    >>> detector = Detector.load()
    >>> comparison = detector.compare("He said so.", "He said so.")
    >>> comparison.verdict, comparison.coverage
    ('undecided', 1.0)
    """

    def compare(self, suspect: Source, reference: Source, ignore: Sequence[Source] = ()) -> Comparison:
        """Compare a suspect with a reference.

        What either has from a text of ``ignore`` (an agency's boilerplate, a press release,
        a template), word for word or reworded, takes no part, and a warning says so. Raises
        `UnreadableArticle` for a file that can't be read, and for a text longer than the settings
        allow (`Settings.max_characters`, `Settings.max_words`). Texts that are empty, too short or
        not English come back with the verdict ``undecided`` and a warning.
        """
        ignored = self._articles(ignore)
        documents = self.document(suspect, ignored), self.document(reference, ignored)
        return self.with_family(compare_documents(*documents, self.model, self.signature + ignoring(ignored)))

    def compare_many(
        self, pairs: Iterable[tuple[Source, Source]], jobs: int = 1, ignore: Sequence[Source] = ()
    ) -> Iterator[Comparison | SpindetectError]:
        """Compare (suspect, reference) pairs, lazily and in order, on ``jobs`` processes (0: all cores).

        A pair that can't be compared gives its error in its place; the others go on. So does one
        whose process died at it, twice (killed for want of memory, say). With more than one
        process, call it from under ``if __name__ == "__main__":`` in a script, because the
        processes import the script anew.
        """
        jobs = _processes(jobs)
        ignored = self._articles(ignore)
        if jobs == 1:
            return (self._attempt(pair, ignored) for pair in pairs)
        return self._in_processes(pairs, jobs, ignored)

    def score_many(
        self, suspects: Iterable[Source], jobs: int = 1, ignore: Sequence[Source] = ()
    ) -> Iterator[Assessment | SpindetectError]:
        """Score suspects with no reference, lazily and in order; ``jobs`` and errors as with `compare_many`.

        Raises `InvalidModel` at once for a model that wasn't trained for this.
        """
        jobs = _processes(jobs)
        ignored = self._articles(ignore)
        self.alone  # noqa: B018  # a model that can't do it is known before the work, and said once
        if jobs == 1:
            return (self._attempt_alone(suspect, ignored) for suspect in suspects)
        carried = (self._carried(suspect) for suspect in suspects)
        folder = str(self.model.metadata["folder"])
        return Pool(jobs, _start_alone, (folder, self.settings, ignored), _lost_alone).results(carried)

    def find_sources(
        self, suspect: Source, archive: Archive, candidates: int = 5, ignore: Sequence[Source] = ()
    ) -> Comparison:
        """Compare a suspect with the articles of an archive that it is likeliest to be made from.

        Gives the best comparison: the others are in its ``candidates``, and ``direction``
        says which of the two is the copy, if that can be told. With nothing like it in the
        archive, the reference is empty. Raises what `compare` raises, and `InvalidArchive`.
        """
        from spindetect.retrieve.searching import Search

        return Search(self, archive, candidates, ignore).best(suspect)

    def sentence_similarities(self, comparison: Comparison) -> NDArray[np.float64]:
        """How alike the suspect's and the reference's sentences are by their words, before any was chosen.

        Shape (suspect's sentences, reference's sentences), values 0 to 1; rows and columns
        count ``comparison.suspect.sentences`` and ``comparison.reference.sentences``. It is 0
        for boilerplate, and where too little is alike to be considered (under 0.12).
        """
        from spindetect.align.sentences import sentence_similarities

        return sentence_similarities(comparison.suspect, comparison.reference, self.model.lexicon)

    def word_alignment(self, comparison: Comparison, pair: SentencePair) -> PairWords:
        """Which words of one of the comparison's sentence pairs answer to each other.

        Raises ``ValueError`` when the pair isn't in ``comparison.alignment``.
        """
        from spindetect.inspection import pair_words

        return pair_words(comparison, pair, self.model.lexicon)

    def _attempt(self, pair: tuple[Source, Source], ignore: tuple[Article, ...]) -> Comparison | SpindetectError:
        try:
            return self.compare(*pair, ignore)
        except SpindetectError as error:
            return error

    def _attempt_alone(self, suspect: Source, ignore: tuple[Article, ...]) -> Assessment | SpindetectError:
        try:
            return self.score(suspect, ignore)
        except SpindetectError as error:
            return error

    def _in_processes(
        self, pairs: Iterable[tuple[Source, Source]], jobs: int, ignore: tuple[Article, ...]
    ) -> Iterator[Comparison | SpindetectError]:
        carried = ((self._carried(suspect), self._carried(reference)) for suspect, reference in pairs)
        folder = str(self.model.metadata["folder"])
        return Pool(jobs, _start_worker, (folder, self.settings, ignore), _lost).results(carried)

    def _carried(self, source: Source) -> Source:
        """Standard input is read here, as a worker process has none."""
        return read_article(source, settings=self.settings) if source == Path("-") else source


def _start_worker(folder: str, settings: Settings, ignore: tuple[Article, ...]) -> Callable[[_Pair], _Result]:
    """Load a detector of its own in a worker process; what it does there."""
    detector = Detector.load(folder, settings)
    return lambda pair: detector._attempt(pair, ignore)


def _lost(pair: _Pair, _: object) -> SpindetectError:
    suspect, reference = map(name_of, pair)
    return SpindetectError(f"cannot compare {suspect} with {reference}: {DIED}.")


def _start_alone(
    folder: str, settings: Settings, ignore: tuple[Article, ...]
) -> Callable[[Source], Assessment | SpindetectError]:
    """The same for scoring without a reference."""
    detector = Detector.load(folder, settings)
    return lambda suspect: detector._attempt_alone(suspect, ignore)


def _lost_alone(suspect: Source, _: object) -> SpindetectError:
    return SpindetectError(f"cannot score {name_of(suspect)}: {DIED}.")


def _processes(jobs: int) -> int:
    """How many processes ``jobs`` stands for."""
    if jobs < 0:
        raise ValueError(f"jobs is {jobs}; give the number of processes, or 0 for one on each core.")
    return jobs or os.cpu_count() or 1
