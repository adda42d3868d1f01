"""Archives that lie on another node: a server on the node that has them, and stand-ins that ask it.

Ray starts the servers, one on each node that has a shard which another lacks; the processes that work
on articles ask them over a connection of their own, as they aren't Ray's. Who asks must know the
scan's key, a random one; what is said isn't encrypted, and neither is what Ray's nodes say to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from threading import Lock, Thread, Timer
from time import sleep
from typing import Any, Literal

from spindetect.archive.archive import Archive
from spindetect.archive.shards import Shards
from spindetect.scan.plan import Plan, Shard, on_this_node

# In how many articles a word stands is asked of each word of each suspect, again and again, and never changes.
_ASKED_OFTEN = "frequency"
_MOST_KNOWN = 500_000
_HANDSHAKE = 10.0  # seconds in which somebody must have shown that they know the key
_PAUSE = 0.05
Kind = Literal["value", "part", "error"]
"""What a server answers with: a value, that there is a part or method of that name, or what was raised."""


class NodeGone(Exception):
    """A node that has a shard doesn't answer, so that no row can be right: no error of one article's."""


def shards_here(paths: Sequence[Path]) -> dict[str, Path]:
    """The archives that this node has of those named, or in the folders that are, by name and in order."""
    found: dict[str, Path] = {}
    for path in paths:
        place = on_this_node(path)
        if (place / "archive.json").exists():
            found[str(path)] = place
        for about in sorted(place.glob("*/archive.json")):
            found[str(path / about.parent.name)] = about.parent
    return found


class ShardServer:
    """Answers for a node's archives, on a port of its own, as long as the process lives."""

    def __init__(self, host: str, paths: Sequence[Path], key: bytes) -> None:
        self._archives = {name: Archive.open(path) for name, path in shards_here(paths).items()}
        self._listener = Listener((host, 0))
        self._key = key
        Thread(target=self._accept, daemon=True).start()

    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.address[1])

    def _accept(self) -> None:
        while True:
            try:
                line = self._listener.accept()
            except OSError:  # somebody who hung up at once, or the process is out of handles
                sleep(_PAUSE)
                continue
            Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: Connection[Any, Any]) -> None:
        """Answer whoever knows the key, in a thread of its own: a silent stranger keeps nobody waiting."""
        hanging_up = Timer(_HANDSHAKE, line.close)
        hanging_up.daemon = True
        hanging_up.start()
        with suppress(EOFError, OSError, AuthenticationError), line:  # nobody asks any more
            deliver_challenge(line, self._key)
            answer_challenge(line, self._key)
            hanging_up.cancel()
            while True:
                line.send(self._answer(*line.recv()))

    def _answer(self, shard: str, names: Sequence[str], arguments: tuple[Any, ...] | None) -> tuple[Kind, Any]:
        try:
            found: Any = self._archives[shard]
            for name in names:
                found = getattr(found, name)
            if arguments is not None:
                return "value", found(*arguments)
            return ("value", found) if isinstance(found, int | float | str) else ("part", None)
        except Exception as error:
            return "error", error


class FarArchive:
    """Stands in for an archive of another node: what is asked of it, or of its parts, is asked there."""

    def __init__(self, shard: Shard, key: bytes) -> None:
        self._shard, self._key = shard, key
        self._parts = _Part(self, ())
        self._line: Connection[Any, Any] | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        return self._shard.articles

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._parts, name)

    def close(self) -> None:
        """Hang up."""
        if self._line:
            self._line.close()

    def ask(self, names: Sequence[str], arguments: tuple[Any, ...] | None) -> tuple[Kind, Any]:
        """What the server says to a question; raises what it raised there, or `NodeGone`."""
        with self._lock:  # an answer is to the question before it
            try:
                self._line = self._line or Client((self._shard.host, self._shard.port), authkey=self._key)
                self._line.send((self._shard.name, names, arguments))
                kind, answer = self._line.recv()
            except (OSError, EOFError) as error:
                self._line = None
                raise NodeGone(
                    f"the node {self._shard.host}, which has {self._shard.name}, doesn't answer"
                ) from error
        if kind == "error":
            raise answer
        return kind, answer


class _Part:
    """A part or a method of a far archive, by its names from the archive on."""

    def __init__(self, archive: FarArchive, names: tuple[str, ...]) -> None:
        self._archive, self._names = archive, names
        self._known: dict[tuple[Any, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        names = (*self._names, name)
        kind, value = self._archive.ask(names, None)
        found = value if kind == "value" else _Part(self._archive, names)
        setattr(self, name, found)  # so that it is asked once: the server's archive stays as it was opened
        return found

    def __call__(self, *arguments: Any) -> Any:
        if self._names[-1] != _ASKED_OFTEN:
            return self._archive.ask(self._names, arguments)[1]
        if arguments not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[arguments] = self._archive.ask(self._names, arguments)[1]
        return self._known[arguments]


def opened(plan: Plan) -> Shards:
    """All shards as one archive: those that are on this node, and stand-ins for the others."""
    here = shards_here(plan.archives)
    archives: list[Any] = [
        Archive.open(here[shard.name]) if shard.name in here else FarArchive(shard, plan.key)
        for shard in plan.shards
    ]
    return Shards(archives)
