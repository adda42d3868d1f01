"""Where a scan reads and writes: paths, and URIs of the file systems that pyarrow knows (S3, GCS, HDFS).

A place is plain data and travels to every worker, which reaches the file system by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

from spindetect.archive.inputs import pyarrow_for
from spindetect.errors import SpindetectError
from spindetect.files import unguessable, whole_file

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file in a folder: its place, its size in bytes and when it was last changed, if known."""

    place: Place
    size: int
    changed_ns: int | None


@dataclass(frozen=True, slots=True)
class Here:
    """A path on this machine, or on a file system that is mounted on it."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.name

    def child(self, name: str) -> Here:
        """The place of a name in this folder."""
        return Here(self.path / name)

    def beside(self, name: str) -> Here:
        """The place of another name in the same folder."""
        return Here(self.path.with_name(name))

    def everywhere(self) -> Here:
        """The place by a name that means the same in every process."""
        return Here(self.path.resolve())

    def exists(self) -> bool:
        """Whether there is a file or folder."""
        return self.path.exists()

    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.path.is_dir()

    def names(self) -> list[str]:
        """The names in this folder; none when there is no such folder."""
        return sorted(path.name for path in self.path.iterdir()) if self.path.is_dir() else []

    def make_folder(self) -> None:
        """Make the folder, unless it is there."""
        self.path.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Delete the file, or the folder with all that it holds, if there is one."""
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file to read from, anywhere in it."""
        with self.path.open("rb") as stream:
            yield stream

    @contextmanager
    def written(self, follow: bool = True) -> Iterator[IO[bytes]]:
        """A file to write to that appears, or is replaced, only when all is written.

        Without ``follow`` a link that somebody put there is replaced, too, and not what it leads to.
        """
        with whole_file(self.path, follow) as stream:
            yield stream


@dataclass(frozen=True, slots=True)
class Far:
    """A place in a file system of pyarrow's, by its URI; ``options`` are what follows a ``?`` in it."""

    uri: str
    options: str = ""

    def __str__(self) -> str:
        return self.uri

    @property
    def name(self) -> str:
        """The last part of the URI."""
        return self.uri.rpartition("/")[2]

    def child(self, name: str) -> Far:
        """The place of a name in this folder."""
        return Far(f"{self.uri}/{name}", self.options)

    def beside(self, name: str) -> Far:
        """The place of another name in the same folder."""
        return Far(f"{self.uri.rpartition('/')[0]}/{name}", self.options)

    def everywhere(self) -> Far:
        """The place by a name that means the same in every process."""
        return self

    def exists(self) -> bool:
        """Whether there is a file or folder."""
        return self._kind() != "NotFound"

    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self._kind() == "Directory"

    def names(self) -> list[str]:
        """The names in this folder; none when there is no such folder."""
        return sorted(info.base_name for info in self._listed(deep=False))

    def files(self) -> list[FoundFile]:
        """The files in this folder and those below it, by name; without those that begin with ``.`` or ``_``.

        By custom such names are marks of the program that wrote the others, not data.
        """
        root = PurePosixPath(self._at(lambda _, path: path))
        found = []
        for info in self._listed(deep=True):
            parts = PurePosixPath(info.path).relative_to(root).parts
            if info.is_file and not any(part.startswith((".", "_")) for part in parts):
                found.append(FoundFile(self.child("/".join(parts)), info.size, info.mtime_ns))
        return sorted(found, key=lambda file: str(file.place))

    def itself(self) -> FoundFile:
        """The facts about this file; raises `SpindetectError` when there is none."""
        info = self._at(lambda files, path: files.get_file_info(path))
        if not info.is_file:
            raise SpindetectError(f"there is no file or folder {self}. Check its name.")
        return FoundFile(self, info.size, info.mtime_ns)

    def make_folder(self) -> None:
        """Make the folder, unless it is there."""
        self._at(lambda files, path: files.create_dir(path, recursive=True))

    def remove(self) -> None:
        """Delete the file, or the folder with all that it holds, if there is one."""
        kind = self._kind()
        if kind == "Directory":
            self._at(lambda files, path: files.delete_dir(path))
        elif kind == "File":
            self._at(lambda files, path: files.delete_file(path))

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file to read from, anywhere in it."""
        with self._at(lambda files, path: files.open_input_file(path)) as stream:
            yield stream

    @contextmanager
    def streamed(self) -> Iterator[IO[bytes]]:
        """The file to read from its beginning."""
        with self._at(lambda files, path: files.open_input_stream(path, compression=None)) as stream:
            yield stream

    @contextmanager
    def written(self, follow: bool = True) -> Iterator[IO[bytes]]:
        """A file to write to that appears, or is replaced, only when all is written; there are no links."""
        temporary = self.beside(unguessable(Path(self.name)).name)
        try:
            with temporary._at(lambda files, path: files.open_output_stream(path)) as stream:
                yield stream
        except BaseException:
            temporary.remove()
            raise
        moved = temporary._at(lambda _, path: path)
        self._at(lambda files, path: files.move(moved, path))

    def _kind(self) -> str:
        """``File``, ``Directory`` or ``NotFound``."""
        return str(self._at(lambda files, path: files.get_file_info(path)).type.name)

    def _listed(self, deep: bool) -> list[Any]:
        from pyarrow.fs import FileSelector

        def listed(files: Any, path: str) -> list[Any]:
            return list(files.get_file_info(FileSelector(path, recursive=deep, allow_not_found=True)))

        return self._at(listed)

    def _at(self, do: Callable[[Any, str], Known]) -> Known:
        """The result of ``do`` for the file system and the path in it; its refusals become a `SpindetectError`."""
        try:
            return do(*_reached(self.uri, self.options))
        except OSError as error:
            raise SpindetectError(
                f"cannot reach {self}: {_first_line(error)}. Check address and rights."
            ) from error


Place = Here | Far


def place(name: str | Path | Place) -> Place:
    """The place that a path or a URI (``s3://bucket/feed``, ``file:///data/feed``) names.

    Raises `SpindetectError` for a URI that pyarrow doesn't know, and `MissingExtra` without pyarrow.
    """
    if isinstance(name, Here | Far):
        return name
    if isinstance(name, Path) or "://" not in name:
        return Here(Path(name))
    uri, _, options = name.partition("?")
    found = Far(uri.rstrip("/"), options)
    _reached(found.uri, found.options)
    return found


@lru_cache(maxsize=64)
def _file_system(root: str, options: str) -> Any:
    """The file system that a URI's beginning, ``s3://bucket`` say, stands for."""
    arrow = pyarrow_for(f"reach {root}")
    from pyarrow.fs import FileSystem

    try:
        return FileSystem.from_uri(root + (f"?{options}" if options else ""))
    except (arrow.ArrowException, OSError, ValueError, ImportError) as error:
        raise SpindetectError(
            f"cannot reach {root}: {_first_line(error)}. Give a path, or a URI that pyarrow knows: s3://, gs://, "
            "hdfs://, file://."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _reached(uri: str, options: str) -> tuple[Any, str]:
    """The file system that a URI is of, and the path in it."""
    scheme, _, rest = uri.partition("://")
    host, slash, path = rest.partition("/")
    files, root = _file_system(f"{scheme}://{host}/", options)
    return files, f"{root.rstrip('/')}{slash}{path}" if slash else root
