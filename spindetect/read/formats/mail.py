"""Mails and web archives (``.eml``, MHTML), by Python's own email package, transfer encodings undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from functools import cache, lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from spindetect.errors import UnreadableArticle
from spindetect.read.decode import as_declared
from spindetect.read.format import DOCUMENT_BYTES_PER_CHARACTER, BadRecord, Bytes, Format, Member, Reading
from spindetect.read.formats.texts import read_text

if TYPE_CHECKING:
    from email.message import Message
    from email.policy import EmailPolicy

_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+")
_MULTIPART = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
# Fields of a header; those of the second line are written by machines only, never above a letter.
_FIELDS = frozenset(b"from to subject date mime-version message-id received return-path".split())
_FIELDS |= {b"content-type", b"content-transfer-encoding"}
_MACHINES = _FIELDS - frozenset(b"from to subject date".split())
_BEFORE = b"\xef\xbb\xbf\r\n\t "
_PART = re.compile(rb"--([^\s\"][^\r\n\"]{0,69})\r?\n(?=content-)", re.IGNORECASE)
_NEXT_MAIL = re.compile(rb"From \S+ .{0,60}\d{4}")
_MOST_INSIDE = 100
_LONGEST_FIELD, _LONGEST_OF_PARTS = 1_000, 200  # characters of a field in a header; each part has those of parts
_MOST_QUOTES = 20  # quotation marks of a field: Python takes milliseconds for a hundred
_MOST_PARTS, _MOST_MADE = 100, 1_000  # parts looked at, and parts that a mail may have
_BOUNDARY = re.compile(rb"boundary[\s*0-9]{0,9}=")
_PLAIN_FIELDS = ("subject", "snapshot-content-location")  # as they stand, but for encoded words
_KEPT = 100  # fields that were read last
_FAIR_SHARE = 0.5  # of the page's length: a plain version that is shorter only says where to look


def read_mail(data: bytes, name: str, max_characters: int) -> Reading:
    """A mail's or a saved page's text: the plain version if it is whole, or else the main text of the HTML one."""
    from email import message_from_bytes

    lowered = data.lower()
    too_many = UnreadableArticle(
        f"cannot read {name}: it has more parts, or more inside each other, than mails do. Save its text."
    )
    # Python's parser compares each line with all boundaries, and takes a while for each part.
    if sum(1 for _ in islice(_BOUNDARY.finditer(lowered), _MOST_INSIDE + 1)) > _MOST_INSIDE:
        raise too_many
    made = count()

    def part_made(policy: Any = None) -> Message:
        if next(made) > _MOST_MADE:
            raise too_many
        return EmailMessage(policy)

    in_parts = b"multipart/" in lowered or b"message/" in lowered
    policy = _policy().clone(message_factory=part_made) if in_parts else _policy()
    try:
        data = data.lstrip(_BEFORE)
        if part := _PART.match(data):  # a part that was cut out of a mail
            data = b'Content-Type: multipart/mixed; boundary="' + part[1] + b'"\n\n' + data
        message = message_from_bytes(data, policy=policy)
        parts = _texts(message)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise UnreadableArticle(f"cannot read {name}: its mail is damaged ({error}). Save its text.") from error
    page = next((_read(part, f"{name}.html", max_characters) for part in parts if _is_page(part)), None)
    plain = next((_read(part, f"{name}.txt", max_characters) for part in parts if not _is_page(part)), None)
    chosen = plain or page or Reading("", warnings=("no text found: the mail has none",))
    if page and (plain is None or _is_web_archive(message) or len(plain.text) < _FAIR_SHARE * len(page.text)):
        chosen = page
    # The time of a saved page is when it was saved, which says nothing about the article.
    sent = None if _is_web_archive(message) else _header(message, "Date")
    return replace(
        chosen,
        published=chosen.published or sent,
        title=_header(message, "Subject") or chosen.title,
        url=_header(message, "Snapshot-Content-Location") or chosen.url,
        about=replace(chosen.about, dated_by=chosen.about.dated_by or ("the mail's date" if sent else None)),
    )


@cache
def _policy() -> EmailPolicy:
    """Python's own with fields cut that are longer than fields are: it reads them in the square of their length."""
    from email.policy import EmailPolicy

    class Cut(EmailPolicy):
        def header_fetch_parse(self, name: str, value: str) -> Any:
            cut = value[: _LONGEST_OF_PARTS if name.lower().startswith("content-") else _LONGEST_FIELD]
            if name.lower() in _PLAIN_FIELDS and "=?" not in cut and cut.isascii():
                return cut
            return parsed(name, '"'.join(cut.split('"', _MOST_QUOTES)[:_MOST_QUOTES]))

    # A mail's type is asked for a dozen times, and Python reads its field each time.
    parsed = lru_cache(_KEPT)(EmailPolicy().header_fetch_parse)
    return Cut()


def read_mailbox(stream: Bytes, name: str, max_characters: int) -> Iterator[Member | BadRecord]:
    """The mails in a mailbox (mbox): each begins with a line of its sender and time, after an empty one."""
    largest = DOCUMENT_BYTES_PER_CHARACTER * max_characters
    number, size, last = 0, 0, b"\n"
    lines: list[bytes] = []
    while True:
        line = stream.readline(largest + 1)
        if not line or (last.strip() == b"" and _NEXT_MAIL.match(line)):
            place = f"{name}, mail {number}"
            if size > largest:
                yield BadRecord(place, "it is far longer than any article that is taken.")
            elif lines:
                yield Member(place, "", b"".join(lines), "message/rfc822")
            if not line:
                return
            number, size, lines, last = number + 1, 0, [], line
            continue
        size += len(line)
        lines += [line] if size <= largest else []
        last = line


def _texts(message: Message) -> list[EmailMessage]:
    """The parts that hold text and aren't attached, in their order."""
    texts = ("text/plain", "text/html")
    parts = (part for part in islice(message.walk(), _MOST_PARTS + 1) if part.get_content_type() in texts)
    return [part for part in parts if part.get_content_disposition() != "attachment"]  # type: ignore[misc]


def _is_page(part: Message) -> bool:
    return part.get_content_type() == "text/html"


def _is_web_archive(message: Message) -> bool:
    return message.get_content_type() == "multipart/related"


def _read(part: Message, name: str, max_characters: int) -> Reading:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return Reading("")
    charset = part.get_content_charset()
    return read_text(as_declared(data, charset or "")[0], name, max_characters)


def _header(message: Message, name: str) -> str | None:
    try:
        return " ".join(str(message.get(name) or "").split()) or None
    except (ValueError, TypeError, AttributeError, IndexError):
        return None


def _is_mail(head: bytes, name: str) -> bool:
    """Whether the head begins with a mail's header: several of its fields, and one that a letter lacks."""
    head = head.lstrip(_BEFORE)
    block = _HEADER.match(_PART.sub(b"", head, count=1) if _PART.match(head) else head)
    if not block:
        return False
    names = {line.partition(b":")[0].strip().lower() for line in block[0].splitlines() if line[:1].strip()}
    return len(names & _FIELDS) >= 2 and bool(names & _MACHINES)


ROWS = (
    Format(name="mhtml", title="a saved web page (MHTML)", endings=(".mhtml", ".mht"),
           media_types=("multipart/related", "application/x-mimearchive"), kept="the main text of the page",
           recognises=lambda head, name: _is_mail(head, name) and _MULTIPART.search(head) is not None,
           document=read_mail, bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER),
    Format(name="mbox", title="a mailbox", endings=(".mbox",), media_types=("application/mbox",),
           kept="each mail, as of a mail", many=read_mailbox,
           recognises=lambda head, name: bool(_NEXT_MAIL.match(head)) and _is_mail(head.partition(b"\n")[2], name)),
    Format(name="eml", title="a mail", endings=(".eml",), media_types=("message/rfc822",),
           kept="its plain version, or the main text of its HTML one; no attachments", document=read_mail,
           recognises=_is_mail, bytes_per_character=DOCUMENT_BYTES_PER_CHARACTER, light=True),
)  # fmt: skip
