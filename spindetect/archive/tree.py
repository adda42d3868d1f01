"""The hash tree's tables in the catalogue; `spindetect.archive.seals` makes the tree and checks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spindetect.archive.catalogue import SEALS, Catalogue


@dataclass(frozen=True, slots=True)
class Leaf:
    """All that the catalogue says of a record; ``further`` is 1 of a further record of a text."""

    further: int
    key: int
    name: int
    digest: int
    start: int
    length: int


class Tree:
    """The leaves, nodes, files and root that a catalogue holds. Every method raises `InvalidArchive` on damage."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def entries(self, first: int, last: int) -> list[Leaf]:
        """All records of the articles with keys from ``first`` to ``last``, in a fixed order."""
        found = list(
            self._catalogue._rows(
                "SELECT 0, key, name, digest, start, length FROM articles WHERE key BETWEEN ? AND ?", first, last
            )
        )
        if self._catalogue._has_again():
            found += self._catalogue._rows(
                "SELECT 1, key, name, 0, start, length FROM again WHERE key BETWEEN ? AND ?", first, last
            )
        return [Leaf(*row) for row in sorted(found, key=lambda row: (row[1], row[0], row[4]))]

    def _has_seals(self) -> bool:
        return bool(self._catalogue._all("SELECT 1 FROM sqlite_master WHERE name = 'root'"))

    def root(self) -> str:
        """The root; "" while somebody writes, after a kill, and of an archive that never had one."""
        found = self._strings("SELECT hash FROM root") if self._has_seals() else []
        return found[0][0] if len(found) == 1 else ""

    def nodes(self) -> dict[int, str]:
        """The nodes' hashes."""
        found = self._strings("SELECT CAST(node AS TEXT), hash FROM tree") if self._has_seals() else []
        return {int(node): hash for node, hash in found}

    def files(self) -> dict[str, str]:
        """The hashes of the archive's other files, by their names."""
        found = self._strings("SELECT name, hash FROM files") if self._has_seals() else []
        return {row[0]: row[1] for row in found}

    def leaves(self, first: int, last: int) -> dict[int, tuple[int, int]]:
        """Key and leaf of each record that was sealed, by its id's hash."""
        found = self._catalogue._rows("SELECT name, key, leaf FROM leaves WHERE key BETWEEN ? AND ?", first, last)
        return {name: (key, leaf) for name, key, leaf in found}

    def _strings(self, sql: str) -> list[tuple[str, ...]]:
        found = self._catalogue._all(sql)
        if any(type(value) is not str for row in found for value in row):
            raise self._catalogue._damaged("something else stands where a hash should be")
        return list(found)

    def prepare(self) -> None:
        """Make the tables of the hash tree where there are none yet."""
        for statement in SEALS.split(";")[:-1]:
            self._catalogue._all(statement)

    def unseal(self) -> bool:
        """Take the root away, before anything is changed; whether there was one."""
        sealed = bool(self.root())
        if sealed:
            self._catalogue._all("DELETE FROM root")
        return sealed

    def forget(self) -> None:
        """Delete all leaves and nodes."""
        self._catalogue._all("DELETE FROM leaves")
        self._catalogue._all("DELETE FROM tree")

    def put_node(self, node: int, hash: str | None) -> None:
        """Set a node's hash; None deletes it."""
        self._catalogue._all("DELETE FROM tree WHERE node = ?", node)
        if hash is not None:
            self._catalogue._all("INSERT INTO tree VALUES (?, ?)", node, hash)

    def put_leaves(self, first: int, last: int, leaves: Sequence[tuple[Leaf, int]]) -> None:
        """Set the leaves of the articles with keys from ``first`` to ``last``."""
        self._catalogue._all("DELETE FROM leaves WHERE key BETWEEN ? AND ?", first, last)
        for entry, leaf in leaves:
            self._catalogue._all("INSERT OR REPLACE INTO leaves VALUES (?, ?, ?)", entry.name, entry.key, leaf)

    def put_files(self, hashes: Mapping[str, str]) -> None:
        """Set the files' hashes."""
        self._catalogue._all("DELETE FROM files")
        for name, hash in hashes.items():
            self._catalogue._all("INSERT INTO files VALUES (?, ?)", name, hash)

    def put_root(self, hash: str) -> None:
        """Set the root."""
        self._catalogue._all("DELETE FROM root")
        self._catalogue._all("INSERT INTO root VALUES (?)", hash)
