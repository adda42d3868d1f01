"""Links: fetched politely and safely, and everything that may go wrong is a clear error."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import pytest
from links import PAGE, TEXT, Site, serving

from spindetect import URL, Detector, read_article
from spindetect.errors import UnreadableLink
from spindetect.links import addresses, hosts
from spindetect.links.addresses import is_private
from spindetect.links.fetch import fetch
from spindetect.settings import Settings

OPEN = Settings(allow_private=True, link_seconds=5.0)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "PAUSE", 0.0)
    hosts.host_of.cache_clear()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("HTTP://News.Example:80/a b#part", "http://news.example/a%20b"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/naïve?q=é&x=%41", "https://news.example/na%C3%AFve?q=%C3%A9&x=%41"),
        ("https://bücher.example:8443/x", "https://xn--bcher-kva.example:8443/x"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
    ],
)
def test_an_address_is_put_as_it_is_asked_for(given: str, asked: str) -> None:
    assert URL(given).address == asked
    assert URL(asked) == URL(given)


@pytest.mark.parametrize(
    "given",
    [
        *(
            "ftp://news.example/x",
            "file:///etc/passwd",
            "news.example/x",
            "http://",
            "http://user:word@news.example/",
        ),
        *("http://news.example:99999/", "http://a b.example/", "http://a.example\\@b.example/", "http://[::1/"),
        *("https://news.example/" + 9000 * "x", "http://x\r\nHost: y/", "javascript:alert(1)", ""),
    ],
)
def test_what_is_no_web_address_is_refused(given: str) -> None:
    with pytest.raises(UnreadableLink):
        URL(given)


def test_a_text_that_begins_like_a_link_stays_a_text() -> None:
    assert read_article("https://news.example/story").text == "https://news.example/story"


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1 ::1 :: "
    "fe80::1 fc00::1 fec0::1 ff02::1 ::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::a00:1 240.0.0.1 198.18.0.1".split(),
)
def test_private_addresses_are_known_in_every_disguise(address: str) -> None:
    assert is_private(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_no_private_ones(address: str) -> None:
    assert not is_private(ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_a_private_address_isnt_asked(site: Site, host: str) -> None:
    with pytest.raises(UnreadableLink, match="private network"):
        fetch(URL(f"http://{host}:{site.server_address[1]}/story"), Settings())
    assert not site.asked


def test_a_name_is_looked_up_once_and_what_was_checked_is_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for a public address first and for a private one later (DNS rebinding) deceives nobody."""
    asked = []
    real = socket.getaddrinfo

    def first_public(host: str, port: int, *rest: object, **others: object) -> object:
        asked.append(host)
        if host == "rebinding.example":
            ip = "203.0.113.9" if asked.count(host) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]
        return real(host, port, *rest, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", first_public)
    monkeypatch.setattr(addresses, "is_private", lambda address: address.is_loopback)
    connected = []

    def refuse(place: tuple[str, int], *_: object) -> socket.socket:
        connected.append(place[0])
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(UnreadableLink, match="nobody answers"):
        fetch(URL(f"http://rebinding.example:{site.server_address[1]}/story"), replace(OPEN, allow_private=False))
    assert connected == ["203.0.113.9"]
    assert not site.asked


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(UnreadableLink, match=r"10\.0\.0\.1"):
        fetch(URL("http://both.example/"), Settings())


WRONG = {
    "/to-file": "no web address",
    "/circle": "in a circle",
    "/endless": "more than 10 times",
    "/long": "10,000,000,000 bytes",
    "/long-unsaid": "more than 50,000,000 bytes",
    "/bomb": "unpacks to more than 50,000,000 bytes",
    "/packed-twice": "unpacks to far more than articles do",
    "/brotli": "packed as 'br'",
    "/not-packed": "and isn't",
    "/broken-off": "broke off after 200 of 5,000 bytes",
    "/garbage": "can't be understood",
    "/missing": r"404 \(Not Found\)",
    "/gone": r"410 \(Gone\)",
    "/forbidden": r"403 \(Forbidden\)",
    "/failing": "500",
    "/picture": "PNG",
}


@pytest.mark.parametrize(("path", "said"), WRONG.items())
def test_what_goes_wrong_is_said(site: Site, path: str, said: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Exception, match=said) as caught:
        read_article(URL(site.url(path)), settings=OPEN)
    assert str(caught.value).startswith("cannot read http://localhost")
    assert time.monotonic() - begun < 20


def test_a_bomb_is_no_more_than_may_be_fetched(site: Site) -> None:
    with pytest.raises(UnreadableLink, match="unpacks to more than 1,000 bytes"):
        fetch(URL(site.url("/packed")), replace(OPEN, link_bytes=1_000))


@pytest.mark.parametrize("path", ["/slow", "/slow-head"])
def test_a_slow_answer_is_given_up(site: Site, path: str) -> None:
    begun = time.monotonic()
    with pytest.raises(UnreadableLink, match=r"more than 0\.5 seconds"):
        fetch(URL(site.url(path)), replace(OPEN, link_seconds=0.5, ignore_robots=True))
    assert time.monotonic() - begun < 5


def test_a_redirect_to_a_private_address_isnt_followed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "is_private", lambda address: not address.is_loopback)
    with pytest.raises(UnreadableLink, match=r"it leads to http://10\.1\.2\.3/secret\): 10\.1\.2\.3, an address"):
        fetch(URL(site.url("/to-private")), replace(OPEN, allow_private=False))


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with serving(secure=True) as site, pytest.raises(UnreadableLink, match="certificate isn't valid"):
        fetch(URL(site.url("/story").replace("http:", "https:")), OPEN)


def test_a_server_without_tls_is_no_secure_one(site: Site) -> None:
    with pytest.raises(UnreadableLink, match="no secure connection"):
        fetch(URL(site.url("/story").replace("http:", "https:")), OPEN)


def test_a_host_that_isnt_there_is_said() -> None:
    with pytest.raises(UnreadableLink, match="no host nowhere"):
        fetch(URL("http://nowhere.invalid/"), OPEN)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        with pytest.raises(UnreadableLink, match="nobody answers"):
            fetch(URL(f"http://127.0.0.1:{taken.getsockname()[1]}/"), OPEN)


@pytest.mark.parametrize("path", ["/story", "/packed", "/moved", "/unknown-charset"])
def test_an_article_is_read_with_all_that_is_known_of_it(site: Site, path: str) -> None:
    article = read_article(URL(site.url(path)), settings=OPEN)
    assert TEXT.split("\n")[0] in article.text
    assert (article.title, article.outlet, article.url) == (
        "Ferry back in service",
        "Coast Daily",
        "https://coast.example/ferry",
    )
    assert (article.published, article.about.dated_by) == ("2025-11-13T08:00:00Z", "article:published_time")
    assert (article.about.author, article.about.modified) == ("Ann Other", "2025-11-14T08:00:00Z")
    assert article.about.link == site.url(path)
    assert article.about.sha256 == sha256(PAGE.encode()).hexdigest()
    assert site.agents == {hosts.AGENT}
    assert site.hosts == {f"localhost:{site.server_address[1]}"}


def test_charsets_are_those_of_the_header_unless_they_cant_be(site: Site) -> None:
    assert "Паром" in (read_article(URL(site.url("/cyrillic")), settings=OPEN).title or "")
    article = read_article(URL(site.url("/wrong-charset")), settings=OPEN)
    assert article.title == "Fähre back in service"
    assert any("wrong charset" in warning for warning in article.warnings) or article.encoding == "utf-8"
    unknown = read_article(URL(site.url("/unknown-charset")), settings=OPEN)
    assert unknown.warnings == ("wrong charset: it was sent as 'klingon', which it isn't",)


def test_an_empty_page_is_an_empty_article(site: Site) -> None:
    assert read_article(URL(site.url("/empty")), settings=OPEN).warnings


def test_robots_txt_is_respected_unless_told_otherwise(site: Site) -> None:
    site.pages["/robots.txt"] = ("text/plain", b"User-agent: *\nDisallow: /sto*y$\n", {})
    with pytest.raises(UnreadableLink, match="forbids it"):
        fetch(URL(site.url("/story")), OPEN)
    assert site.asked == ["/robots.txt"]
    assert fetch(URL(site.url("/packed")), OPEN).body == PAGE.encode()
    assert site.asked == ["/robots.txt", "/packed"]  # it was asked for once
    assert fetch(URL(site.url("/story")), replace(OPEN, ignore_robots=True)).body == PAGE.encode()


def test_a_robots_txt_that_fails_forbids_all(site: Site) -> None:
    site.pages["/robots.txt"] = ("text/plain", b"", {})
    del site.pages["/robots.txt"]
    original = site.RequestHandlerClass.page_failing  # type: ignore[attr-defined]
    try:
        site.RequestHandlerClass.page_robots_txt = original  # type: ignore[attr-defined]
        with pytest.raises(UnreadableLink, match="can't be had"):
            fetch(URL(site.url("/story")), OPEN)
    finally:
        del site.RequestHandlerClass.page_robots_txt  # type: ignore[attr-defined]


def test_a_robots_txt_that_takes_its_time_is_asked_for_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "_LONG", 0.0)  # seconds
    asked: list[str] = []

    def drips(url: URL, *_: object) -> None:
        asked.append(url.address)
        raise addresses.Refused("it took more than 15 seconds")

    monkeypatch.setattr(hosts, "ask", drips)
    for number in range(3):
        with pytest.raises(UnreadableLink, match="more than 15 seconds"):
            fetch(URL(site.url(f"/{number}")), OPEN)
    assert asked == [site.url("/robots.txt")]


@pytest.mark.parametrize(
    "line",
    ["Disallow: /" + "*a" * 40 + "*b", "Disallow: /" + "*" * 4_000 + "b$", "Disallow: /a%d*b$", "User-agent: a%d"],
    ids=["letters and stars", "stars", "lines", "agents"],
)
def test_a_robots_txt_that_was_made_to_take_long_does_not(site: Site, line: str) -> None:
    body = "User-agent: *\n" + "".join(f"{line}\n".replace("%d", str(n)) for n in range(400_000 // len(line)))
    site.pages["/robots.txt"] = ("text/plain", body.encode()[:490_000], {})
    begun = time.process_time()
    with pytest.raises(UnreadableLink, match="404"):
        fetch(URL(site.url("/" + "a" * 2_000)), OPEN)
    assert time.process_time() - begun < 2


def test_a_redirect_is_asked_of_robots_txt_too(site: Site) -> None:
    site.pages["/robots.txt"] = ("text/plain", b"User-agent: spindetect\nDisallow: /story\n", {})
    with pytest.raises(UnreadableLink, match="forbids it"):
        fetch(URL(site.url("/moved")), OPEN)
    assert "/story" not in site.asked


def test_a_host_has_one_request_at_a_time_and_a_pause_between_two(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "PAUSE", 0.1)
    hosts.host_of.cache_clear()
    begun = time.monotonic()
    asking = [threading.Thread(target=fetch, args=(URL(site.url("/slow-story")), OPEN)) for _ in range(3)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert site.most_at_once == 1
    assert time.monotonic() - begun >= 3 * 0.2 + 2 * 0.1


def test_evidence_has_each_answer_with_its_digest_and_is_read_again(site: Site, tmp_path: Path) -> None:
    from warcio.archiveiterator import ArchiveIterator

    settings = replace(OPEN, evidence=str(tmp_path / "kept"))
    read_article(URL(site.url("/moved")), settings=settings)
    (kept,) = (tmp_path / "kept").iterdir()
    with kept.open("rb") as stream:
        found = [
            (record.http_headers.get_statuscode(), record.rec_headers, record.content_stream().read())
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert [status for status, _, _ in found] == ["301", "200"]
    assert found[1][2] == PAGE.encode()
    assert found[1][1].get_header("WARC-Payload-Digest") == f"sha256:{sha256(PAGE.encode()).hexdigest()}"
    assert found[1][1].get_header("WARC-IP-Address") in ("127.0.0.1", "::1")
    assert TEXT.split("\n")[0] in read_article(kept).text


def test_links_are_compared_in_any_number_of_processes(site: Site) -> None:
    detector = Detector.load(settings=OPEN)
    one = detector.compare(URL(site.url("/story")), URL(site.url("/packed")))
    assert one.verdict == "copied"
    many = list(detector.compare_many([(URL(site.url("/story")), URL(site.url("/missing")))] * 2, jobs=2))
    assert ["404" in str(error) for error in many] == [True, True]
