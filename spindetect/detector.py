"""The detector: load once, compare as often as you like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from spindetect.errors import SpindetectError
from spindetect.findings import MACHINE_RELATIONS, SentencePair
from spindetect.ignoring import ignoring
from spindetect.links.url import URL
from spindetect.pipeline import compare_documents
from spindetect.read.article import read_article
from spindetect.results import Assessment, Comparison, later
from spindetect.retrieve.direction import leaning_for, with_direction
from spindetect.scorer import Scorer, Source, name_of
from spindetect.settings import CANDIDATES
from spindetect.workers import attempts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spindetect.archive.archive import Archive
    from spindetect.inspection import PairWords

_Carried = Source | SpindetectError
"""A source on its way to a worker process, or the error if it can't be read."""


class Detector(Scorer):
    """Compares suspects with references. Thread-safe once loaded; it never prints.

    >>> detector = Detector.load()
    >>> comparison = detector.compare("He said so.", "He said so.")
    >>> comparison.verdict, comparison.coverage
    ('undecided', 1.0)
    """

    def compare(self, suspect: Source, reference: Source, ignore: Sequence[Source] = ()) -> Comparison:
        """Compare a suspect with a reference.

        Sentences that come from a text of ``ignore`` (an agency's boilerplate, a press release,
        a template), word for word or reworded, take no part, and a warning says so. Raises
        `UnreadableArticle` for a file that can't be read, and for a text longer than the settings
        allow (`Settings.max_characters`, `Settings.max_words`). Texts that are empty, too short or
        not English come back with the verdict ``undecided`` and a warning.

        Score, reuse and features are worked out at once; the direction, and with it the verdict of one who is
        accused, how persuasive the evidence is, and the tool, on first use.
        """
        ignored = self._articles(ignore)
        documents = self.document(suspect, ignored), self.document(reference, ignored)
        signature = self.signature + ignoring(ignored)
        compared = compare_documents(*documents, self.model, signature, self.pair_counts)
        directed = cache(lambda: with_direction(self.in_context(compared), self))
        examined = cache(lambda: self.examined(directed()))
        fields = dict.fromkeys(("alignment", "giveaways", "families", "family"), examined) | {"direction": directed}
        leaning_for(compared, self)  # a damaged part of the model is refused here, not in the middle of a view
        if compared.verdict in MACHINE_RELATIONS:
            self.families  # noqa: B018  # the same
            fields |= dict.fromkeys(("verdict", "undecided"), directed)
        return later(compared, fields)

    def compare_many(
        self, pairs: Iterable[tuple[Source, Source]], jobs: int = 1, ignore: Sequence[Source] = ()
    ) -> Iterator[Comparison | SpindetectError]:
        """Compare (suspect, reference) pairs, lazily and in order, on ``jobs`` processes (0: all cores).

        A pair that can't be compared gives its error in its place; the others go on. So does a pair
        at which two processes died (for lack of memory, say). With more than one
        process, call it from under ``if __name__ == "__main__":`` in a script, because the
        processes import the script anew.
        """
        carried = ((self._carried(suspect), self._carried(reference)) for suspect, reference in pairs)
        work = partial(self._compare_pair, ignore=self._articles(ignore))
        return attempts(work, carried, jobs, lambda pair: "compare {} with {}".format(*map(_named, pair)))

    def score_many(
        self, suspects: Iterable[Source], jobs: int = 1, ignore: Sequence[Source] = ()
    ) -> Iterator[Assessment | SpindetectError]:
        """Score suspects with no reference, lazily and in order; ``jobs`` and errors as with `compare_many`.

        Raises `InvalidModel` at once for a model that wasn't trained for this.
        """
        self.alone  # noqa: B018  # a model that can't do it is known before the work, and said once
        work = partial(self._score_carried, ignore=self._articles(ignore))
        return attempts(work, map(self._carried, suspects), jobs, lambda suspect: f"score {_named(suspect)}")

    def find_sources(
        self, suspect: Source, archive: Archive, candidates: int = CANDIDATES, ignore: Sequence[Source] = ()
    ) -> Comparison:
        """Compare a suspect with its likeliest sources in an archive.

        Returns the best comparison. The others are in its ``candidates``; ``direction``
        says which of the two texts is the copy, if that can be told. With nothing like it in the
        archive, the reference is empty. Raises what `compare` raises, and `InvalidArchive`.
        """
        from spindetect.retrieve.searching import Search

        return Search(self, archive, candidates, ignore).best(suspect)

    def sentence_similarities(self, comparison: Comparison) -> NDArray[np.float64]:
        """The similarity of every suspect sentence to every reference sentence, by their words, before alignment.

        Shape (suspect's sentences, reference's sentences), values 0 to 1; rows and columns
        count ``comparison.suspect.sentences`` and ``comparison.reference.sentences``. It is 0
        for boilerplate, and where too little is alike to be considered (under 0.12).
        """
        from spindetect.align.sentences.alignment import sentence_similarities

        return sentence_similarities(comparison.suspect, comparison.reference, self.model.lexicon)

    def word_alignment(self, comparison: Comparison, pair: SentencePair) -> PairWords:
        """The links between the words of one of the comparison's sentence pairs.

        Raises ``ValueError`` when the pair isn't in ``comparison.alignment``.
        """
        from spindetect.inspection import pair_words

        return pair_words(comparison, pair, self.model.lexicon)

    def _compare_pair(self, pair: tuple[_Carried, _Carried], ignore: Sequence[Source]) -> Comparison:
        suspect, reference = map(_readable, pair)
        return self.compare(suspect, reference, ignore)

    def _score_carried(self, suspect: _Carried, ignore: Sequence[Source]) -> Assessment:
        return self.score(_readable(suspect), ignore)

    def _carried(self, source: Source) -> _Carried:
        """The source, with standard input and links read in this process: a worker process has no standard input.

        Links are fetched one at a time. An error takes the source's place.
        """
        try:
            here = source == Path("-") or isinstance(source, URL)
            return read_article(source, settings=self.settings) if here else source
        except SpindetectError as error:
            return error


def _readable(source: _Carried) -> Source:
    if isinstance(source, SpindetectError):
        raise source
    return source


def _named(source: _Carried) -> str:
    return str(source) if isinstance(source, SpindetectError) else name_of(source)
