"""The reports that the browser looks at, by name; each is built once."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from spindetect import Comparison, Detector
from spindetect.findings import Candidate, Direction
from spindetect.read.article import read_article
from spindetect.report.html.index import entry, sorted_entries
from spindetect.report.html.page import index_page
from spindetect.results import Assessment

DATA = Path(__file__).parents[2] / "data"
HARBOR = DATA / "harbor"

ATTACKS = (
    "<script>alert('run')</script>",
    "<img src=x onerror=alert('image')>",
    "<svg onload=alert('svg')>",
    "</style></script></title><script>alert('closed')</script>",
    "\"'><a href=javascript:alert('link')>",
    "{{ 7 * 191 }} {% raw %}",
    "<iframe src=https://attacker.example/></iframe><link rel=stylesheet href=https://attacker.example/x.css>",
    "<!-- --> <base href=https://attacker.example/> &lt;b&gt; &amp;",
    "evil\u202egpj.exe\u202c pass\u200bword \x1b[31mred\x07",
    "Z\u0301" + "\u0301" * 80 + "algo",
    "W" * 390,
)


def build(name: str, folder: Path) -> Path:
    """The report's file in ``folder``."""
    file = folder / f"{name}.html"
    if not file.exists():
        page = _index() if name == "index" else _result(name).to_html()
        file.write_text(page, encoding="utf-8")
    return file


@lru_cache
def detector() -> Detector:
    return Detector.load()


def _result(name: str) -> Comparison | Assessment:
    """What a name stands for; those that end in ``_alone`` have no reference."""
    return alone(name.removesuffix("_alone")) if name.endswith("_alone") else comparison(name)


@lru_cache
def alone(name: str) -> Assessment:
    """A version of the harbour story scored alone, or a special text."""
    if name == "hostile":
        return detector().score(hostile())
    if name == "short":
        return detector().score(beginning("spun"))
    if name == "empty":
        return detector().score("")
    if name == "long":
        return detector().score(longer(12)[0])
    return detector().score(HARBOR / f"{name}.txt")


@lru_cache
def comparison(name: str) -> Comparison:
    """What a name stands for: a version of the harbour story against its original, or a special pair."""
    original = HARBOR / "original.txt"
    if name == "hostile":
        return detector().compare(hostile(), original)
    if name == "short":
        return detector().compare(beginning("spun"), beginning("original"))
    if name == "named":
        return named()
    if name == "partly":
        return detector().compare(HARBOR / "spun.txt", beginning("original"))
    if name == "archived":
        return archived()
    if name == "moved":
        return detector().compare(moved(), original)
    if name == "unrelated":
        return detector().compare(DATA / "battery" / "spun.txt", original)
    if name == "empty":
        return detector().compare("", "")
    if name == "long":
        return detector().compare(*longer(12))
    return detector().compare(HARBOR / f"{name}.txt", original)


def hostile() -> str:
    """The spun article with an attack before every third sentence, and one in a substituted phrase."""
    sentences = (HARBOR / "spun.txt").read_text(encoding="utf-8").split(". ")
    for place, attack in enumerate(ATTACKS):
        sentences[3 * place % len(sentences)] = f"{attack} {sentences[3 * place % len(sentences)]}"
    return ". ".join(sentences).replace(
        "Protection Secretary", "<b onmouseover=alert('name')>Protection Secretary</b>"
    )


def named() -> Comparison:
    """The spun story, both articles with all that their pages may say of them."""
    sides = []
    for version, outlet in (("spun", "Daily Globe Buzz"), ("original", "The Castara Chronicle")):
        article = read_article(HARBOR / f"{version}.txt")
        title = article.text.strip().partition("\n")[0]
        url = f"https://www.{outlet.replace(' ', '').lower()}.example/world/2025/11/port-deal"
        sides.append(replace(article, title=title, outlet=outlet, url=url, published="2025-11-13T18:42:00-04:00"))
    return detector().compare(*sides)


def archived() -> Comparison:
    """The short report as an archive gives it: ignored sentences, candidates (three hostile), a direction."""
    shared = beginning("original").split("\n\n")[2]
    made = detector().compare(beginning("spun"), beginning("original"), ignore=[shared])
    web, result = "https://news.example/harbour?a=1&b=2", (made.score, made.verdict, made.coverage)
    candidates = (
        Candidate("harbour-17", "New harbour for Castara", web, "2025-11-13", "The Coast", *result),
        Candidate("2", ATTACKS[0], "javascript:alert('url')", "2025-11-13T08:00Z", ATTACKS[1], 8.1, "edited", 0.4),
        Candidate("https://x.example/", None, "https://x.example/\" onmouseover=\"alert('quote')", None, None, 10.0,
                  "independent", 0.0),
        Candidate("W" * 90, "evil\u202egpj.exe", "data:text/html,<script>alert(1)</script>", None, None, 99.99,
                  "back_translated", 0.31),
    )  # fmt: skip
    told = Direction(
        "suspect", "the suspect was published later (2025-11-14) than the reference (2025-11-13)", 0.92
    )
    return replace(made, candidates=candidates, direction=told, signature=f"{made.signature}|shared:5")


def beginning(version: str) -> str:
    """The first half of a version of the story: something of everything, and quicker to examine."""
    text = (HARBOR / f"{version}.txt").read_text(encoding="utf-8")
    return text[: len(text) // 2].rpartition("\n")[0]


def moved() -> str:
    """The spun article with its paragraphs back to front."""
    text = (HARBOR / "spun.txt").read_text(encoding="utf-8")
    return "\n\n".join(reversed(text.split("\n\n")))


def longer(times: int) -> tuple[str, str]:
    """A long pair: the story so many times, other names in each."""
    sides = []
    for name in ("spun", "original"):
        text = (HARBOR / f"{name}.txt").read_text(encoding="utf-8")
        sides.append("\n\n".join(text.replace("Castara", f"Castara{chr(97 + turn)}") for turn in range(times)))
    return sides[0], sides[1]


def _index() -> str:
    names = ("spun", "edited", "copied", "llm_rewritten", "unrelated")
    entries = [entry(comparison(name), f"{name}.html") for name in (*names, "archived")]
    entries.append(entry(alone("spun"), "alone.html"))
    return index_page(sorted_entries(entries), ["cannot read <b>x</b>.txt: gone."])
