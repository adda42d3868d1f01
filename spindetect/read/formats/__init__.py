"""The table of input formats: one row for each, beside its reader in a module of this folder.

`FORMATS` is made of the rows that the modules call ``ROWS``; to add a format is to add a row there.
"""

from __future__ import annotations

import importlib
import pkgutil

from spindetect.read.format import HEAD, Format

FORMATS: tuple[Format, ...] = tuple(
    row
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    for row in importlib.import_module(f"{__name__}.{module.name}").ROWS
)
"""All formats, in the order of their modules' names."""
_PACKED = (".gz", ".bz2", ".xz", ".zst")
_BY_NAME = {row.name: row for row in FORMATS}


def tell_format(head: bytes, name: str) -> Format:
    """The format of a file by its first bytes and by its name's ending; plain text if neither says more.

    Content goes over the ending, since what is saved under a wrong name is common: MHTML as ``.html``,
    JSON as ``.txt``. HTML and Markdown are told from plain text once they are decoded.
    """
    named = by_ending(name)
    if named and named.fits(head[:HEAD], name):
        return named
    return format_by_content(head, name) or named or _BY_NAME["text"]


def format_by_content(head: bytes, name: str) -> Format | None:
    """The format that a file's first bytes say it is of; None if they say nothing."""
    return next((row for row in FORMATS if row.fits(head[:HEAD], name)), None)


def by_ending(name: str) -> Format | None:
    """The format that a file's name says it is of, compressed or not; None for a name that says nothing."""
    found = [row for row in FORMATS if row.has_ending(name)]
    return found[0] if found else next((row for row in FORMATS if row.has_ending(unpacked_name(name))), None)


def by_name(name: str) -> Format:
    """The format of a name in the table."""
    return _BY_NAME[name]


def by_media_type(media_type: str) -> Format | None:
    """The format of a media type, as ``text/html; charset=utf-8``; None for one that isn't read."""
    plain = media_type.partition(";")[0].strip().lower()
    return next((row for row in FORMATS if plain in row.media_types), None)


def unpacked_name(name: str) -> str:
    """A file's name without the ending that says how it is compressed."""
    return name.rpartition(".")[0] if name.lower().endswith(_PACKED) else name
