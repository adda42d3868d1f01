"""Scanning: any number of suspects against an archive, one row each; parts on disk make it resumable."""

from __future__ import annotations

from typing import Any

__all__ = ["Summary", "scan"]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'spindetect.scan' has no attribute {name!r}")
    from spindetect.scan import scanning

    return getattr(scanning, name)
