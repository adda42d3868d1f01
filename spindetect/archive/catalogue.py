"""The catalogue: which articles the archive holds, and where their texts lie. SQLite keeps it.

Everything here is committed; after a kill the texts and the index may hold more, which the next writer cuts off
or deletes. Readers see the last commit. A file that somebody tampered with is refused: it must have our tables
and nothing else, with numbers in them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from spindetect.archive.lock import sqlite_refused
from spindetect.errors import InvalidArchive
from spindetect.files import shipped_table

_TABLES: dict[str, str] = shipped_table("archive/catalogue.toml")
_SCHEMA, _AGAIN, SEALS = _TABLES["articles"], _TABLES["again"], _TABLES["seals"]
_LONGEST_VALUE = 100_000  # bytes; of ours, the longest is a table's definition
GREATEST_KEY = 2**44 - 1
NO_KEY = 0  # of what was never in the index: articles have keys from 1


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the catalogue: its number in the index, and where its record lies."""

    key: int
    start: int
    length: int


class Catalogue:
    """One connection, shared by threads that take turns. Every method raises `InvalidArchive` on damage."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = Lock()
        self._knows_again = False
        with self._damage():
            self._connection = _connect(path)
            found = set(self._connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))
            needed, known = _tables(_SCHEMA), _tables(f"{_SCHEMA}{_AGAIN}{SEALS}")
            if not needed <= found <= known:  # a view or a trigger would run its code
                raise sqlite3.DatabaseError("it hasn't the tables of a catalogue, or has others")
            self.ends()

    @classmethod
    def create(cls, path: Path) -> Catalogue:
        """An empty catalogue in a new file."""
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")  # readers go on while one writes
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
        connection.close()
        return cls(path)

    def close(self) -> None:
        """Let go of the file; what wasn't committed is undone."""
        self._connection.close()

    def count(self) -> int:
        """Articles in the archive."""
        return int(self._number("SELECT count(*) FROM articles"))

    def last_key(self) -> int:
        """The greatest key in use, 0 without articles."""
        return int(self._number("SELECT coalesce(max(key), 0) FROM articles"))

    def ends(self) -> tuple[int, int]:
        """How many bytes of the file of texts are committed, and the greatest key ever given."""
        ends = self._rows("SELECT texts, key FROM ends")
        if len(ends) != 1 or ends[0][0] < 0 or not 0 <= ends[0][1] <= GREATEST_KEY:
            raise self._damaged("it doesn't say where the texts end")
        return ends[0][0], ends[0][1]

    def furthest(self) -> int:
        """Where the last of the texts that it lists ends, in bytes."""
        tables = ["articles", "again"] if self._has_again() else ["articles"]
        return max(self._number(f"SELECT coalesce(max(start + length), 0) FROM {table}") for table in tables)  # noqa: S608

    def row(self, key: int) -> Row | None:
        """The article with a key."""
        return self._row("SELECT key, start, length FROM articles WHERE key = ?", key)

    def named(self, name: int) -> Row | None:
        """The article whose id has this hash."""
        return self._row("SELECT key, start, length FROM articles WHERE name = ?", name)

    def named_again(self, name: int) -> Row | None:
        """The further record whose id has this hash; its key is that of the article with the same text."""
        return self._row("SELECT key, start, length FROM again WHERE name = ?", name) if self._has_again() else None

    def again(self, key: int) -> list[Row]:
        """The further records of an article's text, in the order that they were added in."""
        sql = "SELECT key, start, length FROM again WHERE key = ? ORDER BY start"
        return [Row(*row) for row in self._rows(sql, key)] if self._has_again() else []

    def _has_again(self) -> bool:
        """Whether there is the table of further records; once there, it stays."""
        if not self._knows_again:
            self._knows_again = bool(self._all("SELECT 1 FROM sqlite_master WHERE name = 'again'"))
        return self._knows_again

    def with_digest(self, digest: int) -> Row | None:
        """The article whose text has this hash."""
        return self._row("SELECT key, start, length FROM articles WHERE digest = ?", digest)

    def rows(self, after: int, limit: int) -> list[tuple[Row, int]]:
        """Up to ``limit`` articles with keys above ``after``, by key, each with its text's hash."""
        found = self._rows(
            "SELECT key, start, length, digest FROM articles WHERE key > ? ORDER BY key LIMIT ?", after, limit
        )
        return [(Row(*row[:3]), row[3]) for row in found]

    def problems(self) -> list[str]:
        """The faults that SQLite's own check finds in the file."""
        return [str(row[0]) for row in self._all("PRAGMA integrity_check(20)") if row[0] != "ok"]

    # --- for the one who writes ---------------------------------------------------

    def prepare(self) -> None:
        """Make the table of further records where there is none yet."""
        for statement in _AGAIN.split(";")[:-1]:
            self._all(statement)

    def begin(self) -> None:
        """Begin a transaction."""
        self._all("BEGIN IMMEDIATE")

    def insert(self, row: Row, name: int, digest: int) -> None:
        """Enter an article."""
        values = (row.key, name, digest, row.start, row.length)
        self._all("INSERT INTO articles (key, name, digest, start, length) VALUES (?, ?, ?, ?, ?)", *values)

    def insert_again(self, row: Row, name: int) -> None:
        """Enter a further record of the text of the article ``row.key``."""
        self._all("INSERT INTO again VALUES (?, ?, ?, ?)", name, row.key, row.start, row.length)

    def delete(self, row: Row) -> None:
        """Strike an article out, and note that it is to be deleted elsewhere."""
        self._all("DELETE FROM articles WHERE key = ?", row.key)
        self._all("INSERT INTO erasures VALUES (?, ?, ?)", row.key, row.start, row.length)

    def delete_again(self, row: Row) -> None:
        """Strike a further record out; the article stays, so only a stretch of the texts is to be erased."""
        self._all("DELETE FROM again WHERE key = ? AND start = ?", row.key, row.start)
        self._all("INSERT INTO erasures VALUES (?, ?, ?)", NO_KEY, row.start, row.length)

    def forget(self, row: Row) -> None:
        """Strike out a record that is lost already, so that nothing is to be erased."""
        self._all("DELETE FROM articles WHERE key = ? AND start = ?", row.key, row.start)
        self._all("DELETE FROM again WHERE key = ? AND start = ?", row.key, row.start)

    def forget_orphans(self) -> None:
        """Strike out further records of texts that aren't there."""
        self._all("DELETE FROM again WHERE key NOT IN (SELECT key FROM articles)")

    def replace(self, old: Row, new: Row, name: int) -> None:
        """Give an article another record of the same text, with another id."""
        self._all(
            "UPDATE articles SET name = ?, start = ?, length = ? WHERE key = ?",
            name,
            new.start,
            new.length,
            old.key,
        )
        self._all("INSERT INTO erasures VALUES (?, ?, ?)", NO_KEY, old.start, old.length)

    def erasures(self) -> list[Row]:
        """Articles struck out here that may still be in the index and the file of texts."""
        return [Row(*found) for found in self._rows("SELECT key, start, length FROM erasures")]

    def forget_erasures(self) -> None:
        """Note that they have been."""
        self._all("DELETE FROM erasures")

    def commit(self, texts: int, key: int) -> None:
        """Make all since `begin` last, with the new `ends`."""
        self._all("UPDATE ends SET texts = ?, key = ?", texts, key)
        self.commit_rows()

    def commit_rows(self) -> None:
        """Make all since `begin` last, with the `ends` as they are."""
        self._all("COMMIT")

    def _number(self, sql: str) -> int:
        return self._rows(sql)[0][0]

    def _row(self, sql: str, value: int) -> Row | None:
        found = self._rows(sql, value)
        return Row(*found[0]) if found else None

    def _rows(self, sql: str, *values: int) -> Sequence[tuple[int, ...]]:
        """Rows of numbers; SQLite itself would keep anything in a column."""
        found = self._all(sql, *values)
        if any(type(value) is not int for row in found for value in row):
            raise self._damaged("something else stands where a number should be")
        return found

    def _all(self, sql: str, *values: int | str) -> Sequence[tuple]:
        with self._damage(), self._turn:
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def _damage(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError as error:
            raise InvalidArchive(f"the archive {self.path.parent} was closed. Open it again.") from error
        except sqlite3.DatabaseError as error:
            raise sqlite_refused(self.path, error) or self._damaged(str(error)) from error
        except (sqlite3.Warning, UnicodeDecodeError, OverflowError) as error:
            raise self._damaged("something else stands where a number should be") from error

    def _damaged(self, fault: str) -> InvalidArchive:
        return InvalidArchive(
            f"the catalogue {self.path} can't be used: {fault}. "
            "Restore it from a backup, or build the archive anew."
        )


@cache
def _tables(script: str) -> frozenset[tuple[str, str, str, str]]:
    """The tables and indexes that a script makes, as SQLite lists them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return frozenset(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def _connect(path: Path) -> sqlite3.Connection:
    """Open an existing catalogue, to be read only where nothing can be written."""
    if path.exists() and not path.is_file():
        raise sqlite3.DatabaseError("it isn't a file")
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        connection = _open(path, "mode=rw")
        connection.execute("PRAGMA secure_delete=ON")
        return connection
    log = path.with_name(f"{path.name}-wal")  # commits that aren't in the file itself yet
    pending = log.exists() and log.stat().st_size > 0
    return _open(path, "mode=ro" if pending else "mode=ro&immutable=1")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?{mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    # Views and triggers are refused: somebody may put one into a catalogue after it was looked at.
    connection.set_authorizer(lambda *what: sqlite3.SQLITE_OK if what[-1] is None else sqlite3.SQLITE_DENY)
    return connection
