"""The scorer: a model and settings, ready to turn sources into documents and these into results."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from spindetect.assessment import score_alone
from spindetect.errors import InvalidModel
from spindetect.findings import MACHINE_RELATIONS
from spindetect.ignoring import ignoring, without_passages_of
from spindetect.in_context import rated, with_telltales_in_context
from spindetect.links.url import URL
from spindetect.model import Model, load_model
from spindetect.parts import ALONE, DIRECTION, FAMILIES, Parts
from spindetect.read.article import read_article
from spindetect.read.files import FolderFile, too_many_words
from spindetect.records import Article, Document, Span
from spindetect.report.blocks import Unmatched, blocks, giveaways_in
from spindetect.results import Assessment, Comparison
from spindetect.score.families import Families, Named, load_families
from spindetect.segment.document import segment
from spindetect.settings import Settings
from spindetect.signature import code_signature

if TYPE_CHECKING:
    from spindetect.reference_free.hearing import Ear
    from spindetect.reference_free.model import AloneModel
    from spindetect.reference_free.ngrams import NGramModel

Source = str | Path | FolderFile | URL | Article
"""A ``str`` is a text, a ``Path`` a file (``-`` standard input), a `URL` a link, an `Article` what reading gave."""

# The parts of a model's folder beside model.json and the lexicon that comparing takes, as a signature names them.
_PARTS = {"families": FAMILIES, "ngrams": ALONE, "direction": DIRECTION}
_SHOWN = 40  # characters of a text that has no name
# Documents kept ready: comparing many suspects with a few references segments each reference once.
_DOCUMENTS_KEPT = 16


class Scorer:
    """Scoring of one article; `spindetect.detector.Detector` adds everything that takes several.

    Thread-safe once loaded; it never prints.
    """

    def __init__(self, model: Model, settings: Settings) -> None:
        self.model = model
        self.settings = settings
        found = Parts.of(Path(model.metadata["folder"]))
        named = {name: found.digest(file) for name, file in _PARTS.items() if file in found.rows}
        parts = "".join([f"|{name}:{digest[:12]}" for name, digest in named.items()])
        self.signature = f"{code_signature()}|{model.signature}|{settings.signature}{parts}"
        self._alone: AloneModel | None = None
        self._segmented = lru_cache(maxsize=_DOCUMENTS_KEPT)(self._segment)

    def __reduce__(self) -> tuple[Any, tuple[str, Settings]]:
        """Pickle as the model's folder and the settings: another process loads the model anew."""
        return type(self).load, (str(self.model.metadata["folder"]), self.settings)

    @classmethod
    def load(cls, model: str | Path | None = None, settings: Settings | None = None) -> Self:
        """Load a model: a folder, or the name of one that ships with spindetect (the default).

        Raises `InvalidModel` if it is missing, damaged or of another format.
        """
        settings = settings or Settings()
        if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
            from spindetect.report.notebook import show_cards_in

            show_cards_in(shell)
        return cls(load_model(str(model or settings.model)), settings)

    def document(self, source: Source, ignore: Sequence[Source] = ()) -> Document:
        """Read and segment a source; the last few are kept, so that a reference is segmented once.

        Sentences that draw on a text of ``ignore`` are marked, and take no part in a comparison.
        """
        return self._segmented(read_article(source, settings=self.settings), self._articles(ignore))

    def score(self, suspect: Source, ignore: Sequence[Source] = ()) -> Assessment:
        """Score a suspect with no reference: was it spun, which phrases give it away, what did they say?

        Sentences from a text of ``ignore`` take no part. Raises `UnreadableArticle` for a file
        that can't be read and `InvalidModel` for a model that wasn't trained for this, or for a language model
        that can't be loaded (`MissingExtra` without the package that it takes). A text that is
        empty, too short or not English comes back with the verdict ``undecided`` and a warning.
        """
        ignored = self._articles(ignore)
        alone, ear = self.alone, self.ear
        signature = f"{self.signature}|{alone.signature}{ignoring(ignored)}{ear.signature if ear else ''}"
        scored = score_alone(self.document(suspect, ignored), self.model, alone, signature, ear)
        return self.with_family(rated(scored, self.model, alone.ngrams))

    @property
    def alone(self) -> AloneModel:
        """The parameters for scoring without a reference; loaded when they are first asked for."""
        if self._alone is None:
            from spindetect.reference_free.model import load_alone

            self._alone = load_alone(Path(self.model.metadata["folder"]), tuple(self.model.vocabulary.rows))
        return self._alone

    @cached_property
    def ear(self) -> Ear | None:
        """The language model of the settings, loaded when it is first asked for; None without one."""
        if self.settings.lm is None:
            return None
        from spindetect.reference_free.hearing import load_ear
        from spindetect.reference_free.language_model import GgufModel

        language_model = GgufModel.load(Path(self.settings.lm))
        return load_ear(Path(self.model.metadata["folder"]), language_model, self.model.vocabulary)

    @cached_property
    def pair_counts(self) -> NGramModel | None:
        """How often words follow one another; None where the model has no parts for scoring alone.

        That tells machines from translators, and a direction. Raises `InvalidModel` for damaged parts.
        """
        if self._alone is not None:
            return self._alone.ngrams
        from spindetect.reference_free.model import load_pair_counts

        folder = Path(self.model.metadata["folder"])
        try:
            return load_pair_counts(folder, len(self.model.vocabulary.rows))
        except FileNotFoundError:
            return None
        except InvalidModel as error:
            raise InvalidModel(f"The model in {folder} can't be used: {error}") from error

    @cached_property
    def families(self) -> Families | None:
        """The known families of spinners; loaded when first asked for, None when the model knows none."""
        return load_families(Path(self.model.metadata["folder"]))

    def with_family(self, result: Named) -> Named:
        """The result with the family of spinners that made it, where that can be told and wasn't yet."""
        if result.families or result.verdict not in MACHINE_RELATIONS or self.families is None:
            return result
        return self.families.with_family(result, self.model.vocabulary)

    def in_context(self, comparison: Comparison) -> Comparison:
        """A comparison without the tell-tales that fit where they stand, if the model can score articles alone."""
        if not any(item.telltale for item in comparison.substitutions):
            return comparison
        try:
            ngrams = self.alone.ngrams
        except InvalidModel:
            return comparison
        return with_telltales_in_context(comparison, self.model, ngrams)

    def examined(self, comparison: Comparison) -> Comparison:
        """A comparison that accuses, with its family, the persuasion of its evidence, and what else gives it away.

        Sentences without a counterpart are examined as if they stood alone. With a model that can't score an
        article alone, only the family is told.
        """
        if comparison.verdict not in MACHINE_RELATIONS and comparison.score < 50.0:
            return comparison
        try:
            alone = self.alone
        except InvalidModel:
            return self.with_family(comparison)
        if unmatched := _unmatched(comparison):
            found = score_alone(comparison.suspect, self.model, alone, comparison.signature).giveaways
            mine = [one for span in unmatched for one in giveaways_in(found, span)]
            comparison = replace(comparison, giveaways=tuple([replace(one, weight=0.0) for one in mine]))
        return self.with_family(rated(comparison, self.model, alone.ngrams))

    def _articles(self, sources: Iterable[Source]) -> tuple[Article, ...]:
        return tuple(read_article(source, settings=self.settings) for source in sources)

    def _segment(self, article: Article, ignore: tuple[Article, ...]) -> Document:
        document = segment(article, self.model.vocabulary, self.settings.pipeline)
        if document.word_count > self.settings.max_words:
            raise too_many_words(article.name, document.word_count, self.settings.max_words)
        for one in ignore:
            document = without_passages_of(self._segmented(one, ()), document, self.model.lexicon)
        return document


def _unmatched(comparison: Comparison) -> list[Span]:
    """The suspect's sentences that have no counterpart in the reference, in order."""
    return [
        sentence.span
        for block in blocks(comparison)
        if isinstance(block, Unmatched) and block.side == "suspect"
        for sentence in block.sentences
    ]


def name_of(source: Source) -> str:
    """A source's name in a message."""
    if isinstance(source, Article):
        return source.name
    return str(source) if isinstance(source, Path | FolderFile | URL) else f"the text '{source[:_SHOWN]}…'"
