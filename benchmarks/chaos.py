"""Disturb scans, additions to an archive and a service's jobs; count what is lost, doubled or changed.

    python benchmarks/chaos.py [--seconds 600] [--seed 1] [--only scan add service] [--output FILE]

A round does one piece of work in several attempts. An attempt is disturbed at random: its process or a worker is
killed (SIGKILL) or stopped for a while (SIGSTOP, SIGCONT), no file may grow beyond some size, as on a full disk,
the clock jumps back and forth, or a bit of what lies there is turned before the next one. The last attempt is left
in peace. Then everything must be as if nothing had happened. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from spindetect import Archive
from spindetect.archive.verify import problems
from spindetect.errors import SpindetectError

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from stories import story

_STARTED = 600.0  # seconds that a service may take to start, and a job to end
_DISTURBED = 3  # attempts of a round that are disturbed, at most
# In every process of an attempt, workers too: what its environment asks for.
_SITE = """
import os, random, signal, time
if limit := os.environ.get("CHAOS_LARGEST"):
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
if seed := os.environ.get("CHAOS_CLOCK"):
    chance, now, now_ns = random.Random(seed), time.time, time.time_ns
    away = lambda: chance.choice((-86400, -3600, 0, 1, 3600, 86400 * 400))
    time.time = lambda: now() + away()
    time.time_ns = lambda: now_ns() + away() * 10**9
"""
DISTURBANCES = ("kill", "kill a worker", "stop", "full disk", "clock", "corrupt")


@dataclass
class Chaos:
    """What there is to do, how it must turn out, and how it did."""

    folder: Path
    rng: random.Random
    articles: int = 24
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    reports: list[str] | None = None

    def __post_init__(self) -> None:
        (self.folder / "site").mkdir()
        (self.folder / "site" / "sitecustomize.py").write_text(_SITE, "utf-8")
        records = [{"id": f"s{number}", "text": story(number)} for number in range(self.articles)]
        with Archive.create(self.folder / "archive") as archive:
            archive.add(records[::2])
        changed = ({**one, "text": f"{one['text']} Nothing else was said."} for one in records)
        (self.folder / "feed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in changed), "utf-8")
        self.run(self.scanning("calm.jsonl"))
        self.rows = (self.folder / "calm.jsonl").read_bytes()

    # --- attempts -----------------------------------------------------------------

    def scanning(self, out: str, *more: str) -> list[str]:
        """The command that scans the feed."""
        names = [str(self.folder / name) for name in ("feed.jsonl", "archive", out)]
        return ["scan", names[0], "--archive", names[1], "--out", names[2], "--jobs", "2", *more]

    def begun(self, command: list[str], **environment: str) -> subprocess.Popen[str]:
        """A command on its way."""
        paths = os.pathsep.join([str(self.folder / "site"), os.environ.get("PYTHONPATH", "")])
        everywhere = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", **environment}
        return subprocess.Popen(
            [sys.executable, "-m", "spindetect", *command],
            env=everywhere,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: list[str]) -> str:
        """Do it in peace; what it says where it fails."""
        process = self.begun(command)
        said = process.communicate()[1]
        return said if process.returncode else ""

    def disturbed(self, command: list[str], kind: str, going: Callable[[], bool] = lambda: True) -> str:
        """One attempt at a command with something happening to it; what it said of that."""
        environment = {}
        if kind == "full disk":
            environment["CHAOS_LARGEST"] = str(self.rng.randrange(1, 300_000))
        if kind == "clock":
            environment["CHAOS_CLOCK"] = str(self.rng.random())
        process = self.begun(command, **environment)
        if kind in ("kill", "kill a worker", "stop", "corrupt"):
            while process.poll() is None and not going():
                time.sleep(0.02)
            with suppress(subprocess.TimeoutExpired):
                process.wait(self.rng.uniform(0.0, 3.0))
            self.disturb(process.pid, kind)
        said = process.communicate()[1]
        if "damage" in said and kind != "corrupt":
            self.wrong.append(f"{command[0]}: {kind} was called damage: {said[-300:]}")
        return said

    def disturb(self, pid: int, kind: str) -> None:
        """Kill or stop a process, or one of its workers."""
        victim = pid if kind != "kill a worker" else self.rng.choice([*_children(pid), pid])
        with suppress(ProcessLookupError):
            if kind != "stop":
                os.kill(victim, signal.SIGKILL)
                return
            stopped = (
                [pid, *_children(pid)] if self.rng.random() < 0.5 else [self.rng.choice([pid, *_children(pid)])]
            )
            for one in stopped:
                os.kill(one, signal.SIGSTOP)
            time.sleep(self.rng.uniform(0.1, 2.0))
            for one in stopped:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGCONT)

    def corrupt(self, folder: Path) -> None:
        """Turn a bit of a file in a folder."""
        files = sorted(one for one in folder.rglob("*") if one.is_file() and one.stat().st_size)
        if files:
            file = self.rng.choice(files)
            data = bytearray(file.read_bytes())
            data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)
            file.write_bytes(data)

    # --- rounds -------------------------------------------------------------------

    def scan(self, kinds: list[str]) -> None:
        """A scan that is gone on with until it is whole has the rows of one that was left in peace."""
        out = self.folder / "rows.jsonl"
        parts = self.folder / "rows.jsonl.parts"
        for kind in kinds:
            self.disturbed(self.scanning(out.name, "--resume"), kind, parts.exists)
            if kind == "corrupt" and parts.exists():
                self.corrupt(parts)
        whole = out.exists() and not parts.exists()
        if not whole and (said := self.run(self.scanning(out.name, "--resume"))):
            if "corrupt" not in kinds:
                self.wrong.append(f"scan: it doesn't go on: {said[-300:]}")
            if "Move it away" in self.run(self.scanning(out.name, "--overwrite")):  # its mark isn't ours any more
                shutil.rmtree(parts)
                self.run(self.scanning(out.name))
        if out.read_bytes() != self.rows:
            self.wrong.append(f"scan: other rows after {kinds}")
        out.unlink()
        for left in self.folder.glob(".rows.jsonl*"):
            left.unlink()

    def add(self, kinds: list[str]) -> None:
        """An archive to which the same is added until that succeeds has each article once, as it was."""
        path, kept = self.folder / "added", self.folder / "kept"
        command = ["archive", "add", str(path), str(self.folder / "feed.jsonl"), "--jobs", "2"]
        for kind in kinds:
            self.disturbed(command, kind, path.exists)
            if kind == "corrupt" and (path / "archive.json").exists():
                shutil.copytree(path, kept)
                self.corrupt(path)
                if not self._is_told(path):
                    self.wrong.append("add: a changed bit gives wrong answers that nothing tells")
                shutil.rmtree(path)
                kept.rename(path)
        if said := self.run(command):
            self.wrong.append(f"add: it doesn't go on after {kinds}: {said[-300:]}")
        texts = dict(map(_id_and_text, (self.folder / "feed.jsonl").read_text("utf-8").splitlines()))
        if found := problems(path):
            self.wrong.append(f"add: after {kinds} verifying says {found[:2]}")
        with Archive.open(path) as archive:
            there = {id: record.text for id in texts if (record := archive.record(id))}
            if there != texts or not len(archive) == archive.index.count == len(texts):
                self.wrong.append(
                    f"add: {len(there)} of {len(texts)} articles, {len(archive)} in all, after {kinds}"
                )
        shutil.rmtree(path)

    def _is_told(self, path: Path) -> bool:
        """Whether an archive with a changed bit is said to be damaged, or answers as it should."""
        try:
            if problems(path):
                return True
            with Archive.open(path) as archive:
                there = [
                    (one.id, one.text) for one in (archive.record(f"s{n}") for n in range(self.articles)) if one
                ]
        except SpindetectError:
            return True
        return all(text == f"{story(int(id[1:]))} Nothing else was said." for id, text in there)

    def service(self, kinds: list[str]) -> None:
        """A job whose service is disturbed has a result for each item, and a case for each that deserves one."""
        if kinds and self.reports is None:
            self.service([])
        data = self.folder / "service"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = ["serve", "--port", str(port), "--data", str(data), "--workers", "1"]
        command += ["--archive", str(self.folder / "archive")]
        id = ""
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for kind in [*kinds, ""]:
                environment = {"CHAOS_CLOCK": str(self.rng.random())} if kind == "clock" else {}
                if kind == "full disk" and id:
                    environment["CHAOS_LARGEST"] = str(self.rng.randrange(1, 200_000))
                server = self.begun(command, **environment)
                try:
                    _until(lambda server=server: _is_ready(client) or server.poll() is not None)
                    id = id or client.post("/v1/jobs", json=self.asked()).json()["id"]
                    if kind in ("kill", "kill a worker", "stop"):
                        time.sleep(self.rng.uniform(0.0, 2.0))
                        self.disturb(server.pid, kind)
                    if kind in ("", "kill a worker", "stop", "clock"):
                        _until(lambda id=id, server=server: _is_done(client, id) or server.poll() is not None)
                    if not kind:
                        results = client.get(f"/v1/jobs/{id}/results").json()
                finally:
                    server.kill()
                    server.communicate()
        reports = [json.dumps(one.get("report"), sort_keys=True) for one in results]
        self.reports = self.reports or reports
        if reports != self.reports or {one["state"] for one in results} != {"done"}:
            self.wrong.append(f"service: {len(reports)} results, other than in peace, after {kinds}")
        shutil.rmtree(data)

    def asked(self) -> dict[str, Any]:
        """A job of eight articles."""
        items = [{"suspect": {"text": f"{story(number)} Nothing else was said."}} for number in range(8)]
        return {"asked": "sources", "items": items}

    def round(self, work: str) -> None:
        """Do one piece of work, disturbed a few times."""
        kinds = [self.rng.choice(DISTURBANCES) for _ in range(self.rng.randint(1, _DISTURBED))]
        getattr(self, work)(kinds)
        self.done.update([work, *(f"{work}, {kind}" for kind in kinds)])


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
    return []


def _id_and_text(line: str) -> tuple[str, str]:
    record = json.loads(line)
    return record["id"], record["text"]


def _until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + _STARTED
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"it took more than {_STARTED:g} seconds")
        time.sleep(0.1)


def _is_ready(client: httpx.Client) -> bool:
    with suppress(httpx.HTTPError):
        return client.get("/readyz").is_success
    return False


def _is_done(client: httpx.Client, id: str) -> bool:
    with suppress(httpx.HTTPError):
        answer = client.get(f"/v1/jobs/{id}")
        return answer.is_success and answer.json()["state"] == "done"
    return False


def main() -> None:
    """Go on until the time is over, and print what happened."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", nargs="*", default=["scan", "add", "service"])
    options.add_argument("--output", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chaos = Chaos(Path(folder), random.Random(given.seed))
        end = time.monotonic() + given.seconds
        while time.monotonic() < end:
            work = chaos.rng.choice(given.only)
            before = len(chaos.wrong)
            chaos.round(work)
            print(work, *chaos.wrong[before:] or ["as it should be"], sep=": ", flush=True)
    for what, count in sorted(chaos.done.items()):
        print(f"{what:24}{count:6,}")
    print(f"{len(chaos.wrong)} rounds lost, doubled or changed anything")
    if given.output:
        given.output.write_text(json.dumps({"done": chaos.done, "wrong": chaos.wrong}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
