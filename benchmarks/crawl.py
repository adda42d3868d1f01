"""Measure reading of web crawls: pages a second on one core beside trafilatura alone, memory, and what a day costs.

    python benchmarks/crawl.py [--pages 300] [--output FILE]

The WARC is made here, by warcio: the example articles, their paragraphs shuffled, on pages of three sizes (some 28,
130 and 365 kB of HTML), one in four in another language, beside the requests, pictures and missing pages that
a crawl holds. Times are processor time, the best of three runs.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
_SIZES = (("small", 1), ("common", 6), ("heavy", 18))
_DAY = 1_000_000  # pages of news that Common Crawl adds in a day, counted generously
_GERMAN = (
    "Der Hafen wurde am Dienstag nach einem Sturm gesperrt, und die Behörden teilten mit, dass die Arbeiten noch "
    "mehrere Wochen dauern werden. Die Bürgermeisterin sagte, sie habe mit den Fischern gesprochen. "
)


def articles() -> list[list[str]]:
    """The sentences of the example articles."""
    return [
        [line for line in path.read_text("utf-8").splitlines() if len(line) > 60]
        for path in sorted(DATA.glob("*/original.txt"))
    ]


def page(chance: random.Random, blocks: int, number: int, english: bool = True) -> str:
    """A news page: its article amid ``blocks`` times what sites put around one."""
    paragraphs = [one for article in articles() for one in article]
    chance.shuffle(paragraphs)
    if not english:
        paragraphs = [_GERMAN * 2] * 20
    told = paragraphs[: chance.randint(8, 20)]
    menu = "".join(
        f'<li class="menu__item menu__item--{one}"><a href="/section/{one}?ref=nav" data-track="nav-{one}">Section '
        f"{one}</a></li>"
        for one in range(25)
    )
    teasers = "".join(
        f'<div class="card card--teaser" style="overflow: hidden"><a href="/news/{one}/story" class="card__link">'
        f'<img src="/img/{one}-320x180.webp" srcset="/img/{one}-640x360.webp 2x" alt="The town" loading="lazy">'
        f'<h3 class="card__title">{escape(chance.choice(paragraphs)[:70])}</h3></a><p class="card__lead">'
        f'{escape(chance.choice(paragraphs)[:120])}</p><time datetime="2025-10-{one % 28 + 1:02}">{one} hours ago'
        "</time></div>"
        for one in range(12 * blocks)
    )
    script = "".join(
        f'window.__q=window.__q||[];window.__q.push({{"slot":"ad-{one}","size":[300,250],"cfg":"{one * 7919:x}"}});'
        for one in range(60 * blocks)
    )
    sheet = "".join(
        f".c{one}{{color:#{one * 4099 % 0xFFFFFF:06x};margin:{one % 40}px}}" for one in range(80 * blocks)
    )
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": told[0][:80],
            "datePublished": "2025-11-13T18:42:00-04:00",
            "dateModified": "2025-11-14T08:00:00-04:00",
            "author": {"@type": "Person", "name": "Ann Other"},
            "publisher": {"@type": "Organization", "name": "The Example"},
        }
    )
    body = "".join(
        f"<p>{escape(one)}</p>" + ('<div class="ad" id="ad-in"></div>' if place % 4 == 3 else "")
        for place, one in enumerate(told)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{"en" if english else "de"}"><head><meta charset="utf-8"><title>'
        f"{escape(told[0][:80])} | The Example</title><link rel=canonical href=https://example.org/news/{number}>"
        '<meta property="og:site_name" content="The Example"><meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2025-11-13T18:42:00-04:00">'
        f'<script type="application/ld+json">{data}</script><style>{sheet}</style><script>{script}</script></head>'
        f'<body><header><nav><ul class="menu">{menu}</ul></nav></header><main><article class="story"><h1>'
        f'{escape(told[0][:80])}</h1><p class="byline">By <a href="/by/ann">Ann Other</a></p>{body}</article>'
        f'<aside class="related"><h2>More stories</h2>{teasers}</aside></main><footer><ul>{menu}</ul><p>© The '
        f"Example. All rights reserved.</p></footer><script>{script}</script></body></html>"
    )


def pages(count: int, seed: int = 0) -> Iterator[tuple[str, str, bool]]:
    """So many pages: the name of the size, the HTML, and whether it is English."""
    chance = random.Random(seed)
    for number in range(count):
        name, blocks = _SIZES[number % 3]
        english = number % 4 != 3
        yield name, page(chance, blocks, number, english), english


def write_crawl(path: Path, given: Iterator[tuple[str, str, bool]]) -> int:
    """Write pages as Common Crawl does, each with its request; a picture and a missing page after every tenth."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    def answer(status: str, media_type: str, body: bytes) -> None:
        headers = StatusAndHeaders(status, [("Content-Type", media_type), ("Server", "x")], protocol="HTTP/1.1")
        address = f"https://example.org/news/{number}"
        warc.write_record(warc.create_warc_record(address, "response", BytesIO(body), http_headers=headers))
        request = StatusAndHeaders(f"GET /news/{number} HTTP/1.1", [("Host", "example.org")], is_http_request=True)
        warc.write_record(warc.create_warc_record(address, "request", BytesIO(b""), http_headers=request))

    with path.open("wb") as stream:
        warc = WARCWriter(stream, gzip=True)
        number = -1
        for number, (_, html, _) in enumerate(given):
            answer("200 OK", "text/html; charset=UTF-8", html.encode())
            if number % 10 == 9:
                answer("200 OK", "image/jpeg", b"\xff\xd8\xff" + random.Random(number).randbytes(40_000))
                answer("404 Not Found", "text/html", b"<html><body>Not found</body></html>")
    return number + 1


def seconds(work: Callable[[], object]) -> float:
    """Processor time of work, the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def measure_speed(folder: Path, count: int) -> dict[str, float]:
    """Pages a second on one core: trafilatura alone, with its own settings and with ours, and reading the crawl."""
    import trafilatura

    from spindetect.archive.inputs import read_late_records, read_records
    from spindetect.read.first_pass import not_worth_reading
    from spindetect.read.pages import _extract  # what a page's main text takes, and nothing around it

    given = list(pages(count))
    english = [html for _, html, is_english in given if is_english]
    path = folder / "pages.warc.gz"
    write_crawl(path, iter([one for one in given if one[2]]))
    trafilatura.extract(english[0])
    times = {
        "trafilatura": seconds(lambda: [trafilatura.extract(html) for html in english]),
        "trafilatura, our settings": seconds(lambda: [_extract(html) for html in english]),
        "reading the crawl": seconds(lambda: list(read_records(path))),
        "cutting it into pages": seconds(lambda: list(read_late_records(path))),
        "the fast look": seconds(lambda: [not_worth_reading(html.encode()) for html in english]),
    }
    figures = {name: round(len(english) / time, 1) for name, time in times.items()}
    kept = sum(1 for _ in read_records(path))
    return {**figures, "pages": len(english), "kept": kept}


def peak_memory(folder: Path, count: int) -> float:
    """Megabytes at most of a process that reads a crawl of so many pages."""
    path = folder / f"memory-{count}.warc.gz"
    write_crawl(path, pages(count))
    command = (
        "import sys, resource; from pathlib import Path; from spindetect.archive.inputs import read_records; "
        "sum(1 for _ in read_records(Path(sys.argv[1]))); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", command, str(path)], capture_output=True, text=True, check=True)
    return round(float(done.stdout), 1)


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        speed = measure_speed(Path(name), options.pages)
        few, many = (peak_memory(Path(name), count) for count in (options.pages // 5, options.pages * 2))
    found = {
        "pages_per_second": speed,
        "against_trafilatura": round(speed["reading the crawl"] / speed["trafilatura"], 2),
        "against_our_settings": round(speed["reading the crawl"] / speed["trafilatura, our settings"], 2),
        "peak_megabytes": {str(options.pages // 5): few, str(options.pages * 2): many},
        "core_hours_a_day": round(_DAY / speed["reading the crawl"] / 3600, 1),
    }
    print(json.dumps(found, indent=1))
    if options.output:
        options.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
