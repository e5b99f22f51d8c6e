"""Connections to public machines only, with a time by which an answer must have come."""

import ipaddress
import socket
import time
from collections.abc import Iterable
from typing import Any

import httpcore

# Slower than a telephone line of the nineties: an answer that trickles is held open on purpose.
MINIMUM_BYTES_PER_SECOND = 4000

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """A host that is no public machine."""


class DeadlinePassed(Exception):
    """An answer that did not come to its end in time."""


class GuardedBackend(httpcore.NetworkBackend):
    """Connects where `allow_private` allows, and lets nothing be read or written after `ends_at` (monotonic).

    What was read moves the end by the time that the slowest connection takes for it.

    A name is looked up once, and what was looked at is what is connected to: a name that changes its address
    between the two leads nowhere.
    """

    def __init__(self, *, allow_private: bool, ends_at: float) -> None:
        self.allow_private, self.ends_at = allow_private, ends_at
        self.inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of the host's addresses that answers."""
        addresses = find_addresses(host, port)
        if not self.allow_private and (private := [one for one in addresses if not is_public(one)]):
            raise AddressRefused(f"{host} is {private[0]}")
        for number, address in enumerate(addresses, start=1):
            try:
                stream = self.inner.connect_tcp(str(address), port, self._left(timeout), local_address, socket_options)
                return _TimedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    def _left(self, timeout: float | None) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return left if timeout is None else min(timeout, left)


class _TimedStream(httpcore.NetworkStream):
    """A stream that gives nothing after its time."""

    def __init__(self, inner: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self.inner, self.backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        chunk = self.inner.read(max_bytes, self.backend._left(timeout))
        self.backend.ends_at += len(chunk) / MINIMUM_BYTES_PER_SECOND
        return chunk

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, self.backend._left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self.inner.start_tls(ssl_context, server_hostname, self.backend._left(timeout))
        return _TimedStream(stream, self.backend)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def find_addresses(host: str, port: int) -> list[IPAddress]:
    """The addresses of a host, each once, in the order of the system; ConnectError where the name is unknown."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not known: {error}") from error
    return list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def is_public(address: IPAddress) -> bool:
    """Whether an address is one of the public network, also by what it carries in itself."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        # The translation of IPv4 into IPv6 (RFC 6052) keeps the address in its last four bytes.
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast
