"""The detector: load once, compare as often as you like."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.errors import SpindetectError
from spindetect.ignoring import ignoring, without_passages_of
from spindetect.model.loading import Model, load_model
from spindetect.pipeline import compare_documents
from spindetect.read.article import read_article
from spindetect.read.files import too_many_words
from spindetect.records import MACHINE_RELATIONS, Article, Document, SentencePair
from spindetect.results import Assessment, Comparison
from spindetect.score.families import Families, Named, families_signature, load_families
from spindetect.segment.document import segment
from spindetect.settings import Settings
from spindetect.signature import code_signature
from spindetect.workers import DIED, Pool

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spindetect.archive.archive import Archive
    from spindetect.inspection import PairWords
    from spindetect.reference_free.model import AloneModel

Source = str | Path | Article
"""A ``str`` is a text, a ``Path`` a file (``Path("-")`` standard input), an `Article` what reading gave."""

_Pair = tuple[Source, Source]
_Result = Comparison | SpindetectError
_SHOWN = 40  # characters of a text that has no name
# Documents kept ready: comparing many suspects with a few references segments each reference once.
_DOCUMENTS_KEPT = 16


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
        tools = families_signature(Path(model.metadata["folder"]))
        self.signature = f"{code_signature()}|{model.signature}|{settings.signature}{tools}"
        self._alone: AloneModel | None = None
        self._segmented = lru_cache(maxsize=_DOCUMENTS_KEPT)(self._segment)

    @classmethod
    def load(cls, model: str | Path | None = None, settings: Settings | None = None) -> Detector:
        """Load a model: a folder, or the name of one that ships with spindetect (the default).

        Raises `InvalidModel` if it is missing, damaged or of another format.
        """
        settings = settings or Settings()
        _show_cards()
        return cls(load_model(str(model or settings.model)), settings)

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

    def score(self, suspect: Source, ignore: Sequence[Source] = ()) -> Assessment:
        """Score a suspect with no reference: was it spun, which phrases give it away, what did they say?

        What it has from a text of ``ignore`` takes no part. Raises `UnreadableArticle` for a file
        that can't be read and `InvalidModel` for a model that wasn't trained for this. A text that is
        empty, too short or not English comes back with the verdict ``undecided`` and a warning.
        """
        from spindetect.reference_free.scoring import score_alone

        ignored = self._articles(ignore)
        alone = self.alone
        signature = f"{self.signature}|{alone.signature}{ignoring(ignored)}"
        return self.with_family(score_alone(self.document(suspect, ignored), self.model, alone, signature))

    @property
    def alone(self) -> AloneModel:
        """What scoring without a reference takes; loaded when it is first asked for."""
        if self._alone is None:
            from spindetect.reference_free.model import load_alone

            self._alone = load_alone(Path(self.model.metadata["folder"]), tuple(self.model.vocabulary.rows))
        return self._alone

    @cached_property
    def families(self) -> Families | None:
        """The known families of spinners; loaded when first asked for, None when the model knows none."""
        return load_families(Path(self.model.metadata["folder"]))

    def with_family(self, result: Named) -> Named:
        """The result with the family of spinners that made it, where that can be told."""
        if result.verdict not in MACHINE_RELATIONS or self.families is None:
            return result
        return self.families.with_family(result, self.model.vocabulary)

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

    def document(self, source: Source, ignore: Sequence[Source] = ()) -> Document:
        """Read and segment a source; the last few are kept, so that a reference is segmented once.

        Sentences that draw on a text of ``ignore`` are marked, and take no part in a comparison.
        """
        return self._segmented(read_article(source, settings=self.settings), self._articles(ignore))

    def _articles(self, sources: Iterable[Source]) -> tuple[Article, ...]:
        return tuple(read_article(source, settings=self.settings) for source in sources)

    def _segment(self, article: Article, ignore: tuple[Article, ...]) -> Document:
        document = segment(article, self.model.vocabulary, self.settings.pipeline)
        if document.word_count > self.settings.max_words:
            raise too_many_words(article.name, document.word_count, self.settings.max_words)
        for one in ignore:
            document = without_passages_of(self._segmented(one, ()), document, self.model.lexicon)
        return document

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


def _show_cards() -> None:
    """In a notebook, let the parts of results be shown as cards."""
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
        from spindetect.report.notebook import show_cards_in

        show_cards_in(shell)


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


def name_of(source: Source) -> str:
    """What to call a source in a message."""
    if isinstance(source, Article):
        return source.name
    return str(source) if isinstance(source, Path) else f"the text '{source[:_SHOWN]}…'"
