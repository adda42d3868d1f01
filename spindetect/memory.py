"""How much memory a process may take, so that one hostile article can't take all that a machine has.

Linux alone counts what a process writes to itself (``RLIMIT_DATA``), apart from files that it has mapped; elsewhere
nothing is limited.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEGABYTE = 1 << 20
_NO_MEMORY = 2  # libxml2's XML_ERR_NO_MEMORY


def bytes_taken() -> int | None:
    """Bytes of this process's own that are not files'; None where the system doesn't tell."""
    if sys.platform != "linux":
        return None
    import resource

    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[5]) * resource.getpagesize()
    return None


@contextmanager
def limited(further: int) -> Iterator[None]:
    """Let this process take so many bytes beyond what it has; ``MemoryError`` is raised where it would take more.

    A limit that holds already isn't raised.
    """
    taken = bytes_taken()
    if taken is None or sys.platform == "win32":
        yield
        return
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = taken + further
    if resource.RLIM_INFINITY != before <= limit:
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def check_memory(error: Exception) -> None:
    """Raise ``MemoryError`` when a parser had no memory left, which lxml takes for a fault of the XML."""
    if getattr(error, "code", None) == _NO_MEMORY:
        raise MemoryError from error
