"""One address asked, politely and with patience, and what came back."""

import email.utils
import errno
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from tasks.ingest.encoding import Unreadable
from tasks.ingest.unpacking import HEAD_BYTES
from tasks.ingest.web.connecting import AddressRefused, DeadlinePassed, GuardedBackend
from tasks.ingest.web.settings import WebSettings

REDIRECTS = {301, 302, 303, 307, 308}
# A server that says so may be ready in a moment; other errors of its stay.
PASSING = {408, 425, 429, 500, 502, 503, 504}
HOST_NAME = re.compile(r"[0-9A-Za-z_.-]{1,253}")
# 203 is what a proxy on the way has changed (RFC 9110, 15.3.4).
WITH_BODY = (200, 203)
GONE = {404, 410, 451}
# Errors of this machine's disk rather than of the network.
DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG)
MAXIMUM_ADDRESS_LENGTH = 4000
EXPECTED_CERTIFICATE = "a certificate for this host, signed by one that is trusted here or in SSL_CERT_FILE"


class NotFetched(Unreadable):
    """An address that gave no answer to read; `is_final` where asking again another day will not help."""

    def __init__(self, check: str, observed: str, expected: str, *, is_final: bool = False) -> None:
        super().__init__(check, observed, expected)
        self.is_final = is_final


class _Passing(Exception):
    """A fault that may be gone in a moment; `pause` where the server says when."""

    def __init__(self, fault: NotFetched, pause: float | None = None) -> None:
        self.fault, self.pause = fault, pause


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: `url` is where it was found in the end; the body is in the sink."""

    url: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that nothing is new."""
        return self.status == 304

    @property
    def media_type(self) -> str:
        """Media type in lower case; empty where none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the server names."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None


class Client:
    """Asks addresses: one after the other, each host no more often than it likes."""

    def __init__(self, settings: WebSettings, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.settings, self.sleep = settings, sleep
        self.delays: dict[str, float] = {}
        self._asked_at: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}
        self._hangs: Counter[str] = Counter()
        self._ssl: ssl.SSLContext | None = None

    def fetch(
        self,
        url: str,
        sink: BinaryIO,
        *,
        limit: Callable[[str, bytes], int],
        conditions: Mapping[str, str] | None = None,
        permit: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """The answer of an address, its body written to `sink`, packed as it came.

        `limit` tells from the media type and the first bytes how long the body may be, in bytes.
        `permit` is asked for every address on the way, and may raise NotFetched. Raises NotFetched after the last
        attempt, and at once where another would not help.
        """
        pause = self.settings.first_pause
        for attempt in range(1, self.settings.attempts + 1):
            sink.seek(0)
            sink.truncate()
            try:
                return self._follow(url, sink, limit, conditions or {}, permit)
            except _Passing as fault:
                if attempt == self.settings.attempts:
                    raise fault.fault from fault
                self.sleep(fault.pause if fault.pause is not None else min(pause, self.settings.maximum_pause))
                pause *= 2
        raise AssertionError("at least one attempt is made")

    def _follow(
        self,
        url: str,
        sink: BinaryIO,
        limit: Callable[[str, bytes], int],
        conditions: Mapping[str, str],
        permit: Callable[[str], None],
    ) -> Answer:
        seen = [url]
        while True:
            permit(url)
            answer = self._ask(url, sink, limit, conditions)
            if answer.status not in REDIRECTS or not (target := answer.headers.get("location")):
                return self._judge(answer)
            url = join_address(url, target)
            if url in seen or len(seen) > self.settings.maximum_redirects:
                observed = f"a loop at {url}" if url in seen else f"{len(seen)} redirects"
                raise NotFetched("few_redirects", observed, f"at most {self.settings.maximum_redirects}", is_final=True)
            seen.append(url)
            sink.seek(0)
            sink.truncate()

    def _judge(self, answer: Answer) -> Answer:
        if answer.status in WITH_BODY or answer.is_unchanged:
            return answer
        fault = NotFetched(
            "answered", f"{answer.status} from {answer.url}", "200, a page", is_final=answer.status in GONE
        )
        if answer.status not in PASSING:
            raise fault
        pause = _seconds_until(answer.headers.get("retry-after"))
        if pause is not None and pause > self.settings.maximum_pause:
            self._closed_until[_parse_address(answer.url)[1]] = time.monotonic() + pause
            raise fault
        raise _Passing(fault, pause)

    def _ask(
        self, url: str, sink: BinaryIO, limit: Callable[[str, bytes], int], conditions: Mapping[str, str]
    ) -> Answer:
        target, host, netloc = _parse_address(url)
        self._wait_for(host)
        settings = self.settings
        backend = GuardedBackend(allow_private=settings.allow_private, ends_at=time.monotonic() + settings.deadline)
        timeout = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.read_timeout,
            "pool": settings.connect_timeout,
        }
        headers: dict[bytes | str, bytes | str] = {
            "Host": netloc,
            "User-Agent": settings.user_agent,
            "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        headers.update(conditions)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls(), network_backend=backend, retries=0) as pool,
                pool.stream("GET", target, headers=headers, extensions={"timeout": timeout}) as response,
            ):
                answer = Answer(url, response.status, _read_headers(response.headers), datetime.now(UTC))
                if response.status in WITH_BODY:
                    _require_plain(answer)
                    _write_body(response, sink, lambda head: limit(answer.media_type, head))
                self._hangs[host] = 0
                return answer
        except AddressRefused as error:
            raise NotFetched("address_public", str(error), "a public machine", is_final=True) from error
        except (DeadlinePassed, httpcore.TimeoutException) as error:
            self._hangs[host] += 1
            observed = f"no end of the answer: {type(error).__name__}"
            raise _Passing(NotFetched("in_time", observed, f"an answer within {settings.deadline:g} s")) from error
        except httpcore.RemoteProtocolError as error:
            raise _Passing(NotFetched("whole_answer", str(error), "an answer as HTTP has it")) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            if isinstance(error, OSError) and error.errno in DISK_ERRORS:
                raise
            if untrusted := _find_untrusted(error):
                raise NotFetched("certificate_trusted", untrusted, EXPECTED_CERTIFICATE) from error
            raise _Passing(
                NotFetched("reachable", str(error) or type(error).__name__, "a host that answers")
            ) from error

    def _wait_for(self, host: str) -> None:
        if (closed := self._closed_until.get(host, 0.0) - time.monotonic()) > 0:
            raise NotFetched("answered", f"{host} asked to be left alone for another {closed:.0f} s", "200, a page")
        if self._hangs[host] >= self.settings.maximum_hangs:
            observed = f"{host} gave no answer in time {self._hangs[host]} times in a row: left to the next run"
            raise NotFetched("in_time", observed, f"an answer within {self.settings.deadline:g} s")
        delay = self.delays.get(host, self.settings.delay)
        if host in self._asked_at:
            self.sleep(max(0.0, self._asked_at[host] + delay - time.monotonic()))
        self._asked_at[host] = time.monotonic()

    def _tls(self) -> ssl.SSLContext:
        if self._ssl is None:
            self._ssl = httpcore.default_ssl_context()
        return self._ssl


def join_address(base: str, link: str) -> str:
    """A link as an address; one that is none comes back as it is, to be refused where it is asked."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def host_of(url: str) -> str:
    """Scheme, host and port of an address: what politeness and robots.txt are about."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def _parse_address(url: str) -> tuple[httpcore.URL, str, str]:
    """The address in the form that is sent, its host, and the host with its port; NotFetched where it is none."""
    expected = "an address that begins with http:// or https://, without a user name"
    if len(url) > MAXIMUM_ADDRESS_LENGTH:
        raise NotFetched("address_allowed", f"{len(url)} characters", expected, is_final=True)
    try:
        parsed = httpx.URL(url)
        # A name of other letters is read only when it is asked for.
        host = parsed.host
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise NotFetched("address_allowed", f"{url[:200]}: {error}", expected, is_final=True) from error
    # The library escapes what cannot stand in a host's name, and would have it looked up.
    is_host = ":" in host or HOST_NAME.fullmatch(parsed.raw_host.decode("ascii", "replace"))
    if parsed.scheme not in ("http", "https") or not is_host or parsed.userinfo:
        raise NotFetched("address_allowed", url[:200], expected, is_final=True)
    sent = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
    return sent, host.lower(), parsed.netloc.decode("ascii")


def _read_headers(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    # The first of several counts; half characters cannot come from Latin-1.
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def _find_untrusted(error: BaseException | None) -> str | None:
    """What is wrong with a host's certificate, where that is why it was not connected to; no later try mends it."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def _require_plain(answer: Answer) -> None:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise NotFetched("whole_answer", f"content packed as {encoding}", "gzip, or not packed", is_final=True)


def _write_body(response: httpcore.Response, sink: BinaryIO, limit: Callable[[bytes], int]) -> None:
    written, maximum = 0, None
    head = b""
    for chunk in response.iter_stream():
        written += len(chunk)
        if maximum is None:
            head += chunk
            maximum = limit(head) if len(head) >= HEAD_BYTES else None
        if maximum is not None and written > maximum:
            raise NotFetched("not_oversized", "longer than that", f"at most {maximum} bytes", is_final=True)
        sink.write(chunk)
    if maximum is None and written > limit(head):
        raise NotFetched("not_oversized", f"{written} bytes", f"at most {limit(head)} bytes", is_final=True)


def _seconds_until(retry_after: str | None) -> float | None:
    """What the server asks to wait: seconds, or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        moment = email.utils.parsedate_to_datetime(retry_after[:100])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
