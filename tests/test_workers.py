"""Work spread over processes: results in order, and nothing lost when one dies or doesn't come to an end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
from labour import (
    asking,
    deadly_but_in,
    doubling,
    dying,
    fate,
    hanging,
    refusing,
    refusing_some,
    some_refused,
    stillborn,
    without_file,
)

from spindetect import Archive, Detector
from spindetect.detector import Source
from spindetect.errors import SpindetectError
from spindetect.results import Comparison
from spindetect.retrieve.searching import Search, match_many
from spindetect.worker_life import DIED, Failure, one_thread_each
from spindetect.workers import Pool, attempts, processes

DATA = Path(__file__).parents[1] / "data"
ORIGINAL = DATA / "harbor" / "original.txt"
SPUN = DATA / "harbor" / "spun.txt"


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_kills_its_worker_twice_is_lost_and_nothing_else(tmp_path: Path, jobs: int) -> None:
    results = list(Pool(jobs, dying, (tmp_path,), fate).results(range(40)))
    assert results == ["7 died" if number == 7 else 2 * number for number in range(40)]


def test_what_takes_too_long_is_given_up_at_once_and_nothing_else() -> None:
    results = list(Pool(2, hanging, (), fate, time_limit=2).results(range(12)))
    assert results == ["5 late" if number == 5 else 2 * number for number in range(12)]


def answered(number: int) -> str | Failure:
    """Slowly at 4; an error at 3, and one of the asker's own at 13."""
    if number == 13:
        raise ConnectionError("nobody is there")
    if number == 4:
        time.sleep(0.7)
    return Failure(LookupError("there is no 3")) if number == 3 else f"<{number}>"


def test_a_worker_asks_the_process_that_feeds_it() -> None:
    results = list(Pool(2, asking, (), fate, time_limit=1.2, answer=answered).results(range(9)))
    assert results[3] == "error: there is no 3"
    assert results[4] == "<4> <4>"  # waiting for an answer isn't its time
    assert results[7] == "7 died"
    assert [one for n, one in enumerate(results) if n not in (3, 4, 7)] == [
        " ".join([f"<{n}>"] * (2 - n % 2)) for n in (0, 1, 2, 5, 6, 8)
    ]


def test_what_answering_raises_ends_the_work_for_whoever_waits_for_it() -> None:
    pool = Pool(1, asking, (), fate, answer=answered)
    with pytest.raises(ConnectionError, match="nobody is there"):
        list(pool.of([12, 13, 14]))
    with pool:  # it goes on, with another worker
        assert list(pool.of([1, 2])) == ["<1>", "<2> <2>"]


@pytest.mark.slow
def test_workers_that_die_at_their_start_end_the_work_with_advice() -> None:
    with pytest.raises(SpindetectError, match=r"worker processes died while they started.*memory.*fewer jobs"):
        list(Pool(1, stillborn, (), fate).results(range(4)))


@pytest.mark.parametrize(("start", "message"), [(refusing, "no model"), (without_file, "no file")])
def test_what_a_worker_raises_at_its_start_is_raised(
    start: Callable[[], Callable[[int], int]], message: str
) -> None:
    with pytest.raises((SpindetectError, FileNotFoundError), match=message):
        list(Pool(2, start, (), fate).results(range(4)))


def test_what_an_item_raises_is_raised_in_its_place() -> None:
    results = Pool(2, refusing_some, (), fate).results(range(9))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(LookupError, match="there is no 3"):
        next(results)


def test_only_a_few_items_are_read_ahead() -> None:
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read += 1
            yield number

    results = Pool(2, doubling, (), fate).results(items())
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert read < 300
    results.close()
    assert not active_children()


def test_processes_stay_for_more_work_until_they_are_stopped() -> None:
    with Pool(1, doubling, (), fate) as pool:
        assert list(pool.of(range(5))) == [0, 2, 4, 6, 8]
        (process,) = active_children()
        assert list(pool.of(range(2))) == [0, 2]
        assert active_children() == [process]
    assert not active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_cannot_be_done_is_an_error_in_its_place(jobs: int) -> None:
    results = list(attempts(some_refused, range(9), jobs, lambda number: f"do {number}"))
    assert [result for result in results if isinstance(result, int)] == [0, 1, 2, 4, 5, 6, 7, 8]
    assert str(results[3]) == "there is no 3"


def test_what_kills_its_process_twice_is_an_error_that_names_it() -> None:
    work = partial(deadly_but_in, os.getpid())
    results = list(attempts(work, range(9), 2, lambda number: f"do {number}"))
    assert [result for result in results if isinstance(result, int)] == [0, 1, 2, 4, 5, 6, 7, 8]
    assert str(results[3]) == f"cannot do 3: {DIED}."


def test_jobs_are_counted_by_cores_and_never_fewer_than_none() -> None:
    assert processes(0) >= 1 and processes(3) == 3
    with pytest.raises(ValueError, match="jobs is -1"):
        processes(-1)


_ABANDONED = """
import sys
from pathlib import Path
from labour import fate, listening
from spindetect.workers import Pool

if __name__ == "__main__":
    list(Pool(1, listening, (Path(sys.argv[1]),), fate).results([1]))
"""


@pytest.mark.slow
def test_a_worker_leaves_with_its_parent_also_from_an_item_without_end(tmp_path: Path) -> None:
    script, told = tmp_path / "go.py", tmp_path / "port"
    script.write_text(_ABANDONED, "utf-8")
    path = os.pathsep.join([str(DATA.parent), str(Path(__file__).parent)])
    parent = subprocess.Popen([sys.executable, script, told], env={**os.environ, "PYTHONPATH": path})
    while not told.exists():
        assert parent.poll() is None
        time.sleep(0.01)
    port = int(told.read_text("utf-8"))
    socket.create_connection(("127.0.0.1", port)).close()
    parent.kill()
    parent.wait()
    with pytest.raises(ConnectionError):
        for _ in range(6000):
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.01)


# --- comparing and scoring ------------------------------------------------------


class Deadly(type(Path())):  # type: ignore[misc]
    """A file at which every process dies but the one whose number is its name."""

    def __fspath__(self) -> str:
        if self.name != str(os.getpid()):
            os._exit(1)
        return str(self)


def killing_one(results: Iterator[object]) -> list[object]:
    """All results; a worker is killed after the first of them."""
    first = next(results)
    active_children()[0].kill()
    return [first, *results]


def scores(results: list[object]) -> list[float]:
    return [result.score for result in results if isinstance(result, Comparison)]


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_compare_many_costs_no_comparison() -> None:
    pairs: list[tuple[Source, Source]] = [(SPUN, ORIGINAL), (ORIGINAL, ORIGINAL), (ORIGINAL, SPUN)] * 8
    detector = Detector.load()
    results = killing_one(detector.compare_many(pairs, jobs=2))
    assert scores(results) == [detector.compare(*pair).score for pair in pairs[:3]] * 8


@pytest.mark.slow
def test_a_pair_that_kills_its_worker_twice_is_an_error_that_names_it() -> None:
    deadly = Deadly(str(os.getpid()))
    pairs: list[tuple[Source, Source]] = [(SPUN, ORIGINAL), (deadly, ORIGINAL), (ORIGINAL, ORIGINAL)]
    results = list(Detector.load().compare_many(pairs, jobs=2))
    assert [isinstance(result, Comparison) for result in results] == [True, False, True]
    assert str(results[1]).startswith(
        f"cannot compare {deadly} with {ORIGINAL}: the worker process that had it died"
    )


@pytest.mark.slow
def test_a_worker_killed_while_suspects_are_scored_against_an_archive_costs_no_match(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "news") as archive:
        archive.add([{"id": "harbor", "text": ORIGINAL.read_text("utf-8")}])
        search = Search(Detector.load(), archive)
        deadly = Deadly(str(os.getpid()))
        matches = killing_one(match_many(search, [SPUN] * 9 + [deadly] + [SPUN], jobs=2))
        alone = search.match(SPUN)
    assert alone.best is not None
    assert [match.best.score if match.best else None for match in matches] == [alone.best.score] * 9 + [
        None,
        alone.best.score,
    ]
    assert str(matches[9].errors[0]).startswith(
        f"cannot score {deadly}: the worker process that had it died, twice"
    )


def test_one_thread_computes_unless_more_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "")  # so that what is set here is undone
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    one_thread_each()
    assert (os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]) == ("3", "1")
