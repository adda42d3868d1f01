"""An article's fields under our own names, whatever a feed, a crawler or a news service calls them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from typing import Any

from spindetect.files import shipped_table
from spindetect.read import pages

# What an editor's blocks have: types, blocks inside, their text; and what articles have.
_TYPES, _INSIDE = {"type", "_type", "nodeType"}, ("blocks", "content", "children", "nodes")
_SAID, _OF_ARTICLES, _DEEPEST = ("text", "content", "html", "value"), {"title", "headline", "url", "published"}, 4
_FEW, _SHORT_NAMES = 20, 500  # fields, and characters of their names, that are remembered
FIELDS = ("id", "text", "title", "url", "published", "outlet")
DEEPEST = 100  # lists and objects inside each other; Python bears ten times as many, or a hundred: it depends
TOO_DEEP = f"its fields are nested more than {DEEPEST} deep, which no article's are."
_TABLE = shipped_table("read/fields.toml")
_ALIASES: Mapping[str, list[str]] = {name: others.split() for name, others in _TABLE["others"].items()}
ELEMENTS: Mapping[str, list[str]] = {name: found.split() for name, found in _TABLE["elements"].items()}
"""The elements of agencies' XML for a field, the first that says something."""


def named_fields(fields: Mapping[str, Any], columns: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Which of the fields' own names stands for each of `FIELDS`; one that ``columns`` gives goes over all others.

    A field that isn't there under any name is its own name.
    """
    texts = (type(name) is type(value) is str and value.strip() for name, value in fields.items())
    if not columns and len(fields) <= _FEW and all(texts) and sum(map(len, fields)) <= _SHORT_NAMES:
        return _named_texts(tuple(fields))
    lower = {name.strip().lower(): name for name in reversed(list(fields)) if isinstance(name, str)}
    return {name: (columns or {}).get(name) or _name_of(name, fields, lower) for name in FIELDS}


@lru_cache(100)
def _named_texts(names: tuple[str, ...]) -> Mapping[str, str]:
    """The same of fields that all have texts, as a table's rows: their names decide."""
    fields = dict.fromkeys(names, "text")
    lower = {name.strip().lower(): name for name in reversed(names)}
    return {name: _name_of(name, fields, lower) for name in FIELDS}


def flattened(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """An article's fields out of what some services wrap them in; as they are where that isn't needed.

    WordPress has a field's value as ``rendered``, MongoDB as ``$date``; others have the fields inside one
    (``article``, ``fields``, ``_source``), or the paragraphs of a text as a list, or as an editor's blocks.
    """
    plain = {name: _unwrapped(value) for name, value in fields.items()}
    if _has_text(fields):
        return plain
    lower = {str(name).lower(): name for name in fields}
    lists = [value for value in fields.values() if isinstance(value, list)]
    for name in [lower[one] for one in ("text", *_ALIASES["text"]) if one in lower]:
        value = fields[name]
        if blocks := _blocks(value):
            plain[name] = "\n\n".join(blocks)
        if not isinstance(value, list) or not value or not all(isinstance(one, str) for one in value):
            continue
        if sum(len(one) == len(value) for one in lists) == 1:  # lists of one length are a table's columns
            plain[name] = "\n\n".join(value)
    inner = next((value for value in plain.values() if isinstance(value, Mapping) and _has_text(value)), None)
    if inner is not None and not _has_text(plain):
        plain = {**{name: value for name, value in plain.items() if value is not inner}, **inner}
    return plain if _has_text(plain) else fields


def _has_text(fields: Mapping[str, Any]) -> bool:
    return isinstance(fields.get(named_fields(fields)["text"]), str)


def _blocks(value: Any, deep: int = _DEEPEST) -> list[str]:
    """The texts of blocks as editors keep them, each with its type and no title; none of anything else.

    >>> _blocks([{"type": "p", "data": {"text": "It rained."}}, {"type": "p", "content": "It stopped."}])
    ['It rained.', 'It stopped.']
    """
    if isinstance(value, Mapping):
        value = next((value[name] for name in _INSIDE if isinstance(value.get(name), list)), None)
    blocks = [one.keys() for one in value if isinstance(one, dict)] if deep and isinstance(value, list) else []
    if not blocks or len(blocks) < len(value) or any(names & _OF_ARTICLES for names in blocks):
        return []
    if deep == _DEEPEST and not all(names & _TYPES for names in blocks):
        return []
    texts: list[str] = []
    for block in value:
        inner = block["data"] if isinstance(block.get("data"), dict) else block
        said = next((inner[key] for key in _SAID if isinstance(inner.get(key), str)), None)
        texts.append(plain_text(said) if said is not None else "".join(_blocks(block, deep - 1)))
    return [text for text in texts if text]


def _unwrapped(value: Any) -> Any:
    for name in ("rendered", "$date", "$oid", "@value") if isinstance(value, Mapping) else ():
        if isinstance(value.get(name), (str, int)):
            return value[name]
    return value


def _name_of(name: str, fields: Mapping[str, Any], lower: Mapping[str, str]) -> str:
    if fields.get(name) is not None and (name != "text" or _may_be(name, fields[name])):
        return name
    for other in (name, *_ALIASES[name]):
        found = lower.get(other)
        if found is not None and _may_be(name, fields[found]):
            return found
    return name


def _may_be(name: str, value: Any) -> bool:
    """Whether a value found under another name can be meant: a text, or an outlet with a name of its own."""
    if name == "outlet" and isinstance(value, Mapping):
        return isinstance(value.get("name"), str)
    if name == "text":
        return isinstance(value, str) and bool(value.strip())
    return value is not None and not isinstance(value, (list, tuple, dict, bool))


def plain_text(text: str) -> str:
    """A field's text as it would be read: without tags if it is HTML."""
    if "<" not in text and "lt;" in text:  # some escape their tags, and some twice
        shown = unescape(unescape(text))
        text = shown if pages.has_markup(shown) else text
    if "<" not in text:
        return text
    if pages.is_page(text):
        return pages.main_text(text)[0]
    return pages.shown_text(text) if pages.has_markup(text) else text
