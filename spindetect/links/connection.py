"""One request to one server, and what comes of it: at a checked address, within a time, of at most so many bytes.

It stands on ``http.client``, since the libraries above it look a name up themselves, and limit the time between two
bytes and not that of the whole: a server that sends a byte a second would hold them for ever.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Timer
from time import monotonic

from spindetect.links.addresses import Refused, checked_addresses
from spindetect.links.url import URL

_CONNECT = 10.0  # seconds for each address of a host
_BLOCK = 1 << 16
_GRACE = 0.05  # seconds by which a connection is cut later, so that nobody takes it for broken
_MOST_ADDRESSES = 4
NOT_MODIFIED = 304
_ZLIB_OR_GZIP, _RAW = zlib.MAX_WBITS | 32, -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """A request's limits: seconds, ending at a time of `time.monotonic`, bytes, and private addresses or none."""

    seconds: float
    bytes: int
    allow_private: bool
    until: float

    @property
    def left(self) -> float:
        """Seconds left; raises `Refused` when there are none."""
        left = self.until - monotonic()
        if left <= 0:
            raise Refused(f"it took more than {self.seconds:g} seconds")
        return left


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: its status, headers, and the body as it was before it was packed for the way."""

    url: URL
    ip: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, the first of several; "" if there is none."""
        return next((value for one, value in self.headers if one.lower() == name), "")


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome of following a link: every answer on the way, the last of which has the body, and its time.

    ``unchanged`` says that it is as it was when it was fetched before, and so has no body.
    """

    url: URL
    answers: tuple[Answer, ...]
    when: str

    @property
    def answer(self) -> Answer:
        """The last one."""
        return self.answers[-1]

    @property
    def body(self) -> bytes:
        """The content that was fetched."""
        return self.answer.body

    @property
    def media_type(self) -> str:
        """The media type that the server states, as ``text/html; charset=utf-8``; "" if it doesn't."""
        return self.answer.header("content-type")

    @property
    def unchanged(self) -> bool:
        """Whether nothing changed since ``known``."""
        return self.answer.status == NOT_MODIFIED

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was fetched, in hexadecimal digits."""
        return sha256(self.body).hexdigest()


def ask(url: URL, headers: Mapping[str, str], limits: LinkLimits) -> Answer:
    """A server's answer, without the body of a redirect or an error; raises `Refused` when it can't be had."""
    try:
        with _connected(url, limits) as (sock, ip):
            connection = http.client.HTTPConnection(url.host, url.port)
            connection.sock = sock
            connection.request("GET", url.target, headers={"Host": url.origin.partition("//")[2], **headers})
            response = connection.getresponse()
            found = tuple(response.getheaders())
            answer = Answer(url, ip, response.status, response.reason, found, b"")
            if not 200 <= response.status < 300:
                return answer
            packed = _body(response, limits)
        body = _unpacked(packed, answer.header("content-encoding").strip().lower(), limits.bytes)
        return Answer(url, ip, response.status, response.reason, found, body)
    except Refused:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"its certificate isn't valid ({error.verify_message.rstrip('.')})") from error
    except ssl.SSLError as error:
        limits.left  # noqa: B018  # what was cut off for the time says so
        raise Refused(f"no secure connection could be made ({error.reason or error})") from error
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        limits.left  # noqa: B018
        if isinstance(error, TimeoutError):
            raise Refused(f"it took more than {limits.seconds:g} seconds") from error
        said = str(error) or type(error).__name__
        raise Refused(f"the server's answer broke off or can't be understood ({said})") from error


@contextmanager
def _connected(url: URL, limits: LinkLimits) -> Iterator[tuple[socket.socket, str]]:
    """A connection to one of a host's checked addresses, secured if the link says so, cut when time is up."""
    sock, ip = _reached(url, limits)
    with sock:
        if url.scheme == "https":
            sock = _secure_context().wrap_socket(sock, server_hostname=url.host, do_handshake_on_connect=False)
        timer = Timer(limits.left + _GRACE, _cut, (sock,))
        timer.daemon = True
        timer.start()
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield sock, ip
        finally:
            timer.cancel()
            sock.close()


def _reached(url: URL, limits: LinkLimits) -> tuple[socket.socket, str]:
    addresses = checked_addresses(url.host, url.port, limits.allow_private, limits.left)
    for place, ip in enumerate(addresses[:_MOST_ADDRESSES], start=1):
        try:
            sock = socket.create_connection((ip, url.port), min(_CONNECT, limits.left))
        except OSError as error:
            if place == min(len(addresses), _MOST_ADDRESSES):
                raise Refused(
                    f"nobody answers at {url.host}, port {url.port} ({error.strerror or error})"
                ) from error
            continue
        sock.settimeout(limits.left)
        return sock, ip
    raise Refused(f"{url.host} has no address")


def _cut(sock: socket.socket) -> None:
    """End a connection, whatever waits for it."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not that of an SSLSocket, which isn't for two threads


@lru_cache(maxsize=1)
def _secure_context() -> ssl.SSLContext:
    """The certificates' authorities: the system's, or certifi's where the system has none."""
    context = ssl.create_default_context()
    if not context.cert_store_stats()["x509_ca"]:
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _body(response: http.client.HTTPResponse, limits: LinkLimits) -> bytes:
    """The body as it came; raises `Refused` when it is too long, takes too long or breaks off."""
    promised = response.length
    if promised is not None and promised > limits.bytes:
        raise Refused(f"it has {promised:,} bytes, and at most {limits.bytes:,} are fetched")
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_BLOCK):
        limits.left  # noqa: B018  # raises when there is none
        pieces.append(piece)
        size += len(piece)
        if size > limits.bytes:
            raise Refused(f"it has more than {limits.bytes:,} bytes, the most that are fetched")
    limits.left  # noqa: B018
    if promised is not None and size < promised:
        raise Refused(f"the answer broke off after {size:,} of {promised:,} bytes")
    return b"".join(pieces)


def _unpacked(body: bytes, packing: str, most: int) -> bytes:
    """A body as it was before it was packed; raises `Refused` for what unpacks to too much, or is damaged."""
    if packing in ("", "identity") or not body:
        return body
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Refused(f"it is packed as {packing[:40]!r}, which wasn't asked for")
    raw = packing == "deflate" and (body[0] & 0x0F) != 8  # some servers leave zlib's beginning out
    stream = zlib.decompressobj(_RAW if raw else _ZLIB_OR_GZIP)
    try:
        found = stream.decompress(body, most + 1)
    except zlib.error as error:
        raise Refused(f"it says that it is packed as {packing}, and isn't ({error})") from error
    if len(found) > most:
        raise Refused(f"it unpacks to more than {most:,} bytes, the most that are fetched")
    if not stream.eof:
        raise Refused("the packed answer broke off")
    return found
