"""Measure the service: requests a second against a loop, memory over time, a long queue, its OpenAPI document.

    python benchmarks/service.py load [--seconds 20] [--callers 8] [--output FILE]
    python benchmarks/service.py memory [--seconds 1800] [--rate 2] [--output FILE]
    python benchmarks/service.py queue [--cases 100000] [--output FILE]
    python benchmarks/service.py contract [--examples 25]

``load`` compares pairs of some 500 words by HTTP on loopback with the same work in a loop: reading the request's
JSON, comparing, writing the report's JSON. Both take turns, five times, so that other work on the machine meets
both alike; rates are medians. Where others work, a loop in one process still has a core of its own and the service
hasn't two, so it prints the processor time of both as well, the callers' with the service's, and how much of the
machine others had. ``memory`` sends requests at a rate and prints what the server and its workers hold, in the
first third of the time and in the last. ``queue`` fills the store with cases and times the desk's pages on the
server. ``contract`` has schemathesis try every address of the OpenAPI document, alone and one after another.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

EXAMPLES = Path(__file__).resolve().parent.parent / "data"
_TURNS = 5
STORIES = ("harbor", "battery", "heatwave")
# What the document says of texts and files can't say: that they are articles.
_LEFT_OUT = "positive_data_acceptance"


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("load", "memory", "queue", "contract"))
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2.0)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=25)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if options.what == "contract":
        return contract(options.examples)
    if options.what == "load":
        found = load(options.seconds, options.callers)
    elif options.what == "memory":
        found = held(options.seconds, options.rate)
    else:
        found = queue(options.cases)
    text = json.dumps(found, indent=1)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", "utf-8")
    return 0


@contextmanager
def serving(*more: str) -> Iterator[tuple[int, subprocess.Popen[bytes], Path]]:
    """A running service: its port, its process, and its folder."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "spindetect", "serve", "--port", str(port), "--data", folder]
        server = subprocess.Popen([*command, "--archive", f"{folder}/archive", *more], stderr=subprocess.DEVNULL)
        try:
            while ask(port, "GET", "/readyz")[0] != 200:
                time.sleep(0.1)
            yield port, server, Path(folder)
        finally:
            server.terminate()
            server.wait(30)


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """One request on a connection of its own; status 0 when nobody listens."""
    try:
        return answered(http.client.HTTPConnection("127.0.0.1", port, timeout=60), method, path, body)
    except OSError:
        return 0, b""


def answered(line: http.client.HTTPConnection, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
    """One request on a connection; its status and its body."""
    line.request(method, path, body, {"content-type": "application/json"} if body else {})
    answer = line.getresponse()
    return answer.status, answer.read()


# --- load -------------------------------------------------------------------------


def requests() -> list[bytes]:
    """Pairs of some 500 words, as requests."""
    texts = [
        [(EXAMPLES / story / f"{name}.txt").read_text("utf-8") for name in ("spun", "original")]
        for story in STORIES
    ]
    return [json.dumps({"suspect": {"text": one}, "reference": {"text": other}}).encode() for one, other in texts]


def load(seconds: float, callers: int) -> dict[str, Any]:
    """Requests a second by HTTP and in a loop, in turns of ``seconds`` / 5 each."""
    turn, rounds, took = seconds / _TURNS, [], []
    loop(0.5)  # the model is loaded
    with serving() as (port, server, _), get_context("spawn").Pool(2) as pool:
        pool.starmap(call, [(port, 2.0, 2)] * 2)  # two processes of callers, so that calling is no bottleneck
        before = memory(server.pid)
        for _ in range(_TURNS):
            spent, busy = time.process_time(), psutil.cpu_times()
            alone, count = loop(turn)
            per_loop = (time.process_time() - spent) / count
            ours = processor(server.pid)
            told = pool.starmap(call, [(port, turn, callers // 2)] * 2)
            used = [late - early for late, early in zip(processor(server.pid), ours, strict=True)]
            calling = sum(one for _, one in told)
            times = [one for part, _ in told for one in part]
            took += times
            idle = psutil.cpu_times().idle - busy.idle
            others = os.cpu_count() * 2 * turn - idle - per_loop * count - sum(used) - calling  # type: ignore[operator]
            rounds.append(
                (alone, len(times) / turn, per_loop, *[one / len(times) for one in (*used, calling)], others)
            )
        after = memory(server.pid)
    alone, rate, per_loop, serving_time, working, calling, others = map(
        statistics.median, zip(*rounds, strict=True)
    )
    took.sort()
    median, late = statistics.median(took), took[int(0.99 * len(took))]
    each = serving_time + working + calling
    return {
        "cores": os.cpu_count(),
        "callers": callers,
        "requests": len(took),
        "requests_per_second": round(rate, 1),
        "loop_per_second": round(alone, 1),
        "ratio": round(statistics.median(one[1] / one[0] for one in rounds), 2),
        "ratios": [round(one[1] / one[0], 2) for one in rounds],
        "median_ms": round(1000 * median, 1),
        "p99_ms": round(1000 * late, 1),
        "p99_over_median": round(late / median, 2),
        "server_processor_ms": round(1000 * serving_time, 2),
        "workers_processor_ms": round(1000 * working, 2),
        "callers_processor_ms": round(1000 * calling, 2),
        "loop_processor_ms": round(1000 * per_loop, 2),
        "ratio_by_processor_time": round(
            2 * per_loop / each, 2
        ),  # what two cores would give with nothing else to do
        "cores_that_others_had": round(others / (2 * turn), 2),
        "memory_mb": [round(before / 1e6), round(after / 1e6)],
    }


def held(seconds: float, rate: float) -> dict[str, Any]:
    """What the server and its workers hold in megabytes, in the first and in the last third of a time."""
    sent, samples, count = requests(), [], 0
    with serving() as (port, server, _):
        begun = time.monotonic()
        while (now := time.monotonic() - begun) < seconds:
            status, _ = ask(port, "POST", "/v1/compare", sent[count % len(sent)])
            if status != 200:
                raise RuntimeError(f"the service answered {status}")
            count += 1
            if count % max(1, round(10 * rate)) == 0:
                root = psutil.Process(server.pid)
                sizes = [one.memory_info().rss / 1e6 for one in (root, *root.children(recursive=True))]
                samples.append([sizes[0], sum(sizes[1:])])
                print(
                    f"{now:.0f} s, {count} requests: {' '.join(f'{one:.1f}' for one in sizes)} MB", file=sys.stderr
                )
            time.sleep(max(0.0, begun + count / rate - time.monotonic()))
    third = len(samples) // 3
    parts = [list(map(statistics.median, zip(*part, strict=True))) for part in (samples[:third], samples[-third:])]
    names = ("server", "workers")
    return {"requests": count, **{name: [round(part[at], 1) for part in parts] for at, name in enumerate(names)}}


def loop(seconds: float) -> tuple[float, int]:
    """The same work in one process: requests a second, and how many."""
    detector, sent, done = detector_here(), requests(), 0
    begun = time.perf_counter()
    while (took := time.perf_counter() - begun) < seconds:
        asked = json.loads(sent[done % len(sent)])
        json.dumps(detector.compare(asked["suspect"]["text"], asked["reference"]["text"]).to_dict()).encode()
        done += 1
    return done / took, done


@cache
def detector_here() -> Any:
    """A detector, loaded once."""
    from spindetect import Detector

    return Detector.load()


def call(port: int, seconds: float, callers: int) -> tuple[list[float], float]:
    """What each of the requests of some callers took, in seconds; and the processor time of calling."""
    from threading import Thread

    times: list[float] = []
    spent = time.process_time()

    def caller() -> None:
        line, sent, count = http.client.HTTPConnection("127.0.0.1", port, timeout=60), requests(), 0
        end = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < end:
            status, _ = answered(line, "POST", "/v1/compare", sent[count % len(sent)])
            if status != 200:
                raise RuntimeError(f"the service answered {status}")
            times.append(time.perf_counter() - begun)
            count += 1

    threads = [Thread(target=caller) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.process_time() - spent


def processor(process: int) -> list[float]:
    """Seconds of processor time that a process has taken, and its children."""
    root = psutil.Process(process)
    times = [(one.cpu_times().user + one.cpu_times().system) for one in (root, *root.children(recursive=True))]
    return [times[0], sum(times[1:])]


def memory(process: int) -> int:
    """Bytes that a process and its children hold."""
    root = psutil.Process(process)
    return sum(one.memory_info().rss for one in (root, *root.children(recursive=True)))


# --- the queue --------------------------------------------------------------------


def queue(count: int) -> dict[str, Any]:
    """What the server takes for pages of the desk over many cases, in milliseconds.

    Medians of 15, and means of processor time, which other work on the machine changes less.
    """
    from starlette.testclient import TestClient

    from spindetect import Detector
    from spindetect.desk.accounts import Accounts
    from spindetect.desk.app import create_desk
    from spindetect.service.settings import ServiceSettings

    spun, original = json.loads(requests()[0]).values()
    page = Detector.load().compare(spun["text"], original["text"]).to_html()
    found: dict[str, Any] = {"cases": count}
    with TemporaryDirectory() as folder:
        app = create_desk(ServiceSettings(data=Path(folder), workers=0))
        with TestClient(app, base_url="http://localhost") as client:
            fill(app.state.service.store, count, page)
            password = Accounts(app.state.service.store, 1000.0).add("ann", "admin")
            client.post("/desk/login", data={"name": "ann", "password": password})
            for name, path in (
                ("queue", "/desk"),
                ("queue_page_500", "/desk?page=500"),
                ("queue_newest", "/desk?state=all&sort=newest"),
                ("queue_search", "/desk?q=title+77"),
                ("queue_outlet", "/desk?outlet=Outlet+7"),
                ("case", f"/desk/cases/{count // 2}"),
                ("agreement", "/desk/agreement"),
            ):
                times, spent = [], time.process_time()
                for _ in range(15):
                    begun = time.perf_counter()
                    client.get(path).raise_for_status()
                    times.append(time.perf_counter() - begun)
                found[f"{name}_ms"] = round(1000 * statistics.median(times), 1)
                found[f"{name}_processor_ms"] = round(1000 * (time.process_time() - spent) / 15, 1)
    return found


def fill(store: Any, count: int, page: str) -> None:
    """Many cases, a tenth of them decided."""
    from random import Random

    from spindetect.service.cases import DECISIONS, priority
    from spindetect.service.store import keep
    from spindetect.service.tables import cases

    chance = Random(0)
    with store.writing() as write:
        digest = keep(write, page.encode())
        for first in range(0, count, 5000):
            rows = []
            for number in range(first, min(first + 5000, count)):
                score, reuse, coverage = 100 * chance.random(), 50 + 50 * chance.random(), chance.random()
                decided = number % 10 == 0
                rows.append(
                    {
                        **{
                            "opened": time.time() - number,
                            "why": "found in the archive",
                            "page": digest,
                            "tags": "",
                            "once": f"{number:064x}",
                            "found": time.time() - number,
                            "stale": False,
                        },
                        **{"suspect_digest": f"{number:064x}", "suspect_title": f"A title of some length {number}"},
                        **{"suspect_outlet": f"Outlet {number % 400}", "suspect_words": 500, "source_words": 500},
                        **{"source_digest": f"{number % 9000:064x}", "source_title": f"The source {number % 9000}"},
                        **{
                            "score": score,
                            "reuse": reuse,
                            "coverage": coverage,
                            "verdict": "spun",
                            "copy": "suspect",
                        },
                        **{"family": "wordnet" if number % 3 else None, "signature": "s", "candidates": "[]"},
                        **{
                            "priority": priority(score, reuse, coverage, None),
                            "decided_by": "ann" if decided else None,
                        },
                        **{"decision": chance.choice(list(DECISIONS)) if decided else None},
                        **{
                            "decided": time.time() if decided else None,
                            "decided_score": score if decided else None,
                            "decided_reuse": reuse if decided else None,
                            "decided_source": f"{number % 9000:064x}" if decided else None,
                            "words": f"a title of some length {number} the source https://a.example/{number}",
                        },
                    }
                )
            write.execute(cases.insert(), rows)


# --- the contract -----------------------------------------------------------------


def contract(examples: int) -> int:
    """Schemathesis over all addresses; its exit code."""
    with serving("--workers", "1") as (port, _, folder):
        text = (EXAMPLES / "harbor" / "original.txt").read_text("utf-8")
        ask(port, "POST", "/v1/archive/articles", json.dumps({"articles": [{"id": "a", "text": text}]}).encode())
        ask(port, "POST", "/v1/compare", json.dumps({**json.loads(requests()[0]), "case": True}).encode())
        command = ["run", f"http://127.0.0.1:{port}/openapi.json", "--max-examples", str(examples), "--seed", "1"]
        phases = ["--phases", "examples,coverage,fuzzing,stateful", "--exclude-checks", _LEFT_OUT]
        done = subprocess.run(
            [Path(sys.executable).with_name("schemathesis"), *command, *phases, "--request-timeout", "60"],
            capture_output=True,
            text=True,
            cwd=folder,
        )
        print(re.sub(r"\n{3,}", "\n\n", done.stdout[-6000:]))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
