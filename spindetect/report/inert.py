"""Making hostile text harmless: what could steer a terminal or turn text around comes out visible."""

from __future__ import annotations

import json
import re

from spindetect.unicode import printable

_WHITESPACE = re.compile(r"\s+")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def inert(text: str) -> str:
    """``text`` on one line, with every character that doesn't print written as ``<U+XXXX>``.

    Control characters, escape sequences, bidi controls, zero-width characters and lone
    surrogates come out as their numbers; whitespace of any kind becomes one space.

    >>> inert("pass\\u200bword\\x1b[31m\\n red")
    'pass<U+200B>word<U+001B>[31m red'
    """
    if printable(text):
        return text
    line = _WHITESPACE.sub(" ", text)
    return "".join(char if printable(char) else f"<U+{ord(char):04X}>" for char in line)


def no_formula(text: str) -> str:
    """A text as a cell that a spreadsheet shows: an apostrophe stands before what it would run as a formula [=1+1].

    The recipe of https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def inert_json(document: str) -> str:
    """A JSON document with its unprintable characters as ``\\uXXXX``: the same data, safe to show.

    The output of ``json.dumps(..., ensure_ascii=False)`` holds such characters only
    inside strings, where the escape means the same; controls below U+0020 it has
    escaped already.

    >>> inert_json('{"text": "caf\u00e9 \u202e"}')
    '{"text": "caf\u00e9 \\\\u202e"}'
    """
    return _NOT_ASCII.sub(lambda found: found[0] if printable(found[0]) else json.dumps(found[0])[1:-1], document)
