"""Which addresses may be asked: a name is looked up once, and only what was checked is connected to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from typing import Any

Address = IPv4Address | IPv6Address

_NAT64 = ip_network("64:ff9b::/96")
_NAT64_HERE = ip_network("64:ff9b:1::/48")  # of one's own network, which older Pythons take for the internet's


class Refused(Exception):
    """Why a link isn't, or can't be, fetched; the caller makes an error of it that names the link."""


def checked_addresses(host: str, port: int, allow_private: bool, patience: float) -> list[str]:
    """The addresses of a host, looked up once.

    Raises `Refused` if it has none, or if any is private and ``allow_private`` isn't set: a name that stands for a
    public and a private address is one that was made to deceive. Connecting to these very addresses leaves
    nobody the time to change what the name stands for (DNS rebinding).
    """
    found = _looked_up(host, port, patience)
    private = [one for one in found if is_private(ip_address(one.partition("%")[0]))]
    if private and not allow_private:
        where = f"{host} is {private[0]}" if private[0] != host else host
        raise Refused(
            f"{where}, an address of this machine or a private network. If that is meant, give --allow-private "
            "(allow_private in the settings)"
        )
    return found


def is_private(address: Address) -> bool:
    """Whether an address isn't one of the public internet; one that stands in another counts as well.

    >>> is_private(ip_address("10.0.0.1")), is_private(ip_address("::ffff:127.0.0.1"))
    (True, True)
    """
    if isinstance(address, IPv6Address):
        inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if any(one is not None and is_private(one) for one in inside):
            return True
        if address.is_site_local or address in _NAT64_HERE:
            return True
    return not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified


def _looked_up(host: str, port: int, patience: float) -> list[str]:
    """The addresses of a host, best first, each once; the system's resolver knows no time limit of ours."""
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(patience)
    if not found:
        raise Refused(f"the name {host} wasn't found in time")
    if isinstance(found[-1], Exception):
        raise Refused(
            f"there is no host {host} ({getattr(found[-1], 'strerror', None) or found[-1]}). Check the link"
        )
    return list(dict.fromkeys(str(info[4][0]) for info in found))
