"""A server on this machine whose pages are what a hostile or broken site sends."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from stories import story

CERTIFICATE = Path(__file__).with_name("links_certificate.pem")  # self-signed: nobody vouches for it
TEXT = story(1)
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ferry back in service | Coast Daily</title>'
    '<link rel="canonical" href="https://coast.example/ferry"><meta property="og:site_name" content="Coast Daily">'
    '<meta property="article:published_time" content="2025-11-13T08:00:00Z">'
    '<meta property="article:modified_time" content="2025-11-14T08:00:00Z"><meta name="author" content="Ann Other">'
    "</head><body><nav>Home News Sport</nav><article><h1>Ferry back in service</h1>"
    + "".join(f"<p>{one}</p>" for one in TEXT.split("\n") if one.strip())
    + "</article></body></html>"
)
BOMB = gzip.compress(gzip.compress(bytes(300_000_000), 9), 9)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.agents.add(self.headers.get("User-Agent") or "")
        self.server.hosts.add(self.headers.get("Host") or "")
        with self.server.busy_lock:
            self.server.busy += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.busy)
        self._waited_for = True
        try:
            with suppress(OSError):
                self._answer()
        finally:
            self._answered()

    def _answered(self) -> None:
        """Count the request as done, once: before its answer goes out, since whoever has that may ask again."""
        with self.server.busy_lock:
            self.server.busy -= self._waited_for
            self._waited_for = False

    def _answer(self) -> None:
        name = self.path.partition("?")[0].strip("/").replace("-", "_").replace(".", "_")
        if given := self.server.pages.get(self.path):
            media_type, body, headers = given
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                self.send(b"", status=304)
                return
            self.send(body, media_type, **{one.replace("-", "_"): value for one, value in headers.items()})
        elif method := getattr(self, f"page_{name}", None):
            method()
        else:
            self.send(b"<html><body>Not here</body></html>", status=404)

    def send(self, body: bytes, media_type: str = "text/html", status: int = 200, **headers: str) -> None:
        self._answered()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def page_story(self) -> None:
        self.send(PAGE.encode(), "text/html; charset=utf-8")

    def page_slow_story(self) -> None:
        time.sleep(0.2)
        self.page_story()

    def page_packed(self) -> None:
        self.send(gzip.compress(PAGE.encode()), Content_Encoding="gzip")

    def page_moved(self) -> None:
        self.send(b"", status=301, Location="/story")

    def page_to_private(self) -> None:
        self.send(b"", status=302, Location="http://10.1.2.3/secret")

    def page_to_file(self) -> None:
        self.send(b"", status=302, Location="file:///etc/passwd")

    def page_circle(self) -> None:
        self.send(b"", status=302, Location="/circle")

    def page_endless(self) -> None:
        number = int(self.path.partition("?")[2] or 0)
        self.send(b"", status=302, Location=f"/endless?{number + 1}")

    def page_long(self) -> None:
        self.send(b"<html>", Content_Length="10000000000")

    def page_long_unsaid(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        for _ in range(10_000):
            self.wfile.write(b"<p>word word word word</p>" * 40_000)

    def page_bomb(self) -> None:
        self.send(gzip.decompress(BOMB), Content_Encoding="gzip")

    def page_packed_twice(self) -> None:
        self.send(BOMB, Content_Encoding="gzip")

    def page_brotli(self) -> None:
        self.send(b"\x1b\x00\x00\x00", Content_Encoding="br")

    def page_not_packed(self) -> None:
        self.send(PAGE.encode(), Content_Encoding="gzip")

    def page_wrong_charset(self) -> None:
        self.send(PAGE.replace("Ferry", "Fähre").encode(), "text/html; charset=utf-16")

    def page_unknown_charset(self) -> None:
        self.send(PAGE.encode(), "text/html; charset=klingon")

    def page_cyrillic(self) -> None:
        plain = PAGE.replace('<meta charset="utf-8">', "").replace("Ferry", "Паром")
        self.send(plain.encode("cp1251"), "text/html; charset=windows-1251")

    def page_broken_off(self) -> None:
        self.send(PAGE.encode()[:200], Content_Length="5000")

    def page_slow(self) -> None:
        self.send(b"", Content_Length="5000")
        for _ in range(100):
            self.wfile.write(b"<")
            time.sleep(0.1)

    def page_slow_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        for _ in range(100):
            self.wfile.write(b"y")
            time.sleep(0.1)

    def page_garbage(self) -> None:
        self.wfile.write(b"\x00\x01\x02 this is no answer\r\n\r\n")

    def page_gone(self) -> None:
        self.send(b"gone", status=410)

    def page_forbidden(self) -> None:
        self.send(b"no", status=403)

    def page_failing(self) -> None:
        self.send(b"oh", status=500)

    def page_picture(self) -> None:
        self.send(b"\x89PNG\r\n\x1a\n" + bytes(500), "image/png")

    def page_empty(self) -> None:
        self.send(b"", "text/html")


class Site(ThreadingHTTPServer):
    """The server; ``pages`` are further ones by their paths: media type, body and headers."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.hosts: set[str] = set()
        self.pages: dict[str, tuple[str, bytes, dict[str, str]]] = {}
        self.busy = self.most_at_once = 0
        self.busy_lock = threading.Lock()

    def handle_error(self, *_: object) -> None:
        """Nothing: whoever asked hung up."""

    def url(self, path: str) -> str:
        """A page's address."""
        return f"http://localhost:{self.server_address[1]}{path}"


@contextmanager
def serving(secure: bool = False) -> Iterator[Site]:
    """A site that is there as long as the block."""
    site = Site(("localhost", 0))
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        site.socket = context.wrap_socket(site.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
