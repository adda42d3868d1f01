"""What of a comparison a view shows: all of it, some kinds of substitutions, only what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spindetect.findings import Result, SentencePair
from spindetect.kinds import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Selection:
    """Which substitutions are marked, and whether sentences without a mark are left out.

    Where ``kinds`` aren't all there are, what was merely added or dropped isn't marked either.
    """

    kinds: frozenset[Kind] = frozenset(KINDS)
    only_changed: bool = False

    @property
    def everything(self) -> bool:
        """Whether all kinds of changes are marked."""
        return self.kinds >= frozenset(KINDS)

    def of(self, comparison: Result) -> Result:
        """The comparison with the selected substitutions only; its score and reasons stay."""
        if self.everything:
            return comparison
        return replace(comparison, alignment=tuple(self._pair(pair) for pair in comparison.alignment))

    def _pair(self, pair: SentencePair) -> SentencePair:
        chosen = tuple(item for item in pair.substitutions if item.kind in self.kinds)
        return replace(pair, substitutions=chosen, added=(), dropped=())


EVERYTHING = Selection()
