"""All shards of a cluster as one archive, in a process that compares: each question goes to all of them at once.

An article takes up to five questions:

1. in how many articles its words occur,
2. a search,
3. what all shards know of what was found, and how often the words of those texts occur,
4. which sentences of the candidates stand in many stories,
5. the same of further candidates, where some of the first are honest versions of the article.

Where archives keep no texts, these are one question more, and so are their words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from spindetect.archive.index import WordIndex
from spindetect.archive.records import Record
from spindetect.archive.searching import Group, Having, Hit, Searchable, led_by
from spindetect.archive.shards import best_of_shards, groups_of, having_together, idf_ratio, one_record
from spindetect.archive.words import index_words
from spindetect.errors import SpindetectError
from spindetect.scan.plan import Shard
from spindetect.scan.shard_actors import Answers, Batch, Sought

Ask = Callable[[Batch], Answers]
# Words whose frequencies are kept: they are asked of each suspect, again and again, and never change.
_MOST_KNOWN = 500_000
# Share of the words looked for from which a candidate may be a version of the suspect, so that further candidates
# are asked for ahead: under it nothing covered 30% of a suspect (see `retrieve.pruning`).
_PERHAPS_A_VERSION = 0.12


class SpreadArchive(Searchable):
    """Answers as `Shards` does, with few questions to the shards; what it found for one suspect is kept meanwhile.

    A suspect may be looked up again with a limit that is ``further`` articles higher. For one thread.
    """

    index: SpreadIndex
    distant = True

    def __init__(self, shards: Sequence[Shard], ask: Ask, further: int) -> None:
        self._shards = tuple(shards)
        self._ask = ask
        self._further = further
        self.index = SpreadIndex(shards, ask)
        self._asked: object = None  # of what all that follows is kept
        self._hits: dict[int, list[Hit]] = {}
        self._same: Record | None = None
        self._records: dict[int, Record | None] = {}
        self._having: dict[tuple[Group, int], Having] = {}
        self._texts: dict[tuple[str, int], str | SpindetectError] = {}

    def __len__(self) -> int:
        return sum(shard.articles for shard in self._shards)

    def look_up(self, words: Sequence[tuple[str, float]], limit: int, digest: int) -> list[Hit]:
        """As `Searchable.look_up`."""
        hits = self._best(words, limit, digest)
        return led_by(self._same, hits, limit)

    def find_words(self, words: Sequence[tuple[str, float]], limit: int) -> list[Hit]:
        """As `Searchable.find_words`."""
        return self._best(words, limit, None)

    def _best(self, words: Sequence[tuple[str, float]], limit: int, digest: int | None) -> list[Hit]:
        asked = (tuple(words), digest)
        if asked != self._asked or limit not in self._hits:
            self._search(words, limit, digest)
            self._asked = asked
        hits = self._hits[limit]
        self._learn([hit.record.digest for hit in hits])
        return [Hit(self._records[hit.record.digest] or hit.record, hit.score) for hit in hits]

    def _search(self, words: Sequence[tuple[str, float]], limit: int, digest: int | None) -> None:
        """Search all shards, forget what is known of another suspect, and learn of the best."""
        most = limit + self._further
        found = self._ask(Batch(sought=self.index.sought(words, limit, most, digest))).found
        hits = best_of_shards((hit for one in found for hit in one.hits), limit)
        further = best_of_shards((hit for one in found for hit in one.further), most)
        self._hits = {most: further, limit: hits}
        self._same = one_record(one.same for one in found)
        for kept in (self._records, self._having, self._texts):
            kept.clear()
        texts = [set(index_words(hit.record.text or "")) for hit in hits]
        enough = _PERHAPS_A_VERSION * len(words)
        if any(sum(word in text for word, _ in words) >= enough for text in texts):
            hits = [*hits, *further]
        self._learn([hit.record.digest for hit in hits], set().union(*texts))

    def _learn(self, digests: Iterable[int], words: Collection[str] = ()) -> None:
        """Ask for articles that aren't known yet and, in the same breath, how often some words occur."""
        new = tuple(dict.fromkeys(digest for digest in digests if digest not in self._records))
        unknown = self.index.unknown(words)
        if new or unknown:
            answers = self._ask(Batch(digests=new, words=unknown))
            self.index.learn(unknown, answers)
            self._records.update(zip(new, map(one_record, zip(*answers.articles, strict=True)), strict=bool(new)))

    def with_digest(self, digest: int) -> Record | None:
        """As `Searchable.with_digest`."""
        self._learn([digest])
        return self._records[digest]

    def having(self, groups: Sequence[Group], limit: int) -> list[Having]:
        """As `Searchable.having`; how often the words of further candidates occur is asked in the same breath."""
        if new := list(dict.fromkeys(group for group in groups if (group, limit) not in self._having)):
            frequencies = self.index.of_shards({word for group in new for word in group.words})
            asked = tuple(groups_of(number, new, frequencies) for number in range(len(self._shards)))
            texts = (record.text or "" for record in self._records.values() if record)
            unknown = self.index.unknown({word for text in texts for word in index_words(text)})
            answers = self._ask(Batch(groups=asked, limit=limit, words=unknown))
            self.index.learn(unknown, answers)
            for group, having in zip(new, having_together(new, answers.having, limit), strict=True):
                self._having[group, limit] = having
        return [self._having[group, limit] for group in groups]

    def text_of(self, record: Record) -> str:
        """As `Shards.text_of`; the texts of all candidates without one are asked for at once."""
        if record.text is not None:
            return record.text
        if (record.id, record.digest) not in self._texts:
            asked = (record, *(one for one in self._records.values() if one and one.text is None))
            for one, texts in zip(asked, zip(*self._ask(Batch(textless=asked)).texts, strict=True), strict=True):
                text = next((text for text in texts if isinstance(text, str)), texts[-1])
                self._texts[one.id, one.digest] = text
        text = self._texts[record.id, record.digest]
        if isinstance(text, SpindetectError):
            raise text
        return text


class SpreadIndex(WordIndex):
    """The totals of the shards' indexes; a word's frequency is asked once."""

    def __init__(self, shards: Sequence[Shard], ask: Ask) -> None:
        self._counts = [shard.indexed for shard in shards]
        self._ask = ask
        self._known: dict[str, tuple[int, ...]] = {}

    @property
    def count(self) -> int:
        """How many articles there are."""
        return sum(self._counts)

    def frequency(self, word: str) -> int:
        """In how many articles a word occurs."""
        return self.frequencies([word])[word]

    def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """As `WordIndex.frequencies`, in one question at most."""
        return {word: sum(here) for word, here in self.of_shards(words).items()}

    def of_shards(self, words: Collection[str]) -> dict[str, tuple[int, ...]]:
        """In how many articles of each shard each of some words occurs."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        if unknown := self.unknown(words):
            self.learn(unknown, self._ask(Batch(words=unknown)))
        return {word: self._known[word] for word in words}

    def unknown(self, words: Iterable[str]) -> tuple[str, ...]:
        """Those of some words whose frequencies weren't asked yet, in order."""
        return tuple(sorted(word for word in words if word not in self._known))

    def learn(self, words: Sequence[str], answers: Answers) -> None:
        """Keep what the shards said of some words' frequencies."""
        self._known.update(zip(words, zip(*answers.frequencies, strict=True), strict=bool(words)))

    def sought(
        self, words: Sequence[tuple[str, float]], limit: int, most: int, digest: int | None
    ) -> tuple[Sought, ...]:
        """The searches of each shard, with weights as if all were one index."""
        known = self.of_shards([word for word, _ in words])
        return tuple(
            Sought(
                tuple(
                    (word, weight * idf_ratio(here, count, sum(known[word]), self.count))
                    for word, weight in words
                    if (here := known[word][shard])
                ),
                limit,
                most,
                digest,
            )
            for shard, count in enumerate(self._counts)
        )
