"""Every setting, in one place: the command line, the API and the signature derive from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may change. Those that can change a score are part of the signature."""

    model: str = "spindetect-en-1"
    pipeline: str | None = None  # an installed spaCy pipeline for sentence boundaries; None: our own rules
    max_characters: int = 5_000_000  # larger inputs are refused with an error, as are those of more than ...
    max_words: int = 250_000  # ... words; two texts of so many take some 30 s and 0.6 GB (benchmarks/growth.py)

    @property
    def signature(self) -> str:
        """The settings that change a score, as ``key:value`` joined by ``|``."""
        return f"pipeline:{self.pipeline or 'rules'}|max:{self.max_characters}/{self.max_words}"
