"""A link as a type of its own, so that a text that begins like one is never fetched by mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urljoin, urlsplit

from spindetect.errors import UnreadableLink

_LINK = re.compile(r"https?://", re.IGNORECASE)
_LONGEST = 8_000  # characters
_NEVER = re.compile(r"[\x00-\x20\x7f\\]")
_PORTS = {"http": 80, "https": 443}
# Percent-encoded already, or allowed as they are (RFC 3986); what else a reader pasted is encoded.
_SAFE = "%/:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class URL:
    """The address of an article on the web, ``http://`` or ``https://``, as it is asked for.

    Raises `UnreadableLink` for an address of anything else, or with a password in it.

    >>> URL("HTTPS://News.Example/a story#part").address
    'https://news.example/a%20story'
    """

    address: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", _normal(self.address))

    def __str__(self) -> str:
        return self.address

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return self.address.partition(":")[0]

    @property
    def host(self) -> str:
        """The name or the address of the server, without brackets."""
        return urlsplit(self.address).hostname or ""

    @property
    def port(self) -> int:
        """The port that is asked."""
        return urlsplit(self.address).port or _PORTS[self.scheme]

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a site's robots.txt speaks of."""
        return f"{self.scheme}://{urlsplit(self.address).netloc}"

    @property
    def target(self) -> str:
        """The part that is asked of the server: path and query."""
        return self.address[len(self.origin) :] or "/"

    @property
    def file_name(self) -> str:
        """The last part of the path, which may have an ending that says something; "" if there is none."""
        return unquote(urlsplit(self.address).path.rpartition("/")[2])

    def joined(self, location: str) -> URL:
        """Where a link on this page, or a redirect, leads to."""
        return URL(urljoin(self.address, location.strip()))


def is_link(text: str) -> bool:
    """Whether an argument of the command line is a link and no file."""
    return _LINK.match(text) is not None


def _normal(address: str) -> str:
    """The address as it is sent: the host in lower case and ASCII, the path encoded as it must be, no fragment."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnreadableLink(f"cannot read {address[:_LONGEST]}: it is no web address ({error}).") from error
    if not is_link(address) or not host or _NEVER.search(parts.netloc) or len(address) > _LONGEST:
        raise UnreadableLink(
            f"cannot read {address[:200]}: expected a web address, as https://news.example/story. Check the link."
        )
    if parts.username is not None or parts.password is not None:
        raise UnreadableLink(
            f"cannot read the link to {host}: it has a name or password in it, which a report would show. "
            "Save the page and name the file."
        )
    scheme = parts.scheme.lower()
    if ":" not in host:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnreadableLink(f"cannot read {address[:200]}: {host} is no name of a host.") from error
    else:
        host = f"[{host}]"
    place = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    query = f"?{quote(parts.query, safe=_SAFE + '[]')}" if parts.query else ""
    return f"{scheme}://{place}{quote(parts.path or '/', safe=_SAFE)}{query}"
