"""Every error that spindetect raises on purpose; each message says what was found, expected and to do."""

import importlib
from typing import Any


class SpindetectError(Exception):
    """Any error of spindetect's own; catch this one to catch them all."""


class UnreadableArticle(SpindetectError):
    """An input could not be read as an article: missing, a folder, binary, undecodable or too large."""


class UnreadableLink(UnreadableArticle):
    """A link's content can't be fetched, or may not: no host, a private address, a wrong certificate, a 404."""


class UnknownField(SpindetectError):
    """A field was named that the records of a file don't have."""


class InvalidModel(SpindetectError):
    """A model folder is missing, damaged, or of a format that this version doesn't know."""


class MissingExtra(SpindetectError):
    """A feature needs an optional package that isn't installed."""


def needed(module: str, purpose: str, extra: str, package: str = "") -> Any:
    """An optional package's module; raises `MissingExtra`, which says how to install it, when it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"to {purpose} takes {package or module.partition('.')[0]}, which isn't installed. "
            f"Run: pip install 'spindetect[{extra}]' (from a checkout: pip install '.[{extra}]')"
        ) from error


class MissingCorpus(SpindetectError):
    """A file of the training corpora is missing, damaged, or not in the form that was expected."""


class InvalidArchive(SpindetectError):
    """An archive is missing, damaged, or of a format that this version doesn't know."""


class DamagedIndex(InvalidArchive):
    """An archive's index is damaged; ``spindetect archive rebuild`` makes it anew from the articles."""


class SystemRefused(SpindetectError):
    """The system refused to read or write: no space, no handles, no permission. Nothing was damaged."""


class ArchiveBusy(SpindetectError):
    """Somebody else is writing to the archive."""
