"""The article in what a page's scripts are given to show: ``__NEXT_DATA__`` and other states in JSON."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from spindetect.read.fields import DEEPEST
from spindetect.read.pages import shown_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ASSIGNED = re.compile(r"\s*(?:window|self|globalThis)[.\[][\w$.'\"\]]{1,80}\s*=\s*(?=[{\[])")
_JSON = json.JSONDecoder(strict=False)
# Values that are looked at, words from which a value is prose, and an article's words at least.
_MOST, _PROSE, _ARTICLE = 20_000, 5, 60
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*\s*\Z")

Path = tuple[str | int, ...]


def state_text(tree: HtmlElement) -> str:
    """The text that a page's states hold most of in one place, a paragraph a line; empty where it is no article.

    One list is one text, unless each item of it would be an article by itself: then it is the first.
    """
    places: dict[Path, list[tuple[Path, str]]] = defaultdict(list)
    for script in tree.iter("script"):
        for path, text in _strings(_state(script)):
            places[tuple([key for key in path if isinstance(key, str)])].append((path, text))
    texts = [_joined(_first_article(found)) for found in places.values()]
    best = max(texts, key=_prose_words, default=[])
    if _prose_words(best) < _ARTICLE:
        return ""
    text = "\n".join(best)
    return shown_text("".join([f"<div>{line}</div>" for line in best])) if "</" in text else text


def _state(script: HtmlElement) -> Any:
    """The JSON that a script is given, as its only content or in its first assignment; None without."""
    text = script.text or ""
    assigned = _ASSIGNED.match(text)
    if not assigned and script.get("type") != "application/json":
        return None
    try:
        return _JSON.raw_decode(text, assigned.end() if assigned else len(text) - len(text.lstrip()))[0]
    except (ValueError, RecursionError):
        return None


def _strings(state: Any) -> Iterator[tuple[Path, str]]:
    """All strings of a state with their paths, in order."""
    waiting: list[tuple[Path, Any]] = [((), state)]
    for _ in range(_MOST):
        if not waiting:
            return
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict | list) and len(path) < DEEPEST:
            items = list(value.items() if isinstance(value, dict) else enumerate(value))
            waiting += [((*path, key), item) for key, item in reversed(items)]


def _first_article(found: list[tuple[Path, str]]) -> list[tuple[Path, str]]:
    """Of the strings in one place those of its first article, where there are several side by side."""
    items: dict[str | int, list[tuple[Path, str]]] = defaultdict(list)
    for path, text in found:
        items[next((key for key in path if isinstance(key, int)), -1)].append((path, text))
    whole = [one for one in items.values() if sum(text.count(" ") for _, text in one) >= _ARTICLE]
    return whole[0] if len(whole) > 1 else found


def _joined(found: list[tuple[Path, str]]) -> list[str]:
    """Strings as paragraphs; pieces of one paragraph, which stand in one list of a list, are put together."""
    lines: list[str] = []
    last: Path = ()
    for path, text in found:
        places = tuple([key for key in path if isinstance(key, int)])[:-1]
        if lines and places and places == last and not (_SENTENCE_END.search(lines[-1]) and text[:1].isupper()):
            lines[-1] += text
        else:
            lines.append(text)
        last = places
    return lines


def _prose_words(lines: list[str]) -> int:
    """Words in the lines that are prose: with an end of a sentence, or with tags."""
    counts = [line.count(" ") + 1 for line in lines if "</" in line or _SENTENCE_END.search(line)]
    return sum(count for count in counts if count >= _PROSE)
