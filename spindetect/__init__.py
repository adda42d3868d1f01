"""Tell whether an article is a machine paraphrase of another one, and prove it.

>>> from spindetect import Detector
>>> detector = Detector.load()
>>> comparison = detector.compare("the suspect's text", "the reference's text")
>>> comparison.verdict
'undecided'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spindetect.version import __version__

__all__ = [
    "URL", "Archive", "Article", "Assessment", "Comparison", "Detector", "SpindetectError", "Substitution",
    "__version__", "read_article",
]  # fmt: skip

if TYPE_CHECKING:
    from spindetect.archive.archive import Archive
    from spindetect.detector import Detector
    from spindetect.errors import SpindetectError
    from spindetect.findings import Substitution
    from spindetect.links.url import URL
    from spindetect.read.article import read_article
    from spindetect.records import Article
    from spindetect.results import Assessment, Comparison

_HOMES = {
    "Archive": "archive.archive", "Article": "records", "Assessment": "results", "Comparison": "results",
    "Detector": "detector", "SpindetectError": "errors", "Substitution": "findings", "URL": "links.url",
    "read_article": "read.article",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import spindetect`` itself stays fast (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'spindetect' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"spindetect.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
