"""The detector: load once, compare as often as you like."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect import __version__
from spindetect.datatypes import Article, Comparison, Document, SentencePair
from spindetect.errors import SpindetectError
from spindetect.model import Model, load_model
from spindetect.pipeline import compare_documents
from spindetect.read.article import read_article
from spindetect.segment.document import segment
from spindetect.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spindetect.inside import PairWords

Source = str | Path | Article
"""A ``str`` is a text, a ``Path`` a file (``Path("-")`` standard input), an `Article` what reading gave."""

# Documents kept ready: comparing many suspects with a few references segments each reference once.
_DOCUMENTS_KEPT = 16
# Pairs handed to a worker process at a time.
_CHUNK = 8


class Detector:
    """Compares suspects with references. Thread-safe once loaded; it never prints.

    >>> detector = Detector.load()
    >>> comparison = detector.compare("He said so.", "He said so.")
    >>> comparison.verdict, comparison.coverage
    ('undecided', 1.0)
    """

    def __init__(self, model: Model, settings: Settings) -> None:
        self.model = model
        self.settings = settings
        self.signature = f"spindetect:{__version__}|{model.signature}|{settings.signature}"
        self._segmented = lru_cache(maxsize=_DOCUMENTS_KEPT)(self._segment)

    @classmethod
    def load(cls, model: str | Path | None = None, settings: Settings | None = None) -> Detector:
        """Load a model: a folder, or the name of one that ships with spindetect (the default).

        Raises `InvalidModel` if it is missing, damaged or of another format.
        """
        settings = settings or Settings()
        return cls(load_model(str(model or settings.model)), settings)

    def compare(self, suspect: Source, reference: Source) -> Comparison:
        """Compare a suspect with a reference.

        Raises `UnreadableArticle` for a file that can't be read. Texts that are empty,
        too short or not English come back with the verdict ``undecided`` and a warning.
        """
        documents = self.document(suspect), self.document(reference)
        return compare_documents(*documents, self.model, self.signature)

    def compare_many(
        self, pairs: Iterable[tuple[Source, Source]], jobs: int = 1
    ) -> Iterator[Comparison | SpindetectError]:
        """Compare (suspect, reference) pairs, lazily and in order, on ``jobs`` processes (0: all cores).

        A pair that can't be compared gives its error in its place; the others go on. With
        more than one process, call it from under ``if __name__ == "__main__":`` in a script,
        because the processes import the script anew.
        """
        if jobs < 0:
            raise ValueError(f"jobs is {jobs}; give the number of processes, or 0 for one on each core.")
        jobs = jobs or os.cpu_count() or 1
        if jobs == 1:
            return (self._attempt(pair) for pair in pairs)
        return self._in_processes(pairs, jobs)

    def document(self, source: Source) -> Document:
        """Read and segment a source; the last few are kept, so that a reference is segmented once."""
        return self._segmented(read_article(source, settings=self.settings))

    def sentence_similarities(self, comparison: Comparison) -> NDArray[np.float64]:
        """How alike the suspect's and the reference's sentences are by their words, before any was chosen.

        Shape (suspect's sentences, reference's sentences), values 0 to 1; rows and columns
        count ``comparison.suspect.sentences`` and ``comparison.reference.sentences``. It is 0
        for page furniture, and where too little is alike to be considered (under 0.12).
        """
        from spindetect.align.sentences import sentence_similarities

        return sentence_similarities(comparison.suspect, comparison.reference, self.model.lexicon)

    def word_alignment(self, comparison: Comparison, pair: SentencePair) -> PairWords:
        """Which words of one of the comparison's sentence pairs answer to each other.

        Raises ``ValueError`` when the pair isn't in ``comparison.alignment``.
        """
        from spindetect.inside import pair_words

        return pair_words(comparison, pair, self.model.lexicon)

    def _segment(self, article: Article) -> Document:
        return segment(article, self.model.vocabulary, self.settings.pipeline)

    def _attempt(self, pair: tuple[Source, Source]) -> Comparison | SpindetectError:
        try:
            return self.compare(*pair)
        except SpindetectError as error:
            return error

    def _in_processes(
        self, pairs: Iterable[tuple[Source, Source]], jobs: int
    ) -> Iterator[Comparison | SpindetectError]:
        """Keep every worker busy with a bounded number of chunks under way, results in order."""
        remaining = iter(pairs)
        folder = str(self.model.metadata["folder"])
        context = get_context("spawn")  # forking a process that runs threads can deadlock
        with ProcessPoolExecutor(jobs, context, _start_worker, (folder, self.settings)) as pool:
            under_way: list[Future[list[Comparison | SpindetectError]]] = []
            for _ in range(2 * jobs):
                under_way += self._submit(pool, islice(remaining, _CHUNK))
            while under_way:
                finished = under_way.pop(0).result()
                under_way += self._submit(pool, islice(remaining, _CHUNK))
                yield from finished

    def _submit(
        self, pool: ProcessPoolExecutor, pairs: Iterable[tuple[Source, Source]]
    ) -> list[Future[list[Comparison | SpindetectError]]]:
        """Hand some pairs to the pool, if there are any; standard input is read here, as a worker has none."""
        chunk = [(self._carried(suspect), self._carried(reference)) for suspect, reference in pairs]
        return [pool.submit(_work, chunk)] if chunk else []

    def _carried(self, source: Source) -> Source:
        return read_article(source, settings=self.settings) if source == Path("-") else source


_worker: Detector | None = None


def _start_worker(folder: str, settings: Settings) -> None:
    """Load a detector of its own in a worker process."""
    global _worker
    _worker = Detector.load(folder, settings)


def _work(pairs: list[tuple[Source, Source]]) -> list[Comparison | SpindetectError]:
    if _worker is None:
        raise RuntimeError("the worker process was not started by _start_worker")
    return [_worker._attempt(pair) for pair in pairs]
