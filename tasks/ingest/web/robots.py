"""What hosts allow: robots.txt, asked once a run (RFC 9309)."""

import io

from protego import Protego

from tasks.ingest.encoding import Unreadable
from tasks.ingest.unpacking import unpack
from tasks.ingest.web.client import Client, NotFetched, host_of
from tasks.ingest.web.settings import USER_AGENT_NAME

# Section 2.5: a crawler reads at least this much.
MAXIMUM_BYTES = 500 * 1024
EXPECTED = f"a robots.txt that allows {USER_AGENT_NAME}"


class Robots:
    """The rules of hosts, read when a host is first asked."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._rules: dict[str, Protego | NotFetched | None] = {}

    def require(self, url: str) -> None:
        """Nothing, where the host allows the address; else NotFetched. The delay that it asks for is kept."""
        host = host_of(url)
        if host not in self._rules:
            self._rules[host] = self._read(host)
        rules = self._rules[host]
        if isinstance(rules, NotFetched):
            raise rules
        if rules is not None and not rules.can_fetch(url, USER_AGENT_NAME):
            raise NotFetched("robots_allow", f"{host}/robots.txt forbids it", EXPECTED)

    def _read(self, host: str) -> Protego | NotFetched | None:
        """The rules of a host; None where it has none. One whose rules cannot be read forbids everything."""
        body = io.BytesIO()
        try:
            self.client.fetch(f"{host}/robots.txt", body, limit=lambda _, __: MAXIMUM_BYTES)
        except NotFetched as fault:
            if fault.check == "answered" and fault.observed.startswith("4"):
                return None
            if fault.check != "not_oversized":
                if fault.is_final:
                    return fault
                return NotFetched("robots_allow", f"{host}/robots.txt cannot be read: {fault.observed}", EXPECTED)
        body.seek(0)
        try:
            text = b"".join(part.file.read(MAXIMUM_BYTES) for part in unpack(body, "robots.txt"))
        except Unreadable as fault:
            return NotFetched("robots_allow", f"{host}/robots.txt cannot be read: {fault.observed}", EXPECTED)
        rules = Protego.parse(text.decode("utf-8", "replace"))
        if (delay := rules.crawl_delay(USER_AGENT_NAME)) is not None:
            settings = self.client.settings
            name = host.partition("://")[2].rpartition("@")[2].partition(":")[0]
            self.client.delays[name] = min(max(float(delay), settings.delay), settings.maximum_delay)
        return rules
