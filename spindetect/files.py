"""File names without paths, files that appear whole or not at all, and why the system refuses."""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any

from spindetect.errors import SystemRefused

_LARGEST_PART = 500_000_000  # bytes of a file that is read at once: a part of a model
_LONGEST = 50  # characters kept of a name, so that the longer one fits where the name itself does


def last_part(name: str) -> str:
    """The last part of a path, which says nothing of where somebody keeps their files; an address stays whole.

    >>> last_part("/home/me/news/a.txt"), last_part("C:\\\\Users\\\\me\\\\a.txt"), last_part("text")
    ('a.txt', 'a.txt', 'text')
    """
    if "://" in name:
        return name
    return PureWindowsPath(PurePosixPath(name).name).name or name


def shipped_table(name: str) -> Any:
    """A table of words or patterns that ships with spindetect, by its TOML file's path in the package."""
    return tomllib.loads((files("spindetect") / name).read_text(encoding="utf-8"))


def bounded_bytes(path: Path, most: int = _LARGEST_PART) -> bytes:
    """A file's bytes; raises ``OSError`` as the system does.

    ``ValueError`` is raised for one of more than ``most`` bytes, and for what is no file: a pipe would be waited
    for, and a link to ``/dev/zero`` has no end.
    """
    if path.exists() and not path.is_file():
        raise ValueError("it isn't a file")
    with path.open("rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(most + 1) if size <= most else b""
    if max(size, len(data)) > most:
        raise ValueError(f"it has more than {most:,} bytes")
    return data


@contextmanager
def whole_file(path: Path, follow: bool = True) -> Iterator[IO[bytes]]:
    """A file to write to that takes its place when all is written and on disk; after an error, it never does.

    It gets the permissions of the file that it replaces, and nobody can read it earlier who couldn't read that one.
    A symbolic link stays one, but without ``follow`` it is replaced; a device or a pipe is written to as it is.
    Raises ``OSError`` as the system does.
    """
    if follow and path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve() if follow else path.parent.resolve() / path.name
    if target.is_dir():
        raise IsADirectoryError(None, "it is a folder, and a file was expected")
    mode = target.stat().st_mode & 0o7777 if target.exists() and not target.is_symlink() else None
    temporary = unguessable(target)
    created = 0o666 if mode is None else 0o600  # less what the user's umask takes away

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, created)

    try:
        with open(temporary, "xb", opener=opener) as stream:  # a Path's own has no opener
            if mode is not None:
                temporary.chmod(mode)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def unguessable(path: Path) -> Path:
    """A hidden name beside ``path``, in the same folder, that nobody can have put a file or a link at before.

    Open a file there with mode ``x``, which follows no link.
    """
    return path.with_name(f".{path.name[:_LONGEST]}.{os.urandom(8).hex()}.tmp")


# --- what the system refuses ------------------------------------------------------

_REFUSALS: dict[int, str] = {
    getattr(errno, name): said
    for names, said in shipped_table("files.toml").items()
    for name in names.split()
    if hasattr(errno, name)
}
_OS_ERROR = re.compile(r"\(os error (\d{1,5})\)")


def refused(path: Path, error: BaseException, doing: str = "use") -> SystemRefused | None:
    """The message where an error says only that the system refused, and not which file; None for any other error.

    Also of what libraries in Rust say: [No space left on device (os error 28)].
    """
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (found := _OS_ERROR.search(str(error))):
        number = int(found[1])
    advice = _REFUSALS.get(number) if number is not None else None
    return SystemRefused(f"cannot {doing} {path}: {advice}.") if advice else None
