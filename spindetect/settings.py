"""Every setting, in one place: the command line, the API and the signature derive from it."""

from __future__ import annotations

from dataclasses import dataclass

# Defaults, unless a command, a call or a request says otherwise.
CANDIDATES = 5  # articles of an archive that a suspect is compared with
SAME_STORY = 0.3  # share of a suspect in common from which two articles are the same story
FILE_ROWS = 50_000  # rows in a file of an output that is a folder: some 50 MB
ARTICLE_SECONDS = 60.0  # for one article that is read
SUSPECT_SECONDS = 300.0  # for one that is scanned: a thousand times what it takes, enough for a book against five
MEMORY_LIMIT = 2_000  # megabytes that a process may take for one article, beyond what it has loaded


@dataclass(frozen=True, slots=True)
class Settings:
    """A user's settings. Those that can change a score are part of the signature; those of links can't."""

    model: str = "spindetect-en-1"
    pipeline: str | None = None  # an installed spaCy pipeline for sentence boundaries; None: our own rules
    lm: str | None = None  # a language model (a GGUF file) for what is in doubt without a reference; None: none
    max_characters: int = 5_000_000  # larger inputs are refused with an error, as are those of more than ...
    max_words: int = 250_000  # ... words; two texts of so many take some 30 s and 0.6 GB (benchmarks/growth.py)
    unpack_times: int = 16  # times its size that a packed file may unpack to, in scans and archives
    allow_private: bool = False  # links may lead to this machine and to private networks
    ignore_robots: bool = False  # fetch what a site's robots.txt forbids
    evidence: str | None = None  # a folder in which what links led to is kept, as WARC files
    link_seconds: float = 30.0  # for a link, with all redirects
    link_bytes: int = 50_000_000  # that a link may have, packed for the way or not

    @property
    def signature(self) -> str:
        """The settings that change a score, as ``key:value`` joined by ``|``."""
        return f"pipeline:{self.pipeline or 'rules'}|max:{self.max_characters}/{self.max_words}"
