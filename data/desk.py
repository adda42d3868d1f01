"""Try the desk: start the service on the example articles, with an account that is printed here.

    python data/desk.py [--port 8000]

It keeps everything in a folder of its own, which is deleted when you end it with Ctrl-C.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

EXAMPLES = Path(__file__).resolve().parent
STORIES = ("harbor", "battery", "heatwave")
VERSIONS = ("copied", "edited", "back_translated", "llm_rewritten", "independent")


def main() -> int:
    """Run until interrupted; the service's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    with TemporaryDirectory() as folder:
        spindetect = [sys.executable, "-m", "spindetect"]
        data = ["--data", folder]
        made = subprocess.run(
            [*spindetect, "users", "add", "desk", "--role", "admin", *data],
            capture_output=True,
            text=True,
            check=True,
        )
        server = subprocess.Popen(
            [*spindetect, "serve", "--port", str(port), "--archive", f"{folder}/archive", *data]
        )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                wait_for(server, client)
                client.post("/v1/archive/articles", json={"articles": list(originals())}).raise_for_status()
                for suspect in suspects():
                    client.post("/v1/sources", json={"suspect": suspect}).raise_for_status()
            print(f"\nThe desk is at http://localhost:{port}/desk\nSign in as {made.stdout.strip()}")
            print("End it with Ctrl-C.\n", flush=True)
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            server.wait()


def wait_for(server: subprocess.Popen[bytes], client: httpx.Client) -> None:
    """Return when the service can answer; end when it has ended."""
    while True:
        try:
            if client.get("/readyz").is_success:
                return
        except httpx.HTTPError:
            pass
        if server.poll() is not None:
            sys.exit(server.returncode)
        time.sleep(0.2)


def originals() -> Iterator[dict[str, Any]]:
    """The articles as they were published."""
    for number, story in enumerate(STORIES, 1):
        text = (EXAMPLES / story / "original.txt").read_text("utf-8")
        yield {
            **about(story, "The Meridian Post", f"2025-11-1{number}", text),
            "id": story,
            "url": f"https://meridian-post.example/{story}",
        }


def suspects() -> Iterator[dict[str, Any]]:
    """What was made of them, and some that weren't made of them."""
    for story in STORIES:
        for version in VERSIONS:
            path = EXAMPLES / story / f"{version}.txt"
            if path.exists():
                yield {
                    **about(story, "Wire Roundup", "2025-11-20", path.read_text("utf-8")),
                    "address": f"https://wire-roundup.example/{story}/{version}",
                }
    for path in sorted((EXAMPLES / "sites").glob("*/*.txt")):
        site = path.parent.name
        found = about(path.stem, site.replace("-", " ").title(), "2025-11-21", path.read_text("utf-8"))
        yield {**found, "address": f"https://{site}.example/{path.stem}"}


def about(story: str, outlet: str, published: str, text: str) -> dict[str, Any]:
    """An article's fields; its title is its first line of some length that isn't a row of links."""
    lines = (line.strip("# ") for line in text.splitlines() if len(line) > 25)
    title = next((line for line in lines if not set("|»·").intersection(line)), story)
    return {"text": text, "title": title[:120], "outlet": outlet, "published": published}


if __name__ == "__main__":
    sys.exit(main())
