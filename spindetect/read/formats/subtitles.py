"""Subtitles (SubRip, WebVTT, SubViewer): what is said, in paragraphs, without times, numbers, signs and sounds."""

from __future__ import annotations

import re
from html import unescape

from spindetect.read.decode import decode
from spindetect.read.files import too_long
from spindetect.read.format import Format, Reading

_TIME = r"((?:\d{1,3}:)?\d\d:\d\d[,.]\d{1,3})"
_TIMES = re.compile(rf"{_TIME}(?:[ \t]*-->[ \t]*|,){_TIME}(?!\d)")
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:WEBVTT\b|\d{1,6}[ \t]*\r?\n(?:\d{1,3}:)?\d\d:\d\d[,.]\d{1,3}[ \t]*-->"
    rb"|\d{1,3}:\d\d:\d\d\.\d{3},\d{1,3}:\d\d:\d\d\.\d{3}\r?\n)"
)
_NOTES = frozenset({"WEBVTT", "NOTE", "STYLE", "REGION"})  # what begins with these isn't said
_VOICE = re.compile(r"<v[\s.][^<>\n]{0,200}>|-(?=[ \t]?[A-Z“\"])|>>")
_SIGNS = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}|[♪♫]")
_SOUND = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|")
_ENDS = (".", "!", "?", "…", "”", '"', "’")
_PAUSE = 2.0  # seconds without a word, after which a new paragraph begins if a sentence has ended


def read_subtitles(data: bytes, name: str, max_characters: int) -> Reading:
    """The words of all cues; a line that is shown again, as rolling captions do, counts once."""
    decoded = decode(data, name)
    lines = [line.strip() for line in decoded.text.splitlines()]
    pieces: list[str] = []
    said, voice, until, anew, noted, blank = "", "", 0.0, False, False, True
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        noted = bool(line) and (noted or (blank and line.split()[0] in _NOTES))
        if found := _TIMES.match(line):
            times = [one.replace(",", ".").split(":") for one in found.groups()]
            begins, ends = (sum(60.0**at * float(part) for at, part in enumerate(reversed(one))) for one in times)
            anew, until = begins - until > _PAUSE and said.endswith(_ENDS), max(until, ends)
        elif line and not noted and not (_TIMES.match(following) and (blank or line.isdecimal())):
            speaker = _VOICE.match(line)
            if speaker and (speaker[0] != voice or speaker[0] in ("-", ">>")):
                anew, voice = True, speaker[0]
            spoken = line[speaker.end() if speaker else 0 :]
            shown = " ".join(unescape(_SIGNS.sub("", spoken)).split())
            if shown != said and not _SOUND.fullmatch(shown):
                pieces += ["\n\n" if anew else " ", shown] if pieces else [shown]
                said, anew = shown, False
        blank = not line
    text = "".join(pieces)
    if len(text) > max_characters:
        raise too_long(name, f"{len(text):,} characters", max_characters)
    warnings = () if text else ("no text found: nothing is said in its captions",)
    return Reading(text, "text", decoded.encoding, (*decoded.warnings, *warnings))


ROWS = (
    Format(name="subtitles", title="subtitles (SubRip or WebVTT)", endings=(".srt", ".vtt"),
           media_types=("application/x-subrip", "text/vtt"), kept="what is said, without times",
           document=read_subtitles, recognises=lambda head, _: _BEGINNING.match(head) is not None, light=True),
)  # fmt: skip
