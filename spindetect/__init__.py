"""Tell whether an article is a machine paraphrase of another one, and prove it.

>>> from spindetect import Detector
>>> detector = Detector.load()
>>> comparison = detector.compare("the suspect's text", "the reference's text")
>>> comparison.verdict
'undecided'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Archive", "Article", "Comparison", "Detector", "SpindetectError", "Substitution", "read_article"]

if TYPE_CHECKING:
    from spindetect.archive.archive import Archive
    from spindetect.datatypes import Article, Comparison, Substitution
    from spindetect.detector import Detector
    from spindetect.errors import SpindetectError
    from spindetect.read.article import read_article

_HOMES = {
    "Archive": "archive.archive",
    "Article": "datatypes",
    "Comparison": "datatypes",
    "Detector": "detector",
    "SpindetectError": "errors",
    "Substitution": "datatypes",
    "read_article": "read.article",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that ``import spindetect`` itself stays fast (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'spindetect' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"spindetect.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
