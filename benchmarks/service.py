"""Measure the service: requests a second against a loop in one process, a long queue, and its OpenAPI document.

    python benchmarks/service.py load [--seconds 20] [--callers 8] [--output FILE]
    python benchmarks/service.py queue [--cases 100000] [--output FILE]
    python benchmarks/service.py contract [--examples 25]

``load`` compares pairs of some 500 words by HTTP on loopback with the same work in a loop: reading the request's
JSON, comparing, writing the report's JSON. It prints requests a second, the times of the callers, and the server's
memory. ``queue`` fills the store with cases and times the desk's pages on the server. ``contract`` has schemathesis
try every address of the OpenAPI document, alone and one after another.
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
STORIES = ("harbor", "battery", "heatwave")
# What the document says of texts and files can't say: that they are articles.
_LEFT_OUT = "positive_data_acceptance"


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("load", "queue", "contract"))
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--examples", type=int, default=25)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if options.what == "contract":
        return contract(options.examples)
    found = load(options.seconds, options.callers) if options.what == "load" else queue(options.cases)
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
    """Requests a second by HTTP and in a loop, in the same run."""
    loop(0.5)  # the model is loaded
    begun = time.process_time()
    alone, count = loop(seconds / 2)
    per_loop = (time.process_time() - begun) / count
    with serving() as (port, server, _):
        context = get_context("spawn")
        with context.Pool(2) as pool:  # two processes of callers, so that calling is no bottleneck
            pool.starmap(call, [(port, 2.0, 2)] * 2)
            before, spent = memory(server.pid), processor(server.pid)
            times = pool.starmap(call, [(port, seconds, callers // 2)] * 2)
        after, spent = (
            memory(server.pid),
            [late - early for late, early in zip(processor(server.pid), spent, strict=True)],
        )
    took = sorted(one for part in times for one in part)
    again, _ = loop(seconds / 2)
    rate, median = len(took) / seconds, statistics.median(took)
    return {
        "cores": os.cpu_count(),
        "callers": callers,
        "requests": len(took),
        "requests_per_second": round(rate, 1),
        "loop_per_second": round((alone + again) / 2, 1),
        "ratio": round(2 * rate / (alone + again), 2),
        "median_ms": round(1000 * median, 1),
        "p99_ms": round(1000 * took[int(0.99 * len(took))], 1),
        "p99_over_median": round(took[int(0.99 * len(took))] / median, 2),
        "server_processor_ms": round(1000 * spent[0] / len(took), 2),
        "workers_processor_ms": round(1000 * spent[1] / len(took), 2),
        "loop_processor_ms": round(1000 * per_loop, 2),
        # What two cores with nothing else to do would give, callers apart.
        "ratio_by_processor_time": round(2 * per_loop * len(took) / sum(spent), 2),
        "memory_mb": [round(before / 1e6), round(after / 1e6)],
    }


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


def call(port: int, seconds: float, callers: int) -> list[float]:
    """What each of the requests of some callers took, in seconds."""
    from threading import Thread

    times: list[float] = []

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
    return times


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
