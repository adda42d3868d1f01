"""Time the HTML report, on this machine: of an example, and of two texts of 20,000 words.

    python benchmarks/report.py [--write FOLDER]

Prints the time to build each report in a loaded process and its size. Where a Chromium is
installed (and the extra ``browser``), it also prints the time to the first paint, and how
long a filter and a step to the next substitution keep the page busy. The long texts are
the example articles over and over, with other names and figures each time.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STORIES = ("harbor", "battery", "heatwave")
WORDS = 20_000
NAMES = re.compile(r"\b(Castara|Calloway|Achille|Haiyun|Washington|Beijing|Kentucky|Ohio)\b")
FIGURES = re.compile(r"\b\d{2,}\b")
# How long a change keeps the page busy: until the second frame after it, when its effect has been drawn.
BUSY = """async (selector) => {
  const before = performance.now();
  document.querySelector(selector).click();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - before;
}"""
FIRST_PAINT = """new Promise((done) =>
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) done(entry.startTime);
  }).observe({ type: "paint", buffered: true }))"""
CHANGES = {
    "filter one kind": ".kind-filter[value=synonym]",
    "only tell-tales": "#only-telltales",
    "next substitution": "#next",
    "each text in its own order": "#own-order",
}


def long_texts(words: int = WORDS) -> tuple[str, str]:
    """A spun text and its original of about so many words each."""
    sides: dict[str, list[str]] = {"spun": [], "original": []}
    count, turn = 0, 0
    while count < words:
        folder = ROOT / "data" / STORIES[turn % len(STORIES)]
        for side, parts in sides.items():
            parts.append(_retold((folder / f"{side}.txt").read_text(encoding="utf-8"), turn))
        count += len(sides["original"][-1].split())
        turn += 1
    return "\n\n".join(sides["spun"]), "\n\n".join(sides["original"])


def _retold(text: str, turn: int) -> str:
    """The text with the turn's own names and figures."""
    ending = chr(97 + turn % 26) + chr(97 + turn // 26)
    text = NAMES.sub(lambda found: f"{found[0]}{ending}", text)
    return FIGURES.sub(lambda found: str(int(found[0]) + 7 * turn), text)


def measured(page: str) -> Iterator[tuple[str, float]]:
    """What Chromium needs for a report, in milliseconds, by name."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(page, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        tab = browser.new_page(viewport={"width": 1440, "height": 900})
        paints = []
        for _ in range(3):
            tab.goto(file.as_uri())
            paints.append(tab.evaluate(FIRST_PAINT))
        yield "first paint (median of 3)", statistics.median(paints)
        yield "loaded", tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        tab.evaluate("document.getElementById('articles').scrollIntoView()")
        for name, selector in CHANGES.items():
            yield name, tab.evaluate(BUSY, selector)
        browser.close()


def chromium() -> str | None:
    """Where Chromium is installed, if it is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def main(folder: Path | None) -> None:
    """Print one line for each figure."""
    from spindetect import Detector

    detector = Detector.load()
    example = ROOT / "data/harbor"
    pairs = {
        "example": (example / "spun.txt", example / "original.txt"),
        "long": long_texts(),
    }
    for name, pair in pairs.items():
        comparison = detector.compare(*pair)
        comparison.to_html()
        start = time.perf_counter()
        page = comparison.to_html()
        spent = time.perf_counter() - start
        words = comparison.suspect.word_count, comparison.reference.word_count
        print(f"{name}: {words[0]:,} and {words[1]:,} words, {len(comparison.substitutions):,} substitutions")
        print(f"  build the report: {spent * 1e3:10.1f} ms")
        print(f"  size:             {len(page.encode()) / 1e3:10.1f} kB")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.html").write_text(page, encoding="utf-8")
        if not chromium() or not find_spec("playwright"):
            print("  no Chromium, or not the extra: pip install 'spindetect[browser]'")
            continue
        for figure, value in measured(page):
            print(f"  {figure + ':':28} {value:8.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="also write the reports to this folder")
    main(parser.parse_args().write)
